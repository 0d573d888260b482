"""Every line of a text is told of, against counts that know nothing of how it was read."""

import codecs
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from uploads.tabular.chunks import SourceTable, counted
from uploads.tabular.encoding.choice import Encoding
from uploads.tabular.encoding.line_count import count_wide_lines
from uploads.tabular.errors import FileError, LinesUnaccounted
from uploads.tabular.open_file import open_tables
from uploads.tabular.sentences.notes import sentences_of
from uploads.tabular.table import Limits, LineAccount, ReadOptions, RowCounts

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_BOMS = {"utf-8": b"", "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE, "utf-32-le": b"\xff\xfe\0\0"}

lines = st.text(alphabet=st.sampled_from('ab1;;,""\' \té'), max_size=12)
texts = st.lists(st.tuples(lines, st.sampled_from(["\n", "\r\n", "\r"])), max_size=30).map(
    lambda parts: "".join(line + end for line, end in parts)
)


def accounts(path: Path) -> list[tuple[SourceTable, RowCounts]]:
    """Each table with what became of its rows."""
    read = []
    for table in open_tables(path, name=path.name, options=ReadOptions(), limits=Limits()):
        counts = RowCounts()
        for chunk in table.chunks():
            counts = counted(counts, chunk)
        read.append((table, counts))
    return read


@settings(max_examples=100, deadline=None, suppress_health_check=[*HealthCheck])
@given(text=texts, last=lines, encoding=st.sampled_from(sorted(_BOMS)))
@example(text='a;b\n"x\ny";1\n', last="2;3", encoding="utf-16-le")
@example(text='\n\ntitle\n\nname;n\n;kg\nx;1\ny;2\nz;3\n\nSource: us\r\n"a', last="", encoding="utf-8")
def test_every_line_of_any_text_is_told_of(tmp_path: Path, text: str, last: str, encoding: str) -> None:
    text += last
    path = tmp_path / "a.csv"
    path.write_bytes(_BOMS[encoding] + text.encode(encoding))

    try:
        read = accounts(path)
    except FileError:
        return  # a file of nothing, or of a header: there are no rows to tell of

    assert sum(table.account.accounted(counts) for table, counts in read) == len(_LINE.findall(text))


@pytest.mark.parametrize("folder", ["statsnz", "dialects", "malformed"])
def test_every_line_of_real_texts_is_told_of(corpus: Path, folder: str) -> None:
    paths = [path for path in sorted((corpus / folder).iterdir()) if path.suffix != ".xlsx"]
    for path in paths:
        read = accounts(path)
        codec = read[0][0].dialect.encoding or ""
        text = path.read_bytes().decode(codec, "surrogateescape" if codec == "utf-8" else "replace")
        assert sum(table.account.accounted(counts) for table, counts in read) == len(_LINE.findall(text)), path.name
    assert paths


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", ["", "a", "a\n", "a\r\nb", "\r\r\n\n", "\u0a0d\u0d0a", "é\n漢\r"])
def test_wide_lines_are_counted_by_their_units(encoding: str, text: str) -> None:
    for size in (1, 3, 1000):
        assert count_wide_lines(_Pieces(text.encode(encoding), size), Encoding(codec=encoding)).lines == len(
            _LINE.findall(text)
        )


def test_header_of_two_rows_and_blank_lines_above_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('\nA title\n\nname,weight,height\n,kg,cm\n"An\nn",60,170\nBo,70,180\nCy,80,190\n\n')

    [(table, counts)] = accounts(path)

    assert table.account == LineAccount(lines=10, preamble=1, header=2, blank_above=2, line_breaks=1)
    assert counts == RowCounts(read=4, loaded=3, blank=1)
    assert "1 row holds 1 line break inside cells, kept there." in sentences_of(table.dialect.notes)


def test_a_blank_line_inside_the_header_is_of_the_header(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = "".join(f"2024-01-{day:02},Town {day},{day},{2 * day}.50\n" for day in range(1, 9))
    path.write_text(f"Expenses of April\n\nDATES,PLACE,TRAVEL,\n,,,\n,,Air,Rail\n{rows}")

    [(table, counts)] = accounts(path)

    assert (table.account.header, table.account.blank_above, counts.blank) == (3, 1, 0)
    assert "1 blank line: 2." in sentences_of(table.dialect.notes)


def test_long_rows_come_in_small_chunks(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    rows = [f"{number};{'x' * 10_000}" for number in range(3_000)]
    path.write_text("\n".join(["a;b", *rows]))
    [table] = open_tables(path, name=path.name, options=ReadOptions(), limits=Limits())
    chunks = [chunk.rows.to_pylist() for chunk in table.chunks()]
    assert [row for chunk in chunks for row in chunk] == list(range(2, 3_002))
    # A chunk is given out as soon as there is enough for one, which the block of 2 MiB that is read then goes beyond.
    assert max(map(len, chunks)) * 10_000 <= 8 * 2**20


def test_account_that_misses_a_line_is_refused() -> None:
    account = LineAccount(lines=5, preamble=1, header=1)
    rows = RowCounts(read=3, loaded=2, blank=1)
    account.check(rows, name="a.csv")

    with pytest.raises(LinesUnaccounted, match="has 6 lines, and what became of them is known of 5"):
        replace(account, lines=6).check(rows, name="a.csv")


class _Pieces(io.BytesIO):
    """Bytes in pieces of a chosen size, as a file may give them."""

    def __init__(self, data: bytes, size: int) -> None:
        super().__init__(data)
        self._size = size

    def read(self, _size: int | None = -1, /) -> bytes:
        return super().read(self._size)
