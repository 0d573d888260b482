"""Sign in by a provider of OpenID Connect: there, and back. Served where a setting names one."""

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from uploads.services.signing_in.accounts import account_of
from uploads.web.parameters import takes
from uploads.web.sign_in.provider import begin_sign_in, finish_sign_in
from uploads.web.sign_in.ways import BY_PROVIDER

BACKEND = "django.contrib.auth.backends.ModelBackend"


@require_safe
@never_cache
@takes(query=["next"])
def start(request: HttpRequest) -> HttpResponse:
    """A link and no form: the page's ``form-action`` is this site alone, and browsers hold redirects to it.

    So that no other site signs anybody in, whoever comes from one sees the page with the button first.
    """
    next_url = _on_this_site(request, request.GET.get("next", ""))
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return redirect(f"{reverse('sign-in')}?{urlencode({'next': next_url})}")
    return begin_sign_in(request, next_url=next_url)


@require_safe
@never_cache
@takes(query=["code", "state", "error", "error_description"], is_open=True)
def callback(request: HttpRequest) -> HttpResponse:
    """Back from the provider, which may send along what it likes (RFC 6749, 4.1.2)."""
    identity, next_url = finish_sign_in(request)
    account = account_of(
        identity,
        signed_in=request.user.pk,
        domains=settings.OIDC_DOMAINS,
        takes_groups=bool(settings.OIDC_GROUPS_CLAIM),
    )
    auth.login(request, account, backend=BACKEND)
    request.session[BY_PROVIDER] = True
    return redirect(_on_this_site(request, next_url))


def _on_this_site(request: HttpRequest, next_url: str) -> str:
    is_here = url_has_allowed_host_and_scheme(
        next_url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return next_url if is_here else reverse("upload")


urlpatterns = [
    path("sign-in/open-id/", start, name="open-id"),
    path("sign-in/open-id/callback/", callback, name="open-id-callback"),
]
