"""Every reason why a row was rejected has its words, made from its code and figures; in general they name no value."""

import json

import pytest

from uploads.tabular.reasons import Reason, RejectCode
from uploads.tabular.sentences.reasons import reason_in_general, reason_in_words

NUL = "holds a character that cannot be stored (NUL)"
NUMBER = {"label": "Price", "value": "1,5x", "type": "numeric"}
DAY = {"label": "Day", "value": "soon", "type": "date", "pattern": "%d.%m.%Y"}
TRUTH = {"label": "Paid", "value": "maybe", "type": "boolean", "true": "yes", "false": "no"}
TRAP = {"label": "Note", "value": 'a " is not b', "type": "bigint"}

SENTENCES = [
    (Reason.of(RejectCode.TOO_FEW_CELLS, cells=1, width=3), "1 cell instead of 3", "too few cells"),
    (Reason.of(RejectCode.TOO_FEW_CELLS, cells=2, width=3), "2 cells instead of 3", "too few cells"),
    (Reason.of(RejectCode.TOO_MANY_CELLS, cells=4, width=3), "4 cells instead of 3", "too many cells"),
    (Reason.of(RejectCode.TOO_MANY_CELLS, columns=3), "a value stands beyond the last of 3 columns", "too many cells"),
    (Reason.of(RejectCode.BAD_VALUE, misfits=[NUMBER]), '"1,5x" is not a number', "is not a number"),
    (
        Reason.of(RejectCode.BAD_VALUE, misfits=[DAY]),
        '"soon" is not a date written as DD.MM.YYYY',
        "is not a date written as DD.MM.YYYY",
    ),
    (
        Reason.of(RejectCode.BAD_VALUE, misfits=[TRUTH]),
        '"maybe" is not a yes-or-no value ("yes" or "no")',
        'is not a yes-or-no value ("yes" or "no")',
    ),
    (
        Reason.of(RejectCode.BAD_VALUE, misfits=[NUMBER, DAY]),
        'Price: "1,5x" is not a number; Day: "soon" is not a date written as DD.MM.YYYY',
        "is not a number",
    ),
    (Reason.of(RejectCode.BAD_VALUE, misfits=[TRAP]), '"a " is not b" is not a whole number', "is not a whole number"),
    (
        Reason(RejectCode.STRAY_QUOTE),
        "a quote stands inside a cell, so it is not clear where the cell ends",
        "a quote stands inside a cell, so it is not clear where the cell ends",
    ),
    (
        Reason(RejectCode.UNCLOSED_QUOTE),
        "a quote opens a cell on this line and is never closed",
        "a quote opens a cell on this line and is never closed",
    ),
    (Reason(RejectCode.NUL_BYTE), f"the cell {NUL}", NUL),
    (Reason.of(RejectCode.NUL_BYTE, sheet=True), f"A cell {NUL}.", NUL),
    (Reason.of(RejectCode.NO_RECORD, why="x"), "this is no JSON record: x", "no JSON record"),
    (
        Reason(RejectCode.UNDECODABLE),
        "a letter cannot be read: it is not written as the others are",
        "holds a letter that cannot be read",
    ),
    (
        Reason.of(RejectCode.UNDECODABLE, byte="E9", at=4),
        (
            "character 4 of the cell cannot be read (byte E9): type it under “View rejected rows”, or choose the"
            " encoding"
            " that the file was saved in"
        ),
        "holds a letter that cannot be read",
    ),
    (
        Reason.of(RejectCode.EQUAL_KEY, columns=["Code"], value="A1", first=2),
        "Code “A1” stands in row 2 already",
        "stands in an earlier row too",
    ),
    (
        Reason.of(RejectCode.EQUAL_KEY, columns=["Code", "Shop"], value="A1, North", first=1200, source="Jan"),
        "Code and Shop “A1, North” stands in row 1,200 of “Jan” already",
        "stands in an earlier row too",
    ),
    (
        Reason.of(RejectCode.BLANK_KEY, columns=["Code"], value="", first=None),
        "Code is empty, and rows are told apart by it",
        "is empty, and tells rows apart",
    ),
    (Reason(RejectCode.REPEATED_HEADER), "the header stands here once more", "the header stands here once more"),
]


@pytest.mark.parametrize(("reason", "words", "general"), SENTENCES)
def test_reason_is_said_in_full_and_in_general(reason: Reason, words: str, general: str) -> None:
    assert (reason_in_words(reason), reason_in_general(reason)) == (words, general)


def test_every_code_has_its_words() -> None:
    assert {reason.code for reason, _, _ in SENTENCES} == set(RejectCode)


@pytest.mark.parametrize("reason", [reason for reason, _, _ in SENTENCES])
def test_reason_comes_back_from_json(reason: Reason) -> None:
    assert Reason.from_json(json.loads(json.dumps(reason.as_json()))) == reason


def test_only_a_record_of_one_cell_is_a_single_cell() -> None:
    single = [reason for reason, _, _ in SENTENCES if reason.is_single_cell]
    assert single == [Reason.of(RejectCode.TOO_FEW_CELLS, cells=1, width=3)]
