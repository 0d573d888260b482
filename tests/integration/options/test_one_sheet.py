"""What is asked of one sheet or member among several is answered for it alone, and the others stay as they are."""

import html
import io
import json
import re
import shlex
import zipfile
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.test import Client

from tests.integration.conftest import Pipeline
from tests.integration.options.test_layout_questions import ABOVE, KEEPING, TWO_HEADERS, questions_on
from tests.integration.options.test_rows_left_out import UNITS, offer_of
from tests.integration.staff import EVERY_ACT, make_user
from uploads.models import Dataset, UploadedFile

PLAIN = "name,size\nA,1\nB,2\nC,3\nD,4\n"
QUOTED = "Q1, 2024"


@pytest.fixture
def staff(db: None, client: Client) -> Client:
    client.force_login(make_user("staff", *EVERY_ACT, "change_dataset", "view_dataset"))
    return client


def workbook(**sheets: str) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book["Sheet"])
    for name, text in sheets.items():
        sheet = book.create_sheet(name.replace("_", ", ") if name.startswith("Q1") else name)
        for line in text.splitlines():
            sheet.append([int(cell) if cell.isdigit() else cell or None for cell in line.split(",")])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def archive(**members: bytes | str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, text in members.items():
            package.writestr(name.replace("_", "."), text)
    return content.getvalue()


def rows_of(receipt: Any) -> dict[str, tuple[int | None, int]]:
    return {load.source: (load.header_row, load.loaded) for load in receipt.loads}


def again(pipeline: Pipeline, file_id: int) -> Any:
    newest = UploadedFile.objects.filter(version_of=file_id).latest("pk")
    return pipeline.finish(newest.pk)


def test_one_click_reads_one_sheet_so_and_a_second_click_the_other(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(workbook(Plain=PLAIN, First=ABOVE, Q1_2024=ABOVE), "three.xlsx")
    assert rows_of(old) == {"Plain": (1, 4), "First": (6, 5), QUOTED: (6, 5)}
    page = staff.get(f"/receipts/{old.token}/").text
    first, _ = questions_on(page)
    assert first[0].startswith("<strong>Sheet First:</strong> Rows 1 to 4 are taken for notes above the table")
    [(fields, button), (both, _)] = first[1]
    assert button == "Read rows 1 to 4 instead"
    assert both == {"dataset": "", "table_rows": "First!6"}
    assert fields == {"dataset": "", "header_row": "First!1", "skip_rows": "First!5-11"}

    staff.post(f"/receipts/{old.token}/read-again/", fields)
    new = again(pipeline, old.file_id)
    assert rows_of(new) == {"Plain": (1, 4), "First": (1, 3), QUOTED: (6, 5)}
    assert [sentence for load in new.loads for sentence in load.sentences if "options given" in sentence] == [
        "Read with the options given for this file: header row 1, rows 5-11 left out."
    ]
    assert {load.source: [entry["value"] for entry in load.applied_options] for load in new.loads} == {
        "Plain": [],
        "First": [1, "5-11"],
        QUOTED: [],
    }
    [(doubt, [(fields, _), _])] = questions_on(staff.get(f"/receipts/{new.token}/").text)
    assert doubt.startswith(f"<strong>Sheet {QUOTED}:</strong>")
    fields = {name: html.unescape(value) for name, value in fields.items()}
    assert fields["header_row"] == "First!1, 'Q1, 2024'!1"

    staff.post(f"/receipts/{new.token}/read-again/", fields)
    last = again(pipeline, old.file_id)
    assert rows_of(last) == {"Plain": (1, 4), "First": (1, 3), QUOTED: (1, 3)}
    assert questions_on(staff.get(f"/receipts/{last.token}/").text) == []


def test_other_options_said_later_leave_it_as_it_is(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(
        workbook(Plain=PLAIN, First=ABOVE), "two.xlsx", options={"header_row": "First!1", "skip_rows": "First!5-11"}
    )
    assert rows_of(old) == {"Plain": (1, 4), "First": (1, 3)}
    form = staff.get(f"/receipts/{old.token}/read-again/").text
    assert 'name="header_row" value="First!1"' in form
    staff.post(f"/api/files/{old.file_id}/read-again", {"all_text": True}, content_type="application/json")
    new = again(pipeline, old.file_id)
    assert rows_of(new) == {"Plain": (1, 4), "First": (1, 3)}
    assert new.options["header_row"] == "First!1"


def test_a_member_of_a_zip_is_read_so_alone(pipeline: Pipeline, staff: Client) -> None:
    content = archive(jan_csv=TWO_HEADERS, feb_csv=TWO_HEADERS.replace("a,b,c", "k,l,m"), book_xlsx=workbook(S=ABOVE))
    old = pipeline.load(content, "all.zip")
    assert rows_of(old) == {"jan.csv": (1, 3), "feb.csv": (1, 3), "book.xlsx/S": (6, 5)}
    answers = {
        doubt.split("</strong>")[0]: ways for doubt, ways in questions_on(staff.get(f"/receipts/{old.token}/").text)
    }
    assert len(answers) == 3
    [(fields, _)] = answers["<strong>feb.csv:"]
    assert fields == {"dataset": "", "header_row": "feb.csv!2"}
    staff.post(f"/receipts/{old.token}/read-again/", fields)
    new = again(pipeline, old.file_id)
    assert rows_of(new) == {"jan.csv": (1, 3), "feb.csv": (2, 3), "book.xlsx/S": (6, 5)}
    fields = dict(questions_on(staff.get(f"/receipts/{new.token}/").text)[-1][1][0][0])
    assert fields["header_row"] == "feb.csv!2, book.xlsx/S!1"
    staff.post(f"/receipts/{new.token}/read-again/", fields)
    assert rows_of(again(pipeline, old.file_id)) == {"jan.csv": (1, 3), "feb.csv": (2, 3), "book.xlsx/S": (1, 3)}


def test_encoding_of_one_member_leaves_the_others(pipeline: Pipeline) -> None:
    text = "name;n\nKöln;1\nMünchen;2\n"
    content = archive(utf_csv=text.encode(), dos_csv=text.replace("name", "city").encode("cp850"))
    receipt = pipeline.load(content, "two.zip", options={"encoding": "dos.csv!cp850"})
    assert {load.source: load.encoding for load in receipt.loads} == {"utf.csv": "utf-8", "dos.csv": "cp850"}


def test_the_only_sheet_needs_no_name(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(workbook(First=ABOVE), "one.xlsx")
    [(_, [(fields, _), _])] = questions_on(staff.get(f"/receipts/{old.token}/").text)
    assert fields["header_row"] == "1"


def test_a_sheet_without_rows_beside_it_is_left_as_it_is(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(workbook(First=ABOVE, Empty="only,names\n"), "names.xlsx")
    [(_, [(fields, _), _])] = questions_on(staff.get(f"/receipts/{old.token}/").text)
    assert fields["header_row"] == "First!1"
    staff.post(f"/receipts/{old.token}/read-again/", fields)
    assert rows_of(again(pipeline, old.file_id)) == {"First": (1, 3)}


@pytest.mark.parametrize(
    ("content", "name", "said", "words"),
    [
        (workbook(Plain=PLAIN, First=ABOVE), "two.xlsx", "Frist!1", "two.xlsx has no “Frist”"),
        (PLAIN, "plain.csv", "Sheet2!1", "plain.csv has neither sheets nor members"),
        (archive(jan_csv=PLAIN, feb_csv=PLAIN), "a.zip", "mar.csv!1", "a.zip has no “mar.csv”"),
    ],
)
def test_a_sheet_that_is_not_there_is_said(
    pipeline: Pipeline, content: bytes | str, name: str, said: str, words: str
) -> None:
    receipt = pipeline.load(content, name, options={"header_row": said})
    assert receipt.error is not None
    assert receipt.error["code"] == "unknown_sheet"
    assert words in receipt.error["message"]


def test_api_says_what_to_send_for_one_sheet(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(workbook(Plain=PLAIN, First=ABOVE), "two.xlsx")
    load = staff.get(f"/api/files/{old.file_id}").json()["loads"][1]
    assert load["origin"] == "First"
    way, _ = [way for note in load["note_details"] for way in note["figures"].get("ways", ())]
    staff.post(f"/api/files/{old.file_id}/read-again", way["options"], content_type="application/json")
    assert rows_of(again(pipeline, old.file_id)) == {"Plain": (1, 4), "First": (1, 3)}


def test_admin_answers_for_one_sheet(pipeline: Pipeline, admin_client: Client) -> None:
    old = pipeline.load(workbook(Plain=PLAIN, First=ABOVE), "two.xlsx")
    page = admin_client.get(f"/admin/uploads/load/{old.loads[1].load_id}/change/").text
    assert '<input type="hidden" name="header_row" value="First!1">' in page
    assert "read the file again with header row “First!1”" in html.unescape(page)


@pytest.mark.usefixtures("data_schema")
def test_commands_print_and_take_it(tmp_path: Path) -> None:
    path = tmp_path / "three.xlsx"
    path.write_bytes(workbook(Plain=PLAIN, Q1_2024=ABOVE))
    out = StringIO()
    call_command("load_file", str(path), stdout=out, stderr=StringIO())
    file = UploadedFile.objects.get()
    command, both = [line.split("manage.py ")[1] for line in out.getvalue().splitlines() if "Change it: " in line]
    assert shlex.split(both) == ["read_again", str(file.pk), "--table-rows", "'Q1, 2024'!6"]
    assert shlex.split(command)[:4] == ["read_again", str(file.pk), "--header-row", "'Q1, 2024'!1"]
    answer = StringIO()
    call_command(*shlex.split(command), "--json", stdout=answer, stderr=StringIO())
    [read] = json.loads(answer.getvalue())["files"]
    assert {load["source"]: load["rows"]["loaded"] for load in read["loads"]} == {"Plain": 4, QUOTED: 3}


def test_a_row_of_units_in_one_sheet_is_left_out_by_one_click(pipeline: Pipeline, staff: Client) -> None:
    content = archive(plain_csv=PLAIN, units_csv=UNITS)
    old = pipeline.load(content, "two.zip", options={"header_row": "units.csv!1"})
    offer = offer_of(staff.get(f"/receipts/{old.token}/").text)
    assert offer is not None
    assert offer[1] == {"dataset": "", "header_row": "units.csv!1", "skip_rows": "units.csv!2"}
    staff.post(f"/receipts/{old.token}/read-again/", offer[1])
    new = again(pipeline, old.file_id)
    assert {load.source: (load.loaded, load.left_out) for load in new.loads} == {
        "plain.csv": (4, 0),
        "units.csv": (3, 1),
    }


def test_keeping_one_sheet_as_it_is_leaves_the_question_of_the_other(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(workbook(One=ABOVE, Two=ABOVE), "two.xlsx")
    page = staff.get(f"/receipts/{old.token}/").text
    [first, _] = KEEPING.findall(page)
    [(doubt, _)] = questions_on(staff.post(first, follow=True).text)
    assert doubt.startswith("<strong>Sheet Two:</strong>")


def test_a_dataset_does_not_remember_what_was_said_of_one_sheet(pipeline: Pipeline, staff: Client) -> None:
    pipeline.load(
        workbook(Plain=PLAIN, First=ABOVE), "two.xlsx", options={"header_row": "First!1", "skip_rows": "First!5-11"}
    )
    assert list(Dataset.objects.values_list("read_options", flat=True)) == [{}, {}]
    slug = Dataset.objects.first().slug  # type: ignore[union-attr]
    page = staff.post(f"/datasets/{slug}/reading/", {"header_row": "First!1"})
    assert page.status_code == 400
    assert "later files may have others" in page.text
    answer = staff.patch(f"/api/datasets/{slug}/reading", {"header_row": "First!1"}, content_type="application/json")
    assert answer.status_code in (400, 422)


WORDS = "name\nAnn\nBo\nCy\nDee\nEve\n"


def test_where_one_header_is_asked_about_each_doubted_one_is(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(archive(jan_csv=TWO_HEADERS, feb_csv=WORDS), "both.zip")
    page = staff.get(f"/receipts/{old.token}/").text
    asked = questions_on(page)
    [(doubt, [(fields, button)])] = [question for question in asked if "taken as the header" in question[0]]
    assert len(asked) == 2
    assert doubt.endswith("but it may be data: no column below it is all numbers or all dates.")
    assert button == "Line 1 is data: no header"
    assert page.count(button) == 1

    staff.post(f"/receipts/{old.token}/read-again/", fields)
    assert rows_of(again(pipeline, old.file_id)) == {"jan.csv": (1, 3), "feb.csv": (None, 6)}


def test_a_doubted_header_is_kept_as_it_is_when_the_file_is_read_again(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(archive(jan_csv=TWO_HEADERS, feb_csv=WORDS), "both.zip")
    page = staff.get(f"/receipts/{old.token}/").text
    for action in set(re.findall(KEEPING, page)):
        staff.post(html.unescape(action))
    kept = staff.get(f"/receipts/{old.token}/").text
    assert questions_on(kept) == []
    assert "Somebody kept it as it is." in kept


def test_doubted_header_is_no_question_where_no_header_is_asked_about(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(archive(jan_csv=PLAIN, feb_csv=WORDS), "both.zip")
    page = staff.get(f"/receipts/{old.token}/").text
    assert questions_on(page) == []
    assert "Line 1 is data: no header" in page
