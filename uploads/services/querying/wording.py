"""What is wrong with a query, in sentences, and where in it."""

from dataclasses import dataclass

from uploads.database.querying.faults import Fault, FaultKind
from uploads.tabular.errors import UploaderError


class BadQuery(UploaderError):
    """A query that gives no rows as it stands."""

    code = "bad_query"

    def __init__(self, message: str, *, hint: str = "", place: "Place | None" = None) -> None:
        super().__init__(f"Line {place.line}, column {place.column}: {message}" if place else message, hint=hint)
        self.place = place


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a query is wrong: line and column from 1, and the query cut there."""

    line: int
    column: int
    before: str
    marked: str
    after: str


ONLY_SELECT = "One SELECT at a time, which reads and changes nothing."
_WORDS: dict[FaultKind, tuple[str, str]] = {
    FaultKind.SYNTAX: ("{said}", "Look for a missing comma, quote or bracket before this place."),
    FaultKind.NO_DATASET: (
        "There is no dataset of this name.",
        "A query reads datasets and data._sources, and nothing else. The list beside it has their names.",
    ),
    FaultKind.NO_COLUMN: ("{said}", "{hint}"),
    FaultKind.NO_ROWS: ("This is no query that gives rows.", "{only}"),
    FaultKind.SEVERAL: (
        "These are several statements.",
        "{only} Leave out what stands behind the first semicolon.",
    ),
    FaultKind.FUNCTION: (
        "The function {name} is not one that a query may call.",
        "Functions that compute with numbers, dates and texts are; those that read or change the server are not.",
    ),
    FaultKind.TYPE: (
        "The type {name} is not one that a query may name.",
        "Numbers, texts, dates, times, JSON and arrays of them are.",
    ),
    FaultKind.NOT_LOOKED_AT: (
        "The database does not say what this query names, so it is not run.",
        "Tell the people who run this site: something between site and database takes away the server’s notices.",
    ),
    FaultKind.TOO_LONG: ("The query has more than the {limit} letters that one may have.", "Make it shorter."),
    FaultKind.TOO_MANY_WORDS: (
        "The query has {name} more than the {limit} times that one may have it.",
        "Ask for parts of it in several queries.",
    ),
    FaultKind.LONG_CELL: (
        "A value of {name} has more than the {limit} letters that one may have here.",
        "Take its beginning: left({name}, 1000).",
    ),
    FaultKind.TOO_MANY_ROWS: (
        "The result has more than the {limit} rows that a query may give.",
        "Add a LIMIT or a WHERE, or group the rows. A whole dataset is downloaded on its own page.",
    ),
    FaultKind.TOO_LARGE: (
        "The texts of the result have more than the {limit} letters that a query may give.",
        "Leave out columns with long texts, or take their beginnings: left(column, 1000).",
    ),
    FaultKind.UNREADABLE: ("{name} cannot be read right now.", "Its page says why."),
    FaultKind.PARTLY_READ: (
        "{name} shows each role of the database other rows or columns, so no query reads it here.",
        "Read it on its page, or over the API.",
    ),
    FaultKind.NOT_GRANTED: ("The database does not let queries read {name}.", "Its owner lets them: {hint};"),
    FaultKind.NOT_BENEATH: (
        "The database does not let queries read all that this view is made of.",
        "Read it on its page, or ask whoever runs the database.",
    ),
    FaultKind.OTHER: ("{said}", "{hint}"),
}


def bad_query(fault: Fault, query: str) -> BadQuery:
    message, hint = _words(fault)
    return BadQuery(message, hint=hint, place=None if fault.position is None else place_of(query, fault.position))


def place_of(query: str, position: int) -> Place:
    """``position`` in letters from 0; the word that stands there is marked."""
    line_start = query.rfind("\n", 0, position) + 1
    end = position
    while end < len(query) and (query[end].isalnum() or query[end] in "_."):
        end += 1
    if end == position:
        end = min(position + 1, len(query))
    return Place(
        line=query.count("\n", 0, position) + 1,
        column=position - line_start + 1,
        before=query[:position],
        marked=query[position:end].strip("\n") or "␣",
        after=query[end:],
    )


def _words(fault: Fault) -> tuple[str, str]:
    """``{said}`` and ``{hint}`` are PostgreSQL's own words."""
    message, hint = _WORDS[fault.kind]
    facts = {
        "said": _sentence(fault.said),
        "hint": fault.hint,
        "name": fault.name,
        "limit": f"{fault.limit:,}",
        "only": ONLY_SELECT,
    }
    return message.format(**facts), hint.format(**facts)


def _sentence(said: str) -> str:
    """PostgreSQL begins without a capital and ends without a full stop."""
    said = said.strip().rstrip(".")
    return f"{said[:1].upper()}{said[1:]}." if said else "PostgreSQL refuses this query."
