"""A file that updates by key and comes by a command or a program says which values its blanks emptied."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.integration.conftest import Pipeline, rows
from tests.integration.merging.test_asked import BLANKS, BLANKS_EMPTY, BLANKS_KEPT, JANUARY, SEEN, load
from tests.integration.receiving.readings_again import again
from uploads.models import UploadedFile
from uploads.services.columns.shape import change_strictness
from uploads.services.merging.choices import SaidChoices
from uploads.services.merging.modes import change_mode
from uploads.states import FileState, Kept, Mode, Strictness
from uploads.tabular.notes import NoteKind

SHORT = "code;price\nA1;11\nD4;41\n"


@pytest.fixture
def merging(pipeline: Pipeline) -> Pipeline:
    load(pipeline, JANUARY, mode="merge", key="code")
    return pipeline


def emptied(file: UploadedFile) -> list[dict[str, Any]]:
    notes = [note for load in file.loads.all() for note in load.notes]
    return [note["figures"] for note in notes if note["kind"] == NoteKind.VALUES_EMPTIED]


def test_it_says_how_many_and_in_which_columns(merging: Pipeline) -> None:
    file = load(merging, BLANKS)
    assert file.state == FileState.ACTIVE
    columns = [{"name": "price", "rows": 1}, {"name": "region", "rows": 1}]
    assert emptied(file) == [{"dataset": "prices", "rows": 2, "columns": columns}]
    assert rows(SEEN) == BLANKS_EMPTY


def test_it_stands_on_the_terminal(merging: Pipeline, tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text(BLANKS)
    call_command("load_file", str(path), stdout=(out := StringIO()), stderr=StringIO())
    assert (
        "2 rows have no value where “prices” had one for the same key: 1 in “price”, 1 in “region”." in out.getvalue()
    )


def test_it_is_said_of_the_file_by_which_the_dataset_begins_to_merge(pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    assert emptied(load(pipeline, BLANKS, mode="merge", key="code"))[0]["rows"] == 2


def test_columns_that_it_lacks_are_counted(merging: Pipeline) -> None:
    change_strictness(slug="prices", strictness=Strictness.GROW)
    file = load(merging, SHORT, dataset="prices")
    assert file.state == FileState.ACTIVE
    assert emptied(file)[0]["columns"] == [{"name": "region", "rows": 2}]


def test_where_blanks_keep_the_old_values_nothing_is_said(merging: Pipeline) -> None:
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"], said=SaidChoices(blanks=Kept.KEEP))
    assert emptied(load(merging, BLANKS)) == []
    assert rows(SEEN) == BLANKS_KEPT


@pytest.mark.parametrize("text", ["code;price;region\nA1;11;East\nC3;;East\n", "code;price;region\nE5;;\n"])
def test_blanks_that_meet_no_value_empty_nothing(merging: Pipeline, text: str) -> None:
    assert emptied(load(merging, text)) == []


def test_a_full_list_says_what_there_is_blanks_too(merging: Pipeline) -> None:
    assert emptied(load(merging, BLANKS, mode="merge", full=True)) == []


def test_where_rows_are_only_added_nothing_is_emptied(pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    assert emptied(load(pipeline, BLANKS)) == []


def test_rows_that_delete_their_key_empty_nothing(pipeline: Pipeline) -> None:
    load(pipeline, "code;price;gone\nA1;10;no\nB2;20;no\n", mode="merge", key="code")
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"], said=SaidChoices(delete_when=("gone", ["yes"])))
    file = load(pipeline, "code;price;gone\nA1;;yes\nB2;;no\n")
    assert emptied(file)[0]["rows"] == 1


def test_of_another_reading_of_the_file_nothing_is_said(merging: Pipeline) -> None:
    """Of the same rows it was said before; and what its last reading had is nothing that this one empties."""
    file = load(merging, BLANKS)
    new = again(file.pk, all_text=False)
    merging.finish(new.pk)
    new.refresh_from_db()
    assert (new.state, rows(SEEN)) == (FileState.ACTIVE, BLANKS_EMPTY)
    assert emptied(new) == []
