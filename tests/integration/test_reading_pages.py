"""The pages on which a person says how a file, or the later files of a dataset, are read."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.integration.conftest import Pipeline
from tests.integration.staff import EVERY_ACT, make_user
from uploads.forms_reading import OF_DATASETS
from uploads.models import Dataset, UploadedFile
from uploads.services.receipts import FileReceipt
from uploads.services.remembering import remembered_options
from uploads.services.upload_options import READING_OPTIONS

type Address = Callable[[FileReceipt], str]
TABLE = "id;re,mark\n1;a,b\n2;c,d\n"


@pytest.fixture
def staff(db: None, client: Client) -> Client:
    client.force_login(make_user("staff", *EVERY_ACT, "change_dataset", "view_dataset"))
    return client


def page_of(receipt: FileReceipt) -> str:
    return f"/receipts/{receipt.token}/read-again/"


def admin_page_of(receipt: FileReceipt) -> str:
    return reverse("admin:uploads_uploadedfile_read_again", args=[receipt.file_id])


@pytest.mark.parametrize("address", [page_of, admin_page_of])
class TestReadAgain:
    def test_form_shows_what_was_decided_beside_each_option(
        self, pipeline: Pipeline, staff: Client, address: Address
    ) -> None:
        receipt = pipeline.load(TABLE, "a.csv", options={"encoding": "utf-8"})
        page = staff.get(address(receipt)).text
        assert "Now: <strong>“;”</strong>, found" in page
        assert "Now: <strong>utf-8</strong>, said with this file" in page
        assert [option for option in READING_OPTIONS if f'name="{option}"' not in page] == []
        assert 'name="dataset"' in page

    def test_sent_form_leads_to_the_new_reading(self, pipeline: Pipeline, staff: Client, address: Address) -> None:
        receipt = pipeline.load(TABLE, "a.csv")
        answer = staff.post(address(receipt), {"delimiter": ",", "dataset": "halves"})
        reading = UploadedFile.objects.get(reading_of=receipt.file_id)
        assert answer.status_code == 302
        assert reading.token in answer.headers["Location"] or str(reading.pk) in answer.headers["Location"]
        assert (reading.options, reading.dataset_wanted, reading.activate) == ({"delimiter": ","}, "halves", True)

    def test_error_stands_next_to_its_field(self, pipeline: Pipeline, staff: Client, address: Address) -> None:
        receipt = pipeline.load(TABLE, "a.csv")
        answer = staff.post(address(receipt), {"header_row": "two", "encoding": "klingon"})
        assert answer.status_code == 400
        assert 'id="id_header_row_error" role="alert">“two” is not the number of a header row.' in answer.text
        assert 'id="id_encoding_error" role="alert">' in answer.text
        assert 'value="klingon"' in answer.text
        assert UploadedFile.objects.count() == 1

    def test_what_the_service_refuses_is_told_above_the_form(
        self, pipeline: Pipeline, staff: Client, address: Address
    ) -> None:
        receipt = pipeline.load(TABLE, "a.csv")
        where = address(receipt)
        UploadedFile.objects.filter(pk=receipt.file_id).update(state="deleted", stored_as="")
        answer = staff.post(where, {"delimiter": ","})
        assert answer.status_code == 400
        assert "Only a file that is loaded, active or failed can be read again" in answer.text


def test_stranger_may_look_at_a_receipt_but_not_have_the_file_read_again(pipeline: Pipeline) -> None:
    receipt = pipeline.load(TABLE, "a.csv")
    stranger = Client()
    assert "Read in another way…" not in stranger.get(f"/receipts/{receipt.token}/").text
    assert stranger.get(page_of(receipt)).status_code == 401
    assert stranger.post(page_of(receipt), {"delimiter": ","}).status_code == 401


def test_sender_is_offered_it_and_told_that_staff_activate(pipeline: Pipeline) -> None:
    user = make_user("ann", is_staff=False)
    receipt = pipeline.load(TABLE, "a.csv")
    UploadedFile.objects.filter(pk=receipt.file_id).update(uploaded_by=user)
    sender = Client()
    sender.force_login(user)
    assert "Read in another way…" in sender.get(f"/receipts/{receipt.token}/").text
    assert "it waits for staff to activate it" in sender.get(page_of(receipt)).text
    sender.post(page_of(receipt), {"delimiter": ",", "dataset": "halves"})
    assert UploadedFile.objects.get(reading_of=receipt.file_id).activate is False


def test_receipts_of_both_tell_of_each_other(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(TABLE, "a.csv")
    staff.post(page_of(old), {"delimiter": ",", "dataset": "halves"})
    new = pipeline.finish(UploadedFile.objects.get(reading_of=old.file_id).pk)
    assert (
        f'Read again as <a href="/receipts/{new.token}/">file {new.file_id}</a>.'
        in staff.get(f"/receipts/{old.token}/").text
    )
    page = staff.get(f"/receipts/{new.token}/").text
    assert f'<a href="/receipts/{old.token}/">File {old.file_id}</a>, read again with delimiter “,”.' in page
    assert "The same content as" not in page


def test_left_open_is_found_out_though_it_was_said_before(pipeline: Pipeline, staff: Client) -> None:
    receipt = pipeline.load(TABLE, "a.csv", dataset="halves", options={"delimiter": ","})
    page = staff.get(page_of(receipt)).text
    assert '<option value="," selected>' in page
    staff.post(page_of(receipt), {"delimiter": "", "dataset": "wholes"})
    new = pipeline.finish(UploadedFile.objects.get(reading_of=receipt.file_id).pk)
    assert new.loads[0].delimiter == ";"


@pytest.mark.parametrize("surface", ["page", "admin"])
def test_staff_say_and_forget_how_a_dataset_is_read(pipeline: Pipeline, staff: Client, surface: str) -> None:
    pipeline.load(TABLE, "a.csv", dataset="remarks", options={"encoding": "cp1252"})
    dataset = Dataset.objects.get(slug="remarks")
    address = {
        "page": "/datasets/remarks/reading/",
        "admin": reverse("admin:uploads_dataset_reading", args=[dataset.pk]),
    }[surface]
    page = staff.get(address).text
    assert [option for option in OF_DATASETS if f'name="{option}"' not in page] == []
    assert 'value="cp1252"' in page
    assert staff.post(address, {"delimiter": "tab", "header_row": "none"}).status_code == 302
    assert remembered_options(dataset="remarks").options == {"delimiter": "\t", "header_row": "none"}
    assert staff.post(address, {"header_row": "-1"}).status_code == 400
    staff.post(address, {})
    assert remembered_options(dataset="remarks").options == {}


def test_only_staff_with_the_permission_change_how_a_dataset_is_read(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(TABLE, "a.csv", dataset="remarks")
    client.force_login(make_user("looker", *EVERY_ACT))
    assert client.post("/datasets/remarks/reading/", {"delimiter": ","}).status_code == 403
    assert "Change</a>" not in client.get("/datasets/remarks/").text
    address = reverse("admin:uploads_dataset_reading", args=[Dataset.objects.get(slug="remarks").pk])
    assert client.post(address, {"delimiter": ","}).status_code == 403
    client.force_login(make_user("other", "view_uploadedfile"))
    file = UploadedFile.objects.get()
    assert client.post(reverse("admin:uploads_uploadedfile_read_again", args=[file.pk]), {}).status_code == 403
    assert UploadedFile.objects.count() == 1
