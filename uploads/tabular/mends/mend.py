"""A mend, and what it is made from."""

from dataclasses import dataclass

from uploads.tabular.dialect.dialect import CsvDialect
from uploads.tabular.table import Column


@dataclass(frozen=True, kw_only=True, slots=True)
class Mend:
    """A row as it could be loaded: its cells in the file's order, and what was changed, for people."""

    cells: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """How the rejected rows' table is written. ``dialect`` is ``None`` for a sheet; ``utf8``: its text is UTF-8."""

    columns: tuple[Column, ...]
    dialect: CsvDialect | None
    utf8: bool = True
    null_words: tuple[str, ...] = ()
