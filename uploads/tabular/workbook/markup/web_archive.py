"""A web archive (MHT, RFC 2557): a page and its parts in one file, as Excel and many reports save a workbook."""

import email.policy
import html
import re
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from pathlib import Path, PurePosixPath

from uploads.tabular.errors import DamagedFile, LimitExceeded
from uploads.tabular.files.temporary_files import path_of, temporary_file
from uploads.tabular.table import Limits

_SHEETS = re.compile(
    r"<x:ExcelWorksheet>\s*<x:Name>(.*?)</x:Name>.*?<x:WorksheetSource\s+HRef=3?D?\"([^\"]*)\"", re.DOTALL
)


def read_parts(path: Path, *, name: str, limits: Limits) -> list[tuple[str, bytes, str | None]]:
    """The pages within: the name of the sheet that each one is, or nothing, its bytes, and their encoding as stated."""
    size = path.stat().st_size
    if size * 4 > limits.memory_bytes:
        raise LimitExceeded(
            f"{name} has {size:,} bytes; a web archive may have {limits.memory_bytes // 4:,}.",
            hint="Save the table as CSV or XLSX and upload that.",
        )
    try:
        with path.open("rb") as file:
            message = BytesParser(policy=email.policy.compat32).parse(file)
        pages = [page for part in message.walk() if (page := _page(part)) is not None]
    except (MessageError, LookupError, ValueError, RecursionError) as error:
        raise DamagedFile(
            f"{name} is a web archive (MHT) that cannot be read: {error}.",
            hint="Open it in a spreadsheet program, save it as XLSX and upload that.",
        ) from error
    sheets: dict[str, str] = {}
    for _, content, _ in pages:
        text = content.decode("utf-8", "replace")
        sheets.update({PurePosixPath(href).name: _unescaped(sheet) for sheet, href in _SHEETS.findall(text)})
    return [(sheets.get(location, ""), content, charset) for location, content, charset in pages]


class Spooled:
    """The bytes of a page as a file."""

    def __init__(self, content: bytes) -> None:
        self._file = temporary_file()
        self._file.write(content)
        self._file.flush()

    @property
    def path(self) -> Path:
        return path_of(self._file)

    def close(self) -> None:
        self._file.close()


def _page(part: Message) -> tuple[str, bytes, str | None] | None:
    if part.get_content_type() not in {"text/html", "application/xhtml+xml"}:
        return None
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return None
    location = str(part.get("Content-Location", "")).replace("\\", "/").strip()
    charset = part.get_content_charset()
    return PurePosixPath(location).name, content, charset


def _unescaped(text: str) -> str:
    return html.unescape(text).strip()
