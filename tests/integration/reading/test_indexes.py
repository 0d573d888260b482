"""Indexes for readers: the planner takes them, they follow a file through its life, and give way to whoever waits."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.integration.adopting.conftest import execute
from tests.integration.conftest import Pipeline, data_tables, rows
from tests.integration.reading.model import fields_at
from tests.integration.reading.test_model import planner_prefers_indexes
from tests.waiting import wait_until
from uploads.database.reading.giving_way import GaveWay, giving_way
from uploads.models import ColumnUse, Dataset, DatasetColumn
from uploads.services.columns.apply import change_columns
from uploads.services.columns.change import Change
from uploads.services.columns.shape import remove_column, rename_column
from uploads.services.files.activation import activate_file, deactivate_file, delete_file, retry_file
from uploads.services.reading import indexes, uses
from uploads.services.reading.indexes import (
    ColumnIndex,
    indexes_of,
    make_indexes,
    refuse_index,
    tend_indexes,
    want_index,
)
from uploads.services.reading.pages import read_page
from uploads.services.reading.parameters import read_view
from uploads.services.reading.serving import Helper, helpers_of
from uploads.services.reading.uses import MOST_BY_ITSELF, SLOW_PAGES, tell
from uploads.services.visibility import find_dataset
from uploads.states import IndexKind
from uploads.tabular.table import ColumnType

TABLE = "area;price;day\nNorth;10;2024-01-02\nSouth;;2024-01-01\n;30;\nNorth;10;2024-01-03\n"


@pytest.fixture(autouse=True)
def no_jobs_of_other_tests(transactional_db: None) -> None:
    ProcrastinateJob.objects.all().delete()


def made() -> dict[str, list[str]]:
    """Of each part the columns that are indexed, in order of their names."""
    found = rows(
        "SELECT t.relname, pg_get_indexdef(x.indexrelid, 1, true) FROM pg_index x JOIN pg_class i ON i.oid = indexrelid"
        " JOIN pg_class t ON t.oid = indrelid WHERE i.relname ~ '_col[0-9]+$' AND i.relnamespace = 'data'::regnamespace"
        " AND x.indisvalid ORDER BY 1, 2"
    )
    parts: dict[str, list[str]] = {}
    for part, column in found:
        parts.setdefault(part, []).append(column)
    return parts


def to_sort_by(dataset: Dataset) -> list[ColumnIndex]:
    """Those of searches are tested apart."""
    return [index for index in indexes_of(dataset) if index.kind is IndexKind.ORDER]


def jobs() -> list[dict[str, Any]]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name="index_columns", status="todo")]


@contextmanager
def plans() -> Iterator[list[str]]:
    """How each statement about rows is carried out."""
    found: list[str] = []

    def explain(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        text = sql if isinstance(sql, str) else sql.as_string()
        if " ORDER BY " in text and " AS t WHERE " in text:
            text = text[text.index("; ") + 2 :] if text.startswith("SELECT set_config") else text  # behind its settings
            with connection.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (COSTS OFF) {text}")
                found.append("\n".join(line for (line,) in cursor.fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield found


@pytest.mark.parametrize("column", ["area", "price", "day"])
def test_every_page_of_a_sort_is_read_from_the_indexes_of_the_parts(pipeline: Pipeline, column: str) -> None:
    for name in ("a.csv", "b.csv"):
        pipeline.load(TABLE, name, dataset="all")
    want_index(dataset=find_dataset(slug="all"), name=column)
    assert make_indexes(dataset_id=find_dataset(slug="all").pk) == 2
    fields = fields_at("all")
    with plans() as found, planner_prefers_indexes():
        for sort in (column, f"-{column}"):
            page = read_page(slug="all", view=read_view({"_sort": [sort], "limit": ["3"]}, fields=fields))
            while page.next is not None:
                sent = {"_sort": [sort], "limit": ["3"]}
                page = read_page(slug="all", view=read_view(sent, fields=fields, after=page.next))
            read_page(slug="all", view=read_view(sent, fields=fields, before=page.previous))
    assert len(found) > 8
    for plan in found:
        assert "Merge Append" in plan
        assert plan.count("Index Scan") == 2
        assert "Sort\n" not in plan.replace("Sort Key", "")  # neither whole nor by pieces
        assert "Sort Method" not in plan


def test_a_text_is_found_by_its_index_and_only_where_there_is_one(pipeline: Pipeline) -> None:
    pipeline.load(TABLE, "all.csv")
    view = read_view({"area": ["North"]}, fields=fields_at("all"))
    with plans() as found, planner_prefers_indexes():
        assert len(read_page(slug="all", view=view).rows) == 2
        want_index(dataset=find_dataset(slug="all"), name="area")
        make_indexes(dataset_id=find_dataset(slug="all").pk)
        assert len(read_page(slug="all", view=view).rows) == 2
        long = read_view({"area": ["x" * 300]}, fields=fields_at("all"))
        assert len(read_page(slug="all", view=long).rows) == 0
    bare, indexed, too_long = found
    assert '"left"' not in bare
    assert '"left"' in indexed
    assert '"left"' not in too_long  # its first letters are not all of it


def test_indexes_follow_a_file_through_its_life(pipeline: Pipeline) -> None:
    first = pipeline.load(TABLE, "all.csv", dataset="all").file_id
    dataset = find_dataset(slug="all")
    want_index(dataset=dataset, name="price")
    want_index(dataset=dataset, name="area")
    assert jobs() == [{"dataset_id": dataset.pk}]
    assert make_indexes(dataset_id=dataset.pk) == 2
    [one] = made()
    second = pipeline.load(TABLE, "all.csv", dataset="all", activate=False).file_id  # has them before it is seen
    both = ['"left"(area, 200)', "price"]
    assert list(made().values()) == [both, both]
    assert [(index.parts, index.all_parts) for index in to_sort_by(dataset)] == [(1, 1), (1, 1), (0, 1)]
    activate_file(file_id=second)
    deactivate_file(file_id=first)
    assert list(made().values()) == [both, both]
    assert make_indexes(dataset_id=dataset.pk) == 0
    retry_file(file_id=first)
    pipeline.finish(first)
    assert list(made().values()) == [both, both]
    assert one not in made()
    rename_column(slug="all", name="price", label="cost")
    assert list(made().values()) == [['"left"(area, 200)', "cost"]] * 2
    assert make_indexes(dataset_id=dataset.pk) == 0
    change_columns(dataset_id=dataset.pk, change=Change(types={"cost": ColumnType.TEXT}))
    assert list(made().values()) == [['"left"(area, 200)', '"left"(cost, 200)']] * 2
    remove_column(slug="all", name="cost")
    assert list(made().values()) == [['"left"(area, 200)']] * 2
    delete_file(file_id=second)
    assert len(made()) == 1
    refuse_index(dataset=dataset, name="area")
    assert made() == {}
    assert [index.is_wanted for index in to_sort_by(dataset)] == [False, False]


def test_what_is_missing_is_made_and_what_nobody_uses_goes(
    pipeline: Pipeline, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.load(TABLE, "all.csv")
    dataset = find_dataset(slug="all")
    for name in ("area", "price", "day"):
        want_index(dataset=dataset, name=name)
    ProcrastinateJob.objects.all().delete()
    assert tend_indexes() == 0
    assert jobs() == [{"dataset_id": dataset.pk}]
    make_indexes(dataset_id=dataset.pk)
    long_ago = timezone.now() - timedelta(days=31)
    ColumnUse.objects.update(indexed_at=long_ago)
    ColumnUse.objects.filter(column__name="price").update(used_at=timezone.now() - timedelta(days=29))
    ColumnUse.objects.filter(column__name="day").update(used_at=long_ago)
    settings.INDEX_UNUSED_DAYS = 0
    assert tend_indexes() == 0
    settings.INDEX_UNUSED_DAYS = 30
    with monkeypatch.context() as older:  # PostgreSQL 15 does not remember when: none is dropped for it
        older.setattr(connection, "pg_version", 150018)
        with CaptureQueriesContext(connection) as asked:
            assert tend_indexes() == 0
        assert not any("last_idx_scan" in query["sql"] for query in asked)
    assert tend_indexes() == 2
    assert list(made().values()) == [["price"]]
    assert tend_indexes() == 0


def ordered(name: str) -> Helper:
    return Helper(name=name, kind=IndexKind.ORDER)


def test_many_slow_pages_have_an_index_made(pipeline: Pipeline) -> None:
    columns = ";".join(f"c{number}" for number in range(8))
    pipeline.load(f"{columns}\n{';'.join('12345678')}\n", "wide.csv")
    dataset = find_dataset(slug="wide")
    key = dataset.pk, ordered("c0")
    tell({key: SLOW_PAGES - 1, (dataset.pk, ordered("gone")): 9, (10**6, ordered("c0")): 9})
    assert jobs() == []
    ColumnUse.objects.update(slow_at=timezone.now() - timedelta(days=8))
    tell({key: 1})  # those of last week count no more
    assert jobs() == []
    tell({key: SLOW_PAGES - 1})
    assert jobs() == [{"dataset_id": dataset.pk}]
    make_indexes(dataset_id=dataset.pk)
    assert list(made().values()) == [["c0"]]
    refuse_index(dataset=dataset, name="c0")
    tell({key: SLOW_PAGES})  # a person has dropped it
    ColumnUse.objects.create(column=DatasetColumn.objects.get(name="c1"), obstacle=indexes.TOO_LONG)
    tell({(dataset.pk, ordered(f"c{number}")): SLOW_PAGES + number for number in range(1, 8)})
    wanted = ColumnUse.objects.filter(indexed_at__isnull=False).order_by("column__name")
    assert [use.column.name for use in wanted] == ["c3", "c4", "c5", "c6", "c7"]
    assert len(wanted) == MOST_BY_ITSELF


def test_pages_are_counted_by_what_would_serve_them(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline.load(TABLE, "all.csv")
    fields = fields_at("all")

    def helped(**sent: str) -> list[str]:
        view = read_view({name: [text] for name, text in sent.items()}, fields=fields)
        return [each.name for each in helpers_of(view)]

    assert helped(_sort="-price,day", area="North") == ["price"]
    assert helped(area="North", price__gt="1", day__ne="2024-01-01", _file="1") == ["area", "price"]
    assert helped(area__contains="o", area__gt="a") == helped() == []
    monkeypatch.setattr(uses, "SLOW_SECONDS", 0.0)
    monkeypatch.setattr(uses, "_counts", uses._Counts())
    for _ in range(SLOW_PAGES):
        assert not jobs()
        read_page(slug="all", view=read_view({"_sort": ["price"]}, fields=fields))
    assert len(jobs()) == 1


def test_a_value_too_long_is_told_of(pipeline: Pipeline) -> None:
    """No file has such a number, but a table of the database may; of texts the first letters are enough."""
    long = "".join(chr(0x4E00 + number * 31 % 20_000) for number in range(9_000))
    pipeline.load(f"n;t\n1.5;{long}\n2.5;y\n", "all.csv")
    dataset = find_dataset(slug="all")
    digits = "7" + "".join(str(number * 7_919 % 9_973) for number in range(2_000))
    rows("UPDATE data.all SET n = %s::numeric WHERE n = 1.5 RETURNING 1", digits)
    for name in ("n", "t"):
        want_index(dataset=dataset, name=name)
    assert make_indexes(dataset_id=dataset.pk) == 1
    assert [(index.is_wanted, index.obstacle) for index in to_sort_by(dataset)] == [
        (False, indexes.TOO_LONG),
        (True, ""),
    ]
    assert list(made().values()) == [['"left"(t, 200)']]
    assert make_indexes(dataset_id=dataset.pk) == 0


def waiting_to_be_ended(began: threading.Event) -> Callable[..., None]:
    def make_index(*, part: str, **rest: Any) -> None:
        execute(f"LOCK TABLE data.{part} IN SHARE MODE")
        began.set()
        execute("SELECT pg_sleep(600)")

    return make_index


@pytest.mark.parametrize("act", ["deactivate", "activate another", "change types"])
def test_whoever_waits_for_a_part_ends_the_making(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    """The tries of the act wait a second each, and it does not fail: so the making was ended within one."""
    first = pipeline.load(TABLE, "all.csv", dataset="all").file_id
    other = pipeline.load(TABLE.replace("10", "12"), "all.csv", dataset="all", activate=False).file_id
    dataset = find_dataset(slug="all")
    want_index(dataset=dataset, name="price")
    ProcrastinateJob.objects.all().delete()
    began = threading.Event()
    monkeypatch.setattr(indexes, "make_index", make_in_transaction(waiting_to_be_ended(began)))
    thread = threading.Thread(target=in_a_session, args=(lambda: make_indexes(dataset_id=dataset.pk),))
    thread.start()
    assert began.wait(60)
    match act:
        case "deactivate":
            deactivate_file(file_id=first)
        case "activate another":
            activate_file(file_id=other)  # the making goes on: it waits for no lock of ours
            deactivate_file(file_id=first)
        case "change types":
            monkeypatch.undo()
            change_columns(dataset_id=dataset.pk, change=Change(types={"price": ColumnType.TEXT}))
    thread.join(60)
    assert not thread.is_alive()
    assert jobs() == [{"dataset_id": dataset.pk}]  # it is made later


def make_in_transaction(make: Callable[..., None]) -> Callable[..., None]:
    from django.db import transaction

    def made_so(**said: Any) -> None:
        with transaction.atomic():
            make(**said)

    return made_so


def in_a_session(work: Callable[[], Any]) -> None:
    try:
        work()
    finally:
        connection.close()


def test_giving_way_leaves_a_session_that_works(transactional_db: None) -> None:
    asked = threading.Event()

    def now() -> bool:
        asked.set()
        return True

    with pytest.raises(GaveWay), giving_way(to=now):
        execute("SELECT pg_sleep(600)")
    assert rows("SELECT 1") == [(1,)]
    with giving_way():
        assert rows("SELECT 2") == [(2,)]
    with giving_way(to=now):
        asked.clear()
        wait_until(asked.is_set)  # ended between two statements
    assert rows("SELECT 3") == [(3,)]
    with pytest.raises(KeyError), giving_way():
        raise KeyError


def test_files_that_wait_go_first(pipeline: Pipeline) -> None:
    pipeline.load(TABLE, "all.csv", dataset="all")
    dataset = find_dataset(slug="all")
    want_index(dataset=dataset, name="price")
    pipeline.receive(TABLE, "more.csv")
    assert make_indexes(dataset_id=dataset.pk) == 0
    assert jobs() == [{"dataset_id": dataset.pk}]
    assert make_indexes(dataset_id=dataset.pk, gives_way=False) == 1


def test_by_a_person_on_the_page_and_by_command(admin_client: Client, pipeline: Pipeline, capsys: Any) -> None:
    pipeline.load(TABLE, "all.csv")
    page = "/datasets/all/columns/edit/"
    wish = {"act": "index", "index": "order:price"}
    assert Client().post(page, wish).status_code in (302, 401, 403)
    assert not ColumnUse.objects.exists()
    answer = admin_client.post(page, wish, follow=True)
    assert "An index on “price” is made in the background" in answer.text
    assert "0 of 1 files have it" in answer.text
    make_indexes(dataset_id=Dataset.objects.get().pk)
    assert "It has an index," in admin_client.get(page).text
    assert "has no column “prise”" in admin_client.post(page, {**wish, "index": "order:prise"}, follow=True).text
    assert "is dropped" in admin_client.post(page, {**wish, "act": "drop_index"}, follow=True).text
    assert made() == {}
    call_command("dataset_indexes", "all", "day")
    assert "day: It has an index" in capsys.readouterr().out
    assert list(made().values()) == [["day"]]
    call_command("dataset_indexes", "all", "day", "--drop", "--json")
    assert '"name": "day", "wanted": false' in capsys.readouterr().out
    for wrong, words in ((["all", "--drop"], "Name the column"), (["all", "dya"], "no column"), (["none"], "list")):
        with pytest.raises(CommandError, match=words):
            call_command("dataset_indexes", *wrong)
    assert data_tables() >= {"all"}
