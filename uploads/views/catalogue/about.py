"""What a dataset is called and about, said on a page of the dataset."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from uploads.services.cataloguing.about import (
    LONGEST_ADDRESS,
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    LONGEST_TITLE,
    About,
    SaidAbout,
    change_about,
    split_tags,
)
from uploads.services.cataloguing.licences import OTHER, licence_choices
from uploads.services.errors import BadParameter
from uploads.services.files.permissions import rights_of
from uploads.services.visibility import find_dataset
from uploads.web.parameters import takes
from uploads.web.visitors import viewer_of

FIELDS = ("name", "description", "licence", "licence_url", "tags", "publisher", "contact")


@require_http_methods(["GET", "HEAD", "POST"])
@takes(fields=FIELDS)
def dataset_about(request: HttpRequest, slug: str) -> HttpResponse:
    """The page on which staff say it. What cannot be is shown again beside its field, with everything else as typed."""
    dataset = find_dataset(slug=slug, viewer=viewer_of(request))
    rights = rights_of(request.user)
    rights.require_change_dataset()
    about, fault = About.of(dataset), None
    typed = {
        "name": dataset.name,
        "description": about.description,
        "licence": about.licence,
        "licence_url": about.other_licence_url,
        "tags": ", ".join(about.tags),
        "publisher": about.publisher,
        "contact": about.contact,
    }
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in FIELDS}
        if typed["licence"] != OTHER:
            typed["licence_url"] = ""  # the field is out of sight then
        try:
            change_about(
                slug=dataset.slug,
                said=SaidAbout(**{**typed, "tags": split_tags(typed["tags"])}),  # type: ignore[arg-type]
                user_id=rights.user_id,
            )
        except BadParameter as error:
            fault = error
        else:
            messages.success(request, "Saved.")
            return redirect("dataset", slug=slug)
    context = {
        "dataset": dataset,
        "typed": typed,
        "faults": {} if fault is None else dict.fromkeys(fault.names, f"{fault.message} {fault.hint}".strip()),
        "licences": tuple(licence_choices()),
        "longest": {
            "title": LONGEST_TITLE,
            "description": LONGEST_DESCRIPTION,
            "name": LONGEST_NAME,
            "address": LONGEST_ADDRESS,
        },
    }
    response = render(request, "dataset_about.html", context, status=400 if fault else 200)
    response.headers["Cache-Control"] = "no-store"
    return response
