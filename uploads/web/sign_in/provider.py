"""The way to a provider of OpenID Connect and back, by django-allauth; imported where a setting names a provider.

Of allauth 65.22 come the state, PKCE and the exchange of the code. Read for this, it sends no nonce, leaves the
signature of the ID token unchecked and takes for granted that a provider answers, and what: that is done here, as
OpenID Connect Core 3.1.3.7 and 5.3.2 have it. Its own pages, mails and ways to make accounts have no address here.
"""

import logging
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import jwt
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from requests import RequestException

from uploads.services.errors import ProviderAway, SignInsBusy, SignInUnfinished
from uploads.services.signing_in.accounts import Identity
from uploads.web.sign_in.claims import Claims, capitalised, identity_of

logger = logging.getLogger(__name__)

AT_ONCE = 4
"""Who is asking the provider, each for up to some seconds: of the 16 that are answered at once the others stay."""
CLOCKS_APART = 120
"""Seconds by which the provider's clock may differ from ours."""
KEPT_SECONDS = 3600.0
"""For so long it is remembered what a provider says of itself."""
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
SIGNED_BY_KEY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
SIGNED_BY_SECRET = ("HS256", "HS384", "HS512")
AGAIN = "Go to the page “Sign in” and begin again."
_asking = threading.BoundedSemaphore(AT_ONCE)
_metadata: dict[str, tuple[float, Mapping[str, Any]]] = {}


class SiteAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # it has no types
    """The one provider of the settings, which comes back to our own address."""

    def get_provider(self) -> "SiteProvider":
        return provider_of(self.request)

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return request.build_absolute_uri(reverse("open-id-callback"))

    @property
    def openid_config(self) -> Mapping[str, Any]:
        """What the provider says of itself (discovery), which must be the provider that was asked."""
        issuer = settings.OIDC_ISSUER
        kept = _metadata.get(issuer)
        if kept is None or time.monotonic() - kept[0] > KEPT_SECONDS:
            kept = _metadata[issuer] = (time.monotonic(), _checked(super().openid_config, issuer=issuer))
        return kept[1]


def _checked(said: object, *, issuer: str) -> Mapping[str, Any]:
    """The provider's own words on itself, without which nobody can sign in: its name, and addresses as safe as that.

    Where ``issuer`` is an address of discovery with a question mark, the name that stands there is believed: whoever
    set up this site named the very address, and people are kept by it.
    """
    name = str(said.get("issuer", "")).rstrip("/") if isinstance(said, dict) else ""
    if not isinstance(said, dict) or not name or (name != issuer and "?" not in issuer):
        raise OAuth2Error(f"what stands at {issuer} is not of that provider: {said!r:.500}")
    named = {name: said[name] for name in NEEDED} | {
        name: said[name] for name in ("userinfo_endpoint",) if name in said
    }
    scheme = "https://" if issuer.startswith("https://") else ("https://", "http://")
    unsafe = [name for name, address in named.items() if not str(address).startswith(scheme)]
    if unsafe:
        raise OAuth2Error(f"these addresses of {issuer} are not safe: {', '.join(unsafe)}")
    return said


class SiteProvider(OpenIDConnectProvider):  # type: ignore[misc]  # as above
    oauth2_adapter_class = SiteAdapter


def provider_of(request: HttpRequest) -> SiteProvider:
    """People of one provider are not those of another, so its address is what they are kept by."""
    app = SocialApp(
        provider=SiteProvider.id,
        provider_id=settings.OIDC_ISSUER,
        name=settings.OIDC_NAME,
        client_id=settings.OIDC_CLIENT_ID,
        secret=settings.OIDC_CLIENT_SECRET,
        settings={"server_url": settings.OIDC_ISSUER, "oauth_pkce_enabled": True},
    )
    return SiteProvider(request, app=app)


def begin_sign_in(request: HttpRequest, *, next_url: str) -> HttpResponseRedirect:
    """To the provider. What comes back is told by what the session keeps. Raises ``ProviderAway``, ``SignInsBusy``."""
    provider, nonce = provider_of(request), secrets.token_urlsafe(24)
    with _asking_provider():
        _ = SiteAdapter(request, settings.OIDC_ISSUER).authorize_url  # before anything is kept
        answer: HttpResponseRedirect = provider.redirect(
            request, AuthProcess.LOGIN, next_url, auth_params={"nonce": nonce}, nonce=nonce
        )
    return answer


def finish_sign_in(request: HttpRequest) -> tuple[Identity, str]:
    """Who came back from the provider, and where that person wanted to go on this site.

    Raises ``SignInUnfinished``, ``ProviderAway`` or ``SignInsBusy``.
    """
    provider = provider_of(request)
    state = statekit.unstash_state(request, provider_id=provider.sub_id, state_id=request.GET.get("state", ""))
    if state is None:
        raise SignInUnfinished(
            "This way to sign in was begun more than 10 minutes ago, in another browser, or without cookies, or was"
            " used before.",
            hint=AGAIN,
        )
    _check_consent(request)
    with _asking_provider():
        adapter = SiteAdapter(request, settings.OIDC_ISSUER)
        client = adapter.get_client(request, provider.app)
        tokens = adapter.get_access_token_data(
            request, provider.app, client, pkce_code_verifier=state["pkce_code_verifier"]
        )
        claims = _id_claims(adapter, str(tokens["id_token"]), nonce=state["nonce"])
        details = _details(adapter, str(tokens["access_token"]), subject=claims["sub"])
    found = identity_of(
        Claims(claims),
        Claims(details),
        issuer=settings.OIDC_ISSUER,
        provider=settings.OIDC_NAME,
        groups_claim=settings.OIDC_GROUPS_CLAIM,
    )
    return found, str(state.get("next", ""))


def _check_consent(request: HttpRequest) -> None:
    said = request.GET.get("error", "")
    if said == "access_denied":
        raise SignInUnfinished(
            f"You did not sign in: {settings.OIDC_NAME} was not allowed to say who you are.", hint=AGAIN
        )
    if said or not request.GET.get("code"):
        logger.warning(
            "the provider sent somebody back with the error %r: %r", said, request.GET.get("error_description")
        )
        raise _away()


def _id_claims(adapter: SiteAdapter, token: str, *, nonce: str) -> Mapping[str, Any]:
    """Of an ID token of this provider, for this site and this sign-in, and of now."""
    by_secret = bool(settings.OIDC_CLIENT_SECRET) and jwt.get_unverified_header(token).get("alg") in SIGNED_BY_SECRET
    key: Any = settings.OIDC_CLIENT_SECRET
    if not by_secret:
        key = jwt.PyJWKClient(adapter.openid_config["jwks_uri"], timeout=5).get_signing_key_from_jwt(token)
    claims: Mapping[str, Any] = jwt.decode(
        token,
        key,
        algorithms=SIGNED_BY_SECRET if by_secret else SIGNED_BY_KEY,
        audience=settings.OIDC_CLIENT_ID,
        issuer=adapter.openid_config["issuer"],
        leeway=CLOCKS_APART,
        options={"require": ["iss", "sub", "aud", "exp", "iat"]},
    )
    if claims.get("nonce") != nonce:
        raise OAuth2Error("the ID token is of another sign-in: its nonce is not the one that was sent")
    if claims.get("azp", settings.OIDC_CLIENT_ID) != settings.OIDC_CLIENT_ID:
        raise OAuth2Error(f"the ID token was made for {claims['azp']!r}")
    return claims


def _details(adapter: SiteAdapter, access_token: str, *, subject: str) -> Mapping[str, Any]:
    """What the provider says beside the token (UserInfo); where it has no such address, nothing."""
    if not adapter.openid_config.get("userinfo_endpoint"):
        return {}
    details = adapter._fetch_user_info(access_token)  # noqa: SLF001 - it has no public name
    if not isinstance(details, dict) or details.get("sub") != subject:
        raise OAuth2Error("the details are not of the person of the ID token")
    return details


@contextmanager
def _asking_provider() -> Iterator[None]:
    """A few at a time. Whatever the provider answers is nobody's to foresee: it may lack any field, or be no JSON."""
    if not _asking.acquire(blocking=False):
        raise SignInsBusy("Many people are signing in right now.", hint="Try again in a moment.")
    try:
        yield
    except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError) as error:
        logger.warning("an ID token is not of now: %s", error)
        raise ProviderAway(
            f"By the clock of this site, what {settings.OIDC_NAME} says has ended or not begun.",
            hint="Try again. If it stays so, tell the people who run this site that the clocks differ.",
        ) from error
    except (RequestException, OAuth2Error, jwt.PyJWTError, KeyError, ValueError) as error:
        logger.warning("the provider could not be asked, or its answer not be read", exc_info=error)
        raise _away() from error
    finally:
        _asking.release()


def _away() -> ProviderAway:
    other = " or sign in by name and password," if settings.PASSWORD_SIGN_IN else ""
    return ProviderAway(
        f"{capitalised(settings.OIDC_NAME)} does not say who you are right now.",
        hint=f"Try again in a minute,{other} and if it stays so, tell the people who run this site.",
    )
