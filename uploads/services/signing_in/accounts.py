"""Which account somebody gets whom a provider of OpenID Connect knows.

Who was here before is known again by the provider and its number for that person (the claim ``sub``) alone: names and
addresses change hands. An address opens an account that was made here only where the provider says that it was
verified, and never that of staff: they sign in by their password once, and as themselves by the provider after.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from uploads.database.sign_in_links import forget_links
from uploads.services.errors import SignInRefused

__all__ = ["Identity", "account_of", "forget_links"]

ASK = "Ask the people who run this site."
LONGEST_NAME = 120
"""Of 150 characters: a number may come behind it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """What a provider says of a person, which nobody has believed yet but that it was this provider."""

    issuer: str
    subject: str
    provider: str
    """What people call the provider."""
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    address: str = ""
    is_verified: bool = False
    groups: tuple[str, ...] = ()

    @property
    def verified_address(self) -> str:
        return self.address if self.is_verified else ""


def account_of(
    identity: Identity, *, signed_in: int | None = None, domains: Sequence[str] = (), takes_groups: bool = False
) -> User:
    """The account to sign in; one that is made has no rights and no password.

    ``signed_in`` is who is signed in already, ``domains`` whose addresses alone are let in (all, if none), and with
    ``takes_groups`` the person is in those groups of this site, and no others, that the provider names.
    Raises ``SignInRefused``.
    """
    _check_domain(identity, domains)
    try:
        account = _find_or_make(identity, signed_in=signed_in)
    except IntegrityError:  # made at the same moment by the other of two tabs
        account = _find_or_make(identity, signed_in=signed_in)
    if takes_groups:
        account.groups.set(Group.objects.filter(name__in=identity.groups))
    return account


@transaction.atomic
def _find_or_make(identity: Identity, *, signed_in: int | None) -> User:
    from allauth.socialaccount.models import SocialAccount  # noqa: PLC0415 - only where a setting names a provider

    links: Any = SocialAccount.objects
    link = links.select_related("user").filter(provider=identity.issuer, uid=identity.subject).first()
    if link is not None:
        link.save(update_fields=["last_login"])
        account: User = link.user
    else:
        account = _account_by_address(identity, signed_in=signed_in) or _make_account(identity)
        links.create(user=account, provider=identity.issuer, uid=identity.subject)
    if not account.is_active:
        raise SignInRefused(f"Your account {account.get_username()} was closed.", hint=ASK)
    return account


def _check_domain(identity: Identity, domains: Sequence[str]) -> None:
    domain = identity.verified_address.rpartition("@")[2].lower()
    if not domains or domain in domains:
        return
    whose = f"{identity.provider} says that yours is {identity.address}"
    if not identity.address:
        whose = f"{identity.provider} says no address of yours"
    elif not identity.is_verified:
        whose += ", which it did not verify"
    raise SignInRefused(f"This site is for people with an address at {_either(domains)}. {whose}.", hint=ASK)


def _either(domains: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(domains[:-1]), domains[-1])))


def _account_by_address(identity: Identity, *, signed_in: int | None) -> User | None:
    if not identity.address:
        return None
    same = list(User.objects.select_for_update().filter(email__iexact=identity.address)[:2])
    if not same:
        return None
    here = f"There is an account with the address {identity.address} already"
    if not identity.is_verified:
        raise SignInRefused(f"{here}, and {identity.provider} did not verify that it is yours.", hint=ASK)
    if len(same) > 1:
        raise SignInRefused(f"Several accounts have the address {identity.address}.", hint=ASK)
    if (same[0].is_staff or same[0].is_superuser) and same[0].pk != signed_in:
        raise SignInRefused(
            f"{here}, and it is one of staff, which an address alone does not open.",
            hint="Sign in with its password in the admin, then go to the page “Sign in” and use the other way once.",
        )
    return same[0]


def _make_account(identity: Identity) -> User:
    account = User(
        username=_free_name(identity),
        first_name=identity.first_name[:150],
        last_name=identity.last_name[:150],
        email=_sound_address(identity.verified_address),
    )
    account.set_unusable_password()
    account.save()
    return account


def _free_name(identity: Identity) -> str:
    """The name that the person has there, or of the address, with a number behind it where somebody has it here."""
    said = (identity.name or identity.verified_address).partition("@")[0]
    wanted = User.normalize_username(said)[:LONGEST_NAME]
    try:
        UnicodeUsernameValidator()(wanted)
    except ValidationError:
        wanted = "person"
    taken = {name.casefold() for name in _names_like(wanted)}
    number = 1
    name = wanted
    while name.casefold() in taken:
        number += 1
        name = f"{wanted}{number}"
    return name


def _names_like(wanted: str) -> Sequence[str]:
    return list(User.objects.filter(username__istartswith=wanted).values_list("username", flat=True))


def _sound_address(address: str) -> str:
    """Without what is none, or is longer than the column."""
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address if len(address) <= 254 else ""
