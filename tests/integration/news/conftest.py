"""Somebody who hears of files, by a server of the test's own or a mailbox, and the jobs that a worker would do."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from tests.integration.conftest import rows
from tests.integration.staff import make_user
from uploads.models import FileNews, NewsSubscription
from uploads.services.news.sending import send_news
from uploads.services.news.spreading import spread_news
from uploads.services.news.subscriptions import CHOICES, save_subscription
from uploads.services.queueing import SPREAD_NEWS_TASK
from uploads.web.news.letters import COMPOSERS


@dataclass
class Hooks:
    """A site that takes webhooks: what came, and what it answers."""

    address: str = ""
    answers: list[int] = field(default_factory=list)
    """Statuses, one after the other; then 204."""
    headers: dict[str, str] = field(default_factory=dict)
    """Of each answer."""
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def told(self) -> list[str]:
        return [json.loads(body)["type"] for _, body in self.came]


@pytest.fixture
def hooks(settings: Any) -> Iterator[Hooks]:
    settings.WEBHOOKS_PRIVATE = True
    made = Hooks()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.came.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(made.answers.pop(0) if made.answers else 204)
            for name, value in made.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *said: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.address = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def boss(db: None) -> User:
    return make_user("boss", "view_uploadedfile", "manage_newssubscription")


type Subscribe = Callable[..., NewsSubscription]


@pytest.fixture
def subscribe(boss: User, hooks: Hooks) -> Subscribe:
    def subscribed(*, events: tuple[str, ...] = CHOICES, **said: Any) -> NewsSubscription:
        return save_subscription(user_id=boss.pk, events=events, **{"way": "webhook", "target": hooks.address, **said})

    return subscribed


@pytest.fixture(autouse=True)
def no_jobs(data_schema: None) -> None:
    """Of earlier tests: the queue is none of Django's tables, which are emptied."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE queue_name = 'news'")


def do_jobs() -> None:
    """What is queued of news, as a worker does it; each job as its transaction left it."""
    while jobs := queued():
        for number, task, args in jobs:
            if task == SPREAD_NEWS_TASK:
                spread_news(**json.loads(args))
            else:
                send_news(**json.loads(args), composers=COMPOSERS)
            forget_jobs(number)


def queued() -> list[tuple[Any, ...]]:
    """Number, task and arguments of what is to be done."""
    return rows(
        "SELECT id, task_name, args::text FROM procrastinate_jobs"
        " WHERE queue_name = 'news' AND status = 'todo' ORDER BY id"
    )


def forget_jobs(*numbers: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = ANY(%s)", [list(numbers)])


def untold() -> list[str]:
    return list(FileNews.objects.order_by("pk").values_list("event", flat=True))
