"""Subscriptions over the API and by command: made, changed, tried, ended; and what was sent."""

import json
import re
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from tests.integration.conftest import Pipeline
from tests.integration.news.conftest import Hooks, Subscribe, do_jobs
from tests.integration.staff import bearer, make_user
from uploads.models import NewsDelivery, NewsSubscription
from uploads.services.admin_log import acts_on
from uploads.services.news.holding import hold_news
from uploads.services.news.subscriptions import CHOICES
from uploads.states import DeliveryState

LISTED, SENT = "/api/news/subscriptions", "/api/news/sent"
SECRET = re.compile(r"whsec_[\w+/]{43}=")


class Api:
    """A program with a token of the person who manages news."""

    def __init__(self, user: User, *scopes: str) -> None:
        self._client, self._headers = Client(), bearer(user, *scopes)

    def ask(self, method: str, address: str, **said: Any) -> tuple[int, Any]:
        body: dict[str, Any] = {"data": said, "content_type": "application/json"} if said else {}
        answer: Any = getattr(self._client, method)(address, headers=self._headers, **body)
        return answer.status_code, answer.json()

    def code(self, method: str, address: str, **said: Any) -> tuple[int, str]:
        status, answer = self.ask(method, address, **said)
        return status, answer["error"]["code"]


@pytest.fixture
def api(boss: User) -> Api:
    return Api(boss, "manage")


def test_secret_of_a_webhook_is_told_once(api: Api, boss: User, hooks: Hooks) -> None:
    status, made = api.ask("post", LISTED, target=hooks.address, events=["file.failed", "file.activated"])
    kept = NewsSubscription.objects.get()
    assert (status, made["secret"]) == (201, kept.secret)
    assert SECRET.fullmatch(kept.secret)
    assert (made["events"], made["dataset"], made["way"]) == (["file.activated", "file.failed"], None, "webhook")
    assert (made["made_by"], made["on"]) == ("boss", True)
    one = f"{LISTED}/{made['id']}"
    for said in (api.ask("get", one)[1], api.ask("get", LISTED)[1]["subscriptions"][0]):
        assert said == {**made, "secret": None}
    status, renewed = api.ask("post", f"{one}/secret")
    kept.refresh_from_db()
    assert (status, renewed["secret"]) == (200, kept.secret)
    assert renewed["secret"] != made["secret"]
    assert [entry.user_id for entry in acts_on(to=kept)] == [boss.pk] * 2


def test_what_is_not_said_stays(api: Api, subscribe: Subscribe, pipeline: Pipeline) -> None:
    pipeline.load("code;price\nA1;73\n", "prices.csv", dataset="prices")
    made = subscribe(events=("file.failed",))
    one = f"{LISTED}/{made.pk}"
    assert api.ask("patch", one, dataset="prices")[1]["dataset"] == "prices"
    status, off = api.ask("patch", one, on=False)
    assert (status, off["on"], off["dataset"], off["events"]) == (200, False, "prices", ["file.failed"])
    assert off["secret"] is None
    assert api.ask("patch", one, dataset=None)[1]["dataset"] is None
    assert not NewsSubscription.objects.get().is_on
    assert api.ask("patch", one, on=True, events=["file.loaded"])[1]["events"] == ["file.loaded"]
    made.refresh_from_db()
    assert made.is_on


def test_mail_has_no_secret_until_it_is_a_webhook(api: Api, hooks: Hooks, settings: Any) -> None:
    settings.MAIL_URL = "smtp://mail.example.org"
    made = api.ask("post", LISTED, target="ana@example.org")[1]
    assert (made["way"], made["secret"], made["events"]) == ("mail", None, list(CHOICES))
    one = f"{LISTED}/{made['id']}"
    assert api.code("post", f"{one}/secret") == (409, "state_conflict")
    now = api.ask("patch", one, target=hooks.address)[1]
    assert (now["way"], bool(SECRET.fullmatch(now["secret"]))) == ("webhook", True)


def test_test_is_sent_and_what_was_given_up_is_sent_again(api: Api, subscribe: Subscribe, hooks: Hooks) -> None:
    made = subscribe()
    hooks.answers = [410]
    status, sent = api.ask("post", f"{LISTED}/{made.pk}/test")
    assert (status, sent["state"], sent["subscription"], sent["file"]) == (202, "waiting", made.pk, None)
    do_jobs()
    assert api.ask("get", f"{SENT}?state=given_up&subscription={made.pk}")[1]["sent"][0]["answer"] == "410"
    made.refresh_from_db()
    assert not made.is_on
    status, again = api.ask("post", f"{SENT}/{sent['id']}/send-again")
    assert (status, again["state"], again["message_id"]) == (202, "waiting", sent["message_id"])
    do_jobs()
    assert [each["state"] for each in api.ask("get", SENT)[1]["sent"]] == ["sent"]
    assert hooks.told == ["test", "test"]


def test_log_has_pages_and_never_the_address_of_a_sender(api: Api, subscribe: Subscribe) -> None:
    subscription = subscribe()
    for number in range(3):
        NewsDelivery.objects.create(subscription=subscription, event="test", way="webhook", target=f"x{number}")
    left = NewsDelivery.objects.create(subscription=None, event="file.failed", way="mail", target="ana@example.org")
    first = api.ask("get", f"{SENT}?limit=2")[1]
    assert [(each["target"], each["subscription"]) for each in first["sent"]] == [(None, None), ("x2", subscription.pk)]
    second = api.ask("get", f"{SENT}?limit=2&after={first['next']}")[1]
    assert ([each["target"] for each in second["sent"]], second["next"]) == (["x1", "x0"], None)
    assert api.code("post", f"{SENT}/{left.pk}/send-again") == (409, "state_conflict")
    assert NewsDelivery.objects.get(pk=left.pk).state == DeliveryState.WAITING


def test_subscription_is_deleted_with_its_log_by_the_api(api: Api, subscribe: Subscribe) -> None:
    made = subscribe()
    NewsDelivery.objects.create(subscription=made, event="test", way="webhook", target="x")
    status, gone = api.ask("delete", f"{LISTED}/{made.pk}")
    assert (status, gone["id"]) == (200, made.pk)
    assert not NewsDelivery.objects.exists()
    for method, address in (("delete", f"{LISTED}/{made.pk}"), ("get", f"{SENT}?subscription={made.pk}")):
        assert api.code(method, address) == (404, "subscription_not_found")
    assert api.code("post", f"{SENT}/{10**30}/send-again") == (404, "news_not_found")


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"target": "https://10.0.0.1/"}, 400, "bad_option"),
        ({"target": "ftp://example.org/"}, 400, "bad_option"),
        ({"target": "ana@example.org"}, 400, "bad_option"),
        ({"target": "https://8.8.8.8/", "events": []}, 400, "bad_option"),
        ({"target": "https://8.8.8.8/", "events": ["test"]}, 400, "bad_option"),
        ({"target": "https://8.8.8.8/", "dataset": "nosuch"}, 404, "dataset_not_found"),
        ({"target": "https://8.8.8.8/", "secret": "mine"}, 400, "unknown_parameter"),
    ],
)
def test_what_cannot_be_subscribed_is_refused(api: Api, said: dict[str, Any], status: int, code: str) -> None:
    assert api.code("post", LISTED, **said) == (status, code)
    assert not NewsSubscription.objects.exists()


def test_only_those_who_manage_news_and_a_token_that_manages(boss: User, subscribe: Subscribe) -> None:
    one = f"{LISTED}/{subscribe().pk}"
    moe = make_user("moe", "view_uploadedfile")
    for api, code in ((Api(moe, "manage"), "not_allowed"), (Api(boss, "read", "upload"), "missing_scope")):
        for address in (LISTED, one, SENT):
            assert api.code("get", address) == (403, code)
        assert api.code("delete", one) == (403, code)
    assert Client().get(LISTED).status_code == 401
    assert NewsSubscription.objects.exists()


def manage(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_command_subscribes_shows_and_switches(boss: User, hooks: Hooks) -> None:
    said = manage("news_subscriptions", "--add", hooks.address, "--user", "boss", "--event", "file.failed")
    made = NewsSubscription.objects.get()
    assert SECRET.findall(said) == [made.secret]
    assert said.startswith(
        f"{made.pk}: {hooks.address}, for boss, is told when a file of any dataset cannot be loaded.\n"
    )
    assert not SECRET.search(manage("news_subscriptions"))
    assert "It is switched off." in manage("news_subscriptions", str(made.pk), "--off")
    told = json.loads(manage("news_subscriptions", str(made.pk), "--on", "--event", "all", "--json"))
    assert [(each["on"], each["secret"], each["events"]) for each in told["subscriptions"]] == [
        (True, None, list(CHOICES))
    ]
    assert SECRET.findall(manage("news_subscriptions", str(made.pk), "--new-secret"))[0] != made.secret
    assert "It is deleted." in manage("news_subscriptions", str(made.pk), "--delete")
    assert "Nobody is told of files yet" in manage("news_subscriptions")


def test_what_is_held_sends_once_somebody_says_so(api: Api, subscribe: Subscribe, hooks: Hooks, boss: User) -> None:
    first, second, third = subscribe(), subscribe(), subscribe()
    hold_news()
    one = f"{LISTED}/{first.pk}"
    assert [api.ask("get", one)[1][name] for name in ("on", "held")] == [False, True]
    assert api.ask("patch", one, events=["file.failed"])[1]["held"]
    assert [api.ask("patch", one, on=True)[1][name] for name in ("on", "held")] == [True, False]
    assert "It is held" in manage("news_subscriptions", str(second.pk))
    page = Client()
    page.force_login(boss)
    address = "/admin/uploads/newssubscription/"
    assert "held since the site was restored" in page.get(address).content.decode()
    form = page.get(f"{address}{second.pk}/change/").content.decode()
    assert "Held since this site was restored from a backup. Tick it" in form
    assert "checked" not in re.findall(r'<input[^>]*name="is_on"[^>]*>', form)[0]
    page.post(address, {"action": "switch_on", "_selected_action": [second.pk], "index": "0"})
    assert set(NewsSubscription.objects.filter(is_held=True)) == {third}
    assert manage("news_subscriptions", "--resume").startswith("1 subscription and 0 senders")
    assert manage("news_subscriptions", "--resume") == "Nothing was held.\n"


def test_command_tests_and_sends_again(subscribe: Subscribe, hooks: Hooks) -> None:
    made = subscribe()
    hooks.answers = [410]
    assert "A test is on its way" in manage("news_subscriptions", str(made.pk), "--test")
    do_jobs()
    sent = NewsDelivery.objects.get()
    assert manage("news_sent") == f"{sent.pk}: a test, to {hooks.address}: given up after 1 try, 410.\n"
    assert "on its way" in manage("news_sent", "--again", str(sent.pk))
    do_jobs()
    assert [each["state"] for each in json.loads(manage("news_sent", "--json"))["sent"]] == ["sent"]
    assert "Nothing like that" in manage("news_sent", "--state", "given_up")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ("news_subscriptions --off", 2, "Name its number"),
        ("news_subscriptions --add https://8.8.8.8/", 2, "go together"),
        ("news_subscriptions 1 --add https://8.8.8.8/ --user boss", 2, "has no number yet"),
        ("news_subscriptions --add https://8.8.8.8/ --user moe", 2, "no account that may manage news"),
        ("news_subscriptions --add https://10.0.0.1/ --user boss", 2, "no public address"),
        ("news_subscriptions 1 --delete --off", 2, "Say it alone"),
        ("news_subscriptions 1 --resume", 2, "without numbers"),
        ("news_subscriptions 999 --off", 1, "There is no subscription 999"),
        ("news_sent --again 999", 1, "There is no piece of news 999"),
        ("news_sent --limit 0", 2, "a number from 1"),
    ],
)
def test_commands_refuse_with_a_status_and_a_way_out(boss: User, arguments: str, status: int, words: str) -> None:
    make_user("moe", "view_uploadedfile")
    with pytest.raises(CommandError, match=words) as refused:
        call_command(*arguments.split(), stdout=StringIO(), stderr=StringIO())
    assert refused.value.returncode == status
    assert not NewsSubscription.objects.exists()
