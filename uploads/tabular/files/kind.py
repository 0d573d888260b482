"""What the bytes of a file are, by their content: text, a container, a workbook, or no table at all."""

import json
import re
from enum import StrEnum
from typing import Final

from uploads.tabular.errors import NotATable


class Kind(StrEnum):
    """What to open a file with."""

    TEXT = "text"
    GZIP = "gzip"
    ZIP = "zip"
    """A zip: an archive, or a workbook (told apart by its members)."""
    CFB = "cfb"
    """The container of .xls, and of every other old Office format and of encrypted workbooks."""


_CONTAINERS: Final = {
    b"\x1f\x8b": Kind.GZIP,
    b"PK\x03\x04": Kind.ZIP,
    b"PK\x05\x06": Kind.ZIP,
    b"PK\x07\x08": Kind.ZIP,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": Kind.CFB,
    # A bare BIFF stream (Excel 2 to 4, and some exporters).
    b"\x09\x08\x10\x00": Kind.CFB,
    b"\x09\x08\x08\x00": Kind.CFB,
    b"\x09\x04\x06\x00": Kind.CFB,
    b"\x09\x02\x06\x00": Kind.CFB,
    b"\x09\x00\x04\x00": Kind.CFB,
}

_EXPORT = "Open it in the program that made it and export the table as CSV or XLSX."
_UNPACK = "Unpack it and upload the tables in it, or pack them as .zip or .gz."

_FOREIGN: Final = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image", "Upload the table itself, not a picture of it."),
    (b"\xff\xd8\xff", "a JPEG image", "Upload the table itself, not a picture of it."),
    (b"GIF8", "a GIF image", "Upload the table itself, not a picture of it."),
    (b"II*\x00", "a TIFF image", "Upload the table itself, not a picture of it."),
    (b"MM\x00*", "a TIFF image", "Upload the table itself, not a picture of it."),
    (b"%PDF-", "a PDF document", _EXPORT),
    (b"{\\rtf", "a rich text (RTF) document", _EXPORT),
    (b"PAR1", "a Parquet file", "Export it as CSV, for example with pandas or DuckDB."),
    (b"ARROW1", "an Arrow (Feather) file", "Export it as CSV, for example with pandas or DuckDB."),
    (b"SQLite format 3\x00", "an SQLite database", "Export the table that you need as CSV."),
    (b"\x00\x01\x00\x00Standard Jet DB", "a Microsoft Access database", _EXPORT),
    (b"\x00\x01\x00\x00Standard ACE DB", "a Microsoft Access database", _EXPORT),
    (b"\x7fELF", "a program", "Upload a table: CSV, XLSX or XLS."),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"BZh", "a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ\x00", "an xz archive", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", _UNPACK),
    (b"\x5d\x00\x00", "an LZMA archive", _UNPACK),
    (b"LZIP\x01", "an lzip archive", _UNPACK),
    (b"\x04\x22\x4d\x18", "an LZ4 archive", _UNPACK),
    (b"\x1f\x9d", "a Unix compress (.Z) archive", _UNPACK),
    (b"\x00\x00\x00\x0cjP", "a JPEG 2000 image", "Upload the table itself, not a picture of it."),
    (b"\x89HDF\r\n", "an HDF5 file", "Export the table in it as CSV."),
    (b"OggS", "a sound or video file", "Upload a table: CSV, XLSX or XLS."),
    (b"ID3", "a sound file", "Upload a table: CSV, XLSX or XLS."),
)
_COMMENTS = re.compile(rb"\A\s*(?:<!--.*?-->\s*)*", re.DOTALL)
_HTML = re.compile(rb"<(!doctype\s+html|html|head|table|body|meta|title|script)[\s>]", re.IGNORECASE)
_HTML_PART = re.compile(
    rb"<(div|style|center|font|form|p|span|h\d|br)[\s/>].*<(table|html|body|div)[\s>]", re.IGNORECASE | re.DOTALL
)
_XML = re.compile(rb"<\?xml\s|<[A-Za-z_][\w:.-]*(\s[^<>]*)?>\s*<[/!A-Za-z_]")
_SPREADSHEET_XML = re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet|progid=\"Excel.Sheet\"")
_WEB_ARCHIVE = re.compile(rb"MIME-Version:[^\r\n]*\r?\n.*multipart/related", re.IGNORECASE | re.DOTALL)


def content_kind(head: bytes, *, name: str) -> Kind:
    """Decide by the first bytes (a few KB) what a file is; raise ``NotATable`` for what holds no table."""
    for magic, kind in _CONTAINERS.items():
        if head.startswith(magic):
            return kind
    for magic, what, hint in _FOREIGN:
        if head.startswith(magic):
            raise NotATable(f"{name} is {what}, not a table.", hint=hint)
    if head.startswith(b"MZ") and b"\x00" in head[:256]:
        raise NotATable(f"{name} is a program, not a table.", hint="Upload a table: CSV, XLSX or XLS.")
    if head[:4] == b"RIFF" and head[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        raise NotATable(f"{name} is an image, sound or video file, not a table.", hint=_EXPORT)
    if head[:2] == b"BM" and head[6:10] == bytes(4):
        raise NotATable(f"{name} is a BMP image, not a table.", hint="Upload the table itself, not a picture of it.")
    if head[4:8] == b"ftyp":
        raise NotATable(f"{name} is a video or image file, not a table.", hint=_EXPORT)
    if head[257:262] == b"ustar":
        raise NotATable(f"{name} is a tar archive.", hint=_UNPACK)
    _refuse_markup(_as_narrow(head), name=name)
    return Kind.TEXT


_HOLE = re.compile(rb"\x00{8,}")
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 27, 30, 31}) + b"\x7f"


def refuse_binary(head: bytes, *, wide: bool, name: str) -> None:
    """Refuse what is no text in any encoding: more than a tenth control characters (a stray NUL is fine).

    A hole of NULs behind a line of text, as a power cut leaves it in a log, is one fault and no other kind of file.
    """
    first_line = head.partition(b"\n")[0]
    if first_line == first_line.translate(None, _CONTROL):
        head = _HOLE.sub(b"", head)
    if not wide and len(head) - len(head.translate(None, _CONTROL)) > len(head) / 10:
        raise NotATable(f"{name} is neither text nor a workbook or archive that can be read here.", hint=_EXPORT)


def _as_narrow(head: bytes) -> bytes:
    """The text's first bytes in UTF-8, without byte order mark."""
    for mark, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(codec, "replace").encode("utf-8", "replace")
    return head.removeprefix(b"\xef\xbb\xbf")


def _refuse_markup(head: bytes, *, name: str) -> None:
    begin = _COMMENTS.sub(b"", head, count=1)
    if _HTML.match(begin) or _HTML_PART.match(begin) or _WEB_ARCHIVE.match(begin):
        raise NotATable(f"{name} is a web page (HTML), not a table.", hint=_page_hint(name))
    if _SPREADSHEET_XML.search(begin):
        raise NotATable(
            f"{name} is an XML spreadsheet of Excel 2003.",
            hint="Open it in Excel or LibreOffice, save it as XLSX and upload that.",
        )
    if begin.startswith(b"<svg"):
        raise NotATable(f"{name} is an SVG image, not a table.", hint="Upload the table itself, not a picture of it.")
    if _XML.match(begin):
        raise NotATable(f"{name} is an XML document, not a table.", hint=_EXPORT)
    if _is_json(head):
        raise NotATable(f"{name} is JSON, not a table.", hint="Convert it to CSV: one line for each record.")


def _page_hint(name: str) -> str:
    if name.lower().endswith((".xls", ".xlsx")):
        return "A program saved it under the name of a workbook: open it in Excel, save it as XLSX and upload that."
    return "If a download gave you this page, sign in there first; if a program saved its table so, export CSV."


def _is_json(head: bytes) -> bool:
    """``{"a": …`` and ``[{…`` or ``[1, …``: the first line parses as JSON or is plainly the start of it."""
    text = head.lstrip()
    if not text.startswith((b"{", b"[")):
        return False
    if re.match(rb'(\{\s*("([^"\\]|\\.)*"\s*:|\}\s*$)|\[\s*(\{\s*"|\[|\]\s*$))', text):
        return True
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
