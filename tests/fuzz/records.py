"""Files of records to begin with: JSON as text, Parquet and Arrow as pyarrow writes them."""

import datetime as dt
import decimal
import io

import pyarrow as pa
from pyarrow import feather as feather_files
from pyarrow import parquet as parquet_files

_LINES = (
    b'{"id": 1, "code": "007", "price": 1.10, "at": "2024-01-31T10:00:00Z", "tags": ["a", {"b": 1.50}]}\n'
    b'{"id": 2, "code": "x", "price": 2, "ok": true, "at": null}\n\n'
    b'{"id": 3, "price": 1e-7, "code": "\\u00e9\\ud83d\\ude00"}\n'
)
JSON_LINES = (
    _LINES,
    '{"größe": "ß", "n": NaN}\r\n{"größe": "\U0001f600", "n": 12345678901234567890}'.encode(),
)
JSON_LISTS = (
    b'[{"id": 1, "code": "007", "price": 1.10},\n {"id": 2, "o": {"x": [1, 2.50, "\\"]}"]}, "code": ""}, {}]\n',
    b'{"count": 2, "next": null,\n "results": [{"a": 1}, {"a": 2}], "x": [{"b": [1]}], "y": 12}\n',
    '\ufeff[ {"a": "ü"} , {"a": "\U0001f600", "b": false} ]'.encode(),
)


def table() -> pa.Table:
    """A column of each sort of type."""
    moment = dt.datetime(2024, 1, 31, 10, 0, 0, 500_000)  # noqa: DTZ001 - a column without a zone
    return pa.table(
        {
            "id": pa.array([1, 2, None], pa.int64()),
            "large": pa.array([1, 2**63, 3], pa.uint64()),
            "real": [0.1, float("nan"), 1e300],
            "short": pa.array([0.1, 2, 3], pa.float32()),
            "code": ["007", None, "é"],
            "day": [dt.date(2024, 1, 31)] * 3,
            "at": pa.array([moment, moment, None], pa.timestamp("us")),
            "zoned": pa.array([moment] * 3, pa.timestamp("ms", tz="Europe/Berlin")),
            "price": [decimal.Decimal("1.10"), decimal.Decimal("2.00"), None],
            "ok": pa.array([True, False, None]),
            "list": [[1, 2], None, [3]],
            "pair": [{"a": 1, "b": "x"}] * 3,
            "kind": pa.array(["a", "b", "a"]).dictionary_encode(),
            "raw": [b"\xff", b"a", None],
        }
    )


def parquet() -> bytes:
    sink = io.BytesIO()
    parquet_files.write_table(table(), sink)
    return sink.getvalue()


def feather() -> bytes:
    sink = io.BytesIO()
    feather_files.write_feather(table(), sink, compression="zstd")
    return sink.getvalue()


def arrow_stream() -> bytes:
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table().schema) as writer:
        writer.write_table(table())
    return sink.getvalue()
