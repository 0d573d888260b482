"""A line with some around it is the one that a slow model finds: any ends, widths, marks, blocks and limits."""

import io
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uploads.tabular.encoding.choice import Encoding
from uploads.tabular.encoding.line_count import count_wide_lines
from uploads.tabular.encoding.text_facts import gather_facts
from uploads.tabular.line_index import LineIndex, LineMarks
from uploads.tabular.open_file import open_tables
from uploads.tabular.source_lines import around
from uploads.tabular.source_lines.around import (
    KEPT_BYTES,
    LinesFound,
    SeekableBytes,
    SourceLine,
    StreamedBytes,
    lines_around,
)
from uploads.tabular.source_lines.line_ends import line_endings
from uploads.tabular.table import Limits, ReadOptions

CODECS = ("utf-8", "cp1252", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
PIECES = st.sampled_from(["\n", "\r\n", "\r", "\r\r\n", "a", "b;c", "", '"', "ਊ", "഍", "Ā", "x" * 40])
TEXTS = st.lists(PIECES, max_size=40).map("".join)


def model(text: str) -> list[str]:
    """Every line, without its end."""
    lines = re.split("\r\n|\n|\r", text)
    return lines[:-1] if not lines[-1] else lines


def look(
    data: bytes, first: int, last: int, *, codec: str = "utf-8", index: LineIndex | None = None, most: int = 2**40
) -> LinesFound:
    source = SeekableBytes(io.BytesIO(data))
    ends = line_endings(codec)
    return lines_around(source, index=index or LineIndex(), ends=ends, first=first, last=last, most_bytes=most)


def expected(text: str, codec: str, first: int, last: int) -> list[SourceLine]:
    encoded = ((number, line.encode(codec)) for number, line in enumerate(model(text), 1))
    return [
        SourceLine(number=number, data=line[:KEPT_BYTES], length=len(line))
        for number, line in encoded
        if first <= number <= last
    ]


@given(text=TEXTS, codec=st.sampled_from(CODECS), first=st.integers(1, 30), more=st.integers(0, 20), data=st.data())
def test_lines_are_those_of_a_slow_model(text: str, codec: str, first: int, more: int, data: st.DataObject) -> None:
    text = text if codec != "cp1252" else text.encode("cp1252", "ignore").decode("cp1252")
    encoded = text.encode(codec)
    index = data.draw(indexes(encoded, codec))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(around, "_BLOCK", data.draw(st.integers(1, 9)))
        patch.setattr(around, "_MARK_EVERY", data.draw(st.integers(1, 9)))
        found = look(encoded, first, first + more, codec=codec, index=index)
        assert list(found.lines) == expected(text, codec, first, first + more)
        assert found.is_within_limit
        assert (found.total is not None) == (first + more > len(model(text)))
        assert found.total in (None, len(model(text)))
        # what it has learned leads to the same lines
        again = LineIndex.from_bytes(found.index.to_bytes())
        assert look(encoded, first, first + more, codec=codec, index=again).lines == found.lines
        streamed = StreamedBytes(io.BytesIO(encoded), most_bytes=2**40)
        ends = line_endings(codec)
        once_more = lines_around(streamed, index=again, ends=ends, first=first, last=first + more, most_bytes=2**40)
        assert once_more.lines == found.lines


@st.composite
def indexes(draw: st.DrawFn, encoded: bytes, codec: str) -> LineIndex:
    """As a load makes it, with blocks of any size, or none."""
    cuts = sorted(draw(st.sets(st.integers(0, len(encoded)), max_size=6)))
    pieces = [encoded[begin:end] for begin, end in pairwise([0, *cuts, len(encoded)])]
    if not draw(st.booleans()):
        return LineIndex()
    if line_endings(codec).unit == 1:
        return gather_facts(filter(None, pieces)).index
    return count_wide_lines(_Pieces(pieces), Encoding(codec=codec)).index


class _Pieces:
    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = [piece for piece in pieces if piece]

    def read(self, _size: int, /) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""

    def close(self) -> None:
        """Nothing is open."""


CELLS = st.sampled_from(["1", "two", "a,b", 'say "x"', "", "up\ndown", "up\r\ndown", "a\rb", " "])


@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3).filter(any), min_size=1, max_size=12),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    blank=st.sets(st.integers(0, 11)),
    codec=st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]),
)
def test_number_of_a_row_is_the_line_where_it_begins(
    rows: list[list[str]], end: str, blank: set[int], codec: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever stands in quotes and between the rows."""
    text = f"key,name,note,word{end}"
    begins = {}
    for number, row in enumerate(rows):
        text += end * (number in blank)
        begins[f"k{number}"] = len(model(text)) + 1
        text += ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in [f"k{number}", *row]) + end
    path = tmp_path_factory.mktemp("rows") / "rows.csv"
    path.write_bytes(text.encode(codec))
    options = ReadOptions(delimiter=",", header_row=1, encoding="utf-16" if codec == "utf-16" else "utf-8")
    loaded = _numbers(path, options)
    assert loaded == begins
    for key, line in loaded.items():
        wide = "utf-16-le" if codec == "utf-16" else "utf-8"
        [found] = look(path.read_bytes(), line, line, codec=wide).lines
        assert found.data.decode(wide).startswith(f'"{key}",')


def _numbers(path: Path, options: ReadOptions) -> dict[str, int]:
    [table] = open_tables(path, name="rows.csv", options=options, limits=Limits())
    return {
        key: row
        for chunk in table.chunks()
        for row, key in zip(chunk.rows.to_pylist(), chunk.cells[0].to_pylist(), strict=True)
    }


class Counted(io.BytesIO):
    passed = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.passed += len(data)
        return data


LONG = b"first\n" + b"x" * (9 * 2**20) + b"\nlast\n"


def facts_of(data: bytes) -> LineIndex:
    return gather_facts(data[at : at + 2**20] for at in range(0, len(data), 2**20)).index


def test_long_line_is_cut_and_passed_over_by_the_index() -> None:
    file = Counted(LONG)
    ends = line_endings("utf-8")
    found = lines_around(SeekableBytes(file), index=facts_of(LONG), ends=ends, first=1, last=9, most_bytes=2**30)
    assert [(line.number, len(line.data), line.length) for line in found.lines] == [
        (1, 5, 5), (2, KEPT_BYTES, 9 * 2**20), (3, 4, 4)
    ]  # fmt: skip
    assert found.total == 3
    assert file.passed < 2**21


def test_mark_within_a_line_hides_none_of_what_is_shown() -> None:
    """Also where a block ends just behind the line's begin."""
    data = b"x" * (2**16 - 2) + b"\n" + b"ab;cd\n"
    index = LineIndex(offsets=(0, 2**16 + 2), lines=(1, 2), size=len(data))
    assert look(data, 2, 2, index=index).lines[0].data == b"ab;cd"


def test_far_line_is_found_by_one_block() -> None:
    data = b"".join(b"line %07d\n" % number for number in range(1, 500_001))
    file = Counted(data)
    ends = line_endings("utf-8")
    found = lines_around(
        SeekableBytes(file), index=facts_of(data), ends=ends, first=400_000, last=400_000, most_bytes=2**30
    )
    assert [line.data for line in found.lines] == [b"line 0400000"]
    assert file.passed <= 2**20 + 2**18


def test_no_more_is_read_than_may_be_and_the_next_look_goes_on() -> None:
    data = b"a line of some words\n" * 500_000
    found = look(data, 450_000, 450_000, most=4 * 2**20)
    assert (found.lines, found.is_within_limit, found.total) == ((), False, None)
    for _ in range(3):
        found = look(data, 450_000, 450_000, most=4 * 2**20, index=found.index)
    assert [line.number for line in found.lines] == [450_000]


def test_line_longer_than_what_may_be_read_shows_its_begin() -> None:
    found = look(LONG, 2, 3, most=2**20)
    assert [(line.number, line.length) for line in found.lines] == [(2, None)]
    assert not found.is_within_limit


def test_marks_become_fewer_not_endless() -> None:
    marks = LineMarks(most=8)
    for block in range(1, 100):
        marks.pass_by(block * 10, block * 3)
    index = marks.index(1_000)
    assert len(index.offsets) <= 9
    assert index.offsets[0] == 0
    assert all((line - 1) * 10 == offset * 3 for offset, line in zip(index.offsets, index.lines, strict=True))


def test_stream_is_not_read_beyond_its_bound() -> None:
    ends = line_endings("utf-8")
    source = StreamedBytes(io.BytesIO(b"a\n" * 500_000), most_bytes=2**17)
    found = lines_around(source, index=LineIndex(), ends=ends, first=400_000, last=400_001, most_bytes=2**30)
    assert not found.is_within_limit
