"""The hash of a file is taken as its bytes come, and is that of the file however they came."""

import base64
import hashlib
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.integration.tus.client import create, patch
from uploads.models import UploadedFile
from uploads.states import FileState
from uploads.tus import digests

pytestmark = pytest.mark.django_db(transaction=True)
CONTENT = b"a;b\n" + b"1;2\n" * 200_000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def empty_spool(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads the bytes again to hash them fails."""
    monkeypatch.setattr(hashlib, "file_digest", lambda *_: 1 / 0)


def digest_of(location: str) -> str:
    file = UploadedFile.objects.get(token=location.rpartition("/")[2])
    assert file.state == FileState.WAITING
    return file.sha256


def test_bytes_of_one_request_are_not_read_again(read_once: None) -> None:
    location = create(len(CONTENT))
    patch(location, 0, [CONTENT[:70_000], CONTENT[70_000:]])
    assert digest_of(location) == DIGEST


def test_bytes_of_several_requests_with_cuts_and_refusals_are_not_read_again(read_once: None) -> None:
    location = create(len(CONTENT))
    patch(location, 0, [CONTENT[:300_000]], cut=True)
    assert patch(location, 5, b"x").status == 409
    right = f"sha256 {base64.b64encode(hashlib.sha256(CONTENT[300_000:400_000]).digest()).decode()}"
    assert patch(location, 300_000, CONTENT[300_000:400_000], {"Upload-Checksum": right}).status == 204
    patch(location, 400_000, [CONTENT[400_000:400_001]], cut=True)
    patch(location, 400_001, CONTENT[400_001:])
    assert digest_of(location) == DIGEST


def test_bytes_that_were_taken_back_are_in_no_hash() -> None:
    location = create(len(CONTENT))
    patch(location, 0, CONTENT[:100])
    assert patch(location, 100, [CONTENT[100:], b"too much"]).status == 413
    wrong = f"sha256 {base64.b64encode(bytes(32)).decode()}"
    assert patch(location, 100, CONTENT[100:], {"Upload-Checksum": wrong}).status == 460
    patch(location, 100, CONTENT[100:])
    assert digest_of(location) == DIGEST


def test_bytes_that_came_by_another_process_are_read_again() -> None:
    location = create(len(CONTENT))
    patch(location, 0, CONTENT[:100])
    stored_as = UploadedFile.objects.get().stored_as
    digests.resume(stored_as, at=100)  # as a process that was started anew knows it
    patch(location, 100, CONTENT[100:200])
    digests.keep(stored_as, hashlib.sha256(b"of fewer bytes"), at=199)
    patch(location, 200, CONTENT[200:])
    assert digest_of(location) == DIGEST


def test_oldest_uploads_are_forgotten() -> None:
    for number in range(digests.MOST + 1):
        digests.keep(f"many/{number}", hashlib.sha256(), at=1)
    assert digests.resume("many/0", at=1) is None
    assert digests.resume(f"many/{digests.MOST}", at=1) is not None
