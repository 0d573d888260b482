"""Addresses of the admin, and what it shows."""

from django.contrib import admin

admin.autodiscover()
for model in list(admin.site._registry):  # noqa: SLF001 - Django's name for what is registered
    # django-allauth's: of what it could keep, this site has only who signs in by which provider.
    if model.__module__.startswith("allauth.") and model.__name__ != "SocialAccount":
        admin.site.unregister(model)

urlpatterns, _, _ = admin.site.urls
