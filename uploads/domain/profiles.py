"""Decide each column's type and format over all values of a table, chunk by chunk, in memory that doesn't grow.

A column starts with every reading that could have written its first value. Each chunk strikes out those that a value
doesn't fit; what survives the last chunk is what all values say. A column without survivors is text, for good.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from uploads.domain.choosing import Choice, choose, evidenced_marks, evidenced_orders
from uploads.domain.dates import DateReading
from uploads.domain.facts import Facts
from uploads.domain.naming import column_names
from uploads.domain.readings import Reading, candidate_readings, canonical_readings, reading_of
from uploads.domain.table import Column, ColumnType, Format, TextChunk

_HEAD = 100
"""Values that strike out most readings at a hundredth of a chunk's cost."""

_SAMPLE = 2_000
"""Values kept of each column, to choose the format that fits most of them where none fits all."""

_SAMPLE_A_CHUNK = 50

_QUOTED = 40
"""Characters of a value that evidence quotes."""


class ColumnProfile:
    """What is known of one column: how many values, which readings fit them all, what struck out the last."""

    def __init__(self) -> None:
        self.values = 0
        self.alive: list[Reading] | None = None
        """Readings that fit all values so far; ``None`` before the first value."""
        self.fallen: Reading | None = None
        """The last reading to be struck out."""
        self.culprit: tuple[int, str] | None = None
        """Row and value that struck it out."""
        self.example = ""
        self.varied = False
        """Whether there are two different values; only looked at for words of truth."""
        self._sample: list[str] = []

    def observe(self, rows: pa.Int64Array, cells: pa.StringArray) -> None:
        """Take in one chunk's cells of this column."""
        self._keep_sample(cells)
        if self.alive == []:
            self.values += len(cells) - _blanks(cells)
            return
        filled = _filled(cells)
        if not len(filled):
            return
        if self.alive is None:
            self._start(rows, cells)
        if self.alive and self.alive[0].type is ColumnType.BOOLEAN and not self.varied:
            self.varied = not pc.all(pc.equal(pc.utf8_trim_whitespace(filled), self.example)).as_py()
        if self.alive and not self._narrow(filled):
            trimmed = pc.utf8_trim_whitespace(cells)
            filled = _filled(trimmed)
            if len(filled):
                self._strike(rows.filter(pc.not_equal(trimmed, "")), filled)
        self.values += len(filled)

    def choose(self, marks: frozenset[str], orders: frozenset[str]) -> Choice:
        """The reading to use, given what other columns show."""
        return choose(self.alive or [], varied=self.varied, marks=marks, orders=orders)

    @property
    def sample(self) -> pa.StringArray:
        """Some values from all over the column, without blanks and outer spaces."""
        values = pc.utf8_trim_whitespace(pa.array(self._sample, pa.string()))
        return values.filter(pc.not_equal(values, ""))

    def _start(self, rows: pa.Int64Array, cells: pa.StringArray) -> None:
        first = next((i for i, cell in enumerate(cells[:_HEAD].to_pylist()) if cell.strip()), None)
        if first is None:
            trimmed = pc.utf8_trim_whitespace(cells)
            found = pc.index(pc.not_equal(trimmed, ""), True).as_py()
            if found < 0:
                return
            first = found
        self.example = cells[first].as_py().strip()
        self.alive = candidate_readings(self.example)
        if not self.alive:
            self.culprit = (rows[first].as_py(), self.example)

    def _narrow(self, values: pa.StringArray) -> bool:
        """Strike out what the head rules out, then what the whole chunk does; false if nothing would be left."""
        survivors = _surviving(_surviving(self.alive or [], values[:_HEAD]), values)
        if survivors:
            self.alive = survivors
        return bool(survivors)

    def _strike(self, rows: pa.Int64Array, values: pa.StringArray) -> None:
        """The same with care: outer spaces are off, and the value that strikes out the last reading is noted."""
        for part in (values[:_HEAD], values):
            survivors = _surviving(self.alive or [], part)
            if not survivors and self.alive:
                misfits = [(_first_misfit(reading, part), reading) for reading in self.alive]
                index, self.fallen = max(misfits, key=lambda misfit: misfit[0])
                self.culprit = (rows[index].as_py(), part[index].as_py())
            self.alive = survivors

    def _keep_sample(self, cells: pa.StringArray) -> None:
        if len(self._sample) < _SAMPLE and len(cells):
            step = max(1, len(cells) // _SAMPLE_A_CHUNK)
            self._sample.extend(cells.take(pa.array(range(0, len(cells), step))).to_pylist())


class TableProfile:
    """Observe every chunk of a table, then decide its columns."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        self.columns = tuple(ColumnProfile() for _ in labels)

    def observe(self, chunk: TextChunk) -> None:
        """Take in the next rows."""
        for column, cells in zip(self.columns, chunk.cells, strict=True):
            column.observe(chunk.rows, cells)

    def decide(self, *, all_text: bool = False, planned: Sequence[Column] | None = None) -> tuple[Column, ...]:
        """Choose each column's type and format.

        ``planned`` are the columns of a dataset that exists, in the file's order: their types hold, and only the format
        of this file's values is chosen.
        """
        if planned is not None:
            return tuple(
                replace(column, label=label or column.label, format=_planned_format(column, profile))
                for column, label, profile in zip(planned, self.labels, self.columns, strict=True)
            )
        names = column_names(self.labels)
        marks, orders = evidenced_marks(self._alive()), evidenced_orders(self._alive())
        return tuple(
            Column(label=label, name=name, type=ColumnType.TEXT, evidence="text, as was asked.")
            if all_text
            else _column(label, name, profile, profile.choose(marks, orders))
            for label, name, profile in zip(self.labels, names, self.columns, strict=True)
        )

    def settled(self) -> bool:
        """Whether more rows can only change a decision through a value that conversion would reject.

        False while a column is blank, ambiguous, or could yet become a boolean.
        """
        return all(
            profile.alive is not None
            and (not profile.alive or profile.choose(frozenset(), frozenset()).reading is not None)
            for profile in self.columns
        )

    def _alive(self) -> Iterable[list[Reading]]:
        return [profile.alive or [] for profile in self.columns]


def _column(label: str, name: str, profile: ColumnProfile, choice: Choice) -> Column:
    if choice.reading is None:
        evidence = _why_text(profile, choice)
        return Column(label=label, name=name, type=ColumnType.TEXT, evidence=evidence)
    count = f"all {profile.values:,} values are" if profile.values > 1 else "the only value is"
    evidence = f"{choice.reading.type}: {count} {_described(choice.reading, many=profile.values > 1)}{choice.because}."
    return Column(label=label, name=name, type=choice.reading.type, format=choice.reading.format, evidence=evidence)


def _why_text(profile: ColumnProfile, choice: Choice) -> str:
    if profile.alive is None:
        return "text, because the column is empty."
    if profile.culprit is not None:
        row, value = profile.culprit
        short = value if len(value) <= _QUOTED else value[:_QUOTED] + "…"
        before = "" if profile.fallen is None else f", which is not {_expected(profile.fallen)}"
        return f'text, because line {row:,} holds "{short}"{before}.'
    return f'text, because "{profile.example}" {choice.because}.'


def _expected(reading: Reading) -> str:
    number = reading.type in (ColumnType.BIGINT, ColumnType.NUMERIC, ColumnType.DOUBLE)
    return "a number" if number else _described(reading, many=False)


def _described(reading: Reading, *, many: bool) -> str:
    how = reading.format
    match reading.type:
        case ColumnType.BIGINT:
            words = "whole numbers" if many else "a whole number"
        case ColumnType.NUMERIC:
            words = "decimal numbers" if many else "a decimal number"
        case ColumnType.DOUBLE:
            words = "floating-point numbers" if many else "a floating-point number"
        case ColumnType.BOOLEAN:
            return f'"{how.true}" or "{how.false}"'
        case ColumnType.DATE:
            return f"{'dates' if many else 'a date'} written as {how.pattern}"
        case _:
            return f"{'times' if many else 'a time'} written as {how.pattern}"
    marks = []
    if how.decimal == "," and reading.type is ColumnType.NUMERIC:
        marks.append("decimal comma")
    if how.thousands:
        marks.append(f'thousands mark "{how.thousands}"')
    return f"{words} with {' and '.join(marks)}" if marks else words


def _planned_format(column: Column, profile: ColumnProfile) -> Format:
    """The dataset's own format if it fits, then the plain forms, any that fits, what fits most of a sample."""
    if column.type is ColumnType.TEXT or profile.alive is None:
        return column.format
    own = reading_of(column.type, column.format)
    fitting = [reading for reading in profile.alive if reading.type is column.type]
    preferred = [own, *canonical_readings(column.type)]
    for reading in preferred:
        if reading in fitting:
            return reading.format
    sample = profile.sample
    others = fitting or _could_have_written(column.type, sample)
    if not len(sample):
        return column.format
    # max keeps the first of equals: the dataset's own format, then the canonical ones.
    alike = [reading for reading in others if _alike(reading, own)]
    best = max([*preferred, *alike, *others], key=lambda reading: pc.sum(reading.mask(sample)).as_py() or 0)
    return best.format


def _alike(reading: Reading, own: Reading) -> bool:
    """Whether two readings agree on decimal mark and order of day and month."""
    if isinstance(reading, DateReading) and isinstance(own, DateReading):
        return reading.order == own.order
    return reading.format.decimal == own.format.decimal


def _could_have_written(type_: ColumnType, sample: pa.StringArray) -> list[Reading]:
    found = {reading: None for value in pc.unique(sample[:_HEAD]).to_pylist() for reading in candidate_readings(value)}
    return [reading for reading in found if reading.type is type_]


def _surviving(readings: Sequence[Reading], values: pa.StringArray) -> list[Reading]:
    facts = Facts(values)
    return [reading for reading in readings if reading.fits(facts)]


def _first_misfit(reading: Reading, values: pa.StringArray) -> int:
    index: int = pc.index(reading.mask(values), False).as_py()
    return index if index >= 0 else len(values) - 1


def _filled(cells: pa.StringArray) -> pa.StringArray:
    return cells.filter(pc.not_equal(cells, "")) if _blanks(cells) else cells


def _blanks(cells: pa.StringArray) -> int:
    if not len(cells) or pc.min(pc.binary_length(cells)).as_py() > 0:
        return 0
    return int(pc.sum(pc.equal(cells, "")).as_py())
