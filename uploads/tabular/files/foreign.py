"""Files of other kinds, known by their first bytes: what each one is, and the way from it to a table."""

import re
import struct
from collections.abc import Callable
from typing import Final

from uploads.tabular.errors import NotATable

EXPORT = "Open it in the program that made it and export the table as CSV or XLSX."
NO_PICTURE = "Upload the table itself, not a picture of it."
_FROM_R = "Write the table that you need with write.csv(…, row.names = FALSE) and upload that."
_UNPACK = "Unpack it and upload the tables in it, or pack them as .zip or .gz."

_EBCDIC = bytes(
    [0x05, 0x0B, 0x0D, 0x15, 0x25, 0x40, 0x4B, 0x4C, 0x4D, 0x4E, 0x50, 0x5A, 0x5B, 0x5C, 0x5D, 0x5E, 0x60, 0x61, 0x6B]
    + [0x6C, 0x6D, 0x6E, 0x6F, 0x7A, 0x7B, 0x7C, 0x7D, 0x7E, 0x7F]
    + [high + low for high in (0x80, 0x90, 0xC0, 0xD0, 0xF0) for low in range(0x0A)]
    + [high + low for high in (0xA0, 0xE0) for low in range(2, 0x0A)]
)
"""Spaces, line ends, letters, digits and common signs of EBCDIC, where they are the same in all its code pages."""
_LEAST_EBCDIC = 0.98
_LEAST_TEXT = 16
_FOREIGN: Final = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image", NO_PICTURE),
    (b"\xff\xd8\xff", "a JPEG image", NO_PICTURE),
    (b"GIF8", "a GIF image", NO_PICTURE),
    (b"II*\x00", "a TIFF image", NO_PICTURE),
    (b"MM\x00*", "a TIFF image", NO_PICTURE),
    (b"%PDF-", "a PDF document", EXPORT),
    (b"{\\rtf", "a rich text (RTF) document", EXPORT),
    (b"PARE", "an encrypted Parquet file", "Write it without encryption and upload that."),
    (b"FEA1", "a Feather file of version 1", "Write it once more with a current pyarrow, as Feather or Parquet."),
    (b"SQLite format 3\x00", "an SQLite database", "Export the table that you need as CSV."),
    (b"\x00\x01\x00\x00Standard Jet DB", "a Microsoft Access database", EXPORT),
    (b"\x00\x01\x00\x00Standard ACE DB", "a Microsoft Access database", EXPORT),
    (b"\x7fELF", "a program", "Upload a table: CSV, XLSX or XLS."),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"\x5d\x00\x00", "an LZMA archive", _UNPACK),
    (b"LZIP\x01", "an lzip archive", _UNPACK),
    (b"\x04\x22\x4d\x18", "an LZ4 archive", _UNPACK),
    (b"\x1f\x9d", "a Unix compress (.Z) archive", _UNPACK),
    (b"\x00\x00\x00\x0cjP", "a JPEG 2000 image", NO_PICTURE),
    (b"\x89HDF\r\n", "an HDF5 file", "Export the table in it as CSV."),
    (b"\x00\x00\x02\x00\x20\x51", "a Quattro Pro workbook", EXPORT),
    (b"\x00\x00\x02\x00\x01\x10", "a Quattro Pro workbook", EXPORT),
    (b"\x00\x00\x02\x00\x02\x10", "a Quattro Pro workbook", EXPORT),
    (b"\x00\x00\x02\x00\x04\x04", "a Lotus 1-2-3 worksheet", EXPORT),
    (b"\x00\x00\x02\x00\x06\x04", "a Lotus 1-2-3 worksheet", EXPORT),
    (b"\x00\x00\x1a\x00", "a Lotus 1-2-3 worksheet", EXPORT),
    (b"\xd7\xcd\xc6\x9a", "a Windows metafile, which is a drawing", NO_PICTURE),
    (b"$FL2", "an SPSS data file", EXPORT),
    (b"$FL3", "an SPSS data file", EXPORT),
    (b"<stata_dta>", "a Stata data file", EXPORT),
    (b"HEADER RECORD*******LIBRARY HEADER RECORD", "a SAS transport file", EXPORT),
    (b"RDX2\n", "an R data file", _FROM_R),
    (b"RDX3\n", "an R data file", _FROM_R),
    (b"X\n\x00\x00\x00", "an R data file", _FROM_R),
    (b"\x93NUMPY", "a NumPy array", "Write it with numpy.savetxt, or as a table with pandas.DataFrame.to_csv."),
    (b"\x00\x00\x27\x0a", "a shapefile of a map", EXPORT),
    (b"Obj\x01", "an Avro file", "Export the table in it as CSV or Parquet."),
    (b"OggS", "a sound or video file", "Upload a table: CSV, XLSX or XLS."),
    (b"ID3", "a sound file", "Upload a table: CSV, XLSX or XLS."),
)
_OLD_STATA = re.compile(rb"[\x69-\x73][\x01\x02]\x01\x00")
"""The number of the format, which byte goes first, the kind of file, and a zero (dta 105 to 115)."""
_SAS = b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00"
"""Stands behind 12 zeros."""
_PICKLE = re.compile(rb"\x80[\x02-\x05][\x00-\xff]{2,}")
_SYLK = re.compile(
    rb"\AID;P[^\r\n]*+[\r\n]++(?:[^\r\n]++[\r\n]++){0,40}?"
    rb"(?:[CB];[XY]\d|P;P(?:General|0)|F;(?:P\d|W\d+ |[XYM]\d+[;\r\n]))"
)
"""The first record and one that only a SYLK file has: a table may have columns "ID" and "P"."""
_DIF = re.compile(rb"TABLE\s*+(?<=[\r\n])0,1\s*+(?<=[\r\n])\"[^\"\r\n]*+\"\s*+(?<=[\r\n])VECTORS[^\S\r\n]*+[\r\n]")
_DBASE = frozenset({0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0x8C, 0xCB, 0xE5, 0xF5, 0xFB})
"""First bytes of dBase III to 7, FoxPro and Visual FoxPro."""
_FIELD = struct.Struct("<BBBBIHH")
_EMF_MARK = 40
"""Where the words " EMF" stand (MS-EMF §2.3.4.2)."""


def _is_orc(head: bytes) -> bool:
    """Whether bytes of no text stand behind the three letters."""
    return head.startswith(b"ORC") and any(byte < ord("\t") for byte in head[3:64])


def _is_ebcdic(head: bytes) -> bool:
    """Whether it is text there, and none elsewhere: no line end, blank or comma of ASCII stands in it, and digits or
    blanks of EBCDIC do."""
    if len(head) < _LEAST_TEXT or any(mark in head for mark in b"\n ,;"):
        return False
    known = len(head) - len(head.translate(None, _EBCDIC))
    blanks_and_digits = len(head) - len(head.translate(None, b"\x40" + bytes(range(0xF0, 0xFA))))
    return known >= _LEAST_EBCDIC * len(head) and 10 * blanks_and_digits >= len(head)


def _is_dbase(head: bytes) -> bool:
    """Whether a header as dBase's says when it was written, and how long itself and a record are."""
    if len(head) < _LEAST_DBASE or head[0] not in _DBASE:
        return False
    _, _, month, day, _, size, record = _FIELD.unpack_from(head)
    ends = head[size - 1 : size] in (b"\r", b"") or head[size - 264 : size - 263] == b"\r"
    return (
        head[12:14] == bytes(2) and 1 <= month <= 12 and 1 <= day <= 31 and size >= _LEAST_DBASE and record > 1 and ends
    )


_LEAST_DBASE = 65
"""Bytes of a header with one field."""
_AS_CSV = "Export it as CSV in the program that made it and upload that."
_AT_BANK = "Download it once more and choose CSV or Excel (XLSX)."
_INTO_DATABASE = "Load it into a database, export the table that you need as CSV and upload that."


def _text(pattern: bytes) -> Callable[[bytes], object]:
    """Whether a text begins so, behind a byte order mark and blank lines."""
    return re.compile(rb"(?:\xef\xbb\xbf)?\s*+(?:" + pattern + rb")", re.IGNORECASE).match


def refuse_foreign(head: bytes, *, name: str) -> None:
    """Raise ``NotATable`` for what is plainly something else; ``head``: its first bytes."""
    for magic, what, hint in _FOREIGN:
        if head.startswith(magic):
            raise NotATable(f"{name} is {what}, not a table.", hint=hint)
    for is_one, what, hint in _FOREIGN_BY_MORE:
        if is_one(head):
            raise NotATable(f"{name} is {what}, not a table.", hint=hint)


_FOREIGN_BY_MORE: Final[tuple[tuple[Callable[[bytes], object], str, str], ...]] = (
    (_SYLK.match, "a SYLK file", EXPORT),
    (_DIF.match, "a DIF file", EXPORT),
    (_OLD_STATA.match, "a Stata data file", EXPORT),
    (lambda head: head[12:24] == _SAS, "a SAS data file", EXPORT),
    (_PICKLE.match, "a Python pickle", "Write the table in it as CSV or Parquet and upload that."),
    (_is_orc, "an ORC file", "Export the table in it as CSV or Parquet."),
    (_is_dbase, "a dBase file (.dbf)", EXPORT),
    (
        _is_ebcdic,
        "a mainframe's text in EBCDIC",
        "Have it sent as UTF-8, or convert it, for example with iconv -f IBM1047 -t UTF-8, and upload that.",
    ),
    (
        lambda head: head.startswith(b"\x01\x00\x00\x00") and head[_EMF_MARK : _EMF_MARK + 4] == b" EMF",
        "an EMF drawing",
        NO_PICTURE,
    ),
    (lambda head: head.startswith(b"MZ") and b"\x00" in head[:256], "a program", "Upload a table: CSV, XLSX or XLS."),
    (
        lambda head: head[:4] == b"RIFF" and head[8:12] in (b"WEBP", b"WAVE", b"AVI "),
        "an image, sound or video file",
        EXPORT,
    ),
    (lambda head: head[:2] == b"BM" and head[6:10] == bytes(4), "a BMP image", NO_PICTURE),
    (lambda head: head[4:8] == b"ftyp", "a video or image file", EXPORT),
    (_text(rb"BEGIN:VCARD[\r\n]"), "a list of contacts (vCard)", _AS_CSV),
    (_text(rb"BEGIN:VCALENDAR[\r\n]"), "a calendar (iCalendar)", _AS_CSV),
    (_text(rb"OFXHEADER:\d|<\?xml[^>]*>\s*<\?OFX |<\?OFX "), "a bank's statement in OFX", _AT_BANK),
    (_text(rb"!Type:(?:Bank|Cash|CCard|Invst|Oth|Cat|Class)|!Account\s"), "a statement of Quicken (QIF)", _AT_BANK),
    (
        _text(rb"(?:\{1:F\d\d[^\r\n]*[\r\n]+)?:20:[^\r\n]*[\r\n]+(?::2\d:[^\r\n]*[\r\n]+)*:25:"),
        "a bank's statement in MT940",
        _AT_BANK,
    ),
    (_text(rb"UNA.{6}\s*UNB\+|UNB\+UN[OIK][A-Z]:\d"), "a message in EDIFACT", _AS_CSV),
    (_text(rb"ISA([^\w\s])\d\d\1.{10}\1\d\d\1.{10}\1"), "a message in EDI (X12)", _AS_CSV),
    (_text(rb"0 HEAD[ \t]*[\r\n]+1 \w"), "a family tree (GEDCOM)", _AS_CSV),
    (
        _text(rb"(?:%[^\r\n]*[\r\n]+)*(?:\\begin\{(?:table\*?|tabular[*x]?|longtable|document)\}|\\documentclass\b)"),
        "a text in LaTeX",
        "Open its PDF, copy the table there and paste it into the upload page, or write it as CSV.",
    ),
    (
        _text(rb"(?:--[^\r\n]*[\r\n]+){0,3}?-- (?:PostgreSQL database|MySQL|MariaDB|phpMyAdmin SQL) dump"),
        "a dump of a database (SQL)",
        _INTO_DATABASE,
    ),
    (
        _text(rb"\{\|[^\r\n|]*+[\r\n]++(?:\|\+[^\r\n]*+[\r\n]++)?+\s*+(?:\|-|![^!])"),
        "the markup of a wiki (MediaWiki)",
        "Open its page in the wiki, copy the table there and paste it into the upload page.",
    ),
    (_text(rb"PRAGMA foreign_keys=OFF;"), "a dump of a database (SQL)", _INTO_DATABASE),
    (_text(rb"CREATE TABLE [^;]{1,3500};\s*INSERT INTO "), "a dump of a database (SQL)", _INTO_DATABASE),
    (
        _text(
            rb"(?:--[^\r\n]*[\r\n]+\s*+){0,9}+(?:(?:DROP|CREATE) TABLE [^;]{1,2000};\s*+){0,2}+"
            rb"INSERT INTO [^\r\n]{1,2000};[ \t]*+[\r\n]\s*+INSERT INTO "
        ),
        "a dump of a database (SQL)",
        _INTO_DATABASE,
    ),
    (
        _text(rb"(?:---[ \t]*[\r\n]+)?- [\w \-]{1,40}:(?: [^\r\n]*)?[\r\n]+  [\w \-]{1,40}:(?:[ \r\n]|$)"),
        "a list in YAML",
        "Write it as JSON, [{…}, {…}], or as CSV and upload that.",
    ),
    (
        _text(rb"INSERT INTO [^\r\n;]{1,400}\bVALUES[^\S\r\n]*+[\r\n]\s*+\("),
        "a dump of a database (SQL)",
        _INTO_DATABASE,
    ),
)
