"""Webhooks: who hears what, signed, tried again, given up; nothing of what was rolled back, nothing lost."""

import json
import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import transaction
from django.utils import timezone

from tests.integration.conftest import Pipeline
from tests.integration.news.conftest import Hooks, Subscribe, do_jobs, forget_jobs, queued, untold
from uploads.models import Dataset, FileNews, NewsDelivery, NewsSubscription
from uploads.services.files.activation import activate_file, deactivate_file, delete_file
from uploads.services.news.sending import KEPT_DAYS, MOST_TRIES, PAUSES, send_news, tend_news
from uploads.services.news.spreading import spread_news
from uploads.services.news.subscriptions import (
    check_subscription,
    renew_secret,
    save_subscription,
    send_again,
    send_test,
)
from uploads.services.news.webhook import Message, sign
from uploads.services.queueing import SPREAD_NEWS_TASK
from uploads.services.reviewing.acts import decline_file
from uploads.states import DeliveryState, NewsEvent
from uploads.tabular.errors import BadOption
from uploads.web.news.letters import COMPOSERS

TABLE = "code;price\nA1;1\nB2;2\n"


def nobody_listens() -> str:
    """An address of this machine that nobody answers at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/hook"


def spread_all() -> None:
    """What happened so far is on its way, and nothing is sent."""
    for number, task, args in queued():
        if task == SPREAD_NEWS_TASK:
            spread_news(**json.loads(args))
            forget_jobs(number)


def due_now() -> None:
    NewsDelivery.objects.filter(state=DeliveryState.WAITING).update(due_at=timezone.now() - timedelta(seconds=1))


def test_each_event_is_told_to_those_who_asked_for_it(pipeline: Pipeline, subscribe: Subscribe, hooks: Hooks) -> None:
    subscribe()
    pipeline.load(TABLE)
    do_jobs()
    assert hooks.told == ["file.loaded", "file.activated"]
    hooks.came.clear()
    bad = "\n".join(f"C{n};{n}" for n in range(99))
    waits = pipeline.load(f"{TABLE}{bad}\nC9;9;9\n", activate=False)
    do_jobs()
    assert hooks.told == ["file.loaded", "file.rows_rejected", "file.waiting_for_review"]
    hooks.came.clear()
    decline_file(file_id=waits.file_id, reason="Not ours.")
    pipeline.load("")
    pipeline.load(TABLE, again=False)
    do_jobs()
    assert hooks.told == ["file.declined", "file.failed", "file.duplicate"]


def test_nothing_is_told_of_what_nobody_asked_for(pipeline: Pipeline, subscribe: Subscribe, hooks: Hooks) -> None:
    subscribe(events=("file.failed",))
    subscribe(is_on=False)
    pipeline.load(TABLE)
    do_jobs()
    assert hooks.came == []
    assert untold() == []


def test_without_a_subscription_nothing_is_written(pipeline: Pipeline) -> None:
    pipeline.load(TABLE)
    assert untold() == []
    assert queued() == []


def test_subscription_for_one_dataset_hears_of_its_files_alone(
    pipeline: Pipeline, subscribe: Subscribe, hooks: Hooks
) -> None:
    pipeline.load(TABLE, dataset="prices")
    subscribe(dataset=Dataset.objects.get())
    other = pipeline.load("plant;height\nrose;1\n", dataset="plants")
    pipeline.load(TABLE + "C3;3\n", dataset="prices")
    pipeline.load("", dataset="prices")
    do_jobs()
    assert hooks.told == ["file.loaded", "file.activated", "file.failed"]
    assert other.file_id not in {json.loads(body)["data"]["id"] for _, body in hooks.came}


def test_body_is_the_file_as_the_api_tells_it_and_signed(
    pipeline: Pipeline, subscribe: Subscribe, hooks: Hooks, admin_client: object, settings: Any
) -> None:
    settings.SITE_ADDRESS = "https://data.example.org"
    subscription = subscribe(events=("file.activated",))
    receipt = pipeline.load(TABLE)
    do_jobs()
    ((headers, body),) = hooks.came
    said = json.loads(body)
    api = admin_client.get(f"/api/receipts/{receipt.token}").json()  # type: ignore[attr-defined]
    assert said["data"] == api
    assert said["url"] == f"https://data.example.org/api/files/{receipt.file_id}"
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    message = Message(message_id=headers["webhook-id"], at=at, body=body)
    assert headers["webhook-signature"] == sign(message, secret=subscription.secret)["webhook-signature"]
    assert headers["content-type"] == "application/json"


def test_what_is_rolled_back_is_not_told(pipeline: Pipeline, subscribe: Subscribe, hooks: Hooks) -> None:
    file_id = pipeline.load(TABLE, activate=False).file_id
    subscribe()
    with transaction.atomic():
        activate_file(file_id=file_id)
        assert untold() == ["file.activated"]
        transaction.set_rollback(True)
    assert untold() == []
    do_jobs()
    assert hooks.came == []


def test_what_is_no_news_is_not_told(pipeline: Pipeline, subscribe: Subscribe, hooks: Hooks) -> None:
    file_id = pipeline.load(TABLE).file_id
    subscribe()
    deactivate_file(file_id=file_id)
    delete_file(file_id=file_id)
    do_jobs()
    assert hooks.came == []


def test_webhook_that_fails_is_tried_again_under_its_number_and_given_up_in_the_end(
    pipeline: Pipeline, subscribe: Subscribe, hooks: Hooks
) -> None:
    subscribe(events=("file.activated",))
    hooks.answers = [500] * MOST_TRIES
    pipeline.load(TABLE)
    do_jobs()
    for tries in range(1, MOST_TRIES):
        delivery = NewsDelivery.objects.get()
        assert (delivery.state, delivery.attempts, delivery.answer) == (DeliveryState.WAITING, tries, "500")
        assert round((delivery.due_at - timezone.now()).total_seconds(), -1) == round(PAUSES[tries - 1], -1)
        tend_news()
        assert queued() == []  # its time has not come
        assert send_news(delivery_id=delivery.pk, composers=COMPOSERS) is None
        due_now()
        tend_news()
        do_jobs()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (DeliveryState.GIVEN_UP, MOST_TRIES)
    assert len({headers["webhook-id"] for headers, _ in hooks.came}) == 1
    assert send_again(delivery_id=delivery.pk)
    do_jobs()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.answer) == (DeliveryState.SENT, 1, "204")
    assert len({headers["webhook-id"] for headers, _ in hooks.came}) == 1


def test_no_redirect_is_followed(pipeline: Pipeline, subscribe: Subscribe, hooks: Hooks) -> None:
    subscribe(events=("file.activated",))
    hooks.answers, hooks.headers = [302], {"Location": hooks.address}
    pipeline.load(TABLE)
    do_jobs()
    assert len(hooks.came) == 1
    assert NewsDelivery.objects.get().answer == "302"


def test_site_that_says_gone_is_told_nothing_more(pipeline: Pipeline, subscribe: Subscribe, hooks: Hooks) -> None:
    subscribe(events=("file.activated",))
    hooks.answers = [410]
    pipeline.load(TABLE)
    do_jobs()
    assert NewsDelivery.objects.get().state == DeliveryState.GIVEN_UP
    assert not NewsSubscription.objects.get().is_on


def test_what_waits_goes_to_the_address_that_the_subscription_has_now(
    pipeline: Pipeline, subscribe: Subscribe, hooks: Hooks, boss: User, settings: Any
) -> None:
    subscription = subscribe(events=("file.activated",), target="http://127.0.0.1:9/typo")
    pipeline.load(TABLE)
    spread_all()
    save_subscription(
        user_id=boss.pk, way="webhook", target=hooks.address, events=["file.activated"], subscription=subscription
    )
    do_jobs()
    assert hooks.told == ["file.activated"]
    assert NewsDelivery.objects.get().target == hooks.address
    send_test(subscription_id=subscription.pk)
    settings.MAIL_URL = "smtp://mail.example.org"
    save_subscription(
        user_id=boss.pk, way="mail", target="ana@example.org", events=["file.activated"], subscription=subscription
    )
    do_jobs()  # and no webhook is signed with the secret that there is no more
    assert hooks.told == ["file.activated"]
    assert [letter.to for letter in mail.outbox] == [["ana@example.org"]]


def test_site_that_does_not_answer_holds_up_its_own_news_alone(
    pipeline: Pipeline, subscribe: Subscribe, hooks: Hooks
) -> None:
    """Each try there may take its whole time."""
    away = subscribe(events=("file.activated",), target=nobody_listens())
    there = subscribe(events=("file.activated",))
    for name in ("a", "b", "c"):
        pipeline.load(f"code;price\n{name};3\n", f"{name}.csv", dataset=name)
    do_jobs()
    assert hooks.told == ["file.activated"] * 3
    tried = NewsDelivery.objects.filter(subscription=away).values_list("attempts", flat=True)
    assert sorted(tried) == [0, 0, 1]
    assert NewsDelivery.objects.filter(subscription=there, state=DeliveryState.SENT).count() == 3


def test_news_whose_every_try_ends_its_worker_is_given_up(subscribe: Subscribe, hooks: Hooks) -> None:
    delivery = send_test(subscription_id=subscribe().pk)
    NewsDelivery.objects.update(attempts=MOST_TRIES)
    do_jobs()
    delivery.refresh_from_db()
    assert (delivery.state, hooks.came) == (DeliveryState.GIVEN_UP, [])
    assert delivery.answer == "No try came to its end: the log of the workers says why."


def test_connection_goes_to_the_address_that_was_looked_at(
    pipeline: Pipeline, subscribe: Subscribe, hooks: Hooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name is resolved once: a second answer of its resolver would lead elsewhere."""
    asked: list[str] = []
    port = int(hooks.address.split(":")[2].split("/")[0])

    def found(host: str, port: int, **_: object) -> list[object]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    subscription = subscribe(events=("file.activated",))
    NewsSubscription.objects.update(target=f"http://hooks.example:{port}/hook?a=1")
    resolve = socket.getaddrinfo

    def once(host: str, *args: object, **kwargs: object) -> object:
        return found(host, port) if host == "hooks.example" else resolve(host, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", once)
    send_test(subscription_id=subscription.pk)
    do_jobs()
    assert asked == ["hooks.example"]
    assert hooks.came[0][0]["host"] == f"hooks.example:{port}"
    assert hooks.told == ["test"]


def test_private_address_is_refused_when_it_is_saved_and_when_it_is_sent_to(
    subscribe: Subscribe, hooks: Hooks, settings: Any
) -> None:
    subscription = subscribe()
    settings.WEBHOOKS_PRIVATE = False
    address = hooks.address.replace("http:", "https:")
    with pytest.raises(BadOption, match=r"leads to 127\.0\.0\.1, which is no public address"):
        check_subscription(way="webhook", target=address, events=["file.failed"])
    NewsSubscription.objects.update(target=address)
    send_test(subscription_id=subscription.pk)
    do_jobs()
    assert "no public address" in NewsDelivery.objects.get().answer
    assert hooks.came == []


def test_who_may_not_see_all_files_any_more_hears_of_none(
    pipeline: Pipeline, subscribe: Subscribe, hooks: Hooks, boss: User
) -> None:
    subscribe(events=("file.activated",))
    boss.user_permissions.clear()
    pipeline.load(TABLE)
    do_jobs()
    assert hooks.came == []
    delivery = NewsDelivery.objects.get()
    assert (delivery.state, delivery.answer) == (
        DeliveryState.GIVEN_UP,
        "boss, who made the subscription, may not see all files any more.",
    )


def test_news_and_deliveries_whose_job_was_lost_are_nudged_and_old_ones_forgotten(
    pipeline: Pipeline, subscribe: Subscribe, hooks: Hooks
) -> None:
    subscribe(events=("file.activated",))
    pipeline.load(TABLE)
    forget_jobs(*(number for number, _, _ in queued()))
    FileNews.objects.update(at=timezone.now() - timedelta(minutes=1))
    tend_news()
    do_jobs()
    assert hooks.told == ["file.activated"]
    NewsDelivery.objects.update(state=DeliveryState.WAITING, finished_at=None)
    NewsDelivery.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    assert tend_news() == 1
    do_jobs()
    assert hooks.told == ["file.activated"] * 2
    NewsDelivery.objects.update(finished_at=timezone.now() - timedelta(days=KEPT_DAYS, minutes=1))
    assert tend_news() == 1
    assert not NewsDelivery.objects.exists()


def test_new_secret_signs_from_then_on(subscribe: Subscribe, hooks: Hooks) -> None:
    subscription = subscribe()
    renewed = renew_secret(subscription_id=subscription.pk)
    assert renewed.secret != subscription.secret
    send_test(subscription_id=subscription.pk)
    do_jobs()
    ((headers, body),) = hooks.came
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    assert sign(Message(message_id=headers["webhook-id"], at=at, body=body), secret=renewed.secret).items() <= (
        headers.items()
    )
    assert json.loads(body)["data"] is None
    assert json.loads(body)["type"] == NewsEvent.TEST
