"""Rows with too few or too many cells, and lines in other forms: what is said, the way out, and what it does."""

import pytest

from tests.integration.conftest import Pipeline, rows
from uploads.services.files.receipts import FileReceipt

SHORT = "id;name;n\n" + "".join(f"{n};x{n};{n}\n" if n % 3 else f"{n};x{n}\n" for n in range(1, 61))
PRINTED = "+----+------+\n| id | name |\n+----+------+\n|  1 | Ann  |\n|  2 | Bo   |\n|  3 | Cy | x |\n+----+------+\n"


def loaded(receipt: FileReceipt) -> list[tuple[int, int]]:
    return [(load.loaded, load.rejected) for load in receipt.loads]


def test_a_file_of_many_short_rows_fails_and_says_how_they_can_be_filled(pipeline: Pipeline) -> None:
    failed = pipeline.load(SHORT, "short.csv", dataset="short")
    assert failed.error is not None
    assert failed.error["code"] == "too_many_rejects"
    assert "too few cells: change" in str(failed.error)
    assert "“Rows of other lengths” choose to fill short rows or to join broken lines." in str(failed.error)
    filled = pipeline.load(SHORT + "61;a;1;2\n", "filled.csv", dataset="short", options={"uneven_rows": "collect"})
    assert loaded(filled) == [(61, 0)]
    assert rows("SELECT name, n FROM data.short WHERE _row IN (4, 62) ORDER BY _row") == [("x3", None), ("a", "1;2")]
    words = "short rows filled, the rest of long ones in the last column"
    assert f"Read with the options given for this file: {words}." in filled.loads[0].sentences


@pytest.mark.parametrize(
    ("short", "long", "way"),
    [
        (0, 3, "too many cells: change how the file is read, and under “Rows of other lengths” choose to keep"),
        (4, 3, "too few or too many cells: change how the file is read, and choose a way"),
    ],
)
def test_a_file_of_many_rows_of_other_lengths_says_the_way_for_those(
    pipeline: Pipeline, short: int, long: int, way: str
) -> None:
    lines = (
        f"{n};x{n}" if short and n % short == 0 else f"{n};x{n};{n};1" if n % long == 0 else f"{n};x{n};{n}"
        for n in range(1, 61)
    )
    text = "id;name;n\n" + "".join(f"{line}\n" for line in lines)
    failed = pipeline.load(text, "odd.csv", dataset="odd", options={"delimiter": ";"})
    assert failed.error is not None
    assert way in failed.error["hint"]


def test_broken_lines_are_joined_where_that_is_asked(pipeline: Pipeline) -> None:
    text = "id;note;n\n" + "".join(f"{n};a\nb;{n}\n" if n % 3 == 0 else f"{n};a;{n}\n" for n in range(1, 61))
    joined = pipeline.load(text, "joined.csv", dataset="joined", options={"uneven_rows": "join", "delimiter": ";"})
    assert loaded(joined) == [(60, 0)]
    assert rows("SELECT note FROM data.joined WHERE id = 3") == [("a\nb",)]


def test_rows_of_a_printed_table_are_loaded_without_rules_and_a_wrong_one_is_shown_as_cells(pipeline: Pipeline) -> None:
    receipt = pipeline.load(PRINTED, "printed.txt", dataset="printed")
    assert loaded(receipt) == [(2, 1)]
    assert rows("SELECT id, name FROM data.printed ORDER BY _row") == [(1, "Ann"), (2, "Bo")]
    assert rows("SELECT row, raw FROM uploads_rejectedrow") == [(6, "3|Cy|x")]


@pytest.mark.parametrize(
    ("text", "options", "value"),
    [
        ("a||b\n1||x|y\n2||z\n", {"delimiter": "||"}, "x|y"),
        ("a,b\n1,%x,y%\n2,z\n", {"quote": "%"}, "x,y"),
        ('a,b\n1,"x\n2,z\n', {"quote": "none"}, '"x'),
        ("þaþ\x14þbþ\nþ1þ\x14þx\x14yþ\nþ2þ\x14þzþ\n", {}, "x\x14y"),
    ],
)
def test_given_delimiters_and_quotes_reach_the_table(
    pipeline: Pipeline, text: str, options: dict[str, str], value: str
) -> None:
    receipt = pipeline.load(text, "said.csv", dataset="said", options=options)
    assert loaded(receipt) == [(2, 0)]
    assert rows("SELECT b FROM data.said WHERE a = 1") == [(value,)]
