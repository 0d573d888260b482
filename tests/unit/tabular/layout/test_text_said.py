"""What a person says of a text decides, what cannot be followed is refused, and so is too much of anything."""

from pathlib import Path

import pytest

from tests.unit.tabular.layout.texts_opened import opened, summary
from uploads.tabular.errors import BadOption, LimitExceeded, UploaderError
from uploads.tabular.table import Limits, ReadOptions


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (ReadOptions(header_row=2), "1|2 @2 pre=1 loaded=1 blank=0 foot=0 []"),
        (ReadOptions(header_row="none"), "| @None pre=0 loaded=3 blank=0 foot=0 []"),
        (ReadOptions(delimiter=","), "a|b @1 pre=0 loaded=2 blank=0 foot=0 []"),
        (ReadOptions(encoding="utf-8"), "a|b @1 pre=0 loaded=2 blank=0 foot=0 []"),
    ],
)
def test_person_decides(tmp_path: Path, options: ReadOptions, expected: str) -> None:
    assert summary(opened(tmp_path, "a,b\n1,2\n3,4\n", options=options)) == expected


@pytest.mark.parametrize(
    "options",
    [
        ReadOptions(header_row=9),
        ReadOptions(header_row=0),
        ReadOptions(delimiter=";;"),
        ReadOptions(delimiter=";"),
        ReadOptions(encoding="klingon"),
    ],
)
def test_option_that_cannot_be_followed_is_refused(tmp_path: Path, options: ReadOptions) -> None:
    with pytest.raises(BadOption):
        opened(tmp_path, "a,b\n1,2\n", options=options)


@pytest.mark.parametrize("chunk_rows", [1, 2, 3, 1000])
def test_chunks_hold_about_as_many_rows_as_asked(tmp_path: Path, chunk_rows: int) -> None:
    text = "a,b\n" + "".join(f"{i},x\n" for i in range(10))
    chunks = list(opened(tmp_path, text, options=ReadOptions(chunk_rows=chunk_rows)).chunks())

    assert all(len(chunk.rows) == chunk_rows for chunk in chunks[:-1])
    assert [int(row) for chunk in chunks for row in chunk.rows.to_pylist()] == list(range(2, 12))


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        (",".join("abcdef") + "\n1,2,3,4,5,6\n", Limits(columns=5)),
        ("a,b\n" + "x" * 500 + ",2\n", Limits(cell_bytes=100)),
        ("a" * 300_000, Limits()),
    ],
)
def test_too_much_of_anything_is_refused(tmp_path: Path, text: str, limits: Limits) -> None:
    with pytest.raises(LimitExceeded):
        list(opened(tmp_path, text, limits).chunks())


def test_file_that_changes_between_passes_is_noticed(tmp_path: Path) -> None:
    table = opened(tmp_path, "a,b\n1,2\n3,4\n")
    (tmp_path / "stored").write_bytes(b"a,b\n1,2\n")

    with pytest.raises(UploaderError, match="changed while it was read"):
        list(table.chunks())
