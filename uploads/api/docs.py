"""The API's documentation page: Swagger UI from our own static files and without inline scripts, for a strict CSP."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase
from ninja.openapi.schema import OpenAPISchema

from uploads.api.scopes import scope_needed
from uploads.web.events.wire import BEAT, CONTENT_TYPE, FILE, FILES, STREAM
from uploads.web.news.payload import describe_webhooks

SCHEME = "CallerAuth"
BASIC = "HttpBasic"


class DescribedOnce(NinjaAPI):
    """Its description takes 0.6 s of CPU to make, and is the same for everybody."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._described: dict[str, OpenAPISchema] = {}

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Made at the first call, when all operations are there."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        if prefix not in self._described:
            described = super().get_openapi_schema(path_prefix=prefix)
            _document_optional_accounts(described)
            _document_schemes(described)
            _document_streams(described)
            described["webhooks"] = describe_webhooks(described["components"])
            self._described[prefix] = described
        return self._described[prefix]


def _document_optional_accounts(described: OpenAPISchema) -> None:
    """Where nobody needs an account its password may still be wrong. Operations that need one say so themselves."""
    refusal = {
        "description": "The token is wrong, has ended or was revoked.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
    for methods in described["paths"].values():
        for operation in methods.values():
            if operation.get("security") and not {401, "401"} & operation["responses"].keys():
                operation["responses"][401] = refusal
                operation["security"] = [{}, *operation["security"]]


def _document_schemes(described: OpenAPISchema) -> None:
    """The scope that a token needs stands with each operation; HTTP Basic where it is taken."""
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            ways = operation.get("security", ())
            if ways:  # operations share what they say of it
                scope = str(scope_needed(method=method.upper(), route=path).kind)
                basic = [{BASIC: list[str]()}] if settings.HTTP_BASIC else []
                operation["security"] = [*({SCHEME: [scope]} if SCHEME in way else way for way in ways), *basic]
    if settings.HTTP_BASIC:
        described["components"]["securitySchemes"][BASIC] = {"type": "http", "scheme": "basic"}


def _document_streams(described: OpenAPISchema) -> None:
    """Before OpenAPI 3.2 the schema of a stream is that of each of its events, whose ``data`` is described in it."""
    for path, methods in described["paths"].items():
        if path.endswith(f"/{STREAM}"):
            told = methods["get"]["responses"][200]["content"]
            whole = told.pop("application/json")["schema"]
            fields = described["components"]["schemas"][whole["$ref"].rpartition("/")[2]]["properties"]
            told[CONTENT_TYPE] = {"schema": _event_schema(whole, fields.get(FILES))}


def _event_schema(whole: dict[str, Any], files: dict[str, Any] | None) -> dict[str, Any]:
    """``whole``: what is told of one file, or of a list; ``files``: those of a list."""
    one_file = [files["items"]] if files else []
    data = [whole, *one_file, {"type": "object", "maxProperties": 0, "description": "Of a beat."}]
    return {
        "type": "object",
        "required": ["event", "data"],
        "properties": {
            "event": {"type": "string", "enum": [FILES, FILE, BEAT] if files else [FILE, BEAT]},
            "data": {"type": "string", "contentMediaType": "application/json", "contentSchema": {"anyOf": data}},
            "id": {"type": "string", "description": "Of the state; sent back as `Last-Event-ID`."},
        },
    }


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
