"""Columns and rejects as JSON, for the channel between the two halves of a load and for the database."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from uploads.tabular.evidence import Evidence
from uploads.tabular.reasons import Reason
from uploads.tabular.table import Column, ColumnType, Format, Reject, Suggestion

_OF_COLUMN = frozenset(field.name for field in fields(Column))


def column_to_json(column: Column) -> dict[str, Any]:
    """A column as JSON, for the channel and for the database."""
    return {**asdict(column), "type": column.type.value}


def column_from_json(data: Mapping[str, Any]) -> Column:
    """The inverse of ``column_to_json``; what others have noted beside it (``left_out``) is passed over."""
    found = data.get("suggestion")
    return Column(
        **{
            **{name: value for name, value in data.items() if name in _OF_COLUMN},
            "type": ColumnType(data["type"]),
            "format": Format(**data["format"]),
            "evidence": Evidence.from_json(data.get("evidence")),
            "suggestion": None if found is None else _suggestion_from_json(found),
            "alternatives": tuple(map(_suggestion_from_json, data.get("alternatives", ()))),
        }
    )


def _suggestion_from_json(data: Mapping[str, Any]) -> Suggestion:
    several = {name: tuple(data.get(name, ())) for name in ("null_words", "rows", "row_words", "word_cells")}
    return Suggestion(**{**data, **several, "type": ColumnType(data["type"])})


def reject_from_json(data: Mapping[str, Any]) -> Reject:
    """A reject as it came through the channel."""
    return Reject(**{**data, "reason": Reason.from_json(data["reason"])})
