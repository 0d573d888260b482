"""A query, its result and what it can read, as the page SQL shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.safestring import SafeString

from uploads.database.querying.run import ResultColumn
from uploads.services.exporting.formats import ExportFormat
from uploads.services.querying.plan import QueryPlan
from uploads.services.querying.query import QueryPage
from uploads.services.querying.tables import QueryTable
from uploads.tabular.table import ColumnType
from uploads.web.sentences.query_plans import HIDDEN, NOTHING_RUN, plan_lines, plan_sentences
from uploads.web.shown.cells import NUMBERS, row_html
from uploads.web.shown.downloads import Download, downloads

MOST_ROWS = 500
FEWEST_ROWS = 10
MOST_CELLS = 10_000
_FORMATS = tuple(each for each in ExportFormat if each is not ExportFormat.PACKAGE)
"""A data package describes a dataset."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    words: str
    query: str
    href: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownRows:
    columns: tuple[tuple[ResultColumn, bool], ...]
    """Each with whether it has numbers."""
    lines: tuple[SafeString, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownPlan:
    lead: str
    """How much comes out."""
    sentences: tuple[str, ...]
    """How, in order."""
    text: str
    notes: str


def shown_plan(plan: QueryPlan) -> ShownPlan:
    lead, *rest = plan_sentences(plan)
    notes = f"{NOTHING_RUN} {HIDDEN}" if plan.has_views else NOTHING_RUN
    return ShownPlan(lead=lead, sentences=tuple(rest), text="\n".join(plan_lines(plan)), notes=notes)


def fitting_rows(columns: int) -> int:
    """As many as a browser lays out at once."""
    return max(FEWEST_ROWS, min(MOST_ROWS, MOST_CELLS // max(1, columns)))


def shown_rows(page: QueryPage) -> ShownRows:
    numeric = [column.type in NUMBERS for column in page.columns]
    return ShownRows(
        columns=tuple(zip(page.columns, numeric, strict=True)),
        lines=tuple(row_html(row, numeric) for row in page.rows),
    )


def query_downloads(*, address: str, query: str) -> tuple[Download, ...]:
    return downloads(address=address, query=[("query", query)], formats=_FORMATS)


def examples(tables: Sequence[QueryTable], *, here: str) -> tuple[Example, ...]:
    """Of the first dataset that has rows to group; none where there is no dataset."""
    if not tables:
        return ()
    own = [each for each in tables if not each.is_published] or tables
    table = next((each for each in own if _named(each, ColumnType.TEXT)), own[0])
    found = [("The first rows", f"SELECT *\nFROM {table.name}\nLIMIT 100")]
    if group := _named(table, ColumnType.TEXT):
        grouped = f"SELECT {group}, count(*) AS rows\nFROM {table.name}\nGROUP BY {group}\nORDER BY rows DESC"
        found.append((f"How many rows each {group} has", grouped))
    if not table.is_published:
        joined = f"{table.name}\nJOIN data._sources AS s USING (_file, _load)"
        by_file = f"SELECT s.file_name, count(*) AS rows\nFROM {joined}\nGROUP BY s.file_name"
        found.append(("How many rows each file has", by_file))
    return tuple(
        Example(words=words, query=query, href=f"{here}?{urlencode({'query': query})}") for words, query in found
    )


def _named(table: QueryTable, type_: ColumnType) -> str:
    return next((column.name for column in table.columns if column.type == type_), "")


def result_words(page: QueryPage, *, most: int) -> str:
    """``The first 500 rows, in 0.31 s. …``"""
    rows = len(page.rows)
    took = f"in {page.seconds:.2f} s"
    if not page.has_more:
        return f"{rows:,} row{'' if rows == 1 else 's'}, {took}."
    return f"The first {rows:,} rows, {took}. There are more: Download has them, up to {most:,}."


def limits_words(*, seconds: float, rows: int) -> str:
    unit = "second" if seconds == 1 else "seconds"
    return f"A query may take {seconds:g} {unit} and give {rows:,} rows. It reads, and changes nothing."
