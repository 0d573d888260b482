"""An export in the background is cancelled by whoever asked for it and by staff, and nothing is left of it."""

import threading
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from tests.integration.conftest import Pipeline
from tests.integration.preparing.test_edges import FILE, asked, make_all
from tests.integration.staff import EVERY_ACT, make_user
from tests.waiting import wait_until
from uploads.database.exporting import windows
from uploads.models import PreparedExport
from uploads.services.preparing.cancelling import stop_export
from uploads.services.preparing.ending import tend_exports
from uploads.services.preparing.making import make_export
from uploads.states import ExportState
from uploads.store import spool, stored_files

LISTED = "/admin/uploads/preparedexport/"


def state() -> str:
    return PreparedExport.objects.get().state


def on_page(client: Client) -> str:
    """The address of the page of an export that this browser asked for."""
    return client.post("/datasets/prices/exports/", {"format": "csv", "now": ""}).headers["Location"]


def cancelled(client: Client, page: str) -> Any:
    return client.post(f"{page}cancel/", follow=True)


@pytest.fixture
def page(pipeline: Pipeline, client: Client) -> str:
    pipeline.load(FILE, "prices.csv")
    return on_page(client)


def test_the_browser_that_asked_cancels_it_and_asks_again(page: str, client: Client) -> None:
    assert "Cancel the export" in client.get(page).text
    shown = cancelled(client, page).text
    assert "This export was cancelled." in shown
    assert "Prepare it again" in shown
    assert "Cancel the export" not in shown
    make_all()
    assert state() == ExportState.CANCELLED, "its job is still in the queue"
    assert cancelled(client, page).status_code == 200, "a second click"
    assert client.get(f"/api{page}file").json()["error"]["message"] == "This export was cancelled."
    assert on_page(client) != page


def test_nobody_else_cancels_it(page: str) -> None:
    stranger, clerk = Client(), Client()
    clerk.force_login(make_user("clerk", "view_uploadedfile"))
    for client, status in ((stranger, 401), (clerk, 403)):
        assert "Cancel the export" not in client.get(page).text
        assert client.post(f"{page}cancel/").status_code == status
        assert client.delete(f"/api{page.rstrip('/')}").status_code == status
    assert state() == ExportState.WAITING


def test_what_somebody_else_waits_for_too_goes_on(page: str, client: Client) -> None:
    assert on_page(client) == page
    assert "Cancel the export" in client.get(page).text, "it is still one person's"
    assert on_page(Client()) == page
    assert "Cancel the export" not in client.get(page).text
    assert "Somebody else waits for the same file." in cancelled(client, page).text
    assert state() == ExportState.WAITING


def test_a_program_cancels_what_it_asked_for(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(FILE, "prices.csv")
    address = asked(client).json()["address"]
    assert client.delete(address, REMOTE_ADDR="192.0.2.9").json()["error"]["code"] == "not_signed_in"
    answer = client.delete(address)
    assert (answer.status_code, answer.json()["state"], answer.json()["file"]) == (200, "cancelled", None)
    again = asked(client).json()
    make_all()
    refused = client.delete(again["address"])
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "state_conflict")
    assert client.get(again["address"]).json()["state"] == "ready"


def test_an_account_cancels_what_it_asked_for_from_anywhere(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(FILE, "prices.csv")
    mia = make_user("mia", is_staff=False)
    client.force_login(mia)
    page, elsewhere = on_page(client), Client()
    elsewhere.force_login(mia)
    assert "This export was cancelled." in cancelled(elsewhere, page).text


def test_staff_cancel_any_in_the_admin(page: str, client: Client) -> None:
    action = {"action": "cancel_exports", "_selected_action": [PreparedExport.objects.get().pk], "index": "0"}
    staff = Client()
    staff.force_login(make_user("viewer", "view_uploadedfile"))
    assert staff.post(LISTED, action).status_code == 403
    staff.force_login(make_user("staff", *EVERY_ACT))
    assert "Cancelled 1 prepared export." in staff.post(LISTED, action, follow=True).text
    assert state() == ExportState.CANCELLED
    assert "Left as they were: 1 export" in staff.post(LISTED, action, follow=True).text


def test_one_that_is_being_made_stops_in_the_middle_of_a_statement(
    page: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = PreparedExport.objects.get()
    asleep = threading.Event()

    def sleep_long(*_: Any, **__: Any) -> Any:
        asleep.set()
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_sleep(600)")

    monkeypatch.setattr(windows, "copy_out", sleep_long)

    def work() -> None:
        try:
            make_export(export_id=export.pk)
        finally:
            connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    wait_until(asleep.is_set)
    assert stop_export(export)
    worker.join()
    export.refresh_from_db()
    assert (export.state, export.error_code) == (ExportState.CANCELLED, "")
    name = export.stored_as
    assert not spool.path_of(f"{name}.{export.fence}").exists()
    tend_exports()
    export.refresh_from_db()
    assert (export.stored_as, stored_files.exists(name)) == ("", False)
