"""The API's documentation page: Swagger UI from our own static files and without inline scripts, for a strict CSP."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase


class OfflineSwagger(DocsBase):
    """Nothing is loaded from, or told to, another site."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        swagger = {
            "url": self.get_openapi_url(api, kwargs),
            "layout": "BaseLayout",
            "deepLinking": True,
            "validatorUrl": None,  # else the page's address goes to swagger.io
            "displayRequestDuration": True,
            "defaultModelsExpandDepth": 0,
        }
        context = {"api": api, "swagger_settings": json.dumps(swagger), "csrf_token": get_token(request)}
        return render(request, "api/docs.html", context)
