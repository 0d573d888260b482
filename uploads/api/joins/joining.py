"""How files join their datasets, over the API: what they have in common, and what staff say about it."""

from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Router

from uploads.api.callers import CallerAuth, caller_of
from uploads.api.joins import joining_schemas
from uploads.api.offered_files import ACTING, LOOKING, Answer, check_visible, described
from uploads.models import Dataset
from uploads.services.budget import ASKED_SECONDS, Budget
from uploads.services.choice import Chooser
from uploads.services.comparison.effects import Foretelling, foretell
from uploads.services.files.permissions import FileAction
from uploads.services.joining.modes import join_file, require_to_join
from uploads.services.joining.seen import activation_seen
from uploads.services.merging.likely_keys import dataset_key_offer
from uploads.services.merging.modes import change_mode, mode_of
from uploads.services.merging.order import order_files
from uploads.services.merging.overlap import overlaps_of, seen_of
from uploads.services.merging.shown_rows import active_in_order
from uploads.services.visibility import find_dataset, visible_datasets
from uploads.web.schemas import answers, dataset_schemas
from uploads.web.visitors import viewer_of

router = Router(auth=CallerAuth())
CHANGING = ACTING | {400}


@router.get(
    "/datasets/{slug}/mode",
    response={200: joining_schemas.JoinedDataset, frozenset({400, 401, 403, 404}): answers.Error},
    summary="How files join a dataset",
    tags=["datasets"],
)
async def get_dataset_mode(request: HttpRequest, slug: str) -> Answer:
    """For staff, with the columns that look like a key."""
    caller_of(request).rights.require_change_dataset()

    def run() -> Answer:
        dataset = find_dataset(slug=slug, viewer=viewer_of(request))
        proposal = dataset_key_offer(dataset)
        return {**_joined(dataset), "likely_key": list(proposal.key) if proposal else []}

    return await sync_to_async(run)()


@router.put(
    "/datasets/{slug}/mode",
    response={200: joining_schemas.JoinedDataset, CHANGING: answers.Error},
    summary="Say how files join a dataset",
    tags=["datasets"],
)
async def change_dataset_mode(request: HttpRequest, slug: str, wish: joining_schemas.DatasetWish) -> Answer:
    """For staff. Active files are shown in the new way at once; every one of them can still be taken back."""
    caller_of(request).rights.require_change_dataset()

    def run() -> Answer:
        dataset = find_dataset(slug=slug, viewer=viewer_of(request))
        change_mode(
            slug=dataset.slug,
            mode=wish.mode,
            key=wish.key,
            said=wish.as_said(),
            user_id=request.user.pk,
            chooser=Chooser.STAFF,
        )
        return _joined(dataset)

    return await sync_to_async(run)()


@router.put(
    "/datasets/{slug}/order",
    response={200: joining_schemas.JoinedDataset, CHANGING: answers.Error},
    summary="Say in which order files merge",
    tags=["datasets"],
)
async def change_order(request: HttpRequest, slug: str, wish: joining_schemas.OrderedFiles) -> Answer:
    """For staff. Of rows with the same key those of the last file are seen; files that are not named keep their
    places among the others."""
    caller_of(request).rights.require_change_dataset()

    def run() -> Answer:
        dataset = find_dataset(slug=slug, viewer=viewer_of(request))
        order_files(slug=dataset.slug, file_ids=wish.files, user_id=request.user.pk)
        return _joined(dataset)

    return await sync_to_async(run)()


@router.get(
    "/files/{int:file_id}/overlaps",
    response={200: joining_schemas.Overlaps, LOOKING: answers.Error},
    summary="What a file has in common with its datasets",
    tags=["files"],
)
async def get_overlaps(request: HttpRequest, file_id: int) -> Answer:
    """Of a file that is loaded and not active, for each dataset with active files that it is to join."""

    def run() -> Answer:
        caller = caller_of(request)
        check_visible(caller, file_id)
        budget = Budget(ASKED_SECONDS)
        # it names datasets that the file's sender may not know of
        seen = activation_seen(file_id=file_id) if FileAction.ACTIVATE in caller.rights.acts else ""
        theirs = set(visible_datasets(viewer_of(request)).values_list("slug", flat=True))
        found = [each for each in overlaps_of(file_id=file_id, budget=budget) if each.dataset in theirs]
        foretold = foretell(file_id=file_id, budget=budget) if found else Foretelling(effects={}, unknown={})
        return {
            "overlaps": [
                {
                    "dataset": overlap.dataset,
                    "rows": overlap.rows,
                    "active_files": overlap.active,
                    "key": list(overlap.key),
                    "known_keys": overlap.known_keys,
                    "equal_rows": overlap.equal_rows,
                    "emptied_rows": overlap.emptied_rows,
                    "lacking": list(overlap.lacking),
                    "lacking_rows": overlap.lacking_rows,
                    "on_activation": foretold.effects.get(overlap.dataset),
                    "not_foretold": foretold.unknown.get(overlap.dataset),
                }
                for overlap in found
            ],
            "seen": seen_of(found),
            "activation_seen": seen,
        }

    return await sync_to_async(run)()


@router.post(
    "/files/{int:file_id}/join",
    response={200: answers.File, CHANGING: answers.Error},
    summary="Activate a file and say how it joins",
    tags=["files"],
)
async def join(request: HttpRequest, file_id: int, wish: joining_schemas.FileWishToJoin) -> Answer:
    """For staff. As `…/activate`, with all rows added, in the place of the active files, or updating them by key."""

    def run() -> Answer:
        caller = caller_of(request)
        check_visible(caller, file_id)
        caller.rights.require(FileAction.ACTIVATE)
        require_to_join(caller.rights, wish.mode)
        if wish.remember:
            caller.rights.require_change_dataset()
        join_file(
            file_id=file_id,
            mode=wish.mode,
            key=wish.key,
            full=wish.full,
            remember=wish.remember,
            choices=wish.as_said(),
            seen=wish.seen,
            user_id=caller.rights.user_id,
        )
        return described(request, file_id)

    return await sync_to_async(run)()


def _joined(dataset: Dataset) -> dict[str, Any]:
    dataset.refresh_from_db()
    return {
        "slug": dataset.slug,
        **answers.as_json(dataset_schemas.DatasetMode, mode_of(dataset)),
        "files": active_in_order(dataset),
    }
