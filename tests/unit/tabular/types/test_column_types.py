"""Which type a column has by its values, and what becomes of those that don't fit it."""

import pytest

from tests.unit.tabular.types.decided import T, chunk, decide
from uploads.tabular.sentences.evidence import evidence_in_words
from uploads.tabular.sentences.reasons import reason_in_words
from uploads.tabular.table import Column, ColumnType, Format
from uploads.tabular.types.conversion import convert, render
from uploads.tabular.types.table_profile import TableProfile


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
        'text, because line 1,003 holds "N/A", which is not a number (the only value that does not fit).'
        ' With "N/A" read as empty, all are decimal numbers.'
    )


def test_chunk_of_nothing_but_spaces_changes_nothing() -> None:
    profile = TableProfile(["n"])
    profile.observe(chunk(["1"]))
    profile.observe(chunk([" "]))
    assert profile.decide()[0].type is T.BIGINT


def test_null_words_are_null_once_a_person_says_so() -> None:
    profile = TableProfile(["n", "t"], null_words={"-", "NA"})
    rows = chunk(["1", "-", " NA "], ["a", "NA", ""])
    profile.observe(rows)
    columns = profile.decide()
    assert [column.type for column in columns] == [T.BIGINT, T.TEXT]
    typed = convert(rows, columns, null_words={"-", "NA"}).batch
    assert typed.column(1).to_pylist() == [1, None, None]
    assert typed.column(2).to_pylist() == ["a", None, None]


def test_grouped_number_late_in_a_column_of_small_ones_is_still_a_number() -> None:
    profile = TableProfile(["price"])
    profile.observe(chunk(["12.50", "999.00"] * 100))
    profile.observe(chunk(["1,234.50"]))
    (column,) = profile.decide()
    assert (column.type, column.format) == (T.NUMERIC, Format(thousands=","))


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


@pytest.mark.parametrize(
    ("type_", "how"),
    [
        (T.DOUBLE, Format(pattern="r")),
        (T.DOUBLE, Format(pattern="~")),
        (T.NUMERIC, Format()),
        (T.BIGINT, Format()),
        (T.DATE, Format(pattern="%Y-%m-%d")),
        (T.BOOLEAN, Format(true="ja", false="nein")),
    ],
)
def test_blank_cell_beside_a_misfit_is_null(type_: ColumnType, how: Format) -> None:
    typed = convert(chunk(["", "misfit"]), (Column(name="c", label="c", type=type_, format=how),))

    assert (typed.batch.column("c").to_pylist(), [reject.row for reject in typed.rejects]) == ([None], [3])
