"""The admin site: its names, and what people come for at the top."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest

FIRST = ("uploads", "auth")
"""Apps in this order, the others after them."""


class UploaderSite(AdminSite):
    site_header = "Uploader"
    site_title = "Uploader"
    index_title = "Files and datasets"

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: FIRST.index(app["app_label"]) if app["app_label"] in FIRST else len(FIRST))
