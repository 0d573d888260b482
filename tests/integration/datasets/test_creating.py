"""Datasets that are founded, joined, emptied and removed by several loads and people at once."""

from functools import partial

import psycopg
import pytest
from django.db import transaction

from tests.integration.conftest import Pipeline, connection_parameters, data_tables
from tests.integration.files.test_activation import in_threads
from uploads.models import UploadedFile
from uploads.services.errors import LeaseLost
from uploads.services.files.receipts import describe_file
from uploads.services.loading.lease import claim_file, hold_file
from uploads.states import FileState

INTS = "a;b\n" + "1;2\n" * 200_000
WORDS = "a;b\n" + "x;y\n" * 10


def test_of_two_files_that_found_one_wanted_dataset_one_is_told_of_the_others_columns(pipeline: Pipeline) -> None:
    files = [pipeline.receive(f"a{n};b{n}\n1;2\n", dataset="sales").pk for n in range(4)]
    assert in_threads(*[partial(pipeline.finish, file) for file in files]) == [None] * 4
    files_now = UploadedFile.objects.order_by("state")
    assert [file.state for file in files_now].count("active") == 1
    for file in files_now.exclude(state="active"):
        said = file.error_message or file.events.order_by("-id")[0].text
        assert "are not those of the dataset “sales”" in said


def test_wanted_name_of_a_table_that_is_no_dataset_is_refused(pipeline: Pipeline) -> None:
    with psycopg.connect(**connection_parameters(), autocommit=True) as person:
        person.execute("CREATE TABLE data.mine (one integer)")
    receipt = pipeline.load("a;b\n1;2\n", dataset="mine")
    assert receipt.error is not None
    assert receipt.error["code"] == "bad_option"


def test_files_of_one_header_and_other_types_found_at_once(pipeline: Pipeline) -> None:
    for n in range(10):
        numbers = pipeline.receive(f"a{n};b\n" + "1;2\n" * 10, "numbers.csv").pk
        words = pipeline.receive(f"a{n};b\n" + "x;y\n" * 10, "words.csv").pk
        errors = in_threads(partial(pipeline.finish, numbers), partial(pipeline.finish, words))
        assert errors == [None, None]
        one = describe_file(file_id=words)
        assert one.state is FileState.ACTIVE or (one.error and one.error["code"] == "no_row_fits"), one.error
        assert describe_file(file_id=numbers).state is FileState.ACTIVE, describe_file(file_id=numbers).error


def test_worker_that_was_overtaken_before_it_named_its_session_makes_nothing(pipeline: Pipeline) -> None:
    file = pipeline.receive("a;b\n1;2\n").pk
    attempt = claim_file(file_id=file, worker="frozen")
    assert attempt is not None
    UploadedFile.objects.filter(pk=file).update(fence=attempt.fence + 1)
    with pytest.raises(LeaseLost), transaction.atomic():
        hold_file(attempt=attempt)
    assert data_tables() == set()
