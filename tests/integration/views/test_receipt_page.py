"""The page of a receipt: what it shows to whom, and what it costs in queries."""

import html
import re

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncClient, Client
from django.utils import timezone

from tests.integration.conftest import Pipeline
from tests.integration.views.pages import TABLE, receipt_url, staff
from uploads.models import Load
from uploads.services.files.activation import delete_file
from uploads.services.files.receipts import FileReceipt


class TestReceiptPage:
    def test_every_line_is_accounted_for(self, pipeline: Pipeline) -> None:
        receipt = pipeline.load("id;price\n" + "".join(f"{n};{n}\n" for n in range(2, 102)) + "\n9;9;9\n")
        answer = Client().get(receipt_url(receipt)).text
        counts = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", answer))
        assert counts == {
            "above header": "0",
            "header": "1",
            "loaded": "100",
            "rejected": "1",
            "blank": "1",
            "below table": "0",
            "in all": "103",
        }
        assert "3 cells instead of 2" in answer
        assert "line 103" in answer

    def test_each_table_of_a_file_has_a_title(self, pipeline: Pipeline) -> None:
        receipt = pipeline.load("id;name\n1;a\n2;b\n3;c\n\nday;price;qty\n2024-01-01;5;6\n2024-01-02;7;8\n")
        answer = Client().get(receipt_url(receipt)).text
        assert re.findall(r"<summary><h3>(.*?)</h3>", answer) == ["lines 1 to 5", "lines 6 to 8"]

    def test_types_come_with_their_evidence(self, pipeline: Pipeline) -> None:
        receipt = pipeline.load("Area Code;n\n007;1\n008;2\n")
        answer = Client().get(receipt_url(receipt)).text
        [label, name, kind, why] = re.findall(
            r"<tr><th[^>]*>(.*?)</th><td>(.*?)</td><td>(.*?)</td><td[^>]*>(.*?)</td>", answer
        )[0]
        assert label == "Area Code"
        assert "area_code" in name
        assert "text" in kind
        assert "007" in why

    def test_markup_from_a_file_is_escaped(self, pipeline: Pipeline) -> None:
        evil = "<script>alert(1)</script>"
        receipt = pipeline.load(f"a;{evil}\n1;{evil}\n", name=f"{evil}.csv")
        answer = Client().get(receipt_url(receipt)).text
        assert evil not in answer
        assert "&lt;script&gt;" in answer

    def test_failed_file_says_what_to_do(self, pipeline: Pipeline) -> None:
        receipt = pipeline.load(b"\x89PNG\r\n\x1a\n" + bytes(500), name="x.csv")
        answer = Client().get(receipt_url(receipt)).text
        assert "It could not be loaded" in answer
        assert receipt.error is not None
        assert receipt.error["hint"] in answer

    @pytest.mark.parametrize(("content", "size"), [(b"a", "1 byte."), (b"ab", "2 bytes.")])
    def test_size_is_said_in_one_byte_and_in_several(self, pipeline: Pipeline, content: bytes, size: str) -> None:
        assert f">{size}" in Client().get(receipt_url(pipeline.load(content, name="x.csv"))).text

    def test_loaded_file_tells_a_visitor_that_it_waits_for_staff(self, pipeline: Pipeline) -> None:
        receipt = pipeline.load(TABLE, activate=False)
        assert "Until they activate it, only staff see its rows; from then" in Client().get(receipt_url(receipt)).text

    def test_only_staff_with_the_permission_is_offered_the_acts(self, pipeline: Pipeline) -> None:
        receipt = pipeline.load(TABLE)
        assert 'data-buttons="[]"' in Client().get(receipt_url(receipt)).text
        answer = html.unescape(staff("activate_uploadedfile").get(receipt_url(receipt)).text)
        assert 'data-buttons="[{"act": "deactivate", "label": "Deactivate 2 rows", "files": []}]"' in answer

    def test_duplicate_is_linked_for_those_who_may_see_the_first(self, pipeline: Pipeline) -> None:
        first = pipeline.load(TABLE)
        second = pipeline.load(TABLE)
        answer = staff("view_uploadedfile").get(receipt_url(second)).text
        assert f'<a href="{receipt_url(first)}">file {first.file_id}</a>' in answer
        stranger = Client().get(receipt_url(second)).text
        assert f"The same content as file {first.file_id}." in stranger
        assert first.token not in stranger

    def test_deleted_file_keeps_its_record(self, pipeline: Pipeline) -> None:
        receipt = pipeline.load(TABLE)
        delete_file(file_id=receipt.file_id)
        answer = Client().get(receipt_url(receipt)).text
        assert "This file was deleted" in answer
        assert receipt.sha256 in answer

    @pytest.mark.django_db
    @pytest.mark.parametrize("token", ["nothing", "%00", "a/b", "..%2F"])
    def test_guessed_address_is_not_found(self, token: str) -> None:
        assert Client().get(f"/receipts/{token}/").status_code == 404

    def test_rejects_of_another_file_are_not_given_out(self, pipeline: Pipeline) -> None:
        mine, other = pipeline.load(TABLE), pipeline.load("a;b\n1;2\n")
        address = f"{receipt_url(mine)}rejects/{other.loads[0].load_id}.csv"
        assert Client().get(address).status_code == 404

    async def test_rejects_are_streamed_under_asgi(self, rejected: FileReceipt) -> None:
        response = await AsyncClient().get(f"{receipt_url(rejected)}rejects/{rejected.loads[0].load_id}.csv")
        body = b"".join([chunk async for chunk in response.streaming_content])  # type: ignore[attr-defined]
        await sync_to_async(connections.close_all)()  # those of the thread that made it; a server closes them
        assert body.decode("utf-8-sig").splitlines()[1].startswith("102,")
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"


@pytest.fixture
def rejected(pipeline: Pipeline) -> FileReceipt:
    """A file with one short row, on line 102."""
    return pipeline.load("a;b\n" + "1;2\n" * 100 + "3\n")


def test_receipt_of_a_file_that_is_being_read_counts_nothing_before_it_is_counted(pipeline: Pipeline) -> None:
    file = pipeline.receive("a;b\n1;2\n")
    begun = {
        "position": 1,
        "fence": 1,
        "format": "csv",
        "delimiter": ";",
        "header_row": 1,
        "started_at": timezone.now(),
    }
    load = Load.objects.create(file=file, **begun)

    def page() -> str:
        return Client().get(f"/receipts/{file.token}/").content.decode()

    assert "What became of each line" not in page()
    assert "0 columns" not in page()
    load.columns = [{"name": "a", "label": "a", "type": "bigint", "evidence": ""}]
    load.save()
    assert "What became of each line" in page()


def test_receipt_of_a_file_without_a_table_still_says_what_became_of_its_lines(pipeline: Pipeline) -> None:
    receipt = pipeline.load("a;b\n1;2\n")
    Load.objects.filter(file=receipt.file_id).update(columns=[])
    assert "What became of each line" in Client().get(f"/receipts/{receipt.token}/").content.decode()
