"""The rows of one table of a file as they stood in it, over the API."""

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Router

from uploads.api.callers import CallerAuth, caller_of
from uploads.api.offered_files import OPEN, check_visible, clean_token
from uploads.api.reading.source_lines import LoadId
from uploads.services.files.receipts import describe_token
from uploads.services.source_lines.around import load_seen
from uploads.services.visibility import Viewer
from uploads.web.downloads import NOT_KEPT, as_in_file_download
from uploads.web.schemas import answers
from uploads.web.visitors import viewer_of

router = Router(tags=["files"], auth=CallerAuth())
REFUSED = frozenset({400, 401, 403, 404, 409, 503})
CSV = {
    "responses": {
        "200": {
            "description": "All of it, in UTF-8.",
            "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}},
            "headers": {
                NOT_KEPT: {
                    "schema": {"type": "string"},
                    "description": "Only where some cells cannot be printed as they stood: why, and what to do.",
                }
            },
        }
    }
}


@router.get(
    "/files/{int:file_id}/as-in-file",
    response={REFUSED: answers.Error},
    summary="The rows of a file as they stood in it",
    openapi_extra=CSV,
)
async def get_as_in_file(request: HttpRequest, file_id: int, load_id: LoadId = None) -> HttpResponseBase:
    """As CSV with its columns in its order and its delimiter, each value as it was written: `1.234,50 €`, `24:00`, and
    the words that are read as empty. Without the rejected rows; also of a file that is not active. For staff, and in a
    browser session for one's own files.
    """

    def run() -> HttpResponseBase:
        check_visible(caller_of(request), file_id)
        return _download(request, file_id, load_id, viewer_of(request), holds=False)

    return await sync_to_async(run)()


@router.get(
    "/receipts/{token}/as-in-file",
    response={REFUSED: answers.Error},
    summary="The rows of a file as they stood in it, by its receipt",
    openapi_extra={**OPEN, **CSV},
)
async def get_as_in_file_by_receipt(request: HttpRequest, token: str, load_id: LoadId = None) -> HttpResponseBase:
    """For whoever sent the file, and where nobody is known to have sent it, as by `curl`, whoever has this address."""

    def run() -> HttpResponseBase:
        file_id = describe_token(token=clean_token(token)).file_id
        return _download(request, file_id, load_id, viewer_of(request), holds=True)

    return await sync_to_async(run)()


def _download(
    request: HttpRequest, file_id: int, load_id: int | None, viewer: Viewer, *, holds: bool
) -> HttpResponseBase:
    return as_in_file_download(request, load_seen(file_id, load_id, viewer, holds=holds))
