"""The scope that each operation of the API asks of a token."""

from dataclasses import dataclass

from uploads.services.scopes import Grant, ScopeKind

READING = frozenset({"GET", "HEAD", "OPTIONS"})
ROOT = "api/"
_OF_DATASETS = frozenset({"datasets", "exports"})
"""What is read there is of one dataset, or a list that has those alone that the token may see."""
_OTHERWISE: dict[tuple[str, str], ScopeKind] = {
    ("POST", "files"): ScopeKind.UPLOAD,
    ("POST", "datasets/exports"): ScopeKind.READ,
    ("GET", "tables"): ScopeKind.MANAGE,
    ("GET", "news/subscriptions"): ScopeKind.MANAGE,
    ("GET", "news/sent"): ScopeKind.MANAGE,
}
"""By the method, and the first and last word of the address: what changes nothing though it is no ``GET``, and what is
none of readers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NeededScope:
    kind: ScopeKind
    of_all: bool
    """One of single datasets is not enough."""


def scope_needed(*, method: str, route: str) -> NeededScope:
    """``route``: ``api/datasets/<slug>/rows``, or as the documentation writes it."""
    words = [word for word in route.strip("/").removeprefix(ROOT).split("/") if word[:1] not in "<{"]
    kind = ScopeKind.READ if method in READING else ScopeKind.MANAGE
    kind = _OTHERWISE.get((method, "/".join(dict.fromkeys((words[0], words[-1])))), kind)
    return NeededScope(kind=kind, of_all=kind is ScopeKind.READ and words[0] not in _OF_DATASETS)


def require_scope(grant: Grant, *, method: str, route: str) -> None:
    """Raise ``MissingScope`` unless the token has what the operation at this address needs."""
    needed = scope_needed(method=method, route=route)
    grant.require(needed.kind, of_all=needed.of_all)
