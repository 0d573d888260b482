"""What xlrd reads of an .xls: its cells, and in which encoding the texts of one from before Unicode are."""

import datetime as dt
from typing import Any

import xlrd

from uploads.tabular.encoding.choice import Encoding, decide_encoding
from uploads.tabular.encoding.text_facts import gather_facts
from uploads.tabular.errors import BadOption
from uploads.tabular.workbook.kind import Silence
from uploads.tabular.workbook.sheet.cells import Cell

_BIFF8 = 80
"""As xlrd numbers what Excel 97 and later write, in Unicode."""
_BYTES = "latin-1"
"""Decodes every byte, and gives it back."""


def open_xls(content: bytes, *, file: str, encoding: str | None) -> tuple[xlrd.Book, Encoding | None]:
    """The workbook, and how its texts were decoded where they aren't Unicode; ``encoding`` is what a person said.

    Where nobody says, and neither does the workbook, the texts are judged as those of a text file are. Raises what
    xlrd does, and ``BadOption`` where the texts cannot be what was said.
    """
    book = xlrd.open_workbook(file_contents=content, on_demand=True, logfile=Silence())
    if book.biff_version >= _BIFF8:
        return book, None
    if encoding is None and book.codepage is not None:
        return book, Encoding(codec=book.encoding)
    book.release_resources()
    texts = _texts_as_bytes(content)
    found = decide_encoding(gather_facts([texts]), given=encoding)
    try:
        texts.decode(found.codec)
    except UnicodeDecodeError as error:
        if encoding is None:
            found = Encoding(codec=_BYTES)
        else:
            raise BadOption(
                f"The texts of {file} are not {encoding}, which was chosen: {error.reason}.",
                hint="Say another encoding, or leave it out to have it found.",
            ) from error
    decoded = xlrd.open_workbook(
        file_contents=content, on_demand=True, logfile=Silence(), encoding_override=found.codec
    )
    return decoded, found


def _texts_as_bytes(content: bytes) -> bytes:
    """Names of sheets and all texts, a line each, as they are stored."""
    book = xlrd.open_workbook(file_contents=content, logfile=Silence(), encoding_override=_BYTES)
    texts = list(book.sheet_names())
    for sheet in book.sheets():
        for row in range(sheet.nrows):
            texts.extend(cell.value for cell in sheet.row(row) if cell.ctype == xlrd.XL_CELL_TEXT)
    return "\n".join([*texts, ""]).encode(_BYTES, "replace")


def xlrd_cell(cell: Any, datemode: int) -> Cell:
    match cell.ctype:
        case xlrd.XL_CELL_DATE:
            if cell.value < 1:
                return (dt.datetime(1900, 1, 1) + dt.timedelta(days=cell.value)).time()  # noqa: DTZ001 (cells have no zone)
            moment: dt.datetime = xlrd.xldate_as_datetime(cell.value, datemode)
            return moment.date() if moment.time() == dt.time(0) else moment
        case xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
        case xlrd.XL_CELL_ERROR | xlrd.XL_CELL_EMPTY | xlrd.XL_CELL_BLANK:
            return ""
        case _:
            value: float | str = cell.value
            return value
