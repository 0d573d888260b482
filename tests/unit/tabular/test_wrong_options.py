"""A person says something of a file that isn't so: a sentence names the option, what happened, and the way out."""

import io
from pathlib import Path

import openpyxl
import pytest

from uploads.tabular.chunks import SourceTable
from uploads.tabular.errors import BadOption, NoDataRows, UnknownSheet, UploaderError
from uploads.tabular.open_file import open_tables
from uploads.tabular.sentences.notes import sentences_of
from uploads.tabular.table import Limits, ReadOptions

TABLE = "id;name\n1;Käse\n2;Öl\n"


def book() -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for number in range(10):
        sheet.append([f"word {number}", number])
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def tables_of(folder: Path, content: bytes, name: str, options: ReadOptions) -> list[SourceTable]:
    path = folder / "stored"
    path.write_bytes(content)
    return list(open_tables(path, name=name, options=options, limits=Limits()))


@pytest.mark.parametrize(
    ("content", "options", "error", "message"),
    [
        (
            TABLE,
            ReadOptions(delimiter="|"),
            BadOption,
            "The delimiter “|” was chosen, but x.csv has none; “;” separates its cells.",
        ),
        (
            TABLE,
            ReadOptions(header_row=900),
            BadOption,
            "Row 900 was chosen as the header, but it is blank or not among the first 3.",
        ),
        (
            "a;b\n\n1;2\n",
            ReadOptions(header_row=2),
            BadOption,
            "Row 2 was chosen as the header, but it is blank or not among the first 3.",
        ),
        (
            TABLE,
            ReadOptions(header_row=3),
            NoDataRows,
            "Row 3 was chosen as the header of x.csv, and there are no rows below it.",
        ),
    ],
)
def test_text_that_is_not_as_was_said_is_refused(
    tmp_path: Path, content: str, options: ReadOptions, error: type[UploaderError], message: str
) -> None:
    with pytest.raises(error) as refusal:
        tables_of(tmp_path, content.encode(), "x.csv", options)
    assert refusal.value.message == message
    assert "leave it blank to detect it automatically" in refusal.value.hint


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        (
            ReadOptions(header_row=900),
            BadOption,
            (
                'Row 900 was chosen as the header, but in sheet "Sheet" it is blank or not there: '
                "the rows with content are 1 to 10."
            ),
        ),
        (ReadOptions(sheet="Nope"), UnknownSheet, 'x.xlsx has no sheet "Nope", which was chosen.'),
    ],
)
def test_workbook_that_is_not_as_was_said_is_refused(
    tmp_path: Path, options: ReadOptions, error: type[UploaderError], message: str
) -> None:
    with pytest.raises(error) as refusal:
        tables_of(tmp_path, book(), "x.xlsx", options)
    assert refusal.value.message == message
    assert "leave" in refusal.value.hint


def test_file_of_one_column_may_be_said_to_have_a_delimiter(tmp_path: Path) -> None:
    [table] = tables_of(tmp_path, b"name\nanna\nberta\n", "x.csv", ReadOptions(delimiter=";"))
    assert table.labels == ("name",)


@pytest.mark.parametrize("encoding", ["cp1252", "shift_jis", "ascii"])
def test_encoding_that_the_bytes_contradict_is_doubted_on_the_receipt(tmp_path: Path, encoding: str) -> None:
    [table] = tables_of(tmp_path, TABLE.encode(), "x.csv", ReadOptions(encoding=encoding))
    assert (
        f"Read as {encoding}, as you chose, although all of it could be UTF-8: check that its letters look right."
        in sentences_of(table.dialect.notes)
    )


@pytest.mark.parametrize(("content", "encoding"), [(TABLE.encode("cp1252"), "cp1252"), (b"a;b\n1;2\n", "cp850")])
def test_encoding_that_the_bytes_allow_is_not_doubted(tmp_path: Path, content: bytes, encoding: str) -> None:
    [table] = tables_of(tmp_path, content, "x.csv", ReadOptions(encoding=encoding))
    assert not any("as you chose" in note for note in sentences_of(table.dialect.notes))
