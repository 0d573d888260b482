"""Each kind of note has its sentence, made from its figures alone; a note comes back from JSON as it was."""

import json
from collections.abc import Iterable
from dataclasses import replace

import pytest

from tests.unit.tabular.sentences import header_notes, notes, questions, sheet_notes, text_notes
from tests.unit.tabular.sentences.endings import EVERYTHING
from uploads.database.rows import storable, storable_json
from uploads.tabular.notes import NO_ROWS, ON_ROWS_LEFT_OUT, Note, NoteKind, Why, WhyKind
from uploads.tabular.sentences.notes import for_programmers, sentence_of, tables_below
from uploads.tabular.sentences.whys import phrase_of

SENTENCES = [case for room in (header_notes, notes, questions, sheet_notes, text_notes) for case in room.SENTENCES]
PHRASES = [
    (Why.of(WhyKind.BLANK), "it is blank"),
    (Why.of(WhyKind.REPEATED, cell="x", column=2), "“x” stands in column 2 of other rows too"),
    (Why.of(WhyKind.NUMBERED, cell="Table 1"), "“Table 1” is written like the values below it"),
    (
        Why.of(WhyKind.ABOVE_VALUES, cell="1", below="{2}"),
        "“1” looks like a value, and stands above values such as “{2}”",
    ),
    (Why.of(WhyKind.VALUE, cell="1"), "it holds “1”, a value rather than a name"),
    (Why.of(WhyKind.MAYBE_VALUE, cell="2019"), "it holds “2019”, which may be a value"),
    (Why.of(WhyKind.ONLY_WORDS), "no column below it is all numbers or all dates"),
    (
        Why.of(WhyKind.HEADER_BESIDE_ROWS, is_its=True, row=1_005),
        "its header in row 1,005 stands beside rows of the other",
    ),
    (
        Why.of(WhyKind.HEADER_BESIDE_ROWS, is_its=False, row=5),
        "the other's header in row 5 stands beside rows of this one",
    ),
    (Why.of(WhyKind.BEGINS_BELOW), "it begins below the last row of the other"),
    (Why.of(WhyKind.ENDS_ABOVE), "it ends above the header of the other"),
    (Why.of(WhyKind.DEFINED), "the workbook itself defines both as tables"),
    (Why.of(WhyKind.NUMBERED_TITLES), "each has a numbered title of its own"),
    (Why.of(WhyKind.FIRST_NAME_AGAIN, name="Code"), "both begin with a column “Code”"),
    (Why.of(WhyKind.ENDS_BEFORE, is_its=True, row=1_005), "its rows end in row 1,005 and the other's go on"),
    (Why.of(WhyKind.ENDS_BEFORE, is_its=False, row=5), "the other's rows end in row 5 and its own go on"),
]


@pytest.mark.parametrize(("note", "sentence"), SENTENCES)
def test_sentence_is_made_from_the_figures(note: Note, sentence: str) -> None:
    assert sentence_of(note) == sentence


@pytest.mark.parametrize(("why", "phrase"), PHRASES)
def test_reason_is_made_from_the_figures(why: Why, phrase: str) -> None:
    assert phrase_of(why.as_json()) == phrase


def test_every_kind_is_shown_above() -> None:
    assert {note.kind for note, _ in SENTENCES} == set(NoteKind)
    assert {why.kind for why, _ in PHRASES} == set(WhyKind)


def test_notes_on_rows_left_out_are_those_whose_sentence_names_the_way_out() -> None:
    assert {note.kind for note, sentence in SENTENCES if sentence.endswith(EVERYTHING)} == ON_ROWS_LEFT_OUT


@pytest.mark.parametrize("note", [note for note, _ in SENTENCES])
def test_note_comes_back_from_json(note: Note) -> None:
    assert Note.from_json(json.loads(json.dumps(note.as_json()))) == note


def test_what_cannot_be_stored_is_shown_in_the_figures() -> None:
    note = Note.of(NoteKind.MEMBERS_LEFT_OUT, archive="a\0.zip", members=["b\udcff.pdf"], more=1)
    stored = Note.from_json(storable_json(note.as_json()))
    assert stored.figures == {"archive": "a␀.zip", "members": ["b\\udcff.pdf"], "more": 1}
    assert sentence_of(stored) == storable(sentence_of(note))


@pytest.mark.parametrize(
    ("lines", "where"), [((9, 24), "2 more tables begin in lines 9 and 24;"), (range(2, 14), ", 10, 11 and 2 more;")]
)
def test_several_tables_below_are_told_of_in_one_sentence(lines: Iterable[int], where: str) -> None:
    found = [Note.of(NoteKind.OTHER_LINES, first=line, last=line + 5, lines=6) for line in lines]
    told = tables_below(found)
    assert where in told
    assert told.endswith(f"; each is read by itself, below. If they belong together, {EVERYTHING}")


def test_programmers_are_told_which_program_read_a_workbook_and_why() -> None:
    told = Note.of(NoteKind.SECOND_READER, reader="xlrd", refusal="its container is cut", why="unusual")
    other = Note.of(NoteKind.SHEET_EMPTY, sheet="a")
    assert list(for_programmers([told, other])) == ["For programmers: read by xlrd, because its container is cut."]


@pytest.mark.parametrize(
    "note",
    [
        Note.of(NoteKind.HEADER_REPEATED, unit="line", places=[5], count=1),
        Note.of(NoteKind.LAST_TOTAL, unit="line", place=5, text="Total", totals=1),
        Note.of(NoteKind.NOTES_BELOW, unit="line", places=[5], count=1),
        Note.of(NoteKind.OTHER_LINES, first=5, last=9),
        Note.of(NoteKind.OTHERS_BESIDE, columns=["D"]),
        Note.of(NoteKind.BELOW_ANOTHER, sheet="S", row=5),
    ],
)
def test_rows_that_do_not_fit_are_told_without_a_way_to_load_them(note: Note) -> None:
    way_out = "read everything as one table."
    told, silent = sentence_of(note), sentence_of(replace(note, figures={**note.figures, NO_ROWS: True}))
    assert told.endswith(way_out)
    assert told.startswith(silent)
    assert way_out not in silent
