"""Run a query that somebody wrote: a page of its rows, or all of them as a file.

What a query may name is decided by ``uploads/database/querying/allowed_names.py`` before it runs.
"""

import hmac
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings

from uploads.database.exporting.columns import ExportColumn
from uploads.database.exporting.spool import spool_result
from uploads.database.querying.faults import Fault, FaultKind, QueryRefused
from uploads.database.querying.grants import SOURCES
from uploads.database.querying.published import Readable
from uploads.database.querying.roles import QueryRole, make_query_role
from uploads.database.querying.run import Answer, Limits, ResultColumn, answered
from uploads.database.querying.session import CannotSignIn
from uploads.services.exporting.export import Export, export_source
from uploads.services.exporting.formats import ExportFormat
from uploads.services.exporting.source import Source
from uploads.services.querying.published import published_relations
from uploads.services.querying.rights import make_ready, readable_datasets, role_of
from uploads.services.querying.wording import bad_query
from uploads.services.visibility import ANYBODY, Viewer
from uploads.tabular.errors import UploaderError

AT_ONCE = 4
LONGEST = 16_000
"""Letters of a query: browsers and proxies take addresses of that length."""
PAGE_LETTERS = 4_000_000
"""Of all values on one page."""
FILE_LETTERS = 500_000_000
"""Of all texts in one file: it lies in the database once more while it is sent."""
_slots = threading.BoundedSemaphore(AT_ONCE)
_END = re.compile(r"[;\s]+\Z")


class QueriesBusy(UploaderError):
    """As many queries are running as may run at once."""

    code = "queries_busy"


@dataclass(frozen=True, kw_only=True, slots=True)
class QueryPage:
    """The first rows of a result."""

    columns: tuple[ResultColumn, ...]
    rows: Sequence[Sequence[Any]]
    has_more: bool
    seconds: float


def read_query(
    *, query: str, most_rows: Callable[[int], int], is_over: Callable[[], bool], viewer: Viewer = ANYBODY
) -> QueryPage:
    """Of the datasets that the viewer reads, as many rows as ``most_rows`` of so many columns says, and whether there
    are more.

    Raises ``BadQuery``, ``QueryTooSlow``, ``QueryGaveWay``, ``QueriesBusy``, ``RolesMissing``.
    """
    began = time.monotonic()
    rows = partial(_fewer, most_rows)
    with _running(query, rows=rows, is_over=is_over, viewer=viewer) as answer:
        most = answer.most_rows
        found: list[Sequence[Any]] = []
        letters, has_more = 0, False
        for row in answer.rows:
            letters += _letters(row)
            has_more = len(found) == most or (letters > PAGE_LETTERS and bool(found))
            if has_more:
                break
            found.append(row)
    return QueryPage(columns=answer.columns, rows=found, has_more=has_more, seconds=time.monotonic() - began)


def _fewer(most_rows: Callable[[int], int], columns: int) -> int:
    most: int = settings.SQL_ROWS
    return min(most_rows(columns), most)


def export_query(*, query: str, format_: ExportFormat, is_over: Callable[[], bool], viewer: Viewer = ANYBODY) -> Export:
    """All rows as a file. What can be refused is refused before the first piece. Raises as ``read_query`` does, and
    what ``export_source`` raises."""
    return export_source(name="query", sources=_sources(query, is_over, viewer), format_=format_)


def _sources(query: str, is_over: Callable[[], bool], viewer: Viewer) -> Iterator[Source]:
    """They lie in the database again before the first piece: how slowly a file is read is nobody's concern then."""
    with _running(query, rows=lambda _: settings.SQL_ROWS, is_over=is_over, viewer=viewer) as answer:
        columns = [ExportColumn(name=column.name, type=column.type) for column in answer.columns]
        spans = spool_result(columns=columns, rows=_all_of(answer))
        span = next(spans)
    try:
        yield Source(spans=[span], columns=columns)
    finally:
        spans.close()


def _all_of(answer: Answer) -> Iterator[Sequence[Any]]:
    letters = 0
    for number, row in enumerate(answer.rows):
        if number == answer.most_rows:
            raise QueryRefused(Fault(kind=FaultKind.TOO_MANY_ROWS, limit=number))
        letters += _letters(row)
        if letters > FILE_LETTERS:
            raise QueryRefused(Fault(kind=FaultKind.TOO_LARGE, limit=FILE_LETTERS))
        yield row


def _letters(row: Sequence[Any]) -> int:
    return sum(len(value) for value in row if isinstance(value, str))


@contextmanager
def _running(
    query: str, *, rows: Callable[[int], int], is_over: Callable[[], bool], viewer: Viewer
) -> Iterator[Answer]:
    with looked_at(query, answered, rows=rows, is_over=is_over, viewer=viewer) as answer:
        yield answer


@contextmanager
def looked_at[T](
    query: str,
    begin: Callable[..., AbstractContextManager[T]],
    *,
    rows: Callable[[int], int],
    is_over: Callable[[], bool],
    viewer: Viewer,
) -> Iterator[T]:
    """What ``begin`` (``answered`` or ``planned``) gives of a query, as one of few, under the role that reads what the
    viewer reads. Raises as ``read_query`` does."""
    text = _END.sub("", query)
    if not _slots.acquire(blocking=False):
        raise QueriesBusy(f"{AT_ONCE} other queries are running right now.", hint="Try again in a moment.")
    try:
        _check_text(text)
        role, datasets = role_of(viewer), readable_datasets(viewer)
        limits, password = Limits(seconds=settings.SQL_SECONDS, rows=rows), query_password(role)
        make_ready(role, datasets, password=password)
        relations = published_relations(text, role=role, viewer=viewer)
        readable = Readable(tables=[*(dataset.slug for dataset in datasets), SOURCES], relations=relations)
        with ExitStack() as stack:
            ask = partial(begin, text, role=role, readable=readable, limits=limits, is_over=is_over)
            try:
                found = stack.enter_context(ask(password=password))
            except CannotSignIn:  # the password is that of another SECRET_KEY
                make_query_role(role, password=password, seconds=settings.SQL_SECONDS)
                found = stack.enter_context(ask(password=password))
            yield found
    except QueryRefused as error:
        raise bad_query(error.fault, text) from error
    finally:
        _slots.release()


def _check_text(text: str) -> None:
    if len(text) > LONGEST:
        raise QueryRefused(Fault(kind=FaultKind.TOO_LONG, limit=LONGEST))
    if not text or "\0" in text:
        raise QueryRefused(Fault(kind=FaultKind.NO_ROWS))


def query_password(role: QueryRole) -> str:
    """Of a role that queries run under: every process of the site knows it, and nothing has to keep it."""
    return hmac.new(settings.SECRET_KEY.encode(), role.name.encode(), "sha256").hexdigest()
