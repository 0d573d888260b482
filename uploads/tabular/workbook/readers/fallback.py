"""Second opinion on workbooks that calamine refuses: openpyxl for xlsx, xlrd for xls."""

import datetime as dt
import os
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

# Where lxml is installed, openpyxl would take its parser, with other errors than those that are known here.
os.environ["OPENPYXL_LXML"] = "False"

import openpyxl
import xlrd
from openpyxl.utils.exceptions import InvalidFileException

from uploads.tabular.encoding.choice import Encoding
from uploads.tabular.errors import DamagedFile, LimitExceeded
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.reasons import SecondReason
from uploads.tabular.table import FileFormat, Limits
from uploads.tabular.workbook.corrections import Corrections
from uploads.tabular.workbook.kind import encrypted_workbook
from uploads.tabular.workbook.package_parts import STYLES, styles_name
from uploads.tabular.workbook.readers.plain_package import PlainPackage
from uploads.tabular.workbook.readers.xlrd_cells import open_xls, xlrd_cell
from uploads.tabular.workbook.sheet.cells import Cell
from uploads.tabular.workbook.sheet.raw import RawSheet
from uploads.tabular.workbook.sheet.text import SheetText


class Doubtful(Exception):
    """The first reader would die of this workbook or misread it; the text says why, as a clause about the file."""


class LongIntegers(Doubtful):
    """The first reader would round whole numbers."""


_REFUSALS = (
    InvalidFileException,
    SyntaxError,  # of whichever XML parser openpyxl uses
    zipfile.BadZipFile,
    zlib.error,
    xlrd.XLRDError,
    xlrd.compdoc.CompDocError,
    struct.error,
    EOFError,
    OSError,
    # What the two libraries let through on damaged files, found by cutting and flipping bytes of good ones.
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
)


class SecondWorkbook:
    """A workbook as the second reader sees it."""

    def __init__(
        self,
        *,
        file: str,
        reader: str,
        refusal: Exception,
        names: Sequence[str],
        hidden: Sequence[str],
        rows: Callable[[str], Iterator[Sequence[Cell]]],
        close: Callable[[], None],
        encoding: Encoding | None = None,
    ) -> None:
        self.names = tuple(names)
        self.hidden = frozenset(hidden)
        self._reader = reader
        self._encoding = encoding
        self._rows = rows
        self.close = close
        self._file = file
        self._refusal = refusal

    def read(
        self,
        name: str,
        text: SheetText,
        limits: Limits,
        refusal: Exception | None = None,
        corrections: Corrections | None = None,
    ) -> RawSheet | None:
        """One sheet as ``text``; nothing if it has no cells. ``refusal``: why the first reader left it."""
        refusal = refusal or self._refusal
        with _refusals(f'Sheet "{name}" of {self._file}', refusal):
            rows = self._trimmed(name, limits)
        width = max(map(len, rows), default=0)
        for row in rows:
            row.extend([""] * (width - len(row)))
        if not width:
            return None
        text.add(rows if corrections is None else corrections.applied(rows, first=0, left=0))
        note = Note.of(NoteKind.SECOND_READER, reader=self._reader, refusal=str(refusal), why=_why(refusal).value)
        encoding = self._encoding
        return RawSheet(
            name=name,
            text=text,
            height=len(rows),
            notes=(note, *(encoding.notes if encoding else ())),
            encoding=encoding.codec if encoding else None,
        )

    def _trimmed(self, name: str, limits: Limits) -> list[list[Cell]]:
        """The rows without blank cells at their ends and without blank rows at the end."""
        rows: list[list[Cell]] = []
        width = 0
        for cells in self._rows(name):
            row = list(cells)
            while row and row[-1] in {None, ""}:
                row.pop()
            rows.append(row)
            width = max(width, len(row))
            if len(rows) * width > limits.sheet_cells:
                raise LimitExceeded(
                    f'Sheet "{name}" spans more than {limits.sheet_cells:,} cells.',
                    hint="Delete the empty rows and columns around the table, or save it as CSV.",
                )
        while rows and not rows[-1]:
            rows.pop()
        return rows


def open_second(
    path: Path, *, name: str, kind: FileFormat, refusal: Exception, limits: Limits, encoding: str | None = None
) -> SecondWorkbook:
    """The workbook by the second reader for its format; ``DamagedFile`` if there is none or it refuses too.

    ``encoding``: what a person said of the texts of an .xls from before Unicode.
    """
    with _refusals(name, refusal):
        if kind is FileFormat.XLSX:
            return _open_xlsx(path, name, refusal, limits)
        if kind is FileFormat.XLS:
            return _open_xls(path, name, refusal, encoding)
    raise _damaged(name, refusal)


def _why(refusal: Exception) -> SecondReason:
    if isinstance(refusal, LongIntegers):
        return SecondReason.LONG_INTEGERS
    return SecondReason.UNUSUAL if isinstance(refusal, Doubtful) else SecondReason.DAMAGED


@contextmanager
def _refusals(file: str, refusal: Exception) -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            # openpyxl warns of print areas and extensions, which are no part of the data.
            warnings.simplefilter("ignore")
            yield
    except _REFUSALS as error:
        if isinstance(error, xlrd.XLRDError) and "encrypted" in str(error):
            raise encrypted_workbook(file) from error
        raise _damaged(file, refusal) from error


def _damaged(file: str, refusal: Exception) -> DamagedFile:
    return DamagedFile(
        f"{file} cannot be read as a workbook: it is damaged or incomplete ({refusal}).",
        hint="Open it in a spreadsheet program, save it again and upload that.",
    )


def _open_xlsx(path: Path, file: str, refusal: Exception, limits: Limits) -> SecondWorkbook:
    with ExitStack() as unless_opened:
        try:
            _check_styles(path)
            book = _load_xlsx(path, unless_opened)
        except _REFUSALS:
            plain = unless_opened.enter_context(closing(PlainPackage(path, limits)))
            book = _load_xlsx(plain.path, unless_opened)
        close = unless_opened.pop_all().close
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]

    def rows(name: str) -> Iterator[Sequence[Cell]]:
        sheet = book[name]
        # What the sheet states of its size is often wrong.
        sheet.reset_dimensions()
        for row in sheet.iter_rows():
            yield ["" if cell.data_type == "e" else _openpyxl_cell(cell.value) for cell in row]

    return SecondWorkbook(
        file=file,
        reader="openpyxl",
        refusal=refusal,
        names=[s.title for s in book.worksheets],
        hidden=hidden,
        rows=rows,
        close=close,
    )


def _check_styles(path: Path) -> None:
    """Raise ``LookupError`` where openpyxl would not find the styles, and so take dates for numbers."""
    with zipfile.ZipFile(path) as package:
        parts = {part.filename.lower(): part for part in package.infolist()}
        if (name := styles_name(package, parts)) != STYLES and name in parts:
            raise LookupError(name)


def _load_xlsx(path: Path, stack: ExitStack) -> openpyxl.Workbook:
    stream = stack.enter_context(path.open("rb"))
    return openpyxl.load_workbook(stream, read_only=True, data_only=True)


def _openpyxl_cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, dt.datetime) and value.time() == dt.time(0):
        return value.date()
    if isinstance(value, int | float | str | bool | dt.date | dt.time | dt.timedelta):
        return value
    return str(value)


def _open_xls(path: Path, file: str, refusal: Exception, encoding: str | None) -> SecondWorkbook:
    book, decoded = open_xls(path.read_bytes(), file=file, encoding=encoding)
    hidden = [book.sheet_by_name(name).name for name in book.sheet_names() if book.sheet_by_name(name).visibility]

    def rows(name: str) -> Iterator[Sequence[Cell]]:
        sheet = book.sheet_by_name(name)
        for index in range(sheet.nrows):
            yield [xlrd_cell(cell, book.datemode) for cell in sheet.row(index)]

    return SecondWorkbook(
        file=file,
        reader="xlrd",
        refusal=refusal,
        names=book.sheet_names(),
        hidden=hidden,
        rows=rows,
        close=book.release_resources,
        encoding=decoded,
    )
