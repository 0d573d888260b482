"""What the two halves of a load say to each other, as frozen values and as JSON.

child: ``table`` → parent: ``plan`` → child: ``columns`` → parent: ``go``, or another ``plan`` → child: ``chunk``…
``end``; then the next table, or ``done``. Instead of ``end`` may come ``again``: the types do not hold, and all chunks
are sent anew after another ``go``; or ``together``: the types of earlier tables don't hold for this one, and that is
all of this reading.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from uploads.tabular.notes import Note
from uploads.tabular.place import TablePlace
from uploads.tabular.table import (
    Column,
    ColumnType,
    Dialect,
    FileFormat,
    Limits,
    LineAccount,
    ReadOptions,
)

GRACE_SECONDS = 2.0
"""A child that has said its last word, or nothing more, ends within milliseconds; one that takes longer is killed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """What the operating system lets the child use."""

    memory_bytes: int = 2 * 2**30
    cpu_seconds: int = 3_600
    wall_seconds: int = 7_200
    spool_bytes: int = 4 * 2**30
    """Size of a temporary file (a workbook inside an archive)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """Read the file at ``path``, called ``name`` by its sender."""

    path: str
    name: str
    options: ReadOptions
    limits: Limits
    bounds: Bounds
    together: bool = False
    """Survey all tables before the first is given out, so that those of one header get the same types."""
    typing: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """For that survey, by ``table_key``: options on values, which an earlier reading has found for their dataset."""
    is_named: bool = False
    """Whether a person named the dataset that all tables go to."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            path=data["path"],
            name=data["name"],
            options=ReadOptions(**data["options"]),
            limits=Limits(**data["limits"]),
            bounds=Bounds(**data["bounds"]),
            together=data["together"],
            typing=data["typing"],
            is_named=data["is_named"],
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class TableFound:
    """A table in the file, before any of its rows was typed."""

    place: TablePlace
    dialect: Dialect
    labels: tuple[str, ...]
    preamble: int

    @property
    def source(self) -> str | None:
        """Its place for people."""
        return self.place.source

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        dialect, place = data["dialect"], data["place"]
        notes = tuple(map(Note.from_json, dialect["notes"]))
        stated = tuple(type_ and ColumnType(type_) for type_ in dialect["stated"])
        return cls(
            place=TablePlace(**{**place, "lines": tuple(place["lines"]) if place["lines"] else None}),
            dialect=Dialect(
                **{
                    **dialect,
                    "format": FileFormat(dialect["format"]),
                    "notes": notes,
                    "stated": stated,
                    "descriptions": tuple(dialect["descriptions"]),
                }
            ),
            labels=tuple(data["labels"]),
            preamble=data["preamble"],
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class TableEnd:
    """What is known of a table only at its end."""

    account: LineAccount
    notes: tuple[Note, ...]
    columns: tuple[Column, ...]
    first_rows: tuple[tuple[int, tuple[str, ...]], ...] = ()
    """The first rows that were loaded, as they were read: line or row number, and cells in the file's order."""
    line_index: bytes | None = None
    """A ``LineIndex``; ``None``: the text is short, or it is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyFormat:
    """What kind of bytes the child makes for COPY."""

    binary: bool
    delimiter: str = ","
    force_null: bool = False
    """Whether an empty cell in quotes may come, which is null as well."""
    text: bool = False
    """COPY's own text form, with the delimiter; else CSV, where it isn't binary."""
