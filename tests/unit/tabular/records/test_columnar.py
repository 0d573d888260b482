"""Parquet and Arrow files give the same tables, with the types that they state."""

import io
import uuid
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.fuzz import records
from uploads.tabular.errors import DamagedFile, FileError, LimitExceeded, NoDataRows
from uploads.tabular.inspection import Inspection, inspect_file
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import FileFormat, Limits, ReadOptions

FILES = {
    "a.parquet": (records.parquet, FileFormat.PARQUET),
    "a.feather": (records.feather, FileFormat.ARROW),
    "a.arrow": (records.arrow_stream, FileFormat.ARROW),
}


def read(tmp_path: Path, data: bytes, limits: Limits | None = None, **options: object) -> Inspection:
    path = tmp_path / "stored"
    path.write_bytes(data)
    given = ReadOptions(**options)  # type: ignore[arg-type]
    [table] = inspect_file(path, options=given, limits=limits or Limits(), head_rows=100)
    return table


def packed(table: pa.Table, **options: object) -> bytes:
    sink = io.BytesIO()
    parquet.write_table(table, sink, **options)
    return sink.getvalue()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("chunk_rows", [1, 50_000])
def test_types_are_those_that_the_file_states(tmp_path: Path, name: str, chunk_rows: int) -> None:
    make, kind = FILES[name]
    table = read(tmp_path, make(), chunk_rows=chunk_rows)

    assert table.dialect.format is kind
    assert {column.label: column.type.value for column in table.columns} == {
        "id": "bigint",
        "large": "numeric",
        "real": "double precision",
        "short": "double precision",
        "code": "text",
        "day": "date",
        "at": "timestamp",
        "zoned": "timestamp with time zone",
        "price": "numeric",
        "ok": "boolean",
        "list": "text",
        "pair": "text",
        "kind": "text",
        "raw": "text",
    }
    row = [None if cell is None else str(cell) for cell in table.head[0]]
    assert row == [
        *("1", "1", "1", "0.1", "0.1", "007", "2024-01-31", "2024-01-31 10:00:00.500000"),
        *("2024-01-31 10:00:00.500000+00:00", "1.10", "True", "[1, 2]", '{"a": 1, "b": "x"}', "a", "\\xff"),
    ]
    assert NoteKind.NOT_NUMBERS in {note.kind for note in table.notes}


def test_empty_column_has_the_type_that_is_stated(tmp_path: Path) -> None:
    table = read(tmp_path, packed(pa.table({"id": [1, 2], "n": pa.array([None, None], pa.float64())})))

    assert [column.type.value for column in table.columns] == ["bigint", "double precision"]


@pytest.mark.parametrize("lost", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_blank_and_costs_no_row(tmp_path: Path, lost: float) -> None:
    table = read(tmp_path, packed(pa.table({"id": [1, 2, 3], "n": [1.5, lost, None]})))

    assert (table.counts.loaded, table.counts.rejected, [row[2] for row in table.head]) == (3, 0, [1.5, None, None])
    assert NoteKind.NOT_NUMBERS in {note.kind for note in table.notes}


def test_numbers_stated_as_text_stay_text_and_words_of_blanks_too(tmp_path: Path) -> None:
    table = read(tmp_path, packed(pa.table({"n": ["1", "2"], "word": ["NA", "true"]})))

    assert [column.type.value for column in table.columns] == ["text", "text"]


def test_nanoseconds_are_kept_as_text_and_whole_microseconds_are_moments(tmp_path: Path) -> None:
    def moments(*nanoseconds: int) -> bytes:
        return packed(pa.table({"at": pa.array(nanoseconds, pa.timestamp("ns"))}))

    exact, finer = read(tmp_path, moments(0, 1_500_000)), read(tmp_path, moments(1, 1_500_000))

    assert (exact.columns[0].type.value, finer.columns[0].type.value) == ("timestamp", "text")
    assert finer.head[0][1] == "1970-01-01 00:00:00.000000001"


def test_rows_of_nulls_are_blank_and_counted(tmp_path: Path) -> None:
    table = read(tmp_path, packed(pa.table({"a": [1, None, 3], "b": ["x", None, None]})))

    assert (table.counts.loaded, table.counts.blank, table.account.lines) == (2, 1, 3)


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([b"\0" * 4, b"\1\2\3\4"], ["\\x00000000", "\\x01020304"]),
        ([b"\0a", b"ab", None], ["\\x0061", "ab", None]),
        # Neighbours: bytes that are texts, and others.
        ([b"caf\xc3\xa9", b"a\nb\t"], ["café", "a\nb\t"]),
        ([b"\xff", b"ab"], ["\\xff", "ab"]),
    ],
)
def test_bytes_that_are_no_text_cost_no_row(
    tmp_path: Path, values: list[bytes | None], texts: list[str | None]
) -> None:
    table = read(tmp_path, packed(pa.table({"n": range(len(values)), "raw": pa.array(values, pa.binary())})))

    assert [row[-1] for row in table.head] == texts
    assert table.counts.rejected == 0


def test_key_that_the_file_states_as_a_uuid_is_written_as_one(tmp_path: Path) -> None:
    keys = [uuid.UUID(int=1), None, uuid.UUID("a8098c1a-f86e-11da-bd1a-00112444be1e")]
    column = pa.array([key and key.bytes for key in keys], pa.uuid())
    table = read(tmp_path, packed(pa.table({"n": [1, 2, 3], "key": column})))

    assert [row[-1] for row in table.head] == [key and str(key) for key in keys]


def test_nul_in_a_text_is_rejected(tmp_path: Path) -> None:
    table = read(tmp_path, packed(pa.table({"a": ["x", "y\0", "z"]})))

    assert [reject.row for reject in table.rejects] == [2]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("keep", [0.3, 0.95])
def test_file_that_breaks_off_is_damaged(tmp_path: Path, name: str, keep: float) -> None:
    data = FILES[name][0]()

    with pytest.raises(FileError) as caught:
        read(tmp_path, data[: int(len(data) * keep)])

    assert isinstance(caught.value, DamagedFile)
    assert caught.value.hint.endswith(".")


def test_nothing_in_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoDataRows):
        read(tmp_path, packed(pa.table({"a": pa.array([], pa.int64())})))


def test_unpacked_bytes_cells_and_columns_are_limited(tmp_path: Path) -> None:
    many = packed(pa.table({"a": ["x" * 100] * 100_000}))
    for data, limits in (
        (many, Limits(unpacked_bytes=2**20)),
        (packed(pa.table({"a": ["x" * 2_000]})), Limits(cell_bytes=1_000)),
        (packed(pa.table({f"c{n}": [1] for n in range(9)})), Limits(columns=8)),
    ):
        with pytest.raises(LimitExceeded):
            read(tmp_path, data, limits)


def test_text_that_is_no_utf8_and_offsets_that_lead_astray_are_damage(tmp_path: Path) -> None:
    astray = pa.StringArray.from_buffers(
        2, pa.py_buffer(bytes([0, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0])), pa.py_buffer(b"abc")
    )
    letters = pa.StringArray.from_buffers(1, pa.py_buffer(bytes([0, 0, 0, 0, 2, 0, 0, 0])), pa.py_buffer(b"\xff\xfe"))
    for column in (astray, letters):
        sink = io.BytesIO()
        batch = pa.record_batch([column], names=["a"])
        with pa.ipc.new_stream(sink, batch.schema) as writer:
            writer.write_batch(batch)
        with pytest.raises(DamagedFile):
            read(tmp_path, sink.getvalue())
