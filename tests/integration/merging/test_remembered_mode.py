"""A mode that is said with a file and remembered: its dataset merges anew while the file becomes active.

It is held to what a change of the mode by itself is held to, and where it fails all is as it was.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.test import override_settings

from tests.integration.conftest import Pipeline, connection_parameters, rows
from tests.integration.merging.test_bad_input import at_once
from uploads.database import retrying
from uploads.database.locks import Lock
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.files.activation import deactivate_file
from uploads.services.joining.modes import join_file
from uploads.services.merging import modes, shown_rows
from uploads.services.merging.modes import change_mode
from uploads.states import FileState, Mode
from uploads.tabular.errors import UploaderError

SEEN = "SELECT code, shop, price FROM data.prices ORDER BY 1, 2, 3"
INDEXES = "SELECT indexname FROM pg_indexes WHERE schemaname = 'data' ORDER BY 1"
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'data'::regnamespace ORDER BY 1"


def send(pipeline: Pipeline, text: str, *, active: bool = True) -> int:
    return pipeline.load(f"code;shop;price\n{text}", "prices.csv", activate=active).file_id


def everything() -> list[object]:
    dataset = Dataset.objects.get(slug="prices")
    files = UploadedFile.objects.order_by("pk").values_list("pk", "state", "mode", "ranked_at", "taught", "replaced_by")
    loads = Load.objects.order_by("pk").values_list("pk", "key", "rows_hidden", "changes")
    return [
        *(dataset.mode, dataset.key, dataset.merge_choices, dataset.mode_chosen),
        *(list(files), list(loads), rows(SEEN), rows(INDEXES), rows(TABLES)),
    ]


@contextmanager
def columns_changed_by_another() -> Iterator[None]:
    with psycopg.connect(**connection_parameters(), autocommit=True) as other:
        dataset = Dataset.objects.get(slug="prices")
        other.execute("SELECT pg_advisory_lock(%s, %s)", [Lock.COLUMNS.value, dataset.pk])
        yield


@contextmanager
def read_by_a_view() -> Iterator[None]:
    with psycopg.connect(**connection_parameters(), autocommit=True) as other:
        other.execute("CREATE VIEW public.readers AS SELECT code FROM data.prices")
        try:
            yield
        finally:
            other.execute("DROP VIEW public.readers")


@contextmanager
def as_many_files_as_may_be() -> Iterator[None]:
    with override_settings(MAX_ACTIVE_FILES=2):
        yield


@contextmanager
def killed_in_the_middle() -> Iterator[None]:
    show = shown_rows.show_part
    shown: list[None] = []

    def show_one(*args: Any, **named: Any) -> None:
        if shown:
            raise UploaderError("The connection is gone.")
        show(*args, **named)
        shown.append(None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(modes, "show_part", show_one)
        yield


REFUSALS: dict[str, tuple[Callable[[], Any], str]] = {
    "columns are being changed": (columns_changed_by_another, "being changed"),
    "a view reads the table": (read_by_a_view, "is read by readers"),
    "too many files are active": (as_many_files_as_may_be, "as many as it may have"),
    "it breaks off in the middle": (killed_in_the_middle, "gone"),
}


@pytest.mark.parametrize("name", REFUSALS)
@pytest.mark.parametrize("before", [Mode.APPEND, Mode.MERGE])
def test_what_fails_leaves_all_as_it_was(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, name: str, before: Mode
) -> None:
    """Also where it is refused for the whole dataset by another session, or by a limit."""
    monkeypatch.setattr(retrying, "RETRY_SECONDS", 0.0)
    send(pipeline, "A1;N;1\nB2;N;2\n")
    send(pipeline, "B2;N;3\nC3;S;4\n")
    change_mode(slug="prices", mode=before, key=["code"] if before is Mode.MERGE else [])
    new = send(pipeline, "C3;S;5\n", active=False)
    was = everything()
    trouble, words = REFUSALS[name]
    mode, key = (Mode.MERGE, ["code"]) if before is Mode.APPEND else (Mode.MERGE, ["code", "shop"])
    with trouble(), pytest.raises(UploaderError, match=words):
        join_file(file_id=new, mode=mode, key=key, remember=True)
    assert everything() == was
    join_file(file_id=new, mode=mode, key=key, remember=True)
    assert rows(SEEN) == [("A1", "N", 1), ("B2", "N", 3), ("C3", "S", 5)]


def test_a_key_that_active_rows_do_not_have_is_refused(pipeline: Pipeline) -> None:
    """Nor does the index stay that was made for the first of them."""
    send(pipeline, "A1;N;1\nB2;N;2\n")
    send(pipeline, "B2;N;3\nB2;S;4\n")
    new = send(pipeline, "C3;S;5\n", active=False)
    was = everything()
    with pytest.raises(UploaderError, match="does not tell the rows of file"):
        join_file(file_id=new, mode=Mode.MERGE, key=["code"], remember=True)
    assert everything() == was


def test_files_that_add_again_are_not_shown_while_columns_change(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrying, "RETRY_SECONDS", 0.0)
    send(pipeline, "A1;N;1\n")
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    was = everything()
    with columns_changed_by_another(), pytest.raises(UploaderError, match="being changed"):
        change_mode(slug="prices", mode=Mode.APPEND)
    assert everything() == was


def test_another_file_is_switched_off_at_the_same_moment(pipeline: Pipeline) -> None:
    first = send(pipeline, "A1;N;1\nB2;N;2\n")
    second = send(pipeline, "B2;N;3\nC3;S;4\n")
    new = send(pipeline, "C3;S;5\n", active=False)
    raised = at_once(
        lambda: join_file(file_id=new, mode=Mode.MERGE, key=["code"], remember=True),
        lambda: deactivate_file(file_id=second),
    )
    assert raised == [None, None]
    assert rows(SEEN) == [("A1", "N", 1), ("B2", "N", 2), ("C3", "S", 5)]
    assert UploadedFile.objects.get(pk=first).state == FileState.ACTIVE
