"""Why a query gives no rows: what PostgreSQL says, where in the query, and what it is in kind."""

import enum
from dataclasses import dataclass, replace

import psycopg

from uploads.tabular.errors import UploaderError


class FaultKind(enum.Enum):
    """The sentences of each are made where sentences are made."""

    SYNTAX = "syntax"
    NO_DATASET = "no_dataset"
    """It names a table that is no dataset, or is not there: which of them is not told."""
    NO_COLUMN = "no_column"
    NO_ROWS = "no_rows"
    """It is no query: it has no columns."""
    SEVERAL = "several"
    FUNCTION = "function"
    TYPE = "type"
    NOT_LOOKED_AT = "not_looked_at"
    """The server did not tell what it names."""
    TOO_LONG = "too_long"
    TOO_MANY_WORDS = "too_many_words"
    """Of one that makes the query large."""
    LONG_CELL = "long_cell"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    """A published table or view that cannot be read at all now."""
    PARTLY_READ = "partly_read"
    """Of one, not all rows or columns are this site's to read: a query as another role would read others."""
    NOT_GRANTED = "not_granted"
    """The site may not let queries read it; ``hint`` is what its owner has to run."""
    NOT_BENEATH = "not_beneath"
    """PostgreSQL lets a query read a published view, and not what that is made of."""
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """Facts; ``said`` and ``hint`` are PostgreSQL's own words."""

    kind: FaultKind
    said: str = ""
    hint: str = ""
    name: str = ""
    """Of a function, a type or a column; or a word of SQL."""
    position: int | None = None
    """In the query, in letters from 0."""
    limit: int = 0


NO_DATASET = Fault(kind=FaultKind.NO_DATASET)


class QueryRefused(Exception):
    """The query gives no rows as it stands."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.kind.value)
        self.fault = fault


class QueryTooSlow(UploaderError):
    """The query takes longer than a query may."""

    code = "query_too_slow"


class QueryGaveWay(UploaderError):
    """Somebody waited for a table that the query read."""

    code = "query_gave_way"


_KINDS = {
    "42601": FaultKind.SYNTAX,
    "42P01": FaultKind.NO_DATASET,
    "42501": FaultKind.NO_DATASET,
    "3F000": FaultKind.NO_DATASET,
    "42703": FaultKind.NO_COLUMN,
}
ENDED = (psycopg.errors.QueryCanceled, psycopg.errors.TransactionTimeout, psycopg.errors.LockNotAvailable)
"""Errors that say nothing of the query: its time, or somebody else, ended it."""
_MISSING_FROM = "errorMissingRTE"
"""The function of PostgreSQL that refuses a column of a table which stands in the query, but not where it may."""
_SEVERAL = "exec_parse_message"


def refused(error: psycopg.Error, text: str, *, before: int = 0, is_parsed: bool = False) -> QueryRefused:
    """What an error of the server says of a query that ``before`` letters stood in front of; ``is_parsed``: all that
    it names may be named, so what it may not read lies beneath."""
    told = error.diag
    if is_parsed and isinstance(error, psycopg.errors.InsufficientPrivilege):
        return QueryRefused(Fault(kind=FaultKind.NOT_BENEATH))
    kind = _KINDS.get(error.sqlstate or "", FaultKind.OTHER)
    if kind is FaultKind.SYNTAX and told.source_function == _SEVERAL:
        return QueryRefused(Fault(kind=FaultKind.SEVERAL))
    if kind is FaultKind.NO_DATASET and told.source_function == _MISSING_FROM:
        kind = FaultKind.OTHER
    fault = Fault(
        kind=kind,
        said=told.message_primary or "",
        hint=told.message_hint or "",
        position=_position(told.statement_position, text, before),
    )
    if kind is FaultKind.NO_DATASET:
        fault = replace(fault, said="", hint="")
    return QueryRefused(fault)


def _position(said: str | None, text: str, before: int) -> int | None:
    if said is None:
        return None
    place = int(said) - 1 - before
    return place if 0 <= place <= len(text) else None
