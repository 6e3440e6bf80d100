"""The commands of `market-tray`."""

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.exceptions import TyperException

from tray_app import __version__
from tray_app.cli import collecting, declaring, exporting, housekeeping, showing
from tray_app.cli.output import SUCCESS, Printer
from tray_app.cli.request_options import request_of, with_request_options
from tray_app.cli.starters import CommandParts
from tray_app.core.errors import AppError, Cancelled
from tray_app.core.words import tr
from tray_app.datasets import DATASETS
from tray_app.datasets.krx.rules.calendar import SessionWord
from tray_app.engine.facade import Engine
from tray_app.paths import Home

ALL = "all"
if TYPE_CHECKING:
    Target = str
else:  # the parser offers choices of an enumeration only
    Target = StrEnum("Target", {word.upper(): word for word in (ALL, *(dataset.name for dataset in DATASETS))})


class KeyAction(StrEnum):
    """What `key` does."""

    SET = "set"
    LIST = "list"
    DELETE = "delete"


Json = Annotated[bool, typer.Option("--json", help="Print exactly one JSON document.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


@dataclass(slots=True)
class _Asked:
    home: Path | None = None


def run_command(words: Sequence[str], starters: CommandParts) -> int:
    """Do what the command line says; returns the exit code."""
    printer = Printer(as_json="--json" in words)
    try:
        return int(build(starters)(list(words), standalone_mode=False) or SUCCESS)
    except TyperException as error:
        # The line that says what is allowed is the parser's; a program that asked for JSON gets its document too.
        printer.refused(error)
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return printer.failed(Cancelled())
    except AppError as error:
        return printer.failed(error)
    except _FaultTold as told:
        starters.keep_fault(told.__cause__ or told)
        return told.code


def build(starters: CommandParts) -> typer.Typer:
    """Return the application with every command."""
    app = typer.Typer(
        name="market-tray",
        help="Collects daily market data by itself into one local file.",
        add_completion=False,
        no_args_is_help=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    asked = _Asked()
    _add_root(app, starters, asked)
    _add_faces(app, starters, asked)
    _add_collecting(app, starters, asked)
    _add_exporting(app, starters, asked)
    _add_reports(app, starters, asked)
    _add_declaring(app, starters, asked)
    _add_housekeeping(app, starters, asked)
    return app


def _add_root(app: typer.Typer, starters: CommandParts, asked: _Asked) -> None:
    @app.callback(invoke_without_command=True)
    def root(
        context: typer.Context,
        home: Annotated[Path | None, typer.Option(help="Folder that holds everything.")] = None,
        version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,  # noqa: FBT002
    ) -> None:
        asked.home = home
        if version:
            typer.echo(__version__)
            raise typer.Exit
        if context.invoked_subcommand is None:
            raise typer.Exit(starters.run_tray(home, hidden=False))


def _add_faces(app: typer.Typer, starters: CommandParts, asked: _Asked) -> None:
    @app.command()
    def run(
        hidden: Annotated[bool, typer.Option(help="Open no window.")] = False,  # noqa: FBT002
    ) -> None:
        """Start the tray app (the default)."""
        raise typer.Exit(starters.run_tray(asked.home, hidden=hidden))

    @app.command()
    def demo() -> None:
        """Start the tray app on sample data in a throw-away home; nothing leaves the computer."""
        raise typer.Exit(starters.run_demo())

    @app.command()
    def serve() -> None:
        """Collect by the schedule without a window, until stopped."""
        _guarded(Printer(as_json=False), lambda: starters.serve(starters.find_home(asked.home)))

    @app.command("demo-server")
    def demo_server(
        port: Annotated[int, typer.Option(min=0, max=65535, help="Port on loopback; 0 takes a free one.")] = 0,
        with_parent: Annotated[bool, typer.Option("--with-parent", hidden=True)] = False,  # noqa: FBT002
    ) -> None:
        """Serve the sample upstreams alone."""

        def work() -> int:
            starters.serve_samples(port, with_parent)
            return SUCCESS

        _guarded(Printer(as_json=False), work)


def _add_collecting(app: typer.Typer, starters: CommandParts, asked: _Asked) -> None:
    @app.command()
    def collect(  # noqa: PLR0913, PLR0917 - one parameter an option
        what: Target,
        date_from: Day = None,
        date_to: Day = None,
        newest_first: Annotated[bool, typer.Option("--newest-first", help="Fill the range from its end.")] = False,  # noqa: FBT002
        again: Annotated[bool, typer.Option("--again", help="Ask for what is stored too.")] = False,  # noqa: FBT002
        only: Annotated[str, typer.Option(help="One series or market of the range.", metavar="SERIES|MARKET")] = "",
        plan: Annotated[bool, typer.Option("--plan", help="Print what would be asked for; send nothing.")] = False,  # noqa: FBT002
        as_json: Json = False,  # noqa: FBT002
    ) -> None:
        """Collect today's data, or with dates the history of a range."""
        printer = Printer(as_json=as_json)
        home = starters.find_home(asked.home)

        def work() -> int:
            order = collecting.Order(newest_first, again, only)
            window = collecting.window(date_from, date_to, starters.now(), order)
            names = [dataset.name for dataset in DATASETS] if what == ALL else [what]
            with starters.open_checked_engine(home) as engine:
                names = collecting.those_that_know(engine, names, only)
                if plan:
                    return collecting.show_plan(engine, names, window, printer)
                if what == ALL:
                    return collecting.collect_all(engine, names, window, printer)
                return collecting.collect_one(engine, names[0], window, printer)

        _guarded(printer, work)


def _add_exporting(app: typer.Typer, starters: CommandParts, root: _Asked) -> None:
    @app.command()
    @with_request_options
    def export(*, as_json: Json = False, **asked: Any) -> None:
        """Write a Parquet set that proves itself."""
        printer = Printer(as_json=as_json)

        def work() -> int:
            with starters.open_exports(starters.find_home(root.home)) as exports:
                return exporting.export(exports, request_of(asked), printer)

        _guarded(printer, work)

    @app.command("export-request", hidden=True)
    def export_request(*, as_json: Json = False) -> None:
        """Write the set that a line of JSON on standard input asks for; the end of input stops it."""
        printer = Printer(as_json=as_json)

        def work() -> int:
            with starters.open_exports(starters.find_home(root.home)) as exports:
                return exporting.export_asked(exports, printer)

        _guarded(printer, work)

    @app.command()
    def verify(folder: Path, as_json: Json = False) -> None:  # noqa: FBT002
        """Prove that a set is whole."""
        printer = Printer(as_json=as_json)
        _guarded(printer, lambda: exporting.verify(folder.absolute(), printer, has_bar=not as_json))

    @app.command()
    def diff(before: Path, after: Path, as_json: Json = False) -> None:  # noqa: FBT002
        """Show what changed between two sets."""
        printer = Printer(as_json=as_json)
        sets = (before.absolute(), after.absolute())
        _guarded(printer, lambda: exporting.diff(*sets, printer, has_bar=not as_json))


def _add_reports(app: typer.Typer, starters: CommandParts, asked: _Asked) -> None:
    @app.command()
    def status(as_json: Json = False) -> None:  # noqa: FBT002
        """Show where every collector stands."""
        printer = Printer(as_json=as_json)
        _with_engine(starters, asked, printer, lambda engine: showing.status(engine, printer))

    @app.command()
    def runs(
        limit: Annotated[int, typer.Option(min=1, help="How many, newest first.")] = 50,
        as_json: Json = False,  # noqa: FBT002
    ) -> None:
        """Show the run log."""
        printer = Printer(as_json=as_json)
        _with_engine(starters, asked, printer, lambda engine: showing.runs(engine, limit, printer))

    @app.command()
    def issues(
        everything: Annotated[bool, typer.Option("--all", help="Also resolved, accepted, noted ones.")] = False,  # noqa: FBT002
        as_json: Json = False,  # noqa: FBT002
    ) -> None:
        """Show what the quality rules have found."""
        printer = Printer(as_json=as_json)
        _with_engine(starters, asked, printer, lambda engine: showing.issues(engine, printer, everything=everything))

    @app.command()
    def doctor(
        deep: Annotated[bool, typer.Option("--deep", help="Compare every stored row with its sum too.")] = False,  # noqa: FBT002
        as_json: Json = False,  # noqa: FBT002
    ) -> None:
        """Check keys, upstreams, clock, disk, database and schedule, and say what to do."""
        printer = Printer(as_json=as_json)
        _with_engine(starters, asked, printer, lambda engine: showing.doctor(engine, printer, deep=deep))


def _add_declaring(app: typer.Typer, starters: CommandParts, asked: _Asked) -> None:
    @app.command()
    def session(
        day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="A day of the exchange.")],
        said: Annotated[SessionWord, typer.Argument(help="What it was; predicted takes a declaration back.")],
        note: Annotated[str, typer.Option(help="Why, for example the notice that announced it.")] = "",
        as_json: Json = False,  # noqa: FBT002
    ) -> None:
        """Declare that the exchange was closed or open on a day that the calendar does not know."""
        printer = Printer(as_json=as_json)
        _with_engine(
            starters, asked, printer, lambda engine: declaring.declare(engine, day.date(), said, note, printer)
        )

    @app.command()
    def accept(
        day: Annotated[datetime | None, typer.Argument(formats=["%Y-%m-%d"], help="A day in doubt.")] = None,
        market: Annotated[str | None, typer.Option(help="KOSPI, KOSDAQ, KONEX, KRX or ETF.")] = None,
        note: Annotated[str, typer.Option(help="Why, for example what the exchange's own site shows.")] = "",
        take_back: Annotated[bool, typer.Option("--take-back", help="Let it be in doubt again.")] = False,  # noqa: FBT002
        as_json: Json = False,  # noqa: FBT002
    ) -> None:
        """Accept a day of the exchange without its rows in doubt; without a day, list those in doubt."""
        printer = Printer(as_json=as_json)
        asked_for = declaring.Acceptance(day.date() if day else None, market, note, take_back)
        _with_engine(starters, asked, printer, lambda engine: declaring.accept(engine, asked_for, printer))


def _add_housekeeping(app: typer.Typer, starters: CommandParts, asked: _Asked) -> None:
    @app.command()
    def key(
        action: KeyAction,
        name: Annotated[str | None, typer.Argument(help="For example COINGECKO_DEMO_KEY.")] = None,
        as_json: Json = False,  # noqa: FBT002
    ) -> None:
        """Keep secrets in the system's credential store."""
        printer = Printer(as_json=as_json)

        def work() -> int:
            home = starters.find_home(asked.home)
            keys = starters.keys(home)
            match action:
                case KeyAction.LIST:
                    return housekeeping.list_keys(keys, printer)
                case KeyAction.SET:
                    code = housekeeping.set_key(keys, name, printer)
                case KeyAction.DELETE:
                    code = housekeeping.delete_key(keys, name, printer)
            starters.note_key(home, action is KeyAction.SET)
            return code

        _guarded(printer, work)

    @app.command()
    def backup(folder: Annotated[Path | None, typer.Argument()] = None, as_json: Json = False) -> None:  # noqa: FBT002
        """Write a consistent copy of the database; exit 1 when rows of it are not as they were stored."""
        printer = Printer(as_json=as_json)
        _with_engine(starters, asked, printer, lambda engine: housekeeping.back_up(engine, folder, printer))

    @app.command()
    def restore(
        file: Annotated[Path | None, typer.Argument(help="A backup.")] = None,
        empty: Annotated[bool, typer.Option("--empty", help="Begin anew where the database is missing.")] = False,  # noqa: FBT002
        as_json: Json = False,  # noqa: FBT002
    ) -> None:
        """Put a backup in the database's place, after checking it; the present file is kept."""
        printer = Printer(as_json=as_json)
        if (file is None) is not empty:
            raise typer.BadParameter(tr("Name a backup file, or --empty where there is no database."))

        def work() -> int:
            home: Home = starters.find_home(asked.home)
            return housekeeping.restore(starters, home, file, printer)

        _guarded(printer, work)


def _with_engine(starters: CommandParts, asked: _Asked, printer: Printer, work: Callable[[Engine], int]) -> None:
    def opened() -> int:
        with starters.open_engine(starters.find_home(asked.home)) as engine:
            return work(engine)

    _guarded(printer, opened)


def _guarded(printer: Printer, work: Callable[[], int]) -> None:
    try:
        code = work()
    except AppError as error:
        code = printer.failed(error)
    except KeyboardInterrupt:
        code = printer.failed(Cancelled())
    except Exception as error:
        printer.note(traceback.format_exc())
        raise _FaultTold(printer.failed(_fault())) from error
    raise typer.Exit(code)


class _FaultTold(Exception):
    """A fault of ours has ended the command and was printed; its cause is still to be kept."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def _fault() -> AppError:
    return AppError(
        tr("A fault in Market Tray"),
        tr("The command stopped by a fault of ours."),
        tr("Please report the lines above."),
    )
