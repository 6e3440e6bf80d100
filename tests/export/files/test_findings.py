"""Errors in the data keep it from being exported; warnings go along."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from export.kit import FIRST, LAST, change, export, read_manifest
from tray_app.datasets.crypto.exports import CRYPTO_SETS
from tray_app.datasets.krx.exports import KRX_SETS
from tray_app.datasets.krx.rows import Market
from tray_app.export.errors import ExportBlocked
from tray_app.export.set.verify import verify
from tray_app.paths import Home

ISSUE = (
    "INSERT INTO data_quality_issues (dataset_name, trade_date, subject, issue_code, severity, instrument_id,"
    " index_code, issue_detail, first_seen_at, last_seen_at, resolved_at, run_id)"
    " VALUES ('{dataset}', '{day}', '{subject}', '{code}', '{severity}', {number}, {index}, 'detail', 't', 't',"
    " {resolved}, 1)"
)


def issue(severity: str = "ERROR", subject: str = "KOSPI", code: str = "DAY_ROWCOUNT_DROP", **other: object) -> str:
    values = {"dataset": "equity", "day": FIRST, "number": "NULL", "index": "NULL", "resolved": "NULL", **other}
    return ISSUE.format(severity=severity, subject=subject, code=code, **values)


def test_an_open_error_blocks_and_says_what(home: Home, tmp_path: Path) -> None:
    change(home, issue())

    with pytest.raises(ExportBlocked) as blocked:
        export(home, tmp_path / "set")

    assert f"DAY_ROWCOUNT_DROP KOSPI {FIRST}" in str(blocked.value)
    assert not (tmp_path / "set").exists()


def test_issues_of_values_count_in_the_set_of_their_dataset(home: Home, tmp_path: Path) -> None:
    jump = {"code": "VALUE_JUMP", "subject": "coin:bitcoin", "severity": "WARN", "dataset": "crypto"}
    coin = f"'bitcoin', '{FIRST}', 'btc', 'Bitcoin', 1, 5.0, NULL, NULL, NULL, NULL, 'coingecko:markets', 't'"
    change(home, f"INSERT INTO crypto_price VALUES ({coin})")
    change(home, issue(**jump), issue(**{**jump, "dataset": "news"}), issue(**{**jump, "dataset": "macro"}))

    export(home, tmp_path / "set", datasets=(CRYPTO_SETS,))
    export(home, tmp_path / "other", datasets=(KRX_SETS,))

    assert read_manifest(tmp_path / "set")["open_issues"]["WARN"] == 1
    assert read_manifest(tmp_path / "other")["open_issues"]["WARN"] == 0


def test_an_error_may_be_overridden_and_is_counted(home: Home, tmp_path: Path) -> None:
    change(home, issue())

    export(home, tmp_path / "set", allow_errors=True, include_issues=True)

    assert read_manifest(tmp_path / "set")["open_issues"]["ERROR"] == 1
    (row,) = pq.read_table(tmp_path / "set" / "data_quality_issues.parquet").to_pylist()
    assert (row["issue_code"], row["severity"], row["trade_date"]) == ("DAY_ROWCOUNT_DROP", "ERROR", FIRST)


@pytest.mark.parametrize(
    "other",
    [
        issue(resolved="'t'"),
        issue(severity="WARN"),
        issue(subject="KONEX"),
        issue(subject="KONEX:000001"),
        issue(subject="KOSPI 200", index="'KOSPI200'"),
        issue(day="2001-01-01"),
        issue(dataset="crypto", subject="bitcoin"),
        issue(dataset="news", subject="Funding stress"),
    ],
)
def test_what_does_not_touch_the_set_does_not_block(home: Home, tmp_path: Path, other: str) -> None:
    change(home, other)
    export(home, tmp_path / "set", markets=(Market.KOSPI, Market.KOSDAQ), index_codes=("KOSPI",))
    assert verify(tmp_path / "set").is_whole


def test_an_error_of_an_index_class_blocks_its_indices(home: Home, tmp_path: Path) -> None:
    change(home, issue(dataset="index", subject="KOSPI:*", index="'KOSPI:*'"))
    export(home, tmp_path / "other", index_codes=("KOSDAQ",))
    with pytest.raises(ExportBlocked):
        export(home, tmp_path / "set", index_codes=("KOSPI200",))


def test_issues_name_their_instrument_and_keep_its_integer_id_to_themselves(home: Home, tmp_path: Path) -> None:
    change(
        home,
        issue("WARN", "x", "INSTRUMENT_GAP", number=3),
        issue("WARN", "a", "BASE_PRICE_BREAK_NO_EVENT", number=3, day=LAST),
        issue("INFO", "KOSPI", "NOTE", day=""),
    )

    export(home, tmp_path / "set", include_issues=True)

    rows = pq.read_table(tmp_path / "set" / "data_quality_issues.parquet").to_pylist()
    assert [row["issue_code"] for row in rows] == ["NOTE", "INSTRUMENT_GAP", "BASE_PRICE_BREAK_NO_EVENT"]
    assert len(rows[1]["instrument_id"]) == 36
    daily = pq.read_table(tmp_path / "set" / "instrument_daily.parquet").to_pylist()
    doubtful = [row for row in daily if row["signal_validity_reason"] == "unresolved_action"]
    assert (rows[1]["instrument_id"], LAST) in {(row["instrument_id"], row["trade_date"]) for row in doubtful}
    assert verify(tmp_path / "set").findings == ()


def test_a_session_without_rows_blocks(home: Home, tmp_path: Path) -> None:
    hole = "SELECT MIN(trade_date) + 1 FROM day_summary"
    change(
        home,
        f"DELETE FROM daily_market_data WHERE trade_date = ({hole})",
        f"DELETE FROM day_summary WHERE trade_date = ({hole})",
    )

    with pytest.raises(ExportBlocked) as blocked:
        export(home, tmp_path / "set")
    assert "DAY_MISSING KOSPI" in str(blocked.value)

    export(home, tmp_path / "set", allow_errors=True)
    assert len(read_manifest(tmp_path / "set")["missing_sessions"]["KOSDAQ"]) == 1
    assert verify(tmp_path / "set").findings == ()


def test_a_session_not_collected_yet_is_said_and_does_not_block(home: Home, tmp_path: Path) -> None:
    newest = "SELECT MAX(trade_date) FROM day_summary"
    change(
        home,
        f"DELETE FROM daily_market_data WHERE trade_date = ({newest})",
        f"DELETE FROM day_summary WHERE trade_date = ({newest})",
    )

    finished = export(home, tmp_path / "set")

    assert list(finished.not_collected_yet["KOSPI"]) == [str(LAST)]
    assert verify(tmp_path / "set").findings == ()


def test_crypto_errors_block_crypto(home: Home, tmp_path: Path) -> None:
    change(
        home,
        f"INSERT INTO crypto_metric (date, created_at) VALUES ('{FIRST}', 't')",
        issue(dataset="crypto", subject="bitcoin"),
        issue(dataset="news", subject="Funding stress"),
    )
    with pytest.raises(ExportBlocked):
        export(home, tmp_path / "set", datasets=(CRYPTO_SETS,))
    export(home, tmp_path / "set", datasets=(CRYPTO_SETS,), allow_errors=True)
