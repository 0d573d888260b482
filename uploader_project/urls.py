"""Addresses: the admin and the health check here, everything else in the app."""

from django.urls import include, path

from uploads.web.late_addresses import LateAddresses

urlpatterns = [
    LateAddresses("admin/", "uploader_project.admin_addresses", namespace="admin"),
    path("", include("uploads.api.urls")),
    path("", include("uploads.urls")),
]

handler400 = "uploads.web.limits.unreadable.bad_request"
handler403 = "uploads.web.error_pages.permission_denied"
handler404 = "uploads.web.error_pages.page_not_found"
handler500 = "uploads.web.error_pages.server_error"
