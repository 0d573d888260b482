"""What a person asks to change about a dataset's columns: types, and the words that mean an empty cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from uploads.models import Dataset, Load
from uploads.services.columns.rows_in_doubt import is_of_a_row
from uploads.services.options.parsing import parse_null_words
from uploads.tabular.errors import BadOption
from uploads.tabular.table import ColumnType, FormatHints

_KINDS = {
    ColumnType.BOOLEAN: "yes or no",
    ColumnType.BIGINT: "whole numbers",
    ColumnType.NUMERIC: "decimal numbers",
    ColumnType.DOUBLE: "floating-point numbers",
    ColumnType.DATE: "dates",
    ColumnType.TIMESTAMP: "dates with times",
    ColumnType.TIMESTAMPTZ: "dates with times and zones",
    ColumnType.TEXT: "text",
}

_NUMBERS = frozenset({ColumnType.BIGINT, ColumnType.NUMERIC, ColumnType.DOUBLE})
_DATES = frozenset({ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ})


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """New types by column name; ``null_words`` are the whole new list, ``None`` leaves it as it is."""

    types: Mapping[str, ColumnType] = field(default_factory=dict)
    null_words: tuple[str, ...] | None = None
    hints: FormatHints = field(default_factory=FormatHints)

    def as_json(self) -> dict[str, Any]:
        return {
            "types": {name: type_.value for name, type_ in self.types.items()},
            "null_words": None if self.null_words is None else list(self.null_words),
            "decimal": self.hints.decimal,
            "day_first": self.hints.day_first,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        words = data["null_words"]
        return cls(
            types={name: ColumnType(type_) for name, type_ in data["types"].items()},
            null_words=None if words is None else tuple(words),
            hints=FormatHints(decimal=data["decimal"], day_first=data["day_first"]),
        )


def checked_change(*, dataset: Dataset, change: Change) -> Change:
    """The change without what is so already; raises ``BadOption`` for an unknown column, or where nothing is left."""
    now = {column.name: ColumnType(column.type) for column in dataset.columns.all()}
    unknown = [name for name in change.types if name not in now]
    if unknown:
        raise BadOption(
            f"The dataset “{dataset.name}” has no column “{unknown[0]}”.", hint=f"Its columns are {', '.join(now)}."
        )
    _check_hints(change)
    types = {name: type_ for name, type_ in change.types.items() if now[name] is not type_}
    if types and not Load.objects.filter(dataset=dataset).exclude(part="").exists():
        raise BadOption(
            f"The dataset “{dataset.name}” has no rows: the next file decides the types of its columns.",
            hint="Send a file first.",
        )
    words = None if change.null_words is None else tuple(parse_null_words("null_words", ",".join(change.null_words)))
    if words is not None and set(words) == set(dataset.null_words):
        words = None
    if not types and words is None:
        raise BadOption("That is how it is already: there is nothing to change.", hint="Choose another type.")
    return replace(change, types=types, null_words=words)


def _check_hints(change: Change) -> None:
    """A decimal mark where nothing becomes a number, or an order of dates without dates, would be passed over."""
    wanted = set(change.types.values())
    for is_given, kinds, what, of in (
        (change.hints.decimal is not None, _NUMBERS, "decimal mark", "numbers"),
        (change.hints.day_first is not None, _DATES, "order of dates", "dates"),
    ):
        if is_given and not wanted & kinds:
            raise BadOption(
                f"A{'n' * (what[0] == 'o')} {what} was said, and no column is to become {of}.",
                hint=f"Leave it out, or choose a type of {of}: {', '.join(sorted(kinds))}.",
            )


def words_added(*, dataset: Dataset, change: Change) -> tuple[str, ...]:
    """Words that begin to mean an empty cell. Those that end to leave the rows as they are: nothing holds the words."""
    return tuple(word for word in change.null_words or () if word not in dataset.null_words)


def in_words(*, dataset: Dataset, change: Change) -> tuple[str, ...]:
    """The change for people: ``price: bigint becomes numeric (decimal numbers)``."""
    now = {column.name: column for column in dataset.columns.all()}
    sentences = [
        f"“{now[name].label or name}”: {now[name].type} becomes {type_.value}"
        + (f" ({_KINDS[type_]})" if type_ is not ColumnType.TEXT else "")
        for name, type_ in change.types.items()
    ]
    added = words_added(dataset=dataset, change=change)
    if added:
        sentences.append(f"{listed(added)} will mean an empty cell, in every column and in later files")
    ended = [word for word in dataset.null_words if change.null_words is not None and word not in change.null_words]
    if ended:
        sentences.append(f"{listed(ended)} will be read as text in later files; rows that are loaded stay as they are")
    return tuple(sentences)


def listed(words: Sequence[str]) -> str:
    """``“NA” and “-”``"""
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


@dataclass(frozen=True, kw_only=True, slots=True)
class SuggestedChange:
    """A change that would make more than text of columns, found out while files were loaded."""

    column: str
    label: str
    type: ColumnType
    null_words: tuple[str, ...]
    hints: FormatHints = field(default_factory=FormatHints)
    is_typed: bool = False
    """The column has the type already, and the words keep rows out of it."""

    @property
    def sentence(self) -> str:
        """What the button says: ``Read “NA” as empty: “price” becomes whole numbers``."""
        if self.is_typed:
            return f"Read {listed(self.null_words)} as empty: rows rejected for it in “{self.label}” can be loaded"
        return f"Read {self._how}: “{self.label}” becomes {_KINDS[self.type]}"

    @property
    def _how(self) -> str:
        if self.hints.decimal is not None:
            return f"“{self.hints.decimal}” as decimal mark"
        if self.hints.day_first is not None:
            return "the day first" if self.hints.day_first else "the month first"
        return f"{listed(self.null_words)} as empty"


def suggested_changes(*, dataset: Dataset, load_id: int | None = None) -> tuple[SuggestedChange, ...]:
    """In the order of the columns, from what the loads of the dataset found, or one load that failed as a whole.

    A column that has its type already is suggested words for the rows that were rejected for them.
    """
    found: dict[tuple[str, FormatHints], SuggestedChange] = {}
    loads = Load.objects.filter(dataset=dataset)
    loads = loads.exclude(part="") if load_id is None else loads.filter(pk=load_id)
    for columns in loads.order_by("pk").values_list("columns", flat=True):
        for column in columns:
            for suggestion in (*filter(None, [column.get("suggestion")]), *column.get("alternatives", ())):
                if is_of_a_row(suggestion, columns):
                    continue
                one = _suggested(column, suggestion)
                other = found.get((one.column, one.hints))
                found[one.column, one.hints] = one if other is None else _both(other, one)
    now = {column.name: column for column in dataset.columns.all()}
    return tuple(
        replace(change, is_typed=now[change.column].type == change.type)
        for change in sorted(found.values(), key=lambda change: now[change.column].position)
        if now[change.column].type == ColumnType.TEXT or set(change.null_words) - set(dataset.null_words)
    )


def _suggested(column: Mapping[str, Any], suggestion: Mapping[str, Any]) -> SuggestedChange:
    return SuggestedChange(
        column=column["name"],
        label=column["label"] or column["name"],
        type=ColumnType(suggestion["type"]),
        null_words=tuple(suggestion["null_words"]),
        hints=FormatHints(decimal=suggestion.get("decimal"), day_first=suggestion.get("day_first")),
    )


def _both(one: SuggestedChange, other: SuggestedChange) -> SuggestedChange:
    """What two loads say of the same column."""
    words = tuple(sorted({*one.null_words, *other.null_words}))
    return replace(one, type=_wider(one.type, other.type), null_words=words)


def change_of(suggested: SuggestedChange, *, dataset: Dataset) -> Change:
    """What the button asks for."""
    words = (*dataset.null_words, *(word for word in suggested.null_words if word not in dataset.null_words))
    return Change(types={suggested.column: suggested.type}, null_words=words, hints=suggested.hints)


def _wider(one: ColumnType, other: ColumnType) -> ColumnType:
    numbers = (ColumnType.BIGINT, ColumnType.NUMERIC)
    if one in numbers and other in numbers:
        return max(one, other, key=numbers.index)
    return other
