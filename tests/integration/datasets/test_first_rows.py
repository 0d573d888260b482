"""The first rows of a file as they are stored: off to the side, active, merged, wide, long, and gone meanwhile."""

import pytest
from django.db import connection

from tests.integration.conftest import Pipeline
from uploads.models import Load
from uploads.services.datasets.first_rows import CHARACTERS, MOST_COLUMNS, first_rows_of
from uploads.services.files.activation import deactivate_file
from uploads.services.merging.modes import change_mode
from uploads.services.visibility import OPERATOR, Viewer
from uploads.states import Mode
from uploads.web.shown.cells import CELL_SHOWN
from uploads.web.shown.first_rows import previews_of


def values(file_id: int, *, limit: int = 20) -> list[tuple[int, tuple[object, ...]]]:
    [found] = first_rows_of(file_id=file_id, viewer=OPERATOR, limit=limit)
    return list(found.rows)


@pytest.mark.parametrize("activate", [True, False])
def test_rows_come_in_order_with_their_lines_whether_active_or_not(pipeline: Pipeline, activate: bool) -> None:
    file = pipeline.load("n;word\n" + "".join(f"{n};w{n}\n" for n in range(50)), activate=activate)
    assert values(file.file_id, limit=2) == [(2, (0, "w0")), (3, (1, "w1"))]
    [preview] = previews_of(file_id=file.file_id, viewer=OPERATOR)
    assert (preview.title, len(preview.lines)) == ("The first 20 rows, as they are stored", 20)


def test_rows_far_down_are_found_too(pipeline: Pipeline) -> None:
    """A cell of 900 lines lies between two rows."""
    long = "y\n" * 900
    file = pipeline.load(f'n;word\n1;"{long}"\n2;b\n3;c\n', activate=False)
    assert [row for row, _ in values(file.file_id)] == [2, 903, 904]
    assert [row for row, _ in values(file.file_id, limit=2)] == [2, 903]


def test_merged_file_shows_the_rows_that_are_seen_of_it(pipeline: Pipeline) -> None:
    first = pipeline.load("code;price\nA;1\nB;2\n").file_id
    change_mode(slug="table", mode=Mode.MERGE, key=["code"])
    second = pipeline.load("code;price\nB;3\nC;4\n").file_id
    assert [row[1] for row in values(first)] == [("A", 1)]
    assert [row[1] for row in values(second)] == [("B", 3), ("C", 4)]
    deactivate_file(file_id=second)
    assert [row[1] for row in values(second)] == [("B", 3), ("C", 4)]
    assert [row[1] for row in values(first)] == [("A", 1), ("B", 2)]


def test_long_texts_are_cut_and_wide_tables_too(pipeline: Pipeline) -> None:
    columns = MOST_COLUMNS + 3
    header = ";".join(f"c{n}" for n in range(columns))
    file = pipeline.load(f"{header}\n{';'.join(['x' * 5_000] * columns)}\n", activate=False)
    [found] = first_rows_of(file_id=file.file_id, viewer=OPERATOR)
    assert (len(found.columns), found.more_columns) == (MOST_COLUMNS, 3)
    assert {len(str(value)) for value in found.rows[0][1]} == {CHARACTERS}
    [preview] = previews_of(file_id=file.file_id, viewer=OPERATOR)
    assert preview.more == "3 more columns are not shown. Long cells are shortened here only; they are stored whole."
    assert preview.lines[0][1][0].text == "x" * CELL_SHOWN + "…"


def test_only_its_sender_and_staff_see_rows_that_are_not_active(pipeline: Pipeline) -> None:
    file_id = pipeline.load("a;b\n1;2\n").file_id
    assert first_rows_of(file_id=file_id, viewer=Viewer()) != ()
    deactivate_file(file_id=file_id)
    assert first_rows_of(file_id=file_id, viewer=Viewer()) == ()


def test_table_that_is_gone_at_this_moment_has_no_rows(pipeline: Pipeline) -> None:
    file_id = pipeline.load("a;b\n1;2\n", activate=False).file_id
    part = Load.objects.get(file=file_id).part
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TABLE data."{part}"')
    assert values(file_id) == []
