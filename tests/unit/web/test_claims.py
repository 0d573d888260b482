"""What a provider says of a person is read field by field, whatever it sends."""

from typing import Any

import pytest

from uploads.services.errors import ProviderAway
from uploads.services.signing_in.accounts import Identity
from uploads.web.sign_in.claims import Claims, identity_of


def identity(token: dict[str, Any], details: dict[str, Any], groups_claim: str = "") -> Identity:
    return identity_of(
        Claims(token),
        Claims(details),
        issuer="https://login.example.org",
        provider="the library",
        groups_claim=groups_claim,
    )


def test_address_is_verified_only_by_the_answer_that_has_it() -> None:
    token = {"sub": "1", "email": "old@example.org", "email_verified": True}
    assert identity(token, {}).verified_address == "old@example.org"
    other = identity(token, {"sub": "1", "email": "boss@example.org"})
    assert (other.address, other.verified_address) == ("boss@example.org", "")


@pytest.mark.parametrize("said", [{}, {"sub": ""}, {"sub": 7}, {"sub": None}, {"sub": "x" * 192}, {"sub": "1\x00"}])
def test_person_without_a_usable_number_is_said(said: dict[str, Any]) -> None:
    with pytest.raises(ProviderAway, match="The library does not say who you are: the claim “sub” is missing"):
        identity({"sub": None} | said, {})


def test_fields_of_any_type_are_read_as_texts_or_not_at_all() -> None:
    found = identity(
        {"sub": "1", "given_name": "Mi\x00a\n", "roles": "readers", "email": ["a@b.c"], "preferred_username": {"a": 1}},
        {"sub": "1", "roles": ["editors", 3, None]},
        groups_claim="roles",
    )
    assert (found.first_name, found.address, found.name, found.groups) == ("Mia", "", "", ("editors",))
