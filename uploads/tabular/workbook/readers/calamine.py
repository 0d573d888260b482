"""The first reader of workbooks: python-calamine."""

import itertools
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import python_calamine as calamine

from uploads.tabular.layout.sheet_header import Range
from uploads.tabular.table import FileFormat, Limits
from uploads.tabular.workbook.sheet.cells import Cell, as_of_other_formats
from uploads.tabular.workbook.sheet.raw import RawSheet, only_unheaded
from uploads.tabular.workbook.sheet.text import SheetText
from uploads.tabular.workbook.survey import Survey

_OPEN_DOCUMENTS = {FileFormat.ODS, FileFormat.FODS}
_UNDETECTED = "Cannot detect file format"
_COPIED_BYTES = 32 * 2**20
"""A workbook that is larger is refused without its reason: a reader that is killed leaves its copy behind."""


class CalamineWorkbook:
    """A workbook as calamine reads it."""

    def __init__(self, path: Path) -> None:
        with panics_refused():
            self._book = calamine.CalamineWorkbook.from_path(path)
        visible = calamine.SheetVisibleEnum.Visible
        every = self._book.sheets_metadata
        sheets = [meta for meta in every if meta.typ == calamine.SheetTypeEnum.WorkSheet]
        self.names = tuple(meta.name for meta in sheets)
        self.positions = {meta.name: position for position, meta in enumerate(every)}
        self.hidden = frozenset(meta.name for meta in sheets if meta.visible != visible)

    def close(self) -> None:
        """Close the file."""
        self._book.close()

    def sheet(self, name: str) -> calamine.CalamineSheet:
        """One sheet with all its cells; other threads go on meanwhile."""
        with panics_refused():
            return self._book.get_sheet_by_name(name)


def reason_under_own_name(path: Path, kind: FileFormat, refusal: Exception) -> Exception:
    """Why calamine refuses a file that is no ``kind`` of workbook to it: it says so by the file's extension alone.

    Stored files have none, and of those it says "Cannot detect file format" (calamine 0.9.1), whatever is wrong. It is
    given a copy, for the guards of the process that reads let it make no links.
    """
    try:
        if _UNDETECTED not in str(refusal) or path.stat().st_size > _COPIED_BYTES:
            return refusal
        with tempfile.NamedTemporaryFile(suffix=f".{kind}") as named, path.open("rb") as file:
            shutil.copyfileobj(file, named)
            named.flush()
            with panics_refused():
                calamine.CalamineWorkbook.from_path(named.name).close()
    except calamine.CalamineError as error:
        return error
    except OSError:  # a full disk hides the reason and not the refusal
        return refusal
    return refusal


def raw_sheet(
    parts: Iterable[calamine.CalamineSheet], *, text: SheetText, limits: Limits, survey: Survey, kind: FileFormat
) -> RawSheet | None:
    """A sheet from its parts, the upper one first, each turned into ``text`` as it comes; nothing without cells.

    Raises ``CalamineError`` at a cell that cannot be handed over: a duration of 10^300 days.
    """
    known: list[Range] = []
    name, top, height = "", -1, 0
    for part in parts:
        if survey.corrections.cells and (kind in _OPEN_DOCUMENTS or _leads_beyond(survey, part, kind)):
            return _widened(part, text, limits, survey, kind)
        if part.start is None or part.end is None:
            continue
        name, top = part.name, part.start[0] if top < 0 else top
        known.extend((upper, first, lower, last) for (upper, first), (lower, last) in part.merged_cell_ranges or ())
        left, right = text.reach(part.start[1], part.end[1])
        Survey(rows=part.end[0] + 1 - top, columns=right - left + 1).check(name, limits)
        with panics_refused():
            rows: Iterable[Sequence[Cell]] = itertools.islice(part.iter_rows(), height, None)
            if kind in _OPEN_DOCUMENTS:
                rows = map(as_of_other_formats, rows)
            text.add(survey.corrections.applied(rows, first=height, left=part.start[1]), left=part.start[1])
        height = part.end[0] + 1
    if not height:
        return None
    left = text.left
    merged = known if survey.merged is None else survey.merged
    return RawSheet(
        name=name,
        text=text,
        height=height,
        first_column=left,
        merged=tuple(
            (upper, max(first - left, 0), lower, last - left) for upper, first, lower, last in merged if last >= left
        ),
        tables=tuple((upper, first - left, lower, last - left) for upper, first, lower, last in survey.tables),
        unheaded=only_unheaded(survey, left=left),
        total_rows=frozenset(survey.total_rows),
        summing=survey.summing,
        zeros=survey.corrections.zeros,
    )


def _leads_beyond(survey: Survey, part: calamine.CalamineSheet, kind: FileFormat) -> bool:
    """Whether there are cells of an .xlsb beyond those that calamine gives: it leaves out texts of several fonts."""
    left, right, bottom = survey.corrections.reach()
    start, end = part.start, part.end
    is_within = start is not None and end is not None and start[1] <= left and right <= end[1] and bottom <= end[0]
    return kind is FileFormat.XLSB and not is_within


def _widened(
    part: calamine.CalamineSheet, text: SheetText, limits: Limits, survey: Survey, kind: FileFormat
) -> RawSheet:
    """A sheet with cells that calamine leaves out, which may stand beyond all others."""
    first, last, bottom = survey.corrections.reach()
    start, end = part.start or (0, first), part.end or (-1, first - 1)
    left, right = min(first, start[1]), max(last, end[1])
    height = max(bottom, end[0]) + 1
    Survey(rows=height, columns=right + 1 - left).check(part.name, limits)
    before, behind, width = [""] * (start[1] - left), [""] * (right - end[1]), right + 1 - left
    with panics_refused():
        read: Iterable[Sequence[Cell]] = part.iter_rows() if part.start else ()
        rows: Iterator[Sequence[Cell]] = itertools.chain(
            ([*before, *row, *behind] for row in read), itertools.repeat([""] * width)
        )
        whole: Iterable[Sequence[Cell]] = itertools.islice(rows, height)
        if kind in _OPEN_DOCUMENTS:
            whole = map(as_of_other_formats, whole)
        text.add(survey.corrections.applied(whole, first=0, left=left), left=left)
    merged = part.merged_cell_ranges or () if survey.merged is None else ()
    known = survey.merged or tuple((*upper, *lower) for upper, lower in merged)
    return RawSheet(
        name=part.name,
        text=text,
        height=height,
        first_column=left,
        merged=tuple((top, max(begin - left, 0), low, far - left) for top, begin, low, far in known if far >= left),
        tables=tuple((upper, begin - left, lower, far - left) for upper, begin, lower, far in survey.tables),
        total_rows=frozenset(survey.total_rows),
        summing=survey.summing,
        zeros=survey.corrections.zeros,
    )


@contextmanager
def panics_refused() -> Iterator[None]:
    """Turn what else damaged files cause, a Rust panic or a failed read, into calamine's own kind of error."""
    try:
        yield
    except (OSError, OverflowError) as error:
        raise calamine.CalamineError(str(error)) from error
    except BaseException as error:
        # Its class cannot be imported, and derives from BaseException.
        if type(error).__name__ == "PanicException":
            raise calamine.CalamineError(str(error)) from error
        raise
