"""A sender who left an address gets a mail of each question, and one of the outcome; then the address is forgotten."""

import re
import threading
from collections.abc import Callable
from datetime import UTC, timedelta
from smtplib import SMTPDataError
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.db import transaction
from django.test import Client
from django.utils import timezone

from tests.integration.conftest import Pipeline, rows
from tests.integration.files.test_activation import in_threads
from tests.integration.news.conftest import do_jobs
from tests.integration.staff import make_user
from tests.waiting import wait_until
from uploads.database.locks import Lock, lock_transaction
from uploads.models import MailNote, NewsDelivery, SenderAddress, UploadedFile
from uploads.services.files.activation import activate_file, delete_file
from uploads.services.news import senders
from uploads.services.news.recipients import MOST_TO_ADDRESS, count_mail, forget_counts, stop_token
from uploads.services.news.senders import MOST_A_DAY, MOST_FILES
from uploads.services.news.sending import MOST_TRIES, send_news
from uploads.services.news.spreading import spread_news
from uploads.services.receiving.sender import Sender
from uploads.services.reviewing.acts import (
    answer_question,
    ask_sender,
    decline_file,
    take_up_file,
    undo_activation,
)
from uploads.states import DeliveryState
from uploads.web.news.letters import COMPOSERS

TABLE = "code;price\nA1;73\nB2;74\n"


@pytest.fixture
def mail_goes_out(settings: Any) -> None:
    settings.MAIL_URL, settings.SITE_ADDRESS = "smtp://mail.example.org", "https://data.example.org"


@pytest.fixture
def sent(pipeline: Pipeline, mail_goes_out: None) -> UploadedFile:
    """A visitor's file that waits for staff; nothing is said so far."""
    visitor = Sender(visitor="anna")
    wishes = {"via": UploadedFile.Via.FORM, "activate": False, "uploader": visitor, "email": " ana@example.org "}
    receipt = pipeline.load(TABLE, "prices.csv", **wishes)
    do_jobs()
    assert mail.outbox == []
    return UploadedFile.objects.get(pk=receipt.file_id)


def day_of(file: UploadedFile) -> str:
    return f"{file.created_at.astimezone(UTC):%-d %B %Y at %H:%M} (UTC)"


def stop_link(address: str = "ana@example.org") -> str:
    return f"https://data.example.org{stop_path(address)}"


def stop_path(address: str = "ana@example.org") -> str:
    return f"/mail/no-more/{stop_token(address=address)}/"


def test_sender_hears_once_and_the_address_is_forgotten(sent: UploadedFile) -> None:
    activate_file(file_id=sent.pk)
    assert not rows("SELECT 1 FROM uploads_newsdelivery")  # found out by a job, after the transaction
    do_jobs()
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["ana@example.org"], "A file is active")
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    assert letter.body == (
        f"The file that was sent here on {day_of(sent)} is active: its rows are in a dataset now. 2 rows loaded.\n\n"
        f"Its receipt: https://data.example.org/receipts/{sent.token}/\n\n"
        "You get this mail because this address was left with the file. It is the last one, and your address is"
        f" forgotten here now. If it was not you who sent it, or to get no such mail at all: {stop_link()}\n"
    )
    assert not SenderAddress.objects.exists()
    assert (NewsDelivery.objects.get().state, NewsDelivery.objects.get().target) == (DeliveryState.SENT, "")
    delete_file(file_id=sent.pk)
    do_jobs()
    assert len(mail.outbox) == 1


def test_declined_sender_is_told_where_the_reason_stands_and_no_value(sent: UploadedFile) -> None:
    decline_file(file_id=sent.pk, reason="Price 73 is wrong.")
    do_jobs()
    (letter,) = mail.outbox
    assert " was declined: its rows are not shown." in letter.body
    assert "Why it was declined: https://data.example.org/receipts/" in letter.body
    assert "73" not in re.sub(r"https\S+", "", str(letter.body))


def test_sender_hears_nothing_of_what_was_taken_back_at_once(sent: UploadedFile) -> None:
    activate_file(file_id=sent.pk)
    undo_activation(file_id=sent.pk)
    decline_file(file_id=sent.pk, reason="By mistake.")
    take_up_file(file_id=sent.pk)
    do_jobs()
    assert mail.outbox == []
    decline_file(file_id=sent.pk, reason="Not ours.")
    do_jobs()
    assert [letter.subject for letter in mail.outbox] == ["A file was declined"]


def test_sender_is_told_of_a_question_and_hears_of_the_outcome_too(sent: UploadedFile) -> None:
    ask_sender(file_id=sent.pk, question="Is 73 with tax?")
    do_jobs()
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["ana@example.org"], "A file waits for an answer")
    assert letter.body == (
        f"The file that was sent here on {day_of(sent)} waits for an answer: staff ask its sender something"
        " before they decide. 2 rows loaded.\n\n"
        f"The question: https://data.example.org/receipts/{sent.token}/\n\n"
        "You get this mail because this address was left with the file. One more comes with the outcome, and then your"
        f" address is forgotten here. If it was not you who sent it, or to get no such mail at all: {stop_link()}\n"
    )
    assert NewsDelivery.objects.get().target == ""
    answer_question(file_id=sent.pk, answer="Yes.")
    activate_file(file_id=sent.pk)
    do_jobs()
    assert [letter.subject for letter in mail.outbox[1:]] == ["A file is active"]
    assert not SenderAddress.objects.exists()


def test_sender_hears_of_no_question_that_is_not_open_any_more(sent: UploadedFile) -> None:
    ask_sender(file_id=sent.pk, question="Which month?")
    take_up_file(file_id=sent.pk)
    do_jobs()
    ask_sender(file_id=sent.pk, question="Which month?")
    take_up_file(file_id=sent.pk)
    ask_sender(file_id=sent.pk, question="Which year?")
    spread_news(file_id=sent.pk)
    delivery = NewsDelivery.objects.get()
    answer_question(file_id=sent.pk, answer="2026")
    assert send_news(delivery_id=delivery.pk, composers=COMPOSERS) is DeliveryState.GIVEN_UP
    assert mail.outbox == []
    assert SenderAddress.objects.get().address == "ana@example.org"


def test_sender_of_a_deleted_file_is_told_nothing(sent: UploadedFile) -> None:
    delete_file(file_id=sent.pk)
    assert not SenderAddress.objects.exists()
    do_jobs()
    assert mail.outbox == []


def test_pending_word_goes_with_its_file(sent: UploadedFile) -> None:
    decline_file(file_id=sent.pk, reason="Not ours.")
    spread_news(file_id=sent.pk)
    delete_file(file_id=sent.pk)
    assert not NewsDelivery.objects.exists()


def send(client: Client, **fields: str) -> Any:
    return client.post("/api/files", {"file": SimpleUploadedFile("a.csv", b"a;b\n1;2\n"), **fields})


def test_form_takes_an_address_and_says_what_is_none(db: None, client: Client, mail_goes_out: None) -> None:
    assert 'name="email"' in client.get("/").content.decode()
    wrong = send(client, email="ana@").json()["error"]
    assert (wrong["code"], wrong["message"]) == ("bad_option", "“ana@” is no mail address.")
    assert send(client, email="ana@example.org").status_code == 201
    SenderAddress.objects.bulk_create(
        [
            SenderAddress(file=UploadedFile.objects.create(name="b", size=0), address="ana@example.org")
            for _ in range(MOST_FILES - 1)
        ]
    )
    assert "20 files wait already" in send(client, email="Ana@example.org").json()["error"]["message"]


def test_of_two_files_at_once_one_is_the_last_that_an_address_hears_of(
    pipeline: Pipeline, mail_goes_out: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(senders, "MOST_FILES", 1)

    begun = threading.Event()

    def receive() -> None:
        begun.wait()
        pipeline.receive(TABLE, uploader=Sender(visitor="anna"), activate=None, email="ana@example.org")

    def let_both_in() -> None:
        with transaction.atomic():
            lock_transaction(Lock.RECEIVING)
            begun.set()
            waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            wait_until(lambda: len(rows(waiting)) == 2)

    errors = in_threads(let_both_in, receive, receive)
    assert sorted(str(error) for error in errors if error) == ["1 files wait already of which this address is to hear."]
    assert SenderAddress.objects.count() == 1


def test_one_network_sends_so_many_mails_a_day_to_whomever(db: None, client: Client, mail_goes_out: None) -> None:
    """What fails at once waits for nothing: twenty that wait are no bound of how many mails go to somebody else."""
    told = [UploadedFile(name="b", size=0, address="127.0.0.1") for _ in range(MOST_A_DAY)]
    NewsDelivery.objects.bulk_create(
        NewsDelivery(file=file, event="file.failed", way="mail", state="sent", finished_at=timezone.now())
        for file in UploadedFile.objects.bulk_create(told)
    )
    refused = send(client, email="ana@example.org")
    assert refused.status_code == 400
    assert "50 files with a mail address came from your network" in refused.json()["error"]["message"]
    assert not SenderAddress.objects.exists()
    assert send(client).status_code == 201
    UploadedFile.objects.update(address="10.0.0.1")
    assert send(client, email="ana@example.org").status_code == 201


def test_log_keeps_no_address_that_the_mail_server_repeats(
    sent: UploadedFile, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(letter: EmailMessage) -> int:
        raise SMTPDataError(550, b"5.1.1 <Ana@example.org> is unknown here")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    activate_file(file_id=sent.pk)
    do_jobs()
    delivery = NewsDelivery.objects.get()
    assert "5.1.1 <its sender> is unknown" in delivery.answer
    NewsDelivery.objects.update(attempts=MOST_TRIES - 1, due_at=delivery.happened_at)
    send_news(delivery_id=delivery.pk, composers=COMPOSERS)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.target) == (DeliveryState.GIVEN_UP, "")
    assert "ana@example" not in f"{delivery.answer}{caplog.text}".lower()


def test_nothing_is_offered_or_kept_where_no_mail_leaves_the_site(db: None, client: Client) -> None:
    assert 'name="email"' not in client.get("/").content.decode()
    refused = send(client, email="ana@example.org")
    assert (refused.status_code, refused.json()["error"]["message"]) == (400, "This site sends no mail.")
    assert not SenderAddress.objects.exists()


def test_no_word_of_whoever_sent_it_without_an_account_is_mailed(pipeline: Pipeline, mail_goes_out: None) -> None:
    """The address may be anybody's: a file's name would be an advertisement in this site's name."""
    wishes = {"via": UploadedFile.Via.FORM, "activate": False, "email": "ana@example.org"}
    pipeline.load("", "buy at example.net.csv", uploader=Sender(visitor="anna"), **wishes)
    do_jobs()
    (letter,) = mail.outbox
    assert "could not be loaded" in letter.body
    assert "example.net" not in f"{letter.subject} {letter.body}"


def test_account_is_told_the_name_of_its_file(pipeline: Pipeline, mail_goes_out: None) -> None:
    mara = make_user("mara", is_staff=False)
    wishes = {"via": UploadedFile.Via.FORM, "activate": False, "email": "ana@example.org"}
    pipeline.load("", "prices.csv", uploader=Sender(user_id=mara.pk, visitor="x"), **wishes)
    do_jobs()
    assert mail.outbox[0].body.startswith("“prices.csv” could not be loaded.")


def test_mail_programs_get_a_link_to_unsubscribe_by_one_click(sent: UploadedFile, client: Client) -> None:
    decline_file(file_id=sent.pk, reason="No.")
    do_jobs()
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe"] == f"<{stop_link()}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(stop_path(), {"List-Unsubscribe": "One-Click"}).status_code == 200
    refused = send(client, email="Ana@Example.org")
    assert refused.status_code == 400
    assert "wants no mail about files" in refused.json()["error"]["message"]
    assert send(client, email="ben@example.org").status_code == 201


def test_looking_at_the_link_changes_nothing_and_the_button_can_be_undone(db: None, mail_goes_out: None) -> None:
    client = Client()
    assert "Send me no more" in client.get(stop_path()).content.decode()
    assert send(client, email="ana@example.org").status_code == 201
    assert "Allow it again" in client.post(stop_path(), follow=True).content.decode()
    assert client.post(stop_path()).status_code == 302, "twice is as once"
    assert send(client, email="ana@example.org").status_code == 400
    assert "may be sent to you again" in client.post(stop_path(), {"again": "yes"}, follow=True).content.decode()
    assert send(client, email="ana@example.org").status_code == 201


@pytest.mark.parametrize("spoil", [lambda token: token[:-1], lambda token: "0" * 64 + token[64:], lambda _: "x"])
def test_link_that_is_of_no_mail_is_refused(db: None, client: Client, spoil: Callable[[str], str]) -> None:
    path = f"/mail/no-more/{spoil(stop_token(address='ana@example.org'))}/"
    assert client.get(path).status_code == 400
    assert client.post(path).status_code == 400
    assert not MailNote.objects.exists()


def test_what_waits_for_whoever_wants_no_mail_any_more_is_not_sent(sent: UploadedFile, client: Client) -> None:
    client.post(stop_path())
    activate_file(file_id=sent.pk)
    do_jobs()
    assert mail.outbox == []
    given_up = NewsDelivery.objects.get()
    assert (given_up.state, given_up.target) == (DeliveryState.GIVEN_UP, "")
    assert given_up.answer == "Whoever has the address wants no mail about files."


def test_one_address_is_told_of_so_many_files_a_day_whoever_sends_them(
    db: None, client: Client, mail_goes_out: None
) -> None:
    for number in range(MOST_TO_ADDRESS):
        assert send(client, email="ana@example.org").status_code == 201
        UploadedFile.objects.update(address=f"10.0.0.{number}")
        SenderAddress.objects.all().delete()
    refused = send(client, email="ANA@example.org")
    assert refused.status_code == 400
    assert "10 files of one day are told to this address already" in refused.json()["error"]["message"]
    assert send(client, email="ben@example.org").status_code == 201
    assert forget_counts() == 0
    MailNote.objects.update(at=timezone.now() - timedelta(days=2))
    assert send(client, email="ana@example.org").status_code == 201
    assert forget_counts() == MOST_TO_ADDRESS + 1


def test_account_that_gives_its_own_address_is_not_kept_from_it_by_others(
    pipeline: Pipeline, mail_goes_out: None
) -> None:
    mara = make_user("mara", is_staff=False)
    mara.email = "Ana@example.org"
    mara.save()
    for _ in range(MOST_TO_ADDRESS):
        count_mail(address="ana@example.org", is_limited=True)
    file = pipeline.receive(
        TABLE, uploader=Sender(user_id=mara.pk, visitor="x"), activate=None, email="ana@example.org"
    )
    assert SenderAddress.objects.filter(file=file).exists()
    assert MailNote.objects.count() == MOST_TO_ADDRESS  # and takes nobody's share
