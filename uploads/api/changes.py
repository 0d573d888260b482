"""What changes from one file to another, over the API."""

from typing import Annotated

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from uploads.api.callers import CallerAuth, caller_of
from uploads.api.offered_files import LOOKING, check_visible
from uploads.services.comparison.compare import PAGE_SECONDS, Wish, compare_files, compare_with_active
from uploads.services.comparison.result import Comparison
from uploads.tabular.errors import BadOption
from uploads.web.schemas import answers, comparison_schemas
from uploads.web.visitors import viewer_of

_NAME = r"\s*[^\s,\x00][^,\x00]*"
_NAMES = Field(pattern=answers.NO_NUL, json_schema_extra={"pattern": f"^{_NAME}(?:,{_NAME})*$"})

router = Router(tags=["files"], auth=CallerAuth())


@router.get(
    "/files/{int:file_id}/changes",
    response={200: comparison_schemas.Comparison, LOOKING | {403, 409, 503}: answers.Error},
    summary="What changes with a file",
)
async def get_changes(
    request: HttpRequest,
    file_id: int,
    with_file: Annotated[
        int | None,
        Query(alias="with", ge=1, le=2**31 - 1, description="The old file; else all that is active in its datasets."),
    ] = None,
    key: Annotated[
        Annotated[str, _NAMES] | None,
        Query(
            description="Columns that tell the rows apart, with commas between; else whole rows are compared.",
        ),
    ] = None,
    figures: Annotated[bool, Query(description="Also blanks, different values, ends and sum of each column.")] = True,
) -> Comparison:
    """Rows that are new, changed, gone and equal, the first hundred of each with the cells that changed, columns that
    are new, missing or of another type, and figures of each column. Nothing is changed by it.

    For staff, and in a browser session for one's own files; the old one may also be any file that is active. Files of
    several tables are compared table by table: those of the same dataset, sheet or columns. `key_not_unique`: several
    rows have the same key, or a blank one. `comparison_too_long`: a minute was not enough.
    """

    def run() -> Comparison:
        check_visible(caller_of(request), file_id)
        wish = Wish(key=key_names(key), figures=figures, seconds=PAGE_SECONDS)
        viewer = viewer_of(request)
        if with_file is None:
            return compare_with_active(file_id=file_id, wish=wish, viewer=viewer)
        return compare_files(old_id=with_file, new_id=file_id, wish=wish, viewer=viewer)

    return await sync_to_async(run)()


def key_names(key: str | None) -> list[str] | None:
    """``country,year``; raises ``BadOption`` for a list with nothing between two commas."""
    if key is None:
        return None
    names = [name.strip() for name in key.split(",")]
    if not all(names):
        raise BadOption("The key names no column.", hint="Say names with commas between: key=country,year")
    return names
