"""A column gets a type only if every value, printed back, equals its original; the evidence says why."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest

from uploads.tabular.chunks import TextChunk
from uploads.tabular.sentences.evidence import evidence_in_words
from uploads.tabular.sentences.reasons import reason_in_words
from uploads.tabular.table import Column, ColumnType, Format, Suggestion
from uploads.tabular.types.conversion import convert, render
from uploads.tabular.types.table_profile import TableProfile

T = ColumnType


def chunk(*columns: Sequence[str], first: int = 2) -> TextChunk:
    """Rows whose cells are the given columns, numbered from the given line."""
    rows = range(first, first + len(columns[0]))
    return TextChunk(rows=pa.array(rows, pa.int64()), cells=tuple(pa.array(list(c), pa.string()) for c in columns))


def decide(*columns: Sequence[str]) -> tuple[Column, ...]:
    profile = TableProfile([f"c{position}" for position in range(len(columns))])
    profile.observe(chunk(*columns))
    return profile.decide()


@pytest.mark.parametrize(
    ("values", "type_"),
    [
        (["1", "-2", "300"], T.BIGINT),
        (["0", "1"], T.BIGINT),
        ([" 1", "2 ", "  "], T.BIGINT),
        (["9223372036854775807", "-9223372036854775808"], T.BIGINT),
        (["9223372036854775808"], T.NUMERIC),
        (["12345678901234567890"], T.NUMERIC),
        (["12.50", "2023.1", "7"], T.NUMERIC),
        (["2023.10", "2023.1"], T.NUMERIC),
        (["1,5", "12,25"], T.NUMERIC),
        (["1.234,56", "12,5"], T.NUMERIC),
        (["1,234.56"], T.NUMERIC),
        (["1,234,567", "12"], T.BIGINT),
        (["1 234 567"], T.BIGINT),
        (["1'234'567.5"], T.NUMERIC),
        (["1.234"], T.TEXT),
        (["1,234"], T.TEXT),
        (["0.123", "1.234"], T.NUMERIC),
        (["1.234", "1234.567"], T.NUMERIC),
        (["1,234", "1234"], T.NUMERIC),
        (["1,234.5", "1234.5"], T.TEXT),
        (["1,23,456"], T.TEXT),
        (["007", "12"], T.TEXT),
        (["00"], T.TEXT),
        (["0x1F"], T.TEXT),
        (["+64211234567"], T.TEXT),
        (["+5"], T.TEXT),
        ([".5"], T.TEXT),
        (["5."], T.TEXT),
        (["-0"], T.DOUBLE),
        (["-0.0", "1.5"], T.DOUBLE),
        (["-0.00", "1.50"], T.TEXT),
        (["1e-05", "0.5", "1e+20"], T.DOUBLE),
        (["1E-05", "2.5"], T.DOUBLE),
        (["1e5", "2e5"], T.TEXT),
        (["1e5", "A7"], T.TEXT),
        (["nan"], T.TEXT),
        (["9" * 1_000], T.NUMERIC),
        (["9" * 1_001], T.TEXT),
        (["١٢"], T.TEXT),
        (["true", "false"], T.BOOLEAN),
        (["TRUE"], T.BOOLEAN),
        (["True", "TRUE"], T.TEXT),
        (["yes", "no"], T.BOOLEAN),
        (["NO"], T.TEXT),
        (["F"], T.TEXT),
        (["Y", "N", ""], T.BOOLEAN),
        (["TRUE", "Trudy"], T.TEXT),
        (["NA", "1"], T.TEXT),
        (["1", "-"], T.TEXT),
        (["NULL", "1"], T.TEXT),
        (["", "", ""], T.TEXT),
        (["2023-01-31"], T.DATE),
        (["2023-02-30"], T.TEXT),
        (["2024-02-29"], T.DATE),
        (["2023-02-29"], T.TEXT),
        (["31/12/2023", "01/02/2023"], T.DATE),
        (["12/31/2023", "01/02/2023"], T.DATE),
        (["01/02/2023", "03/04/2023"], T.TEXT),
        (["31/12/2023", "12/31/2023"], T.TEXT),
        (["5/1/17", "5/31/17"], T.DATE),
        (["05/01/17", "5/31/17"], T.TEXT),
        (["31.12.2023"], T.DATE),
        (["31-Dec-2023"], T.DATE),
        (["December 31, 2023", "March 1, 2023"], T.DATE),
        (["1 MAY 2023", "12 JUN 2023"], T.DATE),
        (["20230131"], T.BIGINT),
        (["2023-01-31 10:11:12"], T.TIMESTAMP),
        (["2023-01-31T10:11:12.250", "2023-01-31T10:11:12.500"], T.TIMESTAMP),
        (["2023-01-31T10:11:12.25", "2023-01-31T10:11:12"], T.TIMESTAMP),
        (["2023-01-31T10:11:12.1234567"], T.TEXT),
        (["1/31/2023 9:05 PM"], T.TIMESTAMP),
        (["2023-01-31 24:00:00"], T.TEXT),
        (["2023-01-31T10:11:12Z"], T.TIMESTAMPTZ),
        (["2023-01-31T10:11:12+02:00"], T.TIMESTAMPTZ),
        (["2024/03/01 1:05:00 PM GMT+1", "2024/12/01 11:05:00 AM GMT+1"], T.TIMESTAMPTZ),
        (["2024/03/01 1:05:00 PM GMT-3:30"], T.TIMESTAMPTZ),
        (["2024/03/01 1:05:00 PM GMT+1", "2024/07/01 1:05:00 PM GMT+2"], T.TEXT),
        (["2024/03/01 1:05:00 PM -1"], T.TEXT),
        (["2024/03/01 1:05:00 PM GMT+16"], T.TEXT),
        (["2023-01-31T10:11:12+02:00", "2023-07-31T10:11:12+03:00"], T.TIMESTAMPTZ),
        (["2023-01-31T10:11:12+02:00", "2023-01-31T10:11:12+03:00"], T.TEXT),
        (["18.00.00"], T.TEXT),
        (["18:00:00"], T.TEXT),
        (["0000-01-01"], T.TEXT),
    ],
)
def test_type_of_a_column(values: list[str], type_: ColumnType) -> None:
    (column,) = decide(values)
    assert column.type is type_, column
    typed = convert(chunk(values), (column,))
    assert not typed.rejects
    printed = render(column, typed.batch.column(1)).to_pylist()
    assert printed == (values if type_ is T.TEXT else [value.strip() for value in values])


def test_late_misfit_makes_text_and_is_named() -> None:
    profile = TableProfile(["price"])
    profile.observe(chunk(["1", "2.5"] * 500))
    profile.observe(chunk(["3", "N/A", "4"], first=1_002))
    (column,) = profile.decide()
    assert column.type is T.TEXT
    assert evidence_in_words(column.evidence) == (
        'text, because line 1,003 holds "N/A", which is not a number. With "N/A" read as empty it is numeric.'
    )


def test_chunk_of_nothing_but_spaces_changes_nothing() -> None:
    profile = TableProfile(["n"])
    profile.observe(chunk(["1"]))
    profile.observe(chunk([" "]))
    assert profile.decide()[0].type is T.BIGINT


def test_evidence_counts_the_values() -> None:
    (column,) = decide(["1", "", "2"])
    assert evidence_in_words(column.evidence) == "bigint: both values are whole numbers; 1 cell is empty (line 3)."


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (["1", "", "", ""], "; 3 cells are empty (lines 3, 4, 5)."),
        (["1", "", "", "", ""], "; 4 cells are empty."),
        (["1", "2"], "whole numbers."),
    ],
)
def test_rows_of_blank_cells_are_named_where_they_are_few(values: list[str], told: str) -> None:
    (column,) = decide(values)
    assert evidence_in_words(column.evidence).endswith(told)


@pytest.mark.parametrize(
    ("values", "evidence"),
    [
        (["0001", "0002"], 'text, because line 2 holds "0001", whose leading zero a number would lose.'),
        (["1", "007"], 'text, because line 3 holds "007", whose leading zero a number would lose.'),
        (
            ["−1.5", "2"],
            (
                'text, because line 2 holds "−1.5", whose “−” is not the minus sign of numbers (-).'
                ' With "−1.5" read as -1.5 it is numeric.'
            ),
        ),
        (["−x", "2"], 'text, because line 2 holds "−x".'),
        (
            ["+6421", "+6422"],
            (
                'text, because line 2 holds "+6421", whose plus sign a number would lose.'
                ' With "+6421" read as 6421 it is bigint.'
            ),
        ),
        (["1", "2.5"], 'numeric: both values are decimal numbers; line 3 holds "2.5", which is written with decimals.'),
        (
            ["1", "12345678901234567890"],
            (
                "numeric: both values are decimal numbers; "
                'line 3 holds "12345678901234567890", which is too long for bigint.'
            ),
        ),
        (
            ["1e5", "A12"],
            'text, because line 2 holds "1e5", which is kept as it is written; as a number it would be 100000.',
        ),
        (["2.5"], 'numeric: the only value is a decimal number; line 2 holds "2.5", which is written with decimals.'),
        (
            ["0.5", "1e-05"],
            (
                'double precision: both values are floating-point numbers; line 3 holds "1e-05", '
                "which is written with an exponent; all digits are kept."
            ),
        ),
        (
            ["12:00", "13:30:05"],
            'text, because line 2 holds "12:00", a time of day, for which there is no type.',
        ),
        (["2,11,101"], 'text, because line 2 holds "2,11,101". With "2,11,101" read as 211101 it is bigint.'),
        (["abc", "1"], 'text, because line 2 holds "abc".'),
        (["", ""], "text, because the column is empty."),
        (["1", "-", "", "x"], 'text, because line 3 holds "-", which is not a number; 1 cell is empty (line 4).'),
        (["1", " ", "", "x"], 'text, because line 5 holds "x", which is not a number; 1 cell is empty (line 4).'),
        (["-", "1", "N/A"], 'text, because line 2 holds "-". With "-" and "N/A" read as empty it is bigint.'),
        (
            ["3.1.2026", "17.02.2026", "Sum"],
            'text, because line 3 holds "17.02.2026", which is not written as D.M.YYYY as those above it are.',
        ),
        (["yes", "no", "3.1.2026"], 'text, because line 4 holds "3.1.2026", which is not "yes" or "no".'),
        (["3.1.2026", "soon"], 'text, because line 3 holds "soon", which is not a date written as D.M.YYYY.'),
        (["NO", ""], 'text, because "NO" stands alone, without its opposite; 1 cell is empty (line 3).'),
        (["01/02/2023"], 'text, because "01/02/2023" and all other values fit day first and month first.'),
    ],
)
def test_evidence_names_the_value_that_ruled_out_the_narrower_type(values: list[str], evidence: str) -> None:
    assert evidence_in_words(decide(values)[0].evidence) == evidence


def test_null_words_are_null_once_a_person_says_so() -> None:
    profile = TableProfile(["n", "t"], null_words={"-", "NA"})
    rows = chunk(["1", "-", " NA "], ["a", "NA", ""])
    profile.observe(rows)
    columns = profile.decide()
    assert [column.type for column in columns] == [T.BIGINT, T.TEXT]
    typed = convert(rows, columns, null_words={"-", "NA"}).batch
    assert typed.column(1).to_pylist() == [1, None, None]
    assert typed.column(2).to_pylist() == ["a", None, None]


@pytest.mark.parametrize(
    ("values", "given", "type_", "format_"),
    [
        (["01/02/2023"], {"day_first": True}, T.DATE, Format(pattern="%d/%m/%Y")),
        (["01/02/2023"], {"day_first": False}, T.DATE, Format(pattern="%m/%d/%Y")),
        (["12/31/2023"], {"day_first": True}, T.DATE, Format(pattern="%m/%d/%Y")),
        (["1.234"], {"decimal": "."}, T.NUMERIC, Format()),
        (["1.234"], {"decimal": ","}, T.BIGINT, Format(decimal=",", thousands=".")),
    ],
)
def test_a_person_can_decide_what_the_values_leave_open(
    values: list[str], given: dict[str, object], type_: ColumnType, format_: Format
) -> None:
    profile = TableProfile(["c"])
    profile.observe(chunk(values))
    (column,) = profile.decide(**given)  # type: ignore[arg-type]
    assert (column.type, column.format) == (type_, format_)


def test_grouped_number_late_in_a_column_of_small_ones_is_still_a_number() -> None:
    profile = TableProfile(["price"])
    profile.observe(chunk(["12.50", "999.00"] * 100))
    profile.observe(chunk(["1,234.50"]))
    (column,) = profile.decide()
    assert (column.type, column.format) == (T.NUMERIC, Format(thousands=","))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["609", "116", "2,035"], 'text: Is "2,035" about 2, or 2035? Choose a decimal mark.'),
        (["609", "116", "2.035"], 'text: Is "2.035" about 2, or 2035? Choose a decimal mark.'),
        (["2,035", "609"], 'text: Is "2,035" about 2, or 2035? Choose a decimal mark.'),
        (["-1,646", "609"], 'text: Is "-1,646" about -1.6, or -1646? Choose a decimal mark.'),
    ],
)
def test_whoever_is_asked_for_a_decimal_mark_sees_a_value_that_has_it(values: list[str], words: str) -> None:
    (column,) = decide(values)
    assert column.type is T.TEXT
    assert column.evidence is not None
    assert evidence_in_words(column.evidence) == words


def test_another_column_decides_the_order_of_day_and_month() -> None:
    ambiguous, clear = decide(["01/02/2023", "03/04/2023"], ["01/02/2023", "25/12/2023"])
    assert (ambiguous.type, ambiguous.format.pattern) == (T.DATE, "%d/%m/%Y")
    assert clear.format.pattern == "%d/%m/%Y"
    assert "day first as in other columns" in evidence_in_words(ambiguous.evidence)


def test_another_column_decides_the_decimal_mark() -> None:
    ambiguous, _ = decide(["1.234", "2.345"], ["1,5", "2,25"])
    assert (ambiguous.type, ambiguous.format) == (T.BIGINT, Format(decimal=",", thousands="."))


def test_two_columns_that_disagree_decide_nothing() -> None:
    ambiguous, _, _ = decide(["1.234"], ["1,5"], ["1.5"])
    assert ambiguous.type is T.TEXT
    question = 'text: Is "1.234" about 1.2, or 1234? Choose a decimal mark.'
    assert evidence_in_words(ambiguous.evidence) == question


@pytest.mark.parametrize("amounts", [["1.5", "2.25"], ["1,5", "2,25"]])
def test_decimal_mark_of_other_columns_says_nothing_about_dates(amounts: list[str]) -> None:
    ambiguous, _ = decide(["01/02/2023", "03/04/2023"], amounts)
    assert ambiguous.type is T.TEXT


def test_all_text_is_obeyed() -> None:
    profile = TableProfile(["n"])
    profile.observe(chunk(["1"]))
    assert profile.decide(all_text=True)[0].type is T.TEXT


def planned(type_: ColumnType, format_: Format = Format()) -> tuple[Column, ...]:  # noqa: B008
    return (Column(label="c", name="c", type=type_, format=format_),)


@pytest.mark.parametrize(
    ("values", "type_", "format_", "chosen"),
    [
        (["01/02/2023"], T.DATE, Format(pattern="%d/%m/%Y"), Format(pattern="%d/%m/%Y")),
        (["1/2/2023"], T.DATE, Format(pattern="%d/%m/%Y"), Format(pattern="%-d/%-m/%Y")),
        (["2023-02-01"], T.DATE, Format(pattern="%d/%m/%Y"), Format(pattern="%Y-%m-%d")),
        (["1,5"], T.NUMERIC, Format(), Format(decimal=",")),
        (["1,234"], T.NUMERIC, Format(), Format(thousands=",")),
        (["1", "x", "2"], T.NUMERIC, Format(), Format()),
        (["x", "1,5", "2,5"], T.NUMERIC, Format(), Format(decimal=",")),
        (["yes"], T.BOOLEAN, Format(true="true", false="false"), Format(true="yes", false="no")),
        (["", ""], T.BIGINT, Format(), Format()),
    ],
)
def test_a_planned_type_holds_and_only_the_format_is_chosen(
    values: list[str], type_: ColumnType, format_: Format, chosen: Format
) -> None:
    profile = TableProfile(["c"])
    profile.observe(chunk(values))
    (column,) = profile.decide(planned=planned(type_, format_))
    assert column.type is type_
    assert column.format == chosen


@pytest.mark.parametrize(
    ("values", "given", "type_", "chosen"),
    [
        (["01/02/2023"], {"day_first": False}, T.DATE, Format(pattern="%m/%d/%Y")),
        (["1/2/2023"], {"day_first": False}, T.DATE, Format(pattern="%-m/%-d/%Y")),
        (["25/12/2023"], {"day_first": False}, T.DATE, Format(pattern="%d/%m/%Y")),
        (["2023-02-01"], {"day_first": False}, T.DATE, Format(pattern="%Y-%m-%d")),
        (["1.234"], {"decimal": ","}, T.NUMERIC, Format(decimal=",", thousands=".")),
        (["1.5"], {"decimal": ","}, T.NUMERIC, Format()),
        (["12"], {"decimal": ","}, T.BIGINT, Format()),
    ],
)
def test_in_a_planned_column_a_persons_word_goes_before_the_datasets_own_format(
    values: list[str], given: dict[str, Any], type_: ColumnType, chosen: Format
) -> None:
    profile = TableProfile(["c"])
    profile.observe(chunk(values))
    own = Format(pattern="%d/%m/%Y") if type_ is T.DATE else Format()
    (column,) = profile.decide(planned=planned(type_, own), **given)
    assert (column.type, column.format) == (type_, chosen)


@pytest.mark.parametrize(
    ("values", "given", "because"),
    [
        (["01/02/2023"], {"day_first": True}, "day first as you chose."),
        (["1.234"], {"decimal": ","}, '"," being the decimal mark, as you chose.'),
    ],
)
def test_evidence_says_what_was_told(values: list[str], given: dict[str, Any], because: str) -> None:
    profile = TableProfile(["c"])
    profile.observe(chunk(values))
    assert because in evidence_in_words(profile.decide(**given)[0].evidence)


@pytest.mark.parametrize(
    ("values", "words", "type_"),
    [
        (["1", "2", "NA"], ("NA",), T.BIGINT),
        (["C", "1", "2.5", "S", "3"], ("C", "S"), T.NUMERIC),
        ([":", ":", "7", "8", "9"], (":",), T.BIGINT),
        (["2024-01-31", "n. d.", "2024-02-29", "x", "2024-03-01"], ("n. d.", "x"), T.DATE),
        (["NA", "NA", "NA", "5"], ("NA",), T.BIGINT),
        (["NA", "yes", "no"], ("NA",), T.BOOLEAN),
        (["yes", "no", "-"], ("-",), T.BOOLEAN),
    ],
)
def test_few_words_among_figures_are_suggested_as_empty(
    values: list[str], words: tuple[str, ...], type_: ColumnType
) -> None:
    profile = TableProfile(["c"])
    profile.observe(chunk(values))
    (column,) = profile.decide()
    assert column.suggestion == Suggestion(null_words=words, type=type_)
    assert f"read as empty it is {type_}." in evidence_in_words(column.evidence)


@pytest.mark.parametrize(
    "values",
    [
        ["Anna", "Bert", "Carla"],
        ["x", "x", "x", "5"],
        ["a", "b", "c", "d", "e", "f", *"1234567"],
        ["1", "2", "A7"],
        ["1", "2", "x", "12a"],
        ["1", "confidential until the end of next year"],
        ["yes", "no", "perhaps"],
        ["NA", "NA"],
    ],
)
def test_nothing_is_suggested_for_text(values: list[str]) -> None:
    profile = TableProfile(["c"])
    profile.observe(chunk(values))
    (column,) = profile.decide()
    assert column.suggestion is None
    assert "read as empty" not in evidence_in_words(column.evidence)


@pytest.mark.parametrize(
    ("values", "alternatives"),
    [
        (
            ["01/02/2024", "03/04/2024"],
            (
                Suggestion(null_words=(), type=T.DATE, day_first=True),
                Suggestion(null_words=(), type=T.DATE, day_first=False),
            ),
        ),
        (
            ["1.234"],
            (
                Suggestion(null_words=(), type=T.NUMERIC, decimal="."),
                Suggestion(null_words=(), type=T.BIGINT, decimal=","),
            ),
        ),
        (["31/01/2024"], ()),
        (["1.5"], ()),
        (["abc"], ()),
    ],
)
def test_both_ways_to_read_a_column_are_suggested(values: list[str], alternatives: tuple[Suggestion, ...]) -> None:
    profile = TableProfile(["c"])
    profile.observe(chunk(values))
    assert profile.decide()[0].alternatives == alternatives


def test_words_that_make_rows_rejects_of_a_dataset_are_suggested_too() -> None:
    profile = TableProfile(["c"])
    profile.observe(chunk(["1", "x", "2"]))
    (column,) = profile.decide(planned=planned(T.NUMERIC, Format()))
    assert column.suggestion == Suggestion(null_words=("x",), type=T.NUMERIC)


@pytest.mark.parametrize(
    ("values", "settled"),
    [(["1"], True), (["a"], True), ([""], False), (["1.234"], False), (["NO"], False), (["01/02/2023"], False)],
)
def test_profile_knows_when_more_rows_could_change_its_mind(values: list[str], *, settled: bool) -> None:
    profile = TableProfile(["c"])
    profile.observe(chunk(values))
    assert profile.settled() is settled


def test_a_value_that_does_not_fit_makes_its_row_a_reject() -> None:
    columns = (
        Column(label="Price", name="price", type=T.NUMERIC),
        Column(label="n", name="n", type=T.BIGINT),
        Column(label="t", name="t", type=T.TEXT),
    )
    typed = convert(chunk(["1.5", "1,5x", "", "2"], ["1", "2", "x", ""], ["a", " b ", "", "d"]), columns, delimiter=";")
    assert typed.batch.to_pylist() == [
        {"_row": 2, "price": "1.5", "n": 1, "t": "a"},
        {"_row": 5, "price": "2", "n": None, "t": "d"},
    ]
    first, second = typed.rejects
    assert (first.row, first.code, first.column, first.value) == (3, "bad_value", "Price", "1,5x")
    assert reason_in_words(first.reason) == '"1,5x" is not a number'
    assert first.raw == "1,5x;2; b "
    assert (second.row, second.column, reason_in_words(second.reason)) == (4, "n", '"x" is not a whole number')


def test_every_misfit_of_a_row_is_named() -> None:
    columns = tuple(Column(label=name, name=name, type=T.BIGINT) for name in "ab")
    (reject,) = convert(chunk(["x"], ["y"]), columns).rejects
    assert reason_in_words(reject.reason) == 'a: "x" is not a whole number; b: "y" is not a whole number'


def test_text_keeps_its_spaces_and_only_empty_is_null() -> None:
    typed = convert(chunk([" a ", "", " "]), (Column(label="t", name="t", type=T.TEXT),))
    assert typed.batch.column(1).to_pylist() == [" a ", None, " "]
