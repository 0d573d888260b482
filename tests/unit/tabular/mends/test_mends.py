"""Proposed mends: the plain ones are found, the tempting ones are not."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uploads.tabular.dialect.dialect import CsvDialect
from uploads.tabular.mends.mend import Mend, Source
from uploads.tabular.mends.mends import propose_mends
from uploads.tabular.table import Column, ColumnType, Format
from uploads.tabular.text.raw_rows import RAW_KEPT

SEMICOLON = CsvDialect(delimiter=";")
COMMA = CsvDialect(delimiter=",")
TAB = CsvDialect(delimiter="\t")

WHOLE = ("bigint", Format())
POINT = ("numeric", Format())
DECIMAL_COMMA = ("numeric", Format(decimal=","))
THOUSANDS = ("numeric", Format(thousands=","))
TEXT = ("text", Format())
DAY = ("date", Format(pattern="%Y-%m-%d"))
DAY_FIRST = ("date", Format(pattern="%d/%m/%Y"))
MOMENT = ("timestamp", Format(pattern="%Y-%m-%d %H:%M:%S"))
TRUTH = ("boolean", Format(true="true", false="false"))
FLOAT = ("double precision", Format(pattern="r"))
type Kind = tuple[str, Format]


def propose_mend(code: str, raw: str, *, source: Source) -> Mend | None:
    return propose_mends([(code, raw)], source=source)[0]


def source(*kinds: Kind, dialect: CsvDialect | None = SEMICOLON, utf8: bool = True, nulls: str = "") -> Source:
    columns = tuple(
        Column(label=f"c{number}", name=f"c{number}", type=ColumnType(kind), format=how)
        for number, (kind, how) in enumerate(kinds, start=1)
    )
    return Source(columns=columns, dialect=dialect, utf8=utf8, null_words=tuple(nulls.split()))


def cells(code: str, raw: str, of: Source) -> tuple[str, ...] | None:
    mend = propose_mend(code, raw, source=of)
    return None if mend is None else mend.cells


@pytest.mark.parametrize(
    ("kinds", "raw", "expected"),
    [
        ((WHOLE, POINT, WHOLE), "7,12,5,3", ("7", "12.5", "3")),
        ((WHOLE, DECIMAL_COMMA, WHOLE), "7,12,5,3", ("7", "12,5", "3")),
        ((WHOLE, TEXT, WHOLE), "1,Smith, Bob,40", ("1", "Smith, Bob", "40")),
        ((WHOLE, TEXT, WHOLE), "1,Smith, Bob, Jr,40", ("1", "Smith, Bob, Jr", "40")),
        ((WHOLE, TEXT, WHOLE), '1,Smith, Bob,"40"', ("1", "Smith, Bob", "40")),
        ((WHOLE, TEXT, DAY, TEXT, WHOLE), "1,a,b,2024-01-05,c,d,2", ("1", "a,b", "2024-01-05", "c,d", "2")),
        ((WHOLE, TEXT, WHOLE), "1,,x,40", ("1", "x", "40")),
        ((WHOLE, TEXT, WHOLE), "1,x,40,", ("1", "x", "40")),
        ((TEXT, WHOLE), "a,5,,", ("a", "5")),
        ((WHOLE, TEXT), "1,x,", ("1", "x")),
        ((WHOLE, TEXT, WHOLE), "1,a,b,", ("1", "a,b", "")),
        ((WHOLE, WHOLE, DAY), "1,234,567,2,2024-01-05", ("1234567", "2", "2024-01-05")),
    ],
)
def test_separator_too_many_is_read_where_one_way_fits(
    kinds: tuple[Kind, ...], raw: str, expected: tuple[str, ...] | None
) -> None:
    assert cells("too_many_cells", raw, source(*kinds, dialect=COMMA)) == expected


@pytest.mark.parametrize(
    ("kinds", "raw"),
    [
        ((TEXT, TEXT), "a,b,c"),
        ((WHOLE, WHOLE, WHOLE), "1,2,3,4"),
        ((WHOLE, POINT, POINT), "7,12,5,3"),
        ((WHOLE, TEXT, TEXT), "1,Smith, Bob,Paris"),
        ((WHOLE, TEXT, WHOLE), '1,"Smith","Bob",40'),
        ((WHOLE, TEXT, WHOLE), "1,a,b,x"),
        ((TEXT, TEXT, TEXT), "a,,b,c"),
        ((WHOLE, TEXT, TEXT), "1,soft, and warm,"),  # the last cell may be an empty one of its own
        ((WHOLE, WHOLE), "1,234,5"),
        ((WHOLE, TEXT), "1" + ",x" * 20),
    ],
)
def test_separator_too_many_is_left_where_two_ways_fit_or_none(kinds: tuple[Kind, ...], raw: str) -> None:
    assert cells("too_many_cells", raw, source(*kinds, dialect=COMMA)) is None


def test_sentence_names_the_separator_the_column_and_the_value() -> None:
    mend = propose_mend("too_many_cells", "7,12,5,3", source=source(WHOLE, POINT, WHOLE, dialect=COMMA))
    assert mend is not None
    assert mend.sentence == "One “,” too many in “c2”: “12,5” is read as “12.5”."


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("1;2024-01-05;5", None),  # the date may be the text
        ("1;x;2024-01-05", ("1", "x", "2024-01-05", "")),
        ("1;x;5", ("1", "x", "", "5")),
        ("1", None),
        ("x;5", ("", "x", "", "5")),
        ("1;x", ("1", "x", "", "")),
        ("Source: Stats NZ", None),
        ("1;", None),
    ],
)
def test_separator_too_few_is_read_where_one_way_fits(raw: str, expected: tuple[str, ...] | None) -> None:
    assert cells("too_few_cells", raw, source(WHOLE, TEXT, DAY, WHOLE)) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ('"7;x;2026-01-05"', ("7", "x", "2026-01-05")),
        ('"7;""x;y"";2026-01-05"', ("7", "x;y", "2026-01-05")),
        ('"7;x;soon"', None),
        ('"7;x"', None),
        ("x", None),
    ],
)
def test_quotes_around_a_whole_row_are_taken_off_where_its_cells_fit(
    raw: str, expected: tuple[str, ...] | None
) -> None:
    assert cells("too_few_cells", raw, source(WHOLE, TEXT, DAY)) == expected


def test_short_row_of_text_is_never_padded() -> None:
    assert cells("too_few_cells", "a;b", source(TEXT, TEXT, TEXT)) is None


@pytest.mark.parametrize(
    ("kinds", "raw"),
    [
        ((DAY, TEXT, WHOLE), "2024-01-0502:15;1"),
        ((WHOLE, TEXT, DAY), "1BH-7531;2024-01-05"),
        ((WHOLE, TEXT, DAY), "1 BH-7531;2024-01-05"),
        ((DAY, TEXT, WHOLE), "2024-01-05;Smith5"),
        ((WHOLE, WHOLE, DAY), "12;2024-01-05"),
    ],
)
def test_value_that_may_be_two_glued_together_is_not_read_as_one_beside_a_blank(
    kinds: tuple[Kind, ...], raw: str
) -> None:
    assert cells("too_few_cells", raw, source(*kinds)) is None


def test_blank_column_is_named() -> None:
    mend = propose_mend("too_few_cells", "1;x;5", source=source(WHOLE, TEXT, DAY, WHOLE))
    assert mend is not None
    assert mend.sentence == "One “;” too few: “c3” is read as empty."


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (WHOLE, "1 234", "1234"),
        (WHOLE, "1\u00a0234\u202f567", "1234567"),
        (WHOLE, "1'234", "1234"),
        (WHOLE, "1,234,567", "1234567"),
        (WHOLE, "\u221212", "-12"),
        (POINT, "\u20132.6", "-2.6"),
        (WHOLE, "+5", "5"),
        (WHOLE, "12-", "-12"),
        (WHOLE, "5.0", "5"),
        (WHOLE, "\ufeff42\u200b", "42"),
        (WHOLE, '"12', "12"),
        (WHOLE, "'12'", "12"),
        (POINT, "1,5", "1.5"),
        (POINT, "0,125", "0.125"),
        (POINT, "1234,567", "1234.567"),
        (POINT, "1.234,50", "1234.50"),
        (POINT, "1,234.50", "1234.50"),
        (POINT, ".5", "0.5"),
        (POINT, "5.", "5"),
        (DECIMAL_COMMA, "1.5", "1,5"),
        (THOUSANDS, "1234.5", "1,234.5"),
        (FLOAT, "1,5", "1.5"),
        (DAY, "2024/01/05", "2024-01-05"),
        (DAY, "2024-1-5", "2024-01-05"),
        (DAY, "2024-01-05 00:00:00", "2024-01-05"),
        (DAY_FIRST, "31/1/2024", "31/01/2024"),
        (DAY_FIRST, "2024-01-05", "05/01/2024"),
        (MOMENT, "2024-01-05T10:30", "2024-01-05 10:30:00"),
        (TRUTH, "TRUE", "true"),
    ],
)
def test_value_written_in_another_plain_way_is_read(kind: Kind, value: str, expected: str) -> None:
    raw = io.StringIO()
    csv.writer(raw, delimiter=";", lineterminator="").writerow(["x", value, "7"])
    assert cells("bad_value", raw.getvalue(), source(TEXT, kind, WHOLE)) == ("x", expected, "7")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (WHOLE, "1,234"),  # one thousand, or one and a bit
        (WHOLE, "1.234"),
        (POINT, "1,234"),
        (DECIMAL_COMMA, "1.234x"),
        (WHOLE, "5,5"),
        (WHOLE, "007"),
        (WHOLE, "1 23"),
        (WHOLE, "12 %"),
        (WHOLE, "$12"),
        (WHOLE, "NA"),
        (WHOLE, "99999999999999999999"),
        (POINT, "1,2,3"),
        (POINT, "."),
        (POINT, "-0.0"),
        (DAY, "05/01/2024"),
        (DAY, "2024-02-31"),
        (DAY, "2024-01-05 10:00"),
        (DAY_FIRST, "5/1/2024"),  # the day, or the month
        (DAY_FIRST, "31.01.2024"),
        (MOMENT, "2024-01-05"),
        (TRUTH, "yes"),
        (TRUTH, "1"),
        (WHOLE, '""""""'),
    ],
)
def test_value_that_could_mean_two_things_is_left(kind: Kind, value: str) -> None:
    assert cells("bad_value", f"x;{value}", source(TEXT, kind)) is None


def test_row_with_one_value_that_stays_unread_has_no_mend() -> None:
    assert cells("bad_value", "1 234;x", source(WHOLE, WHOLE)) is None


@pytest.mark.parametrize(
    ("code", "raw", "expected"),
    [
        ("unclosed_quote", '1;"abc;5', ("1", "abc", "5")),
        ("unclosed_quote", '1;x;"abc', None),  # c3 is a number
        ("stray_quote", '1;"abc"def;5', ("1", '"abc"def', "5")),
        ("stray_quote", '1;say "a; b";5', ("1", 'say "a; b"', "5")),
        ("stray_quote", '1;the "best;5', ("1", 'the "best', "5")),
        ("unclosed_quote", '"1;abc;5', ("1", "abc", "5")),
    ],
)
def test_stray_quote_is_read_where_one_way_fits(code: str, raw: str, expected: tuple[str, ...] | None) -> None:
    assert cells(code, raw, source(WHOLE, TEXT, WHOLE)) == expected


def test_quote_that_is_closed_by_the_end_of_the_line_hides_separators() -> None:
    assert cells("unclosed_quote", '1;"abc;def', source(WHOLE, TEXT)) == ("1", "abc;def")


def test_quote_that_is_left_out_is_shown_by_its_value() -> None:
    mend = propose_mend("unclosed_quote", '1;"abc;5', source=source(WHOLE, TEXT, WHOLE))
    assert mend is not None
    assert mend.sentence == "The quote before “abc” is never closed: it is left out."


def test_stray_quote_is_left_where_cells_could_end_at_two_places() -> None:
    assert cells("stray_quote", '"a"x;b;"c";d', source(TEXT, TEXT, TEXT)) is None
    assert cells("stray_quote", 'a "x;y";b "z', source(TEXT, TEXT)) is None
    assert cells("stray_quote", '65"Boots; tall";x', source(TEXT, TEXT, TEXT)) is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (r"1;caf\xe9", ("1", "café")),
        (r"1;5 \x80", ("1", "5 €")),
        (r"1;caf\xc3", None),  # the first half of é in UTF-8
        (r"1;\xe2\x80", None),
        (r"1;\x81", None),
        (r"x;caf\xe9", None),
    ],
)
def test_single_bytes_of_windows_in_utf8_are_read_where_they_make_words(
    raw: str, expected: tuple[str, ...] | None
) -> None:
    assert cells("undecodable", raw, source(WHOLE, TEXT)) == expected


def test_bytes_that_another_encoding_does_not_have_are_left() -> None:
    assert cells("undecodable", r"1;caf\xe9", source(WHOLE, TEXT, utf8=False)) is None


def test_nul_is_left_out() -> None:
    assert cells("nul_byte", r"1;a\x00b", source(WHOLE, TEXT)) == ("1", "ab")
    assert cells("nul_byte", "1\ta␀b", source(WHOLE, TEXT, dialect=None)) == ("1", "ab")


def test_spaces_that_belong_to_the_delimiter_stay_out_of_the_cells() -> None:
    spaced = CsvDialect(delimiter=",", spaced=True)
    assert cells("too_many_cells", "1, a, b, 2", source(WHOLE, TEXT, WHOLE, dialect=spaced)) == ("1", "a, b", "2")


def test_escaped_quotes_do_not_end_a_cell() -> None:
    escaped = CsvDialect(delimiter=",", escape=True)
    assert cells("too_many_cells", r'1,"a \"b\", c",2,', source(WHOLE, TEXT, WHOLE, dialect=escaped)) == (
        "1",
        'a "b", c',
        "2",
    )


def test_null_words_fit_every_column() -> None:
    assert cells("too_many_cells", "NA;x;", source(WHOLE, TEXT, nulls="NA")) == ("NA", "x")


def test_row_that_was_cut_has_no_mend() -> None:
    assert cells("bad_value", "1 234;" + "x" * RAW_KEPT, source(WHOLE, TEXT)) is None


def test_header_that_stands_in_the_data_once_more_has_no_mend() -> None:
    assert cells("repeated_header", "c1;c2", source(TEXT, TEXT)) is None


def digits_of(text: str) -> list[str]:
    """All but zeros, which a plain way to write a number may add or leave out."""
    return [character for character in text if character in "123456789"]


VALUES = st.text(alphabet="ab1 ,;.\"'-\t", max_size=6)
KINDS = st.sampled_from([WHOLE, POINT, DECIMAL_COMMA, TEXT, DAY, TRUTH])


@given(st.lists(st.tuples(KINDS, VALUES), min_size=1, max_size=6))
def test_mend_of_a_value_changes_no_other_cell(pairs: list[tuple[Kind, str]]) -> None:
    raw = io.StringIO()
    csv.writer(raw, delimiter=";", lineterminator="").writerow([value for _, value in pairs])
    of = source(*(kind for kind, _ in pairs))
    mend = propose_mend("bad_value", raw.getvalue(), source=of)
    if mend is None:
        return
    for (kind, value), now in zip(pairs, mend.cells, strict=True):
        assert now == value or kind[0] != "text"
        assert now == value or digits_of(now) == digits_of(value)


@given(st.lists(st.sampled_from(["1", "x", "2024-01-05", "", "1.5", "a b"]), min_size=2, max_size=8), st.data())
def test_mend_of_a_long_or_short_row_keeps_all_its_text_in_order(values: list[str], data: st.DataObject) -> None:
    kinds = data.draw(st.lists(st.sampled_from([WHOLE, POINT, TEXT, DAY]), min_size=1, max_size=8))
    code = "too_many_cells" if len(values) > len(kinds) else "too_few_cells"
    mend = propose_mend(code, "|".join(values), source=source(*kinds, dialect=CsvDialect(delimiter="|")))
    if mend is not None:
        assert "".join(mend.cells).replace("|", "") == "".join(values)


@given(st.text(alphabet='ab1;"\\ ', max_size=20), st.sampled_from(["stray_quote", "unclosed_quote"]))
def test_mend_of_quotes_loses_no_character_but_quotes(raw: str, code: str) -> None:
    mend = propose_mend(code, raw, source=source(TEXT, TEXT, TEXT))
    if mend is not None:
        assert ";".join(mend.cells).replace('"', "") == raw.replace('"', "")


def test_many_rows_are_answered_as_one_by_one() -> None:
    of = source(WHOLE, TEXT, POINT)
    rejects = [("bad_value", "1 234;x;2"), ("too_many_cells", "1;x;2;"), ("too_few_cells", "1"), ("other", "x")]
    together = propose_mends(rejects, source=of)
    assert together == [propose_mend(code, raw, source=of) for code, raw in rejects]
    assert [mend is not None for mend in together] == [True, True, False, False]
