"""Several tables in one text: each is read by itself, under its own header and with the file's own line numbers."""

import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uploads.tabular.chunks import SourceTable, counted
from uploads.tabular.encoding.choice import Encoding
from uploads.tabular.encoding.transcoding import Utf8Stream
from uploads.tabular.open_file import open_tables
from uploads.tabular.sentences.notes import sentences_of
from uploads.tabular.table import Limits, ReadOptions, RowCounts
from uploads.tabular.text.line_range import LineRange

FIRST = "place;sheep;deer\nNorth;1;2\nSouth;3;4\n"
SECOND = "name;age\nAnn;31\nBo;42\nCy;53\n"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


def tables_of(path: Path, options: ReadOptions | None = None) -> list[str]:
    """``source: labels @header; rows; rejects; lines``, one after the other as a load reads them."""
    found = []
    for table in open_tables(path, name="a.csv", options=options or ReadOptions(), limits=Limits()):
        chunks = list(table.chunks())
        counts = RowCounts()
        for chunk in chunks:
            counts = counted(counts, chunk)
        assert table.account.accounted(counts) == table.account.lines
        rows = [f"{row.as_py()}" for chunk in chunks for row in chunk.rows]
        rejects = [f"{reject.row}" for chunk in chunks for reject in chunk.rejects]
        found.append(
            f"{table.source}: {'|'.join(table.labels)} @{table.dialect.header_row} rows {' '.join(rows)}"
            f"{' rejects ' + ' '.join(rejects) if rejects else ''} of {table.account.lines}"
        )
    return found


def stored(folder: Path, text: str | bytes) -> Path:
    path = folder / "stored"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


CASES = {
    "below a blank line": (
        FIRST + "\n" + SECOND,
        ["None: place|sheep|deer @1 rows 2 3 of 4", "lines 5 to 8: name|age @5 rows 6 7 8 of 4"],
    ),
    "below a title": (
        FIRST + "\nThe people\n" + SECOND,
        ["None: place|sheep|deer @1 rows 2 3 of 4", "lines 5 to 9: name|age @6 rows 7 8 9 of 5"],
    ),
    "within the other": (
        FIRST + "\n" + SECOND + "\nEast;5;6\nWest;7;8\n",
        ["None: place|sheep|deer @1 rows 2 3 10 11 of 6", "lines 5 to 9: name|age @5 rows 6 7 8 of 5"],
    ),
    "right below, with most of the same names": (
        FIRST + "place;sheep;deer;elk\nNorth;1;2;3\nSouth;1;2;3\n",
        ["None: place|sheep|deer @1 rows 2 3 of 3", "lines 4 to 6: place|sheep|deer|elk @4 rows 5 6 of 3"],
    ),
    "three of them": (
        FIRST + "\n" + SECOND + "\na;b;c;d\n1;2;3;4\n5;6;7;8\n",
        [
            "None: place|sheep|deer @1 rows 2 3 of 4",
            "lines 5 to 9: name|age @5 rows 6 7 8 of 5",
            "lines 10 to 12: a|b|c|d @10 rows 11 12 of 3",
        ],
    ),
    "with line breaks in its cells": (
        FIRST + '\nname;age\n"An\nn";31\n"B\n\no";42\nCy;53\n',
        ["None: place|sheep|deer @1 rows 2 3 of 4", "lines 5 to 11: name|age @5 rows 6 8 11 of 7"],
    ),
    "right below, many rows of it": (
        FIRST + "name;age\n" + "".join(f"Ann;{i}\n" for i in range(20)),
        [
            "None: place|sheep|deer @1 rows 2 3 of 3",
            f"lines 4 to 24: name|age @4 rows {' '.join(map(str, range(5, 25)))} of 21",
        ],
    ),
    "short rows are no table": (
        FIRST + "\nEast;5\nWest;7\nMid;9\n",
        ["None: place|sheep|deer @1 rows 2 3 of 7"],
    ),
    "notes of two cells are no table": (
        FIRST + "\nSource;us\nMade by;them\nLicence;free\n",
        ["None: place|sheep|deer @1 rows 2 3 of 7"],
    ),
    "short rows all over the table are none together": (
        "a;b;c\n" + "".join(f"{i};2;3\nx{i};y\n" for i in range(9)) + "1;2;3\n",
        ["None: a|b|c @1 rows 2 4 6 8 10 12 14 16 18 20 rejects 3 5 7 9 11 13 15 17 19 of 20"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_tables_of_a_text(tmp_path: Path, name: str) -> None:
    text, expected = CASES[name]
    assert tables_of(stored(tmp_path, text)) == expected


ROWS = "".join(f"North;{i};{i}\n" for i in range(600))
"""More than are looked at before the first is read."""


def test_long_table_of_another_width_right_below_is_one_of_its_own(tmp_path: Path) -> None:
    text = "place;sheep;deer\n" + ROWS + "name;age\n" + "".join(f"Ann;{i}\n" for i in range(20))
    found = tables_of(stored(tmp_path, text))
    assert [table.split(" rows ")[0] for table in found] == [
        "None: place|sheep|deer @1",
        "lines 602 to 622: name|age @602",
    ]


@pytest.mark.parametrize(
    "below", ["x;1\n" * 20, "North;7\n" * 30, "name;age\nAnn;1\nBo;2\n"], ids=["words", "no header", "three lines"]
)
def test_rows_that_lost_a_cell_stay_rejected(tmp_path: Path, below: str) -> None:
    [table] = tables_of(stored(tmp_path, "place;sheep;deer\n" + ROWS + below))
    assert " rejects 602 603 " in table


def test_second_table_is_said_on_the_receipt_of_the_first(tmp_path: Path) -> None:
    path = stored(tmp_path, FIRST + "\n" + SECOND)
    [first, _] = [(list(table.chunks()), table)[1] for table in _open(path)]
    assert sentences_of(first.dialect.notes)[-1] == (
        "Another table begins in line 5: the lines down to 8 are read by themselves, below."
        " If they are no table of their own but rows of this one, read everything as one table."
    )


def test_second_table_that_is_not_wanted_is_counted_and_said(tmp_path: Path) -> None:
    path = stored(tmp_path, FIRST + "\n" + SECOND)
    [table] = [(list(table.chunks()), table)[1] for table in _open(path, ReadOptions(other_tables=False))]
    assert (table.footer, table.account.lines) == (4, 8)
    assert "the 4 lines down to 8 have other columns" in sentences_of(table.dialect.notes)[-1]


def test_there_is_one_table_where_somebody_said_which_row_is_the_header(tmp_path: Path) -> None:
    [table] = tables_of(stored(tmp_path, FIRST + "\n" + SECOND), ReadOptions(header_row=5))
    assert table == "None: name|age @5 rows 6 7 8 of 8"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_tables_are_found_in_any_encoding(tmp_path: Path, encoding: str, end: str) -> None:
    text = FIRST.replace("North", "Nörth été à Noël") + "\n" + SECOND.replace("Ann", "Zoë Müller, cañón")
    first, second = tables_of(stored(tmp_path, text.replace("\n", end).encode(encoding)))
    assert first == "None: place|sheep|deer @1 rows 2 3 of 4"
    assert second == "lines 5 to 8: name|age @5 rows 6 7 8 of 4"


def test_tables_are_found_in_archives(tmp_path: Path) -> None:
    text = (FIRST + "\n" + SECOND).encode()
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("x.csv", text)
        archive.writestr("y.csv", "a;b\n1;2\n")
    assert [line.split(" rows")[0] for line in tables_of(stored(tmp_path, sink.getvalue()))] == [
        "x.csv: place|sheep|deer @1",
        "x.csv/lines 5 to 8: name|age @5",
        "y.csv: a|b @1",
    ]
    assert len(tables_of(stored(tmp_path, gzip.compress(text)))) == 2


def test_long_second_table_is_found_across_blocks(tmp_path: Path) -> None:
    text = FIRST + "North;1;2\n" * 220_000 + "\n" + "name;age\n" + "Ann;31\n" * 100_000
    first, second = [table.split(" rows")[0] for table in tables_of(stored(tmp_path, text))]
    assert (first, second) == ("None: place|sheep|deer @1", "lines 220005 to 320005: name|age @220005")


@pytest.mark.parametrize("count", [499, 1_001])
def test_hundreds_of_rows_above_a_wider_table_are_a_table_and_no_notes(tmp_path: Path, count: int) -> None:
    text = "name;age\n" + "Ann;31\n" * count + "\nplace;sheep;deer\n" + "North;1;2\n" * 2_000
    first, second = [table.split(" rows")[0] for table in tables_of(stored(tmp_path, text))]
    begins = count + 3
    assert (first, second) == (
        "None: name|age @1",
        f"lines {begins} to {begins + 2_000}: place|sheep|deer @{begins}",
    )


def test_hundreds_of_lines_of_notes_above_a_table_are_notes(tmp_path: Path) -> None:
    text = "".join(f"Note {i}; of day\n" if i % 3 == 0 else f"Note {i}\n" for i in range(700))
    [table] = tables_of(stored(tmp_path, text + "place;sheep;deer\n" + "North;1;2\n" * 2_000))
    assert table.split(" rows")[0] == "None: place|sheep|deer @701"


@settings(max_examples=80, deadline=None)
@given(
    text=st.text(alphabet=st.sampled_from("ab\n\ré"), max_size=40),
    size=st.integers(1, 9),
    first=st.integers(1, 12),
    count=st.integers(0, 12),
)
def test_line_range_is_the_lines_that_python_sees(text: str, size: int, first: int, count: int) -> None:
    raw = _Pieces(text.encode(), size)
    lines = LineRange(raw, Utf8Stream(raw, Encoding(codec="utf-8")), first=first, last=first + count - 1)
    got = b""
    while piece := lines.read(size):
        got += piece
    assert got.decode() == "".join(_LINE.findall(text)[first - 1 : first - 1 + count])


def _open(path: Path, options: ReadOptions | None = None) -> Iterator[SourceTable]:
    return open_tables(path, name="a.csv", options=options or ReadOptions(), limits=Limits())


class _Pieces(io.BytesIO):
    """Bytes in pieces of a chosen size, as a file may give them."""

    def __init__(self, data: bytes, size: int) -> None:
        super().__init__(data)
        self._size = size

    def read(self, _size: int | None = -1, /) -> bytes:
        return super().read(self._size)
