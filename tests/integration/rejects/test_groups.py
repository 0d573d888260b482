"""Rejected rows, grouped into ranges and as a CSV that is safe in a spreadsheet."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.integration.conftest import Pipeline
from uploads.models import Load, RejectedRow, UploadedFile
from uploads.services.rejects.groups import RANGES_SHOWN, group_rejects, rejects_csv
from uploads.states import FileState

NOT_A_NUMBER = '"{}" is not a number'


@pytest.fixture
def load(db: None) -> Load:
    file = UploadedFile.objects.create(name="x.csv", size=0, state=FileState.RECEIVING)
    return Load.objects.create(file=file, position=1, fence=1, format="csv", started_at=datetime.now(UTC))


def reject(load: Load, row: int, *, column: str = "price", value: str = "1,5x", code: str = "bad_value") -> RejectedRow:
    return RejectedRow(
        load=load,
        row=row,
        code=code,
        column=column,
        value=value,
        reason=NOT_A_NUMBER.format(value),
        figures={"misfits": [{"label": column, "value": value, "type": "numeric"}]},
        raw=f"a;{value}",
    )


def store(*rejects: RejectedRow) -> None:
    RejectedRow.objects.bulk_create(rejects)


def read(load: Load) -> list[list[str]]:
    text = b"".join(rejects_csv(load_id=load.pk)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_neighbouring_lines_become_a_range(load: Load) -> None:
    store(*(reject(load, row) for row in (*range(4, 20), 88)))
    [group] = group_rejects(load_id=load.pk).groups
    assert (group.column, group.reason, group.count) == ("price", "is not a number", 17)
    assert group.ranges == ((4, 19), (88, 88))
    assert group.example == '"1,5x" is not a number'


def test_reasons_and_columns_are_kept_apart_and_the_largest_comes_first(load: Load) -> None:
    store(
        reject(load, 2, column="price"),
        *(reject(load, row, column="", code="too_few_cells") for row in (3, 5)),
        reject(load, 4, column="size"),
    )
    summary = group_rejects(load_id=load.pk)
    assert [(group.code, group.column, group.count) for group in summary.groups] == [
        ("too_few_cells", "", 2),
        ("bad_value", "price", 1),
        ("bad_value", "size", 1),
    ]


def test_rows_of_other_widths_are_one_group_with_an_example(pipeline: Pipeline) -> None:
    receipt = pipeline.load("a;b\n" + "1;2\n" * 100 + "1;2;3\n1;2;3;4\n")
    [group] = group_rejects(load_id=receipt.loads[0].load_id).groups
    assert (group.reason, group.example, group.count) == ("too many cells", "3 cells instead of 2", 2)


def test_list_of_ranges_is_capped_and_the_count_is_not(load: Load) -> None:
    store(*(reject(load, row) for row in range(2, 202, 2)))
    [group] = group_rejects(load_id=load.pk).groups
    assert group.count == 100
    assert len(group.ranges) == RANGES_SHOWN
    assert group.more_ranges == 100 - RANGES_SHOWN


def test_more_kinds_of_faults_than_are_listed_are_counted(load: Load) -> None:
    store(*(reject(load, row, column=f"c{row}") for row in range(1, 31)))
    summary = group_rejects(load_id=load.pk)
    assert len(summary.groups) + summary.more_groups == 30


def test_a_load_without_rejects_has_no_groups(load: Load) -> None:
    assert group_rejects(load_id=load.pk).groups == ()


def test_many_rejects_are_grouped_by_as_many_statements_as_few(load: Load) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as context:
            [group] = group_rejects(load_id=load.pk).groups
        assert group.ranges == ((1, RejectedRow.objects.count()),)
        return len(context)

    store(*(reject(load, row) for row in range(1, 11)))
    few = statements()
    store(*(reject(load, row) for row in range(11, 20_001)))
    assert statements() == few


def test_download_holds_every_reject_in_order(load: Load) -> None:
    store(*(reject(load, row) for row in range(6_000, 0, -1)))
    header, *rows = read(load)
    assert header == ["line", "column", "value", "reason", "row as in the file", "proposed fix"]
    assert [int(row[0]) for row in rows] == list(range(1, 6_001))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("-5", "-5"),
        ("+1,5", "+1,5"),
        ("-1.5e3", "-1.5e3"),
        ("plain", "plain"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_download_neutralises_formulas_and_leaves_numbers(load: Load, value: str, written: str) -> None:
    store(reject(load, 2, value=value))
    assert read(load)[1][2] == written


def test_reasons_of_real_rejects_are_generalised(pipeline: Pipeline) -> None:
    pipeline.load("id;price\n1;2\n2;3\n", name="prices.csv")
    receipt = pipeline.load("id;price\n" + "1;5\n" * 97 + '1;x"y\n1;z\n1;w\n', name="prices.csv")
    [group] = group_rejects(load_id=receipt.loads[0].load_id).groups
    assert group.column == "price"
    assert group.reason == "is not a whole number"
    assert group.ranges == ((99, 101),)


def test_value_that_reads_like_a_reason_does_not_become_the_label_of_its_group(pipeline: Pipeline) -> None:
    faulty = '1;"a "" is not b, it is c"'
    receipt = pipeline.load("id;price\n" + "1;5\n" * 97 + f"{faulty}\n" * 2, name="prices.csv", dataset="prices")
    assert receipt.loads[0].rejected == 0, "told nothing, the column is text"
    pipeline.load("id;price\n1;2\n2;3\n", name="numbers.csv", dataset="numbers")
    receipt = pipeline.load("id;price\n" + "1;5\n" * 97 + f"{faulty}\n" * 2, name="numbers.csv", dataset="numbers")
    [group] = group_rejects(load_id=receipt.loads[0].load_id).groups
    assert (group.reason, group.count) == ("is not a whole number", 2)


def test_rows_that_were_rejected_before_reasons_had_figures_keep_their_sentence(load: Load) -> None:
    old = reject(load, 4)
    old.figures = {}
    store(old)
    [group] = group_rejects(load_id=load.pk).groups
    assert group.reason == group.example == '"1,5x" is not a number'
