"""Rejected rows on pages and over the API: who sees a mend, who may load it, and what they are told."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.integration.conftest import Pipeline, rows
from tests.integration.rejects.faulty_files import GOOD, load_faulty, price, rejected
from tests.integration.staff import EVERY_ACT, make_user
from uploads.models import RejectedRow, UploadedFile
from uploads.services.files.receipts import FileReceipt, describe_file


@pytest.fixture
def staff(db: None, client: Client) -> Client:
    client.force_login(make_user("staff", *EVERY_ACT))
    return client


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(path, body, content_type="application/json")


def send_faulty(pipeline: Pipeline, client: Client) -> FileReceipt:
    """A file that this browser sends without an account; it is loaded and not active."""
    pipeline.load(GOOD, "prices.csv")
    client.get("/")  # gives the browser its cookie
    content = GOOD.replace("10;5010\n", "10;5 010\n").replace("30;5030\n", "30;x\n")
    answer = client.post("/api/files", {"file": SimpleUploadedFile("prices.csv", content.encode())}).json()
    return pipeline.finish(answer["id"])


def address(receipt: FileReceipt, name: str, *more: int) -> str:
    return reverse(name, args=[receipt.token, receipt.loads[0].load_id, *more])


def test_list_over_the_api_gives_each_row_its_mend(pipeline: Pipeline, staff: Client) -> None:
    receipt = load_faulty(pipeline)
    answer = staff.get(f"/api/files/{receipt.file_id}/rejects").json()
    found = {reject["line"]: reject["mend"] for reject in answer["rejects"]}
    assert found == {
        11: {"cells": ["10", "1234"], "sentence": "“1 234” in “price” is read as “1234”."},
        21: {"cells": ["20", "5020"], "sentence": "The empty cell at its end is left out."},
        31: None,
    }


def test_mends_are_loaded_over_the_api_and_the_second_call_finds_none(pipeline: Pipeline, staff: Client) -> None:
    receipt = load_faulty(pipeline)
    path = f"/api/files/{receipt.file_id}/rejects/mend"
    assert post(staff, path).json() == {"loaded": 2, "left": 0, "rejected": 1}
    assert post(staff, path).json() == {"loaded": 0, "left": 0, "rejected": 1}
    left = staff.get(f"/api/files/{receipt.file_id}/rejects").json()
    assert [reject["line"] for reject in left["rejects"]] == [31]
    assert left["total"] == 1


def test_chosen_rows_are_loaded_and_taken_back_over_the_api(pipeline: Pipeline, staff: Client) -> None:
    receipt = load_faulty(pipeline)
    load_id = receipt.loads[0].load_id
    path = f"/api/files/{receipt.file_id}/rejects"
    assert post(staff, f"{path}/mend", ids=[rejected(load_id, 11).pk]).json()["loaded"] == 1
    assert price(receipt.file_id, 11) == [(10, 1234)]
    assert post(staff, f"{path}/take-back", load=load_id).json() == {"taken_back": 1, "rejected": 3}
    assert price(receipt.file_id, 11) == []


def test_edited_row_is_checked_and_loaded_over_the_api(pipeline: Pipeline, staff: Client) -> None:
    receipt = load_faulty(pipeline)
    reject = rejected(receipt.loads[0].load_id, 31)
    path = f"/api/files/{receipt.file_id}/rejects/{reject.pk}/load"
    refused = post(staff, path, cells=["30", "x"])
    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "cells_do_not_fit"
    assert refused.json()["error"]["message"] == 'price: "x" is not a whole number.'
    assert post(staff, path, cells=["30", "1234"]).json() == {"loaded": 1, "left": 0, "rejected": 2}
    assert post(staff, path, cells=["30", "1234"]).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"ids": [-1]},
        {"ids": [2**70]},
        {"ids": "all"},
        {"load": 2**40},
        {"code": "a\x00b"},
        {"column": "a\x00b"},
    ],
)
def test_nonsense_over_the_api_is_refused_and_changes_nothing(
    pipeline: Pipeline, staff: Client, body: dict[str, Any]
) -> None:
    receipt = load_faulty(pipeline)
    assert post(staff, f"/api/files/{receipt.file_id}/rejects/mend", **body).status_code == 400
    assert RejectedRow.objects.filter(mended_at=None).count() == 3


def test_table_or_row_of_another_file_is_not_found(pipeline: Pipeline, staff: Client) -> None:
    receipt = load_faulty(pipeline)
    other = pipeline.load("x;y\n1;2\n", "other.csv")
    reject = rejected(receipt.loads[0].load_id, 31)
    path = f"/api/files/{other.file_id}/rejects"
    assert post(staff, f"{path}/mend", load=receipt.loads[0].load_id).status_code == 404
    assert post(staff, f"{path}/{reject.pk}/load", cells=["30", "1"]).status_code == 404
    staff_page = reverse("edit_reject", args=[other.token, other.loads[0].load_id, reject.pk])
    assert staff.get(staff_page).status_code == 404


def test_sender_mends_a_file_that_is_not_active_and_no_other(pipeline: Pipeline, client: Client) -> None:
    receipt = send_faulty(pipeline, client)
    path = f"/api/files/{receipt.file_id}/rejects/mend"
    assert client.get(f"/api/files/{receipt.file_id}").json()["can"]["mend"]
    UploadedFile.objects.filter(pk=receipt.file_id).update(state="active")
    assert post(client, path).status_code == 401
    UploadedFile.objects.filter(pk=receipt.file_id).update(state="loaded")
    assert post(client, path).json()["loaded"] == 1


def test_whoever_only_holds_the_address_sees_the_mends_and_may_not_load_them(
    pipeline: Pipeline, client: Client
) -> None:
    receipt = send_faulty(pipeline, client)
    stranger = Client()
    page = stranger.get(address(receipt, "reject_list")).content.decode()
    assert "“5 010” in “price” is read as “5010”." in page
    assert "Load the chosen rows" not in page
    seen = stranger.get(reverse("receipt", args=[receipt.token])).content.decode()
    assert "1 can be fixed automatically, by its sender or staff." in seen
    assert f'href="{address(receipt, "reject_list")}">View the fix</a>' in seen
    assert "Fix and load" not in seen
    assert stranger.post(address(receipt, "mend_rejects")).status_code == 401
    assert stranger.post(address(receipt, "take_back_mends")).status_code == 401
    reject = RejectedRow.objects.first()
    assert reject is not None
    assert stranger.post(address(receipt, "edit_reject", reject.pk), {"cell": ["30", "1"]}).status_code == 401
    assert describe_file(file_id=receipt.file_id).rows_rejected == 2


def test_mends_of_one_kind_are_loaded_from_the_receipt(pipeline: Pipeline, client: Client) -> None:
    receipt = send_faulty(pipeline, client)
    page = client.get(reverse("receipt", args=[receipt.token])).content.decode()
    assert "1 can be fixed automatically." in page
    assert "Fix and load 1 row" in page
    answer = client.post(
        address(receipt, "mend_rejects"), {"code": "bad_value", "column": "price", "from": "receipt"}, follow=True
    )
    text = answer.content.decode()
    assert "Loaded 1 row." in text
    assert "1 rejected row was fixed and loaded." in text
    assert describe_file(file_id=receipt.file_id).rows_rejected == 1


def test_only_the_chosen_rows_are_loaded_from_the_list(pipeline: Pipeline, staff: Client) -> None:
    receipt = load_faulty(pipeline)
    reject = rejected(receipt.loads[0].load_id, 21)
    answer = staff.post(address(receipt, "mend_rejects"), {"chosen": "1", "id": [reject.pk]}, follow=True)
    assert "Loaded 1 row." in answer.content.decode()
    none = staff.post(address(receipt, "mend_rejects"), {"chosen": "1"}, follow=True)
    assert "No row was loaded" in none.content.decode()
    assert describe_file(file_id=receipt.file_id).rows_rejected == 2


def test_mended_rows_are_taken_back_from_the_list(pipeline: Pipeline, staff: Client) -> None:
    receipt = load_faulty(pipeline)
    staff.post(address(receipt, "mend_rejects"))
    answer = staff.post(address(receipt, "take_back_mends"), follow=True).content.decode()
    assert "Taken back: 2 rows rejected again." in answer
    assert describe_file(file_id=receipt.file_id).rows_rejected == 3


def test_form_names_the_bad_cell_keeps_what_was_typed_and_loads_the_row(pipeline: Pipeline, staff: Client) -> None:
    receipt = load_faulty(pipeline)
    path = address(receipt, "edit_reject", rejected(receipt.loads[0].load_id, 31).pk)
    page = staff.get(path).content.decode()
    assert 'value="1,234" autocomplete="off" spellcheck="false" aria-invalid="true"' in page
    refused = staff.post(path, {"cell": ["30", "12<4"]})
    assert refused.status_code == 400
    assert 'value="12&lt;4"' in refused.content.decode()
    assert "price: &quot;12&lt;4&quot; is not a whole number." in refused.content.decode()
    done = staff.post(path, {"cell": ["30", "1234"]}, follow=True)
    assert "Loaded 1 row." in done.content.decode()
    assert price(receipt.file_id, 31) == [(30, 1234)]
    assert staff.get(path).status_code == 404


def test_failed_file_shows_its_rows_and_offers_no_button(pipeline: Pipeline, staff: Client) -> None:
    pipeline.load(GOOD, "prices.csv")
    receipt = pipeline.load("id;price\n1;+5010\n2;x\n", "prices.csv")
    assert receipt.error is not None
    page = staff.get(address(receipt, "reject_list")).content.decode()
    assert "“+5010” in “price” is read as “5010”." in page
    assert "Load the chosen rows" not in page
    answer = staff.post(address(receipt, "mend_rejects"), follow=True).content.decode()
    assert "failed as a whole" in answer
    assert rows("SELECT count(*) FROM data.prices") == [(100,)]


def test_table_that_a_receipt_does_not_have_is_not_found(pipeline: Pipeline, staff: Client) -> None:
    receipt = load_faulty(pipeline)
    other = pipeline.load("x;y\n1;2\n", "other.csv")
    assert staff.get(reverse("reject_list", args=[other.token, receipt.loads[0].load_id])).status_code == 404
    assert staff.get(reverse("reject_list", args=["guess", receipt.loads[0].load_id])).status_code == 404


def test_proposed_mends_are_accepted_in_the_admin(pipeline: Pipeline, staff: Client) -> None:
    receipt = load_faulty(pipeline)
    listed = "/admin/uploads/rejectedrow/"
    assert "“1 234” in “price” is read as “1234”." in staff.get(listed).content.decode()
    ids = list(RejectedRow.objects.values_list("pk", flat=True))
    answer = staff.post(listed, {"action": "accept_mends", "_selected_action": ids}, follow=True).content.decode()
    assert "Fixed and loaded 2 rows." in answer
    assert "1 rejected row" in answer
    assert describe_file(file_id=receipt.file_id).rows_rejected == 1


def test_all_mends_of_a_table_are_accepted_on_its_admin_page(pipeline: Pipeline, staff: Client) -> None:
    load_id = load_faulty(pipeline).loads[0].load_id
    page = f"/admin/uploads/load/{load_id}/change/"
    assert "Fix and load 2 rows" in staff.get(page).content.decode()
    answer = staff.post(reverse("admin:uploads_load_mend", args=[load_id]), follow=True).content.decode()
    assert "Fixed and loaded 2 rows." in answer
    assert "2 fixed and loaded" in answer
    again = staff.post(reverse("admin:uploads_load_mend", args=[load_id]), follow=True).content.decode()
    assert "No row was loaded" in again


def test_admin_without_the_permission_accepts_nothing(pipeline: Pipeline, client: Client) -> None:
    load_id = load_faulty(pipeline).loads[0].load_id
    client.force_login(make_user("looker", "view_uploadedfile"))
    ids = list(RejectedRow.objects.values_list("pk", flat=True))
    data = {"action": "accept_mends", "_selected_action": ids}
    assert client.post("/admin/uploads/rejectedrow/", data).status_code == 403
    assert client.post(reverse("admin:uploads_load_mend", args=[load_id])).status_code == 403
    assert "Fix and load" not in client.get(f"/admin/uploads/load/{load_id}/change/").content.decode()
    assert RejectedRow.objects.filter(mended_at=None).count() == 3


def test_rejected_row_in_the_admin_leads_to_its_cells(pipeline: Pipeline, staff: Client) -> None:
    receipt = load_faulty(pipeline)
    reject = rejected(receipt.loads[0].load_id, 31)
    page = staff.get(f"/admin/uploads/rejectedrow/{reject.pk}/change/").content.decode()
    assert address(receipt, "edit_reject", reject.pk) in page


def test_row_of_a_very_wide_table_is_edited(pipeline: Pipeline, staff: Client) -> None:
    wide = ";".join(f"c{number}" for number in range(1_200)) + "\n" + ("1" + ";" * 1_199 + "2\n") * 3
    pipeline.load(wide, "wide.csv")
    receipt = pipeline.load(wide + "x" + ";" * 1_199 + "2\n", "wide.csv")
    reject = RejectedRow.objects.get()
    done = staff.post(address(receipt, "edit_reject", reject.pk), {"cell": ["7", *[""] * 1_198, "7"]}, follow=True)
    assert "Loaded 1 row." in done.content.decode()
    assert rows("SELECT c0, c1199 FROM data.wide WHERE c0 = 7") == [(7, 7)]
