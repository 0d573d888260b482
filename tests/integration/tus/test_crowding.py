"""Where every place for an upload is taken, the network that holds most of them gives one up."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db.models import F
from django.test import Client
from pytest_django import Settings

from tests.integration.tus.client import Answer, exchange_scope, head, patch, scope_of
from uploads.models import PartialUpload, UploadedFile
from uploads.services.receiving.crowding import QUIET
from uploads.services.sender_network import wide_network_of
from uploads.states import FileState
from uploads.store import spool

pytestmark = pytest.mark.django_db(transaction=True)

PLACES = 6


@pytest.fixture(autouse=True)
def few_places(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    settings.MAX_OPEN_UPLOADS = PLACES


def begin(address: str, **headers: str) -> Answer:
    told = {"Tus-Resumable": "1.0.0", "Upload-Length": "10", **headers}
    return asyncio.run(exchange_scope(scope_of("POST", "/files/", told, client=address)))


def fill(**headers: str) -> list[str]:
    """Every place is taken by networks of one customer."""
    return [begin(f"2001:db8:0:{number}::1", **headers).location for number in range(PLACES)]


def let_pass(seconds: float) -> None:
    before = timedelta(seconds=seconds)
    UploadedFile.objects.update(created_at=F("created_at") - before, expires_at=F("expires_at") - before)
    PartialUpload.objects.update(created_at=F("created_at") - before, expires_at=F("expires_at") - before)


def are_open(locations: list[str]) -> list[bool]:
    return [head(location).status == 200 for location in locations]


def test_the_one_that_was_quiet_longest_makes_room_for_a_stranger() -> None:
    theirs = fill()
    let_pass(QUIET.total_seconds() + 1)
    patch(theirs[0], 0, b"01")
    let_pass(1)
    assert begin("192.0.2.1").status == 201
    assert are_open(theirs) == [True, False, True, True, True, True]
    given_up = UploadedFile.objects.get(state=FileState.DELETED)
    assert "most of them by one network" in given_up.events.get(state=FileState.DELETED).text
    assert head(theirs[1]).status == 410


def test_a_part_makes_room_too() -> None:
    fill(**{"Upload-Concat": "partial"})
    let_pass(QUIET.total_seconds() + 1)
    assert begin("192.0.2.1", **{"Upload-Concat": "partial"}).status == 201
    assert PartialUpload.objects.count() == PLACES


def test_an_upload_whose_size_is_said_later_makes_room_however_much_of_it_is_here() -> None:
    said = {"Tus-Resumable": "1.0.0", "Upload-Defer-Length": "1"}
    for number in range(PLACES):
        scope = scope_of("POST", "/files/", said, client=f"2001:db8:0:{number}::1")
        patch(asyncio.run(exchange_scope(scope)).location, 0, b"01")
    assert set(UploadedFile.objects.values_list("size", "size_known")) == {(2, False)}
    let_pass(QUIET.total_seconds() + 1)
    assert begin("192.0.2.1").status == 201


def test_the_network_that_holds_most_gets_no_more() -> None:
    theirs = fill()
    let_pass(QUIET.total_seconds() + 1)
    refused = begin("2001:db8:0:ffff::1")
    assert (refused.status, refused.code, refused.headers["retry-after"]) == (429, "too_many_uploads", "60")
    assert all(are_open(theirs))


def test_uploads_on_their_way_are_left_alone() -> None:
    theirs = fill()
    assert begin("192.0.2.1").status == 429
    let_pass(QUIET.total_seconds() + 1)
    held = [spool.SpoolFile(file.stored_as) for file in UploadedFile.objects.all()]
    assert all(one.try_lock() for one in held)
    assert begin("192.0.2.1").status == 429
    for one in held:
        one.close()
    assert all(are_open(theirs))


def test_nobody_gives_way_where_each_network_holds_few(settings: Settings) -> None:
    settings.MAX_OPEN_UPLOADS = places = 40
    locations = [begin(f"198.51.{number % 20}.{number}").location for number in range(places)]
    let_pass(QUIET.total_seconds() + 1)
    assert begin("192.0.2.1").status == 429
    assert all(are_open(locations))


def test_staff_do_not_give_way() -> None:
    fill()
    UploadedFile.objects.update(uploaded_by=User.objects.create_superuser("staff"))
    let_pass(QUIET.total_seconds() + 1)
    assert begin("192.0.2.1").status == 429


def test_whole_uploads_that_wait_for_their_hand_over_do_not_give_way() -> None:
    fill()
    for file in UploadedFile.objects.all():
        with spool.SpoolFile(file.stored_as) as arriving:
            arriving.append(b"0123456789")
    let_pass(QUIET.total_seconds() + 1)
    assert begin("192.0.2.1").status == 429
    assert UploadedFile.objects.filter(state=FileState.RECEIVING).count() == PLACES


def test_a_form_makes_room_too_and_a_refused_one_says_when_to_come_back(settings: Settings) -> None:
    fill()
    settings.ANONYMOUS_UPLOAD = True

    def send(address: str) -> tuple[int, str]:
        with (Path(settings.VAR_DIR) / "a.csv").open("w+b") as content:
            content.write(b"a;b\n1;2\n")
            content.seek(0)
            answer = Client().post(address, {"file": content})
        return answer.status_code, answer.headers.get("Retry-After", "")

    assert [send("/api/files"), send("/")] == [(429, "60")] * 2
    let_pass(QUIET.total_seconds() + 1)
    assert [send("/api/files"), send("/")] == [(201, ""), (302, "")]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        (None, ""),
    ],
)
def test_network_of_an_address(address: str | None, network: str) -> None:
    assert wide_network_of(address) == network
