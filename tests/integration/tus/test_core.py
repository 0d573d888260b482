"""The core of tus: offsets, what is refused, and that refused bytes change nothing."""

import asyncio
import base64
import hashlib

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from tests.integration.tus.client import (
    OFFSET_TYPE,
    create,
    exchange,
    exchange_scope,
    head,
    metadata,
    patch,
    scope_of,
    tus,
)
from uploads.models import UploadedFile
from uploads.services.receiving.uploads import complete_upload
from uploads.states import FileState

pytestmark = pytest.mark.django_db(transaction=True)

CONTENT = b"a;b\n" + b"1;2\n" * 1000


def row(location: str) -> UploadedFile:
    return UploadedFile.objects.get(token=location.rpartition("/")[2])


def test_file_sent_in_two_pieces_waits_for_a_worker_with_its_hash() -> None:
    location = create(len(CONTENT), name="größe.csv")
    assert patch(location, 0, CONTENT[:100]).offset == 100
    assert head(location).offset == 100
    answer = patch(location, 100, CONTENT[100:])
    assert (answer.status, answer.offset) == (204, len(CONTENT))
    file = row(location)
    assert (file.name, file.state, file.sha256) == ("größe.csv", FileState.WAITING, hashlib.sha256(CONTENT).hexdigest())


def test_bytes_that_are_here_already_wait_for_nobody_unless_they_are_wanted_again() -> None:
    def whole(again: str = "false") -> UploadedFile:
        location = create(len(CONTENT), again=again)
        patch(location, 0, CONTENT)
        return row(location)

    UploadedFile.objects.filter(pk=whole().pk).update(state=FileState.ACTIVE)
    assert (whole().state, whole("true").state) == (FileState.DUPLICATE, FileState.WAITING)


def test_options_describe_the_endpoint() -> None:
    answer = tus("OPTIONS")
    assert answer.status == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-extension"].split(",") == [
        "creation",
        "creation-with-upload",
        "creation-defer-length",
        "checksum",
        "expiration",
        "termination",
        "concatenation",
    ]


def test_wrong_offset_is_refused_and_bytes_stay() -> None:
    location = create(len(CONTENT))
    patch(location, 0, CONTENT[:100])
    for offset in (0, 99, 101, len(CONTENT)):
        assert patch(location, offset, b"zz").status == 409
    assert head(location).offset == 100
    patch(location, 100, CONTENT[100:])
    assert row(location).sha256 == hashlib.sha256(CONTENT).hexdigest()


def test_other_protocol_version_is_refused_with_ours() -> None:
    location = create(10)
    for version in ({"Tus-Resumable": "0.2.2"}, {}):
        for method, path in (("POST", "/files/"), ("HEAD", location), ("PATCH", location), ("DELETE", location)):
            answer = asyncio.run(exchange(method, path, version))
            assert (answer.status, answer.headers["tus-version"]) == (412, "1.0.0")


@pytest.mark.parametrize(
    "value", ["-1", "+5", "1.0", "0x10", "1_0", "", "٣", "9" * 19, "9" * 400, "1 2", "1, 1", "NaN"]
)
def test_header_that_is_no_number_is_refused(value: str) -> None:
    location = create(10)
    value = value.encode().decode("latin-1")
    assert tus("POST", headers={"Upload-Length": value}).status == 400
    assert patch(location, 0, b"x", {"Upload-Offset": value}).status == 400
    assert head(location).offset == 0


def test_header_that_comes_twice_is_refused() -> None:
    location = create(10)
    twice = [("Upload-Offset", "0"), ("Upload-Offset", "0"), ("Content-Type", OFFSET_TYPE)]
    assert tus("PATCH", location, twice, b"x").status == 400
    assert tus("POST", headers=[("Upload-Length", "5"), ("Upload-Length", "5")]).status == 400
    assert tus("POST", headers=[("Upload-Length", "5"), ("Tus-Resumable", "1.0.0")]).status == 400


@pytest.mark.parametrize("missing", ["Upload-Offset", "Content-Type"])
def test_patch_without_a_needed_header_is_refused(missing: str) -> None:
    location = create(10)
    headers = {"Upload-Offset": "0", "Content-Type": OFFSET_TYPE}
    del headers[missing]
    assert tus("PATCH", location, headers, b"x").status in (400, 415)
    assert head(location).offset == 0


def test_announced_body_that_is_too_long_is_refused_before_it_is_read() -> None:
    location = create(10)
    assert patch(location, 0, b"x" * 11).status == 413
    assert head(location).offset == 0


def test_body_that_turns_out_too_long_is_cut_and_nothing_of_it_stays() -> None:
    location = create(10)
    patch(location, 0, b"abc")
    answer = patch(location, 3, [b"defg", b"hij", b"k", b"never read"])
    assert (answer.status, answer.code) == (413, "body_too_long")
    assert answer.headers["connection"] == "close"
    assert head(location).offset == 3
    assert patch(location, 3, [b"defg", b"hij"]).status == 204


def test_file_over_the_limit_is_refused_at_its_announcement(settings: Settings) -> None:
    settings.MAX_FILE_SIZE = 1000
    answer = tus("POST", headers={"Upload-Length": "1001"})
    assert (answer.status, answer.code) == (413, "file_too_large")
    assert not UploadedFile.objects.exists()
    assert tus("OPTIONS").headers["tus-max-size"] == "1000"


def test_file_for_which_there_is_no_room_is_refused_at_its_announcement(settings: Settings) -> None:
    settings.MAX_FILE_SIZE = settings.MAX_SIZE_PER_ADDRESS = 2**62
    answer = tus("POST", headers={"Upload-Length": str(2**61)})
    assert (answer.status, answer.code) == (507, "disk_full")
    assert not UploadedFile.objects.exists()


@pytest.mark.parametrize(
    "value",
    [
        "filename !!!",
        "filename eA",
        "filename eA==,filename eA==",
        ",",
        "a b c",
        " ",
        "größe eA==",
        f"filename {base64.b64encode(b'\xff\xfe').decode()}",
        "x" * 20_000,
    ],
)
def test_metadata_that_cannot_be_read_is_refused(value: str) -> None:
    answer = tus("POST", headers={"Upload-Length": "5", "Upload-Metadata": value.encode().decode("latin-1")})
    assert (answer.status, UploadedFile.objects.count()) == ((400, 0) if value.strip() else (201, 1))


def test_metadata_become_the_file_s_options() -> None:
    location = create(
        5, name="../../etc/pass\0wd\u202e.csv", dataset="My Data", delimiter="tab", header_row="2", all_text="true"
    )
    file = row(location)
    assert (file.name, file.dataset_wanted) == ("passwd.csv", "my_data")
    assert file.options == {"delimiter": "\t", "header_row": 2, "all_text": True}


def test_option_that_cannot_be_used_is_refused_in_plain_words() -> None:
    for told in ({"delimiter": "six;;;"}, {"encoding": "klingon"}, {"header_row": "0"}, {"all_text": "maybe"}):
        headers = {"Upload-Length": "5", "Upload-Metadata": metadata(**told)}
        assert tus("POST", headers=headers).code == "bad_option"
    assert not UploadedFile.objects.exists()


def test_method_that_means_nothing_names_those_that_do() -> None:
    location = create(5)
    assert tus("PUT", location).headers["allow"] == "OPTIONS, HEAD, PATCH, DELETE"
    assert tus("GET").headers["allow"] == "OPTIONS, POST"


def test_method_override_stands_in_for_patch_and_delete() -> None:
    location = create(5)
    headers = {"X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0", "Content-Type": OFFSET_TYPE}
    assert tus("POST", location, headers, b"a;b").offset == 3
    assert tus("POST", location, {"X-HTTP-Method-Override": "DELETE"}).status == 204


def test_offset_of_a_finished_upload_is_its_size() -> None:
    location = create(len(CONTENT))
    patch(location, 0, CONTENT)
    assert head(location).offset == len(CONTENT)
    assert patch(location, len(CONTENT), b"").status == 204
    assert patch(location, 0, CONTENT).status == 409


def test_completion_repeated_makes_one_load() -> None:
    location = create(len(CONTENT))
    patch(location, 0, CONTENT)
    file = row(location)
    head(location)
    patch(location, len(CONTENT), b"")
    assert not complete_upload(file_id=file.pk)
    assert ProcrastinateJob.objects.filter(args__file_id=file.pk).count() == 1
    assert list(file.events.values_list("state", flat=True)) == ["receiving", "waiting"]


def test_empty_file_is_whole_at_once() -> None:
    assert row(create(0)).state == FileState.WAITING


def test_answer_names_receipt_expiry_and_is_never_kept_by_a_cache() -> None:
    answer = tus("POST", headers={"Upload-Length": "5"})
    token = answer.location.rpartition("/")[2]
    assert answer.headers["receipt"] == f"/receipts/{token}/"
    assert answer.headers["receipt-api"] == f"/api/receipts/{token}"
    assert answer.headers["upload-expires"].endswith("GMT")
    assert head(answer.location).headers["cache-control"] == "no-store"


def test_foreign_host_name_is_refused() -> None:
    pairs = [("Tus-Resumable", "1.0.0"), ("Upload-Length", "5")]
    scope = scope_of("POST", "/files/", pairs)
    scope["headers"][0] = (b"host", b"evil.example")
    assert asyncio.run(exchange_scope(scope)).status == 400
