"""Every kind of evidence has its sentence, made from its figures, and comes back from JSON."""

import json
import re
from typing import Any

import pytest

from uploads.tabular.evidence import Evidence, EvidenceKind, Ground, GroundKind
from uploads.tabular.sentences.evidence import evidence_in_words, ground_in_words

WHOLE: dict[str, Any] = {"type": "bigint", "format": {}, "because": None, "widened": None}
COMMA: dict[str, Any] = {"type": "numeric", "format": {"decimal": ",", "thousands": "."}}
STRANGER: dict[str, Any] = {"row_word": "line", "row": 812_334, "value": "N/A", "suggested": None}
WIDE: dict[str, Any] = {"row_word": "row", "row": 7, "value": "1.5"}


def evidence(kind: EvidenceKind, figures: dict[str, Any], **more: Any) -> Evidence:
    return Evidence.of(kind, **{**figures, **more})


SENTENCES = [
    (evidence(EvidenceKind.ALL_VALUES, WHOLE, values=17_028), "bigint: all 17,028 values are whole numbers."),
    (
        evidence(EvidenceKind.ALL_VALUES, WHOLE, values=8_695, blank=4),
        "bigint: all 8,695 values are whole numbers; 4 cells are empty.",
    ),
    (
        evidence(EvidenceKind.ALL_VALUES, WHOLE, values=8_695, blank=2, blank_rows=[7, 1_012], blank_in="row"),
        "bigint: all 8,695 values are whole numbers; 2 cells are empty (rows 7, 1,012).",
    ),
    (
        evidence(EvidenceKind.ALL_VALUES, WHOLE, values=2, blank=1),
        "bigint: both values are whole numbers; 1 cell is empty.",
    ),
    (evidence(EvidenceKind.ALL_VALUES, WHOLE, values=1), "bigint: the only value is a whole number."),
    (
        evidence(EvidenceKind.ALL_VALUES, COMMA, values=2, because=None, widened={**WIDE, "too_long": False}),
        (
            'numeric: both values are decimal numbers with decimal comma and thousands mark "." (such as "1.5" in'
            " row 7)."
        ),
    ),
    (
        evidence(EvidenceKind.ALL_VALUES, {**WHOLE, "format": {"thousands": "\N{NARROW NO-BREAK SPACE}"}}, values=2),
        "bigint: both values are whole numbers with a narrow no-break space as thousands mark.",
    ),
    (
        evidence(
            EvidenceKind.ALL_VALUES,
            {"type": "date", "format": {"pattern": "%d/%m/%Y"}},
            values=3,
            because={"kind": "order_of_others", "order": "dmy"},
            widened=None,
        ),
        "date: all 3 values are dates written as DD/MM/YYYY, day first as in other columns.",
    ),
    (
        evidence(EvidenceKind.STRANGER, STRANGER, unlike={"type": "number"}),
        'text, because line 812,334 holds "N/A", which is not a number.',
    ),
    (
        evidence(EvidenceKind.STRANGER, STRANGER, unlike={"type": "number"}, misfits=1_012),
        'text, because line 812,334 holds "N/A", which is not a number (the first of 1,012 values that do not fit).',
    ),
    (
        evidence(EvidenceKind.STRANGER, STRANGER, unlike={"type": "number"}, misfits=1),
        'text, because line 812,334 holds "N/A", which is not a number (the only value that does not fit).',
    ),
    (
        evidence(EvidenceKind.STRANGER, STRANGER, unlike={"type": "number"}, misfits=None, blank=2),
        (
            'text, because line 812,334 holds "N/A", which is not a number (the first value that does not fit);'
            " 2 cells are empty."
        ),
    ),
    (
        evidence(
            EvidenceKind.STRANGER,
            {**STRANGER, "suggested": {"null_words": ["-"], "type": "bigint"}},
            unlike={"type": "number"},
            blank=2,
        ),
        (
            'text, because line 812,334 holds "N/A", which is not a number; 2 cells are empty. With "-" read as empty'
            ", all are whole numbers."
        ),
    ),
    (
        evidence(
            EvidenceKind.STRANGER,
            {**STRANGER, "suggested": {"null_words": ["-", "N/A"], "type": "bigint"}},
            unlike={"lost": "leading zero"},
        ),
        (
            'text, because line 812,334 holds "N/A", whose leading zero a number would lose. With "-" and "N/A" read as'
            " empty, all are whole numbers."
        ),
    ),
    (
        evidence(EvidenceKind.STRANGER, {**STRANGER, "value": "−1.5"}, unlike={"minus": "−"}),
        'text, because line 812,334 holds "−1.5", whose “−” is not the minus sign of numbers (-).',
    ),
    (
        evidence(EvidenceKind.STRANGER, {**STRANGER, "row": 1, "value": "0.00e+00"}, unlike={"reprinted": "0.0"}),
        'text, because line 1 holds "0.00e+00", which is kept as it is written; as a number it would be 0.0.',
    ),
    (
        evidence(EvidenceKind.STRANGER, {**STRANGER, "value": "1e-02"}, unlike={"reprinted": "0.01"}, misfits=14),
        (
            'text, because line 812,334 holds "1e-02", which is kept as it is written; as a number it would be 0.01'
            " (the first of 14 values that a number would not keep as they are written)."
        ),
    ),
    (
        evidence(EvidenceKind.STRANGER, STRANGER, unlike={"reprinted": True}),
        'text, because line 812,334 holds "N/A", which a number would print in another way.',
    ),
    (
        evidence(EvidenceKind.STRANGER, STRANGER, unlike={"type": "boolean", "format": {"true": "yes", "false": "no"}}),
        'text, because line 812,334 holds "N/A", which is not "yes" or "no".',
    ),
    (
        evidence(
            EvidenceKind.IN_DOUBT, {"example": "01/02/2024"}, because={"kind": "orders", "orders": ["dmy", "mdy"]}
        ),
        'text, because "01/02/2024" and all other values fit day first and month first.',
    ),
    (
        evidence(
            EvidenceKind.IN_DOUBT,
            {"example": "13.02.45"},
            because={"kind": "centuries", "first_years": [1930, 1970], "years": [1945, 2045]},
        ),
        'text, because 45 in "13.02.45" may be 1945 or 2045.',
    ),
    (
        evidence(
            EvidenceKind.IN_DOUBT, {"example": "13.02.45"}, because={"kind": "centuries", "first_years": [1930, 1970]}
        ),
        'text, because "13.02.45" has a year of two digits, which may be of 1930 to 2029 or of 1970 to 2069.',
    ),
    (Evidence(EvidenceKind.EMPTY), "text, because the column is empty."),
    (Evidence(EvidenceKind.AS_ASKED), "text, as you asked."),
    (Evidence.of(EvidenceKind.STATED, type="date"), "date, as the file itself states."),
    (
        Evidence.of(EvidenceKind.IN_EVERY_TABLE, type="date"),
        "date: in every table of the file, which write it in different ways.",
    ),
    (Evidence.of(EvidenceKind.IN_DATABASE, type="bigint"), "bigint in the database."),
    (
        Evidence.of(EvidenceKind.OF_DATASET, type="numeric", dataset="prices"),
        "numeric, the type of this column in data.prices.",
    ),
    (
        Evidence.of(EvidenceKind.OF_OTHER_TABLE, type="date", source="2021"),
        "date, the type of this column in “2021”, the first table of these columns.",
    ),
    (
        Evidence.of(EvidenceKind.OF_OTHER_TABLE, type="date", source=""),
        "date, the type of this column in the first table of these columns.",
    ),
    (
        Evidence.of(EvidenceKind.CHANGED, **{"type": "date", "from": "text", "before": None, "years": [1930, 2029]}),
        "date, of 1930 to 2029: changed from text by hand.",
    ),
    (
        evidence(
            EvidenceKind.CHANGED, {"type": "text", "from": "bigint", "before": Evidence(EvidenceKind.EMPTY).as_json()}
        ),
        "text: changed from bigint by hand. Before: text, because the column is empty.",
    ),
    (
        Evidence.of(
            EvidenceKind.ALL_VALUES,
            type="date",
            format={"pattern": "%d.%m.%y", "first_year": 2000, "last_year": 2039},
            values=2,
            because=None,
            widened=None,
        ),
        "date: both values are dates written as DD.MM.YY, of 2000 to 2039.",
    ),
    (Evidence.of(EvidenceKind.SENTENCE, text="bigint: so it {is}."), "bigint: so it {is}."),
]
GROUNDS = [
    (Ground(GroundKind.ALONE), "stands alone, without its opposite"),
    (
        Ground.of(GroundKind.CURRENCIES, signs=["$", "€"]),
        "stands among amounts in “$” and “€”, which are no numbers of one kind",
    ),
    (
        Ground.of(GroundKind.SHARES, sign="%"),
        "stands among numbers with and without %, so 0.5 may be a half or half a hundredth",
    ),
    (Ground.of(GroundKind.ORDERS, orders=["dmy", "ymd"]), "and all other values fit day first and year first"),
    (
        Ground.of(GroundKind.CENTURIES, first_years=[1930, 1970]),
        "has a year of two digits, which may be of 1930 to 2029 or of 1970 to 2069",
    ),
    (Ground.of(GroundKind.MARKS, mark="."), 'and all other values fit "." as decimal mark and as thousands mark'),
    (Ground.of(GroundKind.MARK_GIVEN, mark=","), ', "," being the decimal mark, as you chose'),
    (
        Ground.of(GroundKind.MARK_CONTRADICTED, mark=",", others="."),
        (
            'would have "," as decimal mark, and other columns have "." (or you chose it); so "," may be a thousands'
            " mark that some values leave out"
        ),
    ),
    (Ground.of(GroundKind.MARK_OF_OTHERS, mark=","), ' (as other columns are written, a decimal mark would be ",")'),
    (Ground.of(GroundKind.ORDER_GIVEN, order="mdy"), ", month first as you chose"),
    (Ground.of(GroundKind.ORDER_OF_OTHERS, order="dmy"), ", day first as in other columns"),
    (
        Ground.of(GroundKind.MARK_OF_TABLE, mark=",", source=""),
        ', "," being the decimal mark, as this column shows in the first table',
    ),
    (
        Ground.of(GroundKind.ORDER_OF_TABLE, order="dmy", source="lines 9 to 20"),
        ", day first as this column is in “lines 9 to 20”",
    ),
    (
        Ground(GroundKind.PAIRS),
        (
            "and all other values look like two whole numbers with a comma between them; if they are decimal numbers,"
            " choose the comma as decimal mark"
        ),
    ),
    (Ground(GroundKind.OFFSETS), "and all other values have offsets from UTC that no one time zone has"),
]


@pytest.mark.parametrize(("found", "sentence"), SENTENCES)
def test_evidence_is_said_in_a_sentence_also_when_it_comes_from_json(found: Evidence, sentence: str) -> None:
    assert evidence_in_words(found) == sentence
    assert evidence_in_words(Evidence.from_json(json.loads(json.dumps(found.as_json())))) == sentence


def test_how_a_sheet_shows_its_dates_is_not_told_by_how_they_are_read() -> None:
    iso = {"type": "date", "format": {"pattern": "%Y-%m-%d"}}
    found = evidence(EvidenceKind.ALL_VALUES, iso, values=3, because=None, widened=None)
    assert evidence_in_words(found, in_sheet=True) == "date: all 3 values are dates."
    unlike: dict[str, Any] = {"type": "date", "format": {"pattern": "%Y-%m-%d"}}
    stranger = evidence(EvidenceKind.STRANGER, STRANGER, unlike=unlike)
    assert evidence_in_words(stranger, in_sheet=True).endswith('"N/A", which is not a date.')
    assert evidence_in_words(stranger).endswith("which is not a date written as YYYY-MM-DD.")
    other = evidence(EvidenceKind.STRANGER, {**STRANGER, "value": "1/2/24"}, unlike={**unlike, "is_date": True})
    assert evidence_in_words(other).endswith('"1/2/24", which is not written as YYYY-MM-DD as those above it are.')
    assert evidence_in_words(found) == "date: all 3 values are dates written as YYYY-MM-DD."


@pytest.mark.parametrize(("found", "sentence"), SENTENCES)
def test_without_values_no_sentence_quotes_a_cell(found: Evidence, sentence: str) -> None:
    words = evidence_in_words(found.without_values())
    quoted = set(re.findall(r'"([^"]+)"', sentence)) - {".", ",", "'", " "}  # marks are of the format
    assert [value for value in quoted if f'"{value}"' in words] == []
    assert "{" not in words
    assert "None" not in words


def test_without_values_no_number_of_a_cell_is_told() -> None:
    hidden = evidence(EvidenceKind.STRANGER, STRANGER, unlike={"reprinted": "12.5"}).without_values()
    assert "12.5" not in json.dumps(hidden.as_json())
    assert evidence_in_words(hidden) == (
        "text, because line 812,334 holds a value, which a number would print in another way."
    )


def test_without_values_no_year_of_a_cell_is_told() -> None:
    because = {"kind": "centuries", "first_years": [1930, 1970], "years": [1945, 2045]}
    hidden = evidence(EvidenceKind.IN_DOUBT, {"example": "13.02.45"}, because=because).without_values()
    assert not re.search("45", json.dumps(hidden.as_json()))


def test_without_values_the_name_of_a_sheet_is_left_out() -> None:
    found = evidence(EvidenceKind.STRANGER, STRANGER, row_word="in “Salaries” row", unlike=None)
    assert evidence_in_words(found) == 'text, because in “Salaries” row 812,334 holds "N/A".'
    assert evidence_in_words(found.without_values()) == "text, because row 812,334 holds text."


def test_without_values_the_name_of_the_table_that_decided_is_left_out() -> None:
    because = Ground.of(GroundKind.ORDER_OF_TABLE, order="dmy", source="Salaries").as_json()
    of_dates = {"type": "date", "format": {"pattern": "%d/%m/%Y"}, "values": 3, "widened": None}
    found = evidence(EvidenceKind.ALL_VALUES, of_dates, because=because)
    assert evidence_in_words(found.without_values()).endswith(", day first as this column is in another table.")


@pytest.mark.parametrize(("ground", "words"), GROUNDS)
def test_ground_ends_a_sentence(ground: Ground, words: str) -> None:
    assert ground_in_words(ground) == words


def test_every_kind_has_its_sentence() -> None:
    assert {found.kind for found, _ in SENTENCES} == set(EvidenceKind)
    assert {ground.kind for ground, _ in GROUNDS} == set(GroundKind)


def test_what_was_stored_as_a_sentence_is_shown_as_it_is() -> None:
    assert evidence_in_words(Evidence.from_json("text, because {line} 3 holds x.")) == "text, because {line} 3 holds x."
    assert Evidence.from_json("") is None
    assert evidence_in_words(None) == ""
