"""Whatever values a column has: what is stored prints back, and chunks change nothing."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.tabular.types.decided import chunk, decide
from uploads.tabular.table import ColumnType
from uploads.tabular.types.conversion import convert, render
from uploads.tabular.types.table_profile import TableProfile

T = ColumnType

digits = st.text("0123456789", min_size=1, max_size=6)
numbers = st.builds(
    "{}{}{}{}".format, st.sampled_from(["", "", "-", "+"]), digits, st.sampled_from([".", ",", "", "e", " "]), digits
)
dates = st.builds(
    "{}{sep}{}{sep}{}".format,
    st.integers(1, 31),
    st.integers(1, 13),
    st.integers(0, 2100),
    sep=st.sampled_from(["-", "/", "."]),
)
moments = st.datetimes().map(str) | st.datetimes().map(lambda moment: moment.isoformat(timespec="milliseconds"))
formatted = st.datetimes().flatmap(
    lambda moment: st.sampled_from(
        ["%d/%m/%Y", "%m/%d/%y", "%d %b %Y", "%B %d, %Y", "%Y-%m-%d %H:%M", "%d.%m.%Y %I:%M %p", "%Y-%m-%dT%H:%M:%SZ"]
    ).map(moment.strftime)
)
cells = st.one_of(
    numbers,
    st.integers().map(str),
    st.integers().map("{:,}".format),
    st.floats().map(repr),
    st.decimals(places=2, allow_nan=False, allow_infinity=False).map("{:,f}".format),
    dates,
    moments,
    formatted,
    st.dates().map(str),
    st.sampled_from(["true", "false", "TRUE", "yes", "no", "t", "f", "", " ", "NA", " 5", "-0.0", "-0"]),
    st.text(max_size=5).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)),
)


@settings(deadline=None)
@given(st.one_of(*(st.lists(kind, min_size=1, max_size=8) for kind in (cells, numbers, dates, moments, formatted))))
def test_what_is_stored_prints_back_as_it_was(values: list[str]) -> None:
    (column,) = decide(values)
    typed = convert(chunk(values), (column,))
    assert not typed.rejects
    printed = render(column, typed.batch.column(1)).to_pylist()
    expected = values if column.type is T.TEXT else pa.compute.utf8_trim_whitespace(pa.array(values)).to_pylist()
    assert printed == expected


@settings(deadline=None)
@given(st.lists(cells, min_size=1, max_size=8), st.lists(cells, min_size=1, max_size=8))
def test_a_planned_column_takes_only_what_prints_back(first: list[str], second: list[str]) -> None:
    (column,) = decide(first)
    typed = convert(chunk(second), (column,))
    kept = [row - 2 for row in typed.batch.column(0).to_pylist()]
    printed = render(column, typed.batch.column(1)).to_pylist()
    given_cells = second if column.type is T.TEXT else [pa.compute.utf8_trim_whitespace(v).as_py() for v in second]
    assert printed == [given_cells[index] for index in kept]
    assert len(kept) + len(typed.rejects) == len(second)


@settings(deadline=None)
@given(st.lists(cells, min_size=2, max_size=12), st.integers(1, 11))
def test_chunk_borders_change_nothing(values: list[str], cut: int) -> None:
    profile = TableProfile(["c0"])
    for begin, part in ((0, values[:cut]), (cut, values[cut:])):
        if part:
            profile.observe(chunk(part, first=2 + begin))
    (whole,) = decide(values)
    (parts,) = profile.decide()
    assert (parts.type, parts.format) == (whole.type, whole.format)


PATTERNS = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%-d/%-m/%Y",
    "%-m/%-d/%y",
    "%d %b %Y",
    "%d-%b-%y",
    "%-d %B %Y",
    "%B %-d, %Y",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%d %H:%M:%S+02:00",
    "%Y/%m/%d %-I:%M:%S %p GMT-5",
    "%d/%m/%Y %H:%M",
    "%-m/%-d/%Y %-I:%M %p",
    "%-d.%-m.%Y, %H:%M:%S",
]
moments_of_our_time = st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2069, 12, 31))  # noqa: DTZ001


@settings(deadline=None)
@given(st.sampled_from(PATTERNS), st.lists(moments_of_our_time, min_size=3, max_size=8), st.booleans())
def test_column_of_one_pattern_is_a_date_and_prints_back(
    pattern: str, moments_: list[dt.datetime], day_first: bool
) -> None:
    values = [moment.strftime(pattern) for moment in moments_]
    profile = TableProfile(["c"])
    profile.observe(chunk(values))
    (column,) = profile.decide(day_first=day_first, first_year=1970)
    assert column.type in {T.DATE, T.TIMESTAMP, T.TIMESTAMPTZ}
    typed = convert(chunk(values), (column,))
    assert render(column, typed.batch.column(1)).to_pylist() == values


@settings(deadline=None)
@given(
    st.lists(st.decimals(min_value=-(10**12), max_value=10**12, places=2), min_size=2, max_size=8),
    st.sampled_from([(".", ""), (",", ""), (".", ","), (",", "."), (",", " "), (".", "'"), (",", "\u00a0")]),
)
def test_column_of_one_number_format_is_a_number_and_prints_back(
    decimals: list[Decimal], marks: tuple[str, str]
) -> None:
    decimal, thousands = marks
    swap = str.maketrans({",": thousands, ".": decimal})
    # Minus zero is no number to PostgreSQL.
    values = [f"{number or abs(number):,.2f}".translate(swap) for number in decimals]
    (column,) = decide(values)
    assert column.type is T.NUMERIC
    typed = convert(chunk(values), (column,))
    assert render(column, typed.batch.column(1)).to_pylist() == values
    assert [Decimal(text) for text in typed.batch.column(1).to_pylist()] == decimals
