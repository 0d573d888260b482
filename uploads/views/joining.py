"""How a file joins its dataset: asked on its receipt, and said for all files on a page of the dataset."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from uploads.services.datasets.browsing import describe_dataset
from uploads.services.files.permissions import FileAction, rights_of
from uploads.services.files.receipts import describe_token
from uploads.services.read_only import check_slug_takes_files
from uploads.services.visibility import find_dataset
from uploads.tabular.errors import UploaderError
from uploads.web.offers.joining import JOIN_FIELDS, join_as_said
from uploads.web.offers.mode_form import FIELDS, mode_form, save_mode
from uploads.web.parameters import takes
from uploads.web.sentences.files import fitting_sentence
from uploads.web.sentences.phrases import counted
from uploads.web.visitors import viewer_of


@require_POST
@takes(fields=JOIN_FIELDS)
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Activate a loaded file in the way that was chosen, and remember it for its datasets."""
    receipt = describe_token(token=token, viewer=viewer_of(request))
    rights = rights_of(request.user)
    rights.require(FileAction.ACTIVATE)
    try:
        done = join_as_said(file_id=receipt.file_id, data=request.POST, rights=rights)
    except UploaderError as error:
        messages.error(request, f"{error.message} {error.hint}".strip())
    else:
        if done.fitting:
            messages.success(request, fitting_sentence(why=done.fitting))
        else:
            messages.success(request, f"Activated in {done.milliseconds:.0f} ms: {counted(done.rows, 'row')}.")
    return redirect("receipt", token=token)


@require_http_methods(["GET", "HEAD", "POST"])
@takes(query=["mode"], fields=FIELDS, several=["key"])
def dataset_mode(request: HttpRequest, slug: str) -> HttpResponse:
    """The page on which staff say how files join a dataset, and in which order they merge."""
    summary = describe_dataset(slug=slug, viewer=viewer_of(request))
    rights = rights_of(request.user)
    rights.require_change_dataset()
    check_slug_takes_files(summary.slug)
    if request.method == "POST":
        try:
            messages.success(request, save_mode(request.POST, slug=summary.slug, user_id=rights.user_id))
        except UploaderError as error:
            messages.error(request, f"{error.message} {error.hint}".strip())
            return redirect("dataset-mode", slug=slug)
        return redirect("dataset-mode" if "order" in request.POST else "dataset", slug=slug)
    dataset = find_dataset(slug=summary.slug, viewer=viewer_of(request))
    context = {"dataset": summary, **mode_form(dataset, wanted=request.GET.get("mode", ""))}
    response = render(request, "dataset_mode.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response
