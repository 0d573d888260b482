"""One list of reading options, and every way in has all of them."""

import pytest
from django.core.management import load_command_class
from django.test import Client

from uploads.api.reading_options import OPTION_PROPERTIES, ReadAgain, ReadingOptions
from uploads.services.options.catalogue import READING_OPTIONS

OF_DATASETS = set(READING_OPTIONS) - {"null_words"}
"""A dataset's list of null words is changed with its columns."""


@pytest.mark.parametrize(
    ("name", "options"),
    [("load_file", set(READING_OPTIONS)), ("read_again", set(READING_OPTIONS)), ("dataset_reading", OF_DATASETS)],
)
def test_commands(name: str, options: set[str]) -> None:
    parser = load_command_class("uploads", name).create_parser("manage.py", name)
    assert options <= {action.dest for action in parser._actions}


def test_api() -> None:
    assert tuple(OPTION_PROPERTIES) == READING_OPTIONS
    assert set(ReadingOptions.model_fields) == OF_DATASETS
    assert set(ReadAgain.model_fields) == {*READING_OPTIONS, "dataset"}


@pytest.mark.django_db
def test_upload_page(client: Client) -> None:
    page = client.get("/").text
    assert [option for option in READING_OPTIONS if f'name="{option}"' not in page] == []
