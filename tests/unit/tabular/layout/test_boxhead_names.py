"""Names in a boxhead: years in a series, a name that goes on in the next row, and the name of the stub by itself."""

import pytest

from uploads.tabular.layout.boxhead.name_bits import name_bits
from uploads.tabular.layout.cell_kinds import kinds_of
from uploads.tabular.layout.sheet_header import filled
from uploads.tabular.layout.text_choice import choose_layout

PLACES = ["Elm", "Oak", "Ash", "Fir", "Yew", "Bay", "Box", "May tree"]


def found(text: str) -> tuple[int | None, int]:
    """The row of the header, and the first filled row below it."""
    rows = [tuple(line.split(",")) for line in text.strip("\n").split("\n")]
    layout = choose_layout(rows).layout
    return layout.header, next(i for i in range(layout.first, len(rows)) if filled(rows[i]))


def body(columns: int) -> str:
    return "".join(
        f"{place}," + ",".join(f"{37 * row + 11 * column}.{row + 1}" for column in range(columns)) + "\n"
        for row, place in enumerate(PLACES)
    )


BLANK = ",,,\n"
STUB_NAME = {
    "a blank row below the name of the stub": (",Cows,,Pigs\n,Own,Others,All\nPlace,,,\n" + BLANK + body(3), (0, 4)),
    "the name of a group stands above its rows": (",Cows,,Pigs\n,Own,Others,All\nNorth,,,\n" + body(3), (0, 2)),
    "several rows name groups": (
        ",Cows,,Pigs\n,Own,Others,All\nNorth,,,\n" + BLANK + body(3) + "South,,,\n" + body(3), (0, 2)
    ),
    "the stub has a name": ("Farm,Cows,,Pigs\n,Own,Others,All\nNorth,,,\n" + BLANK + body(3), (0, 2)),
    "a row without values": (",cows,pigs,deer\nx,,,\ny,1,2,3\nz,4,5,6\nw,7,8,9\n", (0, 1)),
}  # fmt: skip


@pytest.mark.parametrize("name", STUB_NAME)
def test_word_alone_in_the_stub_names_it_or_a_group(name: str) -> None:
    text, expected = STUB_NAME[name]

    assert found(text) == expected


GOES_ON = {
    "a name that goes on": ("Place,FIPS,Cows,Pigs\n,Code,,\n" + body(3).replace(",", ",A1,", 1), (0, 2)),
    "a word below a value": ("Place,Code,Cows,Pigs\nElm,A1,1,2\n,A2,,\nOak,A3,3,4\nAsh,A4,5,6\nFir,A5,7,8\n", (0, 1)),
    "rows without labels": ("Place,Code,Cows,Pigs\n,A1,1,2\n,A2,3,4\nOak,A3,3,4\n,A4,5,6\n", (0, 1)),
}


@pytest.mark.parametrize("name", GOES_ON)
def test_name_goes_on_in_the_row_below(name: str) -> None:
    text, expected = GOES_ON[name]

    assert found(text) == expected


def years(first: int, count: int) -> str:
    return ",".join(str(first + year) for year in range(count))


SERIES = {
    "years above figures": (
        "Farms" + "," * 12 + "\n\nItem," + years(1990, 12) + "\n\n\nNORTH" + "," * 12 + "\n" + body(12), (2, 5)
    ),
    "years below words are values": (
        "city,built,sold,burnt\n" + "".join(f"{place},{years(1980 + row, 3)}\n" for row, place in enumerate(PLACES)),
        (0, 1),
    ),
    "a row of years and a number": (
        "city,built,sold,cows\nElm,1980,1990,12\nOak,1970,1975,40\nAsh,1966,1999,33\nFir,1981,1984,17\n", (0, 1)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SERIES)
def test_years_side_by_side_are_names_above_figures_alone(name: str) -> None:
    text, expected = SERIES[name]

    assert found(text) == expected


@pytest.mark.parametrize(
    ("row", "bits"),
    [
        pytest.param(("Item", "1990", "1991", "1992 \\1"), [0.25, 0.25, 0.25, 0.25], id="years"),
        pytest.param(("Item", "1990", "1991", "Total"), [0.25, 1.0, 1.0, 0.25], id="two are no series"),
        pytest.param(("Item", "1990", "1991", "1992", "12.5"), [0.25, 1.0, 1.0, 1.0, 7.0], id="beside a number"),
    ],
)
def test_years_in_a_series_cost_what_words_do(row: tuple[str, ...], bits: list[float]) -> None:
    assert name_bits(kinds_of([row]))[0].tolist() == bits
