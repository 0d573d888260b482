"""Workbooks (xlsx, xlsm, xls, xlsb, ods) as tables: every visible sheet with data is one.

python-calamine reads them; where it refuses, openpyxl (xlsx) or xlrd (xls) gets a second try and a note says so.
Run it in a child process under limits: a hostile file makes calamine abort the whole interpreter.
"""

import mmap
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import python_calamine as calamine

from uploads.domain.errors import (
    DamagedFile,
    EmptyFile,
    EncryptedFile,
    FileError,
    LimitExceeded,
    NoDataRows,
    UnknownSheet,
)
from uploads.domain.open_document import check_open_document
from uploads.domain.second_readers import SecondWorkbook, open_second
from uploads.domain.sheet_errors import count_error_cells
from uploads.domain.sheets import RawSheet, read_tables
from uploads.domain.table import FileFormat, Limits, ReadOptions, SourceTable

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of an OLE compound file: an .xls, or an encrypted workbook of any kind."""

_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
"""Name of the stream that holds the encrypted workbook, as it stands in the container's directory."""

_RATIO_FLOOR = 64 * 2**20
"""Bytes unpacked before the ratio of unpacked to packed says anything."""


def open_sheets(path: Path, *, name: str, options: ReadOptions, limits: Limits) -> Iterator[SourceTable]:
    """Yield a table for each visible sheet with data, or for the sheet that ``options`` name.

    Raises ``EncryptedFile``, ``DamagedFile``, ``LimitExceeded``, ``UnknownSheet``, and after the last sheet
    ``EmptyFile`` or ``NoDataRows`` if there was none with data.
    """
    kind = _format(path, name, limits)
    with ExitStack() as open_books:
        workbook = open_books.enter_context(closing(_open(path, name, kind)))
        wanted, notes = _choose_sheets(workbook, name, options.sheet)
        headers_only = []
        found = False
        looks = open_books.enter_context(ThreadPoolExecutor(max_workers=1))
        for sheet_name in wanted:
            errors = looks.submit(count_error_cells, path, kind, sheet_name)
            try:
                raw = workbook.read(sheet_name, limits)
            except calamine.CalamineError as error:
                second = open_second(path, name=name, kind=kind, refusal=error)
                raw = open_books.enter_context(closing(second)).read(sheet_name, limits)
                notes.extend(second.notes)
            if raw is None:
                notes.append(f'Sheet "{sheet_name}" is empty.')
                continue
            notes.extend(_error_note(errors.result()))
            tables = list(read_tables(raw, kind=kind, options=options, limits=limits))
            del raw
            for table in tables:
                if table.has_rows:
                    table.add_notes(notes)
                    notes = []
                    found = True
                    yield table
                else:
                    headers_only.append(sheet_name)
                    notes.append(f'Sheet "{table.source}" has a header and no rows.')
    if not found:
        raise _nothing(name, headers_only, options.sheet)


class CalamineWorkbook:
    """A workbook as calamine reads it."""

    def __init__(self, path: Path) -> None:
        with _panics_refused():
            self._book = calamine.CalamineWorkbook.from_path(path)
        visible = calamine.SheetVisibleEnum.Visible
        sheets = [meta for meta in self._book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
        self.names = tuple(meta.name for meta in sheets)
        self.hidden = frozenset(meta.name for meta in sheets if meta.visible != visible)
        self.notes: tuple[str, ...] = ()

    def close(self) -> None:
        """Close the file."""
        self._book.close()

    def read(self, name: str, limits: Limits) -> RawSheet | None:
        """One sheet; nothing if it has no cells."""
        with _panics_refused():
            sheet = self._book.get_sheet_by_name(name)
        if sheet.start is None:
            return None
        _check_size(name, sheet.height, sheet.width, limits)
        left = sheet.start[1]
        merged = tuple(
            (top, max(first - left, 0), bottom, last - left)
            for (top, first), (bottom, last) in sheet.merged_cell_ranges or ()
            if last >= left
        )
        return RawSheet(name=name, rows=sheet.iter_rows(), height=sheet.start[0] + sheet.height, merged=merged)


Workbook = CalamineWorkbook | SecondWorkbook


@contextmanager
def _panics_refused() -> Iterator[None]:
    """Turn what else damaged files cause, a Rust panic or a failed read, into calamine's own kind of error."""
    try:
        yield
    except OSError as error:
        raise calamine.CalamineError(str(error)) from error
    except BaseException as error:
        # Its class cannot be imported, and derives from BaseException.
        if type(error).__name__ == "PanicException":
            raise calamine.CalamineError(str(error)) from error
        raise


def _open(path: Path, name: str, kind: FileFormat) -> Workbook:
    if kind is FileFormat.ODS:
        check_open_document(path, name=name)
    try:
        return CalamineWorkbook(path)
    except calamine.CalamineError as error:
        if isinstance(error, calamine.PasswordError) or _has_encrypted_package(path):
            raise EncryptedFile(
                f"{name} is protected by a password.", hint="Save it without the password and upload it again."
            ) from error
        return open_second(path, name=name, kind=kind, refusal=error)


def _has_encrypted_package(path: Path) -> bool:
    """Whether this is a compound file around an encrypted workbook (MS-OFFCRYPTO §2.3.4.4).

    Calamine says so only where the file's name ends in .xlsx, and stored files have no extension.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content[: len(_COMPOUND)] == _COMPOUND and content.find(_ENCRYPTED_PACKAGE) >= 0


def _choose_sheets(workbook: Workbook, name: str, wanted: str | None) -> tuple[list[str], list[str]]:
    """Names of the sheets to read, and sentences about those that are not."""
    notes = list(workbook.notes)
    if wanted is not None:
        if wanted not in workbook.names:
            known = ", ".join(f'"{sheet}"' for sheet in workbook.names)
            raise UnknownSheet(f'{name} has no sheet "{wanted}".', hint=f"Its sheets are {known}.")
        return [wanted], notes
    hidden = [sheet for sheet in workbook.names if sheet in workbook.hidden]
    notes.extend(f'Hidden sheet "{sheet}" was left out; ask for it by name to load it.' for sheet in hidden)
    return [sheet for sheet in workbook.names if sheet not in workbook.hidden], notes


def _check_size(sheet: str, height: int, width: int, limits: Limits) -> None:
    if height * width > limits.sheet_cells:
        raise LimitExceeded(
            f'Sheet "{sheet}" spans {height:,} rows × {width:,} columns; {limits.sheet_cells:,} cells are allowed.',
            hint="Delete the empty rows and columns around the table, or save it as CSV.",
        )


def _error_note(count: int) -> list[str]:
    if not count:
        return []
    return [f"{count:,} cell{'s hold' if count > 1 else ' holds'} an Excel error such as #N/A, read as blank."]


def _nothing(name: str, headers_only: Sequence[str], sheet: str | None) -> FileError:
    where = f'Sheet "{sheet}" of {name}' if sheet is not None else name
    if headers_only:
        return NoDataRows(f"{where} has a header and no rows below it.", hint="Add rows and upload it again.")
    return EmptyFile(f"{where} has no cells with data.", hint="Check that the table was saved in this workbook.")


def _format(path: Path, name: str, limits: Limits) -> FileFormat:
    """Which kind of workbook, by content; for zips also whether it unpacks within the limits."""
    with path.open("rb") as file:
        if file.read(8) == _COMPOUND:
            return FileFormat.XLS
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, OSError, NotImplementedError, UnicodeDecodeError) as error:
        raise DamagedFile(
            f"{name} is a damaged or incomplete workbook ({error}).", hint="Save it again and upload that."
        ) from error
    _check_unpacked(name, members, limits)
    names = {member.filename for member in members}
    if "xl/workbook.bin" in names:
        return FileFormat.XLSB
    return FileFormat.ODS if "content.xml" in names else FileFormat.XLSX


def _check_unpacked(name: str, members: Sequence[zipfile.ZipInfo], limits: Limits) -> None:
    """The sizes that the zip states; one that lies meets the child's own limit on memory."""
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    too_dense = unpacked > _RATIO_FLOOR and unpacked > packed * limits.unpack_ratio
    if unpacked > limits.unpacked_bytes or too_dense:
        raise LimitExceeded(
            f"{name} unpacks to {unpacked:,} bytes, {unpacked // packed:,} times its size; that is over the limit.",
            hint="Save the table as CSV, or split it into smaller files.",
        )
