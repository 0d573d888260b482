"""Header and borders by the cheapest reading, where the rules leave doubt; and where they must keep the word."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from uploads.tabular.layout.layout_choice import cheapest_reading
from uploads.tabular.layout.layout_score import LayoutScore
from uploads.tabular.layout.sheet_header import filled
from uploads.tabular.layout.text_choice import TextChoice, choose_layout


def chosen(text: str) -> TextChoice:
    return choose_layout([tuple(line.split(",")) for line in text.strip("\n").split("\n")])


NARROW = "run,a,b\n" + "".join(f"{i},{i * 2},{i * 3}\n" for i in range(8))
WIDE = "run,c,d,e,f\n" + "".join(f"{i},{i},{i + 1},{i + 2},{i + 3}\n" for i in range(8))


def test_tables_of_other_widths_below_each_other_are_told_apart() -> None:
    found = chosen(NARROW + WIDE)

    assert found.borders == (9,)
    assert (found.layout.header, found.layout.labels) == (0, ("run", "a", "b"))


def test_title_belongs_to_the_table_below_it() -> None:
    assert chosen(NARROW + "\nSecond table\n" + WIDE).borders == (10,)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(NARROW + "8,16,24,1\n9,18,27\n10,20,30\n", id="one row with a cell too many"),
        pytest.param(NARROW + "8;16;24\n9,18,27\n10,20,30\n", id="one row of another delimiter"),
        pytest.param(NARROW + "\n" + NARROW, id="the same header on a new page"),
        pytest.param(NARROW + "\nNote,see below,\n", id="a note below"),
        pytest.param("site,day,n\n" + "A,1,2\n\nB,3,4\n\n" * 30, id="many groups"),
    ],
)
def test_rows_of_one_table_stay_together(text: str) -> None:
    assert chosen(text).borders == ()


GOODS = "id,name,price\n" + "".join(f"{i},Item {'ABCDEFGHIJ'[i]},{i}.50\n" for i in range(8))
SHOPS = "shop,town,rent\n" + "".join(f"S{i},{'ABCDEFGHIJ'[i]}ville,{i * 100}\n" for i in range(6))


def test_table_of_the_same_width_right_below_is_told_apart_by_its_names() -> None:
    assert chosen(GOODS + SHOPS).borders == (9,)
    assert chosen(GOODS + SHOPS + GOODS.replace("id,", "no,")).borders == (9, 16)
    assert chosen(GOODS + GOODS.replace("price", "cost")).borders == (9,)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(GOODS + "n/a,none,unknown\n8,Item K,8.50\n9,Item L,9.50\n", id="a row of words for no value"),
        pytest.param(GOODS + "ask,sales,desk\n8,Item K,8.50\n9,Item L,9.50\n", id="a row of words"),
        pytest.param(GOODS + "total,,36\n", id="a total"),
        pytest.param(GOODS + SHOPS.split("S0")[0], id="names of a table without rows"),
    ],
)
def test_row_of_words_among_figures_begins_no_table(text: str) -> None:
    assert chosen(text).borders == ()


def test_header_goes_on_below_a_blank_row() -> None:
    body = "".join(f"{i}.4.,visit,{i}.5,{i}.7,{i}9\n" for i in range(1, 9))
    found = chosen("Ledger,,,,\nWhen,Why,Cost,,\n,,,,\n,,Train,Hotel,Total\n" + body)

    assert (found.layout.header, found.layout.first) == (1, 4)
    assert found.layout.labels == ("When", "Why", "Cost Train", "Hotel", "Total")


def test_three_lines_of_several_cells_never_become_notes() -> None:
    found = chosen("Site,Posts,\nNorth,12,\nSouth,7,\n\nYear,,\n,Cost,Staff\nA,3,11\nB,4,13\nC,5,14\n")

    assert found.layout.header == 0


SETTINGS = "Version,3.08\nPlate,Plate 1\nDate,3/5/2024\nReader,Synergy\nSerial,1403281\nRead,Endpoint\n"
PLATE = "".join(f"{row},0.{i}1,0.{i}2,0.{i}3,600\n" for i, row in enumerate("ABCDEFGH"))


def test_settings_above_a_plate_are_no_table() -> None:
    found = chosen(SETTINGS + "\nResults\n,1,2,3\n" + PLATE)

    assert (found.layout.header, found.layout.first, found.borders) == (8, 9, ())
    assert found.layout.labels == ("", "1", "2", "3", "")


@pytest.mark.parametrize(
    "above",
    [
        pytest.param("kind,count\n" + "".join(f"{kind},{i}\n" for i, kind in enumerate("abcdef")), id="a small table"),
        pytest.param("".join(f"{i},{i * i}\n" for i in range(6)), id="figures"),
    ],
)
def test_a_table_above_a_plate_is_no_settings(above: str) -> None:
    assert not chosen(above + "\nResults\n,1,2,3\n" + PLATE).named_values


def test_a_blank_corner_keeps_the_names_in_their_places() -> None:
    assert chosen(",x,y\nA,1,2,3\nB,4,5,6\nC,7,8,9\n").layout.labels == ("", "x", "y", "")
    assert chosen("x,y\nA,1,2\nB,4,5\nC,7,8\n").layout.labels == ("", "x", "y")  # as R writes names of rows


PLACES = ["North", "South", "East", "West", "Mid", "Top", "Low", "Far", "Near"]
BODY = "".join(f"{name},{i * 37 + 10},{i * 53 + 20},{i * 71 + 5},{i * 19 + 3}\n" for i, name in enumerate(PLACES))
HEADED = {
    "units in thousands": (
        "T,,,,\n,,,,\nPlace,Cows,Pigs,Sheep,Deer\n,,,,\nUnit,(1000),(1000),(1000),(1000)\n" + BODY, 2, 5
    ),
    "a remark below one name": (
        "T,,,,\n,,,,\n,,,2013-14,2012-13\nUnit,Own,Others,Total,Total\n,,,,Restated\n" + BODY, 2, 5
    ),
    "years of groups, above figures as large": (
        ",Sales,Sales,Cost,Cost\nArea,2023,2024,2023,2024\n" + "N,1100,2200,3300,4400\nS,5100,620,710,840\n" * 3, 0, 2
    ),
    "wide gaps": ("T,,,,\n,,,,\nPlace,Stock,Stock,Land,Land\n,,,,\n,,,,\n,Sheep,Deer,Own,Rent\n" + BODY, 2, 6),
}  # fmt: skip


@pytest.mark.parametrize("name", HEADED)
def test_rows_of_a_header_belong_together(name: str) -> None:
    text, header, first = HEADED[name]
    rows = [tuple(line.split(",")) for line in text.strip("\n").split("\n")]
    found = choose_layout(rows).layout

    assert (found.header, next(i for i in range(found.first, len(rows)) if filled(rows[i]))) == (
        header,
        next(i for i in range(first, len(rows)) if filled(rows[i])),
    )


def test_same_header_below_a_title_begins_another_table() -> None:
    assert chosen("a,b\n1,2\n3,4\nRates,\na,b\n5,6\n7,8\n").borders == (3,)


def test_same_header_below_the_same_title_is_another_page() -> None:
    assert chosen("Page 1,\na,b\n1,2\n3,4\nPage 2,\na,b\n5,6\n7,8\n").borders == ()


def test_negative_thousand_in_a_row_is_a_figure() -> None:
    found = chosen("Place,Gain,Loss\nNorth,(1000),20\nSouth,30,45\nEast,51,(66)\nNorth,30,45\n")

    assert (found.layout.header, found.layout.first) == (0, 1)


def test_words_in_a_sparse_row_are_no_header() -> None:
    found = chosen("id,order\n" + ",\n" * 4 + ",word\n" + ",\n" * 6 + "x,\n")

    assert found.layout.header == 0


def test_preamble_of_marked_pairs_is_above_the_table() -> None:
    text = "".join(f"#KEY{i}: ,v{i}\n" for i in range(6)) + "temp,time,tan\n" + "21.5,0.8,5.6\n22.1,0.9,5.7\n" * 3

    assert (chosen(text).layout.header, chosen(text).layout.preamble) == (6, 6)


def test_the_only_date_of_a_column_is_in_a_row() -> None:
    rows = "".join(f"{word},,{name},{day},,{end}\n" for word, name, day, end in SPARSE)
    found = chosen("I²C 0,Größe 1,order,naïve 3,order,Žižka 5\n,5370-11-14 19:17:00,emoji😀,,,\n" + rows)

    assert (found.layout.header, found.layout.first) == (0, 1)


SPARSE = [
    ("30e8", "Kanji", "", ""),
    ("long text long text ", "Žižka", "", ""),
    ("", "Größe", "7/9/2024", "two words"),
    ("", "Ελλάδα", "", ""),
    ("long text long text long text", "Žižka", "8/10/1995", "two words"),
    ("long text long text", "Ελλάδα", "9/6/1994", ""),
    ("long text", "I²C", "9/8/2026", ""),
]
CELLS = st.sampled_from(["", "1", "2.5", "n/a", "2019", "Total", "some words here", "x", "2019-20", "# a", "b:"])


@settings(max_examples=50, deadline=None)
@given(rows=st.lists(st.lists(CELLS, min_size=1, max_size=5).map(tuple), min_size=1, max_size=14))
def test_any_rows_have_a_layout_within_them(rows: list[tuple[str, ...]]) -> None:
    assume(any(map(filled, rows)))
    found = choose_layout(rows)

    assert list(found.borders) == sorted(set(found.borders))
    assert 0 <= found.layout.preamble <= found.layout.first <= len(rows)


def test_cheapest_reading_is_the_same_for_rows_of_any_width_beyond_those_shown() -> None:
    rows = [tuple(f"c{i}" for i in range(900)), *(tuple(str(i * k) for i in range(900)) for k in range(1, 6))]
    reading = cheapest_reading(LayoutScore(rows))

    assert [(table.heading.first if table.heading else None, table.begin) for table in reading.tables] == [(0, 1)]


META = "EXTF,700,21,Bookings,13,20240131120000000,,RE,admin,,1001,10001,20240101,4,20240101,Bookings in May,,1,0,EUR\n"
BOOKED = "Amount,Mark,Currency,Account,Other,Day,Text\n12.5,S,EUR,10001,8400,0501,Ann\n7.5,H,EUR,10002,8400,0502,Bo\n"


@pytest.mark.parametrize("more", ["", "9.5,S,EUR,10003,8400,0503,Cy\n"])
def test_a_lone_line_of_another_width_right_above_a_header_is_a_note_on_its_table(more: str) -> None:
    found = chosen(META + BOOKED + more)
    assert (found.layout.header, found.layout.first, found.layout.preamble, found.borders) == (1, 2, 1, ())


def test_two_lines_of_another_width_above_a_header_are_a_table() -> None:
    assert chosen(META + META.replace("21", "22").replace("RE", "RA") + BOOKED).borders == (2,)


BANK = "Turnover,Made on 31.01.2024\n\nIBAN,DE12 5001 0517\nName,Current\nBank,ING\nClient,Max\nBalance,1234.56,EUR\n\n"
TURNOVER = "Day,To,Text,Amount,Currency\n" + "".join(f"0{i}.01.2024,Shop {i},card,-{i}.12,EUR\n" for i in range(1, 6))


def test_names_with_values_above_a_wider_table_are_notes() -> None:
    found = chosen(BANK + TURNOVER)
    assert (found.layout.header, found.layout.first, found.layout.preamble, found.borders) == (8, 9, 6, ())


@pytest.mark.parametrize(
    "above",
    [
        pytest.param("Name,Address\n" + "".join(f"N{i},{'Hill' * (i % 2)} Road\n" for i in range(5)), id="no digits"),
        pytest.param("Name,Street\nAnn,Main 5\nBo,Hillside\nCy,Old Road 7\nDi,Seaview\nEd,Park 9\n", id="a header"),
    ],
)
def test_rows_of_a_small_table_above_a_wider_one_are_no_names_with_values(above: str) -> None:
    assert not chosen(above + "\n" + TURNOVER).named_values


def plate(title: str, corner: str, base: int) -> str:
    rows = "".join(f"{row},{base}.1,{base}.25,{base}.37\n" for row in "ABC")
    return f"{title},,,\n{corner},1,2,3\n{rows}"


@pytest.mark.parametrize("corner", ["", "well", "<>"])
def test_numbers_that_count_the_columns_of_each_block_are_its_header(corner: str) -> None:
    found = chosen(plate("Plate 1", corner, 0) + ",,,\n" + plate("Plate 2", corner, 1))
    assert (found.layout.header, found.layout.first, found.borders) == (1, 2, (6,))


def test_numbers_that_count_up_in_two_rows_side_by_side_or_once_are_values() -> None:
    assert chosen("who,a,b,c\nAnn,1,2,3\nBo,1,2,3\nCy,5,1,3\n").layout.first == 1
    assert chosen("who,a,b,c\nAnn,4,2,3\nBo,1,2,3\nCy,5,1,3\n").borders == ()


def test_a_row_that_tells_columns_of_one_name_apart_belongs_to_the_header() -> None:
    body = "A1,Sample 1,0.10,0.11\nA2,Sample 2,0.20,0.21\nA3,Blank,0.30,0.31\n"
    found = chosen("Well,Content,Raw,Raw\n,Time,0,60\n" + body)
    assert (found.layout.first, found.layout.labels) == (2, ("Well", "Content Time", "Raw 0", "Raw 60"))


@pytest.mark.parametrize(
    "below",
    [
        pytest.param("A0,Time,0,60", id="a label"),
        pytest.param(",Time,0,0", id="the same below both"),
        pytest.param(",Time,0,", id="a blank below one"),
    ],
)
def test_other_rows_below_names_that_are_alike_are_rows(below: str) -> None:
    body = "A1,Sample 1,0.10,0.11\nA2,Sample 2,0.20,0.21\nA3,Blank,0.30,0.31\n"
    assert chosen(f"Well,Content,Raw,Raw\n{below}\n{body}").layout.first == 1


@pytest.mark.parametrize("names", ["Well,Raw,Content,Raw", "Well,Content,Raw,Raw"])
def test_a_row_of_figures_is_one_though_two_names_are_alike(names: str) -> None:
    body = "A1,0.5,0.10,0.11\nA2,0.6,0.20,0.21\nA3,0.7,0.30,0.31\n"
    assert chosen(f"{names}\n,7,0,60\n{body}").layout.first == 1


def test_figures_below_marks_that_are_alike_are_a_row() -> None:
    body = "A1,Sample 1,0.10,0.11\nA2,Sample 2,0.20,0.21\nA3,Blank,0.30,0.31\n"
    assert chosen(f"Days,Content,\\n,\\n\n,Time,0,60\n{body}").layout.first == 1


def test_pairs_of_names_with_colons_and_values_are_above_the_table() -> None:
    pairs = "Customer:,0042,IBAN:,TR33\nFrom:,01/01/2024,Balance:,1.5\n"
    found = chosen(f"{pairs}Day,What,Amount,Balance\n31/01/2024,Fast,-1.5,2.5\n15/01/2024,Pay,25,4\n")
    assert (found.layout.header, found.layout.first) == (2, 3)


@pytest.mark.parametrize(
    "header", [pytest.param("Name:,n,Town:", id="names end so"), pytest.param("Name:,Town:,Land:", id="all of them")]
)
def test_names_of_columns_with_colons_are_a_header(header: str) -> None:
    assert chosen(f"{header}\nAnn,5,Rome\nBo,6,Oslo\n").layout.header == 0


@pytest.mark.parametrize(
    "body",
    ["Fix,A-1,ui,bug,\nDo,A-2,,,\n", "Fix,A-1,ui,bug,1\nDo,A-2,,,2\nSum,3,,,3\n"],
    ids=["two", "three"],
)
def test_rows_are_no_further_names_though_these_are_alike(body: str) -> None:
    found = chosen("Summary,Key,Labels,Labels,Labels\n" + body).layout
    assert (found.header, found.first) == (0, 1)
