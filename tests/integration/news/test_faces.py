"""News in the admin, for those who may manage it; and in the document of the API."""

import re
import socket
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client

from tests.integration.news.conftest import Hooks, Subscribe, do_jobs
from tests.integration.staff import make_user
from uploads.models import NewsDelivery, NewsSubscription
from uploads.services.news.subscriptions import CHOICES
from uploads.services.tokens.tokens import make_token
from uploads.states import DeliveryState

LISTED, SENT = "/admin/uploads/newssubscription/", "/admin/uploads/newsdelivery/"
SECRET = re.compile(r"whsec_[\w+/]{43}=")


@pytest.fixture
def staff(boss: User, client: Client) -> Client:
    client.force_login(boss)
    return client


def add(client: Client, **said: Any) -> Any:
    return client.post(
        f"{LISTED}add/", {"way": "webhook", "dataset": "", "events": ["file.failed"], "is_on": "on", **said}
    )


def test_secret_of_a_new_webhook_is_shown_once(staff: Client, boss: User, hooks: Hooks) -> None:
    answer = add(staff, target=hooks.address, events=["file.failed", "file.activated"])
    made = NewsSubscription.objects.get()
    assert SECRET.findall(answer.content.decode()) == [made.secret]
    assert "no-store" in answer.headers["Cache-Control"]
    assert (made.made_by, made.events) == (boss, ["file.activated", "file.failed"])
    for address in (LISTED, f"{LISTED}{made.pk}/change/"):
        assert not SECRET.search(staff.get(address).content.decode())
    page = staff.get(f"{LISTED}{made.pk}/change/").content.decode()
    assert re.findall(r'value="(file\.\w+)"[^>]*checked', page) == ["file.activated", "file.failed"]
    changed = {"way": "webhook", "target": hooks.address, "dataset": "", "events": ["file.declined"]}
    assert staff.post(f"{LISTED}{made.pk}/change/", changed).status_code == 302
    now = NewsSubscription.objects.get()
    assert (now.events, now.is_on, now.secret) == (["file.declined"], False, made.secret)
    renewed = staff.post(LISTED, {"action": "renew_secrets", "_selected_action": [made.pk], "index": "0"})
    assert SECRET.findall(renewed.content.decode()) == [NewsSubscription.objects.get().secret] != [made.secret]
    assert LogEntry.objects.latest("pk").change_message == "Made a new secret."


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"target": "https://10.0.0.1/"}, "leads to 10.0.0.1, which is no public address"),
        ({"target": "ftp://example.org/"}, "begins with https://"),
        ({"target": "ana@example.org", "way": "mail"}, "This site sends no mail."),
        ({"target": "https://10.0.0.1/", "events": []}, "Tick what is to be told."),
    ],
)
def test_form_says_what_cannot_be(staff: Client, said: dict[str, Any], words: str) -> None:
    answer = add(staff, **said)
    assert words in answer.content.decode()
    assert not NewsSubscription.objects.exists()


def test_name_that_is_found_once_is_not_asked_for_again_while_it_is_saved(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [[(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))]]
    resolve = socket.getaddrinfo

    def once(host: str, *args: Any, **kwargs: Any) -> Any:
        if host != "hooks.example":
            return resolve(host, *args, **kwargs)
        if not answers:
            raise socket.gaierror("the resolver is away")
        return answers.pop()

    monkeypatch.setattr(socket, "getaddrinfo", once)
    assert SECRET.search(add(staff, target="https://hooks.example/").content.decode())


def test_subscription_whose_host_is_gone_is_switched_off_and_not_told_of_more(
    staff: Client, subscribe: Subscribe
) -> None:
    gone = {"way": "webhook", "target": "https://gone.invalid/", "dataset": "", "events": ["file.failed"]}
    subscription = subscribe(target=gone["target"], events=("file.failed",))
    page = f"{LISTED}{subscription.pk}/change/"
    assert staff.post(page, gone).status_code == 302
    assert not NewsSubscription.objects.get().is_on
    more = staff.post(page, {**gone, "events": ["file.failed", "file.declined"]})
    assert "gone.invalid" in more.context["errors"].as_text()


def test_address_of_a_sender_cannot_be_searched_for(staff: Client, subscribe: Subscribe) -> None:
    NewsDelivery.objects.create(subscription=None, event="file.failed", way="mail", target="ana@example.org")
    NewsDelivery.objects.create(subscription=subscribe(), event="test", way="webhook", target="x")
    assert "its sender" in staff.get(SENT).content.decode()
    assert "its sender" not in staff.get(SENT, {"q": "ana@"}).content.decode()
    assert "a test" in staff.get(SENT, {"q": "/hook"}).content.decode()


def test_subscription_is_deleted_with_its_log(staff: Client, subscribe: Subscribe) -> None:
    subscription = subscribe()
    made = NewsDelivery.objects.create(subscription=subscription, event="test", way="webhook", target="x")
    assert "News sent: 1" in staff.get(f"{LISTED}{subscription.pk}/delete/").content.decode()
    assert staff.post(f"{SENT}{made.pk}/delete/", {"post": "yes"}).status_code == 403  # never by itself
    assert staff.post(f"{LISTED}{subscription.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not NewsSubscription.objects.exists()
    assert not NewsDelivery.objects.exists()


def test_account_is_deleted_with_what_was_its_own(subscribe: Subscribe, boss: User, admin_client: Client) -> None:
    NewsDelivery.objects.create(subscription=subscribe(), event="test", way="webhook", target="x")
    make_token(user=boss, name="a program", scopes=["read"])
    assert admin_client.post(f"/admin/auth/user/{boss.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=boss.pk).exists()
    assert not NewsSubscription.objects.exists()


def test_test_is_sent_and_failed_news_are_sent_again(staff: Client, subscribe: Subscribe, hooks: Hooks) -> None:
    subscription = subscribe()
    hooks.answers = [404]
    staff.post(LISTED, {"action": "send_tests", "_selected_action": [subscription.pk], "index": "0"})
    do_jobs()
    delivery = NewsDelivery.objects.get()
    NewsDelivery.objects.update(state=DeliveryState.GIVEN_UP, finished_at=delivery.happened_at)
    page = staff.get(SENT).content.decode()
    assert "404" in page
    assert hooks.address in page
    again = {"action": "send_them_again", "_selected_action": [delivery.pk], "index": "0"}
    assert "1 piece of news on the way again." in staff.post(SENT, again, follow=True).content.decode()
    do_jobs()
    assert NewsDelivery.objects.get().answer == "204"
    assert hooks.told == ["test", "test"]


def test_mail_is_for_subscribers_too(
    staff: Client, settings: Any, pipeline: Any, mailoutbox: list[mail.EmailMessage]
) -> None:
    settings.MAIL_URL, settings.SITE_ADDRESS = "smtp://mail.example.org", "https://data.example.org"
    assert add(staff, way="mail", target="ana@example.org", events=["file.activated"]).status_code == 302
    receipt = pipeline.load("code;price\nA1;73\n", "prices.csv", dataset="prices")
    do_jobs()
    (letter,) = mailoutbox
    subscription = NewsSubscription.objects.get()
    assert letter.body == (
        "“prices.csv” is active: its rows are in a dataset now. 1 row loaded. Dataset: prices.\n\n"
        f"Look at it: https://data.example.org/admin/uploads/uploadedfile/{receipt.file_id}/change/\n\n"
        "Who gets these mails, and which, is said here:"
        f" https://data.example.org/admin/uploads/newssubscription/{subscription.pk}/change/\n"
    )


@pytest.mark.parametrize("permissions", [(), ("view_uploadedfile",), ("manage_newssubscription",)])
def test_news_is_for_those_who_may_manage_it_and_see_all_files(
    subscribe: Subscribe, client: Client, permissions: tuple[str, ...]
) -> None:
    subscription = subscribe()
    client.force_login(make_user("moe", *permissions))
    for address in (LISTED, SENT, f"{LISTED}add/", f"{LISTED}{subscription.pk}/change/"):
        assert client.get(address).status_code == 403
    assert add(client, target="https://example.org/").status_code == 403


def test_administrators_may_manage_news_where_the_group_is_there(db: None) -> None:
    migration = import_module("uploads.migrations.0057_2026_11_30_0008_administrators_manage_news")
    Group.objects.all().delete()
    migration.allow(apps, None)
    group = Group.objects.create(name="Administrator")
    migration.allow(apps, None)
    assert [permission.codename for permission in group.permissions.all()] == ["manage_newssubscription"]


def test_document_of_the_api_describes_each_webhook(db: None, client: Client) -> None:
    document = client.get("/api/openapi.json").json()
    assert {*document["webhooks"]} == {event.value for event in CHOICES}
    operation = document["webhooks"]["file.activated"]["post"]
    body = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    news = document["components"]["schemas"][body.rsplit("/", 1)[1]]
    assert news["properties"]["data"]["anyOf"][0] == {"$ref": "#/components/schemas/Receipt"}
    references = set(re.findall(r'"#/components/schemas/(\w+)"', str(document).replace("'", '"')))
    assert references <= document["components"]["schemas"].keys()
