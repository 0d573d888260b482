"""Tables in JSON that are no list of records: a list of lists, and lists of values by columns."""

from collections.abc import Sequence
from typing import Any

from uploads.tabular.records.json_stream import JsonText
from uploads.tabular.records.json_wrapper import decode_value, next_name


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
