"""The OpenAPI document of one dataset over the API."""

from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from ninja import Router

from uploads.api.callers import CallerAuth
from uploads.api.reading.document import document_of, facts_of
from uploads.services.visibility import find_dataset
from uploads.web.schemas import answers
from uploads.web.visitors import viewer_of

router = Router(tags=["datasets"], auth=CallerAuth())


@router.get(
    "/datasets/{slug}/openapi.json",
    response={200: dict[str, Any], 304: None, frozenset({400, 404}): answers.Error},
    summary="The OpenAPI document of one dataset",
)
async def describe_dataset_api(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Its rows with their own columns and types, a parameter for each column and operator, and its aggregates: what a
    generator of clients needs. It has an `ETag`; 304 answers an `If-None-Match` while the columns are the same.
    """
    return await sync_to_async(_answer)(request, slug)


def _answer(request: HttpRequest, slug: str) -> HttpResponseBase:
    viewer = viewer_of(request)
    document = document_of(facts_of(dataset=find_dataset(slug=slug, viewer=viewer), viewer=viewer))
    etag = quote_etag(document.fingerprint)
    response = HttpResponse(document.body, content_type="application/json")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"  # asked for again each time: columns change at any moment
    patch_vary_headers(response, ("Cookie", "Authorization"))
    return get_conditional_response(request, etag=etag, response=response) or response
