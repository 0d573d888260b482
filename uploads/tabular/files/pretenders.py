"""Small files in a table's place: shortcuts, pointers, locks, mails, downloads that have not finished. Each is named,
with the way to the table."""

import json
import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Final

from uploads.tabular.errors import NotATable

_OWNER_NAME = 54
"""Bytes in which Office's owner file holds the user's name, after their number; then the same once more as UTF-16."""
_OWNER_FILE = range(_OWNER_NAME + 2, 200)
"""Bytes of an owner file: Excel writes 165, Word 162."""
_LIBREOFFICE_LOCK = re.compile(rb"\A,[^,\r\n]*,[^,\r\n]*,\d\d\.\d\d\.\d{4} \d\d:\d\d,[^\r\n]*;\s*\Z")
_SECTION = re.compile(rb"\s*\[(?:InternetShortcut|\{000214A0-0000-0000-C000-000000000046\})\]\s*[\r\n]")
"""Windows writes either section first."""
_ANNEX = re.compile(rb"/annex/objects/[A-Z0-9_]+-[^\r\n]+\s*")
_WEB_QUERY = re.compile(rb"WEB\s*[\r\n]+\d+\s*[\r\n]+https?://", re.IGNORECASE)
_DESKTOP = re.compile(rb"(?:\s*#[^\n]*\n)*\s*\[Desktop Entry\]\s*[\r\n]")
_ONLINE: Final = {
    b"docs.google.com": ("Google Sheets", "Open it there and choose File, Download, Microsoft Excel (.xlsx)."),
    b"drive.google.com": ("Google Drive", "Open it there, download the file itself and upload that."),
}
_MAIL_SUFFIXES = {".eml", ".mbox", ".emlx"}
_GOOGLE_SUFFIXES = {".gsheet", ".gdoc", ".gslides", ".gtable"}
_MAIL_FIELD = re.compile(rb"(?P<name>[!-9;-~]+):[^\n]*\n(?:[ \t]+[^\n]*\n)*")
_MAIL_PARTIES = frozenset({b"from", b"to"})
_MAIL_ROUTE = frozenset({b"received", b"return-path", b"message-id", b"mime-version", b"delivered-to", b"x-mailer"})
"""Fields that no form but a mail has."""
_WEB_PAGE = re.compile(rb"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
"""As a browser saves a page with all that it shows, which can be read."""
_MAILBOX = re.compile(rb"From \S+@\S+ [A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d[^\n]*\n[!-9;-~]+:")
_UNFINISHED = re.compile(
    r"(?P<whole>.+)(?P<ending>\.(?:crdownload|opdownload))|.+\.[a-z]\w{1,4}(?P<other>\.(?:part|partial|filepart|download))",
    re.IGNORECASE,
)
"""What Chrome and Opera put behind a name as they download, and Firefox, Edge, WinSCP and Safari behind an ending."""
_FOLLOW = "Open the shortcut, download the table that it leads to and upload that."


def refuse_pretender(head: bytes, *, name: str) -> None:
    """Raise ``NotATable`` for a file that only leads to a table, or keeps its place; ``head``: its first bytes."""
    for is_one, what, hint in _PRETENDERS:
        if is_one(head, name):
            raise NotATable(f"{name} is {what}, not the table itself.", hint=hint)
    _refuse_online(head, name)


def refuse_unfinished(name: str) -> None:
    """Raise ``NotATable`` for what a browser had not yet fetched whole when it was uploaded, by its name."""
    if found := _UNFINISHED.fullmatch(name):
        ending = found["ending"] or found["other"]
        raise NotATable(
            f"{name} is a download that has not finished: its end may be missing.",
            hint=f"Let the download finish and upload the file without “{ending}” behind its name."
            " If it is whole, take that off its name.",
        )


def _refuse_online(head: bytes, name: str) -> None:
    """The few lines of JSON that Google Drive keeps on a disk in place of a document."""
    if not head.lstrip().startswith(b"{"):
        return
    try:
        content = json.loads(head)
    except (ValueError, RecursionError):
        return
    url = content.get("url", "") if isinstance(content, dict) else ""
    is_named = PurePosixPath(name).suffix.lower() in _GOOGLE_SUFFIXES
    is_shortcut = is_named or "doc_id" in content or "resource_id" in content
    for place, (service, hint) in _ONLINE.items():
        if is_shortcut and isinstance(url, str) and (place in url.encode() or not url):
            raise NotATable(f"{name} is a shortcut to {service}, not the table itself.", hint=hint)


def _is_owner_file(head: bytes, _name: str) -> bool:
    """``~$x.xlsx``, which Excel keeps beside an open workbook: who has it open."""
    if len(head) not in _OWNER_FILE or not 0 < head[0] <= _OWNER_NAME:
        return False
    length = head[0]
    rest = head[1 + length : 1 + _OWNER_NAME]
    # The name again as UTF-16, its length before it: Excel puts a byte between.
    again = head[1 + _OWNER_NAME :].lstrip(b" \0")
    return not rest.strip(b" \0") and again[:2] == bytes([length, 0])


def _is_mail(head: bytes, name: str) -> bool:
    """``x.eml``: fields of who wrote to whom and which way it came, a blank line, and the mail."""
    if _MAILBOX.match(head):
        return True
    at, fields = 0, set[bytes]()
    begin = head.replace(b"\r\n", b"\n").lstrip()
    while found := _MAIL_FIELD.match(begin, at):
        at = found.end()
        fields.add(found["name"].lower())
    is_over = len(begin) <= at or begin.startswith(b"\n", at)
    if _WEB_PAGE.search(begin, 0, at):
        return False
    is_named = PurePosixPath(name).suffix.lower() in _MAIL_SUFFIXES
    return bool(is_over and fields & _MAIL_PARTIES and (is_named or fields & _MAIL_ROUTE))


def _is_lock_file(head: bytes, name: str) -> bool:
    """``.~lock.x.ods#``, which LibreOffice keeps beside an open file."""
    return name.startswith(".~lock.") or _LIBREOFFICE_LOCK.match(head) is not None


_CLOSE_THERE = "Upload the file itself, without “.~lock.” before its name; it may have to be closed first."
_CLOSE = "Upload the workbook itself, without “~$” before its name; it may have to be closed first."

_PRETENDERS: Final[tuple[tuple[Callable[[bytes, str], object], str, str], ...]] = (
    (
        lambda head, _: head.startswith(b"version https://git-lfs.github.com/spec/"),
        "a Git LFS pointer (a few lines that say where the real file is kept)",
        "Get the real file by “git lfs pull”, or by the Download button where you found this one, and upload that.",
    ),
    (
        lambda head, _: _ANNEX.fullmatch(head),
        "a git-annex pointer (a line that says where the real file is kept)",
        "Get the real file by “git annex get”, and upload that.",
    ),
    (
        lambda head, _: _WEB_QUERY.match(head),
        "a web query (a few lines that say where Excel finds the table)",
        "Open it in Excel, save the table as CSV or XLSX and upload that.",
    ),
    (
        lambda head, _: _SECTION.match(head),
        "an internet shortcut",
        _FOLLOW,
    ),
    (lambda head, _: _DESKTOP.match(head), "a desktop shortcut", _FOLLOW),
    (lambda head, _: b"<plist" in head[:400] and b"<key>URL</key>" in head, "an internet shortcut", _FOLLOW),
    (lambda head, _: head.startswith(b"bplist00") and b"SURL" in head[:64], "an internet shortcut", _FOLLOW),
    (
        lambda head, _: head.startswith(b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F"),
        "a Windows shortcut",
        "Upload the file that it leads to.",
    ),
    (
        _is_mail,
        "a mail",
        "Open it in a mail program, save the attachment that holds the table and upload that.",
    ),
    (_is_owner_file, "the small file that Excel keeps beside a workbook that is open", _CLOSE),
    (
        _is_lock_file,
        "the small file that LibreOffice keeps beside a file that is open",
        _CLOSE_THERE,
    ),
    (
        lambda head, _: head.startswith((b"\0\x05\x16\x07", b"\0\x05\x16\0")),
        "what macOS keeps beside a file (AppleDouble)",
        "Upload the file itself, without “._” before its name.",
    ),
)
