"""The name of a file as its sender wrote it, made safe to keep and to show; it never becomes a path."""

import unicodedata
from pathlib import PurePosixPath

MAX_LENGTH = 255
UNNAMED = "unnamed"

# Marks that turn the direction of what follows: "exe.csv" can be made to look like "vsc.exe".
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_file_name(name: str) -> str:
    """The last part of a path, in NFC, without control characters and turning marks; at most 255 characters.

    A name that is too long loses characters before its extension, which says what the file is.
    """
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    kept = "".join(c for c in unicodedata.normalize("NFC", last) if c not in _TURNING and not _unprintable(c))
    kept = " ".join(kept.split())
    if kept.strip(". ") == "":
        return UNNAMED
    if len(kept) <= MAX_LENGTH:
        return kept
    suffix = "".join(PurePosixPath(kept).suffixes[-2:])[-20:]
    return kept[: MAX_LENGTH - len(suffix)] + suffix


def _unprintable(character: str) -> bool:
    """Control characters, lone surrogates, private use, line separators. Spaces stay."""
    return unicodedata.category(character) in {"Cc", "Cs", "Co", "Zl", "Zp"}
