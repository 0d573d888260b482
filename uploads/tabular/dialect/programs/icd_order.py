"""The order files of ICD-10-CM and ICD-10-PCS that CMS publishes: number, code, whether it is billable, two names.

Their columns have fixed places with single spaces between them, which nothing in the file shows: pandas' ``read_fwf``
and DuckDB's sniffer 1.4 make two or three columns of them. The places are those of ``icd10OrderFiles.pdf``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from uploads.tabular.dialect.columns.cut_lines import CutLines
from uploads.tabular.dialect.line_form import LineForm, filled_lines
from uploads.tabular.dialect.places import MARK
from uploads.tabular.notes import Note, NoteKind

_LINE = re.compile(r"(\d{5}) (?=.{7} [01] )([A-Z\d]{3,7}) *([01]) (.{60}) (\S.*)")
_LEAST_LINES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class IcdOrder(CutLines):
    """Five cells a line; a line of other places is one."""

    def cells(self, line: str) -> Sequence[str]:
        found = _LINE.fullmatch(line)
        return [line.strip()] if found is None else [cell.strip() for cell in found.groups()]


def find_icd_order(text: str) -> LineForm | None:
    """The form of a text all of whose lines keep these places."""
    lines = filled_lines(text)
    if len(lines) < _LEAST_LINES or not all(map(_LINE.fullmatch, lines)):
        return None
    return IcdOrder(note=Note.of(NoteKind.PROGRAM_FORM, program="icd_order"), delimiter=MARK)
