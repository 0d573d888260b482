"""What is said of tokens, on the page of their person and in the admin."""

from dataclasses import dataclass
from datetime import datetime

from uploads.services.tokens.tokens import TokenFacts, TokenState


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownToken:
    facts: TokenFacts
    words: str
    """What it may do."""
    end: str
    last_use: str
    works: bool


def shown_token(facts: TokenFacts) -> ShownToken:
    return ShownToken(
        facts=facts,
        words=scope_words(facts),
        end=_END[facts.state].format(day=_day(facts.expires_at)),
        last_use="never used" if facts.last_used_at is None else f"last used on {_moment(facts.last_used_at)}",
        works=facts.state is TokenState.WORKS,
    )


def scope_words(facts: TokenFacts) -> str:
    """``May send files, to any dataset; read “prices” alone.``"""
    return f"May {'; '.join(scope.words for scope in facts.scopes)}."


_END = {TokenState.WORKS: "until {day}", TokenState.ENDED: "ended on {day}", TokenState.REVOKED: "revoked"}


def _day(at: datetime) -> str:
    return f"{at:%-d %B %Y}"


def _moment(at: datetime) -> str:
    return f"{at:%-d %B %Y, %H:%M} UTC"
