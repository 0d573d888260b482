"""A line of a file over the API, with those around it, from the stored bytes."""

from typing import Annotated

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Query, Router

from uploads.api.callers import CallerAuth, caller_of
from uploads.api.offered_files import OPEN, check_visible, clean_token
from uploads.services.files.receipts import describe_token
from uploads.services.source_lines.around import AROUND, MOST_AROUND, LinesAround, find_lines
from uploads.web.schemas import answers, line_schemas
from uploads.web.visitors import viewer_of

router = Router(tags=["files"], auth=CallerAuth())
LINES = frozenset({400, 401, 403, 404, 413, 422, 503})
Line = Annotated[int, Query(ge=1, le=2**63 - 1, description="Its number, from 1, as `_row` has it.")]
LoadId = Annotated[
    int | None, Query(ge=1, le=2**31 - 1, alias="load", description="One of the file's tables; else the first.")
]
Around = Annotated[int, Query(ge=0, le=MOST_AROUND, description="Lines above and below.")]


@router.get(
    "/files/{int:file_id}/lines",
    response={200: line_schemas.SourceLines, LINES: answers.Error},
    summary="A line of a file, and those around it",
)
async def get_lines(
    request: HttpRequest, file_id: int, line: Line, load_id: LoadId = None, around: Around = AROUND
) -> LinesAround:
    """As the bytes stand there: for staff, and in a browser session for one's own files. `line_not_found`: the file has
    fewer, or it is none of lines (a workbook, Parquet). `lines_unread`: so much has to be counted first that it takes
    several requests; ask again.
    """

    def find() -> LinesAround:
        check_visible(caller_of(request), file_id)
        return find_lines(file_id=file_id, load_id=load_id, line=line, viewer=viewer_of(request), around=around)

    return await sync_to_async(find)()


@router.get(
    "/receipts/{token}/lines",
    response={200: line_schemas.SourceLines, LINES: answers.Error},
    openapi_extra=OPEN,
    summary="A line of a file by its receipt",
)
async def get_lines_by_receipt(
    request: HttpRequest, token: str, line: Line, load_id: LoadId = None, around: Around = AROUND
) -> LinesAround:
    """For whoever sent the file, and where nobody is known to have sent it, as by `curl`, whoever has this address."""

    def find() -> LinesAround:
        file_id, viewer = describe_token(token=clean_token(token)).file_id, viewer_of(request)
        return find_lines(file_id=file_id, load_id=load_id, line=line, viewer=viewer, holds=True, around=around)

    return await sync_to_async(find)()
