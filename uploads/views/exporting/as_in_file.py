"""The rows of one table of a file as they stood in it, for whoever sent the file, and for staff."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from uploads.services.files.receipts import describe_token
from uploads.services.source_lines.around import load_seen
from uploads.web.downloads import as_in_file_download
from uploads.web.parameters import takes
from uploads.web.visitors import viewer_of


@require_safe
@takes()
def as_in_file(request: HttpRequest, token: str, load_id: int) -> HttpResponseBase:
    """Also of a file that is not active."""
    receipt = describe_token(token=token)
    if load_id not in {load.load_id for load in receipt.loads}:
        raise Http404
    return as_in_file_download(request, load_seen(receipt.file_id, load_id, viewer_of(request), holds=True))
