"""Documents that are the same for everybody, and for whoever asks again only where they changed."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag


def answered(request: HttpRequest, body: bytes, *, content_type: str) -> HttpResponseBase:
    """With an ``ETag``, or 304. Caches may keep it and ask each time: what is taken back is gone at once.

    There is no ``Last-Modified``: that a dataset was deleted makes none of those that are left any newer.
    """
    etag = quote_etag(hashlib.sha256(body).hexdigest()[:32])
    response = HttpResponse(body, content_type=content_type)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, no-cache"
    return get_conditional_response(request, etag=etag, response=response) or response
