"""Places in a list as text for addresses: ``3.7.1200`` is row 1,200 of load 7 of file 3, ``k.…`` the row of a key,
``s.…`` a row of a view in another order."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from typing import Any

from uploads.database.reading.terms import Place
from uploads.database.rows import Position, no_such_page

_LARGEST = (2**31 - 1, 2**31 - 1, 2**63 - 1)
_KEY, _SORTED = "k.", "s."
_LONGEST_KEY = 30_000
"""PostgreSQL's index has no key of more than 2,700 bytes; there may be eight columns."""


def write_cursor(position: Position | Place) -> str:
    """The text from which ``read_cursor``, or ``read_view_cursor``, makes the same place."""
    if isinstance(position, Place):
        return _SORTED + _pack([position.sort, position.values, position.tie])
    if position.key:
        return _KEY + _pack(position.key)
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
    raise no_such_page()


def read_view_cursor(text: str) -> Position | Place | None:
    """The same for rows that may be in any order."""
    if not text.startswith(_SORTED):
        return read_cursor(text)
    match _unpack(text.removeprefix(_SORTED)):
        case [str(sort), [*values], [*tie]] if _are_texts([*tie, *values]):
            return Place(sort=sort, values=tuple(values), tie=tuple(tie))
    raise no_such_page()


def _read_key(text: str) -> tuple[str | None, ...]:
    key = _unpack(text)
    if isinstance(key, list) and key and _are_texts(key):
        return tuple(key)
    raise no_such_page()


def _pack(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _unpack(text: str) -> Any:
    try:
        value = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4))) if len(text) <= _LONGEST_KEY else None
        json.dumps(value, ensure_ascii=False).encode()  # half a letter of UTF-16 is none to PostgreSQL
    except (Base64Error, ValueError, RecursionError):
        raise no_such_page() from None
    return value


def _are_texts(values: list[Any]) -> bool:
    """Or nothing, as PostgreSQL's NULL is written."""
    return all(value is None or (isinstance(value, str) and "\0" not in value) for value in values)
