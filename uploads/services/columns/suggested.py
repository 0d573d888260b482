"""Changes of a dataset's columns that its files suggest: what would make more than text of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from uploads.models import Dataset, Load
from uploads.services.columns.change import DATES, KINDS, listed
from uploads.services.columns.rows_in_doubt import is_of_a_row, rejects_that_row, rows_named
from uploads.tabular.evidence import Evidence, EvidenceKind
from uploads.tabular.table import ColumnType, FormatHints


@dataclass(frozen=True, kw_only=True, slots=True)
class SuggestedChange:
    """A change that would make more than text of columns, found out while files were loaded."""

    column: str
    label: str
    type: ColumnType
    null_words: tuple[str, ...]
    hints: FormatHints = field(default_factory=FormatHints)
    truth: tuple[str, str] | None = None
    rejects: bool = False
    """Some values, such as ``example``, don't fit, and their rows would be rejected."""
    example: str = ""
    read_as: str = ""
    is_typed: bool = False
    """The column has the type already, and the words keep rows out of it."""
    word_cells: tuple[int, ...] = field(default=(), compare=False)
    """How many cells of the column hold each of the words, as its files were loaded; none where that is not known."""

    @property
    def is_plain(self) -> bool:
        """Whether the type and the words say all of it."""
        return self.hints == FormatHints() and self.truth is None and not self.rejects

    def as_suggestion(self) -> dict[str, Any]:
        """As a load's columns have it."""
        true, false = self.truth or ("", "")
        said = {"null_words": self.null_words, "type": self.type.value, "rejects": self.rejects}
        return {**said, **asdict(self.hints), "true_word": true, "false_word": false}

    @property
    def sentence(self) -> str:
        """What the button says: ``Make “price” whole numbers: read “NA” as empty``."""
        return self.sentence_on(f"“{self.label}”")

    def sentence_on(self, columns: str) -> str:
        """The same of ``columns``, such as ``64 columns``."""
        if self.is_typed:
            return f"Read {self._empty}: rows rejected for it in {columns} can be loaded"
        if self.rejects:
            such = f" (such as one with “{self.example}”)" if self.example else ""
            how = f" with {self._how}" if self.hints != FormatHints() else ""
            empty = f" and {listed(self.null_words)} were empty{self._counted}" if self.null_words else ""
            return f"See which rows would be rejected{such} if {columns} were {KINDS[self.type]}{how}{empty}…"
        return f"Make {columns} {KINDS[self.type]}: read {self._how}"

    @property
    def _empty(self) -> str:
        """``“NA” and “-” as empty (12 and 3 cells)``"""
        return f"{listed(self.null_words)} as empty{self._counted}"

    @property
    def _counted(self) -> str:
        if not self.word_cells:
            return ""
        *counts, last = (f"{cells:,}" for cells in self.word_cells)
        counted = f"{', '.join(counts)} and {last}" if counts else last
        return f" ({counted} cell{'s' * (self.word_cells != (1,))})"

    @property
    def _by_example(self) -> str:
        return f"“{self.example}” as {self.read_as}" if self.read_as else ""

    @property
    def _how(self) -> str:
        if self.truth is not None:
            yes, no = (f"“{word}” as {kind}" for word, kind in zip(self.truth, ("yes", "no"), strict=True))
            return f"{yes}, {no} and {self._empty}" if self.null_words else f"{yes} and {no}"
        empty = self._empty if self.null_words and not self.rejects else ""  # of rejected rows it is said elsewhere
        return " and ".join(filter(None, [self._notation, empty]))

    @property
    def _notation(self) -> str:
        if self.read_as and self.hints == FormatHints():
            return self._by_example
        if self.hints.decimal is not None:
            return self._by_example or f"“{self.hints.decimal}” as decimal mark"
        first = self.hints.first_year
        years = "" if first is None else f"years of two digits as {first} to {first + 99}"
        if self.hints.day_first is not None:
            order = "the day first" if self.hints.day_first else "the month first"
            return f"{order} and {years}" if years else order
        return years


def _read_by_mark(column: Mapping[str, Any], mark: str | None) -> tuple[str, str]:
    """The value by which a column's evidence asks for the decimal mark, and what it is by this one."""
    evidence = Evidence.from_json(column.get("evidence"))
    example = evidence.figures["example"] if evidence is not None and evidence.kind is EvidenceKind.IN_DOUBT else None
    if mark is None or not example:
        return "", ""
    other = "," if mark == "." else "."
    return example, example.replace(other, "").replace(mark, ".")


def suggested_changes(*, dataset: Dataset, load_id: int | None = None) -> tuple[SuggestedChange, ...]:
    """In the order of the columns, from what the loads of the dataset found, or one load that failed as a whole.

    A column that has its type already is suggested words for the rows that were rejected for them.
    """
    found: dict[tuple[str, FormatHints, bool, bool], SuggestedChange] = {}
    loads = Load.objects.filter(dataset=dataset)
    loads = loads.exclude(part="") if load_id is None else loads.filter(pk=load_id)
    for columns in loads.order_by("pk").values_list("columns", flat=True):
        alike = rows_named(columns)
        for column in columns:
            for suggestion in (*filter(None, [column.get("suggestion")]), *column.get("alternatives", ())):
                if is_of_a_row(suggestion, alike) or rejects_that_row(suggestion, column, alike):
                    continue
                one = _suggested(column, suggestion)
                key = (one.column, one.hints, one.rejects, bool(one.null_words))
                other = found.get(key)
                found[key] = one if other is None else _both(other, one)
    now = {column.name: column for column in dataset.columns.all()}
    return tuple(
        replace(change, is_typed=now[change.column].type == change.type)
        for change in sorted(found.values(), key=lambda change: now[change.column].position)
        if _is_news(change, ColumnType(now[change.column].type), dataset)
    )


def _is_news(change: SuggestedChange, now: ColumnType, dataset: Dataset) -> bool:
    """Whether the column could be that and isn't yet: it is text, or plain numbers that stand for moments."""
    if set(change.null_words) - set(dataset.null_words):
        return True
    return now is ColumnType.TEXT or (now is ColumnType.BIGINT and bool(change.read_as) and change.type in DATES)


def _suggested(column: Mapping[str, Any], suggestion: Mapping[str, Any]) -> SuggestedChange:
    example, read_as = _read_by_mark(column, None if suggestion.get("rejects") else suggestion.get("decimal"))
    return SuggestedChange(
        column=column["name"],
        label=column["label"] or column["name"],
        type=ColumnType(suggestion["type"]),
        null_words=tuple(suggestion["null_words"]),
        hints=FormatHints(
            decimal=suggestion.get("decimal"),
            day_first=suggestion.get("day_first"),
            first_year=suggestion.get("first_year"),
        ),
        truth=(suggestion["true_word"], suggestion["false_word"]) if suggestion.get("true_word") else None,
        rejects=suggestion.get("rejects", False),
        example=suggestion.get("example", "") or example,
        read_as=suggestion.get("read_as", "") or read_as,
        word_cells=tuple(suggestion.get("word_cells", ())),
    )


def _both(one: SuggestedChange, other: SuggestedChange) -> SuggestedChange:
    """What two loads say of the same column."""
    words = tuple(sorted({*one.null_words, *other.null_words}))
    return replace(one, type=_wider(one.type, other.type), null_words=words, word_cells=cells_together([one, other]))


def cells_together(changes: Sequence[SuggestedChange]) -> tuple[int, ...]:
    """How many cells hold each of the words of all the changes, in the words' order; none where one doesn't tell."""
    cells: Counter[str] = Counter()
    for change in changes:
        if len(change.word_cells) != len(change.null_words):
            return ()
        cells.update(dict(zip(change.null_words, change.word_cells, strict=True)))
    return tuple(cells[word] for word in sorted(cells))


def _wider(one: ColumnType, other: ColumnType) -> ColumnType:
    numbers = (ColumnType.BIGINT, ColumnType.NUMERIC)
    if one in numbers and other in numbers:
        return max(one, other, key=numbers.index)
    return other
