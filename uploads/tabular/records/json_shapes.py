"""Tables in JSON that are no list of records: lists below their names, a list or an object for each column.

So write spreadsheets' services and pandas, which has five shapes:
``{"id": {"0": 1, "1": 2}, …}`` by default.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from uploads.tabular.records.json_stream import JsonText
from uploads.tabular.records.json_text import DECODER
from uploads.tabular.records.json_wrapper import decode_value, next_name

_LEAST_ROWS = 2

type Records = list[dict[str, Any]]


class JsonShape(StrEnum):
    """How rows and columns stand in a text that is no list of records."""

    LISTS = "lists"
    """A list for each row, the first of them with the names."""
    COLUMNS = "columns"
    """An object with a list, or an object of numbered values, for each column."""
    SPLIT = "split"
    """The names in ``columns``, a list for each row in ``data``."""
    NUMBERED = "numbered"
    """An object with a number for each row."""
    FEATURES = "features"
    """Features of a map, whose properties are the columns (GeoJSON)."""
    PAGED = "paged"
    """A list of two: an object that tells about the records, and the list of them (as the World Bank answers)."""


def turned(text: str) -> tuple[JsonShape, Records] | None:
    """The records in a whole text of one of the shapes; ``None`` for another. Of lists in lines each line is one."""
    try:
        value = DECODER.decode(text)
    except (ValueError, RecursionError):
        try:
            value = [DECODER.decode(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            return None
    if isinstance(value, list):
        if _is_paged(value):
            return JsonShape.PAGED, value[1]
        found = _below_names(value[0], value[1:]) if value else None
        return None if found is None else (JsonShape.LISTS, found)
    return _of_object(value) if isinstance(value, dict) and value else None


def _is_paged(value: Sequence[Any]) -> bool:
    if len(value) != 2 or not isinstance(value[0], dict) or not isinstance(value[1], list):
        return False
    return bool(value[1]) and all(isinstance(record, dict) for record in value[1])


def _below_names(names: Any, rows: Sequence[Any]) -> Records | None:
    if (
        not isinstance(names, list)
        or not are_names(names)
        or not rows
        or not all(isinstance(row, list) and len(row) <= len(names) for row in rows)
    ):
        return None
    return [dict(zip(names, row, strict=False)) for row in rows]


def _of_object(value: dict[str, Any]) -> tuple[JsonShape, Records] | None:
    if isinstance(value.get("data"), list) and "columns" in value:
        found = _below_names(value["columns"], value["data"])
        return None if found is None else (JsonShape.SPLIT, found)
    columns = list(value.values())
    if all(isinstance(column, list) for column in columns):
        return _zipped(value, columns)
    if not all(isinstance(column, dict) and column for column in columns):
        return None
    if all(_are_numbered(column) for column in columns):
        return _zipped(value, [list(column.values()) for column in columns])
    return (JsonShape.NUMBERED, columns) if _are_numbered(value) and len(columns) >= _LEAST_ROWS else None


def _zipped(names: dict[str, Any], columns: Sequence[Sequence[Any]]) -> tuple[JsonShape, Records] | None:
    if len({len(column) for column in columns}) != 1 or len(columns[0]) < _LEAST_ROWS:
        return None
    return JsonShape.COLUMNS, [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _are_numbered(found: dict[str, Any]) -> bool:
    """Whether the names count from 0."""
    return list(found) == list(map(str, range(len(found))))


def first_list(text: JsonText, *, most: int) -> list[Any] | None:
    """The first element of the list that begins here, where that is a list too; ``most``: its characters."""
    text.skip()
    text.at += 1
    if text.skip() != "[":
        return None
    try:
        value = decode_value(text, most)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) else None


def are_names(cells: Sequence[Any]) -> bool:
    """Whether the first list can be a header: texts, each another one; a number is none."""
    return bool(cells) and all(type(cell) is str and cell.strip() for cell in cells) and len({*cells}) == len(cells)


def record_of(values: Sequence[Any], names: Sequence[str]) -> tuple[dict[str, Any] | None, str]:
    """The record of a list, whose last values may be left out; nothing, and why, where there are too many."""
    if len(values) > len(names):
        return None, f"{len(values):,} values for {len(names):,} names"
    return dict(zip(names, values, strict=False)), ""


def holds_columns(text: JsonText, *, most: int) -> bool:
    """Whether the object that begins here has the values of one column under each name, ``{"id": [1, 2], …}``, or all
    under ``data`` with the names beside them. ``most``: characters of one column that are looked at."""
    text.skip()
    text.at += 1
    columns: dict[str, Any] = {}
    try:
        while (name := next_name(text, most)) is not None:
            if not (columns or text.skip() in {"[", "{"}):
                return False
            columns[name] = decode_value(text, most)
    except (ValueError, RecursionError):
        return False
    return _are_alike(list(columns.values())) or {"columns", "data"} <= columns.keys()


def _are_alike(columns: Sequence[Any]) -> bool:
    """Lists of one length, or objects of the same names as pandas writes them by default, of single values."""
    if len(columns) < 2 or len({type(column) for column in columns}) > 1:
        return False
    if isinstance(columns[0], list):
        cells = [cell for column in columns for cell in column]
        return len({len(column) for column in columns}) == 1 and _are_single(cells)
    if isinstance(columns[0], dict):
        cells = [cell for column in columns for cell in column.values()]
        return all(column.keys() == columns[0].keys() for column in columns) and _are_single(cells)
    return False


def _are_single(cells: Sequence[Any]) -> bool:
    return bool(cells) and not any(isinstance(cell, list | dict) for cell in cells)
