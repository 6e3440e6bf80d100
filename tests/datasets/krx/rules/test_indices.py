import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.krx.rules.kit import RECORDED_DAYS, index_bar, needs_recordings, recorded_indices
from tray_app.datasets.krx.rows import IndexClass
from tray_app.datasets.krx.rules.indices import (
    ALIASES,
    TOTAL_CODES,
    code_of,
    index_code,
    parse_index_code,
)


@pytest.mark.parametrize(
    ("index_class", "name", "code"),
    [
        (IndexClass.KOSPI, "코스피", "KOSPI"),
        (IndexClass.KOSPI, "코스피 200", "KOSPI200"),
        (IndexClass.KOSPI, "코스피 (외국주포함)", "KOSPI_TOTAL"),
        (IndexClass.KOSDAQ, "코스닥", "KOSDAQ"),
        (IndexClass.KOSDAQ, "코스닥 150", "KOSDAQ150"),
        (IndexClass.KOSDAQ, "코스닥 (외국주포함)", "KOSDAQ_TOTAL"),
        (IndexClass.KRX, "KRX 300", "KRX300"),
        (IndexClass.KOSDAQ, "제조", "KOSDAQ:제조"),
        (IndexClass.KOSPI, "제조", "KOSPI:제조"),
        (IndexClass.KOSDAQ, "코스피", "KOSDAQ:코스피"),
    ],
)
def test_codes(index_class: IndexClass, name: str, code: str) -> None:
    assert index_code(index_class, name) == code
    assert parse_index_code(code) == (index_class, name)


@given(st.sampled_from(IndexClass), st.text(min_size=1))
def test_every_code_leads_back_to_its_index(index_class: IndexClass, name: str) -> None:
    assert parse_index_code(index_code(index_class, name)) == (index_class, name)


@pytest.mark.parametrize("code", ["", "코스피", "NYSE:ALL", "KOSPI:"])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="no index code"):
        parse_index_code(code)


def test_totals_are_told_apart() -> None:
    assert code_of(index_bar("코스피 (외국주포함)")) in TOTAL_CODES
    assert code_of(index_bar()) not in TOTAL_CODES


@needs_recordings
def test_recorded_indices_have_codes_of_their_own() -> None:
    for day in RECORDED_DAYS:
        bars = [one for index_class in IndexClass for one in recorded_indices(index_class, day)]
        codes = [code_of(one) for one in bars]
        assert len(set(codes)) == len(codes) == 47 + 38 + 34
        assert set(ALIASES.values()) <= set(codes)
