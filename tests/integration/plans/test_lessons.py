"""What a dataset learns by an activation, in the same moment; and what it forgets when that is undone."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client

from tests.integration.conftest import Pipeline, rows
from uploads.database.statements import TableBusy
from uploads.models import ColumnAlias, Dataset, UploadedFile
from uploads.services.columns.left_behind import columns_left_by
from uploads.services.errors import KeyNotUnique
from uploads.services.files.activation import activate_file, deactivate_file
from uploads.services.joining.columns import ColumnAnswer, answer_columns
from uploads.services.joining.modes import join_file
from uploads.services.merging.modes import change_mode, change_mode_in_transaction
from uploads.services.plans import lessons
from uploads.services.reviewing.acts import undo_activation
from uploads.states import FileState, Mode, Review

FIRST = "code;name;price\nA1;Bolt;10\nB2;Nut;20\n"
MISSPELT = "code;prise\nC3;30\n"
SEEN = "SELECT code, price FROM data.prices ORDER BY 1, 2"
Loader = Callable[..., UploadedFile]


@pytest.fixture
def load(pipeline: Pipeline) -> Loader:
    def run(text: str, name: str = "prices.csv", **wishes: Any) -> UploadedFile:
        return UploadedFile.objects.get(pk=pipeline.load(text, name, **wishes).file_id)

    return run


def answered(load: Loader, text: str = MISSPELT, **columns: str) -> UploadedFile:
    file = load(text, "march.csv")
    answer_columns(file_id=file.pk, answer=ColumnAnswer(dataset="prices", columns=columns))
    file.refresh_from_db()
    assert file.state == FileState.ACTIVE
    return file


def learned() -> tuple[set[tuple[str, str | None]], set[str]]:
    """Other names of columns, and columns that files may lack."""
    optional = Dataset.objects.get(slug="prices").columns.filter(optional=True)
    return set(ColumnAlias.objects.values_list("name", "column__name")), set(optional.values_list("name", flat=True))


def test_undone_it_is_forgotten_and_done_again_it_holds_again(load: Loader) -> None:
    load(FIRST)
    file = answered(load, prise="price")
    assert learned() == ({("prise", "price")}, {"name"})
    undo_activation(file_id=file.pk)
    assert learned() == (set(), set())
    assert load(MISSPELT.replace("C3", "D4"), "april.csv").state == FileState.LOADED, "somebody is asked again"
    activate_file(file_id=file.pk)
    assert learned() == ({("prise", "price")}, {"name"})
    assert load(MISSPELT.replace("C3", "E5"), "may.csv").state == FileState.ACTIVE


def test_what_a_later_file_used_stays(load: Loader) -> None:
    load(FIRST)
    file = answered(load, prise="price")
    assert load("code;name;prise\nD4;Pin;40\n", "april.csv").state == FileState.ACTIVE
    undo_activation(file_id=file.pk)
    assert learned() == ({("prise", "price")}, set()), "that one has a name"


def test_what_was_remembered_before_is_so_again(load: Loader) -> None:
    load(FIRST)
    answered(load, "code;name;price;tax\nC3;Pin;1;2\n", tax="")
    file = load("code;name;tax\nD4;Pin;3\n")
    answer_columns(file_id=file.pk, answer=ColumnAnswer(dataset="prices", columns={"tax": "price"}))
    assert learned() == ({("tax", "price")}, set())
    undo_activation(file_id=file.pk)
    assert learned() == ({("tax", None)}, set())


def test_off_and_on_forgets_nothing(load: Loader) -> None:
    load(FIRST)
    file = answered(load, prise="price")
    deactivate_file(file_id=file.pk)
    assert learned() == ({("prise", "price")}, {"name"})


def test_how_files_join_is_put_back_with_it(load: Loader) -> None:
    load(FIRST)
    file = load("code;name;price\nB2;Nut;21\n", activate=False)
    join_file(file_id=file.pk, mode=Mode.MERGE, key=["code"], remember=True)
    dataset = Dataset.objects.get()
    assert (dataset.mode, dataset.key, bool(dataset.mode_chosen)) == ("merge", ["code"], True)
    assert rows(SEEN) == [("A1", 10), ("B2", 21)]
    call_command("deactivate_file", str(file.pk), "--undo")
    dataset.refresh_from_db()
    assert (dataset.mode, dataset.key, dataset.mode_chosen) == ("append", [], None)
    assert rows(SEEN) == [("A1", 10), ("B2", 20)]
    assert UploadedFile.objects.get(pk=file.pk).review == Review.TAKEN_UP


def test_how_files_join_stays_where_a_later_file_did_so_or_somebody_said_otherwise(load: Loader) -> None:
    load(FIRST)
    file = load("code;name;price\nB2;Nut;21\n", activate=False)
    join_file(file_id=file.pk, mode=Mode.REPLACE, remember=True)
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    undo_activation(file_id=file.pk)
    assert Dataset.objects.get().mode == Mode.MERGE
    file = load("code;name;price\nB2;Nut;22\n", activate=False)
    join_file(file_id=file.pk, mode=Mode.REPLACE, remember=True)
    load("code;name;price\nZ9;Nut;1\n")
    activate_file(file_id=file.pk)
    undo_activation(file_id=file.pk)
    assert Dataset.objects.get().mode == Mode.REPLACE


def test_a_join_that_fails_leaves_the_dataset_as_it_was(load: Loader) -> None:
    """How files join changes in the moment in which the file is active, or not at all."""
    load(FIRST)
    load("code;name;price\nA1;Bolt;11\nA1;Bolt;12\n")
    file = load("code;name;price\nB2;Nut;21\n", activate=False)
    with pytest.raises(KeyNotUnique):
        join_file(file_id=file.pk, mode=Mode.MERGE, key=["code"], remember=True)
    file.refresh_from_db()
    assert (Dataset.objects.get(slug="prices").mode, file.mode, file.mode_choice) == ("append", "", None)
    assert len(rows(SEEN)) == 4


def test_a_join_that_has_to_wait_changes_the_dataset_when_it_is_done(pipeline: Pipeline, load: Loader) -> None:
    load(FIRST)
    file = load("code;name;price\nB2;Nut;21\nB2;Nut;22\n", activate=False)
    done = join_file(file_id=file.pk, mode=Mode.MERGE, key=["code"], remember=True)
    assert done.fitting
    assert Dataset.objects.get(slug="prices").mode == "append"
    pipeline.finish(file.pk)
    activate_file(file_id=file.pk)
    dataset = Dataset.objects.get(slug="prices")
    assert (dataset.mode, dataset.key, bool(dataset.mode_chosen)) == ("merge", ["code"], True)
    assert rows(SEEN) == [("A1", 10), ("B2", 21)]


@pytest.mark.parametrize("key", ["Art. nr", "art_nr", "code"])
def test_a_key_is_meant_by_the_files_own_name_or_the_datasets(load: Loader, key: str) -> None:
    load(FIRST)
    file = load("Art. nr;name;price\nB2;Nut;21\n", "march.csv", mode="merge", key=[key])
    assert file.state == FileState.LOADED, file.error_message
    answer_columns(file_id=file.pk, answer=ColumnAnswer(dataset="prices", columns={"art_nr": "code"}))
    assert Dataset.objects.get().key == ["code"]
    assert rows(SEEN) == [("A1", 10), ("B2", 21)]
    later = load("Art. nr;name;price\nA1;Bolt;12\n", "april.csv", mode="merge", key=[key])
    assert later.state == FileState.ACTIVE, later.error_message
    assert rows(SEEN) == [("A1", 12), ("B2", 21)]


NUMBERED = "nr;name;price\n1;Bolt;10\n2;Nut;20\n"
WORDED = "nr;name;prise\n2;Nut;20\n" + "".join(f"{n};x;5\n" for n in range(100, 160)) + "n/a;Pin;1\n"


@pytest.mark.parametrize("ask_how", [True, False])
def test_how_it_joins_is_asked_once_it_was_read_again(pipeline: Pipeline, load: Loader, ask_how: bool) -> None:
    """Before that nobody can say which rows are there already; nor is anybody asked where nobody could answer."""
    load(NUMBERED)
    file = load(WORDED, "march.csv")
    answer = ColumnAnswer(dataset="prices", columns={"prise": "price"})
    done = answer_columns(file_id=file.pk, answer=answer, ask_how=ask_how)
    assert done is not None
    assert done.fitting, "a number is a text in this file"
    pipeline.finish(file.pk)
    file.refresh_from_db()
    assert (file.state, file.rows_rejected) == (FileState.LOADED, 1)
    assert [each["known_keys"] for each in file.overlaps] == ([1] if ask_how else [])
    join_file(file_id=file.pk, mode=Mode.MERGE, key=["nr"], remember=True)
    assert rows("SELECT count(*), count(DISTINCT nr) FROM data.prices") == [(62, 62)]


def test_undone_all_files_whose_place_it_took_are_seen_again(load: Loader) -> None:
    files = [load(f"code;name;price\n{code};Bolt;10\n") for code in ("A1", "B2", "C3")]
    new = load("code;name;price\nX9;Bolt;10\n", activate=False)
    join_file(file_id=new.pk, mode=Mode.REPLACE, key=(), remember=True, user_id=None)
    assert rows(SEEN) == [("X9", 10)]
    undo_activation(file_id=new.pk)
    assert rows(SEEN) == [("A1", 10), ("B2", 10), ("C3", 10)]
    active = UploadedFile.objects.filter(state=FileState.ACTIVE).values_list("pk", flat=True)
    assert sorted(active) == [file.pk for file in files]
    assert Dataset.objects.get(slug="prices").mode == Mode.APPEND


def test_where_the_table_is_in_use_the_undo_is_tried_again(load: Loader, monkeypatch: pytest.MonkeyPatch) -> None:
    load(FIRST)
    new = load("code;name;price\nA1;Bolt;11\n", activate=False)
    join_file(file_id=new.pk, mode=Mode.MERGE, key=["code"], remember=True, user_id=None)
    change, tries = change_mode_in_transaction, []

    def in_use_once(*given: Any, **said: Any) -> Any:
        tries.append(given)
        if len(tries) == 1:
            raise TableBusy("This table is in use right now.", hint="Try again in a moment.")
        return change(*given, **said)

    monkeypatch.setattr(lessons, "change_mode_in_transaction", in_use_once)
    undo_activation(file_id=new.pk)
    assert (len(tries), Dataset.objects.get(slug="prices").mode) == (2, Mode.APPEND)


def test_a_column_that_came_with_it_stays_and_is_offered_to_be_removed(load: Loader) -> None:
    load(FIRST)
    file = answered(load, "code;name;price;tax\nC3;Pin;1;2\n", tax="+")
    assert columns_left_by(file_id=file.pk) == ()
    deactivate_file(file_id=file.pk)
    assert columns_left_by(file_id=file.pk) == (), "it may be switched on again in a moment"
    activate_file(file_id=file.pk)
    out = StringIO()
    call_command("deactivate_file", str(file.pk), "--undo", stdout=out)
    words = "No other file of “prices” has “tax”: the column stays there, empty, until it is removed."
    assert out.getvalue().endswith(f"{words}\n  manage.py dataset_columns prices --remove tax\n")
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("ana"))
    page = client.get(f"/receipts/{file.token}/").content.decode()
    assert words in page
    assert 'href="/datasets/prices/columns/edit/"' in page
    call_command("dataset_columns", "prices", "--remove", "tax", stdout=StringIO())
    assert columns_left_by(file_id=file.pk) == ()
    activate_file(file_id=file.pk)
    assert rows(SEEN) == [("A1", 10), ("B2", 20), ("C3", 1)]


def test_a_column_that_another_file_has_too_is_left_alone(load: Loader) -> None:
    load(FIRST)
    file = answered(load, "code;name;price;tax\nC3;Pin;1;2\n", tax="+")
    load("code;name;price;tax\nD4;Cog;1;2\n", "april.csv")
    undo_activation(file_id=file.pk)
    assert columns_left_by(file_id=file.pk) == ()
