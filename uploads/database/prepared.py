"""Questions to the site's own tables that every page asks: their SQL is written once for a process, not once a page.

To have Django write a query of some joins takes a millisecond of computing, several times what it takes to send it.
And a session of PostgreSQL plans them once: to answer the six of a dataset's page took 0.8 ms, and takes 0.27.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from types import MappingProxyType
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.models import ForeignKey, Model, QuerySet
from psycopg.sql import Literal

from uploads.database.statements import rows_in_turn

_NUMBER, _TEXT = 2_147_480_000, "\N{OBJECT REPLACEMENT CHARACTER} in a prepared question "
"""Begin what stands for the values while the SQL is written; nobody's numbers and texts look like these."""


_numbers = count(1)
_planned: WeakKeyDictionary[Any, dict[int, str]] = WeakKeyDictionary()
"""What each session has been told to prepare: the numbers of questions, and the names that they have there."""


@dataclass(frozen=True, slots=True)
class Written:
    number: int
    """Of this question in this process."""
    table: str
    """What it asks for, as whoever reads PostgreSQL's log is told."""
    sql: str
    """With ``$1``, ``$2`` and so on in the places of values; what is always the same stands there as it is, for of
    which type a value without one is, PostgreSQL can only guess (``now() - $1``)."""
    names: Sequence[str]
    """Of these values."""
    compiler: Any
    """Django's, which knows how to read what comes back."""
    converters: Mapping[int, Any]


class Prepared:
    """``ask`` makes the query; its arguments are numbers and texts that conditions compare with, and decide nothing
    else about it."""

    def __init__(self, ask: Callable[..., QuerySet[Any, Any]]) -> None:
        self._ask = ask
        self._written: Written | None = None

    def rows(self, **values: int | str) -> Iterable[Sequence[Any]]:
        """Of a query with ``values_list``."""
        found = _answers.get().get((self, *sorted(values.items())))
        if found is None:
            [found] = _sent([self.with_values(values)])
        return found

    def with_values(self, values: Mapping[str, int | str]) -> tuple[Written, list[Any]]:
        """What is sent."""
        places = {_place(number, value): name for number, (name, value) in enumerate(sorted(values.items()))}
        written = self._written = self._written or _write(self._ask, places)
        return written, [values[name] for name in written.names]

    def models[M: Model](self, model: type[M], *beside: str, **values: int | str) -> list[M]:
        """Of a query that selects this model, whole, and ``beside`` it, in this order, what it is annotated with and
        what its foreign keys lead to (``select_related``)."""
        found = []
        for row in self.rows(**values):
            each, rest = _read(model, row)
            for name in beside:
                related = _related(model, name)
                value, rest = (rest[0], rest[1:]) if related is None else _read(related, rest)
                setattr(each, name, value)
            found.append(each)
        return found


def _related(model: type[Model], name: str) -> type[Model] | None:
    """Where the foreign key of this name leads; ``None``: it is none."""
    keys = (field for field in model._meta.concrete_fields if isinstance(field, ForeignKey))  # noqa: SLF001 - documented
    return next((key.related_model for key in keys if key.name == name), None)


def _read[M: Model](model: type[M], row: Sequence[Any]) -> tuple[M, Sequence[Any]]:
    """One of these, and what stands behind it in the row."""
    names = [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001 - documented
    return model.from_db(connection.alias, names, row[: len(names)]), row[len(names) :]


type _Answers = Mapping[tuple[object, ...], list[Sequence[Any]]]

_answers: ContextVar[_Answers] = ContextVar("answers", default=MappingProxyType({}))


@contextmanager
def asked_together(*questions: Prepared, **values: int | str) -> Iterator[None]:
    """Send some questions with the same values in one message; within, they are answered by what came back.

    For what only reads: it sees nothing that is changed within. What has to be asked for later than something else is
    no question of these.
    """
    with asked_at_once([(question, values) for question in questions]):
        yield


@contextmanager
def asked_at_once(asked: Sequence[tuple[Prepared, Mapping[str, int | str]]]) -> Iterator[None]:
    """The same, each with values of its own."""
    found = _sent([question.with_values(values) for question, values in asked])
    keys = [(question, *sorted(values.items())) for question, values in asked]
    token = _answers.set(dict(zip(keys, found, strict=True)))
    try:
        yield
    finally:
        _answers.reset(token)


@dataclass(frozen=True, slots=True)
class Wording:
    """A statement that is sent often, in the same words each time: ``sql`` has ``%s`` in the places of its values."""

    table: str
    """As that of ``Written``."""
    sql: str


def fetch_worded(statements: Sequence[tuple[Wording, Sequence[object]]]) -> list[list[Sequence[Any]]]:
    """What each of some statements gives with its values, nothing where it gives no rows; one round trip for all.

    A session plans each wording once, so nothing stands in it that differs from file to file. Each statement sees what
    is committed before it begins.
    """
    return _sent([(_worded(wording), values) for wording, values in statements])


@lru_cache(maxsize=256)
def _worded(wording: Wording) -> Written:
    numbers = count(1)
    text = re.sub("%s", lambda _: f"${next(numbers)}", wording.sql)
    return Written(next(_numbers), wording.table, text, (), None, {})


def _sent(questions: Sequence[tuple[Written, Sequence[Any]]]) -> list[list[Sequence[Any]]]:
    found: list[list[Sequence[Any]]] = []
    with connection.cursor() as cursor:
        planned = _planned.setdefault(connection.connection, {})
        # names of their own for each try: of a message that fails nobody knows how far it came
        new = {each.number: f"{each.table}_{next(_numbers)}" for each, _ in questions if each.number not in planned}
        words = [f"PREPARE {new[each.number]} AS {each.sql}" for each, _ in questions if each.number in new]
        words += [_execute((planned | new)[each.number], len(of)) for each, of in questions]
        cursor.execute("; ".join(words), [each for _, of in questions for each in of])
        for _ in new:
            cursor.cursor.nextset()
        planned |= new
        for written, _ in questions:
            rows: list[Sequence[Any]] = [*rows_in_turn(cursor.cursor)]
            if written.converters:
                rows = list(written.compiler.apply_converters(rows, written.converters))
            found.append(rows)
    return found


def _execute(name: str, values: int) -> str:
    return f"EXECUTE {name} ({', '.join(['%s'] * values)})" if values else f"EXECUTE {name}"


def _place(number: int, value: int | str) -> int | str:
    return f"{_TEXT}{number}" if isinstance(value, str) else _NUMBER + number


def _is_in(param: object, places: Mapping[int | str, str]) -> bool:
    return isinstance(param, int | str) and param in places


def _write(ask: Callable[..., QuerySet[Any, Any]], places: Mapping[int | str, str]) -> Written:
    query = ask(**{name: place for place, name in places.items()}).query
    compiler: Any = query.get_compiler(connection=connection)  # stands for that of each thread
    sql, params = compiler.as_sql()
    names = [places[each] for each in params if _is_in(each, places)]
    if missing := set(places.values()) - set(names):
        raise TypeError(f"the query does not ask for {', '.join(sorted(missing))}")
    converters = compiler.get_converters([each for each, *_ in compiler.select])
    numbers = count(1)
    connection.ensure_connection()
    shown = [f"${next(numbers)}{_cast(each)}" if _is_in(each, places) else _literal(each) for each in params]
    following = iter(shown)
    written = re.sub("%s|%%", lambda found: "%%" if found[0] == "%%" else next(following), sql)
    return Written(next(_numbers), query.get_meta().db_table, written, tuple(names), compiler, converters)


def _cast(value: object) -> str:
    """A number may be larger than the column that it is compared with holds: then no row has it."""
    return "::bigint" if isinstance(value, int) else ""


def _literal(value: object) -> str:
    """A value that is always the same, as it stands in SQL in which ``%s`` stands for others."""
    return Literal(value).as_string(connection.connection).replace("%", "%%")
