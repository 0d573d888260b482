"""Row 21: pages, filters and counts of values against bare SQL with the index that is right for it; profiles.

A dataset of several files, with indexes for readers on a number and a text, and beside it a table of the same rows with
the indexes that somebody would make by hand.
"""

# ruff: noqa: S608 - names and values of this module

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.db import connection

from tests.bench import data
from tests.bench.answering import Visitor
from tests.bench.datasette_peer import beside_datasette
from tests.bench.measuring import Result, interleaved, timed
from tests.bench.place import Place
from uploads.database.reading.terms import Place as PlaceInOrder
from uploads.database.rows import Position
from uploads.services.datasets.reflection import RowFigure, RowsKnown
from uploads.services.reading.facets import facets_of
from uploads.services.reading.indexes import make_indexes, want_index, with_indexes
from uploads.services.reading.pages import read_page
from uploads.services.reading.parameters import read_view
from uploads.services.reading.profiles import make_profiles
from uploads.services.reading.view import Cursor, fields_of
from uploads.services.visibility import ANYBODY, find_dataset
from uploads.web.cursors import read_view_cursor, write_cursor

FILES = 5
SLUG = "reading"
PAGE = 100
DEEP = 0.98
WARMING = 2
MORE_MS = 25
"""What a page may take beyond bare SQL."""
UNINDEXED = "rows of one number with the values of a date counted, without an index"
OWN = "_file, _load, _row"


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """What is asked, as parameters of the API and as bare SQL."""

    what: str
    bare: tuple[str, ...]
    sent: dict[str, str] = field(default_factory=dict)


def reading(place: Place, rows: int, times: int) -> list[Result]:
    each = rows // FILES
    tables = [data.prices(place.folder, each, edition).path for edition in range(FILES)]
    loads = [place.load(table, each, SLUG)[0] for table in tables]
    profiled = timed(lambda: make_profiles(gives_way=False)) / FILES
    results = [
        Result(
            row="21",
            work=f"profile of {each:,} rows × 5, in the background",
            unit="s",
            ours=profiled,
            yardstick=statistics.median(loads),
            against="load",
            note="begins once the rows can be seen, and gives way to files that wait",
        )
    ]
    for name in ("price", "code"):
        want_index(dataset=find_dataset(slug=SLUG), name=name)
    made = timed(lambda: make_indexes(dataset_id=find_dataset(slug=SLUG).pk, gives_way=False))
    results.append(Result(row="21", work=f"two indexes on {rows:,} rows in {FILES} files", unit="s", ours=made))
    place.execute(f"CREATE TABLE bare AS SELECT * FROM data.{SLUG}")
    for keys in (OWN, f"price, {OWN}", f"code, {OWN}"):
        place.execute(f"CREATE INDEX ON bare ({keys})")
    for table_name in ("bare", f"data.{SLUG}"):
        place.execute(f"VACUUM ANALYZE {table_name}")
    cases = _cases(place, rows)
    results += [_compared(times, case) for case in cases]
    with place.web() as port, Visitor(port) as visitor:
        results.append(_over_http(visitor, times, first=cases[0], deep=cases[3]))
    results += beside_datasette(place, tables, code=cases[5].sent["code"], times=times)
    place.execute("DROP TABLE bare")
    place.forget()
    return results


def _cases(place: Place, rows: int) -> list[Case]:
    deep = int(rows * DEEP)
    [at] = place.execute(f"SELECT {OWN} FROM bare ORDER BY {OWN} OFFSET {deep} LIMIT 1")
    [(price, *own)] = place.execute(f"SELECT price, {OWN} FROM bare ORDER BY price, {OWN} OFFSET {deep} LIMIT 1")
    [(code,)] = place.execute(f"SELECT code FROM bare ORDER BY {OWN} OFFSET {deep} LIMIT 1")
    after = write_cursor(Position(file=at[0], load=at[1], row=at[2]))
    after_price = write_cursor(PlaceInOrder(sort="price", values=(str(price),), tie=(*map(str, own), "(0,0)")))
    behind, behind_price = (", ".join(map(str, values)) for values in (at, (price, *own)))
    page = f"SELECT * FROM bare {{}} LIMIT {PAGE + 1}"
    counted = "SELECT {0}, count(*) FROM bare WHERE {1} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 21"
    few, many = "price BETWEEN 100 AND 100.99", "stock = 7"
    by_price = f"price, {OWN}"
    return [
        Case(what="first page", bare=(page.format(f"ORDER BY {OWN}"),)),
        Case(
            what=f"page at row {deep:,}",
            sent={"after": after},
            bare=(page.format(f"WHERE ({OWN}) > ({behind}) ORDER BY {OWN}"),),
        ),
        Case(what="first page by a number", sent={"_sort": "price"}, bare=(page.format(f"ORDER BY {by_price}"),)),
        Case(
            what=f"page at row {deep:,} by a number",
            sent={"_sort": "price", "after": after_price},
            bare=(page.format(f"WHERE ({by_price}) > ({behind_price}) ORDER BY {by_price}"),),
        ),
        Case(
            what="last page by a number",
            sent=last_page(),
            bare=(page.format("ORDER BY price DESC, _file DESC, _load DESC, _row DESC"),),
        ),
        Case(
            what="rows of one text",
            sent={"code": code},
            bare=(page.format(f"WHERE code = '{code}' ORDER BY {OWN}"),),
        ),
        Case(
            what="rows of a range of a number, the values of another counted",
            sent={"price__range": "100,100.99", "_facet": "stock"},
            bare=(counted.format("stock", few), page.format(f"WHERE {few} ORDER BY {OWN}")),
        ),
        Case(
            what=UNINDEXED,
            sent={"stock": "7", "_facet": "since"},
            bare=(counted.format("since", many), page.format(f"WHERE {many} ORDER BY {OWN}")),
        ),
    ]


def last_page() -> dict[str, str]:
    """By the link that leads back from behind the last row: as a reader comes there."""
    dataset = find_dataset(slug=SLUG)
    fields = fields_of(dataset=dataset, viewer=ANYBODY)
    last = read_page(slug=SLUG, view=read_view({"_sort": ["-price"], "limit": ["1"]}, fields=fields))
    cursor: Cursor | None = last.next
    if not isinstance(cursor, PlaceInOrder):
        raise TypeError("a sorted page has a next one")
    behind = PlaceInOrder(sort="price", values=cursor.values, tie=cursor.tie)
    return {"_sort": "price", "_before": write_cursor(behind)}


def _over_http(visitor: Visitor, times: int, *, first: Case, deep: Case) -> Result:
    addresses = [f"/api/datasets/{SLUG}/rows?{urlencode({**case.sent, 'limit': str(PAGE)})}" for case in (deep, first)]
    ours, yardstick = interleaved(
        times * 4 + WARMING, *(lambda address=address: visitor.get(address) for address in addresses)
    )
    return Result(
        row="21",
        work=f"{deep.what}, over HTTP",
        unit="ms",
        ours=statistics.median(ours[WARMING:]),
        yardstick=statistics.median(yardstick[WARMING:]),
        against="first page of all",
        must=1.25,
        runs=ours[WARMING:],
        yardstick_runs=yardstick[WARMING:],
    )


def _answer(case: Case) -> None:
    """What the API does for an address, but for its way there and back and the JSON."""
    dataset = find_dataset(slug=SLUG)
    sent = {name: [text] for name, text in case.sent.items()}
    after, before = (read_view_cursor(case.sent.get(name, "")) for name in ("after", "_before"))
    fields = fields_of(dataset=dataset, viewer=ANYBODY)
    view = replace(read_view(sent, fields=fields, after=after, before=before), limit=PAGE)
    view = with_indexes(dataset=dataset, view=view)
    read_page(slug=SLUG, view=view, dataset=dataset, columns=fields.columns)
    facets_of(dataset=dataset, view=view, whole=RowFigure(rows=None, known=RowsKnown.EXACT))


def _compared(times: int, case: Case) -> Result:
    ours, yardstick = interleaved(
        times * 4 + WARMING,
        lambda: timed(lambda: _answer(case)) * 1000,
        lambda: timed(lambda: _fetch(case.bare)) * 1000,
    )
    ours, yardstick, what = ours[WARMING:], yardstick[WARMING:], case.what
    here, there = statistics.median(ours), statistics.median(yardstick)
    if what == UNINDEXED:
        return Result(
            row="21", work=what, unit="ms", ours=here, yardstick=there, against="bare SQL", must=1.5, runs=ours
        )
    return Result(
        row="21",
        work=f"{what}, beyond bare SQL",
        unit="ms",
        ours=here - there,
        must=MORE_MS,
        note=f"{here:.1f} ms with us, {there:.1f} ms bare",
        runs=ours,
        yardstick_runs=yardstick,
    )


def _fetch(statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()
