"""Whether single cells fit their columns: asked for many rows at once, answered by the readings that convert them."""

from collections.abc import Collection, Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.table import Column, ColumnType
from uploads.tabular.types.candidates import candidate_of
from uploads.tabular.types.plain_values import plain_value


class Fitting:
    """Remembers every answer: a value costs microseconds when it is asked alone, and a tenth of that among others."""

    def __init__(self, columns: Sequence[Column], null_words: Collection[str]) -> None:
        self._columns = columns
        self._null_words = frozenset(null_words)
        self._known: list[dict[str, bool]] = [{} for _ in columns]
        self._plain: list[dict[str, str | None]] = [{} for _ in columns]

    def ask(self, asked: Iterable[tuple[int, str]]) -> None:
        """Look at many (column, text) at once."""
        new: dict[int, set[str]] = {}
        for position, text in asked:
            if self._columns[position].type is not ColumnType.TEXT and text not in self._known[position]:
                new.setdefault(position, set()).add(text)
        for position, texts in new.items():
            self._known[position].update(self._answers(self._columns[position], list(texts)))

    def ask_plain(self, asked: Collection[tuple[int, str]]) -> None:
        """The same, and for those that don't fit, the plain way to write them."""
        self.ask(asked)
        self.ask(
            (position, value)
            for position, text in asked
            if not self.fits(position, text) and (value := self._written(position, text)) is not None
        )

    def fits(self, position: int, text: str) -> bool:
        """Whether the column takes the text; a blank is taken by every column."""
        if self._columns[position].type is ColumnType.TEXT:
            return True
        if text not in self._known[position]:
            self.ask([(position, text)])
        return self._known[position][text]

    def plain(self, position: int, text: str) -> str | None:
        """The text itself where it fits, else the one plain way to write it so that it does."""
        if self.fits(position, text):
            return text
        value = self._written(position, text)
        return value if value and self.fits(position, value) else None

    def _written(self, position: int, text: str) -> str | None:
        known = self._plain[position]
        if text not in known:
            known[text] = plain_value(text, self._columns[position])
        return known[text]

    def _answers(self, column: Column, texts: list[str]) -> dict[str, bool]:
        trimmed = pc.utf8_trim_whitespace(pa.array(texts, pa.string()))
        filled = pc.if_else(pc.not_equal(trimmed, ""), trimmed, pa.scalar(None, pa.string()))
        fitting = pc.fill_null(candidate_of(column.type, column.format).mask(filled), True).to_pylist()
        null_words = self._null_words
        return {
            text: fits or bare in null_words
            for text, bare, fits in zip(texts, trimmed.to_pylist(), fitting, strict=True)
        }
