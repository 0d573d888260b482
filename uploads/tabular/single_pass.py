"""Read a table once where its beginning shows the types that the whole of it has, and twice where it doesn't.

Types are decided over the whole table. A pass of its own for that costs a third of a load, and the first rows nearly
always tell: so rows are converted by what the first chunk shows while every value is watched. If the whole shows
anything else, ``TypesChanged`` says what, and the rows that were given out before are void.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from uploads.tabular.chunks import SourceTable, TextChunk, TypedChunk, row_word
from uploads.tabular.evidence import EvidenceKind
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.table import Column, ColumnType, FileFormat, ReadOptions
from uploads.tabular.type_events import TypesChanged
from uploads.tabular.types.choice import Shown
from uploads.tabular.types.conversion import are_plain, as_written, convert
from uploads.tabular.types.table_profile import NO_SIBLINGS, TableProfile
from uploads.tabular.types.unseen import Unseen

_COLUMNS_NAMED = 5


_IN_NO_VALUE = frozenset(",;|\t")


class VerbatimShape(NamedTuple):
    """What COPY must be told to read rows as they stand in the source."""

    delimiter: str
    quoted: bool
    escaped: bool

    @property
    def is_text(self) -> bool:
        """Whether COPY's text form is the same as CSV here, and read by PostgreSQL with a tenth less computing.

        Its backslash would be read as an escape, and its quotes as part of the value.
        """
        return not self.quoted and not self.escaped and self.delimiter in _IN_NO_VALUE


class SinglePass:
    """One table. ``columns`` are those that its beginning shows, and after ``rows`` those of the whole; ``siblings``:
    what columns of the same names show in other tables of its file."""

    def __init__(
        self,
        table: SourceTable,
        *,
        options: ReadOptions,
        planned: Sequence[Column] | None,
        chosen: Sequence[Column] = (),
        siblings: Mapping[str, Shown] = NO_SIBLINGS,
    ) -> None:
        self._table = table
        self._options = options
        self._planned = planned
        self._chosen = chosen
        self._siblings = siblings
        self._null_words = frozenset(options.null_words)
        self._blanked: Counter[tuple[str, str]] = Counter()
        self._unseen = self._nothing_seen()
        self._chunks = table.chunks()
        self._profile = self._new_profile()
        self._ahead = [chunk for chunk in (next(self._chunks, None), next(self._chunks, None)) if chunk is not None]
        self._shape: VerbatimShape | None = None
        self.cell_bytes = 0.0
        """Mean length of a cell as it stands in the source, at the table's beginning; 0 where nothing is verbatim."""
        for chunk in self._ahead[:1]:
            self._profile.observe(chunk)
            if chunk.verbatim:
                self.cell_bytes = chunk.verbatim.rows.nbytes / max(len(chunk.rows) * len(chunk.cells), 1)
                self._shape = VerbatimShape(chunk.verbatim.delimiter, chunk.verbatim.quoted, chunk.verbatim.escaped)
        self.columns = self._decide(self._profile)

    @property
    def shape(self) -> VerbatimShape | None:
        """How rows are written that COPY reads, as they stand in the source, as they are typed here."""
        return self._shape if are_plain(self.columns) and not self._null_words else None

    def rows(self, *, verbatim: bool = False) -> Iterator[tuple[TextChunk, TypedChunk | None]]:
        """Every chunk, as read and as converted; raises ``TypesChanged`` where the types do not hold.

        With ``verbatim``, a chunk that has been checked to be right as it stands in the source is not converted.
        """
        self._unseen = self._nothing_seen()
        settled = self._profile.settled()
        only = len(self._ahead) < 2
        for number, chunk in enumerate(self._rest()):
            if number and not settled:
                self._profile.observe(chunk)
                settled = self._profile.settled()
                observed = True
            else:
                observed = not number
            blanks = self._as_written(chunk) if verbatim else None
            typed = self._convert(chunk) if blanks is None else None
            if typed is not None and typed.batch.num_rows < len(chunk.rows) and not only:
                # A value that doesn't fit: what it makes of the column only the whole table says.
                raise self._changed(self._whole())
            if not observed:
                self._profile.count(chunk, _nulls(typed) if blanks is None else blanks)
            self._unseen.observe(chunk, typed, self.columns)
            yield chunk, typed
        whole = self._decide(self._profile)
        if _types(whole) != _types(self.columns):
            raise self._changed(whole)
        self.columns = whole

    def rows_again(self, *, verbatim: bool = False) -> Iterator[tuple[TextChunk, TypedChunk | None]]:
        """Every chunk from the top, converted to the columns of the whole table, after ``TypesChanged``."""
        self._blanked.clear()
        self._unseen = self._nothing_seen()
        for chunk in self._table.chunks():
            as_it_is = verbatim and self._as_written(chunk) is not None
            typed = None if as_it_is else self._convert(chunk)
            self._unseen.observe(chunk, typed, self.columns)
            yield chunk, typed

    @property
    def notes(self) -> tuple[Note, ...]:
        """For the receipt: which words were read as empty, how often and where; and what nobody sees in the cells."""
        words = sorted({word for word, _ in self._blanked})
        return (*(_blanked_note(word, self._blanked) for word in words), *self._unseen.notes)

    def undecided(self) -> frozenset[str]:
        """Text columns of which no value rules out that they are something else: empty, or read in two ways."""
        return frozenset(
            column.name
            for column, profile in zip(self.columns, self._profile.columns, strict=True)
            if column.type is ColumnType.TEXT and profile.alive != [] and not _is_stated(column)
        )

    def narrower(self) -> frozenset[str]:
        """Text columns to which the table's own values, as far as they were looked at, would give another type."""
        said = self._options
        own = self._profile.decide(
            all_text=said.all_text, decimal=said.decimal, day_first=said.day_first, first_year=said.first_year
        )
        return frozenset(
            column.name
            for column, alone in zip(self.columns, own, strict=True)
            if column.type is ColumnType.TEXT and alone.type is not ColumnType.TEXT
        )

    def _changed(self, columns: tuple[Column, ...]) -> TypesChanged:
        self.columns = columns
        return TypesChanged(columns)

    def _rest(self) -> Iterator[TextChunk]:
        while self._ahead:
            yield self._ahead.pop(0)
        yield from self._chunks

    def _whole(self) -> tuple[Column, ...]:
        """A pass of its own that observes every value."""
        profile = self._new_profile()
        for chunk in self._table.chunks():
            profile.observe(chunk)
        return self._decide(profile)

    def _nothing_seen(self) -> Unseen:
        is_text = self._table.dialect.format is FileFormat.CSV
        return Unseen(self._table.labels, unit=row_word(self._table), is_letters_counted=is_text)

    def _new_profile(self) -> TableProfile:
        return TableProfile(
            self._table.labels,
            null_words=self._null_words,
            row_word=row_word(self._table),
            stated=self._table.dialect.stated,
            descriptions=self._table.dialect.descriptions,
        )

    def _decide(self, profile: TableProfile) -> tuple[Column, ...]:
        said = self._options
        return profile.decide(
            all_text=said.all_text,
            planned=self._planned,
            chosen=self._chosen,
            decimal=said.decimal,
            day_first=said.day_first,
            first_year=said.first_year,
            siblings=self._siblings,
        )

    def _as_written(self, chunk: TextChunk) -> tuple[int, ...] | None:
        shape = self.shape
        rows = chunk.verbatim
        if shape is None or rows is None or (rows.quoted and not shape.quoted) or (rows.escaped and shape.is_text):
            return None
        return as_written(chunk, self.columns)

    def _convert(self, chunk: TextChunk) -> TypedChunk:
        delimiter = self._table.dialect.delimiter or "\t"
        typed = convert(chunk, self.columns, delimiter=delimiter, null_words=self._null_words)
        for column, word, count in typed.blanked:
            self._blanked[word, column] += count
        return typed


def _blanked_note(word: str, blanked: Counter[tuple[str, str]]) -> Note:
    counts = [[column, count] for (found, column), count in blanked.most_common() if found == word]
    return Note.of(
        NoteKind.NULL_WORD,
        word=word,
        cells=sum(count for (found, _), count in blanked.items() if found == word),
        columns=counts[:_COLUMNS_NAMED],
        more_columns=max(len(counts) - _COLUMNS_NAMED, 0),
    )


def _is_stated(column: Column) -> bool:
    return column.evidence is not None and column.evidence.kind is EvidenceKind.STATED


def _nulls(typed: TypedChunk | None) -> list[int]:
    return [] if typed is None else [column.null_count for column in typed.batch.columns[1:]]


def _types(columns: Sequence[Column]) -> list[tuple[object, ...]]:
    return [(column.type, column.format) for column in columns]
