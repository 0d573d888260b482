"""A value as a page shows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from uploads.tabular.table import ColumnType

CELL_SHOWN = 300
"""Characters of a cell that are shown."""
_MARKS = {"\n": "↵", "\r": "↵", "\t": "⇥", "\xa0": "⍽", "\u2007": "⍽", "\u202f": "⍽"}
_SPACE_MARK = "␣"
_MOST_MARKS = 3
_NEVER_NUMBERS = (bool, datetime)
NUMBERS = frozenset({ColumnType.BIGINT, ColumnType.NUMERIC, ColumnType.DOUBLE})


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    text: str
    kind: str
    """As a class of CSS: number, text or null, or both null and number."""
    is_cut: bool = False
    """Only its beginning is shown."""
    before: str = ""
    """Marks for the white space that it begins with, which nobody would see."""
    after: str = ""
    """Marks for that which it ends with."""


def cell_of(value: Any, is_number: bool) -> Cell:
    """A value as text, the way PostgreSQL prints it."""
    if value is None:
        return Cell(text="", kind="null number" if is_number else "null")
    text = _text_of(value)
    if isinstance(value, _NEVER_NUMBERS):
        return Cell(text=text, kind="text")
    begin = len(text) - len(text.lstrip())
    before, after = text[:begin], text[max(len(text.rstrip()), begin) :]
    is_cut = len(text) > CELL_SHOWN
    if is_cut:  # what comes may be a beginning itself: where it ends nobody knows
        text, after = _beginning(text), ""
    return Cell(
        text=text, kind="number" if is_number else "text", is_cut=is_cut, before=_marks(before), after=_marks(after)
    )


def row_html(values: Iterable[Any], numeric: Sequence[bool]) -> SafeString:
    """A row's values as the cells of a table, escaped.

    Made here, for a template takes some 15 µs of computing for a cell, which was half of what a page took.
    """
    return mark_safe("".join([_td(*each) for each in zip(values, numeric, strict=True)]))  # noqa: S308


def _td(value: Any, is_number: bool) -> str:
    """As ``cell_of`` has it, without its marks, which are for whoever looks for what is wrong: a page has thousands."""
    if value is None:
        return '<td class="null number"></td>' if is_number else '<td class="null"></td>'
    text = escape(_beginning(_text_of(value)))
    if is_number and not isinstance(value, _NEVER_NUMBERS):
        return f'<td class="number">{text}</td>'
    return f'<td class="text" dir="auto">{text}</td>'


def _text_of(value: Any) -> str:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(sep=" ")
    return str(value)


def _beginning(text: str) -> str:
    return text if len(text) <= CELL_SHOWN else text[:CELL_SHOWN] + "…"


def _marks(white: str) -> str:
    """A sign for each character, of the first few."""
    return "".join(_MARKS.get(letter, _SPACE_MARK) for letter in white.replace("\r\n", "\n")[:_MOST_MARKS])
