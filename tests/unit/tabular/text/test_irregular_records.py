"""Irregular records among regular ones: the block is parsed once, and reads as if it were read piece by piece."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.thorough import one_of_each
from uploads.tabular.chunks import counted
from uploads.tabular.open_file import open_tables
from uploads.tabular.sentences.notes import sentences_of
from uploads.tabular.table import Limits, LineAccount, ReadOptions, Reject, RowCounts
from uploads.tabular.text.row_reader import RowReader

REGULAR = ["a", "b c", "1", "22", "", " ", "é", '"x"', '"x;y"', '"a""b"', '""']
OVER_LINES = ['"q\nr"', '"q\n\n"', '"1;2\n3;4"']
IRREGULAR = ['5" pipe', '"x"y', '"x" y', "\udcff", "\x00", '"q;"r"', '"a"b""', "it's", ' "x"', '"a" "b"']


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    width = draw(st.integers(2, 4))
    ends = draw(st.lists(st.sampled_from(["\n", "\r\n", "\r"]), min_size=1, max_size=3))
    row = st.lists(st.sampled_from(REGULAR + OVER_LINES), min_size=width, max_size=width)
    faulty = st.lists(st.sampled_from(REGULAR + IRREGULAR), min_size=1, max_size=width + 1)
    rows = draw(st.lists(st.one_of(row, row, row, faulty), min_size=1, max_size=40))
    header = ";".join(f"name {number}" for number in range(width))
    text = "\n".join([header, ";".join(["a long word" * 9] * width), *(";".join(cells) for cells in rows)]) + draw(
        st.sampled_from(["\n", ""])
    )
    mixed = "".join(line + end for line, end in zip(text.split("\n"), itertools.cycle(ends), strict=False))
    return mixed.encode("utf-8", "surrogateescape")


@dataclass(frozen=True, kw_only=True)
class Found:
    """Everything that is told of a table."""

    rows: list[tuple[Any, ...]]
    """Line and cells."""
    rejects: list[Reject]
    counts: RowCounts
    account: LineAccount
    notes: tuple[str, ...]


def read(path: Path) -> Found:
    options = ReadOptions(delimiter=";", encoding="utf-8", header_row=1)
    [table] = open_tables(path, name="a.csv", options=options, limits=Limits())
    rows, rejects, counts = list[tuple[Any, ...]](), list[Reject](), RowCounts()
    for chunk in table.chunks():
        counts = counted(counts, chunk)
        rows += zip(chunk.rows.to_pylist(), *(cells.to_pylist() for cells in chunk.cells), strict=True)
        rejects += chunk.rejects
    assert table.account.accounted(counts) == table.account.lines
    return Found(
        rows=rows, rejects=rejects, counts=counts, account=table.account, notes=sentences_of(table.dialect.notes)
    )


def patched(
    patch: pytest.MonkeyPatch, size: int, consume: Callable[..., int] | None = None, *, near: int = 256
) -> None:
    patch.setattr("uploads.tabular.text.row_reader._BLOCK_BYTES", size)
    patch.setattr("uploads.tabular.text.row_reader._NEAR", near)
    if consume is not None:
        patch.setattr(RowReader, "_consume_apart", consume)


@settings(max_examples=75, deadline=None)
@given(text=texts(), size=st.sampled_from([9, 60, 400, 2**21]), near=st.sampled_from([8, 256]))
def test_block_is_read_at_once_as_it_would_be_in_turns(text: bytes, size: int, near: int) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder) / "a.csv"
        path.write_bytes(text)
        patched(patch, size, near=near)
        at_once = read(path)
        patched(patch, 2**21, RowReader._consume_in_turns)
        assert at_once == read(path)


SOUND = "A{0};X{0};2020\n"
FAULTS = {
    "quote within a cell": 'A{0};5" pipe;2020\n',
    "text behind a closing quote": 'A{0};"x"y;2020\n',
    "NUL": "A{0};x\x00;2020\n",
    "bytes that are no UTF-8": "A{0};x\udcff;2020\n",
    "short row": "A{0};x\n",
}


@pytest.mark.parametrize(("name", "every"), one_of_each(itertools.product(FAULTS, [1, 2, 7, 100]), of=3))
def test_faulty_rows_keep_their_lines_in_a_long_text(tmp_path: Path, name: str, every: int) -> None:
    lines = [(FAULTS[name] if number % every == 0 else SOUND).format(number) for number in range(20_000)]
    path = tmp_path / "a.csv"
    path.write_bytes(("code;area;year\n" + "".join(lines)).encode("utf-8", "surrogateescape"))
    found = read(path)
    firsts = {row[0]: row[1] for row in found.rows} | {r.row: r.raw.partition(";")[0] for r in found.rejects}
    assert firsts == {number + 2: f"A{number}" for number in range(20_000)}


def test_quote_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a;b\n" + '1;"x"\n' * 50_000 + '2;"y\n' + "3;z\n" * 50_000, encoding="utf-8")
    found = read(path)
    assert len(found.rows) == 100_000
    assert [(reject.row, reject.code) for reject in found.rejects] == [(50_002, "unclosed_quote")]


def test_cr_and_lf_on_both_sides_of_a_faulty_row_stay_two_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_bytes(b"a,b\r1,2\r3,4\r5\0,6\n\n7,8\r")
    [table] = open_tables(path, name=path.name, options=ReadOptions(), limits=Limits(), progress=lambda _: None)
    chunks = list(table.chunks())
    assert [row for chunk in chunks for row in chunk.rows.to_pylist()] == [2, 3, 6]
    assert [reject.row for chunk in chunks for reject in chunk.rejects] == [4]
    assert sum(chunk.blank for chunk in chunks) == 1


def test_rows_around_a_cr_and_an_lf_stay_in_order(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    # With the faulty rows so many behind them are read one by one that the rest begins with the LF alone.
    faulty = '12/3/17;17631"en" "Machine_learning" "8708" "201502" "Machine_learning"\n'
    open_quote = '"96" 2015-02-23 2592 "en" "Machine_learning" "8708" "201502" "Machine_l60\r'
    sound = "".join(f"12/{day}/17;1234567\r" for day in range(4, 14))
    path.write_bytes(f"a;b\r12/2/17;1021410\r{faulty}{open_quote}{sound}12/14/17;13427\n1\n2\n\n".encode())
    rows = [row[0] for row in read(path).rows]
    assert rows == [2, 3, *range(5, 16)]
