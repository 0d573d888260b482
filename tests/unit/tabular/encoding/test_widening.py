"""A text that goes on in UTF-16 behind lines of single bytes is refused by name; each of them alone is read."""

from pathlib import Path

import pytest

from uploads.tabular.encoding.widening import line_where_letters_widen
from uploads.tabular.errors import DamagedFile
from uploads.tabular.inspection import inspect_file
from uploads.tabular.table import Limits, ReadOptions

HEAD, ROWS = "id;name;city\r\n", "1;Änne;Köln\r\n2;Bert;Rom\r\n3;Zoë;Paris\r\n"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (HEAD.encode() + ROWS.encode("utf-16-le"), 2),
        (HEAD.encode() + ("\ufeff" + ROWS).encode("utf-16-le"), 2),
        (HEAD.encode() + ROWS.encode("utf-16-be"), 2),
        ((HEAD + "5;Jo;Ulm\r\n" * 50).encode() + ROWS.encode("utf-16-le"), 52),
        ((HEAD + ROWS).encode("utf-16-le"), None),
        ((HEAD + ROWS).encode("utf-16-be"), None),
        (("\u6369\u6e7c\u4e2d\u4e3d\n" + ROWS).encode("utf-16-le"), None),
        ((HEAD + ROWS).encode(), None),
        (HEAD.encode() + b"1;\x00\x00\x00;x\r\n", None),
        (HEAD.encode() + b"1;ab\x00cd;x\r\n2;b;c\r\n", None),
    ],
)
def test_line_from_which_letters_take_two_bytes(data: bytes, line: int | None) -> None:
    assert line_where_letters_widen(data) == line


def test_such_a_text_is_refused_and_read_as_a_person_says(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(HEAD.encode() + ROWS.encode("utf-16-le"))

    with pytest.raises(DamagedFile, match="up to line 1 each letter takes one byte, from line 2 on two"):
        list(inspect_file(path, options=ReadOptions(), limits=Limits(), head_rows=0))
    [table] = inspect_file(path, options=ReadOptions(encoding="utf-16-le"), limits=Limits(), head_rows=0)
    assert table.dialect.encoding == "utf-16-le"
