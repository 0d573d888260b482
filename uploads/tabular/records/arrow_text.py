"""Typed columns of Arrow as text that reads back as the same values, and the types that they state."""

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.table import ColumnType
from uploads.tabular.types.facts import float_texts

_TEXTS = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
_BINARIES = (
    *(pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view),
    pa.types.is_fixed_size_binary,
)
_CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"
"""Controls that no text has but bytes of keys and hashes do; NUL could not be stored."""
_CONTROL = re.compile(_CONTROLS)


def stated_type(type_: pa.DataType) -> ColumnType | None:
    """The column's type as the file states it; ``None`` where PostgreSQL has no such type, and the values decide."""
    if pa.types.is_dictionary(type_):
        return stated_type(type_.value_type)
    if pa.types.is_null(type_):
        return None
    if pa.types.is_timestamp(type_):
        # PostgreSQL keeps microseconds: what is finer stays text, by its own digits.
        return None if type_.unit == "ns" else ColumnType.TIMESTAMPTZ if type_.tz else ColumnType.TIMESTAMP
    return next((stated for is_one, stated in _STATED if is_one(type_)), ColumnType.TEXT)


_STATED: tuple[tuple[Callable[[pa.DataType], bool], ColumnType], ...] = (
    (pa.types.is_boolean, ColumnType.BOOLEAN),
    (pa.types.is_uint64, ColumnType.NUMERIC),
    (pa.types.is_integer, ColumnType.BIGINT),
    (pa.types.is_floating, ColumnType.DOUBLE),
    (pa.types.is_decimal, ColumnType.NUMERIC),
    (pa.types.is_date, ColumnType.DATE),
)


class Unprintable(NamedTuple):
    """Cells of floating-point numbers that are none that can be stored and shown everywhere: they are blank."""

    nan: int = 0
    infinite: int = 0


def column_text(column: pa.Array) -> tuple[pa.StringArray, Unprintable]:
    """The column as text, nulls as empty strings; and its cells that hold no number, which are blank too."""
    if isinstance(column.type, pa.UuidType):
        return pa.array([None if value is None else str(value) for value in column.to_pylist()], pa.string()).fill_null(
            ""
        ), Unprintable()
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    type_, unprintable = column.type, Unprintable()
    if pa.types.is_floating(type_):
        unprintable = Unprintable(pc.sum(pc.is_nan(column)).as_py() or 0, pc.sum(pc.is_inf(column)).as_py() or 0)
        texts = _floats(column)
    elif any(is_one(type_) for is_one in _TEXTS):
        texts = pc.cast(column, pa.string())
    elif any(is_one(type_) for is_one in _BINARIES):
        texts = _binaries(column)
    elif pa.types.is_timestamp(type_):
        texts = _moments(column)
    elif pa.types.is_nested(type_) or pa.types.is_duration(type_) or pa.types.is_interval(type_):
        texts = pa.array([None if value is None else _nested(value) for value in column.to_pylist()], pa.string())
    else:
        texts = pc.cast(column, pa.string())
    return pc.fill_null(texts, ""), unprintable


def _floats(column: pa.Array) -> pa.StringArray:
    if column.type != pa.float64():
        # By the shortest text of its own precision: 0.1, not 0.10000000149011612.
        wide = pc.cast(column, pa.float32()) if column.type == pa.float16() else column
        column = pc.cast(pc.cast(wide, pa.string()), pa.float64())
    return float_texts(pc.if_else(pc.is_finite(column), column, None))


def _moments(column: pa.Array) -> pa.StringArray:
    zone = "+00:00" if column.type.tz else ""
    local = pc.cast(pc.cast(column, pa.int64()), pa.timestamp(column.type.unit))
    for unit in ("s", "us"):
        try:
            local = pc.cast(local, pa.timestamp(unit))
        except pa.ArrowInvalid:
            continue
        break
    texts = pc.cast(local, pa.string())
    if local.type.unit != "s":
        texts = pc.replace_substring_regex(texts, r"\.?0+$", "")
    return pc.binary_join_element_wise(texts, zone, "") if zone else texts


def _binaries(column: pa.Array) -> pa.StringArray:
    try:
        texts = pc.cast(pc.cast(column, pa.binary()), pa.string())
    except pa.ArrowInvalid:
        texts = None
    if texts is None or pc.any(pc.match_substring_regex(texts, _CONTROLS)).as_py():
        return pa.array([None if value is None else _bytes_text(value) for value in column.to_pylist()], pa.string())
    return texts


def _bytes_text(value: bytes) -> str:
    """The text that the bytes are, or ``\\x`` and hexadecimal digits, as PostgreSQL writes bytes."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    return text if (text or not value) and _CONTROL.search(text) is None else f"\\x{value.hex()}"


def _nested(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bytes):
        return _bytes_text(value)
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
