"""The core of tus: offsets, what is refused, and that refused bytes change nothing."""

import hashlib

import pytest

from tests.integration.tus_client import OFFSET_TYPE, create, head, patch, tus
from uploads.models import UploadedFile
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


def test_options_describe_the_endpoint() -> None:
    answer = tus("OPTIONS")
    assert answer.status == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-extension"] == "creation,creation-with-upload,checksum,expiration,termination"


def test_wrong_offset_is_refused_and_bytes_stay() -> None:
    location = create(len(CONTENT))
    patch(location, 0, CONTENT[:100])
    for offset in (0, 99, 101, len(CONTENT)):
        assert patch(location, offset, b"zz").status == 409
    assert head(location).offset == 100
    patch(location, 100, CONTENT[100:])
    assert row(location).sha256 == hashlib.sha256(CONTENT).hexdigest()
