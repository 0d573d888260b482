"""Saved charts in frames of other sites: the headers that let some of them, and the line that they copy."""

from html import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from uploads.models import Dataset
from uploads.services.saving.saved_views import Saved
from uploads.states import Visibility

HEIGHTS = {True: 900, False: 520}
"""Pixels of a frame: of a dashboard, and of one view."""


def let_frame(response: HttpResponse) -> HttpResponse:
    """Let the sites of ``EMBED_ORIGINS`` show this answer in a frame; where there are none, it stays as strict as all.

    ``X-Frame-Options`` knows no list of sites, so the policy alone says it then.
    """
    if settings.EMBED_ORIGINS:
        policy = {**settings.SECURE_CSP, "frame-ancestors": settings.EMBED_ORIGINS}
        response._csp_config = policy  # type: ignore[attr-defined]  # noqa: SLF001 - as Django's own csp_override does
        response.xframe_options_exempt = True
    return response


def frame_line(request: HttpRequest, *, dataset: Dataset, saved: Saved | None = None) -> str:
    """The HTML to copy, of a saved view or else of the dashboard; empty where nobody could show it."""
    if not settings.EMBED_ORIGINS or dataset.is_draft or dataset.visibility != Visibility.PUBLIC:
        return ""
    if saved is None:
        path, title = reverse("embed-dashboard", args=[dataset.slug]), f"Dashboard of {dataset.name}"
    else:
        path, title = reverse("embed-view", args=[dataset.slug, saved.slug]), saved.name
    return (
        f'<iframe src="{escape(request.build_absolute_uri(path))}" title="{escape(title)}" width="100%"'
        f' height="{HEIGHTS[saved is None]}" loading="lazy"></iframe>'
    )
