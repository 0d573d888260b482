"""What each operation of the API knows, as ninja and the documentation have it; whatever else is sent is refused."""

import json
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja.operation import Operation

from uploads.services.errors import UnknownParameter
from uploads.tabular.errors import UploaderError
from uploads.web.form_uploads import FIELD
from uploads.web.limits.unreadable import UNREADABLE
from uploads.web.parameters import Parameters, check_form, check_names, check_query

FORM_TYPE = "multipart/form-data"
FORM_TYPES = (FORM_TYPE, "application/x-www-form-urlencoded")

type Run = Callable[..., Awaitable[HttpResponseBase]]


class _Pairs(list[tuple[str, Any]]):
    """An object of JSON with every key that was sent, also one that came twice."""


def strict(run: Run) -> Run:
    """Around an operation's ``run``, for ``NinjaAPI.add_decorator``: a new operation cannot forget it."""
    operation: Operation = run.__self__  # type: ignore[attr-defined]  # a bound method, as ninja gives it
    known = known_to(operation)

    @wraps(run)
    async def answer(request: HttpRequest, **parts: Any) -> HttpResponseBase:
        try:
            check_query(request, known)
            if _may_have_body(request):
                await sync_to_async(_check_body)(request, operation, known)
        except (UploaderError, *UNREADABLE) as error:
            return operation.api.on_exception(request, error)
        return await run(request, **parts)

    return answer


def known_to(operation: Operation) -> Parameters:
    """Its query parameters, and the fields of its body: of its form, or of its one JSON object."""
    query: list[str] = []
    several: set[str] = set()
    fields: list[str] = list(_form(operation).get("properties", ()))
    for model in operation.models:
        match model.__ninja_param_source__:
            case "query":
                query += model.__ninja_flatten_map__
                several.update(model.__ninja_collection_fields__)
            case "body":
                for name, wanted in model.model_fields.items():
                    fields += getattr(wanted.annotation, "model_fields", (name,))
    return Parameters(query=tuple(query), fields=tuple(fields), several=frozenset(several), is_open=_is_open(operation))


def _is_open(operation: Operation) -> bool:
    """It describes parameters of any name, and checks them itself."""
    described = (operation.openapi_extra or {}).get("parameters", ())
    return any("additionalProperties" in each.get("schema", {}) for each in described)


def _form(operation: Operation) -> dict[str, Any]:
    content = (operation.openapi_extra or {}).get("requestBody", {}).get("content", {})
    schema: dict[str, Any] = content.get(FORM_TYPE, {}).get("schema", {})
    return schema


def _may_have_body(request: HttpRequest) -> bool:
    return request.META.get("CONTENT_LENGTH") not in (None, "", "0") or "Transfer-Encoding" in request.headers


def _check_body(request: HttpRequest, operation: Operation, known: Parameters) -> None:
    if _form(operation):
        check_form(request, Parameters(fields=known.fields, several=frozenset({FIELD})))
        return
    body = request.body
    sent = _pairs(body)
    if sent is not None:
        check_names((name for name, _ in sent), known=known.fields, where=request.path, word="field")
    elif not known.fields and request.method == "POST" and request.content_type in FORM_TYPES:
        check_form(request, known)
    elif not known.fields and body.strip():
        raise UnknownParameter(f"“{request.path}” takes nothing in its body.", hint="Send it without one.")


def _pairs(body: bytes) -> _Pairs | None:
    """What a body holds that is an object of JSON; ``None`` for any other, which ninja refuses in its own words."""
    try:
        found = json.loads(body, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):  # also for bytes that are no text, and for brackets by the thousand
        return None
    return found if isinstance(found, _Pairs) else None
