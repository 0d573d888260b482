"""The offer to make a slow page quick: an index on the column that it is sorted or filtered by, or to search in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from uploads.models import ColumnUse, Dataset
from uploads.services.errors import BadParameter
from uploads.services.files.permissions import rights_of
from uploads.services.reading.serving import Helper, helpers_of
from uploads.services.reading.view import View
from uploads.states import IndexKind
from uploads.web.sentences.phrases import counted

SLOW_SECONDS = 0.5
"""A page that takes longer is worth a word to staff."""
MOST_OFFERED = 20
"""Indexes for one search: each takes about as much room as its texts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QuickerPage:
    """What the offer says, and the indexes that its form posts."""

    sentence: str
    indexes: tuple[str, ...]
    button: str


def quicker_page(request: HttpRequest, *, dataset: Dataset, view: View, seconds: float) -> QuickerPage | None:
    """For staff, of a page that took so long."""
    helpers = helpers_of(view) if seconds >= SLOW_SECONDS else []
    if not helpers or dataset.is_read_only or dataset.is_draft or not rights_of(request.user).changes_datasets:
        return None
    uses = ColumnUse.objects.filter(column__dataset=dataset).exclude(indexed_at=None, obstacle="")
    known = {Helper(name=name, kind=IndexKind(kind)) for name, kind in uses.values_list("column__name", "kind")}
    left = [helper for helper in helpers if helper not in known]
    if not left or len(left) > MOST_OFFERED:
        return None
    return _offer(left, seconds)


def _offer(left: Sequence[Helper], seconds: float) -> QuickerPage:
    """Of those that are compared with a value one is enough; a search takes those on all of its columns."""
    name, is_search = left[0].name, any(each.kind is IndexKind.SEARCH for each in left)
    if not is_search:
        left = left[:1]
        how, button = f"With an index on “{name}”", f"Make “{name}” quick"
    elif len(left) == 1:
        how, button = f"With an index to search in “{name}”", f"Make searching in “{name}” quick"
    else:
        how, button = f"With indexes on {counted(len(left), 'column')}", "Make searching quick"
    return QuickerPage(
        sentence=f"This page took {seconds:.1f} s. {how} it would come at once.",
        indexes=tuple(f"{each.kind}:{each.name}" for each in left),
        button=button,
    )


def read_index(word: str) -> Helper:
    """``search:area``. Raises ``BadParameter``."""
    kind, _, name = word.partition(":")
    if kind not in IndexKind or not name:
        raise BadParameter("That is no index.", hint="Use a button of the page.", names=["index"])
    return Helper(name=name, kind=IndexKind(kind))
