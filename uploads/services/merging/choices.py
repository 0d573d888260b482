"""How the rows of one key become one row: what people say of it, what is stored, and what it means for the fold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from uploads.database.marks import printed
from uploads.database.merging.folding import Fold
from uploads.database.rows import storable
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.merging.keys import key_words
from uploads.states import Kept
from uploads.tabular.errors import BadOption
from uploads.tabular.names import column_names
from uploads.tabular.table import ColumnType

MOST_MARKS = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class SaidChoices:
    """What a person says; ``None``: that stays as it is."""

    blanks: str | None = None
    missing: str | None = None
    delete_when: tuple[str, Sequence[str]] | None = None
    """A column, and the values that say that the key of their row is deleted; an empty name: no column does so."""

    @property
    def says_something(self) -> bool:
        return (self.blanks, self.missing, self.delete_when) != (None, None, None)

    def as_json(self) -> dict[str, Any]:
        """Only what is said."""
        mark = None if self.delete_when is None else [self.delete_when[0], list(self.delete_when[1])]
        said = {"blanks": self.blanks, "missing": self.missing, "delete_when": mark}
        return {
            name: str(value) if name != "delete_when" else value for name, value in said.items() if value is not None
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "SaidChoices":
        mark = stored.get("delete_when")
        return cls(
            blanks=stored.get("blanks"),
            missing=stored.get("missing"),
            delete_when=None if mark is None else (mark[0], tuple(mark[1])),
        )

    @classmethod
    def from_text(
        cls, *, blanks: str | None = None, missing_columns: str | None = None, delete_when: str | None = None
    ) -> "SaidChoices":
        """As it comes with a form, a command or a tus client. Raises ``BadOption``."""
        return cls(
            blanks=None if blanks is None else _kept(blanks),
            missing=None if missing_columns is None else _kept(missing_columns),
            delete_when=None if delete_when is None else parse_delete_when(delete_when),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class MergeChoices:
    """What holds for a dataset. Without any, the latest row of a key is seen as it was sent."""

    blanks: Kept = Kept.REPLACE
    """What becomes of a value where the later row has a blank."""
    missing: Kept = Kept.REPLACE
    """The same where the later file lacks the whole column. That is a blank too: where these keep, so does this."""
    mark: str = ""
    mark_values: tuple[str, ...] = ()
    said: frozenset[str] = field(default=frozenset(), compare=False)
    """Of ``blanks`` and ``missing``: what somebody said, even if it is the default. Of the others it is asked before
    a file empties values."""

    @classmethod
    def of(cls, dataset: Dataset) -> "MergeChoices":
        return cls.from_json(dataset.merge_choices)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "MergeChoices":
        return cls(
            blanks=Kept(stored.get("blanks", Kept.REPLACE)),
            missing=Kept(stored.get("missing", Kept.REPLACE)),
            mark=stored.get("mark", ""),
            mark_values=tuple(stored.get("mark_values", ())),
            said=frozenset(stored.get("said", ())) | (stored.keys() & {"blanks", "missing"}),
        )

    def as_json(self) -> dict[str, Any]:
        """Only what differs from the default or was said, so that a dataset without choices has none stored."""
        stored: dict[str, Any] = {}
        if self.blanks != Kept.REPLACE:
            stored["blanks"] = self.blanks.value
        if self.missing != Kept.REPLACE:
            stored["missing"] = self.missing.value
        if self.mark:
            stored |= {"mark": self.mark, "mark_values": list(self.mark_values)}
        if defaults := sorted(self.said - stored.keys()):
            stored["said"] = defaults
        return stored

    @property
    def keeps(self) -> bool:
        return Kept.KEEP in (self.blanks, self.missing)

    def asks(self, *, emptied_rows: int | None, lacking_rows: int | None) -> bool:
        """Whether a file empties values, by blanks or by columns that it lacks, and nobody said that it may."""
        return bool(self.asks_of_blanks and emptied_rows) or bool(self.asks_of_lack and lacking_rows)

    @property
    def asks_of_blanks(self) -> bool:
        return "blanks" not in self.said

    @property
    def asks_of_lack(self) -> bool:
        """Where blanks keep the old value, so does a column that is not there."""
        return "missing" not in self.said and self.blanks != Kept.KEEP


WHOLE_ROWS = MergeChoices()
"""The default: no choice was made."""


def choose(
    before: MergeChoices, said: SaidChoices | None, *, labels: Mapping[str, str], key: Sequence[str]
) -> MergeChoices:
    """What holds from now on. ``labels``: the dataset's columns by name, with what stands in the file. Raises
    ``BadOption``."""
    after = before
    if said is not None:
        changes: dict[str, Any] = {}
        for name in ("blanks", "missing"):
            if getattr(said, name) is not None:
                changes[name] = _kept(getattr(said, name))
        changes["said"] = before.said | changes.keys()
        if said.delete_when is not None:
            mark, values = said.delete_when
            changes |= {
                "mark": _mark_column(mark, labels) if mark else "",
                "mark_values": _mark_values(mark, values) if mark else (),
            }
        after = replace(before, **changes)
    if after.mark in key:
        raise BadOption(
            f"Rows are told apart by “{after.mark}”, so it cannot say which are deleted.",
            hint="Name another column for that.",
        )
    return after


def choices_with(dataset: Dataset, file: UploadedFile, *, key: Sequence[str]) -> MergeChoices:
    """What holds for a dataset once a file is active that says something of it; as now, where that cannot be."""
    now = MergeChoices.of(dataset)
    try:
        labels = dict(dataset.columns.values_list("name", "label"))
        return choose(now, SaidChoices.from_json(file.merge_said), labels=labels, key=key)
    except BadOption:
        return now


def renamed_mark(choices: MergeChoices, names: Mapping[str, str]) -> MergeChoices:
    """The same after columns were renamed."""
    return replace(choices, mark=names.get(choices.mark, choices.mark))


def parse_delete_when(said: str) -> tuple[str, Sequence[str]]:
    """``gone=yes,x``; empty, or ``none``: no column says so."""
    if said.strip() in ("", "none"):
        return "", ()
    if "\0" in said:
        raise BadOption("A value of “delete_when” holds a NUL character.", hint="Say it as COLUMN=VALUE.")
    column, equals, values = said.partition("=")
    if not equals:
        raise BadOption(
            f"“{storable(said)}” names no value.", hint="Say it as COLUMN=VALUE, with commas between several values."
        )
    return column.strip(), values.split(",")


def choices_words(choices: MergeChoices) -> Iterator[str]:
    """What follows the sentence on how files merge: ``a blank leaves the old value``"""
    if choices.blanks == Kept.KEEP and choices.missing == Kept.KEEP:
        yield "a blank, or a column that the file lacks, leaves the old value"
    elif choices.blanks == Kept.KEEP:
        yield "a blank leaves the old value"
    elif choices.missing == Kept.KEEP:
        yield "a column that the file lacks leaves the old values"
    if choices.mark:
        values = " or ".join(f"“{value}”" for value in choices.mark_values)
        yield f"a row with {values} in {key_words([choices.mark])} deletes its key"


def fold_of(dataset: Dataset) -> Fold | None:
    """``None`` where rows merge whole, which costs less."""
    choices = MergeChoices.of(dataset)
    if choices == WHOLE_ROWS:
        return None
    missing = {}
    if choices.missing == Kept.KEEP and choices.blanks != Kept.KEEP:
        loads = Load.objects.filter(dataset=dataset).exclude(columns_missing=[])
        missing = dict(loads.values_list("pk", "columns_missing"))
    values = choices.mark_values
    if choices.mark:
        type_now = ColumnType(dataset.columns.values_list("type", flat=True).get(name=choices.mark))
        also = (printed(value, type_=type_now) for value in values)
        values = tuple(dict.fromkeys([*values, *(value for value in also if value is not None)]))
    return Fold(keeps_blanks=choices.blanks == Kept.KEEP, missing=missing, mark=choices.mark, mark_values=values)


def _kept(said: str) -> Kept:
    if said not in Kept.values:
        raise BadOption(f"There is no choice “{storable(said)}”.", hint=f"The choices are {', '.join(Kept.values)}.")
    return Kept(said)


def _mark_column(said: str, labels: Mapping[str, str]) -> str:
    found = next((name for name, label in labels.items() if said in (name, label)), None)
    found = found or next((name for name in labels if name == column_names([said])[0]), None)
    if found is None:
        raise BadOption(
            f"There is no column “{storable(said)}” that could say which rows are deleted.",
            hint=f"The columns are {', '.join(labels)}.",
        )
    return found


def _mark_values(column: str, values: Sequence[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(storable(value).strip() for value in values))
    found = tuple(value for value in found if value)
    if not found:
        raise BadOption(f"No value of “{storable(column)}” says that a row is deleted.", hint="Name one, such as yes.")
    if len(found) > MOST_MARKS:
        raise BadOption(f"At most {MOST_MARKS} values say that a row is deleted.", hint="Name fewer.")
    return found
