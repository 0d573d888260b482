"""Names with their values above aligned columns are notes, each line as a whole."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, labels, look
from uploads.tabular.dialect.columns.labelled_block import find_labelled_block
from uploads.tabular.notes import NoteKind

ABOVE = (
    "Title:               Unemployment Rate\nSeries ID:           UNRATE\nSource:              Dept of Labor: BLS\n"
    "Release:             Employment\nSeasonal Adjustment: Seasonally Adjusted\nUnits:               Percent\n"
    "Notes:               The rate is the number of unemployed as a\n                     share of the labor force.\n"
)
BELOW = "\nDATE        VALUE\n" + "".join(f"1948-{month:02}-01    3.{month % 10}\n" for month in range(1, 9))


def test_a_table_below_names_with_their_values_is_found(tmp_path: Path) -> None:
    found = look(tmp_path, ABOVE + BELOW)
    assert labels(found) == ["DATE", "VALUE"]
    assert (found.counts.loaded, found.counts.rejected, found.account.preamble) == (8, 0, 8)
    assert (NoteKind.ALIGNED in kinds(found), NoteKind.DELIMITER in kinds(found)) == (True, False)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(ABOVE, id="no table"),
        pytest.param("Report of the year\n" + ABOVE + BELOW, id="a title above"),
        pytest.param(ABOVE + BELOW + "1948-09-01    3.9 revised\n", id="rows of other widths"),
        pytest.param(ABOVE + BELOW.replace("    ", ",").replace("        ", ","), id="a delimiter"),
        pytest.param("Title:  x\nUnits:  y\n" + BELOW, id="two names"),
    ],
)
def test_neighbours_are_left_as_they_are(text: str) -> None:
    assert find_labelled_block(text) is None
