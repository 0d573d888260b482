"""The admin speaks as the pages do: no name of a database field, no word of the code."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.integration.conftest import Pipeline
from uploads.admin import words
from uploads.models import (
    AccessToken,
    Dataset,
    DatasetColumn,
    FileEvent,
    Load,
    NewsDelivery,
    NewsSubscription,
    PreparedExport,
    RejectedRow,
    SavedView,
    UploadedFile,
)

CODE = ("slug", "writer", "fence", "preamble", "footer", "quotechar", "dataset wanted", "header row", "evidence", "raw")
"""Names of fields, and words of the code."""
MODELS = (
    *(AccessToken, Dataset, DatasetColumn, FileEvent, Load, NewsDelivery, NewsSubscription),
    *(PreparedExport, RejectedRow, SavedView, UploadedFile),
)


def text_of(page: str) -> str:
    """What a person reads."""
    main = page[page.index('id="content"') :]
    return html.unescape(re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", main, flags=re.DOTALL))


@pytest.fixture
def addresses(pipeline: Pipeline) -> list[str]:
    """Each list, each page of one thing, and a confirmation."""
    pipeline.load("Area;Year\n" + "".join(f"Place {n};{n}\n" for n in range(60)) + "a;b;c\n", "a.csv", dataset="areas")
    found = []
    for model in (UploadedFile, Load, RejectedRow, Dataset):
        name = f"admin:uploads_{model._meta.model_name}"
        found += [reverse(f"{name}_changelist"), reverse(f"{name}_change", args=[model.objects.get().pk])]
    return found


def test_no_page_shows_a_word_of_the_code(addresses: list[str], admin_client: Client) -> None:
    for address in addresses:
        read = text_of(admin_client.get(address).text).lower()
        assert [word for word in CODE if re.search(rf"\b{word}\b", read)] == [], address


def test_pages_have_the_words_of_the_public_ones(addresses: list[str], admin_client: Client) -> None:
    file, load, dataset = (text_of(admin_client.get(addresses[place]).text) for place in (1, 3, 7))
    assert "COPY, PostgreSQL's fast way" in file
    assert "detected automatically" in file
    assert "Dataset chosen (name in SQL)" in file
    assert "Cells are separated by" in load
    assert "in row 1" in load
    assert "Name in SQL" in dataset


def test_every_word_is_of_a_field_that_is_there() -> None:
    fields = {model.__name__: {field.name for field in model._meta.get_fields()} for model in MODELS}
    assert words.WORDS.keys() <= fields.keys()
    assert [name for name, labels in words.WORDS.items() if labels.keys() - fields[name]] == []


def test_a_file_has_one_word_for_its_state_wherever_it_is_listed(pipeline: Pipeline, admin_client: Client) -> None:
    sender = Client()
    sender.get("/")
    content = SimpleUploadedFile("plants.csv", b"plant;height\nrose;1\n")
    pipeline.finish(sender.post("/api/files", {"file": content}).json()["id"])
    dataset = Dataset.objects.get()
    for address in (
        reverse("admin:uploads_uploadedfile_changelist"),
        reverse("admin:uploads_load_changelist"),
        reverse("admin:uploads_dataset_change", args=[dataset.pk]),
    ):
        assert "Waiting for review" in text_of(admin_client.get(address).text)
    assert "asks for <code>data.plants</code>" in admin_client.get(reverse("admin:uploads_dataset_changelist")).text
