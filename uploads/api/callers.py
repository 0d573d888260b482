"""Who calls the API: a program with a token, a browser with its cookies, or anybody.

A token is looked up by ``services/tokens/tokens.py``; what it may do stands in ``services/scopes.py``.
"""

from base64 import b64decode
from dataclasses import dataclass
from typing import Any, cast

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.urls import ResolverMatch
from ninja.security.http import HttpAuthBase
from ninja.utils import check_csrf

from uploads.api.scopes import require_scope
from uploads.services.errors import NotAllowed
from uploads.services.files.permissions import Rights, rights_of
from uploads.services.scopes import SCOPES
from uploads.services.signing_in.attempts import password_attempt
from uploads.web.cors import allows_origin
from uploads.web.visitors import address_of, bearer_secret, known_visitor, take_token

_WAY_IN = "Make a token on the page “Tokens” and send it: curl -H 'Authorization: Bearer uploader_…'"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class WrongCredentials(NotAllowed):
    """The name or the password of HTTP Basic is wrong, or the account is closed."""

    code = "wrong_credentials"


class CsrfFailed(NotAllowed):
    """A browser sent a change without the token that proves it was our page that asked for it."""

    code = "csrf_failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """The rights of whoever calls, and the browser by which an anonymous sender's files are known."""

    rights: Rights
    visitor: str


def is_browser(request: HttpRequest) -> bool:
    """Whether the request may carry what a browser adds by itself: only then can another site have forged it. One of
    ``CORS_ORIGINS`` may send files as a visitor does, with nothing of a person's."""
    origin = request.headers.get("Origin", "")
    if origin and allows_origin(origin) and not request.COOKIES and "Authorization" not in request.headers:
        return False
    return bool(request.COOKIES) or "Origin" in request.headers or "Sec-Fetch-Site" in request.headers


class CallerAuth(HttpAuthBase):
    """A token, else the session, else anonymous; each operation decides what that allows. Where the setting
    ``HTTP_BASIC`` says so, the name and password of an account too."""

    openapi_scheme = "bearer"
    openapi_description = (
        "A token that a person made on the page “Tokens”, or `manage.py make_token`. What an operation lists beside it"
        " is the scope that the token needs: "
        + "; ".join(f"`{kind}`: {facts.words}" for kind, facts in SCOPES.items())
        + "."
    )
    is_async = True

    async def __call__(self, request: HttpRequest) -> Caller:
        return await sync_to_async(identify)(request)


def identify(request: HttpRequest) -> Caller:
    """Find out who calls. Raises ``WrongToken``, ``MissingScope``, ``WrongCredentials``, or ``CsrfFailed`` for a change
    that a browser didn't sign: no browser adds a token by itself."""
    secret = bearer_secret(request.headers.get("Authorization", ""))
    if secret is not None:
        grant = take_token(request, secret)
        found = cast("ResolverMatch", request.resolver_match)  # or no operation had asked
        require_scope(grant, method=str(request.method), route=found.route)
        return Caller(rights=rights_of(request.user, grant), visitor="")
    if request.method not in SAFE_METHODS and is_browser(request) and check_csrf(request) is not None:
        raise CsrfFailed("This change did not come from a page of this site.", hint="Reload the page and try again.")
    if "Authorization" in request.headers:
        request.user = _basic_user(request)
    return Caller(rights=rights_of(request.user), visitor=known_visitor(request))


def caller_of(request: HttpRequest) -> Caller:
    """What ``CallerAuth`` found."""
    caller = request.auth  # type: ignore[attr-defined]  # set by ninja
    if not isinstance(caller, Caller):
        raise TypeError("this operation needs auth=CallerAuth()")
    return caller


def _basic_user(request: HttpRequest) -> Any:
    scheme, _, encoded = request.headers["Authorization"].partition(" ")
    if scheme.lower() != "basic":
        raise WrongCredentials("Only tokens are understood.", hint=_WAY_IN)
    if not settings.HTTP_BASIC:
        raise WrongCredentials("Names and passwords are not taken here by HTTP Basic.", hint=_WAY_IN)
    hint = "Send the name and password of an account by HTTP Basic: curl -u name:password …"
    try:
        name, colon, password = b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:  # no base64, no UTF-8, or not even ASCII
        raise WrongCredentials("The name and password can't be read.", hint=hint) from None
    user = _tried(request, name, password) if colon and "\0" not in name else None
    if user is None:
        raise WrongCredentials("The name or the password is wrong.", hint=hint)
    return user


def _tried(request: HttpRequest, name: str, password: str) -> Any:
    """Raises ``TooManySignIns`` and ``SignInsBusy``."""
    with password_attempt(account=name, address=address_of(request)) as attempt:
        user = authenticate(request, username=name, password=password)
        attempt.failed, attempt.succeeded = user is None, user is not None
    return user
