"""Delimiter, quote and escape are found in texts of every habit; a person's word goes first."""

import pytest

from uploads.tabular.dialect.choice import choose_dialect
from uploads.tabular.dialect.dialect import NO_DELIMITER, CsvDialect, delimiter_option
from uploads.tabular.dialect.quoting import are_quotes_text
from uploads.tabular.errors import BadOption
from uploads.tabular.sentences.notes import sentence_of

ONE = NO_DELIMITER
CASES: dict[str, tuple[str, str, str]] = {
    # name: delimiter, quote (with \ for a backslash escape), text
    "plain comma": (",", '"', "id,name,city\n1,Ann,Paris\n2,Bo,Rome\n"),
    "plain semicolon": (";", '"', "id;name;city\n1;Ann;Paris\n2;Bo;Rome\n"),
    "semicolon with decimal commas": (";", '"', "a;b;c\n1,5;2,5;3,5\n4,5;5,5;6,5\n7,0;8,0;9,0\n"),
    "semicolon with thousands behind long texts": (
        ";", '"', "code;size\n" + "".join(f"{'long text ' * 12};{n},946,715\n" for n in range(1, 60)),
    ),
    "semicolon with one decimal comma a row": (";", '"', "name;price\napple;1,50\npear;2,25\nplum;0,75\n"),
    "comma with semicolons in text": (",", '"', "id,tags\n1,a;b;c\n2,a;b\n3,x\n4,a;b;c;d\n"),
    "comma with one semicolon in every text": (",", '"', "id,tags,n\n1,a;b,5\n2,c;d,6\n3,e;f,7\n"),
    "tab": ("\t", '"', "id\tname\tnote\n1\tAnn\thello, you\n2\tBo\tgood day\n"),
    "tab with commas everywhere": ("\t", '"', "name\taddress\nAnn\t1, Main St, Town\nBo\t2, High St, City\n"),
    "pipe": ("|", '"', "id|name|amount\n1|Ann|1,000\n2|Bo|2,000\n"),
    "colon": (":", '"', "root:x:0:0:root:/root:/bin/bash\nbin:x:1:1:bin:/bin:/sbin\nsys:x:3:3:sys:/dev:/bin/sh\n"),
    "times are no colon columns": (",", '"', "time,event\n10:15:00,start\n10:16:30,stop\n11:00:00,start\n"),
    "times alone are one column": (ONE, '"', "time\n10:15:00\n10:16:30\n11:00:00\n"),
    "one time with a fraction is one column": (ONE, '"', "HH:mm:ss.S\n15:02:37.143\n"),
    "one time is one column": (ONE, '"', "at\n15:02:37\n"),
    "one time of hours and minutes is one column": (ONE, '"', "HH:mm XXX\n15:02 +01:00\n"),
    "times of one row in two columns": (",", '"', "HH:mm:ss,HH:mm:ss.S\n15:02:37,15:02:37.1\n"),
    "dates alone are one column": (ONE, '"', "day\n2024-01-02\n2024-01-03\n2024-02-04\n"),
    "times and semicolons": (";", '"', "date;time;n\n2020-01-01;10:15:00;1\n2020-01-02;11:15:00;2\n"),
    "caret": ("^", '"', "id^name^city\n1^Ann^Paris\n2^Bo^Rome\n"),
    "tilde": ("~", '"', "id~name~city\n1~Ann, x~Paris\n2~Bo~Rome\n"),
    "plus": ("+", '"', "venue+city+state+date\nHarry+Arlington Heights+IL+2/1/03\nShark City+Glendale+IL+12/28/02\n"),
    "asterisk": ("*", '"', "venue*city*state*day\nHarry*Rome*IL*2/1/03\nShark City*Glendale*IL*12/28/02\n"),
    "space": (" ", '"', '"date" "count" "page"\n"81" 2015-01-01 "Main"\n"80" 2015-01-02 "Main"\n'),
    "space, numbers": (" ", '"', "1.0 2.5 3.0\n4.0 5.5 6.25\n7.0 8.0 9.5\n1.5 2.0 2.5\n"),
    "sentences are one column": (
        ONE, '"', "comment\nI like this very much\nnot good\nreally a nice place to stay, thanks\nok\n",
    ),
    "names are one column": (ONE, '"', "name\nAnn Smith\nBo Jones\nCy Young\nDee Fox\n"),
    "decimal commas are one column": (ONE, '"', "price\n1,50\n2,25\n10,00\n"),
    "timestamps alone are one column": (ONE, '"', "at\n2024-01-02 10:15\n2024-01-03 11:00\n2024-02-04 09:30\n"),
    "exponents are one column": (ONE, '"', "order\r-5.97e+209\r-3.28e+55\r"),
    "exponents of both signs are one column": (ONE, '"', "unit price\n5.03e-164\n1.97e+254\n"),
    "one grouped number is one column": (ONE, '"', 'x y z\r\n""\r\n""\r\n3.318.714,56\r\n'),
    "moments between blanks are one column": (
        ONE, '"', 'is_open\n""\n2023-10-04 14:42:00\n1984-10-11 18:49:00\n""\n""\n2006-10-25 10:24:00\n',
    ),
    "moments below two words are one column": (ONE, '"', 'At noon\n1993-01-19 06:49:00\n2009-08-09 14:49:00\n""\n'),
    "moments with fractions are one column": (
        ONE, '"', "at\n2002-11-11T10:00:02.660Z\n1978-12-11T10:00:04.428Z\n1991-05-21T10:00:01.430Z\n",
    ),
    "decimal commas and a stranger are one column": (
        ONE, '"', "price\n" + "".join(f"{n}6590,7{n}\n" for n in range(12)) + "on request\n",
    ),
    "numbers with thousands are one column": (ONE, '"', "people\n6,944,577\n9,878,797\n830,244\n"),
    "money is one column": (ONE, '"', "amount\n$5,497.00\n$781.00\n$7,093.00\n$7,960.00\n"),
    "one amount of money is one column": (ONE, '"', "amount\n$2,341.00\n"),
    "decimal commas under a name of their own": (",", '"', "a,b\n1,50\n2,25\n"),
    "numbers grouped by spaces are one column": (ONE, '"', "n\n1 000\n2 500\n12 000\n"),
    "one column": (ONE, '"', "id\n1\n2\n3\n"),
    "one column of quoted text with commas": (ONE, '"', 'name\n"Smith, Ann"\n"Jones, Bo"\n'),
    "addresses quoted": (",", '"', 'id,address\n1,"1 Main St; Town, NZ"\n2,"2 High St; City, NZ"\n'),
    "single quotes": (",", "'", "id,name,note\n1,'Ann','a, b'\n2,'Bo','c, d'\n3,'Cy','e'\n"),
    "single quotes, doubled": (
        ":", "'", "'Harry''s':'Arlington':'2/1/03'\n'Shark City':'Rome':'12/28/02'\n'Tommy''s':'B':'1/2/03'\n",
    ),
    "apostrophes are no quotes": (",", '"', "venue,city\nHarry's,Arlington\nTommy's,Blue Island\nKim's,Rome\n"),
    "apostrophe quoted by double quotes": (",", '"', "a,b\n\"it's\",\"don't, now\"\n\"I'm\",\"we're\"\n"),
    "backslash": (",", '"\\', 'id,text\n1,"say \\"hi\\", you"\n2,"say \\"ho\\" again"\n3,plain\n'),
    "doubled quotes": (",", '"', 'id,text\n1,"say ""hi"", you"\n2,"say ""ho"" again"\n'),
    "windows paths are no escapes": (",", '"', 'id,path\n1,"C:\\dir\\"\n2,"D:\\x\\"\n'),
    "space behind commas": (",", '"', "venue, city, state\nHarry, Arlington, IL\nShark, Glendale, IL\n"),
    "quoted after spaces": (",", '"', 'a, "b, c", d\n1, "x, y", 2\n3, "p, q", 4\n'),
    "quoted line breaks": (";", '"', 'id;text\n1;"one\ntwo, three"\n2;"four\nfive"\n'),
    "title above": (",", '"', "Sales of the year\n\nid,name,n\n1,Ann,5\n2,Bo,6\n3,Cy,7\n"),
    "title with commas above a semicolon table": (
        ";", '"', "Report, made by us, in 2024\n\nid;name;n\n1;Ann;5\n2;Bo;6\n3;Cy;7\n4;Dee;8\n",
    ),
    "ragged rows": (",", '"', "a,b,c\n1,2,3\n1,2\n1,2,3\n1,2,3,4\n1,2,3\n"),
    "e-mails and urls": (",", '"', "mail,url\nann@x.org,http://x.org/a?b=1&c=2\nbo@y.org,https://y.org/#z\n"),
    "one row": (",", '"', "a,b,c\n"),
    "numbers with thousands in quotes": (",", '"', 'n,who\n"1,234",Ann\n"5,678",Bo\n'),
    "empty cells": (",", '"', "a,b,c,d\n,,,\n1,,,2\n,,3,\n"),
    "json in cells": (",", '"', 'id,data\n1,"{""a"": 1, ""b"": 2}"\n2,"{""a"": 3, ""b"": 4}"\n'),
    "json beside times": (
        ",", '"', "".join(f'"{{""a"": ""b"", ""c"":""d""}}",13:3{n}:38,06:00:04+01:00\n' for n in range(6)),
    ),
    "lists in a single row with blank cells": (",", '"', "1,VUHF,a1 An|b2 Or|c3 Lk|d4 Nw|e5 Fl,1|2|3|4,ON,,,x\n"),
    "one column quoted by apostrophes in both rows": (";", "'", "'Nero Group';£ 1,80;£ 9,50\n'Hatch';£ 2,00;£ 3,30\n"),
    "one cell between apostrophes": (";", '"', "name;n\n'a';1\n"),
    "pipes inside a comma file": (",", '"', "id,path,n\n1,a|b|c,5\n2,a|b,6\n3,q,7\n"),
    "money": (";", '"', "item;cost\nPen;$1,200.50\nBook;$2,300.00\nBag;$1,000.25\n"),
    "log": (" ", '"', '10.0.0.1 - - "GET /a b" 200\n10.0.0.2 - - "GET /c d" 404\n10.0.0.3 - - "GET /e" 200\n'),
    "spaces before quotes": (",", "'", "'name',   'town',  'n'\n'A, b',   'x',  '1'\n'C',   'y, z',  '2'\n"),
    "spaces before quotes below a header without": (",", '"', 'name,town,n\n"A, b",   "x",  1\n"C",   "y, z",  2\n'),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_dialect_is_found(name: str) -> None:
    delimiter, quote, text = CASES[name]

    dialect = choose_dialect(text).dialect

    assert (dialect.delimiter, f"{dialect.quote}{chr(92) * dialect.escape}") == (delimiter, quote)


def test_windows_line_ends_change_nothing() -> None:
    for name, (delimiter, quote, text) in CASES.items():
        dialect = choose_dialect(text.replace("\n", "\r\n")).dialect
        assert (name, dialect.delimiter, f"{dialect.quote}{chr(92) * dialect.escape}") == (name, delimiter, quote)


@pytest.mark.parametrize("first", [";", ",", "|", "\t"])
def test_preferred_delimiter_wins_a_tie(first: str) -> None:
    other = "," if first == ";" else ";"
    text = f"a{other}b{first}c\nd{other}e{first}f\ng{other}h{first}i\n"

    assert choose_dialect(text, first=first).dialect.delimiter == first


def test_person_decides_the_delimiter() -> None:
    assert choose_dialect("a;b,c\n1;2,3\n", given=",").dialect.delimiter == ","


@pytest.mark.parametrize(("word", "delimiter"), [("tab", "\t"), ("\\t", "\t"), ("TAB", "\t"), ("|", "|"), ("x", "x")])
def test_delimiter_is_a_character_or_its_name(word: str, delimiter: str) -> None:
    assert delimiter_option(word) == delimiter


@pytest.mark.parametrize("word", ["", "||||||", "\n", '"', "é", "\x00"])
def test_impossible_delimiter_is_refused(word: str) -> None:
    with pytest.raises(BadOption):
        delimiter_option(word)


PROSE = (
    "This file holds the figures of the survey, as they were counted.\n",
    "They were collected between March and June\n",
    "by the staff of the office; some are estimates, some are not.\n",
    "Write to us for details, or call\n",
    "in the morning.\n",
    "No warranty, express or implied, is given, and no liability is taken\n",
    "for errors\n",
)
TABLE = "id;name;n\n" + "".join(f"{i};x{i};{i * 2}\n" for i in range(40))


@pytest.mark.parametrize("lines", [20, 60, 600])
def test_table_below_a_long_preamble_in_prose_decides(lines: int) -> None:
    prose = "".join(PROSE[(i * 5 + i // 7) % 7] for i in range(lines))

    assert choose_dialect(prose + TABLE).dialect.delimiter == ";"


def test_table_far_behind_the_head_decides() -> None:
    prose = "".join(PROSE[(i * 5 + i // 7) % 7] for i in range(5_000))

    assert choose_dialect(prose, samples=(TABLE, TABLE, TABLE)).dialect.delimiter == ";"


@pytest.mark.parametrize(
    ("notes", "rows", "more"), [(9, 3, ""), (100, 10, ""), (100, 10, "x" * 700), (600, 100, "x" * 100)]
)
def test_table_of_few_rows_below_many_notes_decides(notes: int, rows: int, more: str) -> None:
    prose = "".join(f"{PROSE[(i * 5 + i // 7) % 7].strip()}{more}\n" for i in range(notes))
    table = "id;name;n\n" + "".join(f"{i};x{i};{i * 2}\n" for i in range(rows))

    choice = choose_dialect(prose + table)

    assert (choice.dialect.delimiter, choice.fit.width) == (";", 3)


@pytest.mark.parametrize(
    "end",
    [
        "one; two\nthree; four\nfive; six\n",  # nothing but words
        "a;5\nb;6\n",  # no header
        "id;n\n1;5\n2;6\n" + "thanks\n" * 6,  # far above the end
    ],
)
def test_lines_with_a_delimiter_among_notes_are_no_table(end: str) -> None:
    assert choose_dialect("no delimiter\nin this text\n" * 12 + end).dialect.single_column


def test_prose_alone_is_one_column() -> None:
    assert choose_dialect("".join(PROSE[(i * 5 + i // 7) % 7] for i in range(600))).dialect.single_column


def test_quotes_and_escapes_that_come_late_count() -> None:
    head = "a,b,c\n" + "1,x,2\n" * 1000

    single = choose_dialect(head, samples=("1,'x, y',2\n2,'z',3\n3,'q, r',5\n",)).dialect
    escaped = choose_dialect(head, samples=('1,"say \\"hi\\", you",2\n',)).dialect

    assert (single.quote, single.escape) == ("'", False)
    assert (escaped.quote, escaped.escape) == ('"', True)


def test_one_cell_in_single_quotes_is_enough_where_it_makes_the_rows_alike() -> None:
    assert choose_dialect("a,b\n'x, y',1\nz,2\nq,3\n").dialect.quote == "'"
    assert choose_dialect("a,b\n'90s,1\nz,2\nq,3\n").dialect.quote == '"'


@pytest.mark.parametrize(
    "text",
    ["n;x;y\n;60515.36;'a';\n;65674.77;b;\n", "n;x;y;z\n a;'a';;5\n", "n;x\n1;'a'\n", "a;b;c;d\n1;';';2\n3;x;y;4\n"],
)
def test_one_cell_in_single_quotes_that_needs_none_keeps_them(text: str) -> None:
    assert choose_dialect(text, given=";").dialect.quote == '"'
    assert choose_dialect(text).dialect.quote == '"'


def test_delimiter_that_nearly_fits_is_named() -> None:
    close = choose_dialect("a;b,c\nd;e,f\ng;h,i\n")
    clear = choose_dialect("a;b;c\nd;e;f\n")

    assert (close.dialect.delimiter, close.runner_up) == (";", ",")
    assert sentence_of(close.evidence) == (
        "Cells are separated by “;”: all 3 rows looked at have 2 cells. "
        "“,” would fit nearly as well: name the delimiter if the columns look wrong."
    )
    assert clear.runner_up is None
    assert sentence_of(clear.evidence) == "Cells are separated by “;”: all 2 rows looked at have 3 cells."


def test_doubled_quotes_are_noted_where_they_occur() -> None:
    assert choose_dialect('a,b\n1,"say ""hi"" now"\n').doubled
    assert not choose_dialect('a,b\n1,"say hi"\n2,""\n').doubled


@pytest.mark.parametrize(
    ("text", "delimiter", "quote"),
    [
        ("Sales of the year\n\nname^n^at\nAnn^1^2024-01-02\nBo^2^2024-01-03\n", "^", '"'),
        ("Found\twant;oil\n83.5,125.5\tthe;way\n-43.7,174.3\tfound;big\n", "\t", '"'),
        ("a;b\n'it''s';1\nx;2\n", ";", "'"),
        ("file\tcopy\n/then/when.txt\t/off/learn.txt\n/sound/very.txt\t/work/why.txt\n", "\t", '"'),
    ],
)
def test_dialect_of_unusual_cells_is_found(text: str, delimiter: str, quote: str) -> None:
    dialect = choose_dialect(text).dialect

    assert (dialect.delimiter, dialect.quote) == (delimiter, quote)


ALIGNED = {
    "atoms below two titles": (
        "5\nmethane molecule (in angstroms)\n"
        "C        0.000000        0.000000        0.000000\nH        0.000000        0.000000        1.089000\n"
        "H        1.026719        0.000000       -0.363000\nH       -0.513360       -0.889165       -0.363000\n"
    ),
    "spaces at both ends": " 0.006  18.00   2.31  0  \n 0.027   0.00   7.070  0  \n12.029  10.00  17.07  1  \n",
    "columns of one width": "year   rate   n\n1990   1.25   7\n1991   2.50   8\n1992   3.75   9\n",
    "quoted": '18.0   8   307.0   "chevy nova"\n15.0   8   350.0   "buick skylark"\n9.0    4    97.0   "audi"\n',
}  # fmt: skip


@pytest.mark.parametrize("name", ALIGNED)
def test_columns_aligned_by_spaces_are_columns(name: str) -> None:
    assert choose_dialect(ALIGNED[name]).dialect == CsvDialect(delimiter=" ", spaced=True)


def test_titles_of_as_many_words_stand_above_a_blank_line() -> None:
    rows = "".join(f"2024-01-{i}  0{i % 9}:11   3.{i}   HW\n" for i in range(10, 20))
    titles = "Station: Cuxhaven\nLat: 53.86   Lon: 8.71\nTime zone: UTC\n\n"
    assert choose_dialect(titles + "Date        Time   Height  Type\n" + rows).dialect.aligned
    assert not choose_dialect(titles.rstrip() + "\nDate        Time   Height  Type\n" + rows).dialect.aligned


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ann.  How are you?\nI hope you are well.  We are.\nIt rains here.  Does it there?\nYours.  Bo\n",
        "name      people\nNew York  8804190\nRome      2872800\nSan Jose  1013240\n",
        "id a b\n1  x\n2 y \n3  z\n4 w \n",
        "note\nbought  2\nsold  3 or so\nlost  1\n",
    ],
    ids=["prose", "names of several words", "cells left empty", "notes"],
)
def test_double_spaces_alone_align_nothing(text: str) -> None:
    assert not choose_dialect(text).dialect.aligned


def test_space_that_a_person_says_may_stand_in_runs() -> None:
    assert choose_dialect("name    tag\nann     x\nbo      y\n", given=" ").dialect.aligned
    assert not choose_dialect("name tag\nann x\nbo y\n", given=" ").dialect.aligned


CATALOGUE = "".join(f'{i}|"{letter}" is for alibi {i}|Grafton\n' for i, letter in enumerate("ABCD"))


def test_quotes_that_cells_go_on_behind_are_letters() -> None:
    assert choose_dialect("no|title|author\n" + CATALOGUE).dialect.quote is None


@pytest.mark.parametrize(
    "more",
    [
        pytest.param('9|"Time | and tide"|Adams\n', id="a cell in quotes as a whole"),
        pytest.param('9|"Open|Adams\n', id="a quote that is never closed"),
    ],
)
def test_quotes_around_a_whole_cell_are_quotes_everywhere(more: str) -> None:
    assert choose_dialect("no|title|author\n" + CATALOGUE + more).dialect.quote == '"'


def test_space_behind_a_cell_in_quotes_may_be_the_delimiter() -> None:
    assert not are_quotes_text('x "A b" "c"d\n' * 3, " ")


def test_two_torn_cells_are_faults() -> None:
    lines = [line for line in CATALOGUE.splitlines(keepends=True) if line[0] in "01"]
    assert choose_dialect("no|title|author\n" + "".join(lines) + "5|Emma|Austen\n").dialect.quote == '"'


def test_the_unit_separator_of_ascii_parts_cells() -> None:
    found = choose_dialect("id\x1fname\x1fn\n1\x1fa b\x1f2\n2\x1fc\x1f3\n3\x1fd\x1f4\n").dialect
    assert (found.delimiter, found.single_column) == ("\x1f", False)
