"""Migrations of drafts and duplicates, there and back: nothing is lost, and what would be is refused in a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.integration.conftest import Pipeline, rows
from tests.integration.datasets.test_drafts import pending
from uploads.models import Dataset, FileEvent
from uploads.services.files.activation import activate_file, deactivate_file, delete_file, retry_file
from uploads.services.files.receipts import describe_file
from uploads.services.merging.modes import change_mode
from uploads.states import FileState, Mode

BEFORE_DRAFTS = "0012_2026_11_28_0605_reasons_and_evidence_are_facts"
BEFORE_MERGING = "0022_2026_11_28_2051_words_of_the_admin"
BEFORE_DUPLICATES = "0013_2026_11_28_0920_drafts"
TABLE = "a;b\n1;2\n"


def migrate(name: str) -> None:
    MigrationExecutor(connection).migrate([("uploads", name)])


@contextmanager
def back_to(name: str) -> Iterator[None]:
    """The database as it was at a migration; whatever happens, it is up to date afterwards."""
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes("uploads")
    try:
        migrate(name)
        yield
    finally:
        MigrationExecutor(connection).migrate(newest)


def test_drafts_are_not_left_without_a_table(pipeline: Pipeline) -> None:
    file = pending(pipeline, TABLE, "prices.csv").file_id
    with pytest.raises(CommandError, match=rf"1 draft.*files {file}\).*activate or delete"), back_to(BEFORE_DRAFTS):
        pytest.fail("a draft has no table")
    assert activate_file(file_id=file).datasets == ("prices",)
    with back_to(BEFORE_DRAFTS):
        assert rows("SELECT a, b FROM data.prices") == [(1, 2)]
    assert Dataset.objects.get().established_at is not None


def test_files_that_are_held_back_are_not_left_in_a_state_that_is_unknown(pipeline: Pipeline) -> None:
    pipeline.load(TABLE, "prices.csv")
    held = pipeline.load(TABLE, "again.csv", again=False).file_id
    with pytest.raises(CommandError, match=rf"1 file.*files {held}\).*delete these"), back_to(BEFORE_DUPLICATES):
        pytest.fail("the state is not known there")
    assert describe_file(file_id=held).state is FileState.DUPLICATE
    delete_file(file_id=held)
    with back_to(BEFORE_DUPLICATES):
        assert rows("SELECT count(*) FROM uploads_fileevent WHERE state = 'duplicate'") == [(0,)]
    assert FileEvent.objects.filter(file=held, state=FileState.RECEIVING).count() == 2  # begun, and held back


def test_dataset_of_a_file_that_waits_to_be_loaded_again_keeps_name_and_memory(pipeline: Pipeline) -> None:
    options = {"null_words": "NA", "delimiter": ";"}
    file = pipeline.load("a;b\n1;NA\n2;3\n", "prices.csv", dataset="my_prices", options=options).file_id
    deactivate_file(file_id=file)
    retry_file(file_id=file)
    with back_to(BEFORE_DRAFTS):
        assert rows("SELECT slug FROM uploads_dataset") == [("my_prices",)]
    kept = Dataset.objects.get(slug="my_prices")
    assert kept.established_at is not None
    assert (kept.null_words, list(kept.read_options)) == (["NA"], ["delimiter"])
    assert pipeline.finish(file).state is FileState.ACTIVE
    assert rows("SELECT a, b FROM data.my_prices ORDER BY a") == [(1, None), (2, 3)]


def test_files_that_merge_are_not_left_without_a_key(pipeline: Pipeline) -> None:
    pipeline.load(TABLE, "prices.csv", mode="merge", key="a")
    pipeline.load("a;b\n1;3\n", "prices.csv")
    with pytest.raises(CommandError, match=r"1 dataset.*prices.*dataset_mode SLUG append"), back_to(BEFORE_MERGING):
        pytest.fail("shared rows have no partition")
    change_mode(slug="prices", mode=Mode.APPEND)
    with back_to(BEFORE_MERGING):
        assert rows("SELECT a, b FROM data.prices ORDER BY b") == [(1, 2), (1, 3)]
