"""The history of a dataset."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from uploads.services.datasets.history import MOST_PAGES, history_of
from uploads.services.errors import BadParameter
from uploads.services.visibility import find_dataset
from uploads.web.parameters import takes
from uploads.web.sentences.datasets.history import event_sentence
from uploads.web.shown.dataset_list import PAGE
from uploads.web.visitors import viewer_of


@require_safe
@takes(query=[PAGE])
def dataset_history(request: HttpRequest, slug: str) -> HttpResponse:
    """Newest first, for whoever may see the dataset; with the words of acts and who did them for staff."""
    viewer = viewer_of(request)
    dataset = find_dataset(slug=slug, viewer=viewer)
    number = _read_number(request.GET.get(PAGE, "1"))
    history = history_of(dataset=dataset, viewer=viewer, number=number)
    here = reverse("dataset-history", args=[slug])
    context = {
        "dataset": dataset,
        "events": [(event, event_sentence(event)) for event in history.events],
        "previous": "" if number == 1 else f"{here}?{PAGE}={number - 1}" if number > 2 else here,
        "next": f"{here}?{PAGE}={number + 1}" if history.has_more and number < MOST_PAGES else "",
    }
    return render(request, "dataset_history.html", context)


def _read_number(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MOST_PAGES:
        return int(text)
    raise BadParameter(f"“{PAGE}” is a number from 1 to {MOST_PAGES:,}.", names=[PAGE])
