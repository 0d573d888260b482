"""What an upload asks of the database: few questions, and sessions that are left as they were found."""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.handlers.asgi import ASGIRequest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from tests.integration.staff import bearer
from tests.integration.traces import Traces, traces
from tests.integration.tus.client import OFFSET_TYPE, create, head, metadata, patch, scope_of, tus
from uploads.models import UploadedFile
from uploads.services.receiving.quotas import check_quotas
from uploads.states import FileState
from uploads.store.spool import SpoolFile
from uploads.tus import records

pytestmark = pytest.mark.django_db(transaction=True)
CONTENT = b"a;b\n1;2\n"


@pytest.fixture(autouse=True)
def empty_spool(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Traces]]:
    """What each of the sessions was found to have that were said to be left as they were found."""
    found: list[Traces] = []
    monkeypatch.setattr(records, "leave_as_found", lambda: found.append(traces()))
    yield found
    connection.close()


def test_no_verb_leaves_a_trace_in_a_session(left: list[Traces]) -> None:
    connection.close()
    new = traces()
    connection.close()
    location = create(len(CONTENT))
    assert head(location).offset == 0
    assert patch(location, 0, CONTENT[:4]).status == 204
    assert patch(location, 4, CONTENT[4:]).status == 204
    assert tus("DELETE", create(3)).status == 204
    whole = {"Upload-Length": "4", "Content-Type": OFFSET_TYPE, "Upload-Metadata": metadata(filename="x.csv")}
    assert tus("POST", headers=whole, body=CONTENT[:4]).status == 201
    part = tus("POST", headers={"Upload-Concat": "partial", "Upload-Length": "4"})
    assert patch(part.location, 0, CONTENT[:4]).status == 204
    assert tus("POST", headers={"Upload-Concat": f"final;{part.location}"}).status == 201
    assert left.count(new) == len(left) > 10


def test_upload_takes_few_questions(admin_user: User, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    """They are most of what a small file costs: with a creation, a PATCH and its end they were 18."""
    request = _request(bearer(admin_user, "upload"))
    records.create_upload(request, len(CONTENT), {})  # the token's use is noted once a minute
    with django_assert_max_num_queries(7):
        location = records.create_upload(request, len(CONTENT), {}).token
    with django_assert_max_num_queries(7):  # a visitor's is counted against the quotas
        records.create_upload(_request({}), len(CONTENT), {})
    with django_assert_max_num_queries(2):
        upload = records.find_upload(request, location)
    with SpoolFile(upload.stored_as) as arriving:
        arriving.append(CONTENT)
    with django_assert_max_num_queries(5):
        records.finish(upload, hashlib.sha256(CONTENT).hexdigest())
    assert UploadedFile.objects.get(token=location).state == FileState.WAITING


def _request(headers: dict[str, str]) -> ASGIRequest:
    return ASGIRequest(scope_of("POST", "/files/", headers), io.BytesIO())


def test_questions_of_an_upload_are_worded_once(admin_user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks, which upload is meant, whether a visitor may begin one: to word these took a third of its computing."""
    request = _request(bearer(admin_user, "upload"))
    token = records.create_upload(request, len(CONTENT), {}).token
    records.find_upload(request, token)
    with transaction.atomic():
        check_quotas(size=1, address="127.0.0.1")
    monkeypatch.setattr("django.db.models.sql.compiler.SQLCompiler.as_sql", None)
    assert records.find_upload(request, token).token == token
    with transaction.atomic():
        check_quotas(size=1, address="192.0.2.1")
