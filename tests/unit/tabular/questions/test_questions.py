"""Another reading that fits nearly as well, and rows taken for notes that may be a table, are asked about; what leaves
no doubt is not. Each answer does what it says."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from uploads.tabular.chunks import SourceTable
from uploads.tabular.layout.text_choice import Parting, TextChoice
from uploads.tabular.layout.text_header import find_layout
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.open_file import open_tables
from uploads.tabular.questions.runner_up import Placed, last_row_of_header
from uploads.tabular.questions.text_questions import Head, text_questions, without_border_missed
from uploads.tabular.sentences.questions import question_of
from uploads.tabular.table import Limits, ReadOptions

WIDE = "id,when,n,share,more\n" + "".join(f"{i},2020-01-0{i},4,5,6\n" for i in range(1, 6))
SMALL = "site,posts\nNorth,12\nSouth,7\nEast,8\n"
NAMELESS = "North,Oslo\nSouth,Rome\nEast,Kyiv\n"
LAST = "code,price,pears\nA,1,2\nB,2,3\nC,4,5\n"


def text(folder: Path, content: str) -> Path:
    path = folder / "a.csv"
    path.write_text(content, encoding="utf-8")
    return path


def sheet(folder: Path, content: str) -> Path:
    book = openpyxl.Workbook()
    assert isinstance(book.active, Worksheet)
    for line in content.splitlines():
        book.active.append([int(cell) if cell.isdigit() else cell or None for cell in line.split(",")])
    path = folder / "a.xlsx"
    book.save(path)
    return path


def read(path: Path, options: ReadOptions) -> list[tuple[SourceTable, list[int]]]:
    """Each table with the places of its rows."""
    return [
        (table, [row for chunk in table.chunks() for row in chunk.rows.to_pylist()])
        for table in open_tables(path, name=path.name, options=options, limits=Limits())
    ]


def asked_of(path: Path, options: ReadOptions | None = None) -> list[Note]:
    tables = read(path, options or ReadOptions())
    return [note for table, _ in tables for note in table.dialect.notes if note.figures.get("ways")]


def answered(path: Path, note: Note, way: int = 0) -> tuple[int | None, list[int]]:
    """Header and rows of the first table once an answer is given."""
    table, rows = read(path, ReadOptions(**note.figures["ways"][way]["options"]))[0]
    return table.dialect.header_row, rows


@pytest.mark.parametrize("write", [text, sheet])
@pytest.mark.parametrize(
    ("content", "header", "rows"),
    [
        pytest.param(SMALL + "\n" + WIDE, 1, [2, 3, 4], id="above, with a header"),
        pytest.param(NAMELESS + "\n" + WIDE, None, [1, 2, 3], id="above, without one"),
        pytest.param(WIDE + "\n" + NAMELESS, None, [8, 9, 10], id="below"),
        pytest.param(WIDE + "\n" + NAMELESS + "\n" + LAST, None, [8, 9, 10], id="between"),
    ],
)
def test_rows_alike_that_went_as_notes_are_asked_about_and_one_click_reads_them(
    write: Callable[[Path, str], Path], content: str, header: int | None, rows: list[int], tmp_path: Path
) -> None:
    path = write(tmp_path, content)
    [note] = asked_of(path)

    assert note.kind is NoteKind.ROWS_AMONG_NOTES
    assert (note.figures["first"], note.figures["last"]) == (header or rows[0], rows[-1])
    assert answered(path, note) == (header, rows)


def test_blank_lines_among_names_and_values_are_not_counted_as_notes(tmp_path: Path) -> None:
    above = "Holder,Ann,,\n,,,\nBank,North,,\nTown,Bern,,\nMoney,Euro,,\nBegan,100,,\n"
    rows = "".join(f"2024-01-0{n},Shop {n},{n},{99 - n}\n" for n in range(1, 9))
    [note] = asked_of(text(tmp_path, f"{above}day,text,amount,left\n{rows}"))
    assert (note.figures["first"], note.figures["last"]) == (1, 6)
    assert (note.figures["count"], [*map(tuple, note.figures["spans"])]) == (5, [(1, 1), (3, 6)])


@pytest.mark.parametrize("write", [text, sheet])
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(WIDE, id="plain"),
        pytest.param("Sheep by place\nprinted,2020-01-01\nby,Ann\n\n" + WIDE, id="a title and two pairs"),
        pytest.param("Place:,Oslo\nOffice:,North\nStaff:,Ann\n\n" + WIDE, id="pairs with colons"),
        pytest.param("#a,b\n#c,d\n#e,f\n" + WIDE, id="marked notes"),
        pytest.param(WIDE + "\nSource: the office\nRevised: yes\nAll rights: ours\n", id="notes below"),
        pytest.param("North,Oslo\nSouth,Rome\n\n" + WIDE, id="two rows"),
        pytest.param(
            WIDE + "\n1.,Both were census years\n2.,Figures may not add up\n3.,By whole figures\n", id="numbers"
        ),
        pytest.param(WIDE + "\n(a),As of 1 May\n(b),Sum of all\n(c),By the office\n(d),By law\n", id="letters"),
    ],
)
def test_titles_and_notes_are_asked_about_by_nobody(
    write: Callable[[Path, str], Path], content: str, tmp_path: Path
) -> None:
    assert asked_of(write(tmp_path, content)) == []


@pytest.mark.parametrize(
    ("content", "chosen", "others"),
    [
        pytest.param(
            "Report,2020\nname,n\nA,1\nB,2\nC,3\n",
            (None, 1),
            [(2, [3, 4, 5]), (1, [2, 3, 4, 5])],
            id="a title or a row above the header",
        ),
        pytest.param("A1,B2\nA2,B3\nA4,B6\nA5,B8\n", (None, 1), [(1, [2, 3, 4])], id="a header or none"),
        pytest.param("a,b,c\nc,d,e\n1,2,4\n3,4,5\n5,6,6\n", (1, 3), [(2, [3, 4, 5])], id="a header of one row or two"),
    ],
)
def test_reading_that_fits_nearly_as_well_is_asked_about(
    content: str, chosen: tuple[int | None, int], others: list[tuple[int | None, list[int]]], tmp_path: Path
) -> None:
    path = text(tmp_path, content)
    [note] = asked_of(path)

    assert note.kind is NoteKind.LAYOUT_RUNNER_UP
    assert (note.figures["header"], note.figures["first"]) == chosen
    assert [answered(path, note, way) for way in range(len(note.figures["ways"]))] == others
    assert len(question_of(note).ways) == len(others)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("name,n\nAnn,1\nBob,2\nCid,3\n", id="plain"),
        pytest.param("Year,2019,2020\nA,5,6\nB,7,8\nC,7,9\n", id="years as names"),
        pytest.param("item,1,2,3,4,5\nA good,5,6,7,1,2\nB bad,7,8,8,3,4\nC ugly,7,9,6,5,6\n", id="a scale"),
        pytest.param("Prices of 2020,,\nitem,n,m\nA,1,2\nB,2,3\nC,3,3\n", id="a title"),
        pytest.param("item,n,m\nA,1,\n,,3\nB,2,3\nC,3,3\n", id="blank cells"),
        pytest.param("size,weight,price\nmm,kg,EUR\n1,2,3\n2,3,4\n3,4,5\n", id="units below names"),
        pytest.param("id,street,no\n0,Elm\nHouse 0,7\n1,Oak,8\n2,Ash,9\n3,Fir,4\n4,Yew,5\n", id="a broken row"),
        pytest.param("site,n,m\nNorth,,3\nSouth,,\nEast,1,\nWest,,\nTop,,3\n", id="few filled cells"),
        pytest.param(" id | name\n----+------\n  1 | Ann\n  2 | Bob\n(2 rows)\n", id="two rows"),
    ],
)
def test_header_without_a_rival_is_asked_about_by_nobody(content: str, tmp_path: Path) -> None:
    assert asked_of(text(tmp_path, content)) == []


def test_header_of_several_rows_that_merged_cells_show_is_asked_about_by_nobody(tmp_path: Path) -> None:
    path = sheet(tmp_path, "Sales,,\n,,\nRegion,Sold,\n,2023,2024\nN,1,2\nS,3,4\nW,5,6\nE,7,8\n")
    book = openpyxl.load_workbook(path)
    assert isinstance(book.active, Worksheet)
    book.active.merge_cells("B3:C3")
    book.save(path)
    assert read(path, ReadOptions())[0][0].labels == ("Region", "Sold 2023", "Sold 2024")
    assert asked_of(path) == []


def test_second_row_of_a_header_without_merged_cells_is_asked_about_by_nobody(tmp_path: Path) -> None:
    rows = "Canada,195762,214226,235282,211605,222386\nFarming,1228,1312,1804,1743,1745\n"
    top = "Spending by sector,,,,,\n(Canada),,,,,\n"
    path = sheet(
        tmp_path, f"{top},Actual building,,,Early building,Plans of building\n,2006,2007,2008,2009,2010\n{rows}"
    )
    assert read(path, ReadOptions())[0][0].labels[1:4] == ("Actual building 2006", "2007", "2008")
    assert asked_of(path) == []


@pytest.mark.parametrize(
    "options",
    [ReadOptions(header_row=2), ReadOptions(header_row="none"), ReadOptions(data_row=3), ReadOptions(one_table=True)],
)
@pytest.mark.parametrize("content", ["Report,2020\nname,n\nA,1\nB,2\nC,3\n", SMALL + "\n" + WIDE])
def test_nothing_is_asked_where_a_person_has_said_where_header_or_rows_are(
    options: ReadOptions, content: str, tmp_path: Path
) -> None:
    assert asked_of(text(tmp_path, content), options) == []


NARROW = "run,a,b\n0,0,0\n1,2,3\n2,4,6\n3,6,9\n"
AS_WIDE = "name,c,d\nx,1,2\ny,3,4\n"
WIDER = "name,c,d,e\nx,1,2,3\ny,3,4,5\n"


def borders_asked(content: str, margin: float) -> list[dict[str, object]]:
    """What is asked where telling the table in line 6 apart saves ``margin`` bits more than it must."""
    rows = [line.split(",") for line in content.splitlines()]
    layout = find_layout(rows[:5])
    parting = Parting(borders=(5,), margin=margin)
    chosen = TextChoice(layout=layout, borders=(5,) if margin >= 0 else (), parting=parting)
    head = Head(rows=rows, lines=range(1, len(rows) + 1), elsewhere=(), chosen=chosen, last_line=len(rows))
    return [dict(note.figures) for note in text_questions(head, options=ReadOptions())]


def test_border_that_hardly_pays_or_hardly_fails_to_is_asked_about() -> None:
    place = {"unit": "line", "begins": 6, "last": 8}
    assert borders_asked(NARROW + AS_WIDE, 1.0) == [
        {**place, "is_parted": True, "ways": [{"options": {"one_table": True}, "of_one": {"header_row": 1}}]}
    ]
    assert borders_asked(NARROW + WIDER, -1.0) == [
        {**place, "is_parted": False, "ways": [{"options": {"table_rows": "6"}}, {"options": {"skip_rows": "6-8"}}]}
    ]


def test_a_border_in_one_member_is_taken_away_by_its_header_alone(tmp_path: Path) -> None:
    content = NARROW + AS_WIDE
    whole, by_header = (
        [(table.labels, size) for table, size in read(text(tmp_path, content), options)]
        for options in (ReadOptions(one_table=True), ReadOptions(header_row=1))
    )
    assert whole == by_header


@pytest.mark.parametrize(
    ("content", "margin"), [(NARROW + AS_WIDE, 20.0), (NARROW + WIDER, -20.0), (NARROW + WIDER, 1.0)]
)
def test_border_that_is_clear_is_asked_about_by_nobody(content: str, margin: float) -> None:
    assert borders_asked(content, margin) == []


def test_table_that_is_told_apart_on_the_way_is_not_asked_about(tmp_path: Path) -> None:
    note = Note.of(NoteKind.BORDER_DOUBTED, unit="line", begins=7, last=9, is_parted=False, ways=[])
    parted = Note.of(NoteKind.BORDER_DOUBTED, unit="line", begins=7, last=9, is_parted=True, ways=[])
    assert without_border_missed([note, parted]) == (parted,)
    assert asked_of(text(tmp_path, NARROW + "\nname,c,d,e\nn0,x0,1,2\nn1,x1,2,3\n")) == []


def test_rows_that_were_left_out_before_stay_left_out(tmp_path: Path) -> None:
    [note] = asked_of(text(tmp_path, SMALL + "\n" + WIDE), ReadOptions(skip_rows="8"))

    assert note.figures["ways"] == [
        {"options": {"header_row": 1, "skip_rows": "8, 5-11"}},
        {"options": {"table_rows": "6"}},
    ]


GROUPS = "Code,Article,Pieces\nNorth\nA1,Screws,120\nA2,Nails,80\nSouth\nA1,Screws,20\nA3,Saw,3\n"


@pytest.mark.parametrize("content", [GROUPS, GROUPS.replace("North", "\nNorth")], ids=["", "below a blank line"])
def test_lines_of_one_cell_among_rows_are_left_out_or_loaded_by_one_click(content: str, tmp_path: Path) -> None:
    path = text(tmp_path, content)
    [note] = asked_of(path)
    lines = [i for i, line in enumerate(content.splitlines(), 1) if line in ("North", "South")]

    assert (note.kind, note.figures["places"]) == (NoteKind.LINES_OF_ONE_CELL, lines)
    rows = [i for i, line in enumerate(content.splitlines(), 1) if i > 1 and "," in line]
    for way, wanted in enumerate([rows, sorted([*rows, *lines])]):
        table, loaded = read(path, ReadOptions(**note.figures["ways"][way]["options"]))[0]
        assert (table.dialect.header_row, loaded) == (1, wanted)
    assert [way.button for way in question_of(note).ways] == ["Leave these lines out", "Load them as rows"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(GROUPS.replace("South\n", ""), id="a lone one"),
        pytest.param(GROUPS.replace("North", "1").replace("South", "2"), id="no words"),
        pytest.param(GROUPS.replace("North", "A7,pliers").replace("South", "flat\nA8,pl"), id="broken records"),
    ],
)
def test_other_short_lines_among_rows_are_not_called_headings(content: str, tmp_path: Path) -> None:
    assert asked_of(text(tmp_path, content)) == []


LONG = "Outcomes of patients who had major surgery"
SENTENCES = [["Table 1", f"{LONG} by site", ""], ["Table 2", f"{LONG} by kind of surgeon and by age at that time", ""]]
NAMES = ["Source", "Field", "Format"]


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        pytest.param([*SENTENCES, NAMES, ["T1", "Cases", "Text"]], 2, id="names as long as sentences"),
        pytest.param([["2020", "", "x"], ["n", "m", "k"], ["1", "", ""]], 1, id="names of empty columns"),
        pytest.param([["2020", "", "2021"], ["n", "m", "k"], ["1", "2", ""]], None, id="one empty column"),
        pytest.param([["2020", "", "2021"], ["n", "m", "k"], ["1", "2", "3"]], None, id="years above names"),
        pytest.param([NAMES, ["T1", "", ""]], None, id="a header of one row"),
        pytest.param([*SENTENCES, ["Source", "", ""], ["T1", "Cases", "Text"]], None, id="a last row of one name"),
    ],
)
def test_header_of_several_rows_is_doubted_where_joining_them_looks_wrong(
    rows: list[list[str]], header: int | None
) -> None:
    first = len(rows) - 1
    own = Placed(header=0, first=first)
    assert last_row_of_header(rows, own) == (None if header is None else Placed(header=header, first=first))


def figures(rows: int, cells: int) -> str:
    return "".join(";".join(str((7 * row + cell) % 90 + 10) for cell in range(cells)) + "\n" for row in range(rows))


@pytest.mark.parametrize(
    ("content", "spans", "tables"),
    [
        pytest.param(figures(12, 4) + figures(5, 2), [[13, 17]], [12, 5], id="below"),
        pytest.param(figures(5, 2) + figures(6, 6) + figures(20, 4), [[1, 5], [6, 11]], [5, 6, 20], id="above"),
        pytest.param(
            "a;b;c;d\n" + figures(12, 4) + figures(6, 3) + figures(9, 4), [[14, 19]], [12, 6, 9], id="between"
        ),
    ],
)
def test_rows_of_another_width_that_stand_together_are_loaded_by_one_click(
    content: str, spans: list[list[int]], tables: list[int], tmp_path: Path
) -> None:
    path = text(tmp_path, content)
    note = next(note for note in asked_of(path) if note.kind is NoteKind.ROWS_OF_OTHER_WIDTH)
    first, second = (ReadOptions(**way["options"]) for way in note.figures["ways"])

    assert note.figures["spans"] == spans
    assert [len(loaded) for _, loaded in read(path, first)] == tables
    [(_, loaded)] = read(path, second)
    assert not {line for begin, end in spans for line in range(begin, end + 1)} & set(loaded)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(figures(12, 4) + figures(4, 2), id="four"),
        pytest.param(figures(12, 4) + "".join(figures(1, 2) + figures(1, 3) for _ in range(5)), id="of all widths"),
        pytest.param(figures(12, 4) + "".join(figures(4, 2) + figures(1, 4) for _ in range(3)), id="faults among rows"),
    ],
)
def test_faults_are_no_other_table(content: str, tmp_path: Path) -> None:
    assert NoteKind.ROWS_OF_OTHER_WIDTH not in {note.kind for note in asked_of(text(tmp_path, content))}


@pytest.mark.parametrize(("rows", "is_asked"), [('"1,n1,1"\n"2,n2,2"\n', False), ("North\nSouth\n", True)])
def test_rows_in_quotes_as_a_whole_are_no_headings(tmp_path: Path, rows: str, *, is_asked: bool) -> None:
    lines = [f"{i},n{i},{i}\n" for i in range(30)]
    first, second = rows.splitlines(keepends=True)
    path = text(tmp_path, "id,name,qty\n" + "".join([*lines, first, *lines, second, *lines]))
    assert bool(asked_of(path)) == is_asked
