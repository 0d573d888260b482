"""Statements whose rows say which section they belong to and what they are: ``Trades,Header,…``, ``Trades,Data,…``.

So write Interactive Brokers and those who copied it: the first cell names the section, the second says ``Header``,
``Data``, ``SubTotal`` or ``Total``. Every reader of CSV takes the first line for the header of them all.
"""

import re
from collections.abc import Sequence

from uploads.tabular.dialect.line_form import BEGIN, LineForm, filled_lines
from uploads.tabular.notes import Note, NoteKind

_ROW = re.compile(r'(?P<section>"[^"]*"|[^,"]*),"?(?P<kind>Header|Data|SubTotal|Total|Notes)"?(?:,|$)')
_HEADER = "Header"
_LEAST_HEADERS = 2
_NEARLY_ALL = 0.95
"""A cell may go on in the next line."""
_DELIMITER = ","
_NAMES = (re.compile(BEGIN + rb'(?:"[^"\r\n]*"|[^,"\r\n]*),"?Header"?(?=[,\r\n])'), b"Section,Row")


def find_sectioned(text: str) -> LineForm | None:
    """The form of a text whose lines nearly all say so, of which each section begins with its header."""
    if ",Header," not in text and ',"Header",' not in text:
        return None
    lines = filled_lines(text)
    found = [row for line in lines if (row := _ROW.match(line))]
    if len(found) < _NEARLY_ALL * len(lines) or not lines or not _ROW.match(lines[0]):
        return None
    headers = [row for row in found if row["kind"] == _HEADER]
    if len(headers) < _LEAST_HEADERS or len(headers) == len(found) or not _begin_with_headers(found):
        return None
    return LineForm(note=Note.of(NoteKind.PROGRAM_FORM, program="sections"), steps=(_NAMES,), delimiter=_DELIMITER)


def _begin_with_headers(rows: Sequence[re.Match[str]]) -> bool:
    above = ""
    for row in rows:
        if row["section"] != above and row["kind"] != _HEADER:
            return False
        above = row["section"]
    return True


def sections_begun(text: str) -> list[int]:
    """The lines, from 0, of all headers but the first."""
    lines = enumerate(re.split(r"\r\n|\r|\n", text))
    return [at for at, line in lines if (row := _ROW.match(line)) and row["kind"] == _HEADER][1:]
