"""Migrations there and back: nothing is lost, and what would be is refused in a sentence.

Environment: ``EXAMPLES`` (any: each refusal, not the first alone, as by ``make faults``; a way back takes seconds).
"""

import os
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


def test_what_would_be_lost_is_refused_one_after_the_other_and_then_nothing_is(pipeline: Pipeline) -> None:
    """All of it in one database."""
    options = {"null_words": "NA", "delimiter": ";"}
    again = pipeline.load("a;b\n1;NA\n2;3\n", "codes.csv", dataset="my_codes", options=options).file_id
    deactivate_file(file_id=again)
    retry_file(file_id=again)  # its dataset keeps its name and what it remembers
    draft = pending(pipeline, "c;d\n1;2\n", "drafted.csv").file_id
    pipeline.load("e;f\n1;2\n", "places.csv")
    held = pipeline.load("e;f\n1;2\n", "again.csv", again=False).file_id
    pipeline.load(TABLE, "prices.csv", dataset="prices", mode="merge", key="a")
    pipeline.load("a;b\n1;3\n", "prices.csv", dataset="prices")

    with pytest.raises(CommandError, match=r"1 dataset.*prices.*dataset_mode SLUG append"), back_to(BEFORE_MERGING):
        pytest.fail("shared rows have no partition")
    change_mode(slug="prices", mode=Mode.APPEND)
    if "EXAMPLES" in os.environ:
        with pytest.raises(CommandError, match=rf"1 file.*files {held}\).*delete these"), back_to(BEFORE_DUPLICATES):
            pytest.fail("the state is not known there")
    assert describe_file(file_id=held).state is FileState.DUPLICATE
    delete_file(file_id=held)
    if "EXAMPLES" in os.environ:
        with (
            pytest.raises(CommandError, match=rf"1 draft.*files {draft}\).*activate or delete"),
            back_to(BEFORE_DRAFTS),
        ):
            pytest.fail("a draft has no table")
    assert activate_file(file_id=draft).datasets == ("drafted",)

    with back_to(BEFORE_DRAFTS):
        assert rows("SELECT c, d FROM data.drafted") == [(1, 2)]
        assert rows("SELECT a, b FROM data.prices ORDER BY b") == [(1, 2), (1, 3)]
        assert rows("SELECT count(*) FROM uploads_fileevent WHERE state = 'duplicate'") == [(0,)]
        assert ("my_codes",) in rows("SELECT slug FROM uploads_dataset")
    assert not Dataset.objects.filter(established_at=None)
    assert FileEvent.objects.filter(file=held, state=FileState.RECEIVING).count() == 2  # begun, and held back
    kept = Dataset.objects.get(slug="my_codes")
    assert (kept.null_words, list(kept.read_options)) == (["NA"], ["delimiter"])
    assert pipeline.finish(again).state is FileState.ACTIVE
    assert rows("SELECT a, b FROM data.my_codes ORDER BY a") == [(1, None), (2, 3)]
