"""What happened to a dataset, over the API."""

from typing import Annotated, Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from uploads.api.callers import CallerAuth
from uploads.services.datasets.history import MOST_PAGES, PastEvent, history_of
from uploads.services.visibility import find_dataset
from uploads.tabular.errors import BadOption
from uploads.web.schemas import answers, history_schemas
from uploads.web.sentences.datasets.history import event_sentence
from uploads.web.visitors import viewer_of

router = Router(tags=["datasets"], auth=CallerAuth())
type Answer = dict[str, Any]

_PLACE = Field(json_schema_extra={"pattern": "^([1-9][0-9]{0,2})?$"})
"""The number of a page that was read."""


@router.get(
    "/datasets/{slug}/history",
    response={200: history_schemas.History, frozenset({400, 404}): answers.Error},
    summary="What happened to a dataset",
)
async def get_history(request: HttpRequest, slug: str, after: Annotated[str, _PLACE, Query("")] = "") -> Answer:
    """Newest first, for whoever may see the dataset: that rows of files came, went or were deleted, and that somebody
    changed it. For staff who may see files with what was noted, and who did it.
    """

    def run() -> Answer:
        viewer = viewer_of(request)
        dataset = find_dataset(slug=slug, viewer=viewer)
        number = 1 + _pages_read(after)
        history = history_of(dataset=dataset, viewer=viewer, number=number)
        has_next = history.has_more and number < MOST_PAGES
        return {"events": list(map(_described, history.events)), "next": str(number) if has_next else None}

    return await sync_to_async(run)()


def _described(event: PastEvent) -> Answer:
    return {
        "at": event.at,
        "happened": event.happened,
        "file": event.file_name or None,
        "state": event.state,
        "sentence": event_sentence(event),
        "who": event.who or None,
    }


def _pages_read(after: str) -> int:
    """Raises ``BadOption``."""
    if not after:
        return 0
    if after.isascii() and after.isdigit() and len(after) <= 4 and 1 <= int(after) < MOST_PAGES:
        return int(after)
    raise BadOption("This page of the history doesn't exist.", hint="Begin again at the first page.")
