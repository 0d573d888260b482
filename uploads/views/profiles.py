"""The page on which the figures of a dataset's columns stand: whoever reads its rows may look at them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from uploads.services.files.permissions import rights_of
from uploads.services.reading.profile import describe_profile
from uploads.services.visibility import find_dataset
from uploads.web.parameters import takes
from uploads.web.sentences.datasets.profile import state_sentence
from uploads.web.shown.profiles import HEIGHT, WIDTH, shown_profile
from uploads.web.visitors import viewer_of


@require_safe
@takes()
def dataset_profile(request: HttpRequest, slug: str) -> HttpResponse:
    viewer = viewer_of(request)
    dataset = find_dataset(slug=slug, viewer=viewer)
    profile = describe_profile(dataset=dataset, viewer=viewer)
    context = {
        "dataset": dataset,
        "state": state_sentence(profile),
        "columns": [shown_profile(each) for each in profile.columns],
        "tables": profile.tables,
        "made_at": profile.made_at,
        "width": WIDTH,
        "height": HEIGHT,
        "may_index": rights_of(request.user).changes_datasets and not dataset.is_draft,
    }
    return render(request, "dataset_profile.html", context)
