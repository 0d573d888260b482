"""What is said of exports that are prepared in the background."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.dateformat import format as date_format

from uploads.models import PreparedExport
from uploads.states import EndReason, ExportState
from uploads.web.sentences.phrases import counted, listed

CHANGED_SINCE = "The dataset has changed since: this file has the rows of before."
CANCELLED = "This export was cancelled. Nothing of it is kept."
NOT_UNDER_WAY = "Left as they were: {}, for only those that wait or are being prepared can be cancelled."
_FILTERS_NAMED = 3
CLOSE_PAGE = "You can close this page and come back to its address."


def words_not_kept(file_id: int) -> str:
    """Of rows as they stood in the file, where that is not all told."""
    return (
        f"File {file_id} was loaded by an earlier version, which kept no words that are read as empty: such cells are"
        " blank here. Read the file again to have them too."
    )


def prepare_words(hours: int) -> str:
    """Above the form."""
    return f"The file is made in the background. You get a link to it that works for {counted(hours, 'hour')}."


def own_words(state: ExportState, until: datetime | None, why: EndReason | None) -> str:
    """After the name of somebody's own export, on the page of its dataset."""
    match state:
        case ExportState.READY if until is not None:
            return f"is ready, until {moment_words(until)}."
        case ExportState.ENDED:
            return ended_words(until, why)
        case ExportState.FAILED:
            return "could not be prepared."
    return "is being prepared."


def filter_words(chips: Sequence[str]) -> str:
    """Behind its name: which rows it has; empty: all."""
    return f"({listed(chips, most=_FILTERS_NAMED)})" if chips else ""


def ended_words(until: datetime | None, why: EndReason | None) -> str:
    """What became of an export, or of the link to it."""
    if why is EndReason.TIME_OVER and until is not None:
        return f"ended on {moment_words(until)}."
    return f"ended: {(why or EndReason.TAKEN_BACK).label}."


def moment_words(moment: datetime) -> str:
    return f"{date_format(moment, 'j F Y, H:i')} UTC"


def state_words(export: PreparedExport, *, why_ended: EndReason | None) -> str:
    """Where it stands, for the page and programs alike."""
    if why_ended is not None:
        return f"This link {ended_words(export.expires_at, why_ended)}"
    match ExportState(export.state):
        case ExportState.WAITING:
            return "Waiting for its turn"
        case ExportState.RUNNING:
            return _progress(export.rows_done, export.rows_total)
        case ExportState.READY:
            return counted(export.rows_done, "row")
        case ExportState.CANCELLED:
            return CANCELLED
        case _:
            return f"{export.error_message} {export.error_hint}".strip()


def _progress(done: int, total: int | None) -> str:
    if not done:
        return "Reading the rows"
    if not total:
        return f"{counted(done, 'row')} so far"
    return f"{done:,} of {counted(total, 'row')} ({min(99, 100 * done // total)} %)"
