"""Titles, headers, footers and faulty rows: each line of a text lands where a person would put it."""

from pathlib import Path

import pytest

from tests.unit.tabular.layout.texts_opened import opened, rows_of, summary
from uploads.tabular.sentences.notes import sentences_of
from uploads.tabular.sentences.reasons import reason_in_words
from uploads.tabular.table import ReadOptions

CASES: dict[str, tuple[str, str]] = {
    "moments in UTC are values, no second row of a header": (
        "start,end\n" + "".join(f"2021-11-2{n}T10:00:00Z,2021-11-2{n}T11:30:00Z\n" for n in range(1, 7)),
        "start|end @1 pre=0 loaded=6 blank=0 foot=0 []",
    ),
    "exponents are values, no second row of a header": (
        "at,reading\n" + "".join(f"2021-11-2{n}T10:00:00Z,{n}.5e-3\n" for n in range(1, 7)),
        "at|reading @1 pre=0 loaded=6 blank=0 foot=0 []",
    ),
    "plain": ("a,b\n1,2\n", "a|b @1 pre=0 loaded=1 blank=0 foot=0 []"),
    "no line end at the end": ("a,b\n1,2\n3,4", "a|b @1 pre=0 loaded=2 blank=0 foot=0 []"),
    "title and blank line above": (
        "Sales of 2024\n\nname,n\nAnn,1\nBo,2\n",
        "name|n @3 pre=1 loaded=2 blank=0 foot=0 []",
    ),
    "title padded with delimiters": (
        "Sales,,\n,,\nname,n,m\nAnn,1,2\nBo,2,3\n",
        "name|n|m @3 pre=1 loaded=2 blank=0 foot=0 []",
    ),
    "title of as many words as the table has columns": (
        "Our big shop\nname,city,zip\nAnn,Rome,x\nBo,Oslo,y\nCy,Bonn,z\n",
        "name|city|zip @2 pre=1 loaded=3 blank=0 foot=0 []",
    ),
    "title of one word less than the table has columns, above a header of two rows": (
        "A title\n\nname,weight,height\n,kg,cm\nAnn,60,170\nBo,70,180\nCy,80,190\n",
        "name|weight kg|height cm @3 pre=1 loaded=3 blank=0 foot=0 []",
    ),
    "many notes above, some with delimiters": (
        "One note\nand another\nof some; or more\n" * 20 + "name;n;m\nAnn;1;2\nBo;2;3\nCy;3;4\n",
        "name|n|m @61 pre=60 loaded=3 blank=0 foot=0 []",
    ),
    "two notes above": (
        "Made by us, in May\nAll in NZD\nname;n;m\nAnn;1;2\nBo;2;3\n",
        "name|n|m @3 pre=2 loaded=2 blank=0 foot=0 []",
    ),
    "no header: numbers": ("1,2\n3,4\n5,6\n", "| @None pre=0 loaded=3 blank=0 foot=0 []"),
    "no header: words beside numbers": (
        "Ann,3,2020-01-01\nBo,4,2020-01-02\nCy,5,2020-01-03\n",
        "|| @None pre=0 loaded=3 blank=0 foot=0 []",
    ),
    "header of words above words": ("name,city\nAnn,Rome\nBo,Oslo\n", "name|city @1 pre=0 loaded=2 blank=0 foot=0 []"),
    "header of years": (
        "country,2019,2020,2021\nNZ,1,2,3\nAU,4,5,6\n",
        "country|2019|2020|2021 @1 pre=0 loaded=2 blank=0 foot=0 []",
    ),
    "header in two rows": (
        "name,weight,height\n,kg,cm\nAnn,60,170\nBo,70,180\nCy,80,190\n",
        "name|weight kg|height cm @1 pre=0 loaded=3 blank=0 foot=0 []",
    ),
    "header in two rows above two rows": (
        "Region,2022,2022,2023\n,Q1,Q2,Q1\nNorth,1,2,3\nSouth,5,6,7\n",
        "Region|2022 Q1|2022 Q2|2023 Q1 @1 pre=0 loaded=2 blank=0 foot=0 []",
    ),
    "missing markers in the first row are data": (
        "name,x,y\nAnn,N/A,n/a\nBo,1,2\nCy,3,4\nDee,5,6\n",
        "name|x|y @1 pre=0 loaded=4 blank=0 foot=0 []",
    ),
    "blank lines among rows": ("a,b\n\n1,2\n\n,\n3,4\n\n", "a|b @1 pre=0 loaded=2 blank=4 foot=0 []"),
    "blank header cell": ("a,,c\n1,2,3\n", "a||c @1 pre=0 loaded=1 blank=0 foot=0 []"),
    "separator too many in the header": (
        "a,,b,c\n1,2,3\n4,5,6\n7,8,9\n",
        "a|b|c @1 pre=0 loaded=3 blank=0 foot=0 []",
    ),
    "trailing separator in each row": ("a;b;\n1;2;\n3;4;\n", "a|b @1 pre=0 loaded=2 blank=0 foot=0 []"),
    "trailing separator in rows only": ("a;b\n1;2;\n3;4;\n", "a|b @1 pre=0 loaded=2 blank=0 foot=0 []"),
    "value behind the last column": (
        "a;b;\n1;2;\n3;4;\n5;6;7\n",
        "a|b| @1 pre=0 loaded=3 blank=0 foot=0 []",
    ),
    "value behind the last column, far down": (
        "a;b;\n" + "1;2;\n" * 600 + "5;6;7\n",
        "a|b| @1 pre=0 loaded=601 blank=0 foot=0 []",
    ),
    "value behind the last column, where nobody looks": (
        "a;b;\n" + "1;2;\n" * 3_000 + "5;6;7\n" + "1;2;\n" * 3_000,
        "a|b @1 pre=0 loaded=6000 blank=0 foot=0 ['3002:too_many_cells']",
    ),
    "title of several parts": (
        "Report, by us, in May\nname,city,zip,n\nAnn,Rome,a1,5\nBo,Oslo,b2,6\nCy,Bonn,c3,7\n",
        "name|city|zip|n @2 pre=1 loaded=3 blank=0 foot=0 []",
    ),
    "header with one name too few": (
        "name,city,n\nAnn,Rome,x,5\nAnn,Oslo,y,6\nCy,Bonn,z,7\n",
        "name|city|n| @1 pre=0 loaded=3 blank=0 foot=0 []",
    ),
    "row names as R writes them": (
        "x y z\nr1 1 2 3\nr2 4 5 6\nr3 7 8 9\n",
        "|x|y|z @1 pre=0 loaded=3 blank=0 foot=0 []",
    ),
    "footer behind a blank line": (
        "a,b,c\n1,2,3\n4,5,6\n\nSource: Stats NZ\nNotes\n",
        "a|b|c @1 pre=0 loaded=2 blank=1 foot=2 []",
    ),
    "footer sentence right below": (
        "a,b,c\n1,2,3\n4,5,6\nSource: Stats NZ 2024\n",
        "a|b|c @1 pre=0 loaded=2 blank=0 foot=1 []",
    ),
    "total below the last row": (
        "name;day;n\nAnn;Mon;5\nBo;Tue;6\nTotal;;11\n",
        "name|day|n @1 pre=0 loaded=2 blank=0 foot=1 []",
    ),
    "total, behind a blank line and before a note": (
        "name;day;n\nAnn;Mon;5\nBo;Tue;6\n\nSumme:;;11\n\nSource: us\n",
        "name|day|n @1 pre=0 loaded=2 blank=2 foot=2 []",
    ),
    "total that is the sum of every column": (
        "name;n;m\nAnn;5;1,5\nBo;6;2\nTotal;11;3,5\n",
        "name|n|m @1 pre=0 loaded=2 blank=0 foot=1 []",
    ),
    "two totals": (
        "name;day;n\nAnn;Mon;5\nBo;Tue;6\nSubtotal;;11\nTotal;;12\n",
        "name|day|n @1 pre=0 loaded=2 blank=0 foot=2 []",
    ),
    "total with too few cells": (
        "name;day;n\nAnn;Mon;5\nBo;Tue;6\nTotal;11\n",
        "name|day|n @1 pre=0 loaded=2 blank=0 foot=1 []",
    ),
    "total that is no sum is a row": (
        "name;n\nAnn;5\nBo;6\nTotal;12\n",
        "name|n @1 pre=0 loaded=3 blank=0 foot=0 []",
    ),
    "totals of groups are rows": (
        "name;day;n\nAnn;Mon;5\nTotal;;5\nBo;Tue;6\nTotal;;6\n",
        "name|day|n @1 pre=0 loaded=4 blank=0 foot=0 []",
    ),
    "last row called Total as others have blanks too": (
        "name;day;n\nAnn;;5\nBo;Tue;6\nTotal;;12\n",
        "name|day|n @1 pre=0 loaded=3 blank=0 foot=0 []",
    ),
    "total without a number is a row": (
        "name;day;n\nAnn;Mon;5\nBo;Tue;6\nTotal;;many\n",
        "name|day|n @1 pre=0 loaded=3 blank=0 foot=0 []",
    ),
    "total far down": (
        "name;day;n\n" + "Ann;Mon;5\n" * 3_000 + "Total;;15000\n",
        "name|day|n @1 pre=0 loaded=3000 blank=0 foot=1 []",
    ),
    "cut off last row is no footer": (
        "a,b,c\n1,2,3\n4,5,6\n7,8",
        "a|b|c @1 pre=0 loaded=2 blank=0 foot=0 ['4:too_few_cells']",
    ),
    "cut off last row is no footer behind a blank line either": (
        "a,b,c\n1,2,3\n4,5,6\n\n7,8\nSource: us\n",
        "a|b|c @1 pre=0 loaded=2 blank=1 foot=1 ['5:too_few_cells']",
    ),
    "header repeated in the middle": (
        "a,b\n1,2\na,b\n3,4\n",
        "a|b @1 pre=0 loaded=2 blank=0 foot=0 []",
    ),
    "Excel's own delimiter line": ("sep=;\na;b\n1;2\n", "a|b @2 pre=1 loaded=1 blank=0 foot=0 []"),
    "one column": ("name\nAnn\nBo\n", "name @1 pre=0 loaded=2 blank=0 foot=0 []"),
    "one column, blank lines": ("name\nAnn\n\nBo\n", "name @1 pre=0 loaded=2 blank=1 foot=0 []"),
    "unclosed quote": (
        'a,b\n1,2\n3,"4\n5,6\n7,8\n',
        "a|b @1 pre=0 loaded=3 blank=0 foot=0 ['3:unclosed_quote']",
    ),
    "unclosed quote, closed by a later cell": (
        'a,b\n1,"2\n3,4\n5,"6"\n7,8\n',
        "a|b @1 pre=0 loaded=3 blank=0 foot=0 ['2:unclosed_quote']",
    ),
    "line break in quotes shifts no line number": (
        'a,b\n"x\ny",2\n3\n4,5\n',
        "a|b @1 pre=0 loaded=2 blank=0 foot=0 ['4:too_few_cells']",
    ),
    "text behind a closing quote": (
        'a,b\n"x"y,2\n3,4\n',
        "a|b @1 pre=0 loaded=1 blank=0 foot=0 ['2:stray_quote']",
    ),
    "inches": ('a,b\n5" pipe,2\n6" pipe,4\n', "a|b @1 pre=0 loaded=2 blank=0 foot=0 []"),
    "quotes that may or may not belong to cells": (
        'a,b,c\nsay "x, y",2\n1,2,3\n4,5,6\n',
        "a|b|c @1 pre=0 loaded=2 blank=0 foot=0 ['2:stray_quote']",
    ),
    "comment mark before the names, as NumPy writes it": (
        "# a b c\n1.5 2 3\n4.5 5 6\n7.25 8 9\n",
        "a|b|c @1 pre=0 loaded=3 blank=0 foot=0 []",
    ),
    "comment as wide as the table below it": (
        "# the year 2024\n# measured by hand at noon\n1.5   2   3   4\n4.5   5   6   7\n7.25  8   9  10\n",
        "||| @None pre=2 loaded=3 blank=0 foot=0 []",
    ),
    "columns aligned by spaces below comments of many words": (
        "# Monthly means of the station, as they were measured\n# fields: site year month value\n"
        + "".join(f"MLO   1969  {month:2}     32{month % 4}.77\n" for month in range(1, 13)),
        "site|year|month|value @2 pre=1 loaded=12 blank=0 foot=0 []",
    ),
    "columns aligned by spaces, a row too short": (
        " year  rate   n\n" + "".join(f" {year}  1.2{year % 7}   7 \n" for year in range(1900, 2020)) + " 2020  1.5\n",
        "year|rate|n @1 pre=0 loaded=120 blank=0 foot=0 ['122:too_few_cells']",
    ),
    "spaces before quotes": (
        "'name',   'town',  'n'\n'A, b',   'x',  '1'\n'C',   'y, z',  '2'\n'D',   'w',  '3'\n",
        "name|town|n @1 pre=0 loaded=3 blank=0 foot=0 []",
    ),
    "units beside a blank corner": (
        "Stichtag,Bevölkerung\n,Anzahl\n2021-12-31,83\n2022-12-31,84\n2023-12-31,84\n",
        "Stichtag|Bevölkerung Anzahl @1 pre=0 loaded=3 blank=0 foot=0 []",
    ),
    "a first row without a key": (
        "id,n,name\n,7,Ann\n2,5,Bo\n3,4,Cy\n",
        "id|n|name @1 pre=0 loaded=3 blank=0 foot=0 []",
    ),
    "a first value that was kept back": (
        "year,n\n,x\n2022,84\n2023,85\n",
        "year|n @1 pre=0 loaded=3 blank=0 foot=0 []",
    ),
    "mixed line ends": ("a,b\r\n1,2\n3,4\r5,6\n", "a|b @1 pre=0 loaded=3 blank=0 foot=0 []"),
}


@pytest.mark.parametrize("name", CASES)
def test_layout(tmp_path: Path, name: str) -> None:
    text, expected = CASES[name]

    assert summary(opened(tmp_path, text)) == expected


def test_stray_quote_with_one_reading_is_kept_as_written_and_said(tmp_path: Path) -> None:
    table = opened(tmp_path, 'a,b,c\n"x,"p, q",2\n3,4,5\n')

    assert rows_of(list(table.chunks())) == [('"x', "p, q", "2"), ("3", "4", "5")]
    assert (
        sentences_of(table.dialect.notes)[-1]
        == "1 row with a quotation mark where none belongs, read as written (line 2)."
    )


def test_width_of_what_stands_above_a_table_is_not_told_as_its_own(tmp_path: Path) -> None:
    above = "Umsatzanzeige;12.11.2026\n\nIBAN;DE12\nKonto;Giro\nKunde;Erika\nZeitraum;Oktober\nSaldo;1.204,17;EUR\n"
    rows = "".join(f"0{day}.10.2026;Miete;-{day},0{day};EUR\n" for day in range(1, 5))
    table = opened(tmp_path, f"{above}\nBuchung;Zweck;Betrag;Währung\n{rows}\nEnde der Liste\n")

    assert "Cells are separated by “;”." in sentences_of(table.dialect.notes)


def test_reject_tells_line_reason_and_raw_text(tmp_path: Path) -> None:
    (chunk,) = opened(tmp_path, b'a;b\n1;2\n"x\n;y";2;3\nq;\xff\n4;5\n6;7\n8;9\n10;11\n12;13\n').chunks()
    wide, undecodable = chunk.rejects

    assert (wide.row, wide.code, wide.raw) == (3, "too_many_cells", '"x\n;y";2;3')
    assert reason_in_words(wide.reason) == "3 cells instead of 2"
    assert (undecodable.row, undecodable.column, undecodable.value, undecodable.raw) == (5, "b", "\\xff", "q;\\xff")
    assert undecodable.reason.figures == {"byte": "FF", "at": 1}


@pytest.mark.parametrize(("notes", "count"), [(9, 4), (600, 100), (3_000, 9_000)])
def test_table_is_found_below_more_notes_than_it_has_rows(tmp_path: Path, notes: int, count: int) -> None:
    text = "A note on how this was made\n" * notes + "\nname;n;m\n" + "Ann;1;2\n" * count
    table = opened(tmp_path, text, options=ReadOptions(delimiter=";"))
    assert summary(table) == f"name|n|m @{notes + 2} pre={notes} loaded={count} blank=0 foot=0 []"


def test_total_is_told_apart_wherever_chunks_end_and_said(tmp_path: Path) -> None:
    for count in range(195, 206):
        text = "name;day;n\n" + "Ann;Mon;5\n" * count + f"Total;;{count * 5}\n"
        table = opened(tmp_path, text, options=ReadOptions(chunk_rows=2))
        assert len(rows_of(list(table.chunks()))) == count
        total = f"Line {count + 2}, “Total {count * 5}”, calls itself a total: it is not loaded as one of the rows."
        total += " If it is data, load it too: read everything as one table."
        assert sentences_of(table.dialect.notes)[-1] == total


def test_many_rejects_are_given_in_pieces(tmp_path: Path) -> None:
    chunks = list(opened(tmp_path, "a,b,c\n" + "1,2,3\n" * 500 + "1,2\n" * 20_000).chunks())

    assert sum(len(chunk.rejects) for chunk in chunks) == 20_000
    assert max(len(chunk.rejects) for chunk in chunks) < 20_000


def test_bad_bytes_in_a_header_are_shown(tmp_path: Path) -> None:
    table = opened(tmp_path, b"na\x00me,c\xff,d\n" + "Zoë,1,2\n".encode() * 9)

    assert table.labels == ("na\\x00me", "c\\xff", "d")
