"""*Status*: how the site is, for the people who run it."""

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from uploads.admin.read_only import rights
from uploads.services.upkeep.figures import figures
from uploads.services.upkeep.health import check_health
from uploads.web.shown.site_status import StatusLine, status_groups


def status_urls(site: AdminSite) -> list[URLPattern]:
    """For the admin site, before Django's own."""

    @require_safe
    def answer(request: HttpRequest) -> HttpResponse:
        if not rights(request).sees_all:
            raise PermissionDenied
        return status_page(site, request)

    return [path("uploads/status/", site.admin_view(answer), name="uploads_status")]


def status_page(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Counted when it is asked for."""
    groups = status_groups(figures(), check_health(), now=timezone.now())
    context = {
        **site.each_context(request),
        "title": "Status",
        "app_label": "uploads",
        "groups": [(group.title, [(line, _address(line)) for line in group.lines]) for group in groups],
    }
    response = TemplateResponse(request, "admin/uploads/status.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _address(line: StatusLine) -> str:
    """Of the list of its files."""
    return f"{reverse('admin:uploads_uploadedfile_changelist')}?state={line.state.value}" if line.state else ""
