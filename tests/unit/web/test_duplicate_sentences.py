"""What is said of the same bytes, and of files that took the place of others."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.web.test_sentences import RECEIPT, abilities, text_of
from uploads.services.files.permissions import FileAction
from uploads.services.files.same_content import SameContent
from uploads.states import FileState
from uploads.web.sentences.duplicates import (
    files_named,
    nowhere,
    put_back_words,
    repeated_sentences,
    replace_lead,
    replaced_pieces,
    replacement_words,
    same_content_pieces,
    since_words,
)
from uploads.web.sentences.files import file_buttons, file_notice, notice_pieces, waits_for_staff

NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
"""A Saturday."""
ACTIVE = SameContent(file_id=16, state=FileState.ACTIVE, since=datetime(2026, 5, 3, 8, 0, tzinfo=UTC))
THERE = "a “code” that was there already when this file came"
LOADED = SameContent(file_id=16, state=FileState.LOADED, since=ACTIVE.since)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(minutes=25), "today, 09:05 UTC"),
        (timedelta(hours=10), "yesterday"),
        (timedelta(days=4), "Tuesday"),
        (timedelta(days=6), "Sunday"),
        (timedelta(days=7), "21 November 2026"),
        (timedelta(seconds=-5), "today, 09:30 UTC"),
    ],
)
def test_a_weekday_means_one_day_only(ago: timedelta, words: str) -> None:
    assert since_words(NOW - ago, now=NOW) == words


@pytest.mark.parametrize(
    ("state", "same", "may_activate", "words"),
    [
        (
            FileState.DUPLICATE,
            ACTIVE,
            True,
            "The same as file 16, active since 3 May 2026. Nothing of this one was loaded.",
        ),
        (
            FileState.DUPLICATE,
            LOADED,
            False,
            "The same as file 16, which is loaded and not active. Nothing of this one was loaded.",
        ),
        (
            FileState.DUPLICATE,
            replace(LOADED, is_declined=True, was_active=False),
            False,
            "The same as file 16, which was declined. Nothing of this one was loaded.",
        ),
        (
            FileState.DUPLICATE,
            replace(LOADED, was_active=False),
            False,
            "The same as file 16, which is loaded and not active yet. Nothing of this one was loaded.",
        ),
        (
            FileState.DUPLICATE,
            None,
            True,
            "The same file was here when this one came, and is not any more. Nothing of it was loaded.",
        ),
        (
            FileState.LOADED,
            ACTIVE,
            True,
            "The same as file 16, active since 3 May 2026. Activate this one too and its rows are there twice.",
        ),
        (FileState.LOADED, ACTIVE, False, "The same as file 16, active since 3 May 2026."),
        (FileState.ACTIVE, ACTIVE, True, "The same content as file 16."),
        (FileState.ACTIVE, None, True, ""),
    ],
)
def test_same_content_says_which_file_and_what_it_means(
    state: FileState, same: SameContent | None, may_activate: bool, words: str
) -> None:
    assert text_of(same_content_pieces(state=state, same=same, may_activate=may_activate, address=nowhere)) == words


def test_notice_in_a_list_is_the_sentence_without_links() -> None:
    can = abilities(FileAction.ACTIVATE)
    duplicate = replace(RECEIPT, state=FileState.DUPLICATE, same_content=ACTIVE)
    loaded = replace(RECEIPT, same_content=ACTIVE)
    assert file_notice(duplicate, can=can).startswith("The same as file 16")
    assert "twice" in file_notice(loaded, can=can)
    named = [piece.file_id for piece in notice_pieces(replace(loaded, answer_by=NOW), can=can)]
    assert named == [None, LOADED.file_id, None, None, None], "told by its number, not looked for in the sentence"
    assert file_notice(loaded, can=abilities()) == waits_for_staff(loaded)
    assert file_notice(replace(RECEIPT, same_content=LOADED), can=can) == ""


def test_buttons_name_the_file_that_is_replaced_or_put_back() -> None:
    can = abilities(FileAction.ADD, FileAction.REPLACE, FileAction.DELETE)
    buttons = file_buttons(state=FileState.DUPLICATE, can=can, rows=0, same=ACTIVE)
    assert [button.label for button in buttons] == ["Load anyway", "Replace file 16", "Delete this one…"]
    assert buttons[1].files == (16,)
    loaded = file_buttons(state=FileState.DUPLICATE, can=can, rows=0, same=LOADED, has_options=True)
    assert [button.label for button in loaded] == ["Load with these options anyway", "Delete this one…"]
    undo = file_buttons(state=FileState.ACTIVE, can=abilities(FileAction.PUT_BACK), rows=1, replaced=(3,))
    assert [button.label for button in undo] == ["Undo: put file 3 back"]
    assert file_buttons(state=FileState.ACTIVE, can=abilities(FileAction.PUT_BACK), rows=1) == ()


def test_files_are_named_as_long_as_they_are_few() -> None:
    assert [files_named(ids) for ids in ([1], [1, 2], [1, 2, 3])] == ["file 1", "files 1 and 2", "3 files"]


def test_replacement_is_told_for_one_and_for_several() -> None:
    assert text_of(replaced_pieces(replaced=(), address=nowhere)) == ""
    assert text_of(replaced_pieces(replaced=(3,), address=nowhere)) == (
        "It took the place of file 3, which stays loaded."
    )
    assert text_of(replaced_pieces(replaced=(3, 4, 5), address=nowhere)) == (
        "It took the place of file 3, file 4 and file 5, which stay loaded."
    )
    assert replacement_words(new_id=9, replaced=[3, 4], is_done=True) == (
        "File 9 took the place of files 3 and 4, which stay loaded."
    )
    assert put_back_words(file_id=9, back=[3]) == "File 3 is active again; file 9 stays loaded."


def test_choice_of_files_says_what_happens_or_that_there_is_none() -> None:
    assert replace_lead(state=FileState.LOADED, rows=1, candidates=2).startswith("In one moment its 1 row becomes")
    assert replace_lead(state=FileState.LOADED, rows=2, candidates=2).startswith("In one moment its 2 rows become ")
    assert replace_lead(state=FileState.DUPLICATE, rows=0, candidates=1).startswith("It is loaded first.")
    assert replace_lead(state=FileState.LOADED, rows=2, candidates=0).startswith("No file is active")


@pytest.mark.parametrize(
    ("repeated", "of", "keys", "words"),
    [
        (0, 4, 0, ()),
        (1, 1, 1, ("Its only row was there already, exactly as it is, when this file came.",)),
        (4, 4, 4, ("All 4 rows were there already, exactly as they are, when this file came.",)),
        (1, 4, 0, ("1 of 4 rows was there already, exactly as it is, when this file came.",)),
        (0, 4, 3, (f"3 of 4 rows have {THERE}.",)),
        (2, 4, 3, (f"3 of 4 rows have {THERE}; 2 of them were exactly the same.",)),
        (2, 4, 2, (f"2 of 4 rows have {THERE}; all of them were exactly the same.",)),
        (1, 4, 1, (f"1 of 4 rows has {THERE}; it was exactly the same.",)),
    ],
)
def test_rows_that_were_there_are_told_with_the_figure_first(
    repeated: int, of: int, keys: int, words: tuple[str, ...]
) -> None:
    assert repeated_sentences(repeated, of=of, keys=keys, key=("code",)) == words
