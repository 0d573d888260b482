"""Whose upload it is, how it ends before its last byte, and how much one sender may begin."""

import asyncio
import os
import threading
from collections.abc import Coroutine
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.signing import Signer
from django.db.models.functions import Now
from django.test import Client
from pytest_django import Settings

from tests.integration.tus.client import (
    OFFSET_TYPE,
    Answer,
    create,
    exchange,
    exchange_scope,
    head,
    metadata,
    patch,
    scope_of,
    tus,
)
from tests.waiting import GIVE_UP_SECONDS, wait_until
from uploads.models import PartialUpload, UploadedFile
from uploads.services.files.activation import delete_file
from uploads.services.receiving.expiry import expire_uploads
from uploads.services.receiving.parts import expire_parts
from uploads.services.receiving.uploads import SILENT
from uploads.states import FileState
from uploads.store import spool, stored_files
from uploads.tus import records, threads
from uploads.web.visitors import COOKIE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def empty_spool(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"


def row(location: str) -> UploadedFile:
    return UploadedFile.objects.get(token=location.rpartition("/")[2])


def as_visitor(name: str) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={Signer(salt='uploads.visitor').sign(name)}"}


def as_user(user: User) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    cookies: SimpleCookie = client.cookies
    return {"Cookie": "; ".join(f"{key}={morsel.value}" for key, morsel in cookies.items())}


def every_verb(location: str, headers: dict[str, str]) -> list[int]:
    return [
        head(location, headers).status,
        patch(location, 0, b"x", headers).status,
        tus("DELETE", location, headers).status,
    ]


def test_terminated_upload_is_gone_with_its_bytes() -> None:
    location = create(10)
    patch(location, 0, b"01234")
    assert tus("DELETE", location).status == 204
    assert every_verb(location, {}) == [410, 410, 410]
    assert not list(spool.folder().glob("*"))
    file = row(location)
    assert (file.state, file.name, file.stored_as) == (FileState.DELETED, "x.csv", "")


def test_finished_upload_is_not_terminated_by_its_sender() -> None:
    location = create(3)
    patch(location, 0, b"a;b")
    assert tus("DELETE", location).status == 409
    assert row(location).state == FileState.WAITING


def test_upload_that_staff_delete_is_gone_with_its_bytes() -> None:
    location = create(10)
    patch(location, 0, b"01234")
    delete_file(file_id=row(location).pk)
    assert every_verb(location, {}) == [410, 410, 410]
    assert not list(spool.folder().glob("*"))


def test_spool_file_that_no_upload_owns_is_swept_when_it_is_old() -> None:
    name = stored_files.new_name()
    spool.create(name, size=1)
    assert expire_uploads() == 0
    os.utime(spool.path_of(name), (0, 0))
    assert expire_uploads() == 1
    assert not spool.path_of(name).exists()


def test_expired_upload_is_gone_at_once_and_swept_later() -> None:
    location = create(10)
    patch(location, 0, b"01234")
    UploadedFile.objects.update(expires_at=Now() - timedelta(seconds=1))
    assert every_verb(location, {}) == [410, 410, 410]
    assert expire_uploads() == 1
    assert not list(spool.folder().glob("*"))
    assert row(location).state == FileState.DELETED
    assert row(location).events.filter(text="given up: the rest did not arrive in time").exists()
    assert expire_uploads() == 0


@pytest.mark.parametrize("kind", [{}, {"Upload-Concat": "partial"}])
def test_upload_that_goes_on_while_the_sweep_looks_at_it_is_not_given_up(
    kind: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    location = create(10, headers=kind)
    patch(location, 0, b"01234")
    rows: Any = PartialUpload.objects if kind else UploadedFile.objects
    rows.update(expires_at=Now() - timedelta(seconds=1))
    try_lock = spool.SpoolFile.try_lock

    def go_on_and_lock(file: spool.SpoolFile) -> bool:
        rows.update(expires_at=Now() + timedelta(days=1))
        return try_lock(file)

    with monkeypatch.context() as patched:
        patched.setattr(spool.SpoolFile, "try_lock", go_on_and_lock)
        assert (expire_parts() if kind else expire_uploads()) == 0
    assert head(location).offset == 5


def test_upload_that_is_on_its_way_is_not_swept() -> None:
    location = create(10)
    patch(location, 0, b"01234")
    assert expire_uploads() == 0
    assert patch(location, 5, b"56789").status == 204


def test_upload_that_is_whole_but_was_never_handed_over_is_by_the_sweep() -> None:
    location = create(10)
    patch(location, 0, [b"0123456789"], cut=True)
    assert row(location).state == FileState.RECEIVING
    UploadedFile.objects.update(expires_at=Now() + timedelta(hours=1))
    assert expire_uploads() == 1
    assert row(location).state == FileState.WAITING


@pytest.mark.parametrize("expired", [True, False])
def test_upload_cut_off_between_its_move_and_its_hand_over_is_finished(*, expired: bool) -> None:
    location = create(10)
    patch(location, 0, [b"0123456789"], cut=True)
    file = row(location)
    stored_files.adopt(spool.path_of(file.stored_as), file.stored_as)
    if expired:
        UploadedFile.objects.update(expires_at=Now() - timedelta(seconds=1))
        assert expire_uploads() == 1
    else:
        assert head(location).offset == 10
    assert row(location).state == FileState.WAITING


def test_upload_whose_bytes_were_lost_is_gone() -> None:
    location = create(10)
    patch(location, 0, b"01234")
    spool.remove(row(location).stored_as)
    assert head(location).status == 410


@pytest.mark.parametrize("token", ["1", "x" * 43, "x" * 44, "%00", "..", "\0", "é"])
def test_guessed_address_is_not_found(token: str) -> None:
    create(10)
    assert every_verb(f"/files/{token}", {}) == [404, 404, 404]


def test_upload_of_one_browser_is_not_found_by_another_that_knows_its_address() -> None:
    location = create(10, headers=as_visitor("anna"))
    assert row(location).visitor == "anna"
    assert row(location).via == "page"
    assert every_verb(location, as_visitor("bert")) == [404, 404, 404]
    assert every_verb(location, {}) == [404, 404, 404]
    assert every_verb(location, {"Cookie": f"{COOKIE}=anna:forged"}) == [404, 404, 404]
    assert every_verb(location, as_visitor("anna")) == [200, 204, 204]


def test_upload_of_a_user_is_that_user_s_alone() -> None:
    anna, bert = User.objects.create_user("anna"), User.objects.create_user("bert")
    location = create(10, headers=as_user(anna))
    assert row(location).uploaded_by == anna
    assert every_verb(location, as_user(bert)) == [404, 404, 404]
    assert every_verb(location, as_user(anna)) == [200, 204, 204]


def test_staff_upload_is_activated_by_default_and_a_visitor_s_never() -> None:
    staff = User.objects.create_superuser("staff")
    assert row(create(10, headers=as_user(staff))).activate
    assert not row(create(10, headers=as_user(staff), activate="no")).activate
    assert not row(create(10)).activate
    headers = {"Upload-Length": "10", "Upload-Metadata": metadata(activate="yes")}
    assert tus("POST", headers=headers).code == "not_allowed"


@pytest.mark.parametrize("wish", [{"key": "a\0b"}, {"key": "a", "delete_when": "gone=\0"}, {"dataset": "a\0b"}])
def test_wish_that_no_text_of_the_database_can_hold_is_refused_or_taken_without(wish: dict[str, str]) -> None:
    staff = User.objects.create_superuser("staff")
    said = metadata(mode="merge", filename="a\0b.csv", **wish) if "key" in wish else metadata(**wish)
    answer = tus("POST", headers={"Upload-Length": "10", "Upload-Metadata": said, **as_user(staff)})
    assert answer.status == (400 if "key" in wish else 201)


def test_staff_without_the_permission_to_activate_does_not_activate_by_uploading() -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    assert not row(create(10, headers=as_user(clerk))).activate


def test_closed_site_takes_files_of_users_only(settings: Settings) -> None:
    settings.ANONYMOUS_UPLOAD = False
    answer = tus("POST", headers={"Upload-Length": "10"})
    assert (answer.status, answer.code) == (401, "not_signed_in")
    assert create(10, headers=as_user(User.objects.create_user("anna")))


def begin_at_once(count: int) -> list[int]:
    async def race() -> list[Answer]:
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "10"}
        return await asyncio.gather(*(exchange("POST", "/files/", headers) for _ in range(count)))

    return sorted(answer.status for answer in asyncio.run(race()))


def test_quota_of_an_address_holds_against_uploads_begun_at_once(settings: Settings) -> None:
    settings.MAX_OPEN_UPLOADS_PER_ADDRESS = 3
    assert begin_at_once(8) == [201] * 3 + [429] * 5


def test_quota_in_all_holds(settings: Settings) -> None:
    settings.MAX_OPEN_UPLOADS = 2
    UploadedFile.objects.create(name="x", size=1, address="192.0.2.99")
    assert begin_at_once(4) == [201] + [429] * 3


def test_quota_is_free_again_once_an_upload_has_ended(settings: Settings) -> None:
    settings.MAX_OPEN_UPLOADS_PER_ADDRESS = 1
    location = create(10)
    assert tus("POST", headers={"Upload-Length": "10"}).code == "too_many_uploads"
    tus("DELETE", location)
    assert create(10)


def test_staff_have_no_quota(settings: Settings) -> None:
    settings.MAX_OPEN_UPLOADS_PER_ADDRESS = settings.MAX_OPEN_UPLOADS = settings.MAX_SIZE_PER_ADDRESS = 0
    assert create(10, headers=as_user(User.objects.create_superuser("staff")))


def test_bytes_of_an_address_have_a_quota_a_day(settings: Settings) -> None:
    settings.MAX_SIZE_PER_ADDRESS = 100
    location = create(60)
    assert tus("POST", headers={"Upload-Length": "41"}).code == "too_many_uploads"
    assert create(40)
    tus("DELETE", location)
    assert create(60)
    UploadedFile.objects.update(created_at=Now() - timedelta(days=2))
    assert create(100)


def begin_from(address: str) -> int:
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "10"}
    return asyncio.run(exchange_scope(scope_of("POST", "/files/", headers, client=address))).status


def test_addresses_of_one_ipv6_network_share_a_quota(settings: Settings) -> None:
    settings.MAX_OPEN_UPLOADS_PER_ADDRESS = 2
    assert [begin_from(f"2001:db8::{host}") for host in ("1", "ffff:ffff:ffff:ffff", "2")] == [201, 201, 429]
    assert begin_from("2001:db8:0:1::1") == 201
    assert [begin_from(f"::ffff:192.0.2.{host}") for host in (1, 2, 3)] == [201, 201, 201]


def test_upload_of_which_no_byte_comes_is_forgotten_within_minutes() -> None:
    location = create(10)
    head(location)
    patch(location, 0, b"", cut=True)
    begun = row(location)
    assert begun.expires_at is not None
    assert begun.expires_at - begun.created_at <= SILENT
    patch(location, 0, b"01")
    going_on = row(location)
    assert going_on.expires_at is not None
    assert going_on.expires_at - begun.created_at >= timedelta(hours=23)


def test_answer_says_until_when_an_upload_may_go_on() -> None:
    location = create(10)
    told = patch(location, 0, b"01").headers["upload-expires"]
    assert parsedate_to_datetime(told) >= row(location).created_at + timedelta(hours=23)


def test_large_files_on_their_way_into_the_store_hold_no_other_upload_up(monkeypatch: pytest.MonkeyPatch) -> None:
    large, small = [create(6) for _ in range(threads.THREADS)], create(3)
    let_go, adopt = threading.Event(), stored_files.adopt
    under_way: list[str] = []

    def wait(path: Path, name: str) -> None:
        if path.stat().st_size == 6:
            under_way.append(name)
            assert let_go.wait(GIVE_UP_SECONDS)
        adopt(path, name)

    monkeypatch.setattr(records, "LARGE_BYTES", 5)
    monkeypatch.setattr(stored_files, "adopt", wait)

    def sending(location: str, body: bytes) -> Coroutine[Any, Any, Answer]:
        told = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": OFFSET_TYPE}
        return exchange("PATCH", location, told, [body])

    async def send_and_go_on() -> tuple[Answer, list[Answer]]:
        sent = [asyncio.create_task(sending(location, b"a;b\n1;")) for location in large]
        await asyncio.to_thread(wait_until, lambda: len(under_way) >= records.HAND_OVERS)
        whole = await asyncio.wait_for(sending(small, b"a\n1"), GIVE_UP_SECONDS / 2)
        let_go.set()
        return whole, await asyncio.gather(*sent)

    whole, sent = asyncio.run(send_and_go_on())
    assert (whole.status, {answer.status for answer in sent}) == (204, {204})
    assert not UploadedFile.objects.filter(state=FileState.RECEIVING).exists()
