"""A line of a file with those around it, for whoever holds its receipt and sent it, and for staff."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from uploads.services.errors import LineNotFound, NotAllowed
from uploads.services.files.receipts import describe_token
from uploads.services.source_lines.around import LinesAround, find_lines
from uploads.tabular.errors import UploaderError
from uploads.web.http_status import status_of
from uploads.web.parameters import takes
from uploads.web.sentences.tables import table_title
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
    found: LinesAround | None = None
    refusal: UploaderError | None = None
    try:
        line = _number(wanted)
        found = find_lines(file_id=receipt.file_id, load_id=load_id, line=line, viewer=viewer_of(request), holds=True)
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
            "line": found.line if found else None,
            "wanted": wanted,
            "shown": shown_lines(found) if found else None,
            "refusal": refusal,
        },
        status=status_of(refusal) if refusal else 200,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _number(text: str) -> int:
    """``812,334`` as people write it too."""
    digits = text.replace(",", "").replace(" ", "")
    if digits.isascii() and digits.isdigit() and len(digits) <= 18:
        return int(digits)
    raise LineNotFound("That is not the number of a line.", hint="Give a number such as 812,334.")
