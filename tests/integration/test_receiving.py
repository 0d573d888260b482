"""Receiving whole files: what is kept, what is refused, and that nothing is left behind."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from procrastinate.contrib.django.models import ProcrastinateJob

from uploads import spool, storage
from uploads.domain.errors import BadOption, UploaderError
from uploads.models import UploadedFile
from uploads.services import receiving
from uploads.services.errors import StateConflict
from uploads.services.receiving import Uploader, begin_upload, complete_upload, receive_file
from uploads.states import FileState

pytestmark = pytest.mark.django_db

STAFF = Uploader(is_staff=True, address="192.0.2.1")
VISITOR = Uploader(visitor="someone", address="192.0.2.2")
CONTENT = b"a;b\n1;2\n"


def receive(content: bytes = CONTENT, *, size: int | None = None, **changes: Any) -> UploadedFile:
    facts: dict[str, Any] = {"name": "x.csv", "uploader": VISITOR, "via": UploadedFile.Via.FORM, **changes}
    return receive_file(content=io.BytesIO(content), size=size, **facts)


def begin(size: int = len(CONTENT), **changes: Any) -> UploadedFile:
    facts: dict[str, Any] = {"name": "x.csv", "uploader": VISITOR, "via": UploadedFile.Via.TUS, **changes}
    return begin_upload(size=size, **facts)


def send(file: UploadedFile, content: bytes = CONTENT) -> None:
    with spool.SpoolFile(file.stored_as) as arriving:
        arriving.append(content)


def spooled() -> list[str]:
    return sorted(path.name for path in spool.folder().iterdir()) if spool.folder().is_dir() else []


def jobs_for(file: UploadedFile) -> int:
    return ProcrastinateJob.objects.filter(args__file_id=file.pk).count()


def test_received_file_waits_with_its_hash_and_bytes_and_one_job() -> None:
    file = receive()
    assert file.state == FileState.WAITING
    assert file.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert (file.size, file.received) == (len(CONTENT), len(CONTENT))
    with storage.local_path(file.stored_as) as path:
        assert path.read_bytes() == CONTENT
    assert jobs_for(file) == 1


def test_history_says_how_the_file_came_and_that_it_was_received() -> None:
    file = receive()
    assert list(file.events.values_list("state", "text")) == [("receiving", "by form"), ("waiting", "received")]
