"""What a token may do: the one table of scopes, for the page, the command, the API and its documentation."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from uploads.services.errors import MissingScope
from uploads.tabular.errors import BadOption


class ScopeKind(StrEnum):
    """The values are stored, typed and documented."""

    UPLOAD = "upload"
    READ = "read"
    MANAGE = "manage"


@dataclass(frozen=True, kw_only=True, slots=True)
class ScopeFacts:
    """What is said of a scope; ``of_one`` where it may name a dataset, else empty."""

    words: str
    of_one: str = ""


SCOPES: dict[ScopeKind, ScopeFacts] = {
    ScopeKind.UPLOAD: ScopeFacts(words="send files, to any dataset", of_one="send files to “{dataset}” alone"),
    ScopeKind.READ: ScopeFacts(words="read datasets and files", of_one="read “{dataset}” alone"),
    ScopeKind.MANAGE: ScopeFacts(words="do all that its person may: send, read, activate, change, delete"),
}
FORMS = ", ".join(f"{kind}, {kind}:DATASET" if facts.of_one else str(kind) for kind, facts in SCOPES.items())


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Scope:
    """``upload``, or ``upload:prices``."""

    kind: ScopeKind
    dataset: str = ""
    """Its slug; empty: of all datasets."""

    def __str__(self) -> str:
        return f"{self.kind}:{self.dataset}" if self.dataset else str(self.kind)

    @property
    def words(self) -> str:
        facts = SCOPES[self.kind]
        return facts.of_one.format(dataset=self.dataset) if self.dataset else facts.words


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """What a token was given; its person's rights limit it further, as they are when it is used."""

    token_id: int
    scopes: tuple[Scope, ...]

    @property
    def manages(self) -> bool:
        return any(scope.kind is ScopeKind.MANAGE for scope in self.scopes)

    def datasets_of(self, kind: ScopeKind) -> frozenset[str] | None:
        """The datasets for which it has a scope of this kind; ``None``: all that there are."""
        theirs = {scope.dataset for scope in self.scopes if scope.kind is kind}
        return None if self.manages or "" in theirs else frozenset(theirs)

    def require(self, kind: ScopeKind, *, of_all: bool = False) -> None:
        """Raise ``MissingScope`` unless it has a scope of this kind; ``of_all``: not one of single datasets."""
        datasets = self.datasets_of(kind)
        if datasets is None or (datasets and not of_all):
            return
        has = ", ".join(f"“{scope}”" for scope in self.scopes)
        raise MissingScope(
            f"This token lacks the scope “{kind}”; it has {has}.",
            hint="Make another token that has it, on the page “Tokens” or by manage.py make_token.",
            scope=str(kind),
        )


def parse_scopes(said: Iterable[str]) -> tuple[Scope, ...]:
    """Each once, in the order of the table. Raises ``BadOption`` for none, and for one that isn't known."""
    scopes = tuple(sorted({_parse(text) for text in said}, key=lambda scope: (list(SCOPES).index(scope.kind), scope)))
    if not scopes:
        raise BadOption("A token needs a scope: what it may do.", hint=f"There are: {FORMS}.")
    return scopes


def _parse(text: str) -> Scope:
    name, colon, dataset = text.strip().partition(":")
    known = {str(kind): kind for kind in SCOPES}
    if name not in known or (colon and not SCOPES[known[name]].of_one):
        raise BadOption(f"There is no scope “{text}”.", hint=f"There are: {FORMS}.")
    if colon and not dataset:
        raise BadOption(f"“{text}” names no dataset.", hint="Take the name in its address.")
    return Scope(kind=known[name], dataset=dataset)
