"""Readings for the asking: each prints back every value that it reads, and is offered where a column has it."""

from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.unit.tabular.types.decided import decide
from uploads.tabular.chunks import TextChunk
from uploads.tabular.evidence import GroundKind
from uploads.tabular.sentences.reasons import reason_in_words
from uploads.tabular.table import Column, ColumnType, Format
from uploads.tabular.types.candidates import candidate_of
from uploads.tabular.types.conversion import convert, render
from uploads.tabular.types.notations.zoned_times import ANY_ZONE
from uploads.tabular.types.offers.opt_in import is_loose, opt_in_readings
from uploads.tabular.types.retyping import Ambiguous, Retyping

T = ColumnType


def asked(
    values: list[str], type_: ColumnType, *, most: bool = False, truth: tuple[str, str] | None = None
) -> tuple[Column, list[Any], list[str]]:
    """The column as it becomes, its values, and those that do not fit."""
    (found,) = decide(values)
    plain = found.type if found.type in (T.BIGINT, T.TEXT) else T.TEXT
    retyping = Retyping((Column(label="c", name="c", type=plain),), {"c": type_}, ())
    stored = pa.array([value or None for value in values], pa.string())
    retyping.observe(pa.array(range(len(values)), pa.int64()), [stored])
    retyping.choose_formats(*retyping.shown(), most=most, truth=truth)
    converted = retyping.convert({"c": stored})
    new, typed = retyping.new[0], converted.values["c"]
    back = converted.kept.over(0, converted.places, render(new, typed))
    assert back.to_pylist() == [values[place] for place in converted.places.to_pylist()]
    return new, typed.to_pylist(), [misfit.value for misfit in converted.misfits]


def test_a_value_that_no_sample_has_is_offered_to_be_read_too() -> None:
    values = [f"{number}.50" for number in range(1, 201)]
    values[101] = "1.00-"
    (way,) = decide(values)[0].alternatives
    assert (way.type, way.rejects, way.example, way.read_as) == (T.NUMERIC, False, "1.00-", "-1.00")


@pytest.mark.parametrize(
    ("values", "type_", "read"),
    [
        (["1.25%", "-2.25%", "0.00%", ""], T.NUMERIC, ["1.25", "-2.25", "0.00", None]),
        (["5 %", "12 %"], T.BIGINT, [5, 12]),
        (["$1,001.56", "($987.02)", "$0.00"], T.NUMERIC, ["1001.56", "-987.02", "0.00"]),
        (["-$5.10", "$12.00"], T.NUMERIC, ["-5.10", "12.00"]),
        (["1.234,50 €", "-3,00 €"], T.NUMERIC, ["1234.50", "-3.00"]),
        (["USD 5", "USD 12"], T.BIGINT, [5, 12]),
        (["CHF 1'234.50", "CHF 2.00"], T.NUMERIC, ["1234.50", "2.00"]),
        (["R$ 1.234,56", "R$ 0,50"], T.NUMERIC, ["1234.56", "0.50"]),
        (["(3.65)", "1,004.00"], T.NUMERIC, ["-3.65", "1004.00"]),
        (["30.00-", "20.00", "0.00"], T.NUMERIC, ["-30.00", "20.00", "0.00"]),
        (["\u22121.5", "2.5"], T.NUMERIC, ["-1.5", "2.5"]),
        (["\u20132,6", "2,5"], T.NUMERIC, ["-2.6", "2.5"]),
        (["+5", "-3", "0"], T.BIGINT, [5, -3, 0]),
        (["+5", "-3", "+0"], T.BIGINT, [5, -3, 0]),
        (["2,11,101", "-3,12,102", "101"], T.BIGINT, [211101, -312102, 101]),
        (["11,11,11,101.50", "1,000.5"], T.NUMERIC, ["111111101.50", "1000.5"]),
        (["5 kg", "12 kg"], T.BIGINT, [5, 12]),
        (["٣", "١٢"], T.BIGINT, [3, 12]),
        (["१२", "३"], T.BIGINT, [12, 3]),
        (["١٢٣٫٥", "٣"], T.NUMERIC, ["123.5", "3"]),
        (["۱۲", "۳"], T.BIGINT, [12, 3]),
        (["１２", "３"], T.BIGINT, [12, 3]),
        (["1.00E+11", "-2.50E-03"], T.DOUBLE, [1e11, -0.0025]),
        (["1e5", "2e-7"], T.DOUBLE, [1e5, 2e-7]),
        (["20240131", "20231201"], T.DATE, [date(2024, 1, 31), date(2023, 12, 1)]),
        (["20240131093000"], T.TIMESTAMP, [datetime(2024, 1, 31, 9, 30)]),  # noqa: DTZ001 - no zone is the point
        (["1717000001", "1717000002"], T.TIMESTAMP, [datetime(2024, 5, 29, 16, 26, 41 + step) for step in (0, 1)]),  # noqa: DTZ001
        (["1717000001250"], T.TIMESTAMP, [datetime(2024, 5, 29, 16, 26, 41, 250_000)]),  # noqa: DTZ001
        (["1. Januar 2026", "12. März 2026"], T.DATE, [date(2026, 1, 1), date(2026, 3, 12)]),
        (["1 de enero de 2026", "15 de marzo de 2026"], T.DATE, [date(2026, 1, 1), date(2026, 3, 15)]),
        (["1 января 2026 г.", "22 февраля 2026 г."], T.DATE, [date(2026, 1, 1), date(2026, 2, 22)]),
        (["01 OCAK 2026", "15 NİSAN 2026"], T.DATE, [date(2026, 1, 1), date(2026, 4, 15)]),
        (["7 févr. 2026", "10 août 2026"], T.DATE, [date(2026, 2, 7), date(2026, 8, 10)]),
        (["1 gennaio 2026", "12 febbraio 2026"], T.DATE, [date(2026, 1, 1), date(2026, 2, 12)]),
        (["1 de janeiro de 2026", "12 de março de 2026"], T.DATE, [date(2026, 1, 1), date(2026, 3, 12)]),
        (["1 maart 2026", "5 mei 2026"], T.DATE, [date(2026, 3, 1), date(2026, 5, 5)]),
        (["1 stycznia 2026", "5 maja 2026"], T.DATE, [date(2026, 1, 1), date(2026, 5, 5)]),
        (["1 januari 2026", "5 maj 2026"], T.DATE, [date(2026, 1, 1), date(2026, 5, 5)]),
        (["1. ledna 2026", "5. května 2026"], T.DATE, [date(2026, 1, 1), date(2026, 5, 5)]),
        (["1. tammikuuta 2026", "5. toukokuuta 2026"], T.DATE, [date(2026, 1, 1), date(2026, 5, 5)]),
        (["1 Ιανουαρίου 2026", "5 Μαΐου 2026"], T.DATE, [date(2026, 1, 1), date(2026, 5, 5)]),
        (["2026년 1월 5일", "2026년 12월 15일"], T.DATE, [date(2026, 1, 5), date(2026, 12, 15)]),
        (["Montag, 5. Januar 2026 08:30"], T.TIMESTAMP, [datetime(2026, 1, 5, 8, 30)]),  # noqa: DTZ001
        (["2026年1月5日", "2026年12月15日"], T.DATE, [date(2026, 1, 5), date(2026, 12, 15)]),
        (["31.05.2026 23:00", "31.05.2026 24:00"], T.TIMESTAMP, [datetime(2026, 5, 31, 23), datetime(2026, 6, 1)]),  # noqa: DTZ001
        (["31.12.2026 24:00:00"], T.TIMESTAMP, [datetime(2027, 1, 1)]),  # noqa: DTZ001
    ],
)
def test_value_is_read_and_printed_back(values: list[str], type_: ColumnType, read: list[object]) -> None:
    column, typed, misfits = asked(values, type_)
    assert (column.type, typed, misfits) == (type_, read, [])


@pytest.mark.parametrize("words", [("ja", "nein"), ("1", "0"), ("X", "O")])
def test_named_words_are_yes_and_no(words: tuple[str, str]) -> None:
    values = [words[0], words[1], words[0]]
    assert asked(values, T.BOOLEAN, truth=words)[1:] == ([True, False, True], [])


def test_exponents_of_all_kinds_are_read_and_each_is_kept() -> None:
    _, typed, _ = asked(["1E-2", "10E-2", "1.5e3"], T.DOUBLE)
    assert typed == [0.01, 0.1, 1500.0]


def test_offsets_of_many_places_are_moments_and_each_is_kept() -> None:
    values = ["2026-01-01T12:00:00+01:00", "2026-01-01T12:00:00+09:00"]
    (column,) = decide(values)
    (way,) = column.alternatives
    assert (column.type, way.type, way.is_loose) == (T.TEXT, T.TIMESTAMPTZ, True)
    column, typed, misfits = asked(values, T.TIMESTAMPTZ)
    assert [f"{moment:%H:%M}" for moment in typed] == ["11:00", "03:00"]
    assert (is_loose(candidate_of(column.type, column.format)), misfits) == (True, [])


def test_zone_is_told_although_a_value_is_odd() -> None:
    values = [f"2026-{month:02d}-01T12:00:00+0{1 + (3 < month < 11)}:00" for month in range(1, 13)]
    column, typed, misfits = asked([*values, "unknown"], T.TIMESTAMPTZ, most=True)
    assert (column.format.zone != ANY_ZONE, len(typed), misfits) == (True, 12, ["unknown"])


def test_sign_that_only_one_late_value_has_is_found() -> None:
    values = [f"${number}.00" for number in range(1, 5_000)] + ["($7.00)"]
    _, typed, misfits = asked(values, T.NUMERIC)
    assert (typed[-1], misfits) == ("-7.00", [])


@pytest.mark.parametrize(
    ("values", "type_", "misfits"),
    [
        (["$1.00", "£2.00", "$3.00"], T.NUMERIC, ["£2.00"]),
        (["1.00%", "2.00", "3.00%"], T.NUMERIC, ["2.00"]),
        (["30.05.2026 24:00", "31.05.2026 00:00", "32.05.2026 24:00"], T.TIMESTAMP, ["32.05.2026 24:00"]),
        (["1. Januar 2026", "31. Februar 2026", "2. März 2026"], T.DATE, ["31. Februar 2026"]),
        (["20240131", "20240231", "20240301"], T.DATE, ["20240231"]),
        (["+5", "-3", "007"], T.BIGINT, ["007"]),
        (["x2", "4.50", "x3"], T.NUMERIC, ["x2", "x3"]),
    ],
)
def test_what_cannot_be_printed_back_does_not_fit(values: list[str], type_: ColumnType, misfits: list[str]) -> None:
    assert asked(values, type_, most=True)[2] == misfits


@pytest.mark.parametrize(
    ("values", "type_", "read"),
    [
        (["+5", "8", "-3", "+0"], T.BIGINT, [5, 8, -3, 0]),
        (["(5)", "5", "5-", "\u22125", "(0)"], T.BIGINT, [-5, 5, -5, -5, 0]),
        (["\u20135", "5", "\u20145", "\u20105", "\uff0d5"], T.BIGINT, [-5, 5, -5, -5, -5]),
        (["1.234,50", "1234,50", "1.234"], T.NUMERIC, ["1234.50", "1234.50", "1234"]),
        (["2,11,101", "211101", "11,111"], T.BIGINT, [211101, 211101, 11111]),
        (["$1.00", "2.00", "($3.00)", "-$4.00", "$5.00-"], T.NUMERIC, ["1.00", "2.00", "-3.00", "-4.00", "-5.00"]),
        (["5%", "-7 %", "(3%)"], T.BIGINT, [5, -7, -3]),
        (["٣", "5", "+7"], T.BIGINT, [3, 5, 7]),
        (["30.05.2026 24:00", "31.05.2026 00:00"], T.TIMESTAMP, [datetime(2026, 5, 31)] * 2),  # noqa: DTZ001
        (["5 Jan 2026", "05 January 2026", "1 Sept 2026"], T.DATE, [date(2026, 1, 5)] * 2 + [date(2026, 9, 1)]),
        (["Jan. 5, 2026", "DECEMBER 1, 2026"], T.DATE, [date(2026, 1, 5), date(2026, 12, 1)]),
        (["1. Januar 2026", "3. Mär 2026"], T.DATE, [date(2026, 1, 1), date(2026, 3, 3)]),
        (["1E-2", "0.5", "1.50e+3"], T.DOUBLE, [0.01, 0.5, 1500.0]),
    ],
)
def test_notations_of_one_family_are_read_together_and_offered(
    values: list[str], type_: ColumnType, read: list[object]
) -> None:
    (way,) = decide(values)[0].alternatives
    assert (way.type, way.rejects) == (type_, False)
    assert asked(values, type_)[1:] == (read, [])


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(["50%", "0.5", "12%", "0.25"], id="shares of one and of a hundred"),
        pytest.param(["$1.00", "€2.00", "$3.00", "€4.00"], id="two currencies"),
        pytest.param(["1,234.50", "1.234,50"], id="two decimal marks"),
        pytest.param(["1 maja 2026", "5 listopada 2026", "7 studenoga 2026"], id="months of two languages"),
        pytest.param(["+4915112345678", "4915112345679"], id="telephone numbers"),
    ],
)
def test_what_may_mean_two_things_is_not_offered_together(values: list[str]) -> None:
    assert [way for way in decide(values)[0].alternatives if not way.rejects] == []


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["$1.00", "€2.00", "$3.00"], GroundKind.CURRENCIES),
        (["50%", "0.5", "12%"], GroundKind.SHARES),
    ],
)
def test_numbers_that_are_none_of_one_kind_are_refused_with_the_reason(values: list[str], kind: GroundKind) -> None:
    with pytest.raises(Ambiguous) as refused:
        asked(values, T.NUMERIC)
    assert refused.value.doubt.kind is kind


def test_mixed_numbers_of_which_each_may_be_two_are_asked() -> None:
    ways = decide(["+1.234", "5.678", "+12.000"])[0].alternatives
    assert [(way.decimal, way.read_as) for way in ways] == [(".", "1.234"), (",", "1234")]


@pytest.mark.parametrize("values", [["$1.234", "$2.500"], ["€1,234", "€5,678"]])
def test_mark_in_doubt_stays_in_doubt(values: list[str]) -> None:
    with pytest.raises(Ambiguous):
        asked(values, T.NUMERIC)


@pytest.mark.parametrize(
    ("values", "offered"),
    [
        (["$1,001.56", "($987.02)"], (T.NUMERIC, "($987.02)", "-987.02")),
        (["1.25%", "2.50%"], (T.NUMERIC, "1.25%", "1.25")),
        (["1717000001", "1717000002"], (T.TIMESTAMPTZ, "1717000001", "2024-05-29 16:26:41 UTC")),
        (["20240131", "20231201"], (T.DATE, "20240131", "2024-01-31")),
        (["1. Januar 2026", "5. Mai 2026"], (T.DATE, "1. Januar 2026", "2026-01-01")),
    ],
)
def test_reading_is_offered_with_an_example(values: list[str], offered: tuple[ColumnType, str, str]) -> None:
    (column,) = decide(values)
    assert [(way.type, way.example, way.read_as) for way in column.alternatives] == [offered]


def test_column_of_numbers_with_one_odd_value_is_offered_without_its_row() -> None:
    (column,) = decide([*(f"{number}.50" for number in range(1, 50)), "12.5x"])
    (way,) = column.alternatives
    assert (column.type, way.type, way.rejects, way.example) == (T.TEXT, T.NUMERIC, True, "12.5x")


@pytest.mark.parametrize(
    ("values", "words", "type_"),
    [
        pytest.param(["0", "12", *["<=5"] * 40, *["7"] * 60], ("<=5",), T.BIGINT, id="few people"),
        pytest.param(["1.5", "<0.5", "2.25", "< 1", "<0.5"], ("< 1", "<0.5"), T.NUMERIC, id="below what is measured"),
        pytest.param([*["10"] * 3000, "<5"], ("<5",), T.BIGINT, id="one that no sample has"),
    ],
)
def test_figures_that_are_kept_back_are_offered_to_be_empty(
    values: list[str], words: tuple[str, ...], type_: ColumnType
) -> None:
    way = decide(values)[0].alternatives[0]
    assert (way.null_words, way.type, way.rejects) == (words, type_, False)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(["<5", "5-9", "10-14", "<5"], id="classes"),
        pytest.param(["<1", "<2", "<3", "<4", "5"], id="many bounds"),
        pytest.param(["<5", "Ann", "Bo"], id="words"),
        pytest.param(["<5", "<5", "<5"], id="nothing else"),
    ],
)
def test_bounds_among_other_values_are_not_offered_to_be_empty(values: list[str]) -> None:
    assert [way for way in decide(values)[0].alternatives if way.null_words] == []


@pytest.mark.parametrize("words", [("Ja", "Nein"), ("oui", "non"), ("TAK", "NIE"), ("да", "нет"), ("はい", "いいえ")])
def test_two_words_are_offered_as_yes_and_no(words: tuple[str, str]) -> None:
    (column,) = decide([words[1], words[0], words[1]])
    (way,) = column.alternatives
    assert (way.type, way.true_word, way.false_word) == (T.BOOLEAN, *words)


@pytest.mark.parametrize(
    ("values", "words", "empty", "stranger"),
    [
        pytest.param(
            ["true", "false"] * 20 + ["perhaps"], ("true", "false"), (), "perhaps", id="words that need no asking"
        ),
        pytest.param(["Nein", "Ja"] * 20 + ["vielleicht"], ("Ja", "Nein"), (), "vielleicht", id="words for the asking"),
        pytest.param(["ja", "nein"] * 20 + ["-"], ("ja", "nein"), ("-",), "", id="a mark for no value"),
        pytest.param(["ja", "nein"] * 40 + ["-", "bald"], ("ja", "nein"), ("-",), "bald", id="a mark and a word"),
    ],
)
def test_few_other_values_beside_yes_and_no_are_offered_without_their_rows(
    values: list[str], words: tuple[str, str], empty: tuple[str, ...], stranger: str
) -> None:
    (way,) = decide(values)[0].alternatives
    assert (way.type, (way.true_word, way.false_word), way.null_words) == (T.BOOLEAN, words, empty)
    assert (way.rejects, way.example) == (bool(stranger), stranger or words[0])


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(["yes", "no"] * 20 + ["maybe"] * 3, id="a third answer of many"),
        pytest.param(["Ann", "Bob"] * 20 + ["Cid"], id="names"),
    ],
)
def test_other_words_of_which_two_stand_in_most_rows_are_no_yes_and_no(values: list[str]) -> None:
    assert decide(values)[0].alternatives == ()


@pytest.mark.parametrize(
    "values",
    [
        ["+64211234567", "+4915112345678"],
        ["12 Main St", "7 High Rd"],
        ["5 kg", "12 kg"],
        ["A-1001", "A-1002"],
        ["12345678", "98765432"],
        ["1", "2", "3"],
        ["7000000000000", "7000000000001"],
        ["male", "female"],
        ["10.1.2.3", "10.1.2.4"],
        ["007", "012"],
        ["1 Corinthians 1611", "2 Kings 1611"],
    ],
)
def test_nothing_is_offered_where_it_would_be_a_guess(values: list[str]) -> None:
    assert decide(values)[0].alternatives == ()


def test_zero_date_may_mean_empty() -> None:
    (column,) = decide(["2024-01-31", "0000-00-00", "2024-02-01"])
    assert column.suggestion is not None
    assert (column.suggestion.type, column.suggestion.null_words) == (T.DATE, ("0000-00-00",))


_CELLS = st.one_of(
    st.text(max_size=12),
    st.from_regex(r"[-+($€%\u2212 ]{0,2}[0-9]{1,4}([.,' ][0-9]{2,3}){0,2}[-)%€ ]{0,2}", fullmatch=True),
    st.from_regex(r"[0-9]{1,2}\. ?(März|Mai|Dezember|mars) 20[0-9]{2}", fullmatch=True),
    st.from_regex(r"[0-9]{8,14}", fullmatch=True),
    st.from_regex(r"-?[0-9](\.[0-9]{1,2})?[eE][-+]?[0-9]{1,3}", fullmatch=True),
    st.from_regex(r"[0-3][0-9]\.0[1-9]\.2026 (24|23|00):00", fullmatch=True),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(_CELLS.map(str.strip).filter(bool), min_size=1, max_size=12))
@example(["2e308"])
@example(["%", "5%"])
@example(["a\n5", "a\n6", "a\t7"])
def test_every_reading_prints_back_what_it_reads(values: list[str]) -> None:
    texts = pa.array(values, pa.string())
    for candidate in opt_in_readings(values):
        fits = pc.fill_null(candidate.mask(texts), fill_value=False)
        kept = texts.filter(fits)
        if len(kept) and not is_loose(candidate):
            assert candidate.render(candidate.parse(kept)).to_pylist() == kept.to_pylist(), candidate
    decide(values)


@pytest.mark.parametrize(
    ("type_", "how", "words"),
    [
        (
            T.TIMESTAMP,
            Format(pattern="~%d.%m.%Y %+H:%M"),
            "is not a date with time written as DD.MM.YYYY hh (to 24):mm",
        ),
        (T.BIGINT, Format(pattern="~"), "is not a whole number"),
    ],
)
def test_misfit_of_mixed_notations_is_told_without_their_sign(type_: ColumnType, how: Format, words: str) -> None:
    chunk = TextChunk(rows=pa.array([1], pa.int64()), cells=(pa.array(["x"]),))
    [reject] = convert(chunk, [Column(label="c", name="c", type=type_, format=how)]).rejects
    assert reason_in_words(reject.reason) == f'"x" {words}'
