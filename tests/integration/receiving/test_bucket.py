"""Stored files in a bucket, by a real S3 server: what is sent is loaded from there, and gone when deleted."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models.functions import Now
from pytest_django import Settings

from tests.integration.conftest import Pipeline, rows
from tests.integration.tus.client import create, patch
from tests.waiting import GIVE_UP_SECONDS, wait_until
from uploader_project.environment.buckets import bucket_storage
from uploads.models import UploadedFile
from uploads.services.files.activation import delete_file
from uploads.services.files.deletion import purge_deleted_files
from uploads.services.loading.attempt import load_file
from uploads.services.receiving.expiry import expire_uploads
from uploads.states import FileState
from uploads.store import stored_files

TABLE = "code;price\nA1;1\nB2;2\n"


@pytest.fixture
def bucket(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """The folder in which the server keeps the objects of the bucket."""
    folder = tmp_path / "tables"
    folder.mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = shutil.which("rclone", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
    assert program, "rclone comes with tests/requirements.txt"
    command = [program, "serve", "s3", str(tmp_path), "--addr", f"127.0.0.1:{port}", "--auth-key", "key,secret"]
    environment = {**os.environ, "RCLONE_CONFIG": str(tmp_path / "none")}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: is_open(port) or process.poll() is not None)
        storage = bucket_storage(
            bucket="tables", endpoint=f"http://127.0.0.1:{port}", access_key="key", secret_key="secret"
        )
        settings.STORAGES = {**settings.STORAGES, "default": storage}
        yield folder
    finally:
        process.terminate()
        process.wait(GIVE_UP_SECONDS)


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def objects(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def test_file_is_kept_in_the_bucket_loaded_from_it_and_gone_when_deleted(bucket: Path, pipeline: Pipeline) -> None:
    receipt = pipeline.load(TABLE, dataset="prices")
    assert receipt.state is FileState.ACTIVE
    assert rows("SELECT code, price FROM data.prices ORDER BY 1") == [("A1", 1), ("B2", 2)]
    assert objects(bucket) == [TABLE.encode()]
    name = UploadedFile.objects.get().stored_as
    assert b"".join(stored_files.read_range(name, 5, 10)) == b"price"
    delete_file(file_id=receipt.file_id)
    assert objects(bucket) == []

    lost = pipeline.receive(TABLE)
    stored_files.delete(UploadedFile.objects.get(pk=lost.pk).stored_as)
    failed = pipeline.finish(lost.pk)
    assert failed.error is not None
    assert failed.error["code"] == "bytes_missing"


def test_bucket_that_does_not_answer_takes_and_gives_the_bytes_later(
    pipeline: Pipeline, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of boto3 ended the thread that sweeps for good, and failed whatever file was loaded then."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    away = bucket_storage(bucket="tables", endpoint="http://127.0.0.1:1", access_key="key", secret_key="secret")
    answering = settings.STORAGES

    settings.STORAGES = {**answering, "default": away}
    location = create(len(TABLE), dataset="prices")
    answer = patch(location, 0, TABLE.encode())
    assert (answer.status, answer.code) == (503, "store_away")
    UploadedFile.objects.update(expires_at=Now() + timedelta(hours=1))
    assert expire_uploads() == 0

    settings.STORAGES = answering
    assert expire_uploads() == 1
    file_id = UploadedFile.objects.get().pk

    settings.STORAGES = {**answering, "default": away}
    assert load_file(file_id=file_id, reader=pipeline.reader) is FileState.WAITING

    settings.STORAGES = answering
    assert pipeline.finish(file_id).state is FileState.LOADED

    settings.STORAGES = {**answering, "default": away}
    delete_file(file_id=file_id)
    assert purge_deleted_files() == 0
    settings.STORAGES = answering
    assert purge_deleted_files() == 1
    assert UploadedFile.objects.get().stored_as == ""
