"""Addresses: the admin and the health check here, everything else in the app."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("uploads.api.urls")),
    path("", include("uploads.urls")),
]
