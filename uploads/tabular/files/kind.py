"""What the bytes of a file are, by their content: text, a container, a workbook, or no table at all."""

import json
import re
from enum import StrEnum
from typing import Final

from uploads.tabular.errors import NotATable
from uploads.tabular.files.foreign import EXPORT, NO_PICTURE, refuse_foreign
from uploads.tabular.files.pretenders import refuse_pretender, refuse_unfinished
from uploads.tabular.table import FileFormat


class Kind(StrEnum):
    """What to open a file with."""

    TEXT = "text"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    ZSTD = "zstd"
    TAR = "tar"
    ZIP = "zip"
    """A zip: an archive, or a workbook (told apart by its members)."""
    HTML = "html"
    SPREADSHEET_XML = "spreadsheet_xml"
    FLAT_ODS = "flat_ods"
    WEB_ARCHIVE = "web_archive"
    JSON = "json"
    PARQUET = "parquet"
    ARROW = "arrow"
    CFB = "cfb"
    """The container of .xls, and of every other old Office format and of encrypted workbooks."""


MARKUP: Final = {
    Kind.HTML: FileFormat.HTML,
    Kind.SPREADSHEET_XML: FileFormat.XML,
    Kind.FLAT_ODS: FileFormat.FODS,
    Kind.WEB_ARCHIVE: FileFormat.MHT,
}
"""Workbooks that are one text of markup."""
RECORDS: Final = {Kind.JSON: FileFormat.JSON, Kind.PARQUET: FileFormat.PARQUET, Kind.ARROW: FileFormat.ARROW}
"""What names and types its columns itself."""

_CONTAINERS: Final = {
    b"\x1f\x8b": Kind.GZIP,
    **{b"BZh%d1AY&SY" % level: Kind.BZIP2 for level in range(1, 10)},
    **{b"BZh%d\x17\x72\x45\x38\x50\x90" % level: Kind.BZIP2 for level in range(1, 10)},
    b"\xfd7zXZ\x00": Kind.XZ,
    b"\x28\xb5\x2f\xfd": Kind.ZSTD,
    b"PK\x03\x04": Kind.ZIP,
    b"PK\x05\x06": Kind.ZIP,
    b"PK\x07\x08": Kind.ZIP,
    b"PAR1": Kind.PARQUET,
    b"ARROW1\x00\x00": Kind.ARROW,
    # An Arrow stream (Arrow columnar format, "Encapsulated message format").
    b"\xff\xff\xff\xff": Kind.ARROW,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": Kind.CFB,
    # A bare BIFF stream (Excel 2 to 4, and some exporters). No text begins with a tab and a backspace.
    b"\x09\x08": Kind.CFB,
    b"\x09\x04\x06\x00": Kind.CFB,
    b"\x09\x02\x06\x00": Kind.CFB,
    b"\x09\x00\x04\x00": Kind.CFB,
}

_ZIP_MEMBER = re.compile(rb"PK\x03\x04[\x00-\x3f]\x00")
"""The head of a zip's first member; what a web server's script wrote stands before it now and then."""
_COMMENTS = re.compile(rb"\A\s*(?:<!--.*?-->\s*)*", re.DOTALL)
_HTML = re.compile(rb"<(!doctype\s+html|html|head|table|body|meta|title|script)[\s>]", re.IGNORECASE)
_HTML_PART = re.compile(
    rb"<(div|style|center|font|form|p|span|h\d|br)[\s/>].*<(table|html|body|div)[\s>]"
    rb"|<(b|strong|thead|tbody|tr|link|base|img)[\s/>].*<(table|tr)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_XHTML = re.compile(
    rb"<\?xml\s[^>]*+>\s*+(?:(?><!--.*?-->)\s*+|<!doctype\s+html[^>]*+>\s*+)*+<html[\s>]", re.IGNORECASE | re.DOTALL
)
_FLAT_DOCUMENT = re.compile(rb"<office:document\s")
_OTHER_DOCUMENT = re.compile(
    rb"office:mimetype=[\"']application/vnd\.oasis\.opendocument\.(?!spreadsheet)", re.IGNORECASE
)
_XML = re.compile(rb"<\?xml\s|<[A-Za-z_][\w:.-]*(\s[^<>]*)?>\s*<[/!A-Za-z_]")
_SPREADSHEET_XML = re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet|progid=\"Excel.Sheet\"")
_STORAGE_ERROR = re.compile(rb"(?:<\?xml\s[^>]*>\s*)?<Error>\s*<Code>")
"""What S3, Azure and Google answer in place of a file."""
_MAIL_HEADER = re.compile(rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t]+[^\n]*\n)*){2,}")
_WEB_ARCHIVE = re.compile(rb"^Content-Type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)


def content_kind(head: bytes, *, name: str) -> Kind:
    """Decide by the first bytes (a few KB) what a file is; raise ``NotATable`` for what holds no table."""
    refuse_unfinished(name)
    for magic, kind in _CONTAINERS.items():
        if head.startswith(magic):
            return kind
    if head[257:262] == b"ustar":
        return Kind.TAR
    refuse_foreign(head, name=name)
    refuse_pretender(head, name=name)
    if (member := _ZIP_MEMBER.search(head)) and b"\x00" not in head[: member.start()]:
        return Kind.ZIP
    return _markup_kind(_as_narrow(head), name=name) or Kind.TEXT


_HOLE = re.compile(rb"\x00{8,}")
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 27, 30, 31}) + b"\x7f"
_CONCORDANCE = re.compile(rb"(?:\xfe|\xc3\xbe)\x14")
"""Concordance's files have a control code between their cells, each of which stands in thorns."""


_HIGH = bytes(range(128, 256))
_LEAST_NOISE = 16_384
"""Bytes of which noise has each of the 128 often enough to tell."""
_NOISE_SHARE = 0.3
_HIVE = b"\x01"
"""What parts the cells of Hive's tables, where nobody said otherwise."""


def refuse_binary(head: bytes, *, wide: bool, name: str) -> None:
    """Refuse what is no text in any encoding: more than a tenth control characters (a stray NUL is fine), or noise.

    A hole of NULs behind a line of text, as a power cut leaves it in a log, is one fault and no other kind of file.
    """
    first_line = head.partition(b"\n")[0]
    if first_line == first_line.translate(None, _CONTROL):
        head = _HOLE.sub(b"", head)
    if _CONCORDANCE.search(first_line):
        head = head.replace(b"\x14", b"")
    if _HIVE in first_line and _parts_all_lines(head, _HIVE):
        head = head.replace(_HIVE, b"")
    if not wide and (len(head) - len(head.translate(None, _CONTROL)) > len(head) / 10 or is_noise(head)):
        raise NotATable(f"{name} is neither text nor a workbook or archive that can be read here.", hint=EXPORT)


def is_noise(head: bytes) -> bool:
    """Whether all bytes from 0x80 on are there, each about as often: so is what is encrypted or packed, and no text in
    any encoding, which leaves some of them out and has others often."""
    high = len(head) - len(head.translate(None, _HIGH))
    if len(head) < _LEAST_NOISE or high < _NOISE_SHARE * len(head):
        return False
    # from the last one down: in UTF-8 the first that is asked for is missing (0.01 ms, where to count all takes 19)
    return all(head.count(code) * len(_HIGH) * 3 > high for code in reversed(_HIGH))


def _parts_all_lines(head: bytes, mark: bytes) -> bool:
    """Whether there are as many in each line, but for the last, which may have been cut off."""
    lines = [line for line in head.splitlines()[: None if head.endswith(b"\n") else -1] if line]
    counts = {line.count(mark) for line in lines}
    return len(lines) > 1 and len(counts) == 1 and counts != {0}


def _as_narrow(head: bytes) -> bytes:
    """The text's first bytes in UTF-8, without byte order mark."""
    for mark, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(codec, "replace").encode("utf-8", "replace")
    return head.removeprefix(b"\xef\xbb\xbf")


def _markup_kind(head: bytes, *, name: str) -> Kind | None:
    """The kind of markup that is read; nothing where it is none. Raises ``NotATable`` for markup without tables."""
    begin = _COMMENTS.sub(b"", head, count=1)
    if not begin.startswith(b"<"):
        if (header := _MAIL_HEADER.match(begin)) and _WEB_ARCHIVE.search(header[0]):
            return Kind.WEB_ARCHIVE
        return Kind.JSON if _is_json(head) else None
    if _HTML.match(begin) or _HTML_PART.match(begin) or _XHTML.match(begin):
        return Kind.HTML
    if _SPREADSHEET_XML.search(begin):
        return Kind.SPREADSHEET_XML
    if _FLAT_DOCUMENT.search(begin):
        if _OTHER_DOCUMENT.search(begin):
            raise NotATable(f"{name} is an OpenDocument text or drawing, not a table.", hint=EXPORT)
        return Kind.FLAT_ODS
    _refuse_xml(begin, name=name)
    return None


def _refuse_xml(begin: bytes, *, name: str) -> None:
    if begin.startswith(b"<svg"):
        raise NotATable(f"{name} is an SVG image, not a table.", hint=NO_PICTURE)
    if _STORAGE_ERROR.match(begin):
        raise NotATable(
            f"{name} is the error message of a storage service, not the table that was to be downloaded.",
            hint="The link may have expired or ask for a permission: get a new one, download the table and upload it.",
        )
    if _XML.match(begin):
        raise NotATable(f"{name} is an XML document, not a table.", hint=EXPORT)


def _is_json(head: bytes) -> bool:
    """``{"a": …`` and ``[{…`` or ``[1, …``: the first line parses as JSON or is plainly the start of it; so do
    the first two of lists, each in its line."""
    text = head.lstrip()
    if not text.startswith((b"{", b"[")):
        return False
    if re.match(rb'(\{\s*("([^"\\]|\\.)*"\s*:|\}\s*$)|\[\s*(\{\s*"|\[|\]\s*$))', text):
        return True
    return _is_value(text) or (text.startswith(b'["') and all(map(_is_value, text.split(b"\n")[:2])))


def _is_value(text: bytes) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
