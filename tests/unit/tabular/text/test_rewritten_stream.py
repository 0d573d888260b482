"""Lines that are rewritten as they are read: alike whatever pieces the text comes in, and as many as there were."""

import re

import pytest

from uploads.tabular.dialect.broken_lines import find_broken
from uploads.tabular.dialect.columns.fixed_columns import find_fixed
from uploads.tabular.dialect.columns.folded_rows import find_folded
from uploads.tabular.dialect.columns.labelled_block import find_labelled_block
from uploads.tabular.dialect.columns.ruled_columns import find_ruled
from uploads.tabular.dialect.commented_lines import find_commented
from uploads.tabular.dialect.line_form import LineForm
from uploads.tabular.dialect.long_delimiter import find_long_delimiter
from uploads.tabular.dialect.printed_table import find_printed
from uploads.tabular.dialect.programs.access_log import find_access_log
from uploads.tabular.dialect.programs.eurostat import find_eurostat
from uploads.tabular.dialect.programs.exposition import find_exposition
from uploads.tabular.dialect.programs.sysstat import find_sysstat
from uploads.tabular.dialect.wrapped_lines import find_ended, find_foreign_quotes, find_wrapped
from uploads.tabular.text.lines.rewritten_stream import MARK_INSIDE, RewrittenStream

LINE_END = re.compile(b"\r\n|\r|\n")
TEXTS = {
    "wrapped": (find_wrapped, '"a;b;c"\n"1;""x"";3"\n"4;5;6"\n'),
    "ended": (find_ended, "1, x;\n2, y;\n\n3, z;\n"),
    "markdown": (find_printed, "é\n| a | b |\n|:--|--:|\n| 1 | é \\| x |\n| | 2 |\n\nc | d\n--- | ---\n1 | 2\n4|5\n"),
    "printed": (find_printed, "| a | b |\n|---|---|\n| 1 | é |\n|  | 2 |\n\n"),
    "ruled": (find_ruled, " id name\n--- -----\n  1 é|x\n  2\n\n id name\n--- -----\n  3 y\n\n(3 rows affected)\n"),
    "fixed": (find_fixed, "id  name     n\n 1  é|x y    3\n 2  z       14\n\n----\n 3  y z      5\n"),
    "folded": (find_folded, " id name\n--- -----\n  n\n---\n  1 é|x\n  2\n\n  3 y\n\n\n1 rows selected.\n"),
    "comments": (find_commented, '#"p"\tq\n#fields\ta\tb\n#types\ts\ts\n1\té\n2\t"x\n# y"\n3\tz\n#end\n4\tz\n'),
    "spaces": (find_commented, "# so, as it is\n# a   b\n1.5   é|x\n2.5   z\n\n# c\n3.5   z\n"),
    "long": (find_long_delimiter, "a::b\n1::x\n2::\n3::é\n"),
    "sar": (
        find_sysstat,
        "Linux 5 (a) \t1/2/24 \t_x_\t(4 CPU)\n\n00:00:01 a %u\n00:10:01  é|x 1\n\nAverage: all 1\n",
    ),
    "metrics": (find_exposition, '# TYPE a gauge\na{b="é"} 1\n# TYPE c gauge\n\nc 2 5\n# EOF\n'),
    "requests": (find_access_log, '::1 - é [10/Oct/2000:13:55:36 -0700] "GET /" 200 1\n' * 2),
    "keys": (find_eurostat, "a,geo\\time\t2019 \nA,é\t1 \nB,AT\t: c \n"),
    "labels": (find_labelled_block, "a:  1 x\n" * 6 + "b:  é|x\n    4\n\nn   v\n1   2.5\n2   3.5\n3   4.5\n"),
    "thorns": (find_foreign_quotes, 'þaþ\x14þbþ\nþ1þ\x14þx"yþ\n'),
    "broken": (find_broken, "n;a;b\n1;x;\ny\n2;x\ny;z\n3;x;y\n4;x\n\ny;z\n"),
}


class Pieces:
    """A text in pieces of a chosen size."""

    def __init__(self, data: bytes, size: int) -> None:
        self._data, self._size = data, size

    def read(self, size: int) -> bytes:
        piece, self._data = self._data[: self._size], self._data[self._size :]
        return piece


def read_all(data: bytes, form: LineForm, *, size: int, skip: int = 0) -> bytes:
    stream = RewrittenStream(Pieces(data, size), (MARK_INSIDE, form))
    stream.skip(skip)
    pieces = []
    while piece := stream.read(7):
        pieces.append(piece)
    return b"".join(pieces)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_rewritten_alike_in_pieces_of_any_size(name: str, end: str) -> None:
    find, text = TEXTS[name]
    text = text.replace("\n", end)
    form = find(text)
    assert form is not None
    whole = form.of_text(text, errors="strict").encode()
    assert whole != text.encode()
    assert len(LINE_END.findall(whole)) == len(LINE_END.findall(text.encode()))
    for size in (1, 2, 3, 5, 8, 13, 1_000):
        assert read_all(text.encode(), form, size=size) == whole
        assert read_all(text.encode(), form, size=size, skip=9) == whole[9:]


@pytest.mark.parametrize("name", TEXTS)
def test_a_last_line_without_an_end_is_rewritten_too(name: str) -> None:
    find, text = TEXTS[name]
    form = find(text)
    assert form is not None
    bare = text.rstrip("\n")
    assert read_all(bare.encode(), form, size=4) == form.of_text(bare, errors="strict").encode()


def test_a_long_text_without_an_end_of_line_is_looked_through_once() -> None:
    """Were each of its letters tried as the first of a line, this would take an hour."""
    assert find_ruled("x" * 3_000_000) is None
    assert find_folded("x" * 3_000_000) is None
    assert find_fixed("-" * 3_000_000 + "  x\n" * 9) is None
    assert find_ruled(" id name\n--- -----\n  1 y\n  2 y\n" + "x" * 3_000_000) is not None
