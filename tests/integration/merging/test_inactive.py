"""A file that was loaded to be activated later is asked how it joins when somebody activates it, whoever sent it."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from tests.integration.conftest import Pipeline, rows
from tests.integration.merging.test_asked import BLANKS, JANUARY, load, staff
from uploads.models import Dataset, UploadedFile
from uploads.services.errors import JoinUndecided
from uploads.services.files.activation import activate_file, deactivate_file
from uploads.services.joining.inactive import ask_how_inactive_join
from uploads.services.joining.modes import activate_unasked, join_file
from uploads.services.merging.choices import SaidChoices
from uploads.services.merging.modes import change_mode
from uploads.states import FileState, Kept, Mode

__all__ = ["staff"]
CORRECTED = "code;price;region\nA1;11;North\nB2;21;South\n"
FURTHER = "code;price;region\nE5;50;North\nF6;60;South\n"


@pytest.fixture(params=["command", "api", "page", "tus"])
def inactive(request: pytest.FixtureRequest, pipeline: Pipeline) -> UploadedFile:
    """Rows of it are there already."""
    load(pipeline, JANUARY)
    file = load(pipeline, CORRECTED, via=request.param, activate=False)
    assert (file.state, file.overlaps) == (FileState.LOADED, [])
    return file


def asked(file: UploadedFile) -> bool:
    return bool(ask_how_inactive_join(file_ids=[file.pk]))


def test_command_adds_what_nobody_was_asked_of_or_joins_it_as_it_says(inactive: UploadedFile) -> None:
    call_command("activate_file", str(inactive.pk), stdout=StringIO())
    assert rows("SELECT count(*) FROM data.prices") == [(6,)]
    deactivate_file(file_id=inactive.pk)
    call_command("activate_file", str(inactive.pk), "--mode", "merge", "--key", "code", stdout=StringIO())
    assert rows("SELECT count(*) FROM data.prices") == [(4,)]


def test_command_asks_once_a_list_has_asked(inactive: UploadedFile) -> None:
    assert asked(inactive)
    with pytest.raises(CommandError, match="2 of 2 rows have a “code” that is in “prices” already") as told:
        call_command("activate_file", str(inactive.pk), stdout=StringIO())
    assert f"activate_file {inactive.pk} --mode merge --key code" in str(told.value)


def test_list_of_the_admin_asks(staff: Client, inactive: UploadedFile) -> None:
    data = {"action": "activate_files", "_selected_action": [inactive.pk]}
    page = staff.post("/admin/uploads/uploadedfile/", data).content.decode()
    assert "are there already" in page
    assert "How do they join?" in page
    inactive.refresh_from_db()
    assert inactive.state == FileState.LOADED


def test_api_adds_what_nobody_was_asked_of(staff: Client, inactive: UploadedFile) -> None:
    assert staff.post(f"/api/files/{inactive.pk}/activate").status_code == 200
    assert rows("SELECT count(*) FROM data.prices") == [(6,)]


def test_a_file_of_which_no_row_is_there_is_not_asked(pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    file = load(pipeline, FURTHER, via="command", activate=False)
    assert not asked(file)
    assert activate_unasked(file_id=file.pk).rows == 2


@pytest.mark.parametrize("mode", [Mode.APPEND, Mode.REPLACE, Mode.MERGE])
def test_where_it_was_said_of_the_dataset_nothing_is_asked(pipeline: Pipeline, mode: Mode) -> None:
    load(pipeline, JANUARY)
    change_mode(slug="prices", mode=mode, key=["code"] if mode is Mode.MERGE else [])
    file = load(pipeline, CORRECTED, via="command", activate=False)
    assert not asked(file)
    assert activate_unasked(file_id=file.pk).rows == 2


def test_where_it_was_said_with_the_file_nothing_is_asked(pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    file = load(pipeline, CORRECTED, via="command", activate=False, mode="append")
    assert not asked(file)
    assert activate_unasked(file_id=file.pk).rows == 2
    assert rows("SELECT count(*) FROM data.prices") == [(6,)]


def test_what_a_command_activates_by_itself_is_not_asked(pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    assert load(pipeline, CORRECTED, via="command", activate=True).state == FileState.ACTIVE


def test_off_and_on_again_nothing_is_asked(pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    file = load(pipeline, CORRECTED, via="command", activate=False)
    join_file(file_id=file.pk, mode=Mode.APPEND)
    deactivate_file(file_id=file.pk)
    assert not asked(file)
    assert activate_unasked(file_id=file.pk).rows == 2


def test_first_file_of_its_dataset_is_not_asked(pipeline: Pipeline) -> None:
    file = load(pipeline, JANUARY, via="command", activate=False)
    assert not asked(file)
    assert activate_unasked(file_id=file.pk).rows == 4


def test_blanks_that_would_empty_values_are_asked_of_too(pipeline: Pipeline) -> None:
    load(pipeline, JANUARY, mode="merge", key="code")
    file = load(pipeline, BLANKS, via="command", activate=False)
    assert asked(file)
    with pytest.raises(JoinUndecided, match="no values"):
        activate_unasked(file_id=file.pk)
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"], said=SaidChoices(blanks=Kept.KEEP))
    assert activate_unasked(file_id=file.pk).rows == 3


def test_answer_is_remembered_for_the_next_one(staff: Client, inactive: UploadedFile, pipeline: Pipeline) -> None:
    join_file(file_id=inactive.pk, mode=Mode.MERGE, key=["code"], remember=True)
    assert Dataset.objects.get(slug="prices").mode == Mode.MERGE
    file = load(pipeline, "code;price;region\nB2;22;South\n", via="command", activate=False)
    assert not asked(file)
    assert activate_unasked(file_id=file.pk).rows == 1


def test_a_program_that_says_it_is_not_asked(inactive: UploadedFile) -> None:
    assert activate_file(file_id=inactive.pk).rows == 2
