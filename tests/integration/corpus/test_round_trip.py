"""Load, read back from PostgreSQL, compare cell for cell with Python's ``csv``: a sample of ``make corpus``.

Environment: ``EXAMPLES`` of generated tables (8; ``make corpus`` loads 2,000 and reads 10,000).
"""

import itertools
import os
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.corpus.generated import Written, generated
from tests.corpus.real import NOTHING_LOADED, REAL, difference_in_database
from tests.corpus.round_trip import differences, differing_cells
from tests.corpus.stored import Loads, differences_in_database
from tests.integration.conftest import Pipeline
from tests.thorough import one_of_each
from uploads.tabular.table import Column, ColumnType

SAMPLE = range(int(os.environ.get("EXAMPLES") or 8))
TOGETHER = 50
"""In one archive: a file may have tables of so many kinds, and these are nearly all of different ones. Another archive
goes into another database, or some of its tables are almost those of a dataset, and it waits."""


@pytest.fixture
def load(pipeline: Pipeline) -> Loads:
    return lambda data, name, options: pipeline.load(data, name, options=options)


def test_generated_tables_are_read_as_pythons_csv_reads_them_told_their_dialect(tmp_path: Path) -> None:
    assert differences(SAMPLE, tmp_path, tell=True) == []


@pytest.mark.parametrize("first", SAMPLE[::TOGETHER])
@pytest.mark.parametrize("all_text", [True, False])
def test_generated_tables_come_back_from_the_database(
    load: Loads, tmp_path: Path, first: int, *, all_text: bool
) -> None:
    assert differences_in_database(SAMPLE[first : first + TOGETHER], tmp_path, load, all_text=all_text) == []


def test_every_delimited_file_of_the_corpus_is_compared(corpus: Path) -> None:
    found = {
        f"{folder}/{path.name}"
        for folder in ("dialects", "malformed", "statsnz")
        for path in (corpus / folder).iterdir()
        if path.suffix != ".xlsx"
    }

    assert found == REAL.keys() | NOTHING_LOADED


@pytest.mark.parametrize(("name", "all_text"), one_of_each(itertools.product(REAL, [True, False]), of=3))
def test_real_file_comes_back_from_the_database(
    load: Loads, corpus: Path, settings: Settings, name: str, *, all_text: bool
) -> None:
    settings.MAX_REJECTED_SHARE = 100

    assert difference_in_database(corpus / name, REAL[name], load, all_text=all_text) is None


def test_changed_cell_lost_row_and_uncounted_blank_are_differences() -> None:
    columns = [Column(label="a", name="a", type=ColumnType.NUMERIC), Column(label="b", name="b", type=ColumnType.TEXT)]
    table = Written(data=b"", encoding="utf-8", delimiter=",", header=("a", "b"), rows=((" 1.0", " x"), ("", " ")))

    assert differing_cells(table, columns, [("1.0", " x")], 1) is None
    assert differing_cells(table, columns, [("1", " x")], 1) == "numeric 'a': ' 1.0' became '1'"
    assert differing_cells(table, columns, [("1.0", "x")], 1) == "text 'b': ' x' became 'x'"
    assert differing_cells(table, columns, [("1.0", " x")], 0) == "1 rows and 0 blank instead of 1 and 1"
    assert differing_cells(table, columns, [], 1) == "0 rows and 1 blank instead of 1 and 1"


def test_same_number_makes_the_same_table() -> None:
    assert [generated(number) for number in SAMPLE[:20]] == [generated(number) for number in SAMPLE[:20]]
