"""Addresses: the admin and the health check here, everything else in the app."""

from django.contrib import admin
from django.urls import include, path

admin.autodiscover()
for model in list(admin.site._registry):  # noqa: SLF001 - Django's name for what is registered
    # django-allauth's: of what it could keep, this site has only who signs in by which provider.
    if model.__module__.startswith("allauth.") and model.__name__ != "SocialAccount":
        admin.site.unregister(model)

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("uploads.api.urls")),
    path("", include("uploads.urls")),
]

handler400 = "uploads.web.limits.unreadable.bad_request"
handler403 = "uploads.web.error_pages.permission_denied"
handler404 = "uploads.web.error_pages.page_not_found"
handler500 = "uploads.web.error_pages.server_error"
