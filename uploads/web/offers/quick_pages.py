"""The offer to make a slow page quick: an index on the column that it is sorted or filtered by."""

from dataclasses import dataclass

from django.http import HttpRequest

from uploads.models import ColumnUse, Dataset
from uploads.services.files.permissions import rights_of
from uploads.services.reading.uses import helped_by_index
from uploads.services.reading.view import View

SLOW_SECONDS = 0.5
"""A page that takes longer is worth a word to staff."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QuickerPage:
    """What the offer says, and the column that its form posts."""

    sentence: str
    name: str
    button: str


def quicker_page(request: HttpRequest, *, dataset: Dataset, view: View, seconds: float) -> QuickerPage | None:
    """For staff, of a page that took so long."""
    names = helped_by_index(view) if seconds >= SLOW_SECONDS else []
    if not names or dataset.is_read_only or dataset.is_draft or not rights_of(request.user).changes_datasets:
        return None
    has_one = ColumnUse.objects.filter(column__dataset=dataset, column__name__in=names, indexed_at__isnull=False)
    refused = ColumnUse.objects.filter(column__dataset=dataset, column__name__in=names).exclude(obstacle="")
    left = [name for name in names if name not in set((has_one | refused).values_list("column__name", flat=True))]
    if not left:
        return None
    return QuickerPage(
        sentence=f"This page took {seconds:.1f} s. With an index on “{left[0]}” it would come at once.",
        name=left[0],
        button=f"Make “{left[0]}” quick",
    )
