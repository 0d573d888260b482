"""Who is asking: a signed cookie that knows a browser again without an account, and the sender of a request."""

import secrets
from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from uploads.services.files.permissions import FileAction, rights_of
from uploads.services.receiving.sender import Sender
from uploads.services.scopes import Grant, ScopeKind
from uploads.services.sender_network import plain_address
from uploads.services.tokens.tokens import use_token
from uploads.services.visibility import Viewer, viewer_of_user

COOKIE = "visitor"
COOKIE_SECONDS = 400 * 24 * 3600
"""The longest time that browsers keep a cookie."""

_SIGNER = Signer(salt="uploads.visitor")
_KNOWN = "_visitor"
_NEW = "_visitor_is_new"
_GRANT = "_grant"


def known_visitor(request: HttpRequest) -> str:
    """The visitor that the cookie names; empty for a browser seen for the first time, or a forged cookie, and for a
    token, which is no browser whatever cookies come with it."""
    if grant_of(request) is not None:
        return ""
    if not hasattr(request, _KNOWN):
        try:
            setattr(request, _KNOWN, _SIGNER.unsign(request.COOKIES.get(COOKIE, "")))
        except BadSignature:
            setattr(request, _KNOWN, "")
    visitor: str = getattr(request, _KNOWN)
    return visitor


def visitor_of(request: HttpRequest) -> str:
    """The visitor; one who has no name yet gets one, and a cookie with the response. For pages that are their own."""
    visitor = known_visitor(request)
    if not visitor:
        visitor = secrets.token_urlsafe(24)
        setattr(request, _KNOWN, visitor)
        setattr(request, _NEW, True)
    return visitor


def take_token(request: HttpRequest, secret: str) -> Grant:
    """Be the person of this token for the length of the request, as far as it goes. Raises ``WrongToken``."""
    user, grant = use_token(secret)
    request.user = user  # type: ignore[assignment]
    setattr(request, _GRANT, grant)
    return grant


def grant_of(request: HttpRequest) -> Grant | None:
    """What the token was granted by which the request came; ``None``: it came by none."""
    grant = getattr(request, _GRANT, None)
    return grant if isinstance(grant, Grant) else None


def bearer_secret(authorization: str) -> str | None:
    """The token of a header ``Authorization: Bearer …``; ``None``: it is another scheme, or there is none."""
    scheme, _, secret = authorization.strip().partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def uploader_of(request: HttpRequest) -> Sender:
    """The sender of a request that has passed the authentication middleware. A token sends as its person does."""
    rights, grant = rights_of(request.user), grant_of(request)
    return Sender(
        user_id=rights.user_id,
        is_staff=rights.is_staff,
        visitor=known_visitor(request),
        by_token=grant is not None,
        only=None if grant is None else grant.datasets_of(ScopeKind.UPLOAD),
        address=address_of(request),
        may_activate=FileAction.ACTIVATE in rights.acts,
    )


def viewer_of(request: HttpRequest) -> Viewer:
    """As whom whoever asks sees files; after ``CallerAuth`` also a token, or an account that came by HTTP Basic."""
    return viewer_of_user(request.user, grant_of(request), visitor=known_visitor(request))


def address_of(request: HttpRequest) -> str | None:
    """The address that a request came from, if it came from one.

    Behind a proxy it is the server's task to find the sender's (uvicorn: ``--forwarded-allow-ips``); a header that
    anybody can write is not looked at here.
    """
    return plain_address(request.META.get("REMOTE_ADDR", ""))


class VisitorMiddleware:
    """Sends the cookie when a view has asked who the visitor is."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        if self.is_async:
            return self.answer_async(request)
        return remember(request, self.get_response(request))

    async def answer_async(self, request: HttpRequest) -> HttpResponseBase:
        return remember(request, await self.get_response(request))


def remember(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Have the browser keep the name that it got with this request, if it got one."""
    if hasattr(request, _KNOWN):
        patch_vary_headers(response, ("Cookie",))
    if hasattr(request, _NEW):
        response.set_cookie(
            COOKIE,
            _SIGNER.sign(known_visitor(request)),
            max_age=COOKIE_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response
