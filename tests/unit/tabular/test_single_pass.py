"""A table that is read once has the columns and rows of one that was looked through first."""

from pathlib import Path

import pyarrow as pa
import pytest

from uploads.tabular.chunks import SourceTable
from uploads.tabular.open_file import open_tables
from uploads.tabular.single_pass import SinglePass, VerbatimShape
from uploads.tabular.table import Column, ColumnType, Limits, ReadOptions
from uploads.tabular.type_events import TypesChanged
from uploads.tabular.types.conversion import convert
from uploads.tabular.types.table_profile import TableProfile

PLAIN = "".join(f"{number};{number}.50;x{number};2024-01-31;{number % 2 == 0}\n".lower() for number in range(20))


def opened(tmp_path: Path, rows: str) -> SourceTable:
    path = tmp_path / "table.csv"
    header = "a;b;c;d;e\n".replace(";", ";" if ";" in rows else ",")
    path.write_text(f"{header}{rows}", newline="")
    options = ReadOptions(chunk_rows=5)
    [table] = open_tables(path, name=path.name, options=options, limits=Limits(), progress=lambda done: None)
    return table


def two_passes(table: SourceTable, planned: tuple[Column, ...] | None) -> tuple[tuple[Column, ...], pa.Table]:
    profile = TableProfile(table.labels)
    for chunk in table.chunks():
        profile.observe(chunk)
    columns = profile.decide(planned=planned)
    chunks = (convert(chunk, columns, delimiter=";") for chunk in table.chunks())
    return columns, pa.Table.from_batches([chunk.batch for chunk in chunks])


def single_pass(table: SourceTable, planned: tuple[Column, ...] | None) -> tuple[tuple[Column, ...], pa.Table, bool]:
    reading = SinglePass(table, options=ReadOptions(), planned=planned)
    try:
        batches = [typed.batch for _, typed in reading.rows() if typed]
    except TypesChanged:
        batches = [typed.batch for _, typed in reading.rows_again() if typed]
        return reading.columns, pa.Table.from_batches(batches), True
    return reading.columns, pa.Table.from_batches(batches), False


@pytest.mark.parametrize(
    ("last", "again"),
    [
        ("20;1.25;x;2024-02-29;true\n", False),
        (";;;;\n20;;;;true\n", False),
        ("20;1;N/A;2024-02-29;false\n", False),
        ("1.5;1;x;2024-02-29;false\n", True),
        ("N/A;1;x;2024-02-29;false\n", True),
        ("20;1,250.00;x;2024-02-29;false\n", True),
        ("20;1;x;2024-02-30;false\n", True),
        ("20;1;x;2024-02-29;maybe\n", True),
        ("1;2\n20;1;x;2024-02-29;true\n", False),
    ],
)
def test_last_row_decides_as_if_the_table_had_been_looked_through(tmp_path: Path, last: str, again: bool) -> None:
    table = opened(tmp_path, PLAIN + last)
    columns, rows = two_passes(table, None)
    assert single_pass(table, None) == (columns, rows, again)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("1.234;01/02/2024;;N/A;true", "1.23;31/02/2024;5;7;true"),
        ("1.234;01/02/2024;;;true", "1.234,5;13/02/2024;5;;no"),
        ("1,234;01/02/2024;007;;true", "1,5;02/13/2024;5;8;false"),
        ("1;2024-01-31 10:00:00;1e-05;yes; 7 ", "1.5;2024-01-31;1e-06;no;8"),
        (" ;;;;1", "1;2;3;4;5"),
    ],
)
def test_ambiguous_and_blank_beginnings_end_as_if_looked_through(tmp_path: Path, first: str, second: str) -> None:
    for rows in (f"{first}\n" * 12 + f"{second}\n", f"{second}\n" * 12 + f"{first}\n" * 9):
        table = opened(tmp_path, rows)
        columns, values = two_passes(table, None)
        read, stored, _ = single_pass(table, None)
        assert (read, stored) == (columns, values)


def test_planned_types_hold_and_misfits_are_rejected(tmp_path: Path) -> None:
    planned = tuple(
        Column(label=name, name=name, type=kind)
        for name, kind in zip("abcde", [ColumnType.BIGINT, *[ColumnType.TEXT] * 4], strict=True)
    )
    table = opened(tmp_path, PLAIN + "many;1;x;2024-02-29;true\n21;1;x;y;z\n")
    columns, rows = two_passes(table, planned)
    read, stored, _ = single_pass(table, planned)
    assert (read, stored) == (columns, rows)
    assert stored.num_rows == 21


@pytest.mark.parametrize(
    ("rows", "shape"),
    [
        (PLAIN, VerbatimShape(";", quoted=False, escaped=False)),
        (PLAIN.replace(";", ",").replace("\n", "\r\n"), VerbatimShape(",", quoted=False, escaped=False)),
        ('"x";"1.5";"a; ""b""\nc";;\n' + PLAIN, VerbatimShape(";", quoted=True, escaped=False)),
        ("C:\\new;;;;\n" + PLAIN, VerbatimShape(";", quoted=False, escaped=True)),
        (PLAIN.replace(".50", ",50"), None),
    ],
)
def test_rows_are_forwarded_where_copy_reads_them_as_they_are(
    tmp_path: Path, rows: str, shape: VerbatimShape | None
) -> None:
    reading = SinglePass(opened(tmp_path, rows), options=ReadOptions(), planned=None)
    assert reading.shape == shape
    converted = [typed for _, typed in reading.rows(verbatim=True)]
    assert (converted == [None] * len(converted)) is (shape is not None)
