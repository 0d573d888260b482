"""Tells notes below a table from rows that were cut off, among the records that follow its last sound row."""

import re
from collections.abc import Sequence
from itertools import takewhile

from uploads.tabular.layout.cell_kinds import Kind, kind_in
from uploads.tabular.layout.rows.closing_lines import is_closing_line, is_end_mark, is_end_word, is_notes_heading
from uploads.tabular.layout.rows.rows_standing_out import is_remark
from uploads.tabular.layout.totals import looks_like_total
from uploads.tabular.reasons import RejectCode
from uploads.tabular.table import Reject

type _Row = tuple[int, Sequence[str]]

_RULE = re.compile(r"([-=_─━═*~])\1{4,}")
"""What sets the notes apart, as in exports of Destatis."""
_PAIR = 2
_LEAST_COLUMNS = 3
_LEAST_ROWS = 3
_LEAST_WORDS = 3
_LEAST_OTHERS = 3
"""Rows for each that begins as a remark does."""
_WORDS = (Kind.WORD, Kind.PHRASE, Kind.MIXED)
_COUNT = re.compile(r"\(\d[\d.,' ]* [^\W\d_]+( [^\W\d_]+)?\)|\d+ rows? in set\b.*")
"""How psql, sqlcmd and mysql end a table: ``(2 rows)``, ``(2 rows affected)``, ``2 rows in set (0.01 sec)``."""
_BREAK = re.compile(r"\r\n?|\n")
_NUMBERED = re.compile(r"\d{1,2}[.)]\s+\S.*")
"""A note by its number: ``1. rounded``."""


def is_rule(text: str) -> bool:
    """Whether a line does nothing but set notes apart: ``__________``."""
    return _RULE.fullmatch(text.strip().strip('"')) is not None


def is_lone(cells: Sequence[str]) -> bool:
    """Whether nothing but the first cell is filled."""
    return bool(cells[0].strip()) and not any(map(str.strip, cells[1:]))


def _has_no_label(remark: str) -> bool:
    """``* provisional``; ``Age: 16 to 19`` has one, and may begin the rows of a group."""
    return ":" not in remark


def may_be_remark(cells: Sequence[str]) -> bool:
    """Whether nothing but the first cell is filled, or all of them say together that the list ends."""
    return is_lone(cells) or is_end_mark(cells)


def count_remarks(rows: Sequence[_Row]) -> int:
    """How many of the last rows, each with its line, are notes that a spreadsheet has filled up with blank cells.

    The first says so (``Source: …``), heads some (``Notes``), or, where no row above has a single cell, ends with a
    colon, or stands below a blank line and has more words than any first cell above. What is less sure is a row: so a
    name of which nothing is known ends.
    """
    lone = list(takewhile(lambda row: may_be_remark(row[1]), reversed(rows)))[::-1]
    above = rows[: len(rows) - len(lone)]
    if not lone:
        return 0
    if len(lone[0][1]) < _LEAST_COLUMNS:
        return _count_closing(lone, above) if above else 0
    if not above:
        return _count_below_heading(lone)
    begins = [cells[0].strip() for _, cells in above]
    labels = [text.partition(":")[0].casefold() for text in begins if is_remark(text)]
    if _LEAST_OTHERS * len(labels) > len(begins) or any(map(_has_no_label, filter(is_remark, begins))):
        return 0
    is_sure = len(above) >= _LEAST_ROWS and not any(is_lone(cells) for _, cells in above)
    longest = max(_LEAST_WORDS - 1, *(len(text.split()) for text in begins))
    last, last_cells = above[-1]
    for at, (line, cells) in enumerate(lone):
        text = "".join(cells).strip()
        is_apart = not at and _is_apart(line, last, last_cells) and _words_in(text) > longest
        says_so = is_remark(text) and text.partition(":")[0].casefold() not in labels
        says_so |= _heads_notes(rows[len(above) + at - 1 :], longest) and not any(map(is_notes_heading, begins))
        if says_so or is_end_mark(cells) or (is_sure and (text.endswith(":") or is_apart)):
            return len(lone) - at + (_sentences_above(lone[:at], begins) if is_sure else 0)
    return 0


def _heads_notes(rows: Sequence[_Row], longest: int) -> bool:
    """Whether the second of some rows heads notes: it is a word for them that ends with a colon, stands below a blank
    line, or above a lone row that is a remark, has a number as such, or more words than any first cell (``longest``).
    Another is a name (``Source``, ``Fonte``)."""
    (line_above, cells_above), (line, cells), *below = rows
    text = cells[0].strip()
    if not is_notes_heading(text):
        return False
    is_apart = _is_apart(line, line_above, cells_above)
    follows = below[0][1][0].strip() if below else ""
    says_so = is_remark(follows) or _NUMBERED.fullmatch(follows) is not None
    return is_apart or text.endswith(":") or says_so or len(follows.split()) > longest


def _words_in(text: str) -> int:
    """How many words it has; figures alone (``0 0 0``) are none."""
    return len(text.split()) if any(map(str.isalpha, text)) else 0


def _is_apart(line: int, line_above: int, cells_above: Sequence[str]) -> bool:
    """Whether a blank line stands above one."""
    return line > line_above + 1 + sum(len(_BREAK.findall(cell)) for cell in cells_above)


def _count_below_heading(lone: Sequence[_Row]) -> int:
    """How many of some rows that have their first cell alone (``NIL return``) are notes: those from a word for notes
    on that stands below a blank line and above a sentence."""
    for at in range(1, len(lone) - 1):
        (line_above, cells_above), (line, cells), (_, cells_below) = lone[at - 1 : at + 2]
        heads = is_notes_heading(cells[0].strip()) and _is_apart(line, line_above, cells_above)
        if heads and _is_sentence(cells_below[0].strip()):
            return len(lone) - at
    return 0


def _sentences_above(lone: Sequence[_Row], begins: Sequence[str]) -> int:
    """How many lines right above the notes are notes too, ``X State has policy.`` and ``— Not available.``: they end
    as sentences do, and no first cell of a row does."""
    if any(text.endswith(".") for text in begins):
        return 0
    return sum(1 for _ in takewhile(lambda row: _is_sentence(row[1][0].strip()), reversed(lone)))


def _is_sentence(text: str) -> bool:
    return text.endswith(".") and (len(text.split()) >= _LEAST_WORDS or not text[0].isalnum())


def _count_closing(lone: Sequence[_Row], above: Sequence[_Row]) -> int:
    """How many of the last rows say that a page or list ends, and no row above does."""
    if any(is_closing_line(cells[0]) for _, cells in above):
        return 0
    return sum(1 for _ in takewhile(lambda row: is_closing_line("".join(row[1])), reversed(lone)))


def without_notes(
    tail: Sequence[Reject | None], *, delimiter: str, width: int, below_readings: bool = False
) -> tuple[list[Reject | None], list[Reject]]:
    """What is left of ``tail`` without the notes, and these; ``None`` stands for a blank record.

    Notes are short records with words that stand behind a blank one, or a sentence alone; ``below_readings``: below
    rows that all begin with a figure any words alone, and a name that ends with a colon beside its value.
    """
    notes: list[Reject] = []
    kept: list[Reject | None] = []
    seen_blank = False
    for item in tail:
        if item is None:
            seen_blank = True
            kept.append(item)
        elif item.code is RejectCode.TOO_FEW_CELLS and (
            _is_note(item, delimiter, width)
            or (seen_blank and not _has_figures(item, delimiter))
            or (below_readings and _is_remark(item, delimiter))
        ):
            seen_blank = True
            notes.append(item)
        else:
            kept.append(item)
    return kept, notes


def _has_figures(reject: Reject, delimiter: str) -> bool:
    """Several cells without a word in them, such as ``7;8``: a row that was cut off, and no note."""
    filled = sum(bool(cell.strip().strip('"')) for cell in reject.raw.split(delimiter))
    return filled > 1 and any(c.isdigit() for c in reject.raw) and not any(c.isalpha() for c in reject.raw)


def _is_remark(reject: Reject, delimiter: str) -> bool:
    """``>>>>>End Spectral Data<<<<<``, or ``Exp_Flux:`` beside its value."""
    cells = [cell for part in reject.raw.split(delimiter) if (cell := part.strip().strip('"'))]
    if len(cells) == _PAIR:
        return cells[0].endswith((":", "="))
    return len(cells) == 1 and kind_in(cells[0][:200]) in _WORDS


def _is_note(reject: Reject, delimiter: str, width: int) -> bool:
    """``Source: Stats NZ``, a sentence or ``Notes:`` alone on its line where a row has many cells; or a total with few
    cells."""
    text = reject.raw.strip().strip('"')
    if looks_like_total([text.split(delimiter)[0].strip('"')]):
        return True
    if reject.reason.is_single_cell and (_COUNT.fullmatch(text) or _RULE.fullmatch(text)):
        return True
    if reject.reason.is_single_cell and (is_closing_line(text) or is_notes_heading(text) or is_end_word(text)):
        return True
    says_something = " " in text or text.endswith(":")
    return reject.reason.is_single_cell and width > 2 and says_something and any(c.isalpha() for c in text)
