"""A process that ends at a statement, as by ``kill -9``: PostgreSQL takes back what it had not committed, and it asks
nothing more. Environment: ``EXAMPLES``; with 100 (``make faults``) it ends at each of them, else at some."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

STRIDE = 1 if int(os.environ.get("EXAMPLES", "20")) >= 100 else 7


class Killed(BaseException):
    """The process ends here."""


@contextmanager
def killed_before(statement: int) -> Iterator[None]:
    """Of all that are sent; 0 is the first. Raises ``Killed``, unless fewer are sent."""
    sent = 0

    def send(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        nonlocal sent
        sent += 1
        if sent > statement:
            context["connection"].connection.close()
            raise Killed
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(send):
            yield
    finally:
        if sent > statement:
            connection.close()


@dataclass(frozen=True, kw_only=True, slots=True)
class Kills[Seen]:
    """What was seen after each process that was killed."""

    number: int
    """Of those that changed nothing."""
    after: Seen
    """What was seen first that is not as before: after a process that was killed too late, or after one that lived."""


def kill_at_each_statement[Seen](act: Callable[[], object], *, look: Callable[[], Seen]) -> Kills[Seen]:
    """Kill ``act`` before its first statement, before a later one, and so on, until something has changed."""
    before, number = look(), 0
    while True:
        try:
            with killed_before(number * STRIDE):
                act()
        except Killed:
            pass
        else:
            return Kills(number=number, after=look())
        if (found := look()) != before:
            return Kills(number=number, after=found)
        number += 1
