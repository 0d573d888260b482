"""Spaces at the ends of texts, and letters that were lost, are counted and placed."""

from collections.abc import Iterable, Sequence

import pyarrow as pa
import pytest

from tests.unit.tabular.types.decided import decide
from uploads.tabular.chunks import TextChunk
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.table import Column, ColumnType
from uploads.tabular.types.unseen import Unseen, outer_spaces

TEXT = Column(label="city", name="city", type=ColumnType.TEXT)
WHITE = [chr(code) for code in range(0x110000) if chr(code).isspace()]


def seen(*chunks: Sequence[str], column: Column = TEXT, is_letters_counted: bool = True) -> list[Note]:
    unseen = Unseen([column.label], unit="line", is_letters_counted=is_letters_counted)
    begin = 2
    for cells in chunks:
        rows = pa.array(range(begin, begin + len(cells)), pa.int64())
        unseen.observe(TextChunk(rows=rows, cells=(pa.array(cells, pa.string()),)), None, [column])
        begin += len(cells)
    return list(unseen.notes)


def spaces(rows: Iterable[int], *kinds: str, **counts: int) -> list[Note]:
    column = {"label": "city", "begin": 0, "end": 0, "both": 0, "only": 0, **counts, "rows": list(rows)}
    column["kinds"] = list(kinds) or ["space"]
    return [Note.of(NoteKind.OUTER_SPACES, unit="line", columns=[column], more_columns=0)]


@pytest.mark.parametrize(
    ("cells", "notes"),
    [
        (["Rome", "Oslo "], spaces([3], end=1)),
        ([" Rome", "Oslo"], spaces([2], begin=1)),
        (["\tRome\n", "", "  "], spaces([2, 4], "line_break", "space", "tab", both=1, only=1)),
        (["Rome\N{NO-BREAK SPACE}", "Þórshöfn", "Łódź", "“Rome”"], spaces([2], "no_break_space", end=1)),
        (["New York", "Rome", ""], []),
        (["こんにちは", "Москва", "été", "à"], []),
        ([], []),
    ],
)
def test_spaces_at_the_ends_of_values_are_counted(cells: list[str], notes: list[Note]) -> None:
    assert seen(cells) == notes


def test_rows_of_all_chunks_are_counted_and_the_first_named() -> None:
    assert seen(["Rome ", "Oslo"], ["Bern "] * 9) == spaces([2, 4, 5, 6, 7], end=10)


def test_spaces_around_what_is_no_text_are_none_of_its_value() -> None:
    assert seen(["1 ", "2"], column=Column(label="n", name="n", type=ColumnType.BIGINT)) == []


@pytest.mark.parametrize("white", WHITE)
def test_every_white_space_is_found_at_both_ends(white: str) -> None:
    values = pa.array(["x", f"{white}é", None, f"é{white}", "é", ""])
    begins, ends = outer_spaces(values)
    assert (begins.nonzero()[0].tolist(), ends.nonzero()[0].tolist()) == ([1], [3])
    begins, ends = outer_spaces(values.slice(1, 3))
    assert (begins.nonzero()[0].tolist(), ends.nonzero()[0].tolist()) == ([0], [2])


def test_lost_letters_are_counted_where_nothing_else_tells_of_them() -> None:
    cells = ["Bern", "K\ufffdln", "M\ufffd\ufffd"]
    lost = Note.of(NoteKind.LETTERS_LOST, count=3, unit="line", column="city", row=3)
    assert seen(cells, is_letters_counted=False) == [lost]
    assert seen(cells) == []
    assert seen(["Bern", "Köln"], is_letters_counted=False) == []


def test_lost_letters_of_a_name_are_counted_too() -> None:
    column = Column(label="St\ufffddte", name="st_dte", type=ColumnType.TEXT)
    lost = Note.of(NoteKind.LETTERS_LOST, count=1, unit="line", column=None, row=None)
    assert seen(["Bern"], column=column, is_letters_counted=False) == [lost]


@pytest.mark.parametrize(
    ("cells", "value"),
    [
        ([" <-", "b"], " <-"),
        (["1", "2", "  three "], "  three "),
        (["1", " 2 ", "three"], "three"),
    ],
    ids=["in the first cell", "below numbers", "spaces that a number may have"],
)
def test_value_that_makes_a_column_text_is_quoted_with_its_spaces(cells: list[str], value: str) -> None:
    (column,) = decide(cells)
    assert column.evidence is not None
    assert column.evidence.figures["value"] == value
