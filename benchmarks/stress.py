"""How close the stress index is to published ones on real series, how tense it finds known episodes, and what it costs.

Usage: python -m benchmarks.stress [RECORDINGS] [--since 1990-01-01] [--through 2025-12-31]
RECORDINGS is the folder of the recordings (default ../shared/recordings beside the repository). Weekly correlations are
on the published index's own Fridays; percentiles are of an episode's peak among all days 2007-2025. Bars: >= 0.93 with
STLFSI4 and >= 0.955 with NFCI from 2007, >= 0.77 and >= 0.84 from 2010 (0.877 with NFCI while the spreads of ICE were
in the index); AUC >= 0.98; 2008 and 2020 >= 95; funding in
2019-09 >= 95; 25 years x 20 series in under a second of one processor.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests")]

from datasets.liquidity.rules.agreement import agreement, peak, separation, values_of  # noqa: E402
from datasets.liquidity.rules.generated import generated_series  # noqa: E402
from datasets.liquidity.rules.recorded import FILES, REFERENCES, recorded_series, reference  # noqa: E402

from tray_app.datasets.liquidity.rules.model import Category, Observation, StressDay  # noqa: E402
from tray_app.datasets.liquidity.rules.stress import BANDS, INPUT_SERIES, stress_history  # noqa: E402

BARS = {("STLFSI4", 2007): 0.93, ("NFCI", 2007): 0.955, ("STLFSI4", 2010): 0.77, ("NFCI", 2010): 0.84}
EPISODES = (
    ("2008-09-01", "2008-10-31", 95.0),
    ("2011-08-01", "2011-08-31", 80.0),
    ("2015-08-01", "2015-08-31", 70.0),
    ("2016-02-01", "2016-02-29", 70.0),
    ("2018-12-01", "2018-12-31", 70.0),
    ("2019-09-01", "2019-09-30", 70.0),
    ("2020-03-01", "2020-03-31", 95.0),
    ("2022-09-01", "2022-10-31", 80.0),
    ("2023-03-01", "2023-03-31", 80.0),
    ("2024-08-01", "2024-08-31", 70.0),
    ("2025-04-01", "2025-04-30", 80.0),
)
TIME_BAR = 1.0
Series = Mapping[str, Sequence[Observation]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recordings", nargs="?", type=Path, default=REPOSITORY.parent / "shared" / "recordings")
    parser.add_argument("--since", type=date.fromisoformat, default=date(1990, 1, 1))
    parser.add_argument("--through", type=date.fromisoformat, default=date(2025, 12, 31))
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    root = asked.recordings / "liquidity"
    if root.exists():
        series = recorded_series(root, asked.since)
        print(f"recorded inputs from {asked.since}; not among the recordings: {missing()}")
        days = stress_history(series, asked.through)
        show_agreement(root, days)
        show_episodes(days)
        show_bands(days)
    else:
        print(f"no recordings in {root}: only the time is measured")
    show_time(asked.rounds)


def missing() -> str:
    """Return the inputs the recordings lack."""
    return ", ".join(name for name in INPUT_SERIES if name not in FILES)


def show_agreement(root: Path, days: Sequence[StressDay]) -> None:
    """Print correlations and AUC of the index and of breadth."""
    breadth = {day.date: day.breadth for day in days if day.breadth is not None}
    rows = {"index": values_of(days), "breadth": breadth}
    print(
        f"\n{'weekly correlation':<22}" + "".join(f"{f'{name} {first}-':>15}" for name, first in BARS) + f"{'AUC':>16}"
    )
    for title, values in rows.items():
        found = [agreement(values, reference(root, name), first, 2025) for name, first in BARS]
        areas = [separation(values, reference(root, name), 2007, 2025) for name in REFERENCES]
        print(f"{title:<22}" + "".join(f"{each:>15.3f}" for each in found) + "".join(f"{each:>8.3f}" for each in areas))
    print(f"{'bar':<22}" + "".join(f"{each:>15.3f}" for each in BARS.values()) + f"{0.98:>8.2f}" * 2)


def show_episodes(days: Sequence[StressDay]) -> None:
    """Print the percentile of each episode's peak, for the index and each category."""
    columns = {"index": values_of(days), **{str(each): values_of(days, each) for each in Category}}
    print(f"\n{'peak, percentile':<22}{'bar':>6}" + "".join(f"{name:>12}" for name in columns))
    for begin, end, bar in EPISODES:
        span = date.fromisoformat(begin), date.fromisoformat(end)
        found = [peak(values, *span, 2007, 2025) for values in columns.values()]
        print(f"{begin[:7] + ' to ' + end[:7]:<22}{bar:>6.0f}" + "".join(f"{each:>12.1f}" for each in found))
    funding = peak(columns[str(Category.FUNDING)], date(2019, 9, 1), date(2019, 9, 30), 2007, 2025)
    print(f"funding in 2019-09: {funding:.1f} (>= 95)")


def show_bands(days: Sequence[StressDay]) -> None:
    """Print how often each band was reached, and the days of the repo flag."""
    since = [day for day in days if day.date.year >= 2007]
    counts = {band: sum(day.band is band for day in since) for band in BANDS}
    print("\nbands: " + ", ".join(f"{band} {100 * count / len(since):.1f} %" for band, count in counts.items()))
    flagged = [day for day in since if day.repo_flag]
    months = sorted({f"{day.date:%Y-%m}{' ' + day.repo_label if day.repo_label else ''}" for day in flagged})
    print(f"repo flag on {len(flagged)} days: {', '.join(months)}")


def show_time(rounds: int) -> None:
    """Print the processor time of 25 years of 20 series."""
    generated = generated_series(date(2001, 1, 1), date(2025, 12, 31))
    series = {name: generated[name] for name in INPUT_SERIES if name != "DFF"}
    values = sum(map(len, series.values()))
    seconds = [timed(series) for _round in range(rounds)]
    verdict = "ok" if statistics.median(seconds) < TIME_BAR else "ABOVE THE BAR"
    print(
        f"\n25 years x {len(series)} series ({values:,} values): median {statistics.median(seconds):.2f} s, "
        f"best {min(seconds):.2f} s of processor time (< {TIME_BAR} s) {verdict}"
    )


def timed(series: Series) -> float:
    """Return the processor seconds of one computation."""
    begun = time.process_time()
    stress_history(series, date(2025, 12, 31))
    return time.process_time() - begun


if __name__ == "__main__":
    main()
