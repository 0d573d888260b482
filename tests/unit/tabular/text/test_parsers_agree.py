"""The fast path, the careful parser and Python's own csv module read the same cells from the same text."""

import csv
import io
import re
from random import Random

import pyarrow as pa
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from uploads.tabular.chunks import TextChunk
from uploads.tabular.dialect.dialect import CsvDialect
from uploads.tabular.encoding.choice import Encoding
from uploads.tabular.encoding.transcoding import Utf8Stream
from uploads.tabular.files.streams import Readable
from uploads.tabular.layout.footers import count_remarks
from uploads.tabular.table import Limits
from uploads.tabular.text.careful_parser import parse_records
from uploads.tabular.text.chunk_builder import ChunkBuilder
from uploads.tabular.text.fast_parser import ParsedBlock, parse_block, record_end
from uploads.tabular.text.row_reader import RowReader

_LINE_END = re.compile("\r\n|\r|\n")
cells = st.text(alphabet=st.sampled_from("ab;,\"\n\r'\\ é漢|0"), max_size=6)
line_ends = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], str]:
    width = draw(st.integers(2, 4))
    rows = draw(st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=8))
    return rows, draw(line_ends)


def written(rows: list[list[str]], line_end: str, delimiter: str = ";") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return out.getvalue()


class Text:
    """Bytes in pieces of a chosen size, as a file gives them."""

    def __init__(self, data: bytes, size: int) -> None:
        self._data = data
        self._size = size

    def read(self, _size: int, /) -> bytes:
        piece, self._data = self._data[: self._size], self._data[self._size :]
        return piece

    def close(self) -> None:
        """Nothing is held."""


def read_all(
    text: str | bytes, *, width: int, size: int = 7, dialect: CsvDialect | None = None, chunk_rows: int = 3
) -> list[TextChunk]:
    data = text.encode() if isinstance(text, str) else text
    stream: Readable = Text(data, size)
    builder = ChunkBuilder(labels=("x",) * width, width=width, chunk_rows=chunk_rows)
    reader = RowReader(
        Utf8Stream(stream, Encoding(codec="utf-8")),
        builder,
        grammar=dialect or CsvDialect(delimiter=";"),
        utf8=True,
        sound=data.decode("utf-8", "ignore").encode() == data,
        first_line=1,
        limits=Limits(),
    )
    return list(reader.chunks())


def rows_of(chunks: list[TextChunk]) -> list[tuple[str, ...]]:
    return [row for chunk in chunks for row in zip(*(c.to_pylist() for c in chunk.cells), strict=True)]


@given(tables())
@settings(deadline=None)
def test_fast_path_reads_what_the_csv_module_wrote(table: tuple[list[list[str]], str]) -> None:
    rows, line_end = table
    data = written(rows, line_end).encode()

    block = parse_block(data, CsvDialect(delimiter=";"), width=len(rows[0]))

    if not isinstance(block, int):
        assert list(zip(*(c.to_pylist() for c in block.columns), strict=True)) == [tuple(row) for row in rows]
        assert block.lines.tolist() == lines_where_rows_begin(rows, line_end)


def lines_where_rows_begin(rows: list[list[str]], line_end: str) -> list[int]:
    starts = []
    text = ""
    for row in rows:
        starts.append(len(_LINE_END.findall(text)))
        text += written([row], line_end)
    return starts


@given(tables())
@settings(deadline=None)
def test_careful_parser_reads_what_the_csv_module_wrote(table: tuple[list[list[str]], str]) -> None:
    rows, line_end = table

    records = list(parse_records(written(rows, line_end), CsvDialect(delimiter=";"), width=len(rows[0]), final=True))

    assert [record.cells for record in records] == [tuple(row) for row in rows]
    assert not any(record.fault or record.stray for record in records)


@given(tables(), st.integers(1, 40))
@settings(deadline=None)
def test_reader_accounts_for_each_row_wherever_blocks_are_cut(table: tuple[list[list[str]], str], size: int) -> None:
    rows, line_end = table

    chunks = read_all(written(rows, line_end), width=len(rows[0]), size=size)

    full = [tuple(row) for row in rows if any(cell.strip() for cell in row)]
    starts = lines_where_rows_begin(rows, line_end)
    # A last row of words in its first cell alone, below a blank line, is told as a note.
    assume(
        not count_remarks([(start, row) for start, row in zip(starts, rows, strict=True) if any(map(str.strip, row))])
    )
    assert rows_of(chunks) == full
    assert sum(chunk.blank for chunk in chunks) == len(rows) - len(full)
    assert [r for chunk in chunks for r in chunk.rows.to_pylist()] == [
        start + 1 for start, row in zip(starts, rows, strict=True) if any(cell.strip() for cell in row)
    ]
    assert not any(chunk.rejects for chunk in chunks)


@given(
    st.text(alphabet=st.sampled_from('ab;"\n\r\\ '), max_size=60),
    st.integers(1, 30),
    st.booleans(),
    st.sampled_from([(";", False), (";", True), (" ", False), (" ", True)]),
)
@example('\r "";\n', 1, False, (" ", True))
@settings(max_examples=300, deadline=None)
def test_any_text_is_accounted_for_line_by_line_and_the_same_for_any_cut(
    text: str, size: int, escape: bool, delimiter: tuple[str, bool]
) -> None:
    dialect = CsvDialect(delimiter=delimiter[0], escape=escape, spaced=delimiter[1])

    whole = read_all(text, width=3, size=10_000, dialect=dialect)
    pieces = read_all(text, width=3, size=size, dialect=dialect)

    assert rows_of(whole) == rows_of(pieces)
    assert [r for c in whole for r in c.rejects] == [r for c in pieces for r in c.rejects]
    assert [r for c in whole for r in c.rows.to_pylist()] == [r for c in pieces for r in c.rows.to_pylist()]
    records = list(parse_records(text, dialect, width=3, final=True))
    assert sum(record.lines for record in records) == len(text.splitlines())
    counted = sum(len(c.rows) + len(c.rejects) + c.blank for c in whole)
    assert counted <= len(records)


@given(
    st.lists(
        st.lists(st.sampled_from(["a", "12", "-0.5", '"x y"', '""', '"p""q"']), min_size=3, max_size=3), max_size=9
    ),
    st.sampled_from([" ", ",", ";"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.randoms(use_true_random=False),
)
@settings(deadline=None)
def test_spaces_around_cells_are_read_alike_by_both_parsers(
    rows: list[list[str]], delimiter: str, line_end: str, random: Random
) -> None:
    dialect = CsvDialect(delimiter=delimiter, spaced=True)

    def spaces(cell: str) -> str:
        # One space in front of a bare cell: more of them are part of it.
        most = 4 if delimiter == " " or cell.startswith('"') else 1
        return " " * random.randint(0, most)

    def line(row: list[str]) -> str:
        ends = [" " * random.randint(0, 2) * (delimiter == " ") for _ in range(2)]
        return ends[0] + row[0] + "".join(delimiter + spaces(cell) + cell for cell in row[1:]) + ends[1]

    text = line_end.join(map(line, rows))
    expected = [tuple(cell.strip('"').replace('""', '"') if cell != '""' else "" for cell in row) for row in rows]
    expected = [row for row in expected if any(cell.strip() for cell in row)]

    assert [
        record.cells for record in parse_records(text, dialect, width=3, final=True) if any(record.cells)
    ] == expected
    block = parse_block(text.encode(), dialect, width=3) if text else 0
    if isinstance(block, ParsedBlock):
        assert [row for row in zip(*(c.to_pylist() for c in block.columns), strict=True) if any(row)] == expected
    else:
        assert not expected or any('"' in cell for row in rows for cell in row)
    assert rows_of(read_all(text, width=3, dialect=dialect)) == expected


@given(st.binary(max_size=80), st.integers(1, 30))
@settings(deadline=None)
def test_any_bytes_are_read_the_same_for_any_cut(data: bytes, size: int) -> None:
    whole, pieces = read_all(data, width=2, size=10_000), read_all(data, width=2, size=size)

    assert rows_of(whole) == rows_of(pieces)
    assert [r for c in whole for r in c.rejects] == [r for c in pieces for r in c.rejects]


@pytest.mark.parametrize("final", [True, False])
def test_a_carriage_return_at_the_end_waits_for_its_line_feed(final: bool) -> None:
    assert record_end(b"a;b\r", CsvDialect(delimiter=";"), final=final) == (4 if final else 0)


def test_arrow_arrays_are_plain_strings() -> None:
    (chunk,) = read_all("a;b\n1;2\n", width=2)

    assert all(column.type == pa.string() for column in chunk.cells)
