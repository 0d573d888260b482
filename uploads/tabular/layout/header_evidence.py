"""Tells a header from a row of data by comparing it, column by column, with the rows below, and says why."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from uploads.tabular.layout.series_names import MONTHS, YEAR, are_series_names, is_fiscal_year, is_sure_series
from uploads.tabular.notes import Note, NoteKind, Why, WhyKind

Row = Sequence[str]

_NUMBER = re.compile(r"[-+]?[$€£¥]?\s?(\d[\d.,'\u00a0\u202f ]*|[.,]\d+)([eE][-+]?\d+)?\s?[%€]?$")
_TIME = re.compile(
    r"\d{1,4}[-/.:]\d{1,2}([-/.:]\d{1,4})?([ T]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s?(Z|[-+]\d{2}:?\d{2})?)?$"
)
_BREAK = re.compile(r"[\r\n]")
_DIGITS = re.compile(r"\d+")
_MONTH_NAME = re.compile(rf"(?<![^\W\d_]){MONTHS}(?![^\W\d_])", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")
_BEGINNING = 8
"""Characters with which a line begins."""
_LEAST_DIGITS = 2
_LEAST_LINES = 3
_LEAST_SAME = 2
_SHARE_SAME = 0.05
_MONTH_DATE = re.compile(r"\d{1,2}[-/. ][^\W\d_]{3,9}[-/., ]+\d{2,4}$")
_TRUTHS = frozenset({"true", "false", "yes", "no", "t", "f", "y", "n"})
NULL_WORDS = frozenset({"na", "n/a", "null", "none", "nan", "nil", "missing", "unknown", "n.a.", "x", "c", "s"})
"""They stand for a value in columns of values."""
WITHHELD = NULL_WORDS | {
    "closed", "confidential", "error", "estimate", "estimated", "no data", "not available", "not applicable",
    "not surveyed", "pending", "provisional", "redacted", "suppressed", "tba", "tbc", "tbd", "total", "unavailable",
    "withheld",
}  # fmt: skip
"""Words that stand where a figure is kept back."""
_SHOWN = 30
"""Characters of a cell that a reason shows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """Whether a row is the header."""

    is_header: bool
    why: Why | None = None
    """Why it is none, or for a header what speaks against it, if anything does."""


def judge_header(candidate: Row, body: Sequence[Row]) -> Verdict:
    """Judge a row of stripped cells by the rows below it, which are as long."""
    words = [cell for cell in candidate if cell]
    if not words:
        return Verdict(is_header=False, why=Why.of(WhyKind.BLANK))
    value = next((cell for cell in words if kind_of(cell) != "text"), None)
    votes = count_votes(candidate, body)
    if value is None:
        why = _repeated(candidate, body) or _numbered_like(candidate, body) or _begins_alike(candidate, body)
        if why:
            return Verdict(is_header=False, why=why)
        told_apart = votes > 0 or not body or _has_other_shape(candidate, body)
        return Verdict(is_header=True, why=None if told_apart else Why.of(WhyKind.ONLY_WORDS))
    if are_series_names(candidate, body) or votes > 0 or _is_number_among_names(candidate, body):
        return Verdict(is_header=True, why=maybe_value(value, candidate, body))
    why = _value_above_values(candidate, body) or Why.of(WhyKind.VALUE, cell=_shown(value))
    return Verdict(is_header=False, why=why)


def maybe_value(value: str, candidate: Row, body: Sequence[Row]) -> Why:
    """What speaks against a header that holds the ``value``; of a series that nobody takes for data it isn't told."""
    told = {"is_told": False} if is_sure_series(candidate, body) else {}
    return Why.of(WhyKind.MAYBE_VALUE, cell=_shown(value), **told)


def header_notes(why: Why | None, *, unit: str, place: int, columns: int, is_header: bool) -> tuple[Note, ...]:
    """What is noted of a header that may be data, or of a table without one; ``place`` is the row that was judged."""
    if why is None or (is_header and not why.figures.get("is_told", True)):
        return ()
    if is_header:
        return (Note.of(NoteKind.HEADER_DOUBTED, unit=unit, place=place, why=why.as_json()),)
    return (Note.of(NoteKind.HEADER_MISSING, unit=unit, place=place, columns=columns, why=why.as_json()),)


def written_names_notes(header: Sequence[Row]) -> tuple[Note, ...]:
    """For cells of a header's rows with spaces or line ends around them, which names are without; and with line breaks
    between their words, which they keep though pages show spaces."""
    cells = [cell for row in header for cell in row if cell.strip()]
    trimmed = [cell.strip() for cell in cells if cell != cell.strip()]
    broken = [cell.strip() for cell in cells if _BREAK.search(cell.strip())]
    found = ((NoteKind.NAMES_TRIMMED, trimmed), (NoteKind.NAMES_BROKEN, broken))
    return tuple(Note.of(kind, count=len(names), first=names[0]) for kind, names in found if names)


def count_votes(candidate: Row, body: Sequence[Row]) -> int:
    """Columns of numbers or dates under a word speak for a header, those under a value against."""
    votes = 0
    for position, cell in enumerate(candidate):
        kind = _usual_kind([row[position] for row in body if row[position]])
        if cell and kind not in ("", "text"):
            votes += 1 if kind_of(cell) == "text" else -1
    return votes


def kind_of(cell: str) -> str:
    """``time``, ``number`` or ``text``."""
    cell = cell.strip()
    if _TIME.match(cell) and not is_fiscal_year(cell):
        return "time"
    if _NUMBER.match(cell):
        return "number"
    return "text"


def _usual_kind(cells: Sequence[str]) -> str:
    """What most of the cells are; empty where there are none or too mixed ones."""
    kinds = Counter(map(kind_of, cells))
    if not kinds:
        return ""
    kind, count = kinds.most_common(1)[0]
    return kind if count >= 0.6 * kinds.total() else ""


def _repeated(candidate: Row, body: Sequence[Row]) -> Why | None:
    """Most of the row's cells occur below it in their own columns, as values do and headers don't."""
    if len(body) < 2:
        return None
    named = [position for position, cell in enumerate(candidate) if cell]
    found = [position for position in named if any(row[position] == candidate[position] for row in body)]
    if len(found) * 2 <= len(named):
        return None
    return Why.of(WhyKind.REPEATED, cell=_shown(candidate[found[0]]), column=found[0] + 1)


def _numbered_like(candidate: Row, body: Sequence[Row]) -> Why | None:
    """``Table 1`` above ``Table 2`` and ``Table 3``, ``Jan-24`` above ``Feb-24`` and ``May-24``: the same words and
    other digits or months, as in a row of values."""
    for position, cell in enumerate(candidate):
        if not _DIGITS.search(cell):
            continue
        shapes = Counter(_counted_shape(row[position]) for row in body if row[position])
        if shapes.total() > 1 and shapes[_counted_shape(cell)] * 2 > shapes.total():
            return Why.of(WhyKind.NUMBERED, cell=_shown(cell))
    return None


def _counted_shape(cell: str) -> str:
    return _DIGITS.sub("9", _MONTH_NAME.sub("month", cell))


def _begins_alike(candidate: Row, body: Sequence[Row]) -> Why | None:
    """A whole line that begins as most lines below do, digits among it: ``Mar  5 00:00:26 web01 …`` of a log; or with
    the very letters of several: ``$GPGGA,120000,…`` of a receiver, ``*** 1. row ***`` above each record of mysql."""
    if len(candidate) > 1 or len(candidate[0]) < 2 * _BEGINNING or len(body) < _LEAST_LINES:
        return None
    line = candidate[0]
    own = _shape_of(line)
    alike = sum(_shape_of(row[0]) == own for row in body)
    same = sum(row[0][:_BEGINNING] == line[:_BEGINNING] for row in body)
    is_like_most = own.count("9") >= _LEAST_DIGITS and alike >= 0.8 * len(body)
    is_like_several = _DIGIT.search(line) is not None and same >= max(_LEAST_SAME, _SHARE_SAME * len(body))
    if not is_like_most and not is_like_several:
        return None
    return Why.of(WhyKind.NUMBERED, cell=_shown(candidate[0]))


def _shape_of(line: str) -> str:
    """The first characters of a line, each letter as ``a`` and each digit as ``9``."""
    return _LETTER.sub("a", _DIGIT.sub("9", line[:_BEGINNING]))


def _value_above_values(candidate: Row, body: Sequence[Row]) -> Why | None:
    """A number above numbers, or a date above dates: above words it says nothing of them."""
    for position, cell in enumerate(candidate):
        below = [row[position] for row in body if row[position]]
        if cell and below and kind_of(cell) == kind_of(below[0]) != "text":
            return Why.of(WhyKind.ABOVE_VALUES, cell=_shown(cell), below=_shown(below[0]))
    return None


def _is_number_among_names(candidate: Row, body: Sequence[Row]) -> bool:
    """``order, 2023``: one label is a whole number unlike the values below it, another names a column of values."""
    numbers = [position for position, cell in enumerate(candidate) if cell and kind_of(cell) != "text"]
    label = candidate[numbers[0]]
    if len(numbers) > 1 or not label.isdecimal() or (len(body) < 2 and not YEAR.match(label)):
        return False
    below = [row[numbers[0]] for row in body if row[numbers[0]]]
    if label in below or (YEAR.match(label) and any(map(YEAR.match, below))):
        return False
    names = [position for position, cell in enumerate(candidate) if _is_name(cell)]
    return any(_holds_values([row[position] for row in body if row[position]]) for position in names)


def _is_name(cell: str) -> bool:
    return cell[:1].isalpha() and cell.lower() not in NULL_WORDS | _TRUTHS


def _holds_values(cells: Sequence[str]) -> bool:
    """Whether there are cells, and they are numbers, dates, times (but for one stranger in ten) or truth values."""
    values = sum(1 for cell in cells if kind_of(cell) != "text" or _MONTH_DATE.match(cell))
    return bool(cells) and (values >= 0.9 * len(cells) or all(cell.lower() in _TRUTHS for cell in cells))


def _has_other_shape(candidate: Row, body: Sequence[Row]) -> bool:
    """A column whose values hold digits, or several words, under a name that doesn't: codes, addresses, sentences."""
    for position, cell in enumerate(candidate):
        below = [row[position] for row in body if row[position]]
        if not cell or len(below) < 2:
            continue
        digits = sum(1 for value in below if _DIGITS.search(value))
        words = sum(1 for value in below if len(value.split()) > 2 * len(cell.split()))
        if (not _DIGITS.search(cell) and digits >= 0.9 * len(below)) or words >= 0.9 * len(below):
            return True
    return False


def _shown(cell: str) -> str:
    text = " ".join(cell.split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
