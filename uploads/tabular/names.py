"""Names for the database: from header cells, file names and sheet names to safe SQL identifiers.

PostgreSQL cuts an identifier at 63 *bytes*, so that two names can become one, and reserves its system columns.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Sequence
from enum import StrEnum

from uploads.tabular.formats import SUFFIXES

MAX_NAME_BYTES = 63
"""PostgreSQL's NAMEDATALEN - 1."""

MAX_SLUG_BYTES = 50
"""Leaves room for what is derived from a dataset's name: indexes, constraints."""

SYSTEM_COLUMNS = frozenset({"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"})
"""Names that PostgreSQL refuses for a user's column. Ours begin with ``_``, which no user's column does."""


class NameChange(StrEnum):
    """How a column's name differs from the header cell that it was made from."""

    CUT = "cut"
    CHANGED = "changed"


_EXTENSIONS = re.compile(rf"({'|'.join(map(re.escape, SUFFIXES))})+$", re.IGNORECASE)


def column_names(labels: Sequence[str]) -> tuple[str, ...]:
    """Name each header cell; names are distinct, and the same labels give the same names in any order.

    The first label of a kind keeps the plain name; those that collide with it get ``_2``, ``_3`` …,
    never a name that another label has by right.
    """
    plain = [_plain_name(label, position) for position, label in enumerate(labels, start=1)]
    rightful = set(plain)
    taken: set[str] = set()
    next_number: dict[str, int] = {}
    names = []
    for wanted in plain:
        name = wanted
        number = next_number.get(wanted, 2)
        while name in taken or (name != wanted and name in rightful):
            name = _with_suffix(wanted, f"_{number}")
            number += 1
        next_number[wanted] = number
        taken.add(name)
        names.append(name)
    return tuple(names)


def unused_name(name: str, taken: Collection[str]) -> str:
    """The name, or the first numbered one like it that is not ``taken``."""
    candidate, number = name, 2
    while candidate in taken:
        candidate, number = _with_suffix(name, f"_{number}"), number + 1
    return candidate


def dataset_slug(text: str) -> str:
    """Name a dataset after a file or sheet: ``Sales 2023.csv.gz`` becomes ``sales_2023``."""
    base = _EXTENSIONS.sub("", text.strip())
    if base != text.strip():
        base = re.split(r"[/\\]", base)[-1]
    word = _word(base)
    if not word:
        return "data"
    if not word[0].isalpha():
        word = f"data_{word}"
    return _cut(word, MAX_SLUG_BYTES)


def header_key(labels: Sequence[str]) -> str:
    """Fingerprint of a header: equal for the same columns in any order and letter case. 64 hex digits."""
    return hashlib.sha256("\n".join(sorted(column_names(labels))).encode()).hexdigest()


def table_key(labels: Sequence[str], source: str | None, *, is_named: bool) -> str:
    """What tables of one file share that become one dataset: their columns, where a header names any.

    Columns without names say nothing of each other, so that a table without a header goes by its place in the file;
    not so where a person named one dataset for all of it (``is_named``).
    """
    key = header_key(labels)
    return key if is_named or any(map(str.strip, labels)) else f"{key} {source or ''}"


def has_name(label: str) -> bool:
    """Whether a column's name is made from its header cell, rather than invented from its place."""
    return bool(_word(label))


def name_changes(labels: Sequence[str], names: Sequence[str]) -> tuple[NameChange | None, ...]:
    """What became of each header cell on its way to its column's name. ``None``: it has no words, it is the name but
    for capitals and spaces, or the name was not made from it."""
    made = column_names(labels)
    return tuple(
        _change(label, name) if name == by_label and has_name(label) else None
        for label, name, by_label in zip(labels, names, made, strict=True)
    )


def is_slug_cut(text: str, slug: str) -> bool:
    """Whether a dataset's name is the beginning of what ``text`` would be as one."""
    word = _word(text)
    word = word if word[:1].isalpha() else f"data_{word}"
    return len(word.encode()) > MAX_SLUG_BYTES and slug == _cut(word, MAX_SLUG_BYTES)


def _change(label: str, name: str) -> NameChange | None:
    if len(_word(label).encode()) > MAX_NAME_BYTES:
        return NameChange.CUT
    plain = re.sub(r"[\s_]+", "_", unicodedata.normalize("NFKC", label).strip().lower()).strip("_")
    return None if plain == name else NameChange.CHANGED


def _plain_name(label: str, position: int) -> str:
    word = _word(label)
    if not word:
        return f"column_{position}"
    if not word[0].isalpha():
        word = f"c_{word}"
    if word in SYSTEM_COLUMNS:
        # A trailing underscore: _word strips it again, so a name made from a name stays what it is.
        word = f"{word}_"
    return _cut(word, MAX_NAME_BYTES)


def _word(text: str) -> str:
    """Lower-case letters, marks and digits, everything else one ``_`` between them."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    # Marks (vowel signs in Hindi or Thai) belong to their letters, though Python's \w leaves them out.
    kept = (c if c.isalnum() or unicodedata.category(c).startswith("M") else "_" for c in folded)
    return re.sub("_+", "_", "".join(kept)).strip("_")


def _with_suffix(name: str, suffix: str) -> str:
    return _cut(name.rstrip("_"), MAX_NAME_BYTES - len(suffix)) + suffix


def _cut(text: str, size: int) -> str:
    """At most ``size`` bytes of UTF-8, cut between characters."""
    if len(text.encode()) <= size:
        return text
    return text.encode()[:size].decode(errors="ignore").rstrip("_")
