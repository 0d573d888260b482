"""Decide the columns of tables that share a header together: the sheets of a year, the members of an archive.

They become one dataset, so what the last of them holds decides as much as what the first does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from uploads.tabular.chunks import SourceTable, TextChunk, row_word
from uploads.tabular.evidence import Evidence, EvidenceKind
from uploads.tabular.names import column_names, table_key
from uploads.tabular.table import Column, ColumnType, ReadOptions
from uploads.tabular.types.column_profile import ColumnProfile, Place
from uploads.tabular.types.table_profile import TableProfile

_NUMBERS = {ColumnType.BIGINT, ColumnType.NUMERIC}


class JointTypes:
    """Survey every table of a file, then ask for the columns of each header.

    ``typing``: by ``table_key``, options on values that hold for the tables of one header; ``is_named``: whether a
    person named the dataset of all tables.
    """

    def __init__(
        self, options: ReadOptions, typing: Mapping[str, Mapping[str, Any]], *, is_named: bool = False
    ) -> None:
        self._options = options
        self._is_named = is_named
        self._typing = typing
        self._groups: dict[str, _Group] = {}

    def survey(self, table: SourceTable) -> None:
        """Read one table to its end."""
        key = self._key_of(table)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = _Group(table, replace(self._options, **self._typing.get(key, {})))
        group.observe(table)

    def columns(self, table: SourceTable) -> tuple[Column, ...]:
        """What all tables with these header cells show, in the order of this table's."""
        found = {column.name: column for column in self._groups[self._key_of(table)].decide()}
        return tuple(found[name] for name in column_names(table.labels))

    def _key_of(self, table: SourceTable) -> str:
        return table_key(table.labels, table.source, is_named=self._is_named)


class _Profile(TableProfile):
    """The profile of several tables, which knows where the value stands that its evidence quotes."""

    def __init__(self, table: SourceTable, null_words: Sequence[str]) -> None:
        super().__init__(table.labels, null_words=null_words, stated=table.dialect.stated)
        self._seen: dict[int, tuple[Place | None, Place | None]] = {}
        self._where: dict[int, str] = {}

    def end_table(self, where: str) -> None:
        """Places that were noted since the last call lie in the table ``where``."""
        for number, profile in enumerate(self.columns):
            places = (profile.culprit, profile.widened)
            if places != self._seen.get(number, (None, None)):
                self._where[id(profile)] = where
            self._seen[number] = places

    def row_word_of(self, profile: ColumnProfile) -> str:
        return self._where.get(id(profile), super().row_word_of(profile))


class _Group:
    """The tables of one header."""

    def __init__(self, first: SourceTable, options: ReadOptions) -> None:
        self._names = column_names(first.labels)
        self._options = options
        self._joint = _Profile(first, options.null_words)
        self._types: list[set[ColumnType]] = [set() for _ in first.labels]
        """The types that each column has in the tables which have values in it."""

    def observe(self, table: SourceTable) -> None:
        own = TableProfile(table.labels, null_words=self._options.null_words, stated=table.dialect.stated)
        order = [column_names(table.labels).index(name) for name in self._names]
        for chunk in table.chunks():
            own.observe(chunk)
            cells = tuple(chunk.cells[index] for index in order)
            self._joint.observe(TextChunk(rows=chunk.rows, cells=cells))
        self._joint.end_table(f"in “{table.source}” {row_word(table)}" if table.source else row_word(table))
        columns = self._decide(own)
        for types, index in zip(self._types, order, strict=True):
            if own.columns[index].alive is not None:
                types.add(columns[index].type)

    def decide(self) -> tuple[Column, ...]:
        """What fits all values; where it is text only for being written in several ways, what each table says."""
        return tuple(
            _together(column, types) for column, types in zip(self._decide(self._joint), self._types, strict=True)
        )

    def _decide(self, profile: TableProfile) -> tuple[Column, ...]:
        said = self._options
        return profile.decide(
            all_text=said.all_text, decimal=said.decimal, day_first=said.day_first, first_year=said.first_year
        )


def _together(column: Column, types: set[ColumnType]) -> Column:
    if column.type is not ColumnType.TEXT or not types or ColumnType.TEXT in types:
        return column
    if len(types) > 1 and not types <= _NUMBERS:
        return column
    shared = ColumnType.NUMERIC if len(types) > 1 else next(iter(types))
    evidence = Evidence.of(EvidenceKind.IN_EVERY_TABLE, type=shared.value)
    return Column(label=column.label, name=column.name, type=shared, evidence=evidence)
