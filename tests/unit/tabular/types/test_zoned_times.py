"""Times whose offset changes over the year are moments, and printed back with the offset that stood there."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.tabular.types.decided import chunk, decide
from uploads.tabular.sentences.evidence import evidence_in_words
from uploads.tabular.table import ColumnType, Format
from uploads.tabular.types.conversion import convert, render
from uploads.tabular.types.notations.zoned_times import ZonedCandidate
from uploads.tabular.types.notations.zones import offsets_at, zone_names
from uploads.tabular.types.table_profile import TableProfile

T = ColumnType


def year_in(zone: str, *, hours: int = 97) -> list[datetime]:
    begin = datetime(2024, 1, 1, tzinfo=UTC)
    return [(begin + timedelta(hours=hours * step)).astimezone(ZoneInfo(zone)) for step in range(8_760 // hours)]


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        ("Europe/Berlin", "%Y-%m-%dT%H:%M:%S%:z"),
        ("Europe/London", "%d.%m.%Y %H:%M:%S%z"),
        ("America/New_York", "%Y-%m-%d %H:%M:%S %z"),
        ("Australia/Lord_Howe", "%Y-%m-%d %H:%M:%S%:z"),
        ("Africa/Casablanca", "%m/%d/%Y %H:%M:%S%:z"),
    ],
)
def test_offsets_of_one_zone_are_moments_and_printed_back(zone: str, written: str) -> None:
    moments = year_in(zone)
    texts = [moment.strftime(written) for moment in moments]
    (column,) = decide(texts)
    assert (column.type, bool(column.format.zone)) == (T.TIMESTAMPTZ, True)
    typed = convert(chunk(texts), [column])
    assert not typed.rejects
    assert [value.as_py() for value in typed.batch.column(1)] == moments
    assert render(column, typed.batch.column(1)).to_pylist() == texts


@pytest.mark.parametrize("summer", ["2026-07-01 12:00:00.250+01", "2026-07-01 12:00:00.250+01:00"])
def test_no_offset_may_be_written_as_z(summer: str) -> None:
    texts = ["2026-01-01 12:00:00.250Z", summer]
    (column,) = decide(texts)
    typed = convert(chunk(texts), [column])
    assert render(column, typed.batch.column(1)).to_pylist() == texts


def test_one_offset_needs_no_zone() -> None:
    (column,) = decide(["2026-01-01T12:00:00+01:00", "2026-07-01T12:00:00+01:00"])
    assert column.format == Format(pattern="%Y-%m-%dT%H:%M:%S+01:00")


def test_offsets_of_many_places_stay_text() -> None:
    (column,) = decide(["2026-01-01T12:00:00+01:00", "2026-01-01T12:00:00+09:00"])
    assert column.type is T.TEXT
    assert "offsets from UTC that no one time zone has" in evidence_in_words(column.evidence)


def test_offset_that_is_wrong_for_its_day_is_told_from_chunks_before() -> None:
    profile = TableProfile(["t"])
    profile.observe(chunk(["2026-01-01T12:00:00+01:00", "2026-02-01T12:00:00+01:00"]))
    profile.observe(chunk(["2026-07-01T12:00:00+02:00"]))
    assert profile.decide()[0].type is T.TIMESTAMPTZ
    profile.observe(chunk(["2026-01-01T12:00:00+02:00"]))
    assert profile.decide()[0].type is T.TEXT


def test_value_of_another_zone_is_rejected() -> None:
    (column,) = decide([moment.isoformat() for moment in year_in("Europe/Berlin")])
    typed = convert(chunk(["2026-07-01T12:00:00+02:00", "2026-07-01T12:00:00+01:00", "", "later"]), [column])
    assert [reject.row for reject in typed.rejects] == [3, 5]


def test_every_zone_of_the_list_has_offsets() -> None:
    noon = pa.array([1_782_000_000], pa.int64()).to_numpy()
    assert len(zone_names()) > 250
    assert [zone for zone in zone_names() if offsets_at(zone, noon) is None] == []


def test_whatever_fits_a_pattern_can_be_read_by_it() -> None:
    """An offset of nought that is written out is none of a pattern that writes ``Z``."""
    candidate = ZonedCandidate(Format(pattern="%Y-%m-%dT%H:%M:%S%:Z"), T.TIMESTAMPTZ)
    texts = pa.array(["2026-01-01T12:00:00Z", "2026-01-01T12:00:00+00:00", "2026-01-01T12:00:00+01:00", "x", None])
    assert candidate.mask(texts).to_pylist() == [True, False, True, False, None]
    assert len(candidate.parse(texts.filter(candidate.mask(texts)))) == 2


def test_a_column_of_text_with_many_ways_to_write_an_offset_is_read() -> None:
    texts = ["2026-01-01T12:00:00.5+00:00", "2026-01-02T12:00:00Z", "2026-01-03T12:00:00+00:00", "2026-01-03T12:00:00"]
    (column,) = decide(texts * 5)
    assert column.type is T.TEXT


def test_times_that_no_clock_has_shown_stay_text() -> None:
    """Each offset by itself would fit a zone; all of them lie two thousand years apart."""
    texts = ["3925-12-08T10:00:00+02:00", "1999-07-28T10:00:00+01:00"]
    (column,) = decide(texts)
    assert column.type is T.TEXT


@given(
    st.lists(
        st.tuples(st.integers(1900, 5000), st.integers(1, 12), st.sampled_from(["+01:00", "+02:00", "+00:00"])),
        min_size=2,
        max_size=6,
    )
)
def test_a_file_never_rejects_its_own_times(times: list[tuple[int, int, str]]) -> None:
    texts = [f"{year}-{month:02d}-15T12:00:00{offset}" for year, month, offset in times]
    (column,) = decide(texts)
    assert not convert(chunk(texts), [column]).rejects
