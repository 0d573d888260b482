"""Which line of an annotated table is taken for its first row: a total that is told apart is below the header too."""

import pytest

from tests.corpus.annotated import Annotated, compare

PLACES = [[place, str(number), str(2 * number)] for number, place in enumerate(["Elm", "Oak", "Ash", "Fir"], start=3)]
NAMES = ["Place", "Cows", "Pigs"]
TOTAL = ["Total", "18", "36"]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([NAMES, *PLACES], id="no total"),
        pytest.param([NAMES, TOTAL, *PLACES], id="total at the top"),
        pytest.param([NAMES, *PLACES, TOTAL], id="total at the foot"),
    ],
)
def test_line_below_the_header_is_the_first_of_its_rows(rows: list[list[str]]) -> None:
    found = compare(Annotated(name="farms", rows=rows, header=(1,), first=2))

    assert (found.header, found.first) == ((1,), 2)
