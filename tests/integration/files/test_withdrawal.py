"""Whoever sent a file takes it back until it was active once: services, API, pages, and who may not."""

from functools import partial
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.integration.conftest import Pipeline, data_tables
from tests.integration.files.test_activation import in_threads
from tests.integration.staff import basic, make_user
from uploads.models import Dataset, FileEvent, Load, RejectedRow, UploadedFile
from uploads.services.columns.apply import change_columns
from uploads.services.columns.change import Change
from uploads.services.errors import FileNotFound, StateConflict
from uploads.services.files.activation import activate_file, deactivate_file, delete_file
from uploads.services.files.receipts import describe_file
from uploads.services.files.withdrawal import WITHDRAWN, withdraw_file
from uploads.services.loading.attempt import LoadHooks, load_file
from uploads.states import FileState, Phase
from uploads.store import stored_files
from uploads.tabular.table import ColumnType

SECRET = "Vermilion"
TABLE = f"tint;share\n{SECRET};7\nblue;8\n" + "green;9\n" * 60 + "a;b;c\n"


@pytest.fixture
def browser(db: None) -> Client:
    """A visitor's: it is known again."""
    client = Client()
    client.get("/")
    return client


def sent(client: Client, content: str = TABLE, **headers: Any) -> UploadedFile:
    """Sent as by a form of a script; cookies go along."""
    file = SimpleUploadedFile("tints.csv", content.encode())
    answer = client.post("/api/files", {"file": file}, headers=headers)
    assert answer.status_code == 201, answer.content
    return UploadedFile.objects.get(pk=answer.json()["id"])


def state_of(file: UploadedFile) -> str:
    return UploadedFile.objects.values_list("state", flat=True).get(pk=file.pk)


def address(file: UploadedFile) -> str:
    return f"/api/files/{file.pk}/withdraw"


def test_withdrawn_file_leaves_name_size_and_date_alone(pipeline: Pipeline, browser: Client) -> None:
    file = sent(browser)
    pipeline.finish(file.pk)
    stored = UploadedFile.objects.get(pk=file.pk).stored_as
    assert (len(data_tables()), stored_files.exists(stored)) == (1, True)
    answer = browser.post(address(file))
    assert (answer.status_code, answer.json()["state"]) == (200, "deleted"), answer.content
    assert (data_tables(), stored_files.exists(stored)) == (set(), False)
    left = UploadedFile.objects.get(pk=file.pk)
    assert (left.name, left.size, left.created_at) == ("tints.csv", len(TABLE), file.created_at)
    assert (left.sha256, left.rows_read, left.rows_loaded, left.options) == ("", 0, 0, {})
    assert not Load.objects.exists()
    assert not RejectedRow.objects.exists()
    assert not Dataset.objects.exists()
    assert FileEvent.objects.filter(file=file).latest("id").text == WITHDRAWN
    shown = Client().get(f"/receipts/{file.token}/").text
    assert WITHDRAWN in shown
    assert SECRET not in shown
    assert "tint<" not in shown


def test_receipt_says_who_took_a_file_away_and_where_to_send_another(pipeline: Pipeline, browser: Client) -> None:
    taken_back, deleted = sent(browser), sent(browser, "a;b\n1;2\n")
    assert browser.post(address(taken_back)).status_code == 200
    delete_file(file_id=deleted.pk)
    for file, badge, words in (
        (taken_back, "Withdrawn", "This file was withdrawn by its sender: its rows"),
        (deleted, "Deleted", "was deleted: its"),
    ):
        shown = browser.get(f"/receipts/{file.token}/").text
        assert words in shown
        assert f'<span class="badge deleted">{badge}</span>' in shown
        assert '<a href="/">Send another file</a>' in shown


def test_what_was_done_to_a_withdrawn_file_is_forgotten_too(pipeline: Pipeline) -> None:
    mia = make_user("mia", is_staff=False)
    browser = Client()
    browser.force_login(mia)
    file = sent(browser)
    pipeline.finish(file.pk)
    dataset = Dataset.objects.get().pk
    change_columns(dataset_id=dataset, change=Change(types={"share": ColumnType.TEXT}), user_id=mia.pk)
    assert LogEntry.objects.filter(change_message__contains="share").count() == 2
    assert browser.post(address(file)).status_code == 200
    assert [entry.get_change_message() for entry in LogEntry.objects.all()] == ["Withdrawn by its sender."]
    assert not FileEvent.objects.filter(text__contains="share").exists()


def test_why_a_withdrawn_file_had_failed_is_forgotten(pipeline: Pipeline, browser: Client) -> None:
    pipeline.load("tint;share\n" + "1;2\n" * 50, "tints.csv")
    file = sent(browser, f"tint;share\n{SECRET};2\n" * 30)
    assert pipeline.finish(file.pk).state is FileState.FAILED
    page = f"/receipts/{file.token}/"
    assert SECRET in browser.get(page).text
    assert browser.post(address(file)).status_code == 200
    assert SECRET not in browser.get(page).text
    assert Dataset.objects.filter(slug="tints").exists(), "the dataset of others stays"


@pytest.mark.parametrize("state", [FileState.WAITING, FileState.LOADED, FileState.FAILED])
def test_file_is_withdrawn_in_any_state(pipeline: Pipeline, browser: Client, state: FileState) -> None:
    file = sent(browser, "" if state is FileState.FAILED else TABLE)
    if state is not FileState.WAITING:
        pipeline.finish(file.pk)
    assert state_of(file) == state
    assert browser.get(f"/api/files/{file.pk}").json()["can"]["withdraw"] is True
    assert browser.post(address(file)).status_code == 200
    assert state_of(file) == "deleted"


def test_file_is_withdrawn_while_it_is_loading(pipeline: Pipeline, browser: Client) -> None:
    file = sent(browser, "tint;share\n" + "x;1\n" * 200_000)
    errors: list[BaseException | None] = []

    def on_progress(phase: Phase, bytes_done: int, rows_done: int) -> None:
        if phase is Phase.LOADING and not errors:
            errors.extend(in_threads(lambda: withdraw_file(file_id=file.pk)))

    load_file(file_id=file.pk, reader=pipeline.reader, hooks=LoadHooks(on_progress=on_progress))
    assert errors == [None]
    assert state_of(file) == "deleted"
    assert data_tables() == set()
    assert not Dataset.objects.exists()


def test_file_that_was_active_once_is_the_publics(pipeline: Pipeline, browser: Client) -> None:
    file = sent(browser)
    pipeline.finish(file.pk)
    activate_file(file_id=file.pk)
    refused = browser.post(address(file))
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "state_conflict")
    assert "“tints.csv” is active" in refused.json()["error"]["message"]
    deactivate_file(file_id=file.pk)
    assert browser.get(f"/api/files/{file.pk}").json()["can"]["withdraw"] is False
    assert "“tints.csv” was active" in browser.post(address(file)).json()["error"]["message"]
    page = f"/receipts/{file.token}/withdraw/"
    assert (browser.get(page).status_code, browser.post(page).status_code) == (409, 409)
    assert state_of(file) == "loaded"
    assert describe_file(file_id=file.pk).loads[0].columns, "nothing of it was emptied"


def test_second_withdrawal_says_that_it_is_gone(pipeline: Pipeline, browser: Client) -> None:
    file = sent(browser)
    assert browser.post(address(file)).status_code == 200
    again = browser.post(address(file))
    assert again.status_code == 409
    assert "was withdrawn by its sender" in again.json()["error"]["message"]


def test_what_staff_deleted_keeps_its_record_when_it_is_withdrawn_too(pipeline: Pipeline, browser: Client) -> None:
    file = sent(browser)
    pipeline.finish(file.pk)
    delete_file(file_id=file.pk)
    assert browser.post(address(file)).status_code == 409
    assert UploadedFile.objects.get(pk=file.pk).sha256
    assert describe_file(file_id=file.pk).loads[0].loaded


def test_of_withdrawals_and_activations_at_once_one_wins_and_the_others_are_told(pipeline: Pipeline) -> None:
    for _ in range(5):
        file = pipeline.receive(TABLE, activate=False).pk
        pipeline.finish(file)
        errors = in_threads(*[partial(withdraw_file, file_id=file)] * 2, *[partial(activate_file, file_id=file)] * 2)
        assert sum(error is None for error in errors) == 1
        assert all(isinstance(error, StateConflict) for error in errors if error), errors
        won = FileState.DELETED if None in errors[:2] else FileState.ACTIVE
        assert describe_file(file_id=file).state is won
        assert bool(Load.objects.filter(file_id=file).exclude(columns=[])) == (won is FileState.ACTIVE)


def test_unknown_file_is_said(data_schema: None) -> None:
    with pytest.raises(FileNotFound):
        withdraw_file(file_id=4_711)


@pytest.mark.django_db
class TestWhoMay:
    def test_other_visitor_and_member_do_not_find_it(self, browser: Client) -> None:
        file = sent(browser)
        other = Client()
        other.get("/")
        make_user("mia", is_staff=False)
        assert other.post(address(file)).status_code == 404
        assert Client().post(address(file), headers=basic("mia")).status_code == 404
        assert Client().post(address(file)).status_code == 401
        assert Client().post(f"/api/files/{file.pk + 1}/withdraw").status_code == 401
        assert state_of(file) == "waiting"

    def test_staff_who_may_only_look_may_not(self, browser: Client) -> None:
        file = sent(browser)
        make_user("looker", "view_uploadedfile")
        refused = Client().post(address(file), headers=basic("looker"))
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_allowed")
        by_token = Client().delete(f"/api/receipts/{file.token}", headers=basic("looker"))
        assert by_token.status_code == 403
        assert state_of(file) == "waiting"

    def test_member_withdraws_by_name_and_password_and_staff_their_own(self, db: None) -> None:
        for name, *permissions in (("mia",), ("looker", "view_uploadedfile")):
            make_user(name, *permissions, is_staff=bool(permissions))
            file = sent(Client(), **basic(name))
            assert Client().post(address(file), headers=basic(name)).status_code == 200
            event = FileEvent.objects.filter(file=file).latest("id")
            assert (event.state, event.text, event.user and event.user.get_username()) == ("deleted", WITHDRAWN, name)

    def test_file_without_cookie_and_account_belongs_to_the_holder_of_its_token(self, db: None) -> None:
        file = sent(Client())
        answer = Client().delete(f"/api/receipts/{file.token}")
        assert (answer.status_code, answer.json()["state"]) == (200, "deleted")
        assert "can" not in answer.json()
        assert Client().delete(f"/api/receipts/{file.token}").status_code == 409

    def test_token_of_a_file_that_a_browser_or_user_sent_is_for_reading(self, browser: Client) -> None:
        make_user("mia", is_staff=False)
        for file in (sent(browser), sent(Client(), **basic("mia"))):
            receipt = f"/api/receipts/{file.token}"
            assert Client().get(receipt).status_code == 200
            assert Client().delete(receipt).status_code == 401
            assert Client().get(f"/receipts/{file.token}/withdraw/").status_code == 401
            page = Client().get(f"/receipts/{file.token}/").text
            assert 'data-buttons="[]"' in page
            assert "Withdraw…" not in page
            assert state_of(file) == "waiting"

    def test_sender_may_say_delete_too_and_others_may_not(self, browser: Client) -> None:
        file = sent(browser)
        make_user("looker", "view_uploadedfile")
        assert Client().delete(f"/api/files/{file.pk}").status_code == 401
        assert Client().delete(f"/api/files/{file.pk}", headers=basic("looker")).status_code == 403
        assert browser.delete(f"/api/files/{file.pk}").json()["state"] == "deleted"
        assert FileEvent.objects.filter(file=file).latest("id").text == WITHDRAWN

    def test_sender_may_use_the_receipt_too(self, browser: Client) -> None:
        file = sent(browser)
        assert browser.delete(f"/api/receipts/{file.token}").status_code == 200

    def test_what_a_command_loaded_is_nobodys_to_withdraw(self, pipeline: Pipeline) -> None:
        file = pipeline.receive(TABLE, activate=False)
        assert Client().delete(f"/api/receipts/{file.token}").status_code == 401

    @pytest.mark.parametrize("token", ["guess", "%00"])
    def test_guessed_receipt_is_not_found(self, token: str) -> None:
        assert Client().delete(f"/api/receipts/{token}").status_code == 404

    def test_another_site_cannot_do_it(self, browser: Client) -> None:
        file = sent(browser)
        forged = Client(enforce_csrf_checks=True)
        forged.cookies = browser.cookies
        for answer in (
            forged.post(address(file), headers={"Sec-Fetch-Site": "cross-site"}),
            forged.delete(f"/api/receipts/{file.token}", headers={"Sec-Fetch-Site": "cross-site"}),
            forged.post(f"/receipts/{file.token}/withdraw/"),
        ):
            assert answer.status_code == 403
        assert state_of(file) == "waiting"


@pytest.mark.django_db
class TestPages:
    def test_receipt_asks_and_then_does_it_without_a_script(self, browser: Client) -> None:
        file = sent(browser)
        page = f"/receipts/{file.token}/withdraw/"
        assert f'<noscript><a class="button small quiet" href="{page}">' in browser.get(f"/receipts/{file.token}/").text
        asked = browser.get(page)
        assert "Removes the file and everything read from it. Only its name, size and date stay" in asked.text
        assert state_of(file) == "waiting"
        done = browser.post(page, follow=True)
        assert "Withdrawn." in done.text
        assert state_of(file) == "deleted"
        assert "tints.csv" not in browser.get("/").text

    def test_holder_of_a_file_that_curl_sent_may_on_its_page(self) -> None:
        file = sent(Client())
        page = Client()
        assert f"/receipts/{file.token}/withdraw/" in page.get(f"/receipts/{file.token}/").text
        assert "csrftoken" in page.cookies
        assert page.post(f"/receipts/{file.token}/withdraw/").status_code == 302
        assert state_of(file) == "deleted"

    def test_who_may_delete_is_offered_that_alone(self, browser: Client) -> None:
        browser.force_login(make_user("boss", is_staff=True, is_superuser=True))
        file = sent(browser)
        [listed] = browser.get("/api/files").json()["files"]
        assert listed["can"]["withdraw"] is True
        assert [button["act"] for button in listed["buttons"]] == ["delete"]
        assert state_of(file) == "waiting"
