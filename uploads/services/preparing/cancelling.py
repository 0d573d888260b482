"""Have an export stopped that is under way: by whoever asked for it, and by staff."""

from django.db.models.functions import Now

from uploads.models import PreparedExport
from uploads.services.errors import NotAllowed, NotSignedIn, StateConflict
from uploads.services.files.permissions import Rights
from uploads.services.preparing.requests import IN_PROGRESS, Asker, find_export, has_asked
from uploads.services.visibility import Viewer
from uploads.states import ExportState


def may_cancel(export: PreparedExport, *, asker: Asker, rights: Rights) -> bool:
    """Staff may; and whoever asked for it, for as long as nobody else waits for the same."""
    if export.state not in IN_PROGRESS:
        return False
    return rights.cancels_exports or (has_asked(export, asker) and not export.is_shared)


def cancel_export(*, token: str, viewer: Viewer, asker: Asker, rights: Rights) -> PreparedExport:
    """Stop it, waiting or being made: its worker ends the statement that it is at. One that is cancelled stays so.

    Raises ``ExportNotFound``, ``NotSignedIn`` and ``NotAllowed``, and ``StateConflict`` where it is over by itself.
    """
    export = find_export(token=token, viewer=viewer)
    if not rights.cancels_exports:
        _check_own(export, asker)
    if not stop_export(export) and export.state != ExportState.CANCELLED:
        raise StateConflict(
            "This export is not being prepared any more.", hint="Look at its page: its file is there, or the reason."
        )
    return export


def stop_export(export: PreparedExport) -> bool:
    """Whether it was under way until now. What is written so far goes with its worker's attempt."""
    under_way = PreparedExport.objects.filter(pk=export.pk, state__in=IN_PROGRESS)
    stopped = under_way.update(state=ExportState.CANCELLED, finished_at=Now())
    export.refresh_from_db()
    return bool(stopped)


def _check_own(export: PreparedExport, asker: Asker) -> None:
    if not has_asked(export, asker):
        error = NotSignedIn if asker.user_id is None else NotAllowed
        raise error(
            "An export is cancelled by whoever asked for it.", hint="Sign in as who asked, or use the browser that did."
        )
    if export.is_shared:
        raise StateConflict(
            "Somebody else waits for the same file.", hint="It is made for them; you need not come back for it."
        )
