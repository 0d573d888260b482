"""What users of other systems complain about: what becomes of a file as a whole. One test for each complaint."""

import csv
import io
import json
import resource
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.functions import Now
from django.test import Client
from pytest_django.fixtures import Settings

from tests.integration.conftest import Pipeline, data_tables, rows
from tests.integration.files.test_activation import in_threads
from uploads.models import UploadedFile
from uploads.services.files.activation import activate_file, deactivate_file, delete_file, replace_file
from uploads.services.files.receipts import describe_file
from uploads.services.loading.attempt import load_file
from uploads.services.loading.lease import claim_file
from uploads.services.receiving.sender import Sender
from uploads.services.receiving.uploads import receive_file
from uploads.services.rejects.groups import rejects_csv
from uploads.services.upkeep.sweep import sweep
from uploads.states import FileState
from uploads.store import stored_files

AREAS = "id;area\n1;North\n2;South\n"
MEBIBYTE = 2**20


def post(content: bytes, name: str = "x.csv") -> "tuple[int, dict[str, object]]":
    response = Client().post("/api/files", {"file": SimpleUploadedFile(name, content)})
    return response.status_code, json.loads(response.content)


def test_time_outs_on_large_files(pipeline: Pipeline) -> None:
    """django-import-export#301, #1160; mathesar#2250: the request that brings the bytes does not wait for the rows."""
    status, answer = post(b"id;b\n" + b"1;x\n" * 200_000)

    assert (status, answer["state"]) == (201, "waiting")
    assert data_tables() == set()
    assert pipeline.finish(int(str(answer["id"]))).rows_loaded == 200_000


def test_the_page_says_failed_while_the_load_goes_on_and_people_upload_again_and_get_it_twice(
    pipeline: Pipeline,
) -> None:
    """directus#22740, #24923."""
    first = pipeline.receive(AREAS)
    assert claim_file(file_id=first.pk, worker="one") is not None
    assert describe_file(file_id=first.pk).state is FileState.LOADING
    assert load_file(file_id=first.pk, reader=pipeline.reader) is None, "a second worker doesn't get it"
    UploadedFile.objects.filter(pk=first.pk).update(lease_until=Now() - timedelta(seconds=1))
    assert pipeline.finish(first.pk).state is FileState.ACTIVE

    again = pipeline.load(AREAS, again=False)
    assert (again.state, again.same_content_as) == (FileState.DUPLICATE, first.pk)
    assert rows("SELECT count(*) FROM data.table") == [(2,)]


def test_memory_blows_up(pipeline: Pipeline, tmp_path: Path, settings: Settings) -> None:
    """django-import-export#327, #1170; nocodb#3866: neither half of a load holds the file."""
    path = tmp_path / "large.csv"
    with path.open("w") as file:
        file.write("id;text\n")
        file.writelines(f"{n};{'words ' * 30}{n}\n" for n in range(600_000))
    assert path.stat().st_size > 100 * MEBIBYTE
    pipeline.load("a;b\n1;2\n", "warm.csv")
    settings.READER_MEMORY = 1_200 * MEBIBYTE
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with path.open("rb") as content:
        file_id = receive_file(
            content=content,
            size=path.stat().st_size,
            name=path.name,
            uploader=Sender(is_staff=True),
            via=UploadedFile.Via.COMMAND,
            activate=True,
        ).pk
    receipt = pipeline.finish(file_id)

    assert (receipt.state, receipt.rows_loaded) == (FileState.ACTIVE, 600_000)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1_024
    assert grown < path.stat().st_size


@pytest.mark.django_db
def test_hard_coded_or_undocumented_size_caps_and_a_bare_413(settings: Settings) -> None:
    """nocodb#5858, #8723; superset#32783."""
    settings.MAX_FILE_SIZE = 2 * MEBIBYTE
    status, answer = post(b"id;b\n" + b"1;x\n" * MEBIBYTE)

    error = answer["error"]
    assert isinstance(error, dict)
    assert (status, error["code"]) == (413, "file_too_large")
    assert "2 MB are allowed" in error["message"]
    assert error["hint"]
    assert not UploadedFile.objects.exists()
    example = (Path(__file__).parents[3] / ".env.example").read_text()
    assert "MAX_FILE_SIZE" in example


def test_a_failed_load_leaves_a_broken_table_exposed_or_the_old_data_gone(pipeline: Pipeline) -> None:
    """xloader#248."""
    pipeline.load(AREAS, "areas.csv", dataset="areas")
    before = data_tables()
    failed = pipeline.load("id;area\n" + "x;North\n" * 100, "broken.csv", dataset="areas")
    alone = pipeline.load(b"id;b\n1;\0\n", "alone.csv")

    assert (failed.state, alone.state) == (FileState.FAILED, FileState.FAILED)
    assert data_tables() == before
    assert rows("SELECT id, area FROM data.areas ORDER BY id") == [(1, "North"), (2, "South")]


def test_one_upload_cannot_be_taken_back_and_there_are_no_versions_of_re_uploads(pipeline: Pipeline) -> None:
    """metabase#32566, #33272."""
    first = pipeline.load(AREAS, "areas.csv", dataset="areas")
    second = pipeline.load("id;area\n1;West\n", "areas.csv", dataset="areas", activate=False)
    replace_file(old_ids=[first.file_id], new_id=second.file_id)
    assert rows("SELECT area FROM data.areas") == [("West",)]

    replace_file(old_ids=[second.file_id], new_id=first.file_id)
    assert rows("SELECT count(*) FROM data.areas") == [(2,)]
    deactivate_file(file_id=first.file_id)
    assert rows("SELECT count(*) FROM data.areas") == [(0,)]
    delete_file(file_id=first.file_id)
    activate_file(file_id=second.file_id)
    assert rows("SELECT area FROM data.areas") == [("West",)]


def test_no_append_and_what_a_file_lacks_blanks_columns(pipeline: Pipeline) -> None:
    """baserow#1814, #2307, #3746: files add up, and one without a column is refused, not filled with blanks."""
    pipeline.load(AREAS, "one.csv", dataset="areas")
    pipeline.load("AREA;id\nWest;3\n", "two.csv", dataset="areas")
    lacking = pipeline.load("id\n4\n", "three.csv", dataset="areas")

    assert rows("SELECT id, area FROM data.areas ORDER BY id") == [(1, "North"), (2, "South"), (3, "West")]
    assert lacking.error is not None
    assert lacking.error["code"] == "column_mismatch"
    assert "missing: “area”" in lacking.error["message"]


def test_a_status_that_never_changes_again(pipeline: Pipeline) -> None:
    """xloader#282; datasette-app#68: a worker that is gone gives its file up."""
    file = pipeline.receive(AREAS).pk
    assert claim_file(file_id=file, worker="gone") is not None
    UploadedFile.objects.filter(pk=file).update(lease_until=Now() - timedelta(seconds=1))

    assert sweep().lapsed == 1
    assert describe_file(file_id=file).state is FileState.WAITING
    assert pipeline.finish(file).state is FileState.ACTIVE


def test_a_temporary_file_is_lost_between_preview_and_confirm_on_several_nodes(pipeline: Pipeline) -> None:
    """django-import-export#130, #807: what was loaded and looked at is in the database, wherever it is confirmed."""
    previewed = pipeline.load(AREAS, activate=False)
    stored_files.delete(UploadedFile.objects.get(pk=previewed.file_id).stored_as)

    assert in_threads(lambda: activate_file(file_id=previewed.file_id)) == [None]
    assert rows("SELECT count(*) FROM data.table") == [(2,)]


def test_formula_injection_on_export(pipeline: Pipeline) -> None:
    """metabase#17335; baserow PR#5606."""
    sound = "".join(f"{n};x\n" for n in range(100))
    receipt = pipeline.load(f"id;note\n{sound}=cmd|' /C calc'!A0;@SUM(1+1);-5\n")

    text = b"".join(rejects_csv(load_id=receipt.loads[0].load_id)).decode("utf-8-sig")
    [_, reject] = csv.reader(io.StringIO(text, newline=""))
    assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in reject)
    assert any("=cmd" in cell for cell in reject)
