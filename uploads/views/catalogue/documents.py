"""What machines ask for that look for data: the catalogue, the sitemap and the rules for robots."""

import json
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import views as sitemaps
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from uploads.services.datasets.catalogue import catalogue_entry, catalogue_page
from uploads.services.errors import BadParameter
from uploads.web.catalogue.addresses import Site
from uploads.web.catalogue.answering import answered
from uploads.web.catalogue.dcat import catalogue_document, dataset_document
from uploads.web.catalogue.sitemaps import SECTIONS, robots_text
from uploads.web.catalogue.turtle import as_turtle
from uploads.web.parameters import takes
from uploads.web.shown.dataset_list import PAGE

JSON_LD = "application/ld+json"
_ON = "p"
"""How Django's sitemaps name a page."""


@require_safe
@takes(query=[PAGE])
def catalogue(request: HttpRequest) -> HttpResponseBase:
    """The datasets that everybody sees in the words of DCAT; the same for whoever is signed in."""
    return _json_ld(request, _catalogue(request))


@require_safe
@takes()
def dataset_jsonld(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One of them."""
    return _json_ld(request, dataset_document(catalogue_entry(slug=slug), site=Site(request=request)))


@require_safe
@takes(query=[PAGE])
def catalogue_turtle(request: HttpRequest) -> HttpResponseBase:
    """The same as Turtle."""
    return _turtle(request, _catalogue(request))


@require_safe
@takes()
def dataset_turtle(request: HttpRequest, slug: str) -> HttpResponseBase:
    return _turtle(request, dataset_document(catalogue_entry(slug=slug), site=Site(request=request)))


@require_safe
@takes()
def robots(request: HttpRequest) -> HttpResponseBase:
    """What robots may look at."""
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    text = robots_text(may_look=settings.IN_SEARCH_ENGINES, sitemap=sitemap)
    return answered(request, text.encode(), content_type="text/plain; charset=utf-8")


@require_safe
@takes()
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """Where the parts of the sitemap are."""
    _check_may_look()
    return _xml(request, sitemaps.index(request, SECTIONS, sitemap_url_name="sitemap-part"))


@require_safe
@takes(query=[_ON])
def sitemap_part(request: HttpRequest, section: str) -> HttpResponseBase:
    """The addresses of a part, or of a page of it."""
    _check_may_look()
    _read_number(request, _ON)
    return _xml(request, sitemaps.sitemap(request, SECTIONS, section=section))


def _check_may_look() -> None:
    if not settings.IN_SEARCH_ENGINES:
        raise Http404


def _read_number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "1")
    if text.isascii() and text.isdigit() and len(text) <= 6 and int(text):
        return int(text)
    raise BadParameter(f"“{name}” is a number from 1 on.", names=[name])


def _catalogue(request: HttpRequest) -> dict[str, Any]:
    page = catalogue_page(_read_number(request, PAGE))
    if page is None:
        raise Http404
    return catalogue_document(page, site=Site(request=request))


def _turtle(request: HttpRequest, document: dict[str, Any]) -> HttpResponseBase:
    return answered(request, as_turtle(document).encode(), content_type="text/turtle; charset=utf-8")


def _json_ld(request: HttpRequest, document: dict[str, Any]) -> HttpResponseBase:
    return answered(request, json.dumps(document, ensure_ascii=False).encode(), content_type=JSON_LD)


def _xml(request: HttpRequest, response: Any) -> HttpResponseBase:
    return answered(request, response.render().content, content_type="application/xml; charset=utf-8")
