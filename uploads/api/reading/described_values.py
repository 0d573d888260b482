"""What JSON a value of a column is in an answer, and what is taken for one in a filter, as JSON Schema."""

from collections.abc import Iterable
from re import escape
from typing import Any

from uploads.database.reading.terms import Field
from uploads.services.reading.parameters import MOST_VALUES, joined
from uploads.services.reading.values import FALSE, LONGEST_VALUE, TRUE
from uploads.tabular.table import ColumnType

_DECIMAL = r"^(-?[0-9]+(\.[0-9]+)?|NaN|-?Infinity)$"
_NUMBER = r"-?[0-9]{1,300}(?:\.[0-9]{1,300})?"
_TEXT = r'(?:[^",\x00\r\n]*|"(?:[^"\x00]|"")*")'
"""A value among others: one with a comma stands in quotes."""
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
            return {"type": ["number", "string"], "pattern": f"^{_NUMBER}$"}
        case ColumnType.BOOLEAN:
            return {"type": "boolean"}
        case ColumnType.TEXT:
            return {"type": "string", "maxLength": LONGEST_VALUE, "pattern": r"^[^\x00]*$"}
    return {"type": "string", "format": _FORMATS[type_]}


def listed_schema(type_: ColumnType, *, most: int = MOST_VALUES, least: int = 1) -> dict[str, Any]:
    """Several of them with commas between. The formats of lists are our own: that of dates is a list of ``date``."""
    match type_:
        case ColumnType.BIGINT | ColumnType.NUMERIC | ColumnType.DOUBLE:
            value = _NUMBER
        case ColumnType.BOOLEAN:
            value = f"(?:{'|'.join(sorted(TRUE | FALSE))})"
        case ColumnType.TEXT:
            value = _TEXT
        case _:
            return {"type": "string", "format": f"{_FORMATS[type_]}-{'pair' if most == 2 else 'list'}"}
    return {"type": "string", "pattern": f"^{value}(?:,{value}){{{least - 1},{most - 1}}}$"}


def names_pattern(words: Iterable[str], *, most: int) -> str:
    """Of at most so many words (patterns themselves) with commas between, none of them twice, nor with a minus."""
    word = f"(?:{'|'.join(words)})"
    return f"^{_NO_WORD_TWICE}{word}(?:,{word}){{0,{most - 1}}}$"


def written(name: str) -> str:
    """A name in a list, for a pattern."""
    return escape(joined([name]))


_NO_WORD_TWICE = r"(?!(?:.*,)?-?([^,]+),(?:.*,)?-?\1(?:,|$))"
