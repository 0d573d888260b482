"""Is what was read good enough to be loaded? A file of which too much does not fit fails as a whole."""

from django.conf import settings

from uploads.models import Load, RejectedRow
from uploads.services.errors import NoRowFits
from uploads.services.rejects.groups import describe_rejects, unit_of
from uploads.services.rejects.too_many import are_too_many
from uploads.tabular.errors import TooManyRejects
from uploads.tabular.reasons import RejectCode
from uploads.tabular.table import FileFormat, RowCounts

REASONS_SHOWN = 5
_OF_OTHER_LENGTHS = {
    RejectCode.TOO_FEW_CELLS: (
        "Most of them have too few cells: change how the file is read, and under “Rows of other lengths” choose to fill"
        " short rows or to join broken lines."
    ),
    RejectCode.TOO_MANY_CELLS: (
        "Most of them have too many cells: change how the file is read, and under “Rows of other lengths” choose to"
        " keep the rest of long ones in the last column."
    ),
}
_OF_BOTH = (
    "Most of them have too few or too many cells: change how the file is read, and choose a way under “Rows of other"
    " lengths”."
)


def check_acceptable(*, file_id: int, counts: RowCounts) -> None:
    """Raise ``NoRowFits`` or ``TooManyRejects`` with the reasons; the rejects themselves stay in the list."""
    if not counts.loaded:
        raise _no_row_fits(file_id, counts)
    tried = counts.loaded + counts.rejected
    if not are_too_many(rejected=counts.rejected, tried=tried):
        return
    loads = Load.objects.filter(file_id=file_id, rows_rejected__gt=0).defer("columns", "notes")
    reasons = [reason for load in loads for reason in describe_rejects(load_id=load.pk, unit=unit_of(load))]
    raise TooManyRejects(
        f"Nothing was loaded: {counts.rejected:,} of {tried:,} rows have an error (limit"
        f" {settings.MAX_REJECTED_SHARE:g} %). {' '.join(reasons[:REASONS_SHOWN])}",
        hint=_hint(
            "Fix the file, change how it is read, or check that it belongs to this dataset. The list of rejected rows"
            " has each of them.",
            file_id=file_id,
            counts=counts,
        ),
    )


def _hint(usual: str, *, file_id: int, counts: RowCounts) -> str:
    """The way out; of a text most of whose rejected rows have too few or too many cells, how to read it again."""
    uneven = RejectedRow.objects.filter(load__file_id=file_id, load__format=FileFormat.CSV)
    found = {code: uneven.filter(code=code).count() for code in _OF_OTHER_LENGTHS}
    ways = [_OF_OTHER_LENGTHS[code] for code, count in found.items() if 2 * count > counts.rejected]
    if not ways and 2 * sum(found.values()) > counts.rejected:
        ways = [_OF_BOTH]
    return " ".join([*ways, usual])


def _no_row_fits(file_id: int, counts: RowCounts) -> NoRowFits:
    first = RejectedRow.objects.filter(load__file_id=file_id).select_related("load").order_by("load", "row").first()
    column = f", column “{first.column}”" if first is not None and first.column else ""
    reason = (
        ""
        if first is None
        else f" {unit_of(first.load).capitalize()} {first.row:,}{column}: {first.reason.rstrip('.')}."
    )
    rows = "The only row could not" if counts.read == 1 else f"None of the {counts.read:,} rows could"
    hint = _hint("The list of rejected rows says why, row by row.", file_id=file_id, counts=counts)
    return NoRowFits(f"{rows} be loaded.{reason}", hint=hint)
