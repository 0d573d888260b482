"""The addresses of a site whose settings name a provider."""

from django.urls import URLPattern, URLResolver, include, path

from uploader_project.urls import handler400, handler403, handler404, handler500
from uploader_project.urls import urlpatterns as without

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns: list[URLPattern | URLResolver] = [path("", include("uploads.views.people.open_id")), *without]
