"""A file that updates by key and has no values where there are some waits, until somebody said once what that means."""

from typing import Any

import pytest
from django.test import Client

from tests.integration.conftest import Pipeline, rows
from tests.integration.merging.test_asked import BLANKS, JANUARY, SEEN, buttons, by_page, load, press, run, staff
from uploads.models import Dataset
from uploads.services.errors import JoinUndecided
from uploads.services.files.permissions import rights_of
from uploads.services.joining.columns import ColumnAnswer, answer_columns
from uploads.services.joining.modes import activate_unasked
from uploads.services.merging.choices import SaidChoices
from uploads.services.merging.modes import change_mode
from uploads.services.merging.overlap import OLD_VALUES
from uploads.services.reviewing.acts import undo_activation
from uploads.states import FileState, Kept, Mode
from uploads.tabular.errors import UploaderError
from uploads.web.offers.activations import activations_of

__all__ = ["staff"]
LATER = "code;price;region\nA1;12;\nB2;21;\n"


@pytest.fixture
def merging(pipeline: Pipeline) -> Pipeline:
    """A dataset of which it was said that files update by key, and nothing of blanks."""
    load(pipeline, JANUARY, mode="merge", key="code")
    return pipeline


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("Update by code; blanks keep the old values", [("A1", 12, "North"), ("B2", 21, "North")]),
        ("Update by code; blanks empty the old values", [("A1", 12, None), ("B2", 21, None)]),
    ],
)
def test_it_is_asked_once(staff: Client, merging: Pipeline, words: str, seen: list[tuple[Any, ...]]) -> None:
    file = by_page(merging, BLANKS)
    assert file.events.filter(text=OLD_VALUES).exists()
    with pytest.raises(JoinUndecided, match="no values"):
        activate_unasked(file_id=file.pk)
    page = staff.get(f"/receipts/{file.token}/").content.decode()
    assert "2 rows of it have blanks where “prices” has values." in page
    assert set(buttons(page)) == {
        "Update by code; blanks keep the old values",
        "Update by code; blanks empty the old values",
        "Activate as the full list",
    }
    press(staff, file, words)
    assert load(merging, LATER, via="page").state == FileState.ACTIVE
    assert rows(SEEN)[:2] == seen


@pytest.mark.parametrize("text", ["code;price;region\nA1;11;East\nC3;;East\n", "code;price;region\nE5;;\n"])
def test_a_file_that_empties_nothing_is_not_asked(merging: Pipeline, text: str) -> None:
    assert load(merging, text, via="page").state == FileState.ACTIVE


def test_who_has_an_option_for_it_is_not_asked(merging: Pipeline) -> None:
    assert load(merging, BLANKS).state == FileState.ACTIVE


def test_saying_it_for_the_dataset_answers_it(staff: Client, merging: Pipeline) -> None:
    file = by_page(merging, BLANKS)
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"], said=SaidChoices(missing=Kept.REPLACE))
    file.refresh_from_db()
    assert file.overlaps, "that is another question"
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"], said=SaidChoices(blanks=Kept.REPLACE))
    file.refresh_from_db()
    assert file.overlaps == []
    assert not {words for words in buttons(staff.get(f"/receipts/{file.token}/").content.decode()) if "blanks" in words}


def test_an_answer_that_says_nothing_of_blanks_leaves_the_question_of_the_next_file(pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    first, second = by_page(pipeline, "code;price;region\nA1;11;East\nB2;21;East\n"), by_page(pipeline, BLANKS)
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.overlaps, bool(second.overlaps)) == ([], True)


def test_a_column_that_is_not_there_is_asked_about_too(staff: Client, merging: Pipeline) -> None:
    file = by_page(merging, "code;price\nA1;11\nB2;21\n")
    page = staff.get(f"/receipts/{file.token}/").content.decode()
    assert "“region” is not in the file. Whether old values stay is asked next." in page
    said = ColumnAnswer(dataset="prices", columns={})
    assert answer_columns(file_id=file.pk, answer=said, ask_how=True, user_id=None) is None
    press(staff, file, "Update by code; missing columns keep the old values")
    assert rows(SEEN)[:2] == [("A1", 11, "North"), ("B2", 21, "South")]
    other = load(merging, "code;region\nA1;West\n", via="page")
    told = run("column_plan", str(other.pk))
    assert "(price is missing: the rows that it updates keep theirs)" in told
    page = staff.get(f"/receipts/{other.token}/").content.decode()
    assert "“price” is not in the file. The rows that it updates keep theirs." in page
    assert load(merging, "code;price\nA1;12\n", via="page").state == FileState.ACTIVE


def test_a_command_that_answers_for_columns_is_asked_too(merging: Pipeline) -> None:
    file = load(merging, "code;price\nA1;11\nB2;21\n")
    told = run("column_plan", str(file.pk), "--accept")
    assert "It does not have “region”, where “prices” has values for 2 of its rows." in told
    keep = f"activate_file {file.pk} --mode merge --key code --missing-columns keep"
    assert f"Update by code; missing columns keep the old values: manage.py {keep}" in told
    run(*keep.split())
    assert rows(SEEN)[:2] == [("A1", 11, "North"), ("B2", 21, "South")]


@pytest.mark.parametrize("missing", [Kept.KEEP, Kept.REPLACE])
def test_over_the_api_it_waits_unless_the_dataset_knows(staff: Client, merging: Pipeline, missing: Kept) -> None:
    file, later = load(merging, "code;price\nA1;11\n"), load(merging, "code;price\nB2;21\n")
    answer = staff.post(f"/api/files/{file.pk}/plan", {"dataset": "prices"}, "application/json")
    assert answer.json()["state"] == "loaded"
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"], said=SaidChoices(missing=missing))
    answer = staff.post(f"/api/files/{later.pk}/plan", {"dataset": "prices"}, "application/json")
    assert answer.json()["state"] == "active"


def test_of_a_single_row_the_key_is_that_of_the_others(staff: Client, pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    assert load(pipeline, "code;price;region\nZ9;11;East\n", via="page").state == FileState.ACTIVE
    file = by_page(pipeline, "code;price;region\nA1;11;East\n")
    page = staff.get(f"/receipts/{file.token}/").content.decode()
    assert "1 of 1 row has a “code” that is in “prices” already." in page
    press(staff, file, "Update by code")
    assert rows(SEEN)[0] == ("A1", 11, "East")


def test_undone_it_is_asked_again(staff: Client, merging: Pipeline) -> None:
    before = Dataset.objects.values_list("merge_choices", flat=True).get(slug="prices")
    file = by_page(merging, BLANKS)
    press(staff, file, "Update by code; blanks empty the old values")
    undo_activation(file_id=file.pk)
    file.refresh_from_db()
    assert Dataset.objects.values_list("merge_choices", flat=True).get(slug="prices") == before
    assert [overlap["emptied_rows"] for overlap in file.overlaps] == [2]


def test_a_row_that_deletes_its_key_may_be_blank_else(merging: Pipeline) -> None:
    gone = SaidChoices(delete_when=("region", ["gone"]))
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"], said=gone)
    assert load(merging, "code;price;region\nA1;;gone\n", via="page").state == FileState.ACTIVE
    assert by_page(merging, "code;price;region\nB2;;gone\nD4;;West\n").overlaps[0]["emptied_rows"] == 1


def test_several_files_are_answered_at_once_only_in_that(staff: Client, merging: Pipeline) -> None:
    file = by_page(merging, BLANKS)
    asked = activations_of([file], rights=rights_of(staff.get("/").wsgi_request.user))
    assert [words for choice in asked.choices for _, words in choice.options] == [
        "Update by key; blanks and missing columns keep the old values",
        "Update by key; blanks and missing columns empty the old values",
    ]
    with pytest.raises(UploaderError):
        activate_unasked(file_id=file.pk)
