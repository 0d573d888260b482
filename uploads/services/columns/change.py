"""What a person asks to change about a dataset's columns: types, and the words that mean an empty cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from uploads.models import Dataset, Load
from uploads.services.options.parsing import LONGEST_WORD, parse_null_words
from uploads.services.read_only import check_takes_files
from uploads.tabular.errors import BadOption
from uploads.tabular.table import ColumnType, FormatHints

KINDS = {
    ColumnType.BOOLEAN: "yes or no",
    ColumnType.BIGINT: "whole numbers",
    ColumnType.NUMERIC: "decimal numbers",
    ColumnType.DOUBLE: "floating-point numbers",
    ColumnType.DATE: "dates",
    ColumnType.TIMESTAMP: "dates with times",
    ColumnType.TIMESTAMPTZ: "dates with times and zones",
    ColumnType.TEXT: "text",
}
_ONE = {
    ColumnType.BOOLEAN: "yes or no",
    ColumnType.BIGINT: "a whole number",
    ColumnType.NUMERIC: "a decimal number",
    ColumnType.DOUBLE: "a floating-point number",
    ColumnType.DATE: "a date",
    ColumnType.TIMESTAMP: "a date with a time",
    ColumnType.TIMESTAMPTZ: "a date with a time and a zone",
    ColumnType.TEXT: "text",
}

NAMED = 3
"""Columns that a sentence names."""
_NUMBERS = frozenset({ColumnType.BIGINT, ColumnType.NUMERIC, ColumnType.DOUBLE})
DATES = frozenset({ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ})


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """New types by column name; ``null_words`` are the whole new list, ``None`` leaves it as it is."""

    types: Mapping[str, ColumnType] = field(default_factory=dict)
    null_words: tuple[str, ...] | None = None
    hints: FormatHints = field(default_factory=FormatHints)
    reject_misfits: bool = False
    """Rows with a value that doesn't fit become rejected rows; else the first of them refuses the whole change."""
    truth: tuple[str, str] | None = None
    """The words for yes and no in columns that become boolean; ``None``: they are found out."""

    def as_json(self) -> dict[str, Any]:
        return {
            "types": {name: type_.value for name, type_ in self.types.items()},
            "null_words": None if self.null_words is None else list(self.null_words),
            "decimal": self.hints.decimal,
            "day_first": self.hints.day_first,
            "reject_misfits": self.reject_misfits,
            "first_year": self.hints.first_year,
            "truth": None if self.truth is None else list(self.truth),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        words = data["null_words"]
        return cls(
            types={name: ColumnType(type_) for name, type_ in data["types"].items()},
            null_words=None if words is None else tuple(words),
            hints=FormatHints(decimal=data["decimal"], day_first=data["day_first"], first_year=data.get("first_year")),
            reject_misfits=data.get("reject_misfits", False),
            truth=None if data.get("truth") is None else (data["truth"][0], data["truth"][1]),
        )


def checked_change(*, dataset: Dataset, change: Change) -> Change:
    """The change without what is so already; raises ``BadOption`` for an unknown column, or where nothing is left, and
    ``ReadOnlyDataset``."""
    check_takes_files(dataset)
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
        (change.hints.day_first is not None, DATES, "order of dates", "dates"),
        (change.hints.first_year is not None, DATES, "first year", "dates"),
    ):
        if is_given and not wanted & kinds:
            raise BadOption(
                f"A{'n' * (what[0] == 'o')} {what} was chosen, and no column is to become {of}.",
                hint=f"Leave it out, or choose a type of {of}: {', '.join(sorted(kinds))}.",
            )
    if change.truth is not None and ColumnType.BOOLEAN not in wanted:
        raise BadOption(
            "Words for yes and no were said, and no column is to become boolean.",
            hint="Leave them out, or choose the type boolean.",
        )
    if change.reject_misfits and not wanted - {ColumnType.TEXT}:
        raise BadOption(
            "Rows that don't fit are to be rejected, and no column is to become anything but text, which all fit.",
            hint="Leave it out, or choose another type.",
        )


def words_added(*, dataset: Dataset, change: Change) -> tuple[str, ...]:
    """Words that begin to mean an empty cell. Those that end to leave the rows as they are; only in columns that become
    text by the same change the words come back."""
    return tuple(word for word in change.null_words or () if word not in dataset.null_words)


def in_words(*, dataset: Dataset, change: Change) -> tuple[str, ...]:
    """The change for people: ``price: text becomes numeric (decimal numbers); rows that don't fit are rejected``."""
    now = {column.name: column for column in dataset.columns.all()}
    alike: dict[tuple[str, str], list[str]] = {}
    for name, type_ in change.types.items():
        alike.setdefault((now[name].type, type_.value), []).append(now[name].label or name)
    sentences = [
        f"{what}: {before} becomes {type_in_words(after)}"
        for (before, after), labels in alike.items()
        for what in columns_in_words(labels)
    ]
    if change.reject_misfits and sentences:
        sentences.append("rows that don't fit are rejected")
    added = words_added(dataset=dataset, change=change)
    if added:
        sentences.append(
            f"cells that hold just {listed(added)} become empty, in all columns and in later files of the dataset"
        )
    ended = [word for word in dataset.null_words if change.null_words is not None and word not in change.null_words]
    if ended:
        sentences.append(f"{listed(ended)} will be read as text in later files; rows that are loaded stay as they are")
    return tuple(sentences)


def type_in_words(type_: str) -> str:
    """``numeric (decimal numbers)``"""
    kind = ColumnType(type_)
    return kind.value if kind is ColumnType.TEXT else f"{kind.value} ({KINDS[kind]})"


def columns_in_words(labels: Sequence[str]) -> tuple[str, ...]:
    """Each of a few columns, ``“price”``; many in one: ``64 columns (“a”, “b”, “c” and 61 more)``."""
    if len(labels) <= NAMED:
        return tuple(f"“{label}”" for label in labels)
    first = ", ".join(f"“{label}”" for label in labels[:NAMED])
    return (f"{len(labels):,} columns ({first} and {len(labels) - NAMED:,} more)",)


def kind_in_words(type_: str) -> str:
    """What the values of a type are, for people: ``dates``."""
    return KINDS[ColumnType(type_)]


def one_in_words(type_: str) -> str:
    """What each value is, for people: ``a date``."""
    return _ONE[ColumnType(type_)]


def listed(words: Sequence[str]) -> str:
    """``“NA” and “-”``"""
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def words_besides(dataset: Dataset, words: Sequence[str]) -> tuple[str, ...] | None:
    """The dataset's null words and these; ``None``, which leaves them as they are, where there are none."""
    return tuple(dict.fromkeys((*dataset.null_words, *words))) if words else None


def parse_truth(true: str, false: str) -> tuple[str, str] | None:
    """Words for yes and no as a person typed them; raises ``BadOption`` where only one is there, or both are one."""
    words = (true.strip(), false.strip())
    if not any(words):
        return None
    if not all(words) or words[0] == words[1] or max(map(len, words)) > LONGEST_WORD:
        raise BadOption(
            "One word for yes and another for no are needed.",
            hint=f"Give both as they stand in the cells, such as ja and nein, of up to {LONGEST_WORD} characters.",
        )
    return words
