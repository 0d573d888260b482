"""The table of figures says what was measured, what must be, and what is below it."""

from tests.corpus.figures import Figure, as_table


def test_figures_stand_in_columns_with_must_goal_and_details() -> None:
    table = as_table(
        [
            Figure(what="score", value=9.5, must=9.92, goal=9.97, details=("why it is so",)),
            Figure(what="files", value=99, of=100, must=97, goal=100),
            Figure(what="set", value=None, of=1, must=0.97),
        ]
    )

    assert table.splitlines() == [
        "       figure                    must  goal",
        "score  9.5000  ← below its must  9.92  9.97",
        "files  99 of 100                 97%   100%",
        "set    not given                 97%",
        "  why it is so",
    ]


def test_what_was_not_given_is_not_below_its_must() -> None:
    assert Figure(what="set", value=None, of=1, must=0.97).met
    assert not Figure(what="files", value=96, of=100, must=97).met
    assert Figure(what="score", value=9.92, must=9.92).met
