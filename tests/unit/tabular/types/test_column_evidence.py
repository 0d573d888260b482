"""What a column's evidence says: how many values, which one ruled a type out, what was told."""

from typing import Any

import pytest

from tests.unit.tabular.types.decided import T, chunk, decide
from uploads.tabular.sentences.evidence import evidence_in_words
from uploads.tabular.types.table_profile import TableProfile


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
        (
            ["1", "007"],
            (
                'text, because line 3 holds "007", whose leading zero a number would lose'
                " (the only value that does not fit)."
            ),
        ),
        (
            ["−1.5", "2"],
            (
                'text, because line 2 holds "−1.5", whose “−” is not the minus sign of numbers (-).'
                ' With "−1.5" read as -1.5, all are decimal numbers.'
            ),
        ),
        (["−x", "2"], 'text, because line 2 holds "−x".'),
        (
            ["+6421", "+6422"],
            (
                'text, because line 2 holds "+6421", whose plus sign a number would lose.'
                ' With "+6421" read as 6421, all are whole numbers.'
            ),
        ),
        (["1", "2.5"], 'numeric: both values are decimal numbers (such as "2.5" in line 3).'),
        (
            ["1", "12345678901234567890"],
            (
                "numeric: both values are decimal numbers; "
                'line 3 holds "12345678901234567890", which is longer than a whole number can be here (19 digits).'
            ),
        ),
        (
            ["1e5", "A12"],
            (
                'text, because line 2 holds "1e5", which is kept as it is written; as a number it would be 100000'
                " (the first of 2 values that a number would not keep as they are written)."
            ),
        ),
        (["2.5"], 'numeric: the only value is a decimal number ("2.5" in line 2).'),
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
        (["2,11,101"], 'text, because line 2 holds "2,11,101". With "2,11,101" read as 211101, all are whole numbers.'),
        (["abc", "1"], 'text, because line 2 holds "abc".'),
        (["", ""], "text, because the column is empty."),
        (
            ["1", "-", "", "x"],
            (
                'text, because line 3 holds "-", which is not a number (the first of 2 values that do not fit);'
                " 1 cell is empty (line 4)."
            ),
        ),
        (
            ["1", " ", "", "x"],
            (
                'text, because line 5 holds "x", which is not a number (the only value that does not fit);'
                " 1 cell is empty (line 4)."
            ),
        ),
        (["-", "1", "N/A"], 'text, because line 2 holds "-". With "-" and "N/A" read as empty, all are whole numbers.'),
        (
            ["3.1.2026", "17.02.2026", "Sum"],
            (
                'text, because line 3 holds "17.02.2026", which is not written as D.M.YYYY as those above it are'
                " (the first of 2 values that do not fit)."
            ),
        ),
        (
            ["yes", "no", "3.1.2026"],
            'text, because line 4 holds "3.1.2026", which is not "yes" or "no" (the only value that does not fit).',
        ),
        (["F", *"FRRRRRRRRRR"], 'text, because line 4 holds "R".'),  # codes, and no words for yes and no
        (
            [*"FTFT", "R"],
            'text, because line 6 holds "R", which is not "T" or "F" (the only value that does not fit).',
        ),
        (
            ["3.1.2026", "soon"],
            (
                'text, because line 3 holds "soon", which is not a date written as D.M.YYYY'
                " (the only value that does not fit)."
            ),
        ),
        (["NO", ""], 'text, because "NO" stands alone, without its opposite; 1 cell is empty (line 3).'),
        (["01/02/2023"], 'text, because "01/02/2023" and all other values fit day first and month first.'),
    ],
)
def test_evidence_names_the_value_that_ruled_out_the_narrower_type(values: list[str], evidence: str) -> None:
    assert evidence_in_words(decide(values)[0].evidence) == evidence


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
    ("cell", "what"),
    [
        *(("07:30", "a time of day"), ("-6:00:00", "a length of time"), ("25:30", "a length of time"), ("6:75", "")),
        *(
            (month, "a date without a day or a year")
            for month in ("Oct-14", "May 2024", "3 August", "2024-05", "5/2024")
        ),
        *((other, "") for other in ("Mark 14", "2024-13", "Oct-2", "2024-5-6-7")),
    ],
)
def test_times_for_which_there_is_no_type_are_called_by_their_name(cell: str, what: str) -> None:
    (column,) = decide([cell])
    why = f", {what}, for which there is no type" if what else ""
    assert evidence_in_words(column.evidence) == f'text, because line 2 holds "{cell}"{why}.'


@pytest.mark.parametrize(
    ("values", "how_many"),
    [
        (["1", "2x", "3", "4.5", "5y"], "(the first of 2 values that do not fit)"),
        (["1", "2x", "3,5"], "(the only value that does not fit)"),
        (["1", "N/A", "3", "", "N/A"], "(the first of 2 values that do not fit)"),
    ],
)
def test_values_that_do_not_fit_are_counted(values: list[str], how_many: str) -> None:
    (column,) = decide(values)
    assert column.type is T.TEXT
    assert how_many in evidence_in_words(column.evidence)


def test_what_is_text_from_its_first_value_on_counts_none() -> None:
    (column,) = decide(["Oslo", "2"])
    assert evidence_in_words(column.evidence) == 'text, because line 2 holds "Oslo".'


def test_values_of_later_chunks_are_counted_too() -> None:
    profile = TableProfile(["c"])
    for first in range(0, 400, 200):
        profile.observe(chunk([*map(str, range(199)), "2x"], first=first + 2))
    assert "(the first of 2 values" in evidence_in_words(profile.decide()[0].evidence)


def test_where_most_later_values_do_not_fit_they_are_not_counted() -> None:
    profile = TableProfile(["c"])
    for first in range(0, 24_000, 12_000):
        profile.observe(chunk(["1", *["2x"] * 11_999], first=first + 2))
    assert "(the first value that does not fit)" in evidence_in_words(profile.decide()[0].evidence)


def test_words_read_as_empty_are_not_counted_as_misfits() -> None:
    profile = TableProfile(["c"], null_words=["?"])
    cells = [["1", "2x", "?"], ["3", "?", "4y"]]
    profile.observe(chunk(cells[0]))
    profile.count(chunk(cells[1], first=5), [0])
    assert "(the first of 2 values" in evidence_in_words(profile.decide()[0].evidence)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (["15/03/2567", "31/12/2565"], ", of 2565 to 2567: if these are Buddhist years, of 2022 to 2024."),
        (["2567-03-15T10:00:00Z"], ", of 2567: if these are Buddhist years, of 2024."),
        (["2567-03-15", "2024-01-01"], "written as YYYY-MM-DD."),
        (["9999-12-31", "9999-12-30"], "written as YYYY-MM-DD."),
        (["2566", "2567"], "bigint: both values are whole numbers."),
    ],
)
def test_dates_of_years_that_only_the_buddhist_era_has_reached_are_told(values: list[str], told: str) -> None:
    (column,) = decide(values)
    assert evidence_in_words(column.evidence).endswith(told)
