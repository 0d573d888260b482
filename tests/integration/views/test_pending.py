"""The pages of a file that has never been active: where they lead its sender, and nobody else."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.integration.conftest import Pipeline
from uploads.models import UploadedFile

LINKS = re.compile(r'href="(/datasets/[^"]+)"')


@pytest.fixture
def sender(db: None) -> Client:
    client = Client()
    client.get("/")
    return client


def sent(sender: Client, pipeline: Pipeline, text: str) -> str:
    """The address of its receipt, once it is loaded."""
    answer = sender.post("/api/files", {"file": SimpleUploadedFile("plants.csv", text.encode())})
    file = UploadedFile.objects.get(pk=answer.json()["id"])
    pipeline.finish(file.pk)
    return f"/receipts/{file.token}/"


def test_receipt_leads_its_sender_to_the_page_of_the_name_that_it_asks_for(sender: Client, pipeline: Pipeline) -> None:
    receipt = sent(sender, pipeline, "plant;height\nrose;1\n")
    assert LINKS.findall(sender.get(receipt).text) == ["/datasets/plants/"]
    assert "Until then only its sender and staff see this page." in sender.get("/datasets/plants/").text


def test_whoever_else_has_the_receipt_reads_the_name_without_a_link(sender: Client, pipeline: Pipeline) -> None:
    receipt = sent(sender, pipeline, "plant;height\nrose;1\n")
    page = Client().get(receipt).text
    assert "will be in <code>data.plants</code>" in page
    assert LINKS.findall(page) == []


def test_two_that_ask_for_the_same_name_lead_each_to_its_own_page(sender: Client, pipeline: Pipeline) -> None:
    receipts = [sent(sender, pipeline, f"{column};height\nrose;1\n") for column in ("plant", "shrub")]
    pages = [page for receipt in receipts for page in LINKS.findall(sender.get(receipt).text)]
    assert len(set(pages)) == 2
    for page, column in zip(pages, ("plant", "shrub"), strict=True):
        assert f"<code>{column}</code>" in sender.get(page).text


def test_page_of_a_dataset_that_is_gone_leads_to_the_list(sender: Client) -> None:
    page = sender.get("/datasets/plants/")
    assert page.status_code == 404
    assert '<a class="button primary" href="/datasets/">Look at the datasets</a>' in page.text
