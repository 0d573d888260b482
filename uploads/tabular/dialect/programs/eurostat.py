r"""Eurostat's tab-separated downloads: ``freq,unit,geo\TIME_PERIOD`` above ``A,EUR,AT``, and then a period a column.

Commas part the key, tabs the rest, and a space or a flag stands behind each value (``12.5 p``, ``: c``). R's package
``eurostat`` and pandas' users part the key by hand.
"""

import re

from uploads.tabular.dialect.line_form import BEGIN, LineForm, filled_lines
from uploads.tabular.notes import Note, NoteKind

_NAMES = re.compile(r"(?P<key>\w+(?:,\w+)+\\(?:TIME_PERIOD|time)) ?\t")
_KEY = re.compile(BEGIN + rb"[^\t\r\n]++(?=\t)")
_SPACES = re.compile(rb" ++(?=[\t\r\n]|\Z)")


def find_eurostat(text: str) -> LineForm | None:
    """The form of a text whose first line names the parts of its key, above rows with as many of them."""
    lines = filled_lines(text)
    names = _NAMES.match(lines[0]) if lines else None
    if names is None:
        return None
    commas, tabs = names["key"].count(","), lines[0].count("\t")
    if any(line.count("\t") != tabs or line.partition("\t")[0].count(",") != commas for line in lines):
        return None
    return LineForm(
        note=Note.of(NoteKind.PROGRAM_FORM, program="eurostat"),
        steps=((_KEY, lambda match: match[0].replace(b",", b"\t")), (_SPACES, b"")),
        delimiter="\t",
    )
