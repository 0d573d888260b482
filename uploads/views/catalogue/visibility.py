"""Who reads a dataset, said on a page of the dataset."""

from django.contrib import messages
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from uploads.services.datasets.browsing import describe_dataset
from uploads.services.datasets.rights import change_visibility, visibility_of
from uploads.services.files.permissions import rights_of
from uploads.services.visibility import find_dataset
from uploads.states import Visibility
from uploads.tabular.errors import UploaderError
from uploads.web.parameters import takes
from uploads.web.sentences.datasets.visibility import LABELS, WORDS, visibility_sentence
from uploads.web.visitors import viewer_of


@require_http_methods(["GET", "HEAD", "POST"])
@takes(fields=["visibility", "group"], several=["group"])
def dataset_visibility(request: HttpRequest, slug: str) -> HttpResponse:
    """The page on which staff say it."""
    summary = describe_dataset(slug=slug, viewer=viewer_of(request))
    rights = rights_of(request.user)
    rights.require_change_dataset()
    if request.method == "POST":
        wanted = request.POST.get("visibility", "")
        # boxes stay ticked where another audience is chosen: they mean nothing then
        groups = request.POST.getlist("group") if wanted == Visibility.GROUPS else []
        try:
            now = change_visibility(slug=summary.slug, visibility=wanted, groups=groups, user_id=rights.user_id)
        except UploaderError as error:
            messages.error(request, f"{error.message} {error.hint}".strip())
            return redirect("dataset-visibility", slug=slug)
        messages.success(request, f"Saved. {visibility_sentence(now)}")
        return redirect("dataset", slug=slug)
    now = visibility_of(find_dataset(slug=summary.slug, viewer=viewer_of(request)))
    names = Group.objects.order_by("name").values_list("name", flat=True)
    context = {
        "dataset": summary,
        "choices": [(each.value, LABELS[each], WORDS[each], each == now.visibility) for each in Visibility],
        "groups": [(name, name in now.groups) for name in names],
    }
    response = render(request, "dataset_visibility.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response
