"""A line of a file, or a row of what has none, with those around it: for whoever sent the file, and for staff."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from uploads.services.errors import LineNotFound, NotAllowed
from uploads.services.files.load_receipt import LoadReceipt
from uploads.services.files.receipts import FileReceipt, describe_token
from uploads.services.source_lines.around import find_lines, has_lines
from uploads.services.source_lines.rows import find_rows
from uploads.tabular.errors import UploaderError
from uploads.tabular.table import row_word_of
from uploads.web.http_status import status_of
from uploads.web.parameters import takes
from uploads.web.sentences.tables import table_title
from uploads.web.shown.rows_around import shown_around
from uploads.web.shown.source_lines import shown_lines
from uploads.web.visitors import viewer_of


@require_safe
@takes(query=["line"])
def source_lines(request: HttpRequest, token: str, load_id: int) -> HttpResponse:
    """The line that is asked for, or the first; where it can't be shown, why, with the way to another."""
    receipt = describe_token(token=token)
    load = next((load for load in receipt.loads if load.load_id == load_id), None)
    if load is None:
        raise Http404
    wanted = request.GET.get("line", "1").strip()
    found: dict[str, Any] = {}
    refusal: UploaderError | None = None
    try:
        found = _found(request, receipt, load, _number(wanted))
    except NotAllowed:
        raise
    except UploaderError as error:
        refusal = error
    response = render(
        request,
        "source_lines.html",
        {
            "receipt": receipt,
            "load": load,
            "title": table_title(load, receipt.loads),
            "word": row_word_of(load.format),
            "wanted": wanted,
            "refusal": refusal,
            **found,
        },
        status=status_of(refusal) if refusal else 200,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _found(request: HttpRequest, receipt: FileReceipt, load: LoadReceipt, number: int) -> dict[str, Any]:
    """For the page: the number, and the lines or rows."""
    file_id, viewer = receipt.file_id, viewer_of(request)
    if has_lines(format_=load.format):
        lines = find_lines(file_id=file_id, load_id=load.load_id, line=number, viewer=viewer, holds=True)
        return {"line": number, "shown": shown_lines(lines)}
    rows = find_rows(file_id=file_id, load_id=load.load_id, row=number, viewer=viewer, holds=True)
    return {"line": number, "around": shown_around(rows)}


def _number(text: str) -> int:
    """``812,334`` as people write it too."""
    digits = text.replace(",", "").replace(" ", "")
    if digits.isascii() and digits.isdigit() and len(digits) <= 18:
        return int(digits)
    raise LineNotFound("That is not a number.", hint="Give one such as 812,334.")
