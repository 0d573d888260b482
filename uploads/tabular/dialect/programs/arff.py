"""ARFF, the format of Weka: ``@attribute`` names a column, and the rows stand below ``@data``.

CleverCSV 0.8 and DuckDB's sniffer 1.4 take the last attribute for a header.
"""

import re

from uploads.tabular.dialect.line_form import BEGIN, LineForm, filled_lines
from uploads.tabular.notes import Note, NoteKind

_REMARK = "%"
_RELATION = re.compile(r"@relation\s.*", re.IGNORECASE)
_DATA = re.compile(r"@data\s*", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""@attribute\s+(?:'(?P<single>[^']+)'|"(?P<double>[^"]+)"|(?P<bare>\S+))\s+\S.*""", re.IGNORECASE
)
_NO_ROWS = (re.compile(BEGIN + rb"[ \t]*+(?:%|@(?i:relation|attribute|data)\b)[^\r\n]*+"), b"")
_PADDED = (re.compile(rb"[ \t]*,[ \t]*+"), b",")
_BEGINNING = 20_000
"""Characters at the top, remarks among them, in which the relation is named."""
_SPARSE = "{"
_DELIMITER = ","


def find_arff(text: str) -> LineForm | None:
    """The form of a text that begins so; none of the sparse form, which names only some cells of each row."""
    if "@relation" not in text[:_BEGINNING].lower():
        return None
    lines = [line.strip() for line in filled_lines(text) if not line.lstrip().startswith(_REMARK)]
    if not lines or not _RELATION.fullmatch(lines[0]):
        return None
    at = next((at for at, line in enumerate(lines) if _DATA.fullmatch(line)), len(lines))
    found = [_ATTRIBUTE.fullmatch(line) for line in lines[1:at]]
    names = [one["single"] or one["double"] or one["bare"] for one in found if one]
    rows = lines[at + 1 :]
    if not names or len(names) < len(found) or not rows or rows[0].startswith(_SPARSE):
        return None
    note = Note.of(NoteKind.PROGRAM_FORM, program="arff")
    return LineForm(note=note, steps=(_NO_ROWS, _PADDED), columns=tuple(names), delimiter=_DELIMITER)
