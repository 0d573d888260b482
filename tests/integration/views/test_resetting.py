"""A lost password is reset by a link that comes by mail, works once, and tells nobody who has an account."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from tests.integration.staff import make_user

pytestmark = pytest.mark.django_db
ADDRESS = "mia@example.org"


@pytest.fixture(autouse=True)
def sends_mail(settings: Any) -> None:
    settings.MAIL_URL = "smtp://mail.example.org"


@pytest.fixture
def link(client: Client) -> str:
    user = make_user("mia", is_staff=False)
    user.email = ADDRESS
    user.save()
    client.post("/password/reset/", {"email": ADDRESS})
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
