"""Schemathesis: what the OpenAPI documents allow is answered as they say, and what they do not allow is refused.

Environment: ``EXAMPLES`` (any: every operation is tried at all ends of its values, as by ``make faults``).
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from schemathesis import BaseSchema, Case, Response
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.openapi.checks import RejectedPositiveData
from schemathesis.pytest._test_builder import build_operation_test

from tests.integration.conftest import Pipeline
from tests.integration.reading.test_dataset_document import EVERY_TYPE
from tests.integration.staff import basic, make_user
from tests.thorough import IS_THOROUGH

GENERAL, OWN = "/api/openapi.json", "/api/datasets/prices/openapi.json"
CONFIG: dict[str, Any] = {
    "seed": 15,
    "generation": {"max-examples": 3, "deterministic": True, "database": "none"},
    "phases": {"coverage": {"unexpected-methods": ["put"]}, "stateful": {"enabled": False}},
}
WITHOUT_ENDS: dict[str, Any] = {"phases": {"coverage": {"enabled": False}}}
"""Not every end of what a value may be, one after the other: for most people these end at “not allowed” alike."""
SHARE = 1 if IS_THOROUGH else 48
"""One of so many addresses is tried at all ends, and one of so many filters of columns: all of them take minutes."""
MEANT = {"bad_option", "bad_query"}
"""A schema says of each value alone what it may be. What options mean together, whether a text is SQL, and whether a
column that is named is there, is refused by codes of their own; tests of theirs see to it."""
PLACES = ("after", "_before")
"""``next`` and ``previous`` of an answer: no schema tells them from other texts."""
LIKE_LT = ("__lte", "__gt", "__gte")
"""Described by the same words as ``__lt``, for each column."""


@pytest.fixture
def application() -> Iterator[object]:
    """In this process, on the connection of the test: it stays open from request to request."""
    signals = (request_started, request_finished)
    for each in signals:
        each.disconnect(close_old_connections)
    yield get_wsgi_application()
    for each in signals:
        each.connect(close_old_connections)


@pytest.fixture(autouse=True, scope="module")
def formats_of_lists() -> None:
    """The formats that our documents have beside those that everybody knows."""
    moments = st.datetimes().map(lambda moment: moment.replace(microsecond=0).isoformat())
    kinds = {
        "date": st.dates().map(str),
        "date-time-local": moments,
        "date-time": moments.map(lambda moment: f"{moment}Z"),
    }
    schemathesis.openapi.format("date-time-local", moments)
    for kind, values in kinds.items():
        schemathesis.openapi.format(f"{kind}-list", _joined(values, least=1, most=4))
        schemathesis.openapi.format(f"{kind}-pair", _joined(values, least=2, most=2))


def _joined(values: SearchStrategy[str], *, least: int, most: int) -> SearchStrategy[str]:
    return st.lists(values, min_size=least, max_size=most).map(",".join)


def documented(client: Client, application: object, address: str, *, every: int = 1, **config: Any) -> BaseSchema:
    """The document, but for what no schema says, and what would be asked twice: operations that share the filters of
    columns share them out among themselves. ``every``: with one of so many addresses alone."""
    found = client.get(address).json()
    found["paths"] = dict(list(found["paths"].items())[::every])
    shared = found["components"].get("parameters", {})
    for number, methods in enumerate(found["paths"].values()):
        for operation in methods.values():
            plain = [each for each in operation.get("parameters", ()) if "$ref" not in each]
            filters = [each for each in operation.get("parameters", ()) if "$ref" in each]
            operation["parameters"] = [
                *(each for each in plain if each["name"] not in PLACES or "pattern" in each["schema"]),
                *(each for each in filters[number :: 2 * SHARE] if not _named(each, shared).endswith(LIKE_LT)),
            ]
    schema = schemathesis.openapi.from_dict(found, config=SchemathesisConfig.from_dict({**CONFIG, **config}))
    schema.app = application
    return schema


def _named(reference: dict[str, str], shared: dict[str, Any]) -> str:
    name: str = shared[reference["$ref"].rpartition("/")[2]]["name"]
    return name


def complaints(schema: BaseSchema) -> list[str]:
    """Of all operations, one of each kind and with what was answered: nothing is made smaller first."""
    found: dict[tuple[str, type[Failure]], str] = {}
    calls: Counter[str] = Counter()

    def holds(case: Case[Any]) -> None:
        calls[case.operation.label] += 1
        response = case.call()
        try:
            case.validate_response(response)
        except FailureGroup as group:
            for each in group.exceptions:
                if not _is_meant(each, response):
                    key = (case.operation.label, type(each))
                    found.setdefault(key, f"{key[0]}: {each}\n{case.as_curl_command()}\n{response.text[:500]}")

    load_all_checks()
    feedback = FeedbackSources(constants_value_source=None)
    for each in schema.get_all_operations():
        assert isinstance(each, Ok), each
        operation = each.ok()
        test = build_operation_test(
            config=schema.config, operation=operation, test_func=holds, given_kwargs={}, feedback=feedback
        )
        test()
        assert calls[operation.label], operation.label
    return list(found.values())


def _is_meant(failure: Failure, response: Response) -> bool:
    return isinstance(failure, RejectedPositiveData) and response.json()["error"]["code"] in MEANT


@pytest.mark.parametrize("who", ["nobody", pytest.param("member", marks=pytest.mark.thorough), "staff"])
def test_the_general_document_holds(who: str, pipeline: Pipeline, client: Client, application: object) -> None:
    pipeline.load(EVERY_TYPE, "prices.csv")
    config = dict(WITHOUT_ENDS)
    if who != "nobody":
        make_user("ana", is_staff=who == "staff", is_superuser=who == "staff")
        config["headers"] = basic("ana")
    assert complaints(documented(client, application, GENERAL, **config)) == []


def test_the_general_document_holds_at_the_ends_of_its_values(
    pipeline: Pipeline, client: Client, application: object
) -> None:
    pipeline.load(EVERY_TYPE, "prices.csv")
    make_user("ana", is_staff=True, is_superuser=True)
    schema = documented(client, application, GENERAL, every=SHARE, headers=basic("ana"))
    assert complaints(schema) == []


def test_the_document_of_a_dataset_holds(pipeline: Pipeline, client: Client, application: object) -> None:
    pipeline.load(EVERY_TYPE, "prices.csv")
    assert complaints(documented(client, application, OWN)) == []
