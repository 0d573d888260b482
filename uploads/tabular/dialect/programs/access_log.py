"""The Common Log Format of Apache, nginx and others: ``… [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 2326``.

Spaces part its cells, and the one in the time does not. Readers of CSV make two columns of it.
"""

import re

from uploads.tabular.dialect.line_form import BEGIN, LineForm, filled_lines, in_bytes
from uploads.tabular.notes import Note, NoteKind

_TIME = rb"\d{2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}:\d{2} [-+]\d{4}"
_BEGINS = BEGIN + rb"(?P<who>(?:\S++ ){3,4})\[(?P<time>" + _TIME + rb')\](?= ")'
_LINE = re.compile(_BEGINS)
_STEPS = ((_LINE, lambda match: match["who"] + b'"' + match["time"] + b'"'),)
_NEARLY_ALL = 0.95


def find_access_log(text: str) -> LineForm | None:
    """The form of a text of which nearly all lines, and the first, tell who asked, when, and for what."""
    lines = [in_bytes(line) for line in filled_lines(text)]
    if not lines or not _LINE.match(lines[0]):
        return None
    if sum(1 for line in lines if _LINE.match(line)) < _NEARLY_ALL * len(lines):
        return None
    return LineForm(note=Note.of(NoteKind.PROGRAM_FORM, program="access_log"), steps=_STEPS, delimiter=" ")
