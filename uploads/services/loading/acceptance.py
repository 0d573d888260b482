"""Is what was read good enough to be loaded? A file of which too much does not fit fails as a whole."""

from django.conf import settings

from uploads.models import Load, RejectedRow
from uploads.services.errors import NoRowFits
from uploads.services.rejects.groups import describe_rejects, unit_of
from uploads.tabular.errors import TooManyRejects
from uploads.tabular.table import RowCounts

FEW_REJECTS = 10
"""Fewer rejected rows than this never make a file fail: one bad row must not block a small file."""
REASONS_SHOWN = 5


def check_acceptable(*, file_id: int, counts: RowCounts) -> None:
    """Raise ``NoRowFits`` or ``TooManyRejects`` with the reasons; the rejects themselves stay in the list."""
    if not counts.loaded:
        raise _no_row_fits(file_id, counts)
    tried = counts.loaded + counts.rejected
    share = 100 * counts.rejected / tried
    if counts.rejected < FEW_REJECTS or share <= settings.MAX_REJECTED_SHARE:
        return
    loads = Load.objects.filter(file_id=file_id, rows_rejected__gt=0).defer("columns", "notes")
    reasons = [reason for load in loads for reason in describe_rejects(load_id=load.pk, unit=unit_of(load))]
    raise TooManyRejects(
        f"Nothing was loaded: {counts.rejected:,} of {tried:,} rows have an error (limit"
        f" {settings.MAX_REJECTED_SHARE:g} %). {' '.join(reasons[:REASONS_SHOWN])}",
        hint="Fix the file, change how it is read, or check that it belongs to this dataset. The list of rejected rows"
        " has each of them.",
    )


def _no_row_fits(file_id: int, counts: RowCounts) -> NoRowFits:
    first = RejectedRow.objects.filter(load__file_id=file_id).select_related("load").order_by("load", "row").first()
    reason = "" if first is None else f" {unit_of(first.load).capitalize()} {first.row:,}: {first.reason.rstrip('.')}."
    rows = "The only row could not" if counts.read == 1 else f"None of the {counts.read:,} rows could"
    return NoRowFits(f"{rows} be loaded.{reason}", hint="The list of rejected rows says why, row by row.")
