"""The admin site: its names, and what people come for at the top."""

from typing import Any, cast

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

FIRST = ("uploads", "auth")
"""Apps in this order, the others after them."""


class UploaderSite(AdminSite):
    site_header = "Uploader"
    site_title = "Uploader"
    index_title = "Files and datasets"

    def get_urls(self) -> list[Any]:
        from uploads.admin.reviewing import review_urls  # noqa: PLC0415 - when addresses are asked for, models are read
        from uploads.admin.status import status_urls  # noqa: PLC0415 - as above

        return [*review_urls(self), *status_urls(self), *super().get_urls()]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """With the limits of the site's own page: a password may be tried only so often.

        The form stays where people sign in by a provider alone, or nobody could get in while that one is away.
        """
        from django.contrib.admin.forms import AdminAuthenticationForm  # noqa: PLC0415 - as above

        from uploads.web.limits.sign_in import LimitedSignIn, told_by_status  # noqa: PLC0415 - as above
        from uploads.web.sign_in.ways import other_way  # noqa: PLC0415 - as above

        class SignInForm(LimitedSignIn, AdminAuthenticationForm):
            pass

        self.login_form = SignInForm
        asked = request.GET.get("next") or reverse("admin:index")
        response = super().login(request, {"other_way": other_way(next_url=asked), **(extra_context or {})})
        context = getattr(response, "context_data", None) or {}
        return cast("HttpResponse", told_by_status(response, context.get("form")))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Every page's header says how many files wait."""
        from uploads.admin.reviewing import waiting_shown  # noqa: PLC0415 - as above

        return {**super().each_context(request), "waiting": SimpleLazyObject(lambda: waiting_shown(request))}

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: FIRST.index(app["app_label"]) if app["app_label"] in FIRST else len(FIRST))
