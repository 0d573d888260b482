"""How files join that a command or program loaded to be activated later: asked once somebody activates them in a list.

A command or program that activates one has said so itself: it joins as its dataset does, and by default is added."""

from collections.abc import Collection
from typing import Any

from uploads.models import Dataset, UploadedFile
from uploads.services.budget import page_budget
from uploads.services.merging.asked import is_decided
from uploads.services.merging.choices import MergeChoices
from uploads.services.merging.homes import homes_of
from uploads.services.merging.overlap import overlaps_of, questions_of
from uploads.states import FileState, Mode


def ask_how_inactive_join(*, file_ids: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """Keep the question with each of them of which something is to be said, and return these questions by file.

    Of one that was active before, or of which it was said how it joins, nothing is asked. What cannot be counted in the
    time that a page has is not asked either.
    """
    waiting = UploadedFile.objects.filter(
        pk__in=file_ids,
        state=FileState.LOADED,
        activate=False,
        again=False,
        activated_at=None,
        fit_rejects=None,
        mode="",
        replaces=[],
        overlaps=[],
        columns_open=[],
        version_of=None,
    )
    time, found = page_budget(), dict[int, list[dict[str, Any]]]()
    for file_id in waiting.order_by("pk").values_list("pk", flat=True):
        if not any(map(_may_ask, homes_of(file_id=file_id))):
            continue
        asked = [overlap.as_json() for overlap in questions_of(overlaps_of(file_id=file_id, budget=time))]
        still = UploadedFile.objects.filter(pk=file_id, state=FileState.LOADED, overlaps=[])
        if asked and still.update(overlaps=asked):
            found[file_id] = asked
    return found


def _may_ask(home: Dataset) -> bool:
    """Whether anything is left to be said of how files join it."""
    choices = MergeChoices.of(home)
    return not is_decided(home) or (home.mode == Mode.MERGE and (choices.asks_of_blanks or choices.asks_of_lack))
