"""The dashboard of a dataset: saved charts and tables on one page, arranged by staff."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from uploads.services.errors import ViewExists
from uploads.services.files.permissions import rights_of
from uploads.services.saving.dashboards import arrange, list_placed
from uploads.services.saving.saved_views import list_views
from uploads.services.visibility import find_dataset
from uploads.states import DashboardAct
from uploads.tabular.errors import BadOption
from uploads.web.parameters import takes
from uploads.web.saved.embedding import frame_line
from uploads.web.saved.tiles import tiles_of
from uploads.web.visitors import viewer_of


@require_http_methods(["GET", "HEAD", "POST"])
@takes(fields=["view", "act"])
def dashboard(request: HttpRequest, slug: str) -> HttpResponse:
    """The page, for whoever may see the dataset; posted, staff do one thing to one view."""
    viewer = viewer_of(request)
    dataset = find_dataset(slug=slug, viewer=viewer)
    if request.method == "POST":
        rights = rights_of(request.user)
        rights.require_change_dataset()
        act = _read_act(request.POST.get("act", ""))
        try:
            arrange(dataset=dataset, slug=request.POST.get("view", ""), act=act, user_id=rights.user_id)
        except ViewExists as error:
            messages.error(request, f"{error.message} {error.hint}".strip())
        return redirect("dashboard", slug=dataset.slug)
    placed = list_placed(dataset=dataset)
    make = tiles_of(dataset=dataset, viewer=viewer)
    there = {each.saved.slug for each in placed}
    context = {
        "dataset": dataset,
        "tiles": [make.tile(each.saved, is_wide=each.is_wide) for each in placed],
        "frame_line": frame_line(request, dataset=dataset) if placed else "",
        "others": [view for view in list_views(dataset=dataset) if view.slug not in there],
    }
    return render(request, "dashboard.html", context)


def _read_act(word: str) -> DashboardAct:
    if word in DashboardAct.values:
        return DashboardAct(word)
    raise BadOption("That is nothing to do with a view.", hint=f"Possible are {', '.join(DashboardAct.values)}.")
