"""Comments above and among the rows of a table are none of them, and may name its columns."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, look, rows
from uploads.tabular.notes import NoteKind

BLAST = "# BLASTN\n# Query: q{0}\n# Fields: query, % identity, length\n# 2 hits\nq{0}\t9{0}.5\t250\nq{0}\t8{0}.5\t240\n"
ZEEK = (
    "#separator \\x09\n#path\tconn\n#fields\tts\tuid\tport\n#types\ttime\tstring\tport\n"
    "1.5\tCa\t80\n2.5\tCb\t81\n3.5\tCc\t-\n#close\t2023\n"
)
SPACED = "% Model:     heat.mph\n% Date:      Mar 1 2023, 10:11\n% x       y        T (K)\n" + "".join(
    f"{i}.500     {i}.25     293.15\n" for i in range(5)
)
PROSE = "# USE OF THE DATA\n# \n# These are made freely available to the public.\n#\n"
GAPPED = "# STATION: De Bilt\n# STN,DAY,   TG\n# \n" + "".join(f"  260,202302{i:02d},   {i}\n" for i in range(10, 16))
FOUND = {
    "names that a comment says, again above each block": (
        BLAST.format(1) + BLAST.format(2) + "# 2 queries\n",
        ["query", "% identity", "length"],
        [("q1", "91.5", "250"), ("q1", "81.5", "240"), ("q2", "92.5", "250"), ("q2", "82.5", "240")],
    ),
    "types below the names": (
        ZEEK,
        ["ts", "uid", "port"],
        [("1.5", "Ca", "80"), ("2.5", "Cb", "81"), ("3.5", "Cc", "-")],
    ),
    "columns aligned by spaces": (SPACED, ["x", "y", "T (K)"], [(f"{i}.500", f"{i}.25", "293.15") for i in range(5)]),
    "prose as wide as the rows, no names": (
        PROSE + "".join(f"{1958 + i}  {i}  315.{i}1  -1  -9.99\n" for i in range(4)),
        [""] * 5,
        [(str(1958 + i), str(i), f"315.{i}1", "-1", "-9.99") for i in range(4)],
    ),
    "a blank comment below the names": (
        GAPPED,
        ["STN", "DAY", "TG"],
        [("260", f"202302{i}", str(i)) for i in range(10, 16)],
    ),
    "a sentence with a comma": (
        "% log\n% of 1 May, by Ann\n%t,x,y\n0,1.5,2\n1,1.6,3\n2,1.7,4\n",
        ["t", "x", "y"],
        [("0", "1.5", "2"), ("1", "1.6", "3"), ("2", "1.7", "4")],
    ),
    "a header below them, an end mark": (
        "!title\tof it\n!table_begin\nid\tA\tB\na1\t1\t2\na2\t3\t4\na3\t5\t6\n!table_end\n",
        ["id", "A", "B"],
        [("a1", "1", "2"), ("a2", "3", "4"), ("a3", "5", "6")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_comments_are_no_rows(tmp_path: Path, name: str) -> None:
    text, names, expected = FOUND[name]
    found = look(tmp_path, text)
    assert (labels(found), rows(found)) == (names, expected)
    assert found.counts.rejected == 0
    assert NoteKind.COMMENT_LINES in kinds(found)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("#1,a,5\n#2,b,6\n#3,c,7\n#4,d,8\n", 4),
        ("#f00,12,7\nred,13,8\nblue,14,9\n#0f0,15,6\ngrey,1,2\n", 5),
        ("# a\n# b\nprose, with commas\nand, more of it, here\nof no, table\n", 1),
        ("#id,text,n\n1,x,2\n2,y,3\n3,z,4\n", 3),
        ("#RANGE: ,20\n#RUN: ,S1\n##t,x,y\n0,1.5,2\n1,1.6,3\n2,1.7,4\n", 3),
    ],
    ids=["all rows begin so", "some rows begin so", "prose", "a header that begins so", "settings above it"],
)
def test_other_lines_that_begin_so_are_rows_or_a_header(tmp_path: Path, text: str, count: int) -> None:
    found = look(tmp_path, text)
    assert NoteKind.COMMENT_LINES not in kinds(found)
    assert found.counts.loaded == count


def test_a_cell_of_two_lines_keeps_the_one_that_begins_so(tmp_path: Path) -> None:
    text = '# made by us\n# for you\nid,text,n\n1,"two\n# lines",2\n2,b,3\n3,c,4\n# the end\n'
    assert rows(look(tmp_path, text))[0] == ("1", "two\n# lines", "2")


def test_who_names_the_delimiter_gets_each_line(tmp_path: Path) -> None:
    found = look(tmp_path, ZEEK, delimiter="\t", header_row="none")
    assert found.counts.loaded + found.counts.rejected == 8
