"""Logs in the W3C's Extended Log File Format, as IIS, CloudFront and proxies write them: ``#Fields`` names the columns.

pandas 2.2, DuckDB 1.4 and CleverCSV 0.8 take the directives for rows, or for comments, and the names with them.
"""

import re

from uploads.tabular.dialect.line_form import BEGIN, LineForm, filled_lines
from uploads.tabular.notes import Note, NoteKind

_FIELDS = "#Fields:"
_TOP = 20
"""Lines among which the names are looked for."""
_DIRECTIVES = (re.compile(BEGIN + rb"#(?!Fields:)[A-Za-z-]++:[^\r\n]*+"), b"")


def find_web_log(text: str) -> LineForm | None:
    """The form of a text that begins with directives, has its columns named by one, and as many cells in each row."""
    lines = filled_lines(text)
    names = next((line for line in lines[:_TOP] if line.startswith(_FIELDS)), None)
    rows = [line for line in lines if not line.startswith("#")]
    if names is None or not lines[0].startswith("#") or not rows:
        return None
    count = len(names.removeprefix(_FIELDS).split())
    mark = next((mark for mark in "\t " if all(line.count(mark) >= count - 1 for line in rows)), None)
    if mark is None or count < 2:
        return None
    fields = (
        re.compile(BEGIN + rb"#Fields:[ \t]*+([^\r\n]*+)"),
        lambda match: mark.encode().join(match[1].split()),
    )
    return LineForm(note=Note.of(NoteKind.WEB_LOG, delimiter=mark), steps=(_DIRECTIVES, fields), delimiter=mark)
