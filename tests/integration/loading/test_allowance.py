"""How much may become of one file, and wait of one sender."""

import io
import zipfile
from typing import Any

import pytest
from pytest_django import Settings

from tests.integration.conftest import Pipeline, data_tables
from uploads.models import UploadedFile
from uploads.services.files.activation import activate_file
from uploads.services.files.receipts import FileReceipt
from uploads.services.receiving.sender import Sender
from uploads.store import spool
from uploads.store.spool import DiskFull

THREE_ROWS = "a;b\n1;2\n3;4\n5;6\n"


def packed(*texts: str) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for number, text in enumerate(texts):
            archive.writestr(f"{number}.csv", text)
    return sink.getvalue()


def by_visitor(address: str = "2001:db8::1", **more: Any) -> dict[str, Any]:
    uploader = Sender(visitor="somebody", address=address)
    return {"uploader": uploader, "via": UploadedFile.Via.FORM, "activate": None, **more}


def code_of(receipt: FileReceipt) -> str:
    return UploadedFile.objects.get(pk=receipt.file_id).error_code


def test_file_with_more_rows_than_one_may_have_fails_and_leaves_nothing(pipeline: Pipeline, settings: Settings) -> None:
    settings.MAX_ROWS = 2
    assert code_of(pipeline.load(THREE_ROWS)) == "limit_exceeded"
    assert not data_tables()
    settings.MAX_ROWS = 3
    assert code_of(pipeline.load(THREE_ROWS)) == ""


def test_file_for_more_datasets_than_one_may_have_fails(pipeline: Pipeline, settings: Settings) -> None:
    settings.MAX_DATASETS_PER_FILE = 2
    alike = [f"a;b\n{number};2\n" for number in range(4)]
    assert code_of(pipeline.load(packed(*alike, "c;d\n1;2\n"), name="alike.zip")) == ""
    assert code_of(pipeline.load(packed(*alike, "c;d\n1;2\n", "e;f\n1;2\n"), name="more.zip")) == "limit_exceeded"


@pytest.mark.parametrize(
    ("name", "most"), [("MAX_ROWS_WAITING_PER_ADDRESS", 5), ("MAX_DATASETS_WAITING_PER_ADDRESS", 1)]
)
def test_what_visitors_of_one_network_have_waiting_is_limited(
    pipeline: Pipeline, settings: Settings, name: str, most: int
) -> None:
    setattr(settings, name, most)
    first = pipeline.load(THREE_ROWS, **by_visitor())
    assert code_of(first) == ""
    another = "c;d\n1;2\n3;4\n5;6\n"
    refused = pipeline.load(another, **by_visitor("2001:db8::2"))
    assert code_of(refused) == "limit_exceeded"
    assert "from your network wait to be looked at" in UploadedFile.objects.get(pk=refused.file_id).error_message
    assert code_of(pipeline.load(another, **by_visitor("2001:db8:0:1::1"))) == ""
    assert code_of(pipeline.load(another)) == "", "staff look at what waits, theirs does not"
    activate_file(file_id=first.file_id)
    assert code_of(pipeline.load(another, **by_visitor("2001:db8::2"))) == ""


def test_uploads_leave_room_on_the_disk(data_schema: None, settings: Settings, tmp_path: Any) -> None:
    settings.VAR_DIR = tmp_path
    spool.create("ab/begun", size=1)
    settings.MIN_FREE_DISK = 2**62
    with pytest.raises(DiskFull, match="no room left"):
        spool.create("ab/new", size=0)
    with spool.SpoolFile("ab/begun") as begun:
        with pytest.raises(DiskFull):
            begun.append(b"x")
        assert begun.size == 0
