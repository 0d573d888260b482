"""Requests of any shape get an answer that says what is wrong with them: raw sockets showed two that got a 500."""

from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

MANY = "&".join(f"f{number}=1" for number in range(20_000))
FORM = "application/x-www-form-urlencoded"


def error_of(response: Any) -> tuple[int, str, str]:
    error = response.json()["error"]
    return response.status_code, error["code"], error["message"]


@pytest.mark.django_db
def test_json_that_is_nested_too_deeply_is_no_json(client: Client) -> None:
    response = client.post("/api/receipts/abc/answer", "[" * 200_000, content_type="application/json")
    assert error_of(response)[:2] == (HTTPStatus.BAD_REQUEST, "bad_request")


@pytest.mark.django_db
@pytest.mark.parametrize("sent", ["ÿÿ", "/////w==", "7aCAOmI=", "=", ""])
def test_name_and_password_that_cannot_be_read_are_wrong(client: Client, sent: str) -> None:
    response = client.get("/api/datasets", headers={"Authorization": f"Basic {sent}"})
    assert error_of(response)[:2] == (HTTPStatus.UNAUTHORIZED, "wrong_credentials")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "content", "kind", "error"),
    [
        (
            "/api/receipts/abc/answer",
            f'{{"answer": "{"x" * 3_000_000}"}}',
            "application/json",
            (413, "body_too_large", "Without files, a request may hold 2.5 MB."),
        ),
        ("/api/files", MANY, FORM, (400, "bad_request", "The form has more than the 2,000 fields that one may have.")),
    ],
    ids=["bytes", "fields"],
)
def test_body_of_too_many_bytes_or_fields_is_refused_with_a_sentence(
    client: Client, address: str, content: str, kind: str, error: tuple[int, str, str]
) -> None:
    response = client.post(address, content, content_type=kind)
    assert error_of(response) == error


@pytest.mark.django_db
def test_form_of_too_many_fields_is_told_how_many_it_may_have(client: Client) -> None:
    response = client.post("/sign-in/", MANY, content_type=FORM)
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert "The form has more than the 2,000 fields that one may have." in response.text
