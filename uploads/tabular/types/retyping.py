"""Give stored values of one table of a file other types, by way of the text that stood in the file.

What a column holds is printed back in the format of that very file and read again as the type that is wanted, by the
code that reads files: so a value can change its type and nothing else.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.chunks import ARROW_TYPES, TextChunk
from uploads.tabular.evidence import Evidence, EvidenceKind, Ground
from uploads.tabular.kept_cells import KeptCells
from uploads.tabular.table import ROW, Column, ColumnType, Format, Reject
from uploads.tabular.types.blanks import blank_out
from uploads.tabular.types.candidate import Candidate
from uploads.tabular.types.candidates import TruthReading, canonical_candidates
from uploads.tabular.types.choice import ambiguity, evidenced_marks
from uploads.tabular.types.column_profile import ColumnProfile
from uploads.tabular.types.conversion import convert, render
from uploads.tabular.types.date_order import choose_date, evidenced_orders
from uploads.tabular.types.dates.date_candidate import DateCandidate
from uploads.tabular.types.notations.mixed_numbers import unlike_numbers
from uploads.tabular.types.offers.most_fitting import most_fitting_of_all
from uploads.tabular.types.table_profile import TableProfile

_CARRIED = {(ColumnType.BIGINT, ColumnType.NUMERIC), (ColumnType.DATE, ColumnType.TIMESTAMP)}
"""Types of which the wider one prints every value of the narrower in the same format, and PostgreSQL casts exactly."""
_NUMBERS = frozenset({ColumnType.BIGINT, ColumnType.NUMERIC, ColumnType.DOUBLE})
_MOST_KINDS = 100
_PRINTED_ALIKE = {
    ColumnType.BIGINT: Format(),
    ColumnType.NUMERIC: Format(),
    ColumnType.DATE: Format(pattern="%Y-%m-%d"),
}
"""Formats in which PostgreSQL's own text of a value is what stood in the file."""


type _Kept = Mapping[str, pa.StringArray]
NOTHING_KEPT: _Kept = {}


class Ambiguous(Exception):
    """All values of the column fit the type in two ways that mean different things."""

    def __init__(self, column: Column, example: str, doubt: Ground) -> None:
        super().__init__(f"{example} can be read in two ways: {doubt.kind}")
        self.column = column
        self.example = example
        self.doubt = doubt


def casts_exactly(old: Column, new: ColumnType) -> bool:
    """Whether PostgreSQL's cast gives what printing back and reading again would."""
    if (old.type, new) in _CARRIED or old.type is new:
        return True
    return new is ColumnType.TEXT and _PRINTED_ALIKE.get(old.type) == old.format


def needs_survey(old: Column, new: ColumnType) -> bool:
    """Whether the format can only be told from all values."""
    return new is not ColumnType.TEXT and old.type is not new and (old.type, new) not in _CARRIED


def text_of(column: Column, stored: pa.StringArray) -> pa.StringArray:
    """Values as PostgreSQL prints them, as they stood in the file; null becomes the empty string."""
    match column.type:
        case ColumnType.TEXT:
            return pc.fill_null(stored, "")
        case ColumnType.BOOLEAN:
            values = pc.equal(stored, "t")
        case ColumnType.TIMESTAMPTZ:
            moments = pc.cast(pc.replace_substring_regex(stored, r"\+00$", ""), pa.timestamp("us"))
            values = pc.cast(moments, ARROW_TYPES[column.type])
        case _:
            values = pc.cast(stored, ARROW_TYPES[column.type])
    return render(column, values)


def as_it_stood(
    column: Column, stored: pa.StringArray, kept: pa.StringArray | None, null_words: Collection[str]
) -> pa.StringArray:
    """Cells as they stood in the file, of rows that are to be read again: a text that is kept of a blank cell comes
    back where it is one of the words that are read as empty then too."""
    cells = text_of(column, stored)
    if kept is None:
        return cells
    is_word = pc.is_in(pc.utf8_trim_whitespace(kept), pa.array(sorted(null_words), pa.string()))
    return pc.if_else(pc.or_(pc.is_valid(stored), is_word), pc.coalesce(kept, cells), cells)


@dataclass(frozen=True, kw_only=True, slots=True)
class Converted:
    """Some stored rows with their new values."""

    values: Mapping[str, pa.Array]
    """Of the columns that may have changed, in the rows that fit."""
    places: pa.Int64Array
    """Of those rows in the batch."""
    misfits: tuple[Reject, ...]
    """The others; their ``row`` is the place in the batch."""
    kept: KeptCells = field(default_factory=KeptCells)
    """Texts that the new values do not print back: a column by its place in ``Retyping.columns``, a row by that in
    the batch."""


class Retyping:
    """One load: its columns as they are and, after ``choose_formats``, as they will be.

    ``null_words`` begin to mean an empty cell, ``held`` mean it already and afterwards. Where texts are kept beside
    stored values they come by column, null where none is kept.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        types: Mapping[str, ColumnType],
        null_words: Collection[str],
        *,
        held: Collection[str] = (),
    ) -> None:
        self.columns = tuple(columns)
        self.new = tuple(replace(column, type=types.get(column.name, column.type)) for column in columns)
        self._null_words = frozenset(null_words)
        self._held = self._null_words.union(held)
        self._surveyed = tuple(
            position for position, old in enumerate(self.columns) if needs_survey(old, self.new[position].type)
        )
        self.fits = True
        """Known after ``choose_formats``: whether each surveyed column has a format that fits all its values."""
        self._profile = TableProfile([self.columns[i].label for i in self._surveyed], null_words=self._null_words)

        self._kinds: list[dict[str, str]] = [{} for _ in self._surveyed]
        """By how values are written, digits apart, the first of each kind: signs that only a few values have."""

    @property
    def surveyed(self) -> tuple[Column, ...]:
        """Columns of which every value has to be seen before the first is converted."""
        return tuple(self.columns[position] for position in self._surveyed)

    @property
    def changed(self) -> tuple[Column, ...]:
        """Those that get another type, as they will be."""
        return tuple(new for old, new in zip(self.columns, self.new, strict=True) if old.type is not new.type)

    @property
    def touched(self) -> frozenset[str]:
        """Names of the columns whose cells may change: those of another type and, with null words, all text."""
        return frozenset(
            old.name
            for old, new in zip(self.columns, self.new, strict=True)
            if old.type is not new.type or (old.type is ColumnType.TEXT and self._null_words)
        )

    def observe(self, rows: pa.Int64Array, stored: Sequence[pa.StringArray], kept: _Kept = NOTHING_KEPT) -> None:
        """Take in stored values of the ``surveyed`` columns."""
        cells = tuple(
            self._cells(column, values, kept.get(column.name), self.new[position].type)
            for position, column, values in zip(self._surveyed, self.surveyed, stored, strict=True)
        )
        self._profile.observe(TextChunk(rows=rows, cells=cells))
        for profile, kinds, values in zip(self._profile.columns, self._kinds, cells, strict=True):
            if profile.is_text and len(kinds) < _MOST_KINDS:
                _note_kinds(kinds, values, self._null_words)

    def shown(self) -> tuple[frozenset[str], frozenset[str]]:
        """Decimal marks and orders of dates that the surveyed columns show without doubt."""
        alive = [profile.alive or [] for profile in self._profile.columns]
        return evidenced_marks(alive), evidenced_orders(alive)

    def choose_formats(
        self,
        marks: frozenset[str],
        orders: frozenset[str],
        years: int | None = None,
        *,
        most: bool = False,
        truth: tuple[str, str] | None = None,
    ) -> None:
        """Choose the new formats. Raises ``Ambiguous``; values that fit none are found by ``convert``.

        ``most``: where no format fits all values, the one that fits most of them. ``truth``: the words for true and
        false.
        """
        new = list(self.new)
        planned = self._profile.decide(
            planned=[
                replace(wish, format=canonical_candidates(wish.type)[0].format)
                for wish in (self.new[position] for position in self._surveyed)
            ],
            first_year=years,
        )
        for number, position in enumerate(self._surveyed):
            profile, wish = self._profile.columns[number], self.new[position]
            plain = not (truth and wish.type is ColumnType.BOOLEAN)
            candidate = _chosen(profile, wish, marks, orders, years) if plain else None
            self.fits = self.fits and candidate is not None
            if candidate is None:
                candidate = self._asked(number, wish, (marks, orders, years), most=most, truth=truth)
            how = planned[number].format if candidate is None else candidate.format
            new[position] = replace(wish, format=how)
        for position, (old, wish) in enumerate(zip(self.columns, new, strict=True)):
            if old.type is not wish.type:
                how = Format() if wish.type is ColumnType.TEXT else wish.format
                new[position] = replace(
                    wish, format=how, evidence=_changed(old, wish.type, how), suggestion=None, alternatives=()
                )
        self.new = tuple(new)

    def _asked(
        self,
        number: int,
        wish: Column,
        shown: tuple[frozenset[str], frozenset[str], int | None],
        *,
        most: bool,
        truth: tuple[str, str] | None,
    ) -> Candidate | None:
        """A reading for what a person asks, where no plain one fits all values; ``None`` where none fits any."""
        if truth and wish.type is ColumnType.BOOLEAN:
            return TruthReading(Format(true=truth[0], false=truth[1]))
        profile = self._profile.columns[number]
        values = pa.concat_arrays([profile.sample, pa.array(list(self._kinds[number].values()), pa.string())])
        found = most_fitting_of_all(values, type_=wish.type) if len(values) else None
        if not most and wish.type in _NUMBERS and (found is None or found.fitting < found.values):
            doubt = unlike_numbers(pc.unique(values).to_pylist())
            if doubt is not None:
                raise Ambiguous(wish, profile.example or values[0].as_py(), doubt)
        if found is None or not (most or found.fitting == found.values):
            return None
        marks, orders, years = shown
        return _decided(profile, wish, found.candidates, found.candidates, marks=marks, orders=orders, years=years)

    def convert(self, stored: Mapping[str, pa.StringArray], kept: _Kept = NOTHING_KEPT) -> Converted:
        """New values of the ``touched`` columns, and the rows that do not fit."""
        pairs = [(old, new) for old, new in zip(self.columns, self.new, strict=True) if old.name in self.touched]
        cells = tuple(self._cells(old, stored[old.name], kept.get(old.name), new.type) for old, new in pairs)
        columns = [new for _, new in pairs]
        count = len(next(iter(stored.values())))
        places = pa.array(range(count), pa.int64())  # lines would not do: one may hold two rows
        typed = convert(TextChunk(rows=places, cells=cells), columns, null_words=self._held)
        batch = typed.batch
        values = {name: batch.column(name) for name in batch.schema.names if name != ROW}
        at = {place: self.columns.index(old) for place, (old, _) in enumerate(pairs)}
        texts = typed.kept.moved(at) if typed.kept else typed.kept
        return Converted(values=values, places=batch.column(ROW), misfits=typed.rejects, kept=texts)

    def _cells(
        self, column: Column, stored: pa.StringArray, kept: pa.StringArray | None, new: ColumnType
    ) -> pa.StringArray:
        """As they stood in the file. What was read as empty stays so, but in text, which holds every word."""
        cells = text_of(column, stored)
        if kept is None:
            return cells
        whole = pc.coalesce(kept, cells)
        return whole if new is ColumnType.TEXT else pc.if_else(pc.is_valid(stored), whole, cells)

    def as_in_file(
        self, stored: Mapping[str, pa.StringArray], places: Sequence[int], kept: _Kept = NOTHING_KEPT
    ) -> list[tuple[str, ...]]:
        """Whole rows as they stood in the file, by their places in the batch: what is kept of a rejected one."""
        some = pa.array(places, pa.int64())
        cells = (
            as_it_stood(column, stored[column.name], kept.get(column.name), self._held).take(some).to_pylist()
            for column in self.columns
        )
        return list(zip(*cells, strict=True))


def _changed(old: Column, new: ColumnType, how: Format) -> Evidence:
    """What the file itself had shown stays, however often the type is changed."""
    before = old.evidence
    shown = before.figures["before"] if before is not None and before.kind is EvidenceKind.CHANGED else None
    if shown is None and before is not None:
        shown = before.as_json()
    years = [how.first_year, how.last_year] if how.first_year else None
    return Evidence.of(
        EvidenceKind.CHANGED, **{"type": new.value, "from": old.type.value, "before": shown, "years": years}
    )


def _note_kinds(kinds: dict[str, str], cells: pa.StringArray, null_words: Collection[str]) -> None:
    values = blank_out(pc.utf8_trim_whitespace(cells), null_words)[0]
    values = values.filter(pc.match_substring_regex(values, r"\p{Nd}"))
    written = pc.replace_substring_regex(values, r"\p{Nd}+", "9").dictionary_encode()
    for place, kind in enumerate(written.dictionary[:_MOST_KINDS].to_pylist()):
        if kind not in kinds and len(kinds) < _MOST_KINDS:
            kinds[kind] = values[pc.index(written.indices, place).as_py()].as_py()


def _chosen(
    profile: ColumnProfile, wish: Column, marks: frozenset[str], orders: frozenset[str], years: int | None
) -> Candidate | None:
    """A reading of the type that fits all values; ``None`` where none does."""
    if profile.alive is None:
        return canonical_candidates(wish.type)[0]
    fitting = [candidate for candidate in profile.fitting if candidate.type is wish.type]
    if not fitting:
        return None
    return _decided(profile, wish, fitting, profile.alive, marks=marks, orders=orders, years=years)


def _decided(
    profile: ColumnProfile,
    wish: Column,
    fitting: Sequence[Candidate],
    among: Sequence[Candidate],
    *,
    marks: frozenset[str],
    orders: frozenset[str],
    years: int | None,
) -> Candidate | None:
    """The one of several meanings that marks, orders of dates or a century decide for, ``among`` all that
    fit the values; raises ``Ambiguous``."""
    dates = [candidate for candidate in fitting if isinstance(candidate, DateCandidate)]
    if dates:
        choice = choose_date(dates, orders=orders, years=years)
        if choice.candidate is None and choice.because is not None:
            raise Ambiguous(wish, profile.example, choice.because)
        return choice.candidate
    doubt = ambiguity(among)
    if doubt is None:
        return fitting[0]
    decided = [candidate for candidate in fitting if candidate.format.decimal in marks]
    if not decided or len(marks) != 1:
        raise Ambiguous(wish, profile.example, doubt)
    return decided[0]
