"""The start page: send files, see what became of them."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import get_script_prefix
from django.views.decorators.http import require_http_methods

from uploads.services.datasets.browsing import list_targets
from uploads.services.files.permissions import FileAction, rights_of
from uploads.services.files.receipts import describe_files
from uploads.services.news.senders import takes_addresses
from uploads.services.options.catalogue import READING_OPTIONS, parse_options
from uploads.services.visibility import visible_files
from uploads.states import HAS_DATA, IN_PROGRESS
from uploads.tabular.formats import SUFFIXES
from uploads.web.asgi import TUS_MOUNT
from uploads.web.form_uploads import FIELD, FORM_FIELDS, receive_form_files
from uploads.web.forms.options_form import start_fields
from uploads.web.parameters import takes
from uploads.web.sentences.files import PAGE_WORDS
from uploads.web.sentences.options import page_options
from uploads.web.visitors import known_visitor, viewer_of, visitor_of

LISTED_WITHOUT_SCRIPT = 50
ACCEPTED = ",".join(SUFFIXES)


@require_http_methods(["GET", "HEAD", "POST"])
@takes(query=["dataset", *READING_OPTIONS], fields=FORM_FIELDS, several=[FIELD])
def upload(request: HttpRequest) -> HttpResponse:
    """The page; a post is the form as a browser without JavaScript sends it.

    A link may fill in the form for the files that are chosen first: ``/?all_text=true&dataset=prices``. Raises
    ``BadOption`` for a value that no option can have.
    """
    if request.method == "POST":
        received = receive_form_files(request)
        return redirect("receipt", token=received[0].token) if len(received) == 1 else redirect("upload")
    rights, tells_by_mail = rights_of(request.user), takes_addresses()
    is_new = rights.user_id is None and not known_visitor(request)  # asked before the browser gets a name
    visitor = visitor_of(request)
    files = visible_files(user_id=rights.user_id, visitor=visitor, sees_all=rights.sees_all)
    # Who is new has sent nothing: most requests of a burst are theirs, and to ask was a sixth of the page's computing.
    receipts = () if is_new else describe_files(files=files[:LISTED_WITHOUT_SCRIPT], viewer=viewer_of(request))
    response = render(
        request,
        "upload.html",
        {
            "uploads_open": settings.ANONYMOUS_UPLOAD or rights.user_id is not None,
            "accepted": ACCEPTED,
            "upload_url": f"{get_script_prefix().rstrip('/')}{TUS_MOUNT}/",
            "page_words": json.dumps(PAGE_WORDS),
            "max_file_words": size_words(settings.MAX_FILE_SIZE),
            "max_form_words": size_words(settings.MAX_FORM_SIZE),
            "datasets": list_targets(viewer_of(request)),
            "options": start_fields(
                parse_options({name: request.GET[name] for name in READING_OPTIONS if name in request.GET})
            ),
            "dataset": request.GET.get("dataset", ""),
            "option_words": json.dumps(
                page_options(activates=settings.ACTIVATE_STAFF_UPLOADS, tells_by_mail=tells_by_mail)
            ),
            "tells_by_mail": tells_by_mail,
            "may_activate": FileAction.ACTIVATE in rights.acts,
            "activates": settings.ACTIVATE_STAFF_UPLOADS,
            "receipts": [(receipt, receipt.state_word) for receipt in receipts],
            "has_data": HAS_DATA,
            "in_progress": any(receipt.state in IN_PROGRESS for receipt in receipts),
        },
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def size_words(size: int) -> str:
    """A limit as people say it: ``10 GB``."""
    return f"{size / 2**30:.4g} GB" if size >= 2**30 else f"{size / 2**20:.4g} MB"
