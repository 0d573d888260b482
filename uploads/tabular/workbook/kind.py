"""Which kind of workbook a file is, told by its content: or that it is another document, or has a password."""

import mmap
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

from uploads.tabular.errors import DamagedFile, EncryptedFile, LimitExceeded, NotATable
from uploads.tabular.table import FileFormat, Limits
from uploads.tabular.workbook.unpacking import HARD_TO_UNPACK, RATIO_FLOOR

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of an OLE compound file: an .xls, or an encrypted workbook of any kind."""


_BARE_STREAMS = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
"""First bytes of a workbook without a container: Excel 2 to 4, and some exporters."""
_BARE_SHEET = re.compile(rb"\x09\x08(?:[\x06-\x14]\x00)?\x00[\x05-\x07]\x10\x00", re.DOTALL)
"""The same of Excel 5 to 97, where a single sheet stands in place of a workbook, with the length of the record or
without: what a number or a text in it means, the workbook around it would say."""

_FOREIGN_STREAMS = (
    # Streams of other documents in the same container, as their names stand in its directory (UTF-16).
    ("WordDocument", "a Word document"),
    ("PowerPoint Document", "a PowerPoint presentation"),
    ("__properties_version1.0", "an Outlook message"),
    ("VisioDocument", "a Visio drawing"),
    ("NativeContent_MAIN", "a Quattro Pro workbook"),
)
_WORKBOOK_STREAMS = ("Workbook", "Book")
_PACKED = "EncryptedPackage"
"""The stream that holds an encrypted workbook (MS-OFFCRYPTO §2.3.4.4)."""

_MANIFEST = "meta-inf/manifest.xml"
_ENCRYPTION = b"encryption-data"
"""The element that an OpenDocument manifest has for each encrypted part (OpenDocument 1.3 part 2, 4.4)."""
_ENCRYPTED_WHOLE = "encrypted-package"
"""The part that LibreOffice 24.8 and later puts in place of all others (OpenDocument 1.4 part 2, 3.4.1)."""

_EXPORT = "Export the table in it as XLSX or CSV."
_SPREADSHEET_TYPES = (b"spreadsheetml", b"ms-excel")


def workbook_kind(path: Path, *, name: str, limits: Limits) -> FileFormat:
    """The kind by content; for packages also whether they unpack within the limits, by the sizes that they state.

    Raises ``NotATable``, ``EncryptedFile``, ``DamagedFile``, ``LimitExceeded``.
    """
    with path.open("rb") as file:
        head = file.read(len(COMPOUND))
    if _BARE_SHEET.match(head):
        raise NotATable(
            f"{name} is a bare sheet of Excel 5 to 97 (BIFF), without the workbook around it that an .xls has.",
            hint="Open it in Excel or LibreOffice, save it as XLSX and upload that.",
        )
    if head == COMPOUND:
        _refuse_other_compounds(path, name)
        return FileFormat.XLS
    if head.startswith(_BARE_STREAMS):
        return FileFormat.XLS
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
            types = _content_types(package)
            locked = _is_encrypted_open_document(package)
    except HARD_TO_UNPACK as error:
        raise DamagedFile(
            f"{name} is a damaged or incomplete workbook ({error}).", hint="Save it again and upload that."
        ) from error
    if locked:
        raise encrypted_workbook(name)
    _check_unpacked(name, members, limits)
    names = {partition_name(member.filename) for member in members}
    if "xl/workbook.bin" in names or b"ms-excel.sheet.binary" in types:
        return FileFormat.XLSB
    return FileFormat.ODS if "content.xml" in names else FileFormat.XLSX


def is_workbook(package: zipfile.ZipFile, *, name: str) -> bool:
    """Whether a zip is a workbook: an Office or OpenDocument package by its parts, not by its name.

    Raises ``NotATable`` for other documents.
    """
    parts = {partition_name(member) for member in package.namelist()}
    if parts & {"xl/workbook.xml", "xl/workbook.bin"}:
        return True
    if "[content_types].xml" in parts:
        if any(kind in _content_types(package) for kind in _SPREADSHEET_TYPES):
            return True
        raise NotATable(f"{name} is an Office document without sheets, not a table.", hint=_EXPORT)
    if "mimetype" in parts and _ENCRYPTED_WHOLE in parts:
        raise encrypted_workbook(name)
    if "mimetype" in parts and "content.xml" in parts:
        with package.open("mimetype") as stream:
            kind = stream.read(200)
        if b"opendocument" not in kind or b"spreadsheet" in kind:
            return True
        raise NotATable(f"{name} is an OpenDocument text or drawing, not a table.", hint=_EXPORT)
    if "mimetype" in parts and "meta-inf/container.xml" in parts:
        raise NotATable(f"{name} is an e-book (EPUB), not a table.", hint=_EXPORT)
    if "index/document.iwa" in parts or "index.zip" in parts:
        raise NotATable(
            f"{name} is a document of Apple Numbers, Pages or Keynote.", hint="Open it there and export CSV or Excel."
        )
    return False


def partition_name(member: str) -> str:
    """A part's name for comparing: without regard to case, and to backslashes, which some exporters write."""
    return member.replace("\\", "/").lower()


def _content_types(package: zipfile.ZipFile) -> bytes:
    return _beginning(package, "[content_types].xml")


def _is_encrypted_open_document(package: zipfile.ZipFile) -> bool:
    return _ENCRYPTION in _beginning(package, _MANIFEST)


def _beginning(package: zipfile.ZipFile, part: str) -> bytes:
    """The first MB of a small part; nothing where there is none."""
    for member in package.infolist():
        if partition_name(member.filename) == part:
            with package.open(member) as stream:
                return stream.read(2**20)
    return b""


def _refuse_other_compounds(path: Path, name: str) -> None:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if _holds(content, _PACKED):
            # Calamine says so only where the file's name ends in .xlsx, and stored files have no extension.
            raise encrypted_workbook(name)
        if any(_holds(content, stream) for stream in _WORKBOOK_STREAMS):
            return
        for stream, what in _FOREIGN_STREAMS:
            if _holds(content, stream):
                raise NotATable(f"{name} is {what}, not a table.", hint=_EXPORT)


def _holds(content: mmap.mmap, stream: str) -> bool:
    """Whether the directory names this stream; the name ends with a zero."""
    return content.find(f"{stream}\0".encode("utf-16-le")) >= 0


def encrypted_workbook(name: str) -> EncryptedFile:
    return EncryptedFile(
        f"{name} is protected by a password.", hint="Save it without the password and upload it again."
    )


def _check_unpacked(name: str, members: Sequence[zipfile.ZipInfo], limits: Limits) -> None:
    """The sizes that the zip states; one that lies is found out while its sheets are looked at."""
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    too_dense = unpacked > RATIO_FLOOR and unpacked > packed * limits.unpack_ratio
    if unpacked > limits.unpacked_bytes or too_dense:
        raise LimitExceeded(
            f"{name} unpacks to {unpacked:,} bytes, {unpacked // packed:,} times its size; that is over the limit.",
            hint="Save the table as CSV, or split it into smaller files.",
        )


class Silence:
    """xlrd prints its warnings; nobody would read them."""

    def write(self, text: str) -> None:
        """Drop the text."""
