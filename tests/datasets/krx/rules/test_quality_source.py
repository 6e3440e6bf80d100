"""What an issue about a track's whole answer is filed under: every track apart."""

import pytest

from datasets.krx.rules.quality_cases import DAY
from tray_app.datasets.krx.rows import IndexClass, Market
from tray_app.datasets.krx.rules.ledger import ETF_TRACK, BarKind, Track, tracks_collected
from tray_app.datasets.krx.rules.quality.catalogue import IssueDataset
from tray_app.datasets.krx.rules.quality.source import SHAPE_CODES, dataset_of, shape_issue, source_subject

EVERY_TRACK = tracks_collected(with_etfs=True)


@pytest.mark.parametrize(
    ("track", "dataset", "subject"),
    [
        (Track(BarKind.EQUITY, Market.KOSPI), IssueDataset.EQUITY, "KOSPI"),
        (ETF_TRACK, IssueDataset.EQUITY, "ETF"),
        (Track(BarKind.INDEX, IndexClass.KOSPI), IssueDataset.INDEX, "KOSPI:*"),
    ],
)
def test_stocks_and_indices_of_one_name_are_told_apart(track: Track, dataset: IssueDataset, subject: str) -> None:
    assert (dataset_of(track), source_subject(track)) == (dataset, subject)


@pytest.mark.parametrize("track", EVERY_TRACK, ids=[f"{track.dataset}-{track.market_code}" for track in EVERY_TRACK])
@pytest.mark.parametrize("fault", ["No MKTCAP.", "RESPONSE_DATE_MISMATCH: rows of another day."])
def test_a_good_answer_resolves_what_a_bad_one_raised(track: Track, fault: str) -> None:
    issue = shape_issue(track, DAY, fault)
    assert (issue.dataset_name, issue.subject) == (dataset_of(track), source_subject(track))
    assert issue.issue_code in SHAPE_CODES
    assert (issue.trade_date, issue.detail) == (DAY, fault)


def test_no_two_tracks_share_their_issues() -> None:
    assert len({(dataset_of(track), source_subject(track)) for track in EVERY_TRACK}) == len(EVERY_TRACK)
