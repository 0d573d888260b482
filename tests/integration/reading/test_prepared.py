"""Questions that every page asks: written once, sent with each page's values, and read as Django reads them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError, connection, transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat, Now
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.integration.conftest import Pipeline
from uploads.database.prepared import Prepared, Wording, asked_together, fetch_worded
from uploads.models import Dataset, DatasetColumn, UploadedFile


@pytest.fixture
def both(pipeline: Pipeline) -> dict[str, int]:
    for name in ("one", "two"):
        pipeline.load(f"{name};n\na%s'b;1\n", f"{name}.csv")
    return dict(Dataset.objects.values_list("slug", "pk"))


def test_a_prepared_question_is_written_once_and_answers_for_each_value(both: Mapping[str, int]) -> None:
    asked: list[int] = []

    def ask(*, dataset: int, type_: str) -> QuerySet[DatasetColumn, Any]:
        asked.append(dataset)
        columns = DatasetColumn.objects.filter(dataset=dataset, type=type_).exclude(label="")
        return columns.order_by("position").values_list("name", "evidence")

    prepared = Prepared(ask)
    for name, dataset in both.items():
        expected = list(ask(dataset=dataset, type_="text"))
        assert [tuple(row) for row in prepared.rows(dataset=dataset, type_="text")] == expected
        assert [row[0] for row in expected] == [name]
        assert isinstance(expected[0][1], dict), "JSON is read, as Django reads it"
    assert len(asked) == len(both) + 1
    assert not list(prepared.rows(dataset=both["one"], type_="' OR true --"))


def test_a_session_plans_a_question_once_also_where_the_message_before_failed(both: Mapping[str, int]) -> None:
    prepared = Prepared(lambda slug: Dataset.objects.filter(slug=slug, tags__contains="50 %").order_by("pk"))
    failing = Prepared(lambda slug: Dataset.objects.filter(slug=slug).values_list(Value(1) / (F("id") - F("id"))))
    with pytest.raises(DataError), transaction.atomic(), asked_together(prepared, failing, slug="one"):
        pass
    with CaptureQueriesContext(connection) as asked:
        assert [list(prepared.rows(slug=slug)) for slug in ("one", "two")] == [[], []]
    assert [each["sql"].count("PREPARE") for each in asked] == [1, 0]


def test_types_are_those_that_django_means(both: Mapping[str, int]) -> None:
    """PostgreSQL takes ``now() - $1`` for an interval, and a number beside a column for one that it can hold."""
    since = Prepared(lambda slug: Dataset.objects.filter(slug=slug, created_at__gt=Now() - timedelta(days=1)))
    assert len(list(since.rows(slug="one"))) == 1
    file = Prepared(lambda number: UploadedFile.objects.filter(pk=number).values_list("pk"))
    known = UploadedFile.objects.values_list("pk", flat=True)[0]
    assert [[row[0] for row in file.rows(number=number)] for number in (known, 2**35)] == [[known], []]


def test_models_come_whole_and_a_value_that_decides_nothing_is_refused(both: Mapping[str, int]) -> None:
    prepared = Prepared(lambda slug: Dataset.objects.filter(slug=slug))
    assert [each.pk for slug in ("two", "one", "no") for each in prepared.models(Dataset, slug=slug)] == [
        both["two"],
        both["one"],
    ]
    with pytest.raises(TypeError, match="does not ask for slug"):
        Prepared(lambda slug: Dataset.objects.all()).models(Dataset, slug="one")


def test_models_have_beside_them_what_the_query_selects(both: Mapping[str, int]) -> None:
    columns = DatasetColumn.objects.annotate(twice=Concat("name", "name")).select_related("dataset")
    prepared = Prepared(lambda name: columns.filter(name=name))
    [found] = prepared.models(DatasetColumn, "twice", "dataset", name="two")
    assert (found.name, vars(found)["twice"]) == ("two", "twotwo")
    with CaptureQueriesContext(connection) as asked:
        assert found.dataset == Dataset.objects.get(pk=both["two"])
    assert len(asked) == 1, "the dataset came along"


@pytest.mark.parametrize(("address", "messages"), [("/datasets/one/", 1), ("/api/datasets/one/rows", 2)])
def test_rows_count_and_facets_of_an_answer_ask_for_indexes_once(
    both: Mapping[str, int], client: Client, address: str, messages: int
) -> None:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address, {"n": "1", "_facet": "one", "_count": "true"})
    assert answer.status_code == 200
    assert sum("uploads_columnuse" in each["sql"] for each in asked) == 1
    assert sum("uploads_" in each["sql"] for each in asked) == messages, "about the dataset, beside its rows"


def test_questions_asked_together_are_one_message_and_answer_for_their_values_alone(both: Mapping[str, int]) -> None:
    names = Prepared(lambda dataset: DatasetColumn.objects.filter(dataset=dataset).values_list("name").order_by("name"))
    kinds = Prepared(lambda dataset: DatasetColumn.objects.filter(dataset=dataset).values_list("type", "evidence"))
    apart = {pk: (list(names.rows(dataset=pk)), list(kinds.rows(dataset=pk))) for pk in both.values()}
    with CaptureQueriesContext(connection) as asked, asked_together(names, kinds, dataset=both["one"]):
        assert (names.rows(dataset=both["one"]), kinds.rows(dataset=both["one"])) == apart[both["one"]]
        assert len(asked) == 1
        assert list(names.rows(dataset=both["two"])) == apart[both["two"]][0]
        DatasetColumn.objects.filter(dataset=both["one"]).update(name=Concat("name", Value("x")))
    assert [tuple(row) for row in names.rows(dataset=both["one"])] == [("nx",), ("onex",)]


def test_statements_of_the_same_words_are_planned_once_and_sent_in_one_message(both: Mapping[str, int]) -> None:
    name = Wording("uploads_dataset", "SELECT slug FROM uploads_dataset WHERE id = %s AND slug <> %s")
    describe = Wording("uploads_dataset", "UPDATE uploads_dataset SET description = %s WHERE id = %s")
    with CaptureQueriesContext(connection) as asked:
        for slug, pk in both.items():
            found = fetch_worded([(describe, ["50 % off", pk]), (name, [pk, "' OR true --"])])
            assert found == [[], [(slug,)]]
    assert [each["sql"].count("PREPARE") for each in asked] == [2, 0]
    assert set(Dataset.objects.values_list("description", flat=True)) == {"50 % off"}
