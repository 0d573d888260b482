"""Tables of the database over the API: adopted and given back, published and taken off the site. For superusers."""

from collections.abc import Callable

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Router, Status

from uploads.api.callers import CallerAuth, caller_of
from uploads.api.tables import schemas as shapes
from uploads.services.adopting.adoption import adopt_table as adopt
from uploads.services.adopting.plan import plan_adoption
from uploads.services.adopting.publication import plan_publication, publishable_tables
from uploads.services.adopting.publication import publish_table as publish
from uploads.services.adopting.publication import unpublish_table as unpublish
from uploads.services.adopting.release import release_table as release
from uploads.web.schemas import answers

router = Router(tags=["tables of the database"], auth=CallerAuth())
LOOKING = frozenset({400, 401, 403})
ACTING = LOOKING | {404, 409, 503}


@router.get(
    "/tables", response={200: shapes.TableList, LOOKING: answers.Error}, summary="Tables and views of the database"
)
async def list_tables(request: HttpRequest) -> object:
    """Those that are none of this site's own, at most 200. A dry run says of one what would become of it."""

    def run() -> object:
        caller_of(request).rights.require_publish_tables()
        tables, more = publishable_tables()
        return {"tables": tables, "more": more}

    return await sync_to_async(run)()


@router.post(
    "/tables/adopt",
    response={200: shapes.AdoptionPlan, 201: shapes.AdoptedTable, ACTING: answers.Error},
    summary="Have a table become a dataset",
)
async def adopt_table(request: HttpRequest, wish: shapes.AdoptedWish) -> object:
    """Its rows become those of a first file, without being copied, and files join it.

    With `dry_run`, 200 and what would happen, or all that is in the way; without, 201, or 409 and nothing changed.
    """

    def run(user_id: int | None) -> object:
        if wish.dry_run:
            return plan_adoption(table=wish.table, merge=wish.merge, cast=wish.cast)
        return Status(201, adopt(table=wish.table, merge=wish.merge, cast=wish.cast, user_id=user_id))

    return await _act(request, run)


@router.post(
    "/datasets/{slug}/release",
    response={200: shapes.ReleasedTable, ACTING: answers.Error},
    summary="Give an adopted table back",
)
async def release_table(request: HttpRequest, slug: str) -> object:
    """Under its old name, with its types, defaults, indexes and privileges, as long as no file was loaded into it."""
    return await _act(request, lambda user_id: release(slug=slug, user_id=user_id))


@router.post(
    "/tables/publish",
    response={200: shapes.PublicationPlan, 201: shapes.PublishedTable, ACTING: answers.Error},
    summary="Show a table or view as it is",
)
async def publish_table(request: HttpRequest, wish: shapes.PublishedWish) -> object:
    """As a read-only dataset: whoever reads new datasets reads its rows, no file joins it, and nothing of it is
    copied or changed.

    With `dry_run`, 200 and what would be shown, or all that is in the way; without, 201 or 409.
    """

    def run(user_id: int | None) -> object:
        if wish.dry_run:
            return plan_publication(table=wish.table, key=wish.key or ())
        return Status(201, publish(table=wish.table, key=wish.key, user_id=user_id))

    return await _act(request, run)


@router.post(
    "/datasets/{slug}/unpublish",
    response={200: shapes.PublishedTable, ACTING: answers.Error},
    summary="Show a table or view no longer",
)
async def unpublish_table(request: HttpRequest, slug: str) -> object:
    """Its dataset goes; the table stays as it is."""
    return await _act(request, lambda user_id: unpublish(slug=slug, user_id=user_id))


async def _act(request: HttpRequest, act: Callable[[int | None], object]) -> object:
    def run() -> object:
        rights = caller_of(request).rights
        rights.require_publish_tables()
        return act(rights.user_id)

    return await sync_to_async(run)()
