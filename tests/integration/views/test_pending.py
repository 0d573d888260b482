"""The pages of a file that has never been active: where they lead its sender, and nobody else."""

import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.integration.conftest import Pipeline
from uploads.models import Dataset, UploadedFile
from uploads.services.files.activation import activate_file
from uploads.tabular.errors import ColumnMismatch

LINKS = re.compile(r'href="(/datasets/[^"]+)"')
NAMING = re.compile(r'<p class="hint naming">([^<]*)</p>')


@pytest.fixture
def sender(db: None) -> Client:
    client = Client()
    client.get("/")
    return client


def sent(sender: Client, pipeline: Pipeline, text: str, **options: str) -> str:
    """The address of its receipt, once it is loaded."""
    answer = sender.post("/api/files", {"file": SimpleUploadedFile("plants.csv", text.encode()), **options})
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


def test_two_that_ask_for_the_same_name_are_told_that_the_first_one_activated_gets_it(
    sender: Client, pipeline: Pipeline
) -> None:
    first, second = (sent(sender, pipeline, f"{column};height\nrose;1\n") for column in ("plant", "shrub"))
    numbers = list(UploadedFile.objects.order_by("pk").values_list("pk", flat=True))
    for receipt, other in ((first, numbers[1]), (second, numbers[0])):
        said = f"File {other} waits for the name “plants” too, with other columns: the first that is activated gets it."
        assert f"{said} If that is another one, this one becomes “plants_2”." in sender.get(receipt).text
        answer = sender.get(f"/api{receipt.rstrip('/')}").json()
        assert answer["loads"][0]["naming"].startswith(said)
    activate_file(file_id=numbers[0])
    page = sender.get(second).text
    assert "will be in" in page
    assert "<code>data.plants_2</code>" in page
    assert "Another table is called “plants”, so this one becomes “plants_2”." in page
    activate_file(file_id=numbers[1])
    assert Dataset.objects.get(loads__file=numbers[1]).slug == "plants_2"


def test_two_of_the_same_columns_are_to_be_one_table_and_nothing_is_in_doubt(
    sender: Client, pipeline: Pipeline
) -> None:
    receipts = [sent(sender, pipeline, f"plant;height\nrose;{height}\n") for height in (1, 2)]
    pages = [sender.get(receipt).text for receipt in receipts]
    assert not any("waits for the name" in page for page in pages)
    for file in UploadedFile.objects.order_by("pk"):
        activate_file(file_id=file.pk)
    assert {dataset.slug for dataset in Dataset.objects.all()} == {"plants"}


def test_a_receipt_says_the_same_whether_a_strangers_file_asks_for_the_name_or_not(
    sender: Client, pipeline: Pipeline
) -> None:
    receipts = [sent(sender, pipeline, "plant;height\nrose;1\n", **named) for named in ({}, {"dataset": "garden"})]
    alone = [NAMING.findall(sender.get(receipt).text) for receipt in receipts]
    stranger = Client()
    stranger.get("/")
    for named in ({}, {"dataset": "garden"}):
        sent(stranger, pipeline, "shrub;height\nrose;1\n", **named)
    assert [NAMING.findall(sender.get(receipt).text) for receipt in receipts] == alone


def test_a_name_that_nobody_chose_and_nobody_else_waits_for_is_shown_without_a_word(
    sender: Client, pipeline: Pipeline
) -> None:
    receipt = sent(sender, pipeline, "plant;height\nrose;1\n")
    assert NAMING.findall(sender.get(receipt).text) == []


def test_who_chose_a_name_is_told_that_it_may_be_taken(sender: Client, pipeline: Pipeline) -> None:
    receipt = sent(sender, pipeline, "plant;height\nrose;1\n", dataset="garden")
    assert NAMING.findall(sender.get(receipt).text) == [
        (
            "If a table of other columns takes the name “garden” first, this one is not activated until it is read"
            " again with another dataset name."
        )
    ]


def test_a_name_that_a_person_chose_is_not_changed_and_the_receipt_says_so(sender: Client, pipeline: Pipeline) -> None:
    receipts = [sent(sender, pipeline, f"{column};height\nrose;1\n", dataset="garden") for column in ("plant", "shrub")]
    numbers = list(UploadedFile.objects.order_by("pk").values_list("pk", flat=True))
    assert "this one is not activated until it is read again with another dataset name" in sender.get(receipts[1]).text
    activate_file(file_id=numbers[0])
    assert "It cannot be activated as things are: " in sender.get(receipts[1]).text
    with pytest.raises(ColumnMismatch):
        activate_file(file_id=numbers[1])


def test_page_of_a_dataset_that_is_gone_leads_to_the_list(sender: Client) -> None:
    page = sender.get("/datasets/plants/")
    assert page.status_code == 404
    assert '<a class="button primary" href="/datasets/">Look at the datasets</a>' in page.text


def test_what_holds_for_each_table_of_a_file_is_said_once(sender: Client, pipeline: Pipeline) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("north.csv", "plant;height\nrose;1\n")
        archive.writestr("south.csv", "plant;height\nlily;2\n")
    upload = SimpleUploadedFile("both.zip", content.getvalue())
    answer = sender.post("/api/files", {"file": upload, "dataset": "garden"})
    file = UploadedFile.objects.get(pk=answer.json()["id"])
    pipeline.finish(file.pk)
    assert file.loads.count() == 2
    assert len(NAMING.findall(sender.get(f"/receipts/{file.token}/").text)) == 1
