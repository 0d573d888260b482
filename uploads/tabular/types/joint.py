"""Decide the columns of tables that share a header together: the sheets of a year, the members of an archive.

They become one dataset, so what the last of them holds decides as much as what the first does.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from uploads.tabular.chunks import SourceTable, TextChunk, row_word
from uploads.tabular.evidence import Evidence, EvidenceKind, GroundKind
from uploads.tabular.names import column_names, table_key
from uploads.tabular.place import TablePlace
from uploads.tabular.table import Column, ColumnType, ReadOptions
from uploads.tabular.types.candidates import candidate_of
from uploads.tabular.types.choice import OF_ONE_WAY, Shown
from uploads.tabular.types.column_profile import ColumnProfile, Place
from uploads.tabular.types.dates.date_candidate import DateCandidate
from uploads.tabular.types.table_profile import NO_SIBLINGS, TableProfile

_NUMBERS = {ColumnType.BIGINT, ColumnType.NUMERIC}


_OF_MOMENTS = frozenset({ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ})


class Siblings:
    """What the columns of the tables of one file show of how values are written, for those of the same names in others.

    One hand has written a text or a workbook; the members of an archive may be of many.
    """

    def __init__(self) -> None:
        self._shown: defaultdict[str, dict[str, Shown]] = defaultdict(dict)
        """By the archive's member and the name of the column."""
        self._open: defaultdict[str, dict[str, GroundKind]] = defaultdict(dict)
        """What earlier tables have left open."""

    def of(self, place: TablePlace) -> Mapping[str, Shown]:
        """What is known for a table there, by the names of columns."""
        return dict(self._shown[place.member])

    def add(self, place: TablePlace, columns: Sequence[Column]) -> bool:
        """Take in a table; whether it decides a column that an earlier one has left open."""
        all_shown, all_open = self._shown[place.member], self._open[place.member]
        decides = False
        for column in columns:
            name, open_, shown = column.name, _open_of(column), _shown_by(column, place)
            if shown is not None:
                all_shown[name] = shown = all_shown[name].also(shown) if name in all_shown else shown
                decides |= name in all_open and shown.decides(all_open[name])
            elif open_ is not None:
                all_open[name] = open_
        return decides


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
        self._columns: dict[str, tuple[Column, ...]] | None = None

    def survey(self, table: SourceTable) -> None:
        """Read one table to its end."""
        key = self._key_of(table)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = _Group(table, replace(self._options, **self._typing.get(key, {})))
        group.observe(table)

    def columns(self, table: SourceTable) -> tuple[Column, ...]:
        """What all tables with these header cells show, in the order of this table's."""
        found = {column.name: column for column in self._decided()[self._key_of(table)]}
        return tuple(found[name] for name in column_names(table.labels))

    def _decided(self) -> dict[str, tuple[Column, ...]]:
        """The columns of each header; what one leaves open, those of the same names in others decide."""
        if self._columns is None:
            siblings = Siblings()
            for group in self._groups.values():
                siblings.add(group.place, group.decide())
            self._columns = {key: group.decide(siblings.of(group.place)) for key, group in self._groups.items()}
        return self._columns

    def _key_of(self, table: SourceTable) -> str:
        return table_key(table.labels, table.source, is_named=self._is_named)


class _Profile(TableProfile):
    """The profile of several tables, which knows where the value stands that its evidence quotes."""

    def __init__(self, table: SourceTable, null_words: Sequence[str]) -> None:
        word = row_word(table)
        super().__init__(table.labels, null_words=null_words, stated=table.dialect.stated, row_word=word)
        self._tables = 0
        self._seen: dict[int, tuple[Place | None, Place | None]] = {}
        self._where: dict[int, str] = {}

    def end_table(self, where: str) -> None:
        """Places that were noted since the last call lie in the table ``where``."""
        self._tables += 1
        for number, profile in enumerate(self.columns):
            if self._tables > 1:  # the numbers of its rows do not say of which table they are
                profile.forget_blanks()
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
        self.place = first.place
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

    def decide(self, siblings: Mapping[str, Shown] = NO_SIBLINGS) -> tuple[Column, ...]:
        """What fits all values; where it is text only for being written in several ways, what each table says."""
        columns = self._decide(self._joint, siblings)
        return tuple(_together(column, types) for column, types in zip(columns, self._types, strict=True))

    def _decide(self, profile: TableProfile, siblings: Mapping[str, Shown] = NO_SIBLINGS) -> tuple[Column, ...]:
        said = self._options
        return profile.decide(
            all_text=said.all_text,
            decimal=said.decimal,
            day_first=said.day_first,
            first_year=said.first_year,
            siblings=siblings,
        )


def _together(column: Column, types: set[ColumnType]) -> Column:
    if column.type is not ColumnType.TEXT or not types or ColumnType.TEXT in types:
        return column
    if len(types) > 1 and not types <= _NUMBERS:
        return column
    shared = ColumnType.NUMERIC if len(types) > 1 else next(iter(types))
    evidence = Evidence.of(EvidenceKind.IN_EVERY_TABLE, type=shared.value)
    return Column(label=column.label, name=column.name, type=shared, evidence=evidence)


def _shown_by(column: Column, place: TablePlace) -> Shown | None:
    """What a column of dates or decimal numbers shows; months by their names show nothing of others."""
    if column.type is ColumnType.NUMERIC:
        return Shown(marks=frozenset({column.format.decimal}), source=place.source or "")
    if column.type not in _OF_MOMENTS:
        return None
    reading = candidate_of(column.type, column.format)
    if not isinstance(reading, DateCandidate) or "b" in column.format.pattern.lower():
        return None
    if reading.order not in ("dmy", "mdy"):
        return None
    return Shown(orders=frozenset({reading.order}), source=place.source or "")


def _open_of(column: Column) -> GroundKind | None:
    """What it is that another table may show, of a column whose values can all be read in two ways."""
    evidence = column.evidence
    if evidence is None or evidence.kind is not EvidenceKind.IN_DOUBT:
        return None
    kind = GroundKind(evidence.figures["because"]["kind"])
    return kind if kind in OF_ONE_WAY else None
