"""Say how a file, or the later files of a dataset, are read."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from uploads.models import UploadedFile
from uploads.services.datasets.browsing import describe_dataset, list_targets
from uploads.services.files import kept_readings
from uploads.services.files.permissions import rights_of
from uploads.services.files.receipts import describe_token
from uploads.services.options.catalogue import OF_DATASETS, READING_OPTIONS
from uploads.services.options.remembered import change_defaults, remembered_options
from uploads.services.read_only import check_slug_takes_files
from uploads.services.receiving.reimport import check_may_reimport
from uploads.services.rejects.groups import count_mended_of
from uploads.states import FileState
from uploads.tabular.errors import BadOption
from uploads.web.forms.options_form import BOXES, OPEN, ReadingForm, act_on, reading_form
from uploads.web.parameters import Parameters, check_form, takes
from uploads.web.sentences.reading import KEPT, OF_DATASET, given_so_far, reimport_consequence
from uploads.web.visitors import known_visitor, viewer_of


@require_http_methods(["GET", "HEAD", "POST"])
@takes(query=BOXES, fields=(*READING_OPTIONS, "dataset"), several=OPEN)
def read_file_again(request: HttpRequest, token: str) -> HttpResponse:
    """The page on which a sender or staff say how to read a file now."""
    receipt = describe_token(token=token)
    rights = rights_of(request.user)
    check_may_reimport(file_id=receipt.file_id, rights=rights, visitor=known_visitor(request))
    file = UploadedFile.objects.get(pk=receipt.file_id)
    form = reading_form(request, file=file)
    if request.method == "POST":
        # an option that cannot apply to this file has no field in its form
        check_form(request, Parameters(fields=tuple(form.fields), several=frozenset(OPEN)))
        followed = act_on(request, form, file=file)
        if followed is not None:
            return redirect("receipt", token=followed.token)
    context = {
        "form": form,
        "receipt": receipt,
        "consequence": reimport_consequence(
            state=receipt.state,
            rows=receipt.rows_loaded,
            may_activate=rights.can(state=FileState.LOADED).activate,
            mended=count_mended_of(file_ids=[file.pk]),
        ),
        "datasets": list_targets(viewer_of(request)),
    }
    response = render(request, "read_again.html", context, status=400 if form.errors else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@takes()
def keep_reading(request: HttpRequest, token: str, load_id: int, position: int) -> HttpResponse:
    """Close a question of the receipt: the table stays as it was read."""
    receipt = describe_token(token=token)
    rights = rights_of(request.user)
    check_may_reimport(file_id=receipt.file_id, rights=rights, visitor=known_visitor(request))
    kept_readings.keep_reading(file_id=receipt.file_id, load_id=load_id, position=position, user_id=rights.user_id)
    messages.success(request, KEPT)
    return redirect("receipt", token=token)


@require_http_methods(["GET", "HEAD", "POST"])
@takes(fields=OF_DATASETS, several=OPEN)
def dataset_reading(request: HttpRequest, slug: str) -> HttpResponse:
    """The page on which staff say how the later files of a dataset are read."""
    summary = describe_dataset(slug=slug, viewer=viewer_of(request))
    slug = summary.slug
    rights_of(request.user).require_change_dataset()
    check_slug_takes_files(slug)
    defaults = remembered_options(dataset=slug)
    data = request.POST if request.method == "POST" else None
    form = ReadingForm(data, options=defaults.options, names=OF_DATASETS)
    if request.method == "POST" and form.is_valid():
        user = request.user
        try:
            change_defaults(slug=slug, options=form.options, by=user.get_username(), user_id=user.pk)
        except BadOption as error:
            form.add_error(None, f"{error.message} {error.hint}")
        else:
            return redirect("dataset", slug=slug)
    context = {
        "form": form,
        "dataset": summary,
        "given": given_so_far(defaults),
        "lede": OF_DATASET,
    }
    return render(request, "dataset_reading.html", context, status=400 if form.errors else 200)
