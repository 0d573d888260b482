"""Rows of a single cell that are hardly data: a heading such as ``Of which:`` or ``Feb-2016``, a note ``Source: …``.

They are loaded and said, with a way to leave them out. A row of a name and nothing else may be all that is known of it:
a heading is said of one only where something else speaks for it, and nothing at all where several rows hold that text.
Several are headings where the first of all rows is one (``North``, ``South``) and their column is not in order.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.layout.cell_kinds import Kind, kind_in
from uploads.tabular.layout.header_evidence import WITHHELD
from uploads.tabular.layout.rows.closing_lines import is_closing_line
from uploads.tabular.layout.totals import is_total_word
from uploads.tabular.notes import Note, NoteKind

type What = Literal["heading", "note"]

MOST_ROWS = 100_000
"""Of a longer table nothing is said."""
_LEAST_OTHERS = 4
_LEAST_GROUPS = 2
_MOST = 20
_SHARE = 2
"""Other rows for each that stands out."""
_SHOWN = 5
_CHARACTERS = 60
_ALIKE = 0.9
_SAMPLE = 500
_NOTE = re.compile(
    r"[*†‡¹]\s?\S|#(?![A-Z/0]+[!?/]?A?\Z)\s?\S|\(\d{1,2}\)\s+\S|\W{0,2}[^\W\d_]{3,14}\s?:\s+\S|[^\W\d_]{1,2}\s+:\s+\S"
)
"""``* provisional``, ``(1) provisional``, ``Source: Statistics Office``, ``x : suppressed``; the errors of spreadsheets
(``#REF!``, ``#N/A``) are values."""
_PARTS = re.compile(
    r"(?:of which|including|davon|darunter|hiervon|dont|di cui|de (?:los|las) cuales|d[oa]s quais|waarvan|her+av|heraf"
    r"|härav|varav|joista|z tego|w tym|z toho|в том числе|из них|bundan|dari(?:nya)?)\b.*",
    re.IGNORECASE,
)
"""Headings of rows that are parts of those above, in the languages of statistical offices."""
_SENTENCE_WORDS = 6
_TIMES = (Kind.PERIOD, Kind.YEAR, Kind.DATE)
_WORDS = (Kind.LETTER, Kind.WORD, Kind.PHRASE, Kind.MIXED)

_NAMED_BY: Mapping[Kind, tuple[Kind, ...]] = {
    Kind.DATE: (Kind.PERIOD, Kind.YEAR, *_WORDS),
    Kind.PERIOD: _WORDS,
    Kind.YEAR: _WORDS,
    Kind.WORD: _TIMES,
    Kind.NUMBER: (Kind.PERIOD, Kind.WORD, Kind.PHRASE),
    Kind.CODE: (Kind.PERIOD, Kind.PHRASE),
}
"""What names rows whose cells are of one kind; a word among words may be a value."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RowStandingOut:
    """One of them, by its place among the rows."""

    at: int
    text: str
    what: What


def rows_standing_out(columns: Sequence[pa.Array]) -> list[RowStandingOut]:
    """Those among the rows of a table, which have two columns or more."""
    alone = _rows_of_one_cell(columns)
    if not len(alone):
        return []
    others = np.ones(len(columns[0]), dtype=bool)
    others[alone] = False
    if others.sum() < max(_LEAST_OTHERS, _SHARE * len(alone)):
        return []
    rest = [_Column(column.filter(pa.array(others))) for column in columns]
    full = {at for at, column in enumerate(rest) if column.is_full}
    found = []
    begin_groups = _begin_groups(alone, columns)
    for row in alone.tolist():
        at, text = _only_cell(columns, row)
        what = rest[at].what(text, is_sure=begin_groups, is_first=at == 0) if full - {at} else None
        if what is not None:
            found.append(RowStandingOut(at=row, text=text, what=what))
    return found


def notes_on_rows(unit: str, numbers: np.ndarray, columns: Sequence[pa.Array]) -> Iterator[Note]:
    """What is said of them; ``numbers`` are the places of all rows."""
    found = rows_standing_out(columns) if len(columns) > 1 and len(numbers) <= MOST_ROWS else []
    for what in ("heading", "note"):
        rows = [row for row in found if row.what == what]
        if rows:
            texts = [row.text if len(row.text) <= _CHARACTERS else f"{row.text[: _CHARACTERS - 1]}…" for row in rows]
            places = [int(numbers[row.at]) for row in rows]
            said: dict[str, Any] = {"rows": places, "texts": texts[:_SHOWN]}
            parts = [place for place, row in zip(places, rows, strict=True) if _PARTS.match(row.text)]
            if what == "heading" and parts:
                said["parts"] = parts
            yield Note.of(NoteKind.ROWS_STANDING_OUT, unit=unit, what=what, count=len(rows), **said)


def _rows_of_one_cell(columns: Sequence[pa.Array]) -> np.ndarray:
    """Their places; none where there are too many. Most tables show by their first two columns that there is none."""
    filled = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        filled += pc.not_equal(pc.utf8_trim_whitespace(column), "").to_numpy(zero_copy_only=False)
        if (filled > 1).all():
            return np.zeros(0, dtype=np.int64)
    alone = np.flatnonzero(filled == 1)
    return alone if len(alone) <= _MOST else alone[:0]


def _only_cell(columns: Sequence[pa.Array], row: int) -> tuple[int, str]:
    """Of a row of one cell: its column, and what it holds."""
    cells = ((at, column[row].as_py().strip()) for at, column in enumerate(columns))
    return next((at, text) for at, text in cells if text)


def _begin_groups(alone: np.ndarray, columns: Sequence[pa.Array]) -> bool:
    """Whether each names the rows down to the next one, and the first row of all is such a name.

    In a list that is in order they are what nothing more is known of: a country without figures.
    """
    if len(alone) < _LEAST_GROUPS or alone[0] or (np.diff([*alone, len(columns[0])]) == 1).any():
        return False
    cells = [_only_cell(columns, row) for row in alone.tolist()]
    if len({at for at, _ in cells}) > 1 or len({text.casefold() for _, text in cells}) < len(cells):
        return False
    names = [name.strip().casefold() for name in columns[cells[0][0]].to_pylist()]
    return names != sorted(names)


class _Column:
    """What the other rows hold in one column."""

    def __init__(self, cells: pa.Array) -> None:
        trimmed = pc.utf8_trim_whitespace(cells)
        self._filled = trimmed.filter(pc.not_equal(trimmed, ""))
        self.is_full = len(self._filled) == len(cells)

    def what(self, text: str, *, is_sure: bool, is_first: bool) -> What | None:
        """What a cell is that stands alone in its row; nothing where it may be a value like the others.

        ``is_sure``: something else speaks for a heading; ``is_first``: it stands in the first column.
        """
        kind = kind_in(text[:200])
        is_word = kind not in (Kind.MARK, Kind.UNIT, Kind.NUMBER) and text.casefold() not in WITHHELD
        if not is_word or is_total_word(text) or pc.index(self._filled, text).as_py() >= 0:
            return None
        if is_remark(text):
            return None if self._any(is_remark) else "note"
        if text.endswith(":"):
            return None if self._any(lambda cell: cell.endswith(":")) else "heading"
        is_heading = is_sure or (is_first and not len(self._filled))
        return "heading" if is_heading or self._differs(kind) else None

    def _differs(self, kind: Kind) -> bool:
        """Whether nearly all cells are of one kind, and this one is of another that names them: a month above days."""
        if not len(self._filled):
            return False
        kinds = Counter(map(_broad, self._sample()))
        [(usual, count)] = kinds.most_common(1)
        if count < _ALIKE * kinds.total() or usual == _broad_kind(kind):
            return False
        return kind in _NAMED_BY.get(usual, ())

    def _any(self, is_such: Callable[[str], bool]) -> bool:
        return any(map(is_such, self._sample()))

    def _sample(self) -> list[str]:
        cells: list[str] = self._filled.slice(0, _SAMPLE).to_pylist()
        return cells


def _broad(cell: str) -> Kind:
    return _broad_kind(kind_in(cell[:200]))


def _broad_kind(kind: Kind) -> Kind:
    return Kind.WORD if kind in _WORDS else kind


def is_remark(text: str) -> bool:
    """Whether it says so: ``Source: …``, ``* …``, a sentence, or the end of a page or list."""
    is_sentence = text.endswith(".") and len(text.split()) >= _SENTENCE_WORDS
    return bool(_NOTE.match(text)) or is_sentence or is_closing_line(text)
