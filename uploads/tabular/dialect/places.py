"""Places of letters in lines of columns of fixed width, what is no row there, and cells as a line of any CSV."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import islice

COUNT = re.compile(
    r"\(\d[\d.,' ]* [^\W\d_]+( [^\W\d_]+)?\)|no rows selected"
    r"|\d[\d.,']* (rows?|records?|row\(s\)|record\(s\)) (selected|affected|returned|fetched)\.?",
    re.IGNORECASE,
)
"""What programs say below a table: never cut into cells, nor are prompts."""
_PROMPT = "SQL>"
_LOOKED_AT = 1_000
_LINES = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n)")
LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
"""With its end."""
MARK = "|"
_QUOTED = re.compile(r'[|"\r\n]')

type Measure = Callable[[str], str]
"""A line with as many characters as it takes places: fillers (NUL) stand behind wide letters."""


def characters(line: str) -> str:
    return line


def wide_places(line: str) -> str:
    """A letter of the Far East takes two places."""
    return "".join(c + "\0" if unicodedata.east_asian_width(c) in "WF" else c for c in line)


def byte_places(line: str) -> str:
    return "".join(c + "\0" * (len(c.encode("utf-8", "surrogateescape")) - 1) for c in line)


def first_lines(text: str) -> list[str]:
    whole = max(text.rfind("\n"), text.rfind("\r")) + 1  # behind it each letter would be tried as the first of a line
    return [match[1] for match in islice(_LINES.finditer(text, 0, whole), _LOOKED_AT)]


def is_no_row(line: str) -> bool:
    return line.startswith(_PROMPT) or COUNT.fullmatch(line.strip()) is not None


def written(cells: Sequence[str]) -> str:
    """The cells as a line of any CSV."""
    quoted = ('"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell for cell in cells)
    return MARK.join(quoted)
