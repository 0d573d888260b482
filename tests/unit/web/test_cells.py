"""A value as a page shows it: what cannot be seen of it is marked."""

import pytest

from uploads.web.shown.cells import CELL_SHOWN, cell_of


@pytest.mark.parametrize(
    ("value", "marks"),
    [
        ("Rome", ("", "")),
        ("New York", ("", "")),
        ("Rome ", ("", "␣")),
        ("  Rome\N{NO-BREAK SPACE}", ("␣␣", "␣")),
        ("\r\nRome\t", ("↵", "⇥")),
        (" " * 40, ("␣␣␣", "")),
        (" " + "x" * (CELL_SHOWN - 1) + " ", ("␣", "")),
        ("", ("", "")),
    ],
)
def test_spaces_at_the_ends_of_a_value_are_marked(value: str, marks: tuple[str, str]) -> None:
    cell = cell_of(value, is_number=False)
    assert (cell.before, cell.after) == marks


@pytest.mark.parametrize("value", [None, True, 12])
def test_other_values_have_no_marks(value: object) -> None:
    cell = cell_of(value, is_number=True)
    assert (cell.before, cell.after) == ("", "")
