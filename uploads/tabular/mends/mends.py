"""Proposed mends for rejected rows: only where it is plain, that is where exactly one way makes every column fit."""

import re
from collections.abc import Callable, Sequence

from uploads.tabular.mends.alignment import may_be_glued, questions, ways_to_fit
from uploads.tabular.mends.mend import Mend, Source
from uploads.tabular.table import ColumnType
from uploads.tabular.text.raw_rows import RAW_KEPT, RawCell, quote_readings, source_cells, typed_cells
from uploads.tabular.types.fitting import Fitting

_QUOTED = 60
"""Characters of a value that a sentence quotes."""
_NAMED = 3
"""Columns that a sentence names."""
_QUOTES = ("stray_quote", "unclosed_quote")
_NUL = re.compile(r"\\x00|␀")
_BYTE = re.compile(r"\\x([89a-f][0-9a-f])")
_MARKS = {"\t": "tab", " ": "space"}


def propose_mends(rejects: Sequence[tuple[str, str]], *, source: Source) -> list[Mend | None]:
    """For each (code, raw) its mend. Many rows at once cost a tenth of what they cost one by one."""
    proposing = _Proposing(source)
    proposing.look_ahead([(code, raw) for code, raw in rejects if len(raw) < RAW_KEPT])
    return [proposing.propose(code, raw) if len(raw) < RAW_KEPT else None for code, raw in rejects]


class _Proposing:
    def __init__(self, source: Source) -> None:
        self._columns = source.columns
        self._width = len(source.columns)
        self._dialect = source.dialect
        self._utf8 = source.utf8
        self._fitting = Fitting(source.columns, source.null_words)
        self._by_code: dict[str, Callable[[str], Mend | None]] = {
            "bad_value": self._bad_value,
            "too_many_cells": self._too_many,
            "too_few_cells": self._too_few,
            **dict.fromkeys(_QUOTES, self._quotes),
            "nul_byte": self._nul,
            "undecodable": self._undecodable,
        }

    def look_ahead(self, rejects: Sequence[tuple[str, str]]) -> None:
        """Ask at once for what most rows will ask."""
        known = (self._typed_cells(raw) for code, raw in rejects if code == "bad_value")
        self._fitting.ask_plain([pair for cells in known if cells is not None for pair in enumerate(cells)])
        ragged = (self._source_cells(raw) for code, raw in rejects if code in {"too_many_cells", "too_few_cells"})
        self._fitting.ask(pair for cells in ragged for pair in questions(cells, self._width, self._joint))
        if self._dialect is not None:
            quoted = (quote_readings(raw, self._dialect) for code, raw in rejects if code in _QUOTES)
            whole = (cells for readings in quoted for cells in readings if len(cells) == self._width)
            self._fitting.ask(pair for cells in whole for pair in enumerate(cells))

    def propose(self, code: str, raw: str) -> Mend | None:
        by_code = self._by_code.get(code)
        return by_code(raw) if by_code else None

    def _bad_value(self, raw: str) -> Mend | None:
        cells = self._typed_cells(raw)
        if cells is None:
            return None
        mended = [self._fitting.plain(position, cell) for position, cell in enumerate(cells)]
        if any(cell is None for cell in mended):
            return None
        changed = [position for position, cell in enumerate(cells) if mended[position] != cell]
        given = [
            f"{_short(cells[p])} in {self._label(p)} is read as {_short(mended[p] or '')}" for p in changed[:_NAMED]
        ]
        if len(changed) > _NAMED:
            given.append(f"and {len(changed) - _NAMED:,} more")
        sentence = f"{', '.join(given)}." if given else "It fits its columns by now."
        return Mend(cells=tuple(cell or "" for cell in mended), sentence=sentence)

    def _too_many(self, raw: str) -> Mend | None:
        """Blank cells at the end are left out; else one value or two hold separators that nobody quoted.

        A blank at the end may be the last column's own, with a separator too many further left: only a value that the
        last column takes, and not every column would, speaks against that.
        """
        cells = self._source_cells(raw)
        surplus = len(cells) - self._width
        if surplus <= 0:
            return None
        blank = next((n for n, cell in enumerate(reversed(cells)) if cell.text.strip()), 0)
        found: dict[tuple[str, ...], str] = {}
        if blank >= surplus and self._fit([cell.text for cell in cells[: self._width]]):
            as_it_stands = tuple(cell.text for cell in cells[: self._width])
            several = f"The {surplus} empty cells at its end are left out."
            found[as_it_stands] = "The empty cell at its end is left out." if surplus == 1 else several
            if as_it_stands[-1].strip() and self._columns[-1].type is not ColumnType.TEXT:
                return _only(found)
        for left_out in range(min(blank, surplus - 1) + 1):
            kept = cells[: len(cells) - left_out]
            for values, taken in ways_to_fit(kept, self._width, self._fitting, self._joint).items():
                found.setdefault(values, self._joints_in_words(taken, values, kept))
        return _only(found)

    def _too_few(self, raw: str) -> Mend | None:
        """A blank at one place only makes all cells fit; a row of which half is missing says too little."""
        cells = self._source_cells(raw)
        if len(cells) == 1 and not cells[0].bare:
            return self._as_written(cells[0].text, "The quotes around the whole row are taken off.")
        missing = self._width - len(cells)
        if not 0 < missing <= len(cells) or len(cells) < 2:
            return None
        found: dict[tuple[str, ...], str] = {}
        for values, taken in ways_to_fit(cells, self._width, self._fitting, self._joint).items():
            if may_be_glued(taken, values, self._fitting):
                return None
            empty = [position for position, count in enumerate(taken) if not count]
            found.setdefault(values, f"{self._count(missing)} too few: {self._labels(empty)} read as empty.")
        return _only(found)

    def _quotes(self, raw: str) -> Mend | None:
        if self._dialect is None:
            return None
        quote = self._dialect.quote or ""
        found: dict[tuple[str, ...], str] = {}
        for cells, opened in quote_readings(raw, self._dialect).items():
            if self._fit(cells):
                kept = next((cell for cell in cells if quote in cell), raw)
                part = f"The quote in {_short(kept)} is read as part of the value."
                found[cells] = f"The quote before {_short(opened)} is never closed: it is left out." if opened else part
        return _only(found)

    def _nul(self, raw: str) -> Mend | None:
        return self._as_written(_NUL.sub("", raw), "The NUL character in it is left out.")

    def _undecodable(self, raw: str) -> Mend | None:
        """Single bytes of Windows-1252 in a text of UTF-8, where they make words."""
        text = _as_windows(raw) if self._utf8 else None
        if text is None:
            return None
        found = dict.fromkeys(f"“{_decoded(m[1])}”" for m in _BYTE.finditer(raw))
        shown = ", ".join(list(found)[:_NAMED]) + " and others" * (len(found) > _NAMED)
        return self._as_written(text, f"What is no UTF-8 in it is read as Windows-1252: {shown}.")

    def _as_written(self, text: str, sentence: str) -> Mend | None:
        if self._dialect is None:
            cells: tuple[str, ...] = tuple(text.split("\t"))
        else:
            cells = tuple(cell.text for cell in source_cells(text, self._dialect) or ())
        while len(cells) > self._width and not cells[-1].strip():
            cells = cells[:-1]
        return Mend(cells=cells, sentence=sentence) if self._fit(cells) else None

    def _fit(self, cells: Sequence[str]) -> bool:
        return len(cells) == self._width and all(self._fitting.fits(p, cell) for p, cell in enumerate(cells))

    def _typed_cells(self, raw: str) -> tuple[str, ...] | None:
        dialect = self._dialect
        delimiter = dialect.delimiter if dialect is not None and not dialect.single_column else ""
        return typed_cells(raw, delimiter=delimiter, width=self._width)

    def _source_cells(self, raw: str) -> tuple[RawCell, ...]:
        return (source_cells(raw, self._dialect) if self._dialect is not None else None) or ()

    @property
    def _joint(self) -> str:
        if self._dialect is None:
            return "\t"
        return self._dialect.delimiter + " " * (self._dialect.spaced and not self._dialect.aligned)

    def _joints_in_words(self, taken: Sequence[int], values: Sequence[str], cells: Sequence[RawCell]) -> str:
        given: list[str] = []
        at = 0
        for position, count in enumerate(taken):
            group = cells[at : at + count]
            at += count
            if count > 1:
                filled = all(cell.text.strip() for cell in group)
                where = f"{self._count(count - 1)} too many in {self._label(position)}"
                joined = self._joint.join(cell.text for cell in group)
                what = f"{_short(joined)} is read as {_read_as(joined, values[position])}"
                given.append(f"{where}: {what}" if filled else f"{where}: the empty cell before it is left out")
        return f"{'; '.join(given)}."

    def _count(self, number: int) -> str:
        mark = self._dialect.delimiter if self._dialect is not None else "\t"
        return f"{'One' if number == 1 else number} “{_MARKS.get(mark, mark)}”"

    def _label(self, position: int) -> str:
        return f"“{self._columns[position].label or self._columns[position].name}”"

    def _labels(self, positions: Sequence[int]) -> str:
        words = " and ".join(self._label(position) for position in positions[:_NAMED])
        more = f" and {len(positions) - _NAMED:,} more" if len(positions) > _NAMED else ""
        return f"{words}{more} {'are' if len(positions) > 1 else 'is'}"


def _only(found: dict[tuple[str, ...], str]) -> Mend | None:
    """The mend, if there is exactly one."""
    if len(found) != 1:
        return None
    [(cells, sentence)] = found.items()
    return Mend(cells=cells, sentence=sentence)


def _read_as(joined: str, value: str) -> str:
    return "one value" if joined == value else _short(value)


def _short(value: str) -> str:
    return f"“{value if len(value) <= _QUOTED else value[:_QUOTED] + '…'}”"


def _decoded(digits: str) -> str:
    """A byte in Windows-1252; nothing for the five that it doesn't use."""
    return bytes.fromhex(digits).decode("cp1252", "ignore")


def _as_windows(raw: str) -> str | None:
    """The text with every byte that was no UTF-8 read as Windows-1252; ``None`` where that makes no words.

    Several bytes in a row are a character of another encoding, or one cut in two; so is a capital letter behind a
    small one.
    """
    for found in _BYTE.finditer(raw):
        letter, before = _decoded(found[1]), raw[: found.start()][-1:]
        if not letter or _BYTE.match(raw, found.end()) or (before.islower() and letter.isupper()):
            return None
    return _BYTE.sub(lambda found: _decoded(found[1]), raw)
