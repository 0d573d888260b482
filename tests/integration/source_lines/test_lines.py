"""A line of a file from its stored bytes: plain, packed, in an archive, in any encoding, and where there is none."""

import bz2
import gzip
import io
import re
import zipfile
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from tests.integration.conftest import Pipeline
from uploads.models import FirstRows, LineOffsets, RejectedRow, UploadedFile
from uploads.services.errors import LineNotFound, LinesUnread, NotAllowed
from uploads.services.files.activation import activate_file, deactivate_file, delete_file
from uploads.services.files.receipts import FileReceipt
from uploads.services.receiving.sender import Sender
from uploads.services.source_lines import around
from uploads.services.source_lines.around import LinesAround, find_lines
from uploads.services.visibility import OPERATOR, Viewer
from uploads.store import stored_files
from uploads.tabular.errors import LineOutOfReach
from uploads.tabular.line_index import LineIndex
from uploads.tabular.source_lines import opening

TEXT = "code;price\n" + "".join(f"A{number};{number}\n" for number in range(2, 60))
LARGE = "code;words\n" + "".join(f"A{number};{'many words ' * 10}{number}\n" for number in range(2, 30_001))


def look(file: FileReceipt, line: int, *, table: int = 0, near: int = 1) -> LinesAround:
    load_id = file.loads[table].load_id
    return find_lines(file_id=file.file_id, load_id=load_id, line=line, viewer=OPERATOR, around=near)


def texts(found: LinesAround) -> list[tuple[int, str]]:
    return [(line.number, line.text) for line in found.lines]


def zipped(**members: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.csv", text)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (TEXT.encode(), "prices.csv"),
        (TEXT.encode("utf-16"), "prices.csv"),
        (gzip.compress(TEXT.encode()), "prices.csv.gz"),
        (bz2.compress(TEXT.encode()), "prices.csv.bz2"),
        (zipped(prices=TEXT), "prices.zip"),
    ],
)
def test_line_is_found_however_the_text_is_stored(pipeline: Pipeline, content: bytes, name: str) -> None:
    found = look(pipeline.load(content, name, activate=False), 17)
    assert texts(found) == [(16, "A16;16"), (17, "A17;17"), (18, "A18;18")]
    assert (found.total, found.has_more) == (59, True)


def test_each_member_of_an_archive_has_lines_of_its_own(pipeline: Pipeline) -> None:
    file = pipeline.load(zipped(may="a;b\n1;2\n3;4\n", june="a;b\n5;6\n7;8\n"), "both.zip", activate=False)
    found = {load.source: texts(look(file, 3, table=place, near=0)) for place, load in enumerate(file.loads)}
    assert found == {"may.csv": [(3, "3;4")], "june.csv": [(3, "7;8")]}


def test_second_table_of_a_text_has_the_lines_of_the_file(pipeline: Pipeline) -> None:
    above, below = "place,sheep,deer\nNorth,1,2\nSouth,3,4\n", "name,age\nAnn,5\nBob,6\nCid,7\n"
    file = pipeline.load(f"{above}\n{below}", activate=False)
    assert len(file.loads) == 2
    assert texts(look(file, 6, table=1, near=0)) == [(6, "Ann,5")]


@pytest.mark.parametrize("is_packed", [False, True])
def test_records_that_end_with_a_separator_are_lines(pipeline: Pipeline, is_packed: bool) -> None:
    text = TEXT.replace(";", "\x1f").replace("A17", "A17\x1f\x1f").replace("\n", "\x1e").encode() + b"\n"
    content, name = (gzip.compress(text), "prices.csv.gz") if is_packed else (text, "prices.csv")
    file = pipeline.load(content, name, activate=False)
    assert [reject.row for reject in RejectedRow.objects.filter(load=file.loads[0].load_id)] == [17]
    assert texts(look(file, 17)) == [(16, "A16\x1f16"), (17, "A17\x1f\x1f\x1f17"), (18, "A18\x1f18")]
    # the same without what the load learned of their places
    LineOffsets.objects.all().delete()
    assert texts(look(file, 59, near=0)) == [(59, "A59\x1f59")]


def test_separators_in_cells_end_no_line_though_they_end_those_of_another_member(pipeline: Pipeline) -> None:
    inside, ended = TEXT.replace("A17", "A\x1e17"), TEXT.replace(";", "\x1f").replace("\n", "\x1e")
    file = pipeline.load(zipped(inside=inside, ended=ended), "both.zip", activate=False)
    found = {load.source: texts(look(file, 17, table=place, near=0)) for place, load in enumerate(file.loads)}
    assert found == {"inside.csv": [(17, "A\x1e17;17")], "ended.csv": [(17, "A17\x1f17")]}


def test_load_keeps_an_index_that_leads_to_the_line(pipeline: Pipeline) -> None:
    file = pipeline.load(LARGE, activate=False)
    kept = LineIndex.from_bytes(bytes(LineOffsets.objects.get(load=file.loads[0].load_id).marks))
    assert kept.size == len(LARGE)
    assert len(kept.offsets) > 1
    assert texts(look(file, 29_000, near=0))[0][1].startswith("A29000;")
    # the same text without it: what is counted on the way is kept for the next look
    LineOffsets.objects.all().delete()
    assert texts(look(file, 29_000, near=0))[0][1].startswith("A29000;")
    assert LineOffsets.objects.filter(load=file.loads[0].load_id).exists()


def test_text_without_an_index_is_counted_by_and_by(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    file = pipeline.load(LARGE * 2, activate=False, options={"one_table": True})
    LineOffsets.objects.all().delete()
    monkeypatch.setattr(opening, "PLAIN_BYTES", 3 * 2**20)
    with pytest.raises(LinesUnread):
        look(file, 55_000)
    tries = 0
    while True:
        try:
            found = look(file, 55_000, near=0)
        except LinesUnread:
            tries += 1
            assert tries < 5
            continue
        break
    assert found.lines[0].text.startswith("A25000;")


def test_line_beyond_the_end_is_told_with_how_many_there_are(pipeline: Pipeline) -> None:
    file = pipeline.load(TEXT, activate=False)
    with pytest.raises(LineNotFound, match="has 59 lines, so there is no line 60"):
        look(file, 60)
    with pytest.raises(LineNotFound):
        look(file, 10**17)


def workbook() -> bytes:
    """Thirty rows, of which the one in sheet row 20 is rejected."""
    book, packed = Workbook(), io.BytesIO()
    book.active.append(["code", "price", "day"])
    for number in range(2, 32):
        book.active.append([f"A{number}", number if number != 20 else "<none>", date(2024, 5, number % 28 + 1)])
    book.save(packed)
    return packed.getvalue()


def test_row_of_a_workbook_stands_among_those_around_it(
    pipeline: Pipeline, admin_client: Client, client: Client
) -> None:
    pipeline.load("code;price;day\nB1;1;2024-01-01\nB2;2;2024-01-02\n", "table.csv", dataset="prices")
    file = pipeline.load(workbook(), "book.xlsx", activate=False, dataset="prices")
    with pytest.raises(LineNotFound, match="don't stand in lines"):
        look(file, 2)
    status, text = page(admin_client, file, "20")
    assert status == 200
    shown = re.findall(r'<tr( class="wanted")?[^>]*><td class="origin number">(\d+)</td>', text)
    assert shown == [(' class="wanted"' * (number == 20), str(number)) for number in range(10, 31)]
    assert "&lt;none&gt;" in text
    assert page(admin_client, file, "99")[0] == 404
    assert page(client, file, "20")[0] == 401
    rejects = admin_client.get(reverse("reject_list", args=[file.token, file.loads[0].load_id])).content.decode()
    assert "?line=20#line" in rejects


def test_line_deep_in_what_is_packed_is_out_of_reach(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    file = pipeline.load(gzip.compress(LARGE.encode()), "large.csv.gz", activate=False)
    monkeypatch.setattr(opening, "UNPACKED_BYTES", 2**20)
    assert texts(look(file, 2_000, near=0))[0][1].startswith("A2000;")
    with pytest.raises(LineOutOfReach):
        look(file, 29_000)


def test_lines_of_a_deleted_file_are_gone(pipeline: Pipeline) -> None:
    file = pipeline.load(LARGE)
    deactivate_file(file_id=file.file_id)
    delete_file(file_id=file.file_id)
    with pytest.raises(stored_files.BytesMissing, match="was deleted"):
        look(file, 2)
    assert not LineOffsets.objects.exists()
    assert not FirstRows.objects.exists()


def test_bytes_that_are_not_there_are_told(pipeline: Pipeline) -> None:
    file = pipeline.load(TEXT, activate=False)
    stored_files.delete(UploadedFile.objects.get(pk=file.file_id).stored_as)
    with pytest.raises(stored_files.BytesMissing):
        look(file, 2)


def test_lines_are_for_the_sender_and_staff(pipeline: Pipeline) -> None:
    """Also of an active file, whose rows everybody reads; and the token of what somebody sent speaks for nobody."""
    file = pipeline.load(TEXT, via=UploadedFile.Via.FORM, uploader=Sender(visitor="ana"), activate=False)
    activate_file(file_id=file.file_id)

    def found(viewer: Viewer, *, holds: bool = False) -> list[tuple[int, str]]:
        load_id = file.loads[0].load_id
        return texts(find_lines(file_id=file.file_id, load_id=load_id, line=2, viewer=viewer, holds=holds, around=0))

    assert found(Viewer(visitor="ana")) == [(2, "A2;2")]
    for viewer, holds in ((Viewer(), False), (Viewer(), True), (Viewer(visitor="ben"), True)):
        with pytest.raises(NotAllowed):
            found(viewer, holds=holds)


def test_other_lines_of_what_is_packed_wait(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    file = pipeline.load(gzip.compress(TEXT.encode()), "prices.csv.gz", activate=False)
    monkeypatch.setattr(around, "_WAIT_SECONDS", 0)
    with around._unpacking, pytest.raises(LinesUnread):
        look(file, 2)


def page(client: Client, file: FileReceipt, line: str) -> tuple[int, str]:
    address = reverse("source-lines", args=[file.token, file.loads[0].load_id])
    answer = client.get(address, {"line": line})
    return answer.status_code, answer.content.decode()


def test_letters_that_run_leftward_stand_by_themselves(pipeline: Pipeline, admin_client: Client) -> None:
    """Else what stands around them in the line would change places."""
    file = pipeline.load("a;b;c\n1;مرحبا بالعالم;2\n3;שלום;4\n", activate=False)
    _, text = page(admin_client, file, "2")
    assert '<td dir="ltr">1;<bdi>مرحبا بالعالم</bdi>;2</td>' in text


def test_page_shows_the_line_marked_and_escaped(pipeline: Pipeline, admin_client: Client) -> None:
    hostile = "code;word\nA;<script>x</script>\t \nB;\x00\ufeff\u202e\nC;x\n"
    file = pipeline.load(hostile, activate=False)
    status, text = page(admin_client, file, "2")
    assert status == 200
    assert "<script>x" not in text
    assert "&lt;script&gt;x&lt;/script&gt;<span" in text
    assert 'class="wanted" id="line" aria-current="true"><th scope="row">2</th>' in text
    for mark in (">NUL<", ">BOM<", ">U+202E<", "1 space at the end"):
        assert mark in text


@pytest.mark.parametrize(
    ("line", "status", "words"),
    [
        ("5", 404, "has 4 lines, so there is no line 5"),
        ("0", 404, "counted from 1"),
        ("x<y", 404, "That is not a number"),
        ("9" * 40, 404, "That is not a number"),
        ("1,0", 404, "there is no line 10"),
    ],
)
def test_page_says_why_there_is_no_such_line(
    pipeline: Pipeline, admin_client: Client, line: str, status: int, words: str
) -> None:
    file = pipeline.load("a;b\n1;2\n3;4\n5;6\n", activate=False)
    assert (found := page(admin_client, file, line))[0] == status
    assert words in found[1]
    assert "Go to line" in found[1]


def test_api_gives_the_lines_to_staff_and_to_whoever_holds_the_receipt(
    pipeline: Pipeline, admin_client: Client, client: Client
) -> None:
    content = "name;b\nMüller;\nx;4\n".encode("cp1252") + b"\xff;\x81\n"
    said = {"encoding": "cp1252"}
    file = pipeline.load(content, activate=False, via="api", uploader=Sender(), options=said)
    answer = admin_client.get(f"/api/files/{file.file_id}/lines", {"line": 2, "around": 1})
    assert answer.status_code == 200
    assert answer.json()["lines"][1] == {"line": 2, "text": "Müller;", "bytes": 7, "is_cut": False}
    by_token = client.get(f"/api/receipts/{file.token}/lines", {"line": 4, "around": 0})
    assert by_token.status_code == 200
    assert by_token.json()["lines"][0]["text"].endswith(";\\x81")
    assert client.get(f"/api/receipts/{file.token}/lines", {"line": 9}).json()["error"]["code"] == "line_not_found"


def test_rejected_rows_lead_to_their_lines_for_whoever_may_see_them(
    pipeline: Pipeline, admin_client: Client, client: Client
) -> None:
    rows = "".join(f"A{number};{number}\n" for number in range(2, 60))
    file = pipeline.load(f"code;price\n{rows}A60;1;2\n", activate=False)
    load = file.loads[0].load_id
    link = f'href="{reverse("source-lines", args=[file.token, load])}?line='
    pages = [reverse("receipt", args=[file.token]), reverse("reject_list", args=[file.token, load])]
    for address in pages:
        assert f"{link}60#line" in admin_client.get(address).content.decode()
        assert link not in client.get(address).content.decode()
    assert link in admin_client.get(reverse("admin:uploads_load_change", args=[load])).content.decode()


def test_grid_leads_from_a_row_to_its_line_and_names_the_row(
    pipeline: Pipeline, admin_client: Client, client: Client
) -> None:
    file = pipeline.load(TEXT)
    address = reverse("dataset", args=["table"])
    to_line = f'href="{reverse("source-lines", args=[file.token, file.loads[0].load_id])}?line=17#line"'
    to_row = f'?_file={file.file_id}&amp;_row=17"'
    staff, reader = (each.get(address).content.decode() for each in (admin_client, client))
    assert to_line in staff
    assert to_row in staff
    assert "/lines/" not in reader
    assert to_row in reader
    one = client.get(address, {"_file": file.file_id, "_row": 17}).content.decode()
    assert "A17" in one
    assert "A16" not in one
