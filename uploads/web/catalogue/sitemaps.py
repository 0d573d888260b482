"""What search engines are told to look at: the datasets that everybody sees, and the pages that lead to them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from uploads.models import Dataset
from uploads.services.datasets.browsing import with_figures
from uploads.services.datasets.catalogue import catalogued

KEPT_OUT = (
    "/admin/",
    "/api/",
    "/receipts/",
    "/sign-in/",
    "/sign-out/",
    "/password/",
    "/sql/",
    "/datasets/*/about/",
    "/datasets/*/chart/",
    "/datasets/*/columns/",
    "/datasets/*/filter/",
    "/datasets/*/guards/",
    "/datasets/*/history/",
    "/datasets/*/mode/",
    "/datasets/*/profile/",
    "/datasets/*/reading/",
    "/datasets/*/show/",
    "/*/embed/",
    "/*?",
)
"""Pages that answer from all rows, or are for people who act. An address with a query is a view of a page without."""
LET_IN = ("/api/docs$", "/datasets/?page=", "/catalog.jsonld", "/sitemap-")
"""Among these; the longer rule holds."""


# Generic for the type checker only.
if TYPE_CHECKING:
    AnySitemap = Sitemap[Any]
else:
    AnySitemap = Sitemap


class PagesSitemap(AnySitemap):
    def items(self) -> list[str]:
        return ["upload", "datasets", "api:openapi-view"]

    def location(self, item: str) -> str:
        return reverse(item)


class DatasetsSitemap(AnySitemap):
    limit = 5_000
    """Of 50,000 that a sitemap can have: the rest follows on its next pages."""

    def items(self) -> QuerySet[Dataset]:
        return with_figures(catalogued())

    def location(self, item: Dataset) -> str:
        return reverse("dataset", args=[item.slug])

    def lastmod(self, item: Any) -> datetime:
        changes: tuple[datetime | None, ...] = (item.figure_changed, item.described_at, item.established_at)
        return max(at for at in changes if at is not None)


SECTIONS: dict[str, type[AnySitemap] | AnySitemap] = {"datasets": DatasetsSitemap, "pages": PagesSitemap}


def robots_text(*, may_look: bool, sitemap: str) -> str:
    """``robots.txt``, RFC 9309; ``sitemap``: its whole address."""
    if not may_look:
        return "User-agent: *\nDisallow: /\n"
    rules = [*(f"Allow: {path}" for path in LET_IN), *(f"Disallow: {path}" for path in KEPT_OUT)]
    return "\n".join(["User-agent: *", *rules, "", f"Sitemap: {sitemap}", ""])
