"""What the files of a dataset wait for, said on a page of the dataset."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from uploads.services.datasets.browsing import describe_dataset
from uploads.services.files.permissions import rights_of
from uploads.services.merging.guards import Guards, SaidGuards, change_guards
from uploads.services.options.parsing import parse_flag
from uploads.services.read_only import check_slug_takes_files
from uploads.services.visibility import find_dataset
from uploads.states import Mode
from uploads.tabular.errors import UploaderError
from uploads.web.parameters import takes
from uploads.web.sentences.guards import guards_sentence, measured_words
from uploads.web.visitors import viewer_of


@require_http_methods(["GET", "HEAD", "POST"])
@takes(fields=["fewer_rows", "changed", "column_gone"])
def dataset_guards(request: HttpRequest, slug: str) -> HttpResponse:
    """The page on which staff say it; a box that is not ticked comes with no field."""
    summary = describe_dataset(slug=slug, viewer=viewer_of(request))
    rights = rights_of(request.user)
    rights.require_change_dataset()
    check_slug_takes_files(summary.slug)
    if request.method == "POST":
        try:
            said = SaidGuards(
                fewer_rows=request.POST.get("fewer_rows", ""),
                changed=request.POST.get("changed", ""),
                column_gone=bool(parse_flag("column_gone", request.POST.get("column_gone"))),
            )
            now = change_guards(slug=summary.slug, said=said, user_id=rights.user_id)
        except UploaderError as error:
            messages.error(request, f"{error.message} {error.hint}".strip())
            return redirect("dataset-guards", slug=slug)
        messages.success(request, f"Saved. {guards_sentence(now)}")
        return redirect("dataset", slug=slug)
    dataset = find_dataset(slug=summary.slug, viewer=viewer_of(request))
    guards = Guards.of(dataset)
    context = {
        "dataset": summary,
        "fewer_rows": _shown(guards.fewer_rows),
        "changed": _shown(guards.changed),
        "column_gone": guards.column_gone,
        "measured": measured_words(Mode(dataset.mode), dataset.key),
    }
    response = render(request, "dataset_guards.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _shown(percent: float | None) -> str:
    return "" if percent is None else f"{percent:g}"
