"""How files join their dataset: added, in the place of the others, or updating by key; and every one back again."""

import io
import zipfile

import pytest

from tests.integration.conftest import Pipeline, rows
from uploads.database.merging.by_key import has_key
from uploads.models import Dataset, Load, RejectedRow, UploadedFile
from uploads.services.errors import KeyNotUnique, ReachesFurther
from uploads.services.files.activation import activate_file, deactivate_file, delete_file
from uploads.services.merging.keys import key_faults
from uploads.services.merging.modes import change_mode
from uploads.states import FileState, Mode
from uploads.tabular.errors import BadOption

JANUARY = "code;price\nA1;10\nB2;20\nC3;30\n"
FEBRUARY = "code;price\nB2;21\nD4;40\n"
MARCH = "code;price\nB2;22\nC3;33\n"
SEEN = "SELECT code, price FROM data.prices ORDER BY code, price"


def load(pipeline: Pipeline, text: str | bytes, name: str = "prices.csv", **wishes: object) -> UploadedFile:
    return UploadedFile.objects.get(pk=pipeline.load(text, name, activate=True, **wishes).file_id)


def test_a_file_that_replaces_takes_the_place_of_all_that_are_active(pipeline: Pipeline) -> None:
    first, second = load(pipeline, JANUARY), load(pipeline, FEBRUARY)
    new = load(pipeline, MARCH, mode="replace")
    assert rows(SEEN) == [("B2", 22), ("C3", 33)]
    states = list(UploadedFile.objects.order_by("pk").values_list("state", "replaced_by"))
    assert states == [("loaded", new.pk), ("loaded", new.pk), ("active", None)]
    deactivate_file(file_id=new.pk)
    activate_file(file_id=first.pk)
    activate_file(file_id=second.pk)
    assert len(rows(SEEN)) == 5
    activate_file(file_id=new.pk)
    assert len(rows(SEEN)) == 7


def test_a_dataset_that_replaces_keeps_on_doing_so(pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    change_mode(slug="prices", mode=Mode.REPLACE)
    load(pipeline, FEBRUARY)
    load(pipeline, MARCH)
    assert rows(SEEN) == [("B2", 22), ("C3", 33)]


def test_of_one_key_the_row_of_the_later_file_is_seen_and_any_file_comes_back(pipeline: Pipeline) -> None:
    january = load(pipeline, JANUARY, mode="merge", key="code")
    february, march = load(pipeline, FEBRUARY), load(pipeline, MARCH)
    assert Dataset.objects.values_list("mode", "key").get() == ("merge", ["code"])
    assert rows(SEEN) == [("A1", 10), ("B2", 22), ("C3", 33), ("D4", 40)]
    deactivate_file(file_id=march.pk)
    assert rows(SEEN) == [("A1", 10), ("B2", 21), ("C3", 30), ("D4", 40)]
    deactivate_file(file_id=january.pk)
    assert rows(SEEN) == [("B2", 21), ("D4", 40)]
    activate_file(file_id=march.pk)
    activate_file(file_id=january.pk)
    assert rows(SEEN) == [("A1", 10), ("B2", 22), ("C3", 33), ("D4", 40)]
    delete_file(file_id=february.pk)
    assert rows(SEEN) == [("A1", 10), ("B2", 22), ("C3", 33)]
    hidden = dict(Load.objects.exclude(part="").values_list("file", "rows_hidden"))
    assert hidden == {january.pk: 2, march.pk: 0}


def test_a_second_row_of_one_key_is_rejected_and_names_the_first(pipeline: Pipeline) -> None:
    load(pipeline, "code;price\nA1;10\n" + "".join(f"X{n};1\n" for n in range(60)), mode="merge", key="code")
    file = load(pipeline, "code;price\nA1;11\n" + "".join(f"X{n};2\n" for n in range(60)) + "A1;12\n;13\n")
    assert file.state == FileState.ACTIVE
    reasons = RejectedRow.objects.order_by("row").values_list("code", "reason", "raw")
    assert list(reasons) == [
        ("equal_key", "code “A1” stands in row 2 already", "A1;12"),
        ("blank_key", "code is empty, and rows are told apart by it", ";13"),
    ]
    assert (file.rows_read, file.rows_loaded, file.rows_rejected) == (63, 61, 2)
    assert rows("SELECT price FROM data.prices WHERE code = 'A1'") == [(11,)]


def test_what_is_no_key_fails_the_file_with_its_figures(pipeline: Pipeline) -> None:
    text = "code;price\n" + "".join(f"A{n % 30};{n}\n" for n in range(60))
    file = load(pipeline, text, mode="merge", key="code")
    assert (file.state, file.error_code) == (FileState.FAILED, "too_many_rejects")
    assert "30 of 60 have none, or that of an earlier row" in file.error_message
    wrong = load(pipeline, JANUARY, mode="merge", key="article")
    assert wrong.state == FileState.FAILED
    assert "There is no column “article”" in wrong.error_message


def test_a_mode_can_change_while_files_are_active(pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    load(pipeline, FEBRUARY)
    load(pipeline, MARCH)
    with pytest.raises(BadOption, match="needs a key"):
        change_mode(slug="prices", mode=Mode.MERGE)
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    assert rows(SEEN) == [("A1", 10), ("B2", 22), ("C3", 33), ("D4", 40)]
    change_mode(slug="prices", mode=Mode.MERGE, key=["code", "price"])
    assert len(rows(SEEN)) == 7
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    change_mode(slug="prices", mode=Mode.APPEND)
    assert len(rows(SEEN)) == 7
    assert rows("SELECT relname FROM pg_class WHERE relname ~ '^_(shared|aside)_' AND relkind = 'r'") == []


def test_a_key_that_active_rows_do_not_have_changes_nothing(pipeline: Pipeline) -> None:
    load(pipeline, "code;price\nA1;10\nA1;11\nB2;20\n")
    with pytest.raises(KeyNotUnique, match="line 3 has “A1”, and so has line 2"):
        change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    assert Dataset.objects.values_list("mode", "key").get() == ("append", [])
    assert len(rows(SEEN)) == 3


def test_a_file_is_not_replaced_for_half_of_its_tables(pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("prices.csv", FEBRUARY)
        archive.writestr("people.csv", "name;age\nAnn;30\nBen;40\n")
    load(pipeline, packed.getvalue(), "both.zip")
    waiting = load(pipeline, MARCH, mode="replace")
    assert waiting.state == FileState.LOADED
    with pytest.raises(ReachesFurther, match="rows in “people” too"):
        activate_file(file_id=waiting.pk)
    assert len(rows(SEEN)) == 5


@pytest.mark.parametrize("key", [("code",), ("code", "shop"), ("shop", "code")])
def test_a_blank_in_any_column_of_a_key_is_found_and_leaves_no_index(pipeline: Pipeline, key: tuple[str, ...]) -> None:
    whole = load(pipeline, "code;shop;price\nA1;1;11\nB2;2;12\n", "whole.csv")
    blank = load(pipeline, "code;shop;price\nA1;1;11\n;2;12\n", "blank.csv")
    whole_part, blank_part = (Load.objects.get(file=file).part for file in (whole, blank))
    assert key_faults(part=whole_part, key=key) == ""
    assert has_key(part=whole_part)
    assert key_faults(part=blank_part, key=key).startswith("1 row without ")
    assert not has_key(part=blank_part)
