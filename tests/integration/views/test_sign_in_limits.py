"""Wrong passwords: counted before the next is hashed, by sender and by account, at every place that asks for one."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend
from django.db import connection
from django.db.models.functions import Now
from django.test import Client

from tests.integration.staff import PASSWORD, basic, make_user
from uploads.models import PasswordFailure
from uploads.services.errors import SignInsBusy, TooManySignIns
from uploads.services.signing_in import attempts
from uploads.services.signing_in.attempts import WINDOW, Limit, forget_failures, password_attempt
from uploads.services.signing_in.hashing import AT_ONCE
from uploads.services.signing_in.turns import Turns

HERE, ELSEWHERE = "192.0.2.1", "198.51.100.7"


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names whose passwords were hashed."""
    names: list[str] = []
    real = ModelBackend.authenticate

    def counted(self: ModelBackend, request: Any, username: Any = None, password: Any = None, **more: Any) -> Any:
        names.append(username)
        return real(self, request, username, password, **more)

    monkeypatch.setattr(ModelBackend, "authenticate", counted)
    return names


def by_page(name: str, password: str, address: str = HERE) -> Any:
    return Client(REMOTE_ADDR=address).post("/sign-in/", {"username": name, "password": password})


def by_admin(name: str, password: str, address: str = HERE) -> Any:
    return Client(REMOTE_ADDR=address).post("/admin/login/", {"username": name, "password": password})


def by_basic(name: str, password: str, address: str = HERE) -> Any:
    return Client(REMOTE_ADDR=address).get("/api/datasets", headers=basic(name, password))


@pytest.mark.django_db
@pytest.mark.parametrize("sign_in", [by_page, by_admin, by_basic])
def test_after_ten_wrong_passwords_no_more_are_tried_from_there(
    sign_in: Callable[..., Any], tried: list[str], client: Client
) -> None:
    make_user("mara")
    for number in range(Limit.PAIR.most):
        assert sign_in("mara", f"wrong {number}").status_code in (200, 401)
    tried.clear()
    refused = sign_in("mara", PASSWORD)
    assert (refused.status_code, tried) == (429, [])
    assert "Try again in 15 minutes" in refused.content.decode()
    assert 800 < int(refused.headers["Retry-After"]) <= 900
    assert sign_in("mara", PASSWORD, ELSEWHERE).status_code in (200, 302)
    assert tried == ["mara"]


@pytest.mark.django_db
def test_name_in_other_capitals_is_the_same_name() -> None:
    for name in ("Mara", "MARA") * (Limit.PAIR.most // 2):
        by_page(name, "wrong")
    assert by_page("mara", "wrong").status_code == 429


@pytest.mark.django_db
def test_sender_who_tries_many_names_is_refused_for_all_of_them(tried: list[str]) -> None:
    for number in range(Limit.SENDER.most):
        by_page(f"name{number}", "wrong")
    assert len(tried) == Limit.SENDER.most
    assert by_page("another", "wrong").status_code == 429


@pytest.mark.django_db
def test_addresses_of_one_ipv6_network_are_one_sender() -> None:
    for number in range(Limit.PAIR.most):
        by_page("mara", "wrong", f"2001:db8::{number:x}")
    assert by_page("mara", "wrong", "2001:db8::ffff:1").status_code == 429
    assert by_page("mara", "wrong", "2001:db8:0:1::1").status_code == 200


@pytest.mark.django_db
def test_account_that_many_networks_guess_at_is_closed_to_all() -> None:
    make_user("mara")
    for number in range(Limit.ACCOUNT.most):
        with password_attempt(account="mara", address=f"203.0.{number}.1") as attempt:
            attempt.failed = True
    assert by_page("mara", PASSWORD, ELSEWHERE).status_code == 429
    assert by_page("other", "wrong", ELSEWHERE).status_code == 200


@pytest.mark.django_db
def test_success_forgives_what_the_same_sender_mistyped() -> None:
    make_user("mara")
    for _ in range(Limit.PAIR.most - 1):
        by_page("mara", "wrong")
    by_page("mara", "wrong", ELSEWHERE)
    assert by_page("mara", PASSWORD).status_code == 302
    assert PasswordFailure.objects.count() == 1


@pytest.mark.django_db
def test_failures_count_for_a_quarter_of_an_hour_and_are_forgotten_then() -> None:
    for _ in range(Limit.PAIR.most):
        by_page("mara", "wrong")
    PasswordFailure.objects.update(at=Now() - WINDOW + timedelta(seconds=30))
    refused = by_page("mara", "wrong")
    assert "Try again in 1 minute." in refused.content.decode()
    PasswordFailure.objects.update(at=Now() - WINDOW - timedelta(seconds=1))
    assert by_page("mara", "wrong").status_code == 200
    assert forget_failures() == Limit.PAIR.most


NEW = {"old_password": "wrong", "new_password1": "long and new 1", "new_password2": "long and new 1"}


def signed_in(name: str, address: str) -> Client:
    client = Client(REMOTE_ADDR=address)
    client.force_login(make_user(name))
    return client


@pytest.mark.django_db
def test_wrong_current_passwords_are_counted_too() -> None:
    client = signed_in("mara", HERE)
    for _ in range(Limit.PAIR.most):
        assert "Try again in" not in client.post("/password/", NEW).text
    assert "Try again in 15 minutes" in client.post("/password/", {**NEW, "old_password": PASSWORD}).text


@pytest.mark.django_db
def test_wrong_current_passwords_of_others_elsewhere_keep_nobody_from_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Limit.SENDER, "most", 3)
    mara, ana = signed_in("mara", HERE), signed_in("ana", ELSEWHERE)
    for client in (ana, ana, mara):
        assert "Try again in" not in client.post("/password/", NEW).text
    assert mara.post("/password/", {**NEW, "old_password": PASSWORD}).status_code == 302
    assert PasswordFailure.objects.count() == 2, "her own are forgiven"


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As many passwords are being tried, and wait, as may."""
    turns = Turns(places=1, most_waiting=0)
    monkeypatch.setattr(attempts, "_turns", turns)
    with turns.turn(sender="", seconds=0):
        yield


@pytest.mark.django_db
def test_one_too_many_at_once_is_told_to_come_back(full: None, tried: list[str]) -> None:
    refused = by_page("mara", "wrong")
    assert (refused.status_code, refused.headers["Retry-After"], tried) == (503, "5", [])
    assert "Many people are signing in right now" in refused.text


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_are_tried_than_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each sees how those before it ended, but for the few that are tried beside it."""
    monkeypatch.setattr(attempts, "_turns", Turns(places=AT_ONCE, most_waiting=40))
    answers: list[str] = []

    def guess() -> None:
        try:
            with password_attempt(account="mara", address=HERE) as attempt:
                attempt.failed = True
            answers.append("tried")
        except (TooManySignIns, SignInsBusy) as error:
            answers.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Limit.PAIR.most <= answers.count("tried") < Limit.PAIR.most + AT_ONCE
    assert answers.count("too_many_sign_ins") == 40 - answers.count("tried")
