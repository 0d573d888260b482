"""Who calls the API: a script with a name and password, a browser with its cookies, or anybody."""

from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth import authenticate
from django.http import HttpRequest
from ninja.security.http import HttpAuthBase
from ninja.utils import check_csrf

from uploads.services.errors import NotAllowed
from uploads.services.files.permissions import Rights, rights_of
from uploads.services.signing_in.attempts import password_attempt
from uploads.web.visitors import address_of, known_visitor

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
    """Whether the request may carry what a browser adds by itself: only then can another site have forged it."""
    return bool(request.COOKIES) or "Origin" in request.headers or "Sec-Fetch-Site" in request.headers


class CallerAuth(HttpAuthBase):
    """HTTP Basic with an account, else the session, else anonymous; each operation decides what that allows."""

    openapi_scheme = "basic"
    is_async = True

    async def __call__(self, request: HttpRequest) -> Caller:
        return await sync_to_async(identify)(request)


def identify(request: HttpRequest) -> Caller:
    """Find out who calls. Raises ``WrongCredentials``, or ``CsrfFailed`` for a change that a browser didn't sign."""
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
    hint = "Send the name and password of an account by HTTP Basic: curl -u name:password …"
    if scheme.lower() != "basic":
        raise WrongCredentials("Only HTTP Basic is understood.", hint=hint)
    try:
        name, colon, password = b64decode(encoded, validate=True).decode().partition(":")
    except (Base64Error, UnicodeDecodeError):
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
