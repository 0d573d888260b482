"""Every address says what it knows, and refuses what it doesn't: query parameters, fields of forms, keys of JSON."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.integration.addresses import every_address
from tests.integration.conftest import Pipeline
from tests.integration.staff import make_user
from tests.integration.tus.client import exchange_scope, metadata, scope_of, tus
from uploads.api.not_found import not_found
from uploads.api.operations import api
from uploads.models import UploadedFile
from uploads.tabular.errors import UploaderError
from uploads.web.form_uploads import FORM_FIELDS
from uploads.web.parameters import Parameters, check_names

EXAMPLES = {"int": "1", "token": "abc", "slug": "geo", "name": "geo"}
"""What stands for each part of an address, by its kind or its name."""
VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
BY_COLUMNS = {
    "/api/datasets/geo/rows",
    "/api/datasets/geo/aggregate",
    "/datasets/geo/",
    "/datasets/geo/chart/",
}
"""What is known there depends on the columns of a dataset that is there: the tests of ``reading`` and ``aggregating``
ask."""
CURSOR = {"/receipts/abc/rejects/1/": ("after",)}


ADDRESSES = {
    address.path(EXAMPLES): address.view for address in every_address(with_admin=False) if address.view is not not_found
}
"""Every address but Django's own (the admin) and the one for addresses that mean nothing."""
CLOSED = {address: view for address, view in ADDRESSES.items() if address not in BY_COLUMNS}
DESCRIPTION = api.get_openapi_schema()


def described_operations() -> Iterator[tuple[str, str, Parameters]]:
    """Method, address and what is known there, of every operation of the API as its documentation has it."""
    for path, methods in DESCRIPTION["paths"].items():
        address = re.sub(r"\{(\w+)\}", lambda found: EXAMPLES.get(found[1], EXAMPLES["int"]), path)
        for method, described in methods.items():
            query = [each["name"] for each in described.get("parameters", ()) if each["in"] == "query"]
            yield method.upper(), address, Parameters(query=tuple(query), fields=fields_of(described))


def fields_of(described: dict[str, Any]) -> tuple[str, ...]:
    if "requestBody" not in described:
        return ()
    [content] = described["requestBody"]["content"].values()
    name = content["schema"].get("$ref", "").rpartition("/")[2]
    schema = DESCRIPTION["components"]["schemas"][name] if name else content["schema"]
    assert schema["additionalProperties"] is False, name
    return tuple(schema["properties"])


KNOWN = list(described_operations())
POSTING = [
    address
    for address, view in ADDRESSES.items()
    if not address.startswith("/api") and getattr(view, "parameters", Parameters()).fields
]
"""Pages that take forms."""


def known_at(address: str, verb: str) -> Parameters:
    """What an operation of the API knows; the description and the page that shows it take nothing."""
    return next((known for method, path, known in KNOWN if (method, path) == (verb, address)), Parameters())


def ways(known: tuple[str, ...]) -> str:
    return f"It knows {', '.join(known)}." if known else "It takes none."


def words_of(response: Any) -> str:
    return " ".join(response.content.decode().replace("&quot;", '"').split())


def test_the_walk_finds_pages_and_api_alike() -> None:
    assert {"/", "/datasets/geo/", "/api/files", "/api/openapi.json", "/api/docs", "/healthz", "/api"} <= set(ADDRESSES)
    assert len(KNOWN) >= 21
    assert {"/", "/datasets/geo/columns/", "/receipts/abc/rejects/1/take-back/"} <= set(POSTING)


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "view"), CLOSED.items(), ids=list(CLOSED))
def test_an_unknown_query_parameter_is_refused_by_name(client: Client, address: str, view: Any) -> None:
    refused = 0
    for verb in VERBS:
        answer = client.generic(verb, f"{address}?typo=1")
        if answer.status_code == 405:
            continue
        assert answer.status_code == 400, (verb, answer.status_code)
        refused += 1
        if verb != "HEAD":
            assert "has no option “typo”." in words_of(answer)
            assert ways((getattr(view, "parameters", None) or known_at(address, verb)).query) in words_of(answer)
    assert refused


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "address", "known"), [each for each in KNOWN if each[1] not in BY_COLUMNS])
def test_an_operation_names_the_parameters_that_it_documents(
    client: Client, method: str, address: str, known: Parameters
) -> None:
    error = client.generic(method, f"{address}?typo=1&price__gt=11").json()["error"]
    assert error["code"] == "unknown_parameter"
    assert error["message"] == f"“{address}” has no options “typo” and “price__gt”."
    assert error["hint"] == ways(known.query)


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "known"), CURSOR.items())
def test_a_page_names_its_parameters_and_leads_back_without_the_wrong_one(
    client: Client, address: str, known: tuple[str, ...]
) -> None:
    text = words_of(client.get(f"{address}?after=1.1.1&limit=5&%22%3E%3Cscript%3E=1"))
    assert f"It knows {', '.join(known)}." in text
    assert "<script>=" not in text
    assert f'href="{address}?after=1.1.1"' in text


def test_the_openapi_description_has_the_refusal_everywhere() -> None:
    without = [
        f"{method} {path}"
        for path, methods in DESCRIPTION["paths"].items()
        for method, described in methods.items()
        if "400" not in map(str, described["responses"])
    ]
    assert without == []


def test_the_openapi_description_says_that_a_password_may_be_wrong_wherever_one_may_be_sent() -> None:
    operations = [described for methods in DESCRIPTION["paths"].values() for described in methods.values()]
    without = [each["operationId"] for each in operations if "401" not in map(str, each["responses"])]
    assert without == [each["operationId"] for each in operations if not each.get("security")]
    assert len(without) < len(operations)
    optional = {each["operationId"] for each in operations if {} in each.get("security", ())}
    assert any("list_rows" in each for each in optional)
    assert not any("activate_file" in each for each in optional)


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "address", "known"), [each for each in KNOWN if each[0] != "GET"])
def test_an_unknown_field_of_a_body_is_refused_by_name(
    client: Client, method: str, address: str, known: Parameters
) -> None:
    if address == "/api/files":
        answer = client.post(address, {"file": SimpleUploadedFile("x.csv", b"a;b\n1;2\n"), "typo": "1"})
    else:
        body = json.dumps({"typo": {"deep": 1}, **dict.fromkeys(known.fields)})
        answer = client.generic(method, address, body, content_type="application/json")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "unknown_parameter")
    assert error["message"] == f"“{address}” has no field “typo”."
    assert error["hint"].endswith(ways(known.fields))
    assert not UploadedFile.objects.exists()


@pytest.mark.django_db
def test_a_body_where_none_is_known_may_only_be_empty(client: Client) -> None:
    address = "/api/files/1/activate"
    for kind in ("application/json", "application/x-www-form-urlencoded"):
        assert client.post(address, "{}", content_type=kind).status_code == 401
        assert client.post(address, "", content_type=kind).status_code == 401
    assert client.post(address, {}).status_code == 401  # a form without a field is not an empty body
    for body, kind in (("force=1", "application/x-www-form-urlencoded"), ("[1]", "application/json"), ("x", "a/b")):
        answer = client.post(address, body, content_type=kind)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unknown_parameter"), body


@pytest.mark.django_db
def test_a_body_that_is_no_json_is_refused_in_the_shape_of_every_error(client: Client) -> None:
    answer = client.post("/api/files/1/read-again", "{bad", content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


@pytest.mark.django_db
def test_a_key_of_json_that_comes_twice_is_refused(client: Client) -> None:
    body = '{"all_text": true, "all_text": false}'
    answer = client.post("/api/files/1/read-again", body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "repeated_parameter")


@pytest.mark.django_db
def test_a_body_larger_than_can_be_taken_in_is_refused_in_json(client: Client) -> None:
    body = json.dumps({"cells": ["x" * 3_000_000]})
    answer = client.post("/api/files/1/rejects/1/load", body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")


@pytest.mark.django_db
def test_a_parameter_that_may_come_once_is_refused_twice(client: Client) -> None:
    error = client.get("/api/datasets/geo/rows?limit=1&limit=2").json()["error"]
    assert (error["code"], error["message"]) == (
        "repeated_parameter",
        "“/api/datasets/geo/rows” takes the option “limit” once only.",
    )
    assert client.get("/datasets/geo/?after=1.1.1&after=1.1.2").status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/api/files"])
def test_a_misspelt_field_beside_a_file_is_refused_and_nothing_is_kept(client: Client, address: str) -> None:
    sent = {"file": SimpleUploadedFile("x.csv", b"a;b\n1;2\n"), "delimeter": ";"}
    answer = client.post(address, sent)
    assert answer.status_code == 400
    text = words_of(answer)
    assert f"“{address}” has no field “delimeter”." in text
    assert f"Did you mean “delimiter”? It knows {', '.join(FORM_FIELDS)}." in text
    assert not UploadedFile.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["files", "upload"])
def test_a_file_in_another_field_is_refused_by_its_name(client: Client, name: str) -> None:
    answer = client.post("/api/files", {name: SimpleUploadedFile("x.csv", b"a;b\n1;2\n")})
    assert f"has no field “{name}”." in words_of(answer)


@pytest.mark.django_db
@pytest.mark.parametrize("address", POSTING)
def test_an_unknown_field_of_a_page_is_refused_by_name(client: Client, address: str) -> None:
    answer = client.post(address, {"typo": "1", "csrfmiddlewaretoken": "x"})
    assert answer.status_code == 400
    assert f"“{address}” has no field “typo”. " in words_of(answer).replace("</p>", " ")
    assert "Open the page without it" not in words_of(answer)


@pytest.mark.django_db(transaction=True)
def test_an_option_that_cannot_apply_to_the_file_is_refused_by_its_page(pipeline: Pipeline, client: Client) -> None:
    receipt = pipeline.load("a;b\n1;2\n")
    client.force_login(make_user("staff", is_superuser=True))
    answer = client.post(f"/receipts/{receipt.token}/read-again/", {"sheet": "Sheet1"})
    assert answer.status_code == 400
    assert "has no field “sheet”." in words_of(answer)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["OPTIONS", "POST", "HEAD", "PATCH", "DELETE"])
async def test_tus_has_no_query_parameters(verb: str) -> None:
    path = "/files/" if verb in {"OPTIONS", "POST"} else "/files/abc"
    scope = scope_of(verb, path, {"Tus-Resumable": "1.0.0", "Upload-Length": "3"})
    scope["query_string"] = b"delimiter=%3B"
    answer = await exchange_scope(scope)
    assert answer.status == 400
    if verb != "HEAD":
        assert "unknown_parameter" in answer.body.decode()


@pytest.mark.django_db(transaction=True)
def test_tus_refuses_metadata_that_are_nearly_ours_and_takes_those_of_its_clients() -> None:
    def create(**told: str) -> Any:
        return tus("POST", headers={"Upload-Length": "3", "Upload-Metadata": metadata(filename="x.csv", **told)})

    refused = create(delimeter=";")
    assert (refused.status, "Did you mean “delimiter”?" in refused.body.decode()) == (400, True)
    foreign = {"filetype": "text/csv", "type": "text/csv", "relativePath": "x.csv", "is_confidential": ""}
    assert create(**foreign).status == 201


def test_names_of_any_length_and_number_are_shown_in_short() -> None:
    names = ["\0" + "n" * 500, *(f"name{n}" for n in range(1_000))]
    with pytest.raises(UploaderError) as refused:
        check_names(names, known=["name"], where="/" + "p" * 500)
    assert len(refused.value.message) < 300
    assert "and 996 more" in refused.value.message
    assert "\0" not in refused.value.message


@pytest.mark.parametrize(("name", "meant"), [("limits", "limit"), ("Limit", "limit"), ("aftr", "after"), ("sort", "")])
def test_a_name_near_a_known_one_is_asked_back(name: str, meant: str) -> None:
    with pytest.raises(UploaderError) as refused:
        check_names([name], known=["after", "limit"], where="/x")
    expected = f"Did you mean “{meant}”? " if meant else ""
    assert refused.value.hint == f"{expected}It knows after, limit."
