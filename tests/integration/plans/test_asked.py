"""A list says that something is asked of a file, and where to answer; also of one that waits for staff."""

from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from tests.integration.conftest import Pipeline
from uploads.models import UploadedFile
from uploads.services.comparison.compare import Wish, compare_with_active
from uploads.services.files.permissions import rights_of
from uploads.services.files.receipts import describe_file
from uploads.services.joining.columns import ColumnAnswer, keep_answer
from uploads.services.visibility import OPERATOR
from uploads.states import FileState
from uploads.web.sentences.comparison import column_sentences
from uploads.web.sentences.files import ANSWER, answer_label, file_notice, waits_for_staff

PRICES = "code;name;price\nA1;bolt;1\nB2;nut;2\n"
MISSPELT = "code;name;prise\nC3;gear;3\n"
NOBODY = rights_of(AnonymousUser())


@pytest.fixture
def waiting(pipeline: Pipeline) -> int:
    """A file of a visitor whose columns almost are those of a dataset, and which nobody asked to be activated."""
    pipeline.load(PRICES, "prices.csv", activate=True)
    return pipeline.load(MISSPELT, "march.csv", activate=False).file_id


def test_a_file_that_waits_says_what_is_asked_of_its_columns(waiting: int) -> None:
    receipt = describe_file(file_id=waiting, viewer=OPERATOR)
    assert receipt.state is FileState.LOADED
    assert [(each.name, each.open) for each in receipt.columns_open] == [("prices", ("prise",))]
    assert receipt.is_asked


def test_its_sender_is_led_to_the_answer_and_knows_that_staff_activate_it(waiting: int) -> None:
    receipt = describe_file(file_id=waiting, viewer=OPERATOR)
    can = NOBODY.can(state=receipt.state, own=True)
    assert answer_label(receipt, can=can) == ANSWER
    notice = file_notice(receipt, can=can)
    assert "what becomes of “prise”" in notice
    assert waits_for_staff(receipt) in notice


def test_what_changes_is_told_by_the_names_of_the_dataset(waiting: int, pipeline: Pipeline) -> None:
    pipeline.load("code;name;prise\nA1;bolt;7\nB2;nut;2\n", "april.csv", activate=False)
    april = UploadedFile.objects.latest("pk").pk
    found = compare_with_active(file_id=april, wish=Wish(key=["code"]), viewer=OPERATOR)
    assert (found.new, found.changed, found.gone, found.equal) == (0, 1, 0, 1)
    assert dict(found.columns.renamed) == {"prise": "price"}
    assert (found.columns.added, found.columns.missing) == ((), ())
    [changed] = found.tables[0].examples.changed
    assert {name: (change.old, change.new) for name, change in changed.changes.items()} == {"price": ("1", "7")}
    assert "“prise” is compared as “price”." in column_sentences(found.tables[0])
    by_row = compare_with_active(file_id=waiting, wish=Wish(), viewer=OPERATOR)
    assert (by_row.new, by_row.gone) == (1, 2)


def test_what_changes_follows_the_answer(waiting: int) -> None:
    answer = ColumnAnswer(dataset="prices", columns={"prise": ""})  # left out
    keep_answer(file_id=waiting, answer=answer)
    found = compare_with_active(file_id=waiting, wish=Wish(key=["code"]), viewer=OPERATOR)
    assert (dict(found.columns.renamed), found.columns.missing) == ({}, ("price",))


def test_somebody_else_is_not(waiting: int) -> None:
    receipt = describe_file(file_id=waiting, viewer=OPERATOR)
    assert answer_label(receipt, can=NOBODY.can(state=receipt.state, own=False)) == ""


def test_a_file_that_fits_asks_nothing_and_a_new_one_neither(pipeline: Pipeline) -> None:
    pipeline.load(PRICES, "prices.csv", activate=True)
    for text in ("code;name;price\nD4;saw;4\n", "city;people\nParis;2\n"):
        receipt = describe_file(file_id=pipeline.load(text, "more.csv", activate=False).file_id, viewer=OPERATOR)
        assert not receipt.is_asked
        assert answer_label(receipt, can=NOBODY.can(state=receipt.state, own=True)) == ""


def test_its_word_on_the_list_and_in_the_admin_is_that_it_needs_an_answer(
    pipeline: Pipeline, admin_client: Client
) -> None:
    pipeline.load(PRICES, "prices.csv", activate=True)
    file = pipeline.load(MISSPELT, "march.csv", activate=True).file_id
    receipt = describe_file(file_id=file, viewer=OPERATOR)
    assert receipt.state_word == "Needs an answer"
    page = admin_client.get("/admin/uploads/uploadedfile/").content.decode()
    assert "Needs an answer" in page
    UploadedFile.objects.filter(pk=file).update(columns_open=[])
    assert describe_file(file_id=file, viewer=OPERATOR).state_word == "Off"


def test_load_file_says_what_is_asked_and_how_to_answer(pipeline: Pipeline, tmp_path: Path) -> None:
    pipeline.load(PRICES, "prices.csv", activate=True)
    (tmp_path / "march.csv").write_text(MISSPELT)
    out = StringIO()
    call_command("load_file", str(tmp_path / "march.csv"), stdout=out, stderr=StringIO())
    file = UploadedFile.objects.latest("pk").pk
    assert "2 of 3 columns are those of “prices”. Say what becomes of “prise”." in out.getvalue()
    assert f"answer: manage.py column_plan {file}" in out.getvalue()


def test_commands_say_that_a_file_needs_an_answer_and_how_to_give_it(waiting: int) -> None:
    out = StringIO()
    call_command("list_files", stdout=out)
    _, asked, active = out.getvalue().splitlines()
    assert "loaded (needs an answer)" in asked
    assert "needs" not in active
    with pytest.raises(CommandError, match=rf"receipt, or .* Here: manage\.py column_plan {waiting}$"):
        call_command("activate_file", str(waiting))
    keep_answer(file_id=waiting, answer=ColumnAnswer(dataset=None, columns={}))
    out = StringIO()
    call_command("list_files", stdout=out)
    assert "needs an answer" not in out.getvalue()
