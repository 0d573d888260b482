"""Questions to the site's own tables that every page asks: their SQL is written once for a process, not once a page.

To have Django write a query of some joins takes a millisecond of computing, several times what it takes to send it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

_NUMBER, _TEXT = 2_147_480_000, "\N{OBJECT REPLACEMENT CHARACTER} in a prepared question "
"""Begin what stands for the values while the SQL is written; nobody's numbers and texts look like these."""


@dataclass(frozen=True, slots=True)
class _Written:
    sql: str
    params: Sequence[Any]
    compiler: Any
    """Django's, which knows how to read what comes back."""
    converters: Mapping[int, Any]


class Prepared:
    """``ask`` makes the query; its arguments are numbers and texts that conditions compare with, and decide nothing
    else about it."""

    def __init__(self, ask: Callable[..., QuerySet[Any, Any]]) -> None:
        self._ask = ask
        self._written: _Written | None = None

    def rows(self, **values: int | str) -> Iterable[Sequence[Any]]:
        """Of a query with ``values_list``."""
        places = {_place(number, value): name for number, (name, value) in enumerate(sorted(values.items()))}
        written = self._written = self._written or _write(self._ask, places)
        params = [values[places[each]] if _is_in(each, places) else each for each in written.params]
        with connection.cursor() as cursor:
            cursor.execute(written.sql, params)
            found: list[Sequence[Any]] = cursor.fetchall()
        if not written.converters:
            return found
        converted: Iterable[Sequence[Any]] = written.compiler.apply_converters(found, written.converters)
        return converted

    def models[M: Model](self, model: type[M], **values: int | str) -> list[M]:
        """Of a query that selects this model, whole, and nothing else."""
        names = [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001 - documented
        return [model.from_db(connection.alias, names, row) for row in self.rows(**values)]


def _place(number: int, value: int | str) -> int | str:
    return f"{_TEXT}{number}" if isinstance(value, str) else _NUMBER + number


def _is_in(param: object, places: Mapping[int | str, str]) -> bool:
    return isinstance(param, int | str) and param in places


def _write(ask: Callable[..., QuerySet[Any, Any]], places: Mapping[int | str, str]) -> _Written:
    query = ask(**{name: place for place, name in places.items()}).query
    compiler: Any = query.get_compiler(connection=connection)  # stands for that of each thread
    sql, params = compiler.as_sql()
    there = {each for each in params if _is_in(each, places)}
    if missing := [name for place, name in places.items() if place not in there]:
        raise TypeError(f"the query does not ask for {', '.join(missing)}")
    converters = compiler.get_converters([each for each, *_ in compiler.select])
    return _Written(sql, tuple(params), compiler, converters)
