"""Files of the same bytes, and files whose place another took, as far as whoever looks may know of them.

That the same bytes were sent before is noticed by ``same_bytes.py``, the same rows by ``loading/doubling.py``.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from uploads.models import UploadedFile
from uploads.services.visibility import Viewer, shown_files
from uploads.states import HAS_DATA, FileState, Review


@dataclass(frozen=True, kw_only=True, slots=True)
class SameContent:
    """Another file of the same bytes of which whoever looks may know; neither its name nor its sender."""

    file_id: int
    state: FileState
    since: datetime
    """When that state began."""
    of_rows: bool = False
    """It has the same rows, in other bytes."""
    is_declined: bool = False
    was_active: bool = True
    """Some time, or it is now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Alike:
    """A file of the same bytes that is still there."""

    content: SameContent
    version_of: int | None
    may_be_known: bool


def files_with_content(
    hashes: AbstractSet[str], viewer: Viewer, *, rows: AbstractSet[str] = frozenset()
) -> dict[str, list[Alike]]:
    """By hash of their bytes, or of their ``rows``, the files that are still there, oldest first."""
    by_rows = Q(rows_hash__in=rows, state__in=HAS_DATA) if rows else Q()
    same = UploadedFile.objects.filter(Q(sha256__in=hashes) | by_rows).exclude(state=FileState.DELETED).order_by("id")
    facts = same.annotate(shown=shown_files(viewer)).values_list(
        *("sha256", "rows_hash", "id", "version_of_id", "state", "state_changed_at", "review", "activated_at"),
        *("shown", "visitor", "uploaded_by_id"),
    )
    alike: dict[str, list[Alike]] = {}
    for sha256, rows_hash, file_id, version_of, state, since, review, activated_at, shown, visitor, user_id in facts:
        known = viewer.may_know(is_shown=shown, visitor=visitor, user_id=user_id)
        for found in {sha256, rows_hash} & (hashes | rows):
            content = SameContent(
                file_id=file_id,
                state=FileState(state),
                since=since,
                of_rows=found == rows_hash,
                is_declined=review == Review.DECLINED,
                was_active=activated_at is not None,
            )
            alike.setdefault(found, []).append(Alike(content=content, version_of=version_of, may_be_known=known))
    return alike


def alike_to(file: UploadedFile, alike: Mapping[str, Sequence[Alike]]) -> list[Alike]:
    """Those of the same bytes, and those of the same rows in other bytes."""
    of_bytes = list(alike.get(file.sha256, ()))
    known = {other.content.file_id for other in of_bytes}
    return of_bytes + [other for other in alike.get(file.rows_hash, ()) if other.content.file_id not in known]


def same_content_of(file: UploadedFile, alike: Sequence[Alike]) -> SameContent | None:
    """Of several the active one, else the oldest. Of one that came later only that it is active tells something new."""
    if file.version_of_id:
        return None
    others = [
        other.content
        for other in alike
        if other.may_be_known and file.pk not in (other.content.file_id, other.version_of)
    ]
    if file.state != FileState.ACTIVE:
        for other in others:
            if other.state is FileState.ACTIVE:
                return other
    return next((other for other in others if other.file_id < file.pk), None)


def replaced_by(file_ids: set[int], viewer: Viewer) -> dict[int, list[int]]:
    """By file, those whose place it took and that can be put back, as far as the viewer may know of them."""
    if not file_ids:
        return {}
    files = UploadedFile.objects.filter(replaced_by__in=file_ids, state=FileState.LOADED).order_by("id")
    replaced: dict[int, list[int]] = {}
    for file_id, by, visitor, user_id in files.values_list("id", "replaced_by_id", "visitor", "uploaded_by_id"):
        if viewer.may_know(is_shown=False, visitor=visitor, user_id=user_id):
            replaced.setdefault(by, []).append(file_id)
    return replaced
