"""The order of a sorted view and what lies behind a place in it, as SQL that an index can serve.

An order is that of the columns sorted by, then of a *tie* of columns that are never NULL and tell all rows apart, in
the direction of the last column. So one b-tree on a column and the tie serves both directions. NULLs come last in both:
what has a value in the first column and what has none are two *segments* that are read one after the other, for
PostgreSQL takes no index for ``DESC NULLS LAST``. Read backward, all of it is turned round. A tie is NULL only where
somebody once said of a view what tells its rows apart, and rows have come since.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from psycopg import sql

from uploads.database.reading.terms import Place, SortKey


@dataclass(frozen=True, kw_only=True, slots=True)
class TieColumn:
    """Its expression, and its type as SQL casts to it."""

    expression: sql.Composable
    type_sql: sql.Composable


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """Rows that follow each other: a condition for which, behind the place, and their order."""

    where: sql.Composable
    order: sql.Composable


@dataclass(frozen=True, kw_only=True, slots=True)
class Keyset:
    """An order, read in one direction."""

    sort: Sequence[SortKey]
    tie: Sequence[TieColumn]
    is_backward: bool

    @property
    def selected(self) -> list[sql.Composable]:
        """What a place is made of, as text: of the columns sorted by, then of the tie."""
        every = [key.field.sorted_by for key in self.sort] + [column.expression for column in self.tie]
        return [sql.SQL("({})::text").format(each) for each in every]

    def segments(self, behind: Place | None) -> Iterator[Segment]:
        """All rows behind the place, or all there are, in the order in which they are read."""
        if not self.sort:
            yield Segment(where=self._after((), behind), order=self._order(()))
            return
        lead, rest = self.sort[0].field.sorted_by, self.sort[1:]
        is_null = behind is not None and behind.values[0] is None
        # Of the rows without a value the first column too: it is by this that the planner knows the order of an index.
        order = self._order(self.sort)
        filled = Segment(
            where=sql.SQL("{} IS NOT NULL AND {}").format(lead, self._after_lead(None if is_null else behind)),
            order=order,
        )
        empty = Segment(
            where=sql.SQL("{} IS NULL AND {}").format(lead, self._after(rest, behind if is_null else None)),
            order=order,
        )
        if self.is_backward:
            if behind is None or is_null:
                yield empty
            yield filled
            return
        if not is_null:
            yield filled
        yield empty

    def _is_descending(self, key: SortKey) -> bool:
        return key.is_descending is not self.is_backward

    @property
    def _tie_descends(self) -> bool:
        return self._is_descending(self.sort[-1]) if self.sort else self.is_backward

    def _order(self, keys: Sequence[SortKey]) -> sql.Composable:
        """NULLs are said where there can be any: not of the first column, whose index would not be used then."""
        terms = []
        for key in keys:
            nulls = "" if key is self.sort[0] else " NULLS FIRST" if self.is_backward else " NULLS LAST"
            direction = " DESC" if self._is_descending(key) else ""
            terms.append(sql.SQL("{}{}{}").format(key.field.sorted_by, sql.SQL(direction), sql.SQL(nulls)))
        direction = " DESC" if self._tie_descends else ""
        terms += [sql.SQL("{}{}").format(column.expression, sql.SQL(direction)) for column in self.tie]
        return sql.SQL(", ").join(terms)

    def _after_lead(self, behind: Place | None) -> sql.Composable:
        """Of rows with a value in the first column: one comparison of rows where it is the only one, else with a bound
        from which an index can be read."""
        if behind is None:
            return sql.SQL("true")
        [key, *rest] = self.sort
        value = _value(key, behind.values[0] or "")
        sign = sql.SQL("<" if self._is_descending(key) else ">")
        if not rest and None not in behind.tie:
            left, right = _tie_row(self.tie, behind.tie)
            return sql.SQL("({}, {}) {} ({}, {})").format(key.field.sorted_by, left, sign, value, right)
        return sql.SQL("{column} {sign}= {value} AND ({column} {sign} {value} OR {after})").format(
            column=key.field.sorted_by, sign=sign, value=value, after=self._after(rest, behind)
        )

    def _after(self, keys: Sequence[SortKey], behind: Place | None) -> sql.Composable:
        """Of rows that are equal in the columns before ``keys``, the last ones sorted by."""
        if behind is None:
            return sql.SQL("true")
        if not keys:
            return _after_tie(self.tie, behind.tie, descends=self._tie_descends)
        [key, *rest] = keys
        column, after = key.field.sorted_by, self._after(rest, behind)
        text = behind.values[len(behind.values) - len(keys)]
        if text is None:
            same = sql.SQL("{} IS NULL AND {}").format(column, after)
            return sql.SQL("({} IS NOT NULL OR {})").format(column, same) if self.is_backward else same
        return sql.SQL("({column} {sign} {value}{nulls} OR {column} = {value} AND {after})").format(
            column=column,
            sign=sql.SQL("<" if self._is_descending(key) else ">"),
            value=_value(key, text),
            nulls=sql.SQL("") if self.is_backward else sql.SQL(" OR {} IS NULL").format(column),
            after=after,
        )


def _after_tie(tie: Sequence[TieColumn], texts: Sequence[str | None], *, descends: bool) -> sql.Composable:
    """Behind a place in the tie alone: one comparison of rows, down to the first column that has no value there. Rows
    without one come last, or first where it descends, as PostgreSQL sorts them."""
    blank = next((at for at, text in enumerate(texts) if text is None), len(texts))
    left, right = _tie_row(tie[:blank], texts[:blank])
    known = sql.SQL("({}) {} ({})").format(left, sql.SQL("<" if descends else ">"), right)
    if blank == len(texts):
        return known
    rest: sql.Composable = sql.SQL("false")
    if blank + 1 < len(texts):
        rest = _after_tie(tie[blank + 1 :], texts[blank + 1 :], descends=descends)
    column = tie[blank].expression
    here = sql.SQL("({} IS NULL AND {})").format(column, rest)
    if descends:
        here = sql.SQL("({} IS NOT NULL OR {})").format(column, here)
    return sql.SQL("({} OR ({}) = ({}) AND {})").format(known, left, right, here) if blank else here


def _tie_row(tie: Sequence[TieColumn], texts: Sequence[str | None]) -> tuple[sql.Composable, sql.Composable]:
    comma = sql.SQL(", ")
    given = [
        sql.SQL("{}::{}").format(sql.Literal(text), column.type_sql) for column, text in zip(tie, texts, strict=True)
    ]
    return comma.join([column.expression for column in tie]), comma.join(given)


def _value(key: SortKey, text: str) -> sql.Composable:
    return sql.SQL("{}::{}").format(sql.Literal(text), sql.SQL(key.field.type_sql))


def page_ends[T](
    found: Sequence[T], *, limit: int, is_backward: bool, is_first: bool
) -> tuple[list[T], T | None, T | None]:
    """Of up to ``limit + 1`` rows as they were read: those of the page in order, and its first and its last one where
    further rows lie beyond. Behind a place that somebody came from there are some."""
    rows, is_more = list(found[:limit]), len(found) > limit
    if is_backward:
        rows.reverse()
        return rows, rows[0] if is_more else None, rows[-1] if rows else None
    return rows, None if is_first or not rows else rows[0], rows[-1] if is_more else None
