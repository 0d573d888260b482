"""Places in a list as text for addresses: ``3.7.1200`` is row 1,200 of load 7 of file 3, ``k.…`` the row of a key."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error

from uploads.database.rows import Position
from uploads.tabular.errors import BadOption

_LARGEST = (2**31 - 1, 2**31 - 1, 2**63 - 1)
_KEY = "k."
_LONGEST_KEY = 30_000
"""PostgreSQL's index has no key of more than 2,700 bytes; there may be eight columns."""


def write_cursor(position: Position) -> str:
    """The text from which ``read_cursor`` makes the same position."""
    if position.key:
        return _KEY + urlsafe_b64encode(json.dumps(position.key).encode()).decode().rstrip("=")
    return f"{position.file}.{position.load}.{position.row}"


def read_cursor(text: str) -> Position | None:
    """A position, ``None`` for empty text; raises ``BadOption`` for anything that isn't one."""
    if not text:
        return None
    if text.startswith(_KEY):
        return Position(file=0, load=0, row=0, key=_read_key(text.removeprefix(_KEY)))
    parts = text.split(".")
    if len(parts) == len(_LARGEST) and all(part.isascii() and part.isdigit() and len(part) <= 19 for part in parts):
        file, load, row = map(int, parts)
        if all(number <= largest for number, largest in zip((file, load, row), _LARGEST, strict=True)):
            return Position(file=file, load=load, row=row)
    raise _no_such_page()


def _read_key(text: str) -> tuple[str, ...]:
    try:
        key = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4))) if len(text) <= _LONGEST_KEY else None
        json.dumps(key, ensure_ascii=False).encode()  # half a letter of UTF-16 is none to PostgreSQL
    except (Base64Error, ValueError, RecursionError):
        raise _no_such_page() from None
    if isinstance(key, list) and key and all(isinstance(part, str) and "\0" not in part for part in key):
        return tuple(key)
    raise _no_such_page()


def _no_such_page() -> BadOption:
    return BadOption("This page of rows doesn't exist.", hint="Begin again at the first page.")
