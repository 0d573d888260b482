"""A lost password is reset by a link that comes by mail, works once, and tells nobody who has an account."""

import json
import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.integration.conftest import rows
from tests.integration.staff import make_user
from uploads.services.queueing import RESET_TASK
from uploads.tasks import send_reset_link

pytestmark = pytest.mark.django_db
ADDRESS = "mia@example.org"


@pytest.fixture(autouse=True)
def sends_mail(settings: Any) -> None:
    settings.MAIL_URL = "smtp://mail.example.org"


def ask(address: str, **how: Any) -> Any:
    return Client().post("/password/reset/", {"email": address}, **how)


def send_links() -> None:
    """As a worker does it."""
    for (args,) in rows("SELECT args::text FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", RESET_TASK):
        send_reset_link(**json.loads(args))


@pytest.fixture
def mia() -> None:
    user = make_user("mia", is_staff=False)
    user.email = ADDRESS
    user.save()


@pytest.fixture
def link(mia: None) -> str:
    ask(ADDRESS)
    send_links()
    [sent] = mail.outbox
    assert sent.to == [ADDRESS]
    assert "mia" in sent.body
    found = re.search(r"http://testserver(/password/reset/\S+)", str(sent.body))
    assert found is not None
    return found[1]


def test_link_of_the_mail_leads_to_a_new_password_and_works_once(client: Client, link: str) -> None:
    page = client.get(link, follow=True)
    form = page.redirect_chain[-1][0]
    said = {"new_password1": "a long new one 77", "new_password2": "a long new one 77"}
    done = client.post(form, said, follow=True)
    assert "Your password is changed." in done.content.decode()
    assert client.login(username="mia", password="a long new one 77")
    again = Client().get(link, follow=True)
    assert "ended or was used before" in again.content.decode()


def test_answer_is_the_same_whether_there_is_such_an_account(link: str) -> None:
    texts = {
        re.sub(r"csrf[^>]*", "", Client().post("/password/reset/", {"email": email}, follow=True).content.decode())
        for email in (ADDRESS, "nobody@example.org")
    }
    assert len(texts) == 1
    assert "a mail with a link is on its way" in texts.pop()


def test_site_without_mail_says_so_and_offers_no_link(client: Client, settings: Any) -> None:
    assert "/password/reset/" in client.get("/sign-in/").content.decode()
    settings.MAIL_URL = ""
    assert "/password/reset/" not in client.get("/sign-in/").content.decode()
    assert client.get("/password/reset/").status_code == 404
    assert client.post("/password/reset/", {"email": ADDRESS}).status_code == 404
    assert not mail.outbox


def test_page_asks_the_same_of_the_site_whether_there_is_such_an_account(mia: None) -> None:
    """Nobody is to tell by the time that it takes, and no page waits for a mail server."""
    for address in (ADDRESS, "nobody@example.org"):
        with CaptureQueriesContext(connection) as asked:
            ask(address)
        assert not mail.outbox
        assert not [query for query in asked if "auth_user" in query["sql"]]
    send_links()
    assert [sent.to for sent in mail.outbox] == [[ADDRESS]]


def test_nobody_fills_the_mailbox_of_somebody_else_and_the_refusal_tells_not_who_has_an_account(mia: None) -> None:
    for address in (ADDRESS, "nobody@example.org"):
        for written in (address, address.upper(), f" {address} "):
            assert ask(written).status_code == 302
        refused = ask(address)
        assert refused.status_code == 429
        assert 0 < int(refused.headers["Retry-After"]) <= 900
        assert "3 links were asked for to this address within 15 minutes. Ask again in 15 minutes." in refused.text
    send_links()
    assert len(mail.outbox) == 3
    assert ask("other@example.org").status_code == 302


def test_one_network_asks_for_so_many_links_and_no_more() -> None:
    network = {"REMOTE_ADDR": "2001:db8::1"}
    for number in range(20):
        assert ask(f"a{number}@example.org", **network).status_code == 302
    refused = ask("b@example.org", REMOTE_ADDR="2001:db8::2")
    assert "20 links were asked for from your network within 15 minutes." in refused.text
    assert ask("b@example.org", REMOTE_ADDR="2001:db8:0:1::1").status_code == 302


def test_links_are_none_of_the_wrong_passwords_nor_the_other_way_round(mia: None, client: Client) -> None:
    for _ in range(3):
        ask(ADDRESS)
    for _ in range(9):
        client.post("/sign-in/", {"username": ADDRESS, "password": "wrong"})
    assert client.post("/sign-in/", {"username": ADDRESS, "password": "wrong"}).status_code == 200
    for _ in range(3):
        client.post("/sign-in/", {"username": "other@example.org", "password": "wrong"})
    assert ask("other@example.org").status_code == 302


def test_link_leads_to_the_address_of_the_site_whatever_host_was_asked(mia: None, settings: Any) -> None:
    settings.SITE_ADDRESS = "https://data.example.org"
    ask(ADDRESS, HTTP_HOST="testserver:1234")
    send_links()
    [sent] = mail.outbox
    assert "https://data.example.org/password/reset/" in sent.body
    assert "1234" not in f"{sent.subject}{sent.body}"
