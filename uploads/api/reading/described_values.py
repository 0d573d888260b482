"""What JSON a value of a column is in an answer, and what is taken for one in a filter, as JSON Schema."""

from typing import Any

from uploads.database.reading.terms import Field
from uploads.tabular.table import ColumnType

_DECIMAL = r"^(-?[0-9]+(\.[0-9]+)?|NaN|-?Infinity)$"
_LARGEST_EXACT = 2**53 - 1


def value_schema(field: Field, *, is_foreign: bool = False) -> dict[str, Any]:
    """As ``json_value`` writes it, or null. ``is_foreign``: of a table that files never were in, so a date may be one
    that no calendar has, such as ``infinity``."""
    match field.type:
        case ColumnType.BIGINT:
            exact = {"type": "integer", "format": "int64", "minimum": -_LARGEST_EXACT, "maximum": _LARGEST_EXACT}
            large = {"type": "string", "pattern": "^-?[0-9]+$"}
            return {
                "anyOf": [exact, large, {"type": "null"}],
                "description": "A string beyond ±9,007,199,254,740,991",
            }
        case ColumnType.DOUBLE:
            special = {"type": "string", "enum": ["NaN", "Infinity", "-Infinity"]}
            return {"anyOf": [{"type": "number", "format": "double"}, special, {"type": "null"}]}
        case ColumnType.NUMERIC:
            return {
                "type": ["string", "null"],
                "pattern": _DECIMAL,
                "description": "A decimal number, as a string so that no digit is lost",
            }
        case ColumnType.BOOLEAN:
            return {"type": ["boolean", "null"]}
    kind = "" if is_foreign else _FORMATS.get(field.type, "")
    return {"type": ["string", "null"], **({"format": kind} if kind else {})}


_FORMATS = {
    ColumnType.DATE: "date",
    ColumnType.TIMESTAMP: "date-time-local",  # of OpenAPI's registry: “date-time” must have a zone
    ColumnType.TIMESTAMPTZ: "date-time",
}


def asked_schema(type_: ColumnType) -> dict[str, Any]:
    """What a column is compared with. Numbers also as strings: a program may hold one that its numbers cannot."""
    match type_:
        case ColumnType.BIGINT | ColumnType.NUMERIC | ColumnType.DOUBLE:
            return {"type": ["number", "string"]}
        case ColumnType.BOOLEAN:
            return {"type": "boolean"}
        case ColumnType.TEXT:
            return {"type": "string", "maxLength": 2_000}
    return {"type": "string", "format": _FORMATS[type_]} if type_ is ColumnType.DATE else {"type": "string"}
