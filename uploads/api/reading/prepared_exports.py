"""Exports that are prepared in the background, over the API."""

from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from uploads.api.callers import CallerAuth, caller_of
from uploads.services.exporting.formats import MEDIA_TYPES, ExportFormat
from uploads.services.preparing.cancelling import cancel_export
from uploads.services.preparing.requests import ask_for_export, find_export, find_ready
from uploads.web.downloads import stored_download
from uploads.web.schemas import answers, export_schemas
from uploads.web.shown.prepared_exports import ShownExport, asker_of, download_of, shown_export
from uploads.web.visitors import viewer_of

router = Router(tags=["datasets"], auth=CallerAuth())

_BINARY = {each: {"schema": {"type": "string", "format": "binary"}} for each in MEDIA_TYPES}
FILE_ANSWERS = {
    200: {"description": "All of it.", "content": _BINARY},
    206: {"description": "The range of bytes that `Range` asks for.", "content": _BINARY},
    416: {"description": "The range begins behind the end of the file."},
}
RANGE = {
    "name": "Range",
    "in": "header",
    "schema": {"type": "string"},
    "description": "One range of bytes, such as `bytes=1048576-`: to go on with a download that broke off.",
}


class ExportToPrepare(Schema):
    model_config = ConfigDict(extra="forbid")

    format: ExportFormat = Field(description="Of the file.")
    query: str = Field(
        "",
        description="The query of the rows' address, such as `price__gt=11&_sort=-price&_columns=area,price`. A place"
        " and a limit in it are not kept: the file has all rows.",
    )


@router.post(
    "/datasets/{slug}/exports",
    response={
        200: export_schemas.PreparedExport,
        202: export_schemas.PreparedExport,
        frozenset({400, 404, 429, 507}): answers.Error,
    },
    summary="Prepare an export in the background",
)
async def prepare_export(request: HttpRequest, slug: str, wish: ExportToPrepare) -> Any:
    """For files that take long to make: ask `address` of the answer until `state` is `ready`, then fetch `file`.

    The link ends at `expires_at`, and before where rows of it are taken back: a file is switched off or deleted, a
    column removed. 200 where the same export of the same rows is there or under way already; 429 beyond three at once.
    """

    def run() -> tuple[ShownExport, bool]:
        export, is_new = ask_for_export(
            slug=slug,
            query=wish.query,
            format_=wish.format,
            viewer=viewer_of(request),
            asker=asker_of(request),
        )
        return shown_export(export), is_new

    shown, is_new = await sync_to_async(run)()
    return Status(202 if is_new else 200, shown)


@router.get(
    "/exports/{token}",
    response={200: export_schemas.PreparedExport, frozenset({400, 404}): answers.Error},
    summary="How far an export in the background is",
)
async def get_export(request: HttpRequest, token: str) -> Any:
    """For whoever has its token and may see the dataset."""

    def run() -> ShownExport:
        return shown_export(find_export(token=token, viewer=viewer_of(request)))

    return await sync_to_async(run)()


@router.delete(
    "/exports/{token}",
    response={200: export_schemas.PreparedExport, frozenset({400, 401, 403, 404, 409}): answers.Error},
    summary="Cancel an export in the background",
)
async def cancel_prepared_export(request: HttpRequest, token: str) -> Any:
    """For whoever asked for it, unless somebody else waits for the same file by now, and for staff.

    It stops at once, and nothing of it is kept. 409 where it is ready already, or failed.
    """

    def run() -> ShownExport:
        rights = caller_of(request).rights
        return shown_export(
            cancel_export(token=token, viewer=viewer_of(request), asker=asker_of(request), rights=rights)
        )

    return await sync_to_async(run)()


@router.get(
    "/exports/{token}/file",
    response={frozenset({400, 404, 409, 410}): answers.Error},
    summary="Fetch an export that was prepared",
    openapi_extra={"parameters": [RANGE], "responses": FILE_ANSWERS},
)
async def get_export_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """Whole or in part, as often as wanted until the link ends. 409 while it is being prepared, 410 once it ended."""

    def run() -> HttpResponseBase:
        return stored_download(request, download_of(find_ready(token=token, viewer=viewer_of(request))))

    return await sync_to_async(run)()
