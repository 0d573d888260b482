"""Notes as facts: stored with kind and figures, told as sentences, and old ones readable."""

import html
import io
import re
import zipfile
from dataclasses import replace
from importlib import import_module

import openpyxl
import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from openpyxl.worksheet.worksheet import Worksheet

from tests.integration.conftest import Pipeline
from tests.unit.services.test_receipt_page import LOAD
from uploads.models import Load, UploadedFile
from uploads.services.files.receipts import describe_file
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.reasons import SecondReason
from uploads.web.offers.questions import sentences_beside
from uploads.web.schemas import answers

TOTAL = "name;day;n\nAnn;Mon;5\nBo;Tue;7\nTotal;;12\n"


def receipt_page(client: Client, file_id: int) -> str:
    return client.get(f"/receipts/{UploadedFile.objects.get(pk=file_id).token}/").content.decode()


def test_note_is_stored_with_its_kind_and_figures(pipeline: Pipeline) -> None:
    receipt = pipeline.load(TOTAL)
    stored = {note["kind"]: note["figures"] for note in Load.objects.get().notes}
    assert stored["last_total"] == {"unit": "line", "place": 4, "text": "Total 12", "totals": 1, "words": [0]}
    assert stored["delimiter"]["delimiter"] == ";"
    assert Note(NoteKind.LAST_TOTAL, stored["last_total"]) in receipt.loads[0].notes


def test_json_has_the_sentences_and_beside_them_their_kinds(pipeline: Pipeline) -> None:
    [load] = answers.as_json(answers.Receipt, pipeline.load(TOTAL))["loads"]
    assert [detail["sentence"] for detail in load["note_details"]] == load["notes"]
    assert [detail["kind"] for detail in load["note_details"]] == ["delimiter", "last_total"]
    assert load["notes"][1].endswith("If it is data, load it too: read everything as one table.")


@pytest.mark.parametrize(
    ("text", "is_offered"),
    [
        (TOTAL, True),
        ("a;b\n1;2\n3;4\n5;6\nTotal;12\n", False),  # a word in a column of numbers
    ],
)
def test_receipt_leads_to_one_table_where_it_has_the_button_for_it(
    pipeline: Pipeline, client: Client, text: str, is_offered: bool
) -> None:
    receipt = pipeline.load(text)
    page = receipt_page(client, receipt.file_id)
    assert any(note.kind is NoteKind.LAST_TOTAL for note in receipt.loads[0].notes)
    assert ("load it too: read everything as one table." in page) is is_offered
    assert any("one table" in sentence for sentence in receipt.loads[0].sentences) is is_offered


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("a;b\n1;2\n3;4\n", False),
        ("a;b\n1;2\n3;4\n5;6\n7;8\n9\n", True),  # a row of another length
    ],
)
def test_a_delimiter_in_no_doubt_stands_above_the_notes_alone(
    pipeline: Pipeline, client: Client, text: str, is_told: bool
) -> None:
    receipt = pipeline.load(text)
    page = receipt_page(client, receipt.file_id)
    assert "semicolon-separated" in page
    assert ("Cells are separated by “;”" in page) is is_told
    assert "Cells are separated by “;”" in receipt.loads[0].sentences[0]


def test_program_that_read_a_workbook_is_told_where_the_workbook_is_damaged_alone() -> None:
    plain, damaged = (
        replace(LOAD, notes=(Note.of(NoteKind.SECOND_READER, reader="xlrd", refusal="x", why=why),))
        for why in (SecondReason.UNUSUAL, SecondReason.DAMAGED)
    )
    assert sentences_beside(plain, are_asked=False) == ()
    assert sentences_beside(damaged, are_asked=False) == damaged.sentences != ()


def test_member_whose_name_ends_like_a_way_out_is_none(pipeline: Pipeline) -> None:
    """The note on what an archive has besides tables ends with a name that somebody else chose."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.csv", "a;b\n1;2\n")
        archive.writestr("x.read the file again as one table", b"%PDF-1.7")
    [load] = pipeline.load(stream.getvalue(), "a.zip").loads
    assert load.sentences[0] == "Left out of a.zip: x.read the file again as one table."
    assert not load.may_be_one_table([2])


def test_sheet_that_somebody_called_like_a_place_keeps_its_name(pipeline: Pipeline) -> None:
    """``Sheet1 (row 5)`` is this sheet's name and no table that was found in row 5 of a ``Sheet1``."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Sheet1 (row 5)"
    for row in (("place", "deer"), ("Bluff", 1), ("Gore", 2)):
        sheet.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    [load] = pipeline.load(stream.getvalue(), "counts.xlsx").loads
    assert (load.source, load.dataset) == ("Sheet1 (row 5)", "sheet1_row_5")


@pytest.mark.parametrize(
    ("sentence", "kind", "has_button"),
    [
        ("1 line of notes below the table is not loaded.", NoteKind.SENTENCE, False),
        (
            "1 line of notes below the table is not loaded. If it is data, read the file again as one table.",
            NoteKind.SENTENCE_ON_ROWS_LEFT_OUT,
            True,
        ),
    ],
)
def test_old_sentences_stay_readable(
    pipeline: Pipeline, client: Client, sentence: str, kind: NoteKind, has_button: bool
) -> None:
    file = pipeline.load("a;b\n1;2\n").file_id
    Load.objects.update(notes=[sentence, "Another word."])
    migration = import_module("uploads.migrations.0011_2026_11_28_0524_notes_are_facts")
    with connection.schema_editor() as editor:
        migration.sentences_to_notes(apps, editor)
    [load] = describe_file(file_id=file).loads
    assert load.sentences == (sentence, "Another word.")
    assert [note.kind for note in load.notes] == [kind, NoteKind.SENTENCE]
    page = receipt_page(client, file)
    assert sentence in page
    assert load.may_be_one_table([2]) is has_button


def test_notes_become_sentences_again_where_the_migration_is_taken_back(pipeline: Pipeline) -> None:
    sentences = pipeline.load(TOTAL).loads[0].sentences
    migration = import_module("uploads.migrations.0011_2026_11_28_0524_notes_are_facts")
    with connection.schema_editor() as editor:
        migration.notes_to_sentences(apps, editor)
    assert Load.objects.get().notes == list(sentences)


def test_tables_of_other_widths_are_not_offered_as_one(pipeline: Pipeline, admin_client: Client) -> None:
    one = "name,count\n" + "".join(f"n{number},{number}\n" for number in range(20))
    other = "day,in,out,left\n" + "".join(f"2024-01-{day},{day},{day + 3},7\n" for day in range(10, 30))
    file = pipeline.load(f"{one}\n{other}").file_id
    assert len(describe_file(file_id=file).loads) == 2
    assert "one_table" not in receipt_page(admin_client, file)


def test_total_left_out_of_one_table_is_offered_as_its_row(pipeline: Pipeline, admin_client: Client) -> None:
    assert re.search(
        r">Load line \d+ too: read everything as one table</button>",
        receipt_page(admin_client, pipeline.load(TOTAL).file_id),
    )


def test_titles_that_alone_tell_tables_apart_are_said_to_be_in_no_row(pipeline: Pipeline, admin_client: Client) -> None:
    header = "day,place,cost,km"
    one = f"Expenses of Anna,,,\n{header}\n2024-01-02,Rome,10.5,3\n2024-01-03,Bern,11.5,4\n2024-01-04,Rome,12.5,5\n"
    other = f"Expenses of Bert,,,\n{header}\n2024-02-02,Paris,2.5,6\n2024-02-03,Bern,3.5,7\n2024-02-04,Nice,4.5,8\n"
    page = html.unescape(receipt_page(admin_client, pipeline.load(f"{one},,,\n{other}").file_id))
    assert "The titles above them are no column of it: “Expenses of Anna”, “Expenses of Bert”." in page
    same = pipeline.load(f"{one},,,\n{other.replace('Bert', 'Anna')}", "same.csv").file_id
    assert "The titles above them" not in receipt_page(admin_client, same)


def test_sheets_of_the_same_columns_are_said_to_be_one_table(pipeline: Pipeline, admin_client: Client) -> None:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for year in (2021, 2022):
        sheet = workbook.create_sheet(str(year))
        for row in (("place", "deer"), (f"a{year}", 1), (f"b{year}", 2)):
            sheet.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    file = pipeline.load(stream.getvalue(), "counts.xlsx").file_id
    page = receipt_page(admin_client, file)
    assert "Both have the same columns and are stored as one table of the database, data.counts." in page
    assert "The dataset’s page says beside each row which part it is from; in SQL, data._sources does." in page
    assert "text, because row 2 holds &quot;a2021&quot;" in page
    assert page.count("the type of this column in “2021”, the first table of these columns.") == 2
