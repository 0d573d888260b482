"""What a provider of OpenID Connect says of a person, field by field: each may be missing, or be of any type."""

from collections.abc import Mapping
from typing import Any

from uploads.services.errors import ProviderAway
from uploads.services.signing_in.accounts import Identity

LONGEST_SUBJECT = 191
"""What django-allauth's column takes; the standard allows 255, providers use some 40."""
TRUE = (True, "true")
"""Some providers say it in a text."""


class Claims:
    """Texts of one answer."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self.said = said

    def text(self, name: str) -> str:
        """Without what no column takes and nobody sees; empty where there is none."""
        value = self.said.get(name)
        return "".join(filter(str.isprintable, value)).strip() if isinstance(value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """Of a list, or of one text."""
        value = self.said.get(name)
        values = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return tuple(each for each in values if isinstance(each, str))


def identity_of(token: Claims, details: Claims, *, issuer: str, groups_claim: str, provider: str) -> Identity:
    """Of an ID token and the answer of UserInfo, of which the latter says more, and may be empty.

    An address is taken together with whether it is verified, from one of the two: verified is that one alone.
    Raises ``ProviderAway`` where the person has no number there.
    """
    subject = token.text("sub")
    if not subject or len(subject) > LONGEST_SUBJECT or subject != token.said.get("sub"):
        raise ProviderAway(
            f"{capitalised(provider)} does not say who you are: the claim “sub” is missing or too long.",
            hint="Tell the people who run this site.",
        )
    mail = details if details.text("email") else token
    return Identity(
        issuer=issuer,
        subject=subject,
        provider=provider,
        name=details.text("preferred_username") or token.text("preferred_username"),
        first_name=details.text("given_name") or token.text("given_name"),
        last_name=details.text("family_name") or token.text("family_name"),
        address=mail.text("email"),
        is_verified=mail.said.get("email_verified") in TRUE,
        groups=(details.texts(groups_claim) or token.texts(groups_claim)) if groups_claim else (),
    )


def capitalised(provider: str) -> str:
    """At the beginning of a sentence: the name may be two words of a setting."""
    return f"{provider[:1].upper()}{provider[1:]}"
