"""Columns of fixed width that no line of dashes shows, and texts that only look a little like them."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, look, rows
from uploads.tabular.dialect.columns.fixed_columns import find_fixed
from uploads.tabular.notes import NoteKind

STOCK = """\
                       STOCK LIST                    PAGE 1
ITEM     NAME                  STORE    PRICE       VALUE
0000471  SCREW M6X40           01        0,05       60,00
0000472  NUT                   01        0,03       24,00
0000815  WASHER, LARGE         02        0,01      150,00
                                                ---------
                                                   234,00
"""
STANDINGS = """\
Final table

Pos Team               P   W  D  Pts
 1  Manchester City   38  28  7   91
 2  Arsenal           38  28  5   89
 3  Luton Town        38   6 10   26

* after 38 rounds
"""
PANDAS = """\
   name  age          city
0   Ann   34      New York
1   Bob             Paris
2  Cleo   71  Buenos Aires
"""
OPEN_ITEMS = """\
KONTO   NAME           BELEG     BETRAG    WAEHRUNG

100012  MUELLER BAU    RE-1001     1.250,00  EUR
100047  SCHMIDT        RE-1002    12.004,99  EUR
100133  ELEKTRO HUBER  GU-0007      -199,00  EUR
"""


def test_lines_are_cut_where_all_rows_have_spaces(tmp_path: Path) -> None:
    found = look(tmp_path, STOCK)
    assert labels(found) == ["ITEM", "NAME", "STORE", "PRICE", "VALUE"]
    assert rows(found) == [
        ("0000471", "SCREW M6X40", "01", "0.05", "60.00"),
        ("0000472", "NUT", "01", "0.03", "24.00"),
        ("0000815", "WASHER, LARGE", "02", "0.01", "150.00"),
        (None, None, None, None, "234.00"),
    ]
    assert NoteKind.FIXED_COLUMNS in kinds(found)
    assert NoteKind.DELIMITER not in kinds(found)
    assert (found.account.preamble, found.counts.rejected) == (1, 0)


BUOY = """\
#YY  APD MWD   PRES  ATMP
#yr  sec degT   hPa  degC
2024  MM  MM 1027.8   5.0
2024  MM  MM 1012.7   7.5
2024  MM  MM  999.9  10.3
2024  MM  MM  998.7  11.0
"""


def test_spaces_part_cells_where_each_line_has_as_many_words() -> None:
    """A name that is wider than its column leaves no place at which all lines are blank."""
    assert find_fixed(BUOY) is None


@pytest.mark.parametrize("header", ["NO   FULL NAME    PAID", "NO     FULL         PAID"])
def test_words_of_one_column_stay_together(header: str) -> None:
    """Names of two words are as many as the header's words too, or more."""
    form = find_fixed(f"{header}\n  7  Ann Lee     12.50\n 12  Bo Ray       7.25\n113  Cy Poe     101.00\n")
    assert form is not None
    assert form.of_text("  7  Ann Lee     12.50\n", errors="strict").count(form.delimiter or "") == 2


def test_single_spaces_part_columns_that_have_names_of_their_own(tmp_path: Path) -> None:
    found = look(tmp_path, STANDINGS)
    assert labels(found) == ["Pos", "Team", "P", "W", "D", "Pts"]
    assert rows(found)[0] == ("1", "Manchester City", "38", "28", "7", "91")
    assert (found.account.preamble, found.account.footer) == (1, 1)


def test_blank_cells_and_a_column_without_a_name_keep_their_places(tmp_path: Path) -> None:
    found = look(tmp_path, PANDAS)
    assert labels(found) == ["", "name", "age", "city"]
    assert rows(found) == [
        ("0", "Ann", "34", "New York"),
        ("1", "Bob", None, "Paris"),
        ("2", "Cleo", "71", "Buenos Aires"),
    ]


def test_names_beside_their_columns_are_taken_in_their_order(tmp_path: Path) -> None:
    found = look(tmp_path, OPEN_ITEMS)
    assert labels(found) == ["KONTO", "NAME", "BELEG", "BETRAG", "WAEHRUNG"]
    assert rows(found)[1] == ("100047", "SCHMIDT", "RE-1002", "12004.99", "EUR")


GROUPS = """\
SALES

Code    Article        Pieces  Amount
Region: North
A100    Screws            120  1200.50
A101    Screws large       80   960.00
Region: South
A100    Screws             20   200.10
C301    Pliers long         6    99.90
East
B200    Nails              50     7.50
A900    Odd ends
"""


@pytest.mark.parametrize(
    "first", ["Region: North", "North", "*** North ***", "\nRegion: North\n", "Sales in the North"]
)
def test_names_of_groups_are_one_cell_and_part_no_columns(tmp_path: Path, first: str) -> None:
    found = look(tmp_path, GROUPS.replace("Region: North", first))
    assert labels(found) == ["Code", "Article", "Pieces", "Amount"]
    assert [row[0] for row in rows(found)] == ["A100", "A101", "A100", "C301", "B200", "A900"]
    assert [reject.raw for reject in found.rejects] == [first.strip(), "Region: South", "East"]
    [asked] = [note.figures for note in found.notes if note.kind is NoteKind.LINES_OF_ONE_CELL]
    assert asked["texts"] == [first.strip(), "Region: South", "East"]


def test_titles_in_the_middle_are_one_cell_whatever_stands_below_them(tmp_path: Path) -> None:
    lines = "".join(f"{i}000 Cash{' ' * 26}{i},200.00\n" for i in range(1, 6))
    lines += "".join(f"{i}000 Stocks and bonds{' ' * 28}{i},200.00\n" for i in range(6, 9))
    titles = f"{' ' * 23}Example Ltd\n{' ' * 22}Trial Balance\n{' ' * 18}As of 31 January 2024\n\n"
    found = look(tmp_path, f"{titles}Account{' ' * 29}Debit         Credit\n{'-' * 60}\n{lines}")
    assert labels(found) == ["Account", "Debit", "Credit"]
    assert (found.account.preamble, found.counts.loaded, found.counts.rejected) == (3, 8, 0)


def test_names_of_rows_without_a_name_of_their_own_are_a_column_as_r_prints_them(tmp_path: Path) -> None:
    cars = "Mazda RX4     21.0   6  160\nMazda RX4 Wag 21.0   6  160\nDatsun 710    22.8   4  108\n"
    found = look(tmp_path, "               mpg cyl disp\n" + cars + "Hornet        21.4  12   99\n")
    assert labels(found) == ["", "mpg", "cyl", "disp"]
    assert rows(found)[1] == ("Mazda RX4 Wag", "21.0", "6", "160")


def test_names_with_single_spaces_between_them_are_a_header(tmp_path: Path) -> None:
    found = look(tmp_path, "ID Nm Qty Price\n" + "".join(f"{i}  a{i}   {i}   {i}.50\n" for i in range(1, 7)))
    assert labels(found) == ["ID", "Nm", "Qty", "Price"]


def test_a_row_without_spaces_at_the_places_is_rejected(tmp_path: Path) -> None:
    header, *lines = STANDINGS.splitlines()[2:6]
    long = " 4  A name that is too long 38 1  1   1", " 5  Wolverhampton Wnd 38   3  7   16"
    found = look(tmp_path, "\n".join([header, *lines, *long, *lines * 40]) + "\n")
    assert (found.counts.rejected, len(labels(found))) == (1, 6)
    assert rows(found)[3] == ("5", "Wolverhampton Wnd", "38", "3", "7", "16")


def test_wide_letters_take_two_places(tmp_path: Path) -> None:
    text = "id  name      n   total\n 1  山田  太   5    10.5\n 2  Bo Li     6   110.5\n 3  東        7     0.5\n"
    assert rows(look(tmp_path, text)) == [
        ("1", "山田  太", "5", "10.5"),
        ("2", "Bo Li", "6", "110.5"),
        ("3", "東", "7", "0.5"),
    ]


PAGE = """\
AGEING                        {page:>20}
No      Name                Document   Amount
GROUP {group}
{rows}
                      SUM OF GROUP    {total:>9}
"""


def test_sums_between_rows_stand_in_their_columns_and_pages_are_one_table(tmp_path: Path) -> None:
    rows_of = [
        "\n".join(f" {n}  {name:<18}  {n + 1:<8}  {n}.50" for n, name in enumerate(["Ann Lee", "Bo", "Cy"], begin))
        for begin in (1000, 2000, 3000)
    ]
    pages = [PAGE.format(page=f"PAGE {n}", group=n, rows=rows, total="3004.50") for n, rows in enumerate(rows_of, 1)]
    found = look(tmp_path, "\f".join(pages))
    assert labels(found) == ["No", "Name", "Document", "Amount"]
    assert ("1000", "Ann Lee", "1001", "1000.50") in rows(found)
    assert [row for row in rows(found) if row[2] == "SUM OF GROUP"] == [(None, None, "SUM OF GROUP", "3004.50")] * 3
    assert NoteKind.HEADER_REPEATED in kinds(found)
    assert found.account.preamble == 1


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(STOCK.replace("  ", " "), id="single spaces alone"),
        pytest.param("a;   b;  n\nx y;  z;  1\nxy;   z;  2\nx;    z;  3\n", id="a delimiter in every line"),
        pytest.param(
            "wave  value  error\n1.00   2.0   0.1\n2.00  13.0   0.2\n3.00   4.0   0.3\n", id="no spaces in cells"
        ),
        pytest.param(
            "Menu\n\nSoup of the day    4.50\nBread              2.00\nFish and chips    12.90\n", id="no header"
        ),
        pytest.param("  The first line\n  and a second one\n  of a poem of three\n", id="prose"),
        pytest.param("name  town\nAnn M  Rome\nBo     Paris\nCy     Oslo\n", id="no values"),
        pytest.param("n  m  what\n1  1 2 3  x\n2  2 1 2  y z\n3  3 1 1  z\n", id="numbers with single spaces between"),
    ],
)
def test_neighbours_are_none(text: str) -> None:
    assert find_fixed(text) is None


STATIONS = [
    "ACW00011604  17.1167  -61.7833   10.1    ST JOHNS COOLIDGE",
    "AE000041196  25.3330   55.5170   34.0    SHARJAH",
    "AEM00041217  24.4330   54.6510   26.8    ABU DHABI INTL",
    "AF000040930  35.3170   69.0170 3366.0    NORTH-SALANG",
    "AFM00040938  34.2100   62.2280  977.2    HERAT",
]


def test_a_single_space_parts_figures_set_to_the_right() -> None:
    form = find_fixed("\n".join(STATIONS) + "\n")
    assert form is not None
    assert form.note.figures["columns"] == 5


def test_the_space_of_thousands_parts_nothing() -> None:
    rows = [f"AB{i:03d}  {i}{i} 234    {i}.5   North" for i in range(1, 8)]
    form = find_fixed("\n".join(rows) + "\n")
    assert form is not None
    assert form.note.figures["columns"] == 4


PLACES = ("North Sea", "South")


@pytest.mark.parametrize(
    ("code", "columns"),
    [
        pytest.param("AG{n:09d}", 4, id="codes of one length"),
        pytest.param("Ann Miller", None, id="words"),
        pytest.param("Store", None, id="a word without a digit"),
    ],
)
def test_a_single_space_parts_codes_from_figures_set_to_the_right(code: str, columns: int | None) -> None:
    lines = [
        f"{code.format(n=n)} {-60.5 if n % 3 else 7.25:8.4f}   {n * 7:3d}.5   {PLACES[n % 2]}" for n in range(1, 8)
    ]
    form = find_fixed("\n".join(lines) + "\n")
    assert (form and form.note.figures["columns"]) == columns


TOUCHING = """\
AB10 TMAX 7115  S-9999     -13B 9   -2
AB10 TMIN 7-44B S   43  S  -48  8   12
AB20 TMAX 7179B S-9999     212  7    9
AB20 TMIN 7  3  S  124  S-9999  6  -14
AB30 TMAX 7 16  S   17  S  254B 5    3
"""


def test_lines_whose_columns_touch_are_not_cut(tmp_path: Path) -> None:
    """Only who wrote them knows the widths: they are kept whole, and that is said."""
    found = look(tmp_path, TOUCHING)
    assert [row[0] for row in rows(found)] == TOUCHING.splitlines()
    assert [note.figures["length"] for note in found.notes if note.kind is NoteKind.NO_DELIMITER] == [38]


@pytest.mark.parametrize(
    ("text", "length"), [("name\n" + "Ann\n" * 9, None), ("Ann Lee\nBo  Ray\nCy  Poe\nDi  Fox\nEd  Orr\n", None)]
)
def test_nothing_is_said_of_the_length_of_other_lines(tmp_path: Path, text: str, length: int | None) -> None:
    found = look(tmp_path, text)
    assert [note.figures["length"] for note in found.notes if note.kind is NoteKind.NO_DELIMITER] == [length]


def test_numbers_of_rows_left_of_words_are_a_column(tmp_path: Path) -> None:
    """As R prints a data frame: they count from 1, and nothing stands above them."""
    found = look(tmp_path, "     name  n grade\n1     ann  3     A\n2  bob jr 12     B\n3    carl  7     B\n")
    assert (labels(found), rows(found)[1]) == (["", "name", "n", "grade"], ("2", "bob jr", "12", "B"))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("street       n grade\n1 Main St    3     A\n2 Oak Ave   12     B\n3 High Rd    7     B\n", "1 Main St"),
        ("  street     n grade\n7 Main St    3     A\n2 Oak Ave   12     B\n9 High Rd    7     B\n", "7 Main St"),
    ],
)
def test_other_numbers_before_words_are_part_of_them(tmp_path: Path, text: str, first: str) -> None:
    assert rows(look(tmp_path, text))[0] == (first, "3", "A")


ROLL = (
    "{}\nEMP   NAME            HOURS   PAY\n\n{}  ANN SMITH        40.0   800.00\n"
    "{}  BOB              38.5   770.00\n\n"
)
ROLLS = "".join(ROLL.format(f"PAYROLL              PAGE   {n}", f"{n}001", f"{n}002") for n in range(1, 4))


def test_titles_of_printed_pages_are_no_rows(tmp_path: Path) -> None:
    found = look(tmp_path, ROLLS)
    assert (found.counts.loaded, found.counts.rejected) == (6, 0)
    assert NoteKind.PAGE_LINES in kinds(found)


def test_titles_that_differ_by_more_than_the_page_are_told_as_what_they_are(tmp_path: Path) -> None:
    found = look(tmp_path, ROLLS.replace("PAYROLL              PAGE   2", "SALARIES"))
    assert NoteKind.PAGE_LINES not in kinds(found)


def test_who_says_that_all_is_one_table_gets_the_titles_of_pages_too(tmp_path: Path) -> None:
    found = look(tmp_path, ROLLS, one_table=True)
    assert NoteKind.PAGE_LINES not in kinds(found)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param(
            "         Frequency  Percent  Valid Percent\n"
            "Male            12     40.0           40.0\n"
            "Female          18     60.0           60.0\n"
            "Other           10     30.0           30.0\n",
            ["", "Frequency", "Percent", "Valid Percent"],
            id="a blank corner, and a name of two words",
        ),
        pytest.param(
            "Sex      Frequency  Percent  Valid\n"
            "Male            12     40.0   40.0\n"
            "Female          18     60.0   60.0\n"
            "Other           10     30.0   30.0\n",
            ["Sex", "Frequency", "Percent", "Valid"],
            id="a word for each column",
        ),
        pytest.param(
            "         Frequency  Percent  Valid\n"
            "Male            12     40.0   40.0\n"
            "Female          18     60.0   60.0\n"
            "Other           10     30.0   30.0\n",
            ["", "Frequency", "Percent", "Valid"],
            id="a blank corner alone",
        ),
    ],
)
def test_as_many_words_as_columns_are_no_names_where_one_column_has_none(
    tmp_path: Path, text: str, names: list[str]
) -> None:
    assert labels(look(tmp_path, text)) == names
