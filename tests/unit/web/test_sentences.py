"""What pages say: each sentence for one, for several, and for nothing at all."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib import admin

from uploads.admin.files import UploadedFileAdmin
from uploads.models import UploadedFile
from uploads.services.files.permissions import Abilities, FileAction
from uploads.services.files.progress import Progress
from uploads.services.files.receipts import FileReceipt
from uploads.services.joining.columns import TablePlan
from uploads.services.plans.plan import ColumnPlan, OpenColumns
from uploads.states import FileState, Mode, Strictness, Visibility
from uploads.tabular.notes import Note, NoteKind
from uploads.web.sentences.columns import change_button, null_words_sentence
from uploads.web.sentences.files import (
    PHASE_WORDS,
    STEPS,
    deletion_consequence,
    ending_sentence,
    file_buttons,
    file_notice,
    receipt_is_read,
    waits_for_staff,
)
from uploads.web.sentences.phrases import Piece, counted, joined, one_of
from uploads.web.sentences.plans import open_words, plan_question
from uploads.web.sentences.reading import reimport_consequence
from uploads.web.sentences.receipts import cells_as_read
from uploads.web.sentences.rejects import look_words, mend_all_button, mend_offer, mended_rows, mends_by, rejects_lead
from uploads.web.sentences.reviewing import sender_words

RECEIPT = FileReceipt(
    file_id=1,
    token="t",
    name="a.csv",
    size=1,
    sha256="",
    state=FileState.LOADED,
    error=None,
    uploaded_at=datetime(2026, 11, 28, tzinfo=UTC),
    rows_loaded=1,
    rows_rejected=0,
    same_content=None,
    version_of=None,
    other_versions=(),
    replaced=(),
    options={},
    sender_id=None,
    visitor="",
    via="page",
    awaits_review=False,
    was_active=False,
    loads=(),
    progress=Progress(phase="loaded", done=1, total=1, rows=1),
)


def abilities(*allowed: FileAction) -> Abilities:
    return Abilities(**{act.value: act in allowed for act in FileAction})


def text_of(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def test_badge_is_the_short_word_for_a_state() -> None:
    badges = ["Uploading", "Already here", "Waiting", "Loading", "Off", "Active", "Failed", "Deleted"]
    assert [state.badge for state in FileState] == badges


def test_steps_of_the_bar_say_how_far_a_file_is() -> None:
    assert [PHASE_WORDS[phase] for phase, _ in STEPS[:-1]] == [words for _, words in STEPS[:-1]]
    assert STEPS[-1] == ("published", "Published")


def test_only_one_of_a_thing_is_singular() -> None:
    assert [counted(number, "row") for number in (0, 1, 1200)] == ["0 rows", "1 row", "1,200 rows"]


def test_sentences_are_joined_by_one_space() -> None:
    assert text_of(joined([(Piece("One."),), (Piece("Two "), Piece("three", "/3/"), Piece("."))])) == "One. Two three."
    assert joined([]) == ()


def test_buttons_stand_in_the_order_of_the_page() -> None:
    can = abilities(FileAction.DELETE, FileAction.ACTIVATE, FileAction.RETRY)
    buttons = file_buttons(state=FileState.LOADED, can=can, rows=1)
    assert [(button.act, button.label) for button in buttons] == [
        (FileAction.ACTIVATE, "Activate 1 row"),
        (FileAction.DELETE, "Delete…"),
    ]


def test_withdrawing_is_offered_where_deleting_is_not() -> None:
    for allowed, labels in (
        ((FileAction.WITHDRAW,), ["Withdraw…"]),
        ((FileAction.WITHDRAW, FileAction.DELETE), ["Delete…"]),
    ):
        buttons = file_buttons(state=FileState.WAITING, can=abilities(*allowed), rows=0)
        assert [button.label for button in buttons] == labels


def test_loading_again_is_offered_of_a_failed_file_alone() -> None:
    can = abilities(FileAction.RETRY)
    assert [button.label for button in file_buttons(state=FileState.FAILED, can=can, rows=0)] == ["Load again"]
    assert file_buttons(state=FileState.LOADED, can=can, rows=0) == ()


def test_a_loaded_file_waits_for_staff_unless_one_of_them_looks_at_it() -> None:
    assert file_notice(RECEIPT, can=abilities()) == waits_for_staff(RECEIPT)
    assert file_notice(RECEIPT, can=abilities(FileAction.ACTIVATE)) == ""
    assert file_notice(replace(RECEIPT, state=FileState.ACTIVE), can=abilities()) == ""


@pytest.mark.parametrize(
    ("rejected", "sentence"),
    [(0, ""), (1, "1 row does not fit “sales” and stays out."), (1200, "1,200 rows do not fit “sales” and stay out.")],
)
def test_rows_that_would_stay_out_are_counted_before_a_file_is_activated(rejected: int, sentence: str) -> None:
    fitted = replace(RECEIPT, joins=("sales",), rows_rejected=rejected)
    assert file_notice(fitted, can=abilities(FileAction.ACTIVATE)) == sentence


@pytest.mark.parametrize(
    ("active", "loss"), [(0, "for good. A"), (1, "1 of them is active,"), (2000, "2,000 of them are active,")]
)
def test_deleting_active_files_says_what_readers_lose(active: int, loss: str) -> None:
    assert loss in deletion_consequence(active=active)


def test_deleting_the_last_file_says_that_the_dataset_ends() -> None:
    assert ending_sentence(()) == ""
    assert ending_sentence(["sales"]) == "The dataset “sales” ends too: it has no other file."
    many = ending_sentence(["a", "b", "c", "d", "e"])
    assert many == "The datasets “a”, “b”, “c” and 2 more end too: they have no other file."
    assert f"for good. {many} A record" in deletion_consequence(active=0, ending=["a", "b", "c", "d", "e"])


def test_reading_an_active_file_again_waits_for_those_who_may_activate() -> None:
    mine = text_of(reimport_consequence(state=FileState.ACTIVE, rows=1200, may_activate=True, mended=0))
    other = text_of(reimport_consequence(state=FileState.ACTIVE, rows=1200, may_activate=False, mended=0))
    assert mine.startswith("Its 1,200 rows stay visible. When the new reading is loaded, it takes their place")
    assert "it waits for staff to activate it, and then takes their place in one moment" in other


@pytest.mark.parametrize(("mended", "words"), [(1, "1 rejected row of it was"), (2, "2 rejected rows of it were")])
def test_mends_that_a_new_reading_loses_are_said_strongly(mended: int, words: str) -> None:
    pieces = reimport_consequence(state=FileState.LOADED, rows=3, may_activate=True, mended=mended)
    [strong] = [piece for piece in pieces if piece.is_strong]
    assert strong.text.startswith(words)


def test_an_offer_says_when_not_every_row_was_looked_at() -> None:
    whole = mend_offer(mends=2, example="“1,5” as 1.5", is_whole=True)
    some = mend_offer(mends=2, example="“1,5” as 1.5", is_whole=False)
    assert whole is not None
    assert some is not None
    assert (whole.sentence, whole.example) == ("2 can be fixed automatically.", "Such as: “1,5” as 1.5")
    assert (whole.button, some.button) == ("Fix and load 2 rows", "Fix and load all of these")
    assert some.sentence == "At least 2 can be fixed automatically."
    assert mend_offer(mends=0, example="", is_whole=True) is None


@pytest.mark.parametrize(
    ("state", "may_mend", "sentence"),
    [
        (FileState.LOADED, True, "2 can be fixed automatically."),
        (FileState.LOADED, False, "2 can be fixed automatically, by its sender or staff."),
        (FileState.ACTIVE, False, "2 can be fixed automatically, by staff."),
        (
            FileState.FAILED,
            False,
            "For 2 a fix is proposed. Nothing is loaded, so make it in the file and send that again.",
        ),
    ],
)
def test_mends_have_a_button_for_whoever_may_load_them_and_else_a_link(
    state: FileState, may_mend: bool, sentence: str
) -> None:
    offer = mend_offer(mends=2, example="", is_whole=True, by=mends_by(state=state, may_mend=may_mend))
    assert offer is not None
    assert offer.sentence == sentence
    assert (offer.button, offer.look) == (("Fix and load 2 rows", "") if may_mend else ("", "View the fixes"))


def test_the_only_rejected_row_has_its_mend() -> None:
    offer = mend_offer(mends=1, example="“1,5” as 1.5", is_whole=True)
    assert offer is not None
    assert (offer.sentence, offer.example) == ("1 can be fixed automatically.", "“1,5” as 1.5")


def test_rows_loaded_after_all_are_counted() -> None:
    one, several = mended_rows(1), mended_rows(3)
    assert one is not None
    assert several is not None
    assert (one.look, one.take_back) == ("View it", "Undo: reject it again")
    assert several.sentence == "3 rejected rows were fixed and loaded."
    assert mended_rows(0) is None
    assert (look_words(mended=0), look_words(mended=3)) == (
        "View rejected rows",
        "View rejected rows (3 fixed and loaded)",
    )


@pytest.mark.parametrize(
    ("rejected", "may_mend", "mendable", "lead"),
    [
        (0, True, 0, "No rejected rows are left."),
        (1, False, 1, "1 row has an error. Where a row can be fixed automatically, the fix is shown here."),
        (2, True, 1, "2 rows have an error. Load rows with the proposed fix, or edit them first."),
        (2, True, 0, "2 rows have an error. Edit a row to fix and load it."),
    ],
)
def test_rejects_are_led_in_by_what_can_be_done(rejected: int, may_mend: bool, mendable: int, lead: str) -> None:
    assert rejects_lead(rejected=rejected, may_mend=may_mend, mendable=mendable) == lead


def test_button_for_a_whole_table() -> None:
    assert mend_all_button(mends=1, is_whole=True) == "Fix and load 1 row"
    assert mend_all_button(mends=9, is_whole=False) == "Fix and load all rows that can be fixed automatically"
    assert mend_all_button(mends=0, is_whole=True) == ""


def test_words_for_empty_cells_and_the_cost_of_a_change() -> None:
    assert null_words_sentence(()) == "No word means an empty cell."
    assert null_words_sentence(("NA", "–")) == "Read as empty: “NA”, “–”."
    assert (change_button(rows=0), change_button(rows=1)) == ("Save", "Change 1 row")


@pytest.mark.parametrize(
    ("matched", "open_", "words"),
    [
        (2, ("prise",), "2 of 3 columns are those of “prices”. Say what becomes of “prise”."),
        (3, ("mail", "city"), "It does not have “mail” and “city”, which “prices” has. Say whether it may."),
        (3, (), "3 of 3 columns are those of “prices”. Say what becomes of its columns."),
    ],
)
def test_columns_that_are_only_missing_are_said_so(matched: int, open_: tuple[str, ...], words: str) -> None:
    asked = OpenColumns(dataset="prices", name="prices", matched=matched, columns=3, open=open_)
    assert open_words(asked, where="") == words


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (["code"], "a “code”"),
        (["Item", "shop"], "an “Item” and “shop”"),
        (["event"], "an “event”"),
        (["unit"], "a “unit”"),
        (["euro"], "a “euro”"),
        (["uuid"], "a “uuid”"),
        (["upload"], "an “upload”"),
    ],
)
def test_a_value_of_a_key_has_the_article_of_its_first_column(columns: list[str], words: str) -> None:
    assert one_of(columns) == words


def test_receipt_says_who_can_read_it_and_its_rows_where_there_are_some() -> None:
    everyone, end = "Anyone who has the address of this page can read it", "rows."
    assert receipt_is_read(replace(RECEIPT, rows_loaded=0, rows_rejected=0)) == f"{everyone}."
    assert receipt_is_read(replace(RECEIPT, rows_loaded=2, rows_rejected=0)) == f"{everyone}, with the first {end}"
    assert receipt_is_read(replace(RECEIPT, rows_loaded=2, rows_rejected=1)).endswith(
        f"with the first and rejected {end}"
    )


@pytest.mark.parametrize("sender", [{"visitor": "browser"}, {"sender_id": 7}])
def test_rows_of_what_a_browser_or_a_user_sent_are_not_said_to_be_for_all_who_have_the_address(
    sender: dict[str, Any],
) -> None:
    sent = replace(RECEIPT, rows_loaded=2, **sender)
    alone = "Anyone who has the address of this page can read it; the loaded rows are shown to its sender and staff"
    assert receipt_is_read(sent) == f"{alone} alone."
    assert "with the rejected rows; the loaded" in receipt_is_read(replace(sent, rows_rejected=1))
    assert receipt_is_read(replace(sent, state=FileState.ACTIVE)) == f"{alone.partition(';')[0]}."
    assert "only its sender and staff see its rows" in waits_for_staff(sent)
    assert "only staff see its rows" in waits_for_staff(replace(RECEIPT, via="command"))
    assert "the loaded rows are shown to staff alone" in receipt_is_read(replace(RECEIPT, via="command"))
    assert "only staff and people who have the address of its receipt see" in waits_for_staff(RECEIPT)


@pytest.mark.parametrize(
    ("readers", "words"),
    [
        ({Visibility.PUBLIC}, "everyone who can open this site does."),
        ({Visibility.SIGNED_IN}, "everyone who is signed in here does."),
        ({Visibility.GROUPS}, "everyone who may read its dataset does."),
        ({Visibility.PUBLIC, Visibility.SIGNED_IN}, "everyone who may read its dataset does."),
        (set(), "everyone who may read its dataset does."),
    ],
)
def test_who_sees_the_rows_of_an_active_file_is_said_as_its_datasets_have_it(
    readers: set[Visibility], words: str
) -> None:
    assert waits_for_staff(replace(RECEIPT, readers=frozenset(readers))).endswith(f"; from then on {words}")


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        (Mode.APPEND, "Add to “prices”"),
        (Mode.REPLACE, "Replace all of “prices”"),
        (Mode.MERGE, "Update “prices”"),
    ],
)
def test_the_answer_about_columns_says_what_becomes_of_the_rows_that_are_there(mode: Mode, words: str) -> None:
    plan = ColumnPlan(
        dataset_id=1,
        slug="prices",
        dataset="prices",
        strictness=Strictness.ASK,
        key=(),
        columns=(),
        theirs=(),
        mode=mode,
    )
    table = TablePlan(load_id=1, position=0, source="", key="", plan=plan, is_answered=False)
    assert plan_question(table).join == words


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ((), "just as it stands in the file."),
        ((Note.of(NoteKind.SPACED),), "as it stands in the file, but without a space where one stood before it."),
        (
            (Note.of(NoteKind.SPACED), Note.of(NoteKind.OTHER_QUOTE, quote="|")),
            (
                "as it stands in the file, but without a space where one stood before it and without “|” where that"
                " stood around it."
            ),
        ),
        (
            (Note.of(NoteKind.BACKSLASHES), Note.of(NoteKind.ALIGNED)),
            (
                "as it stands in the file, but without backslashes where they stood before its quotes and without"
                " spaces where they stood around it."
            ),
        ),
    ],
)
def test_first_rows_are_said_to_stand_as_in_the_file_only_where_they_do(changed: tuple[Note, ...], words: str) -> None:
    assert cells_as_read(changed, {"numeric", "date"}, format_="csv") == f"Every cell shown is stored {words}"


@pytest.mark.parametrize(
    ("format_", "types", "words"),
    [
        ("xlsx", {"text"}, "as the value that the sheet holds, which it may show in another form."),
        ("html", {"numeric"}, "just as it was read."),
        (
            "xlsx",
            {"numeric", "date"},
            (
                "as the value that the sheet holds, which it may show in another form: decimal numbers to the 15 digits"
                " that spreadsheets show; dates as year, month and day, without a time of 0:00."
            ),
        ),
    ],
)
def test_first_rows_of_a_sheet_are_said_to_be_shown_in_another_way_where_they_may_be(
    format_: str, types: set[str], words: str
) -> None:
    assert cells_as_read((), types, format_=format_) == f"Every cell shown is stored {words}"


@pytest.mark.parametrize(
    ("via", "in_list", "in_review"),
    [
        ("command", "command", "the server’s command line"),
        ("table", "existing table", "the server’s command line"),
        ("api", "visitor", "a visitor"),
    ],
)
def test_what_nobody_sent_is_no_visitors(via: str, in_list: str, in_review: str) -> None:
    """A table that a command adopted stood there as a visitor's."""
    file = UploadedFile(via=via)
    assert (UploadedFileAdmin(UploadedFile, admin.site).sender(file), sender_words(file)) == (in_list, in_review)
