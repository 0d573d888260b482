"""Where what a catalogue names is to be found: whole addresses, for whoever reads them elsewhere."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from uploads.web.shown.downloads import Download, downloads


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """The site as whoever asks calls it."""

    request: HttpRequest

    @property
    def host(self) -> str:
        return self.request.get_host()

    @property
    def publisher(self) -> str:
        """Who answers for the catalogue; where no setting says so, the site."""
        return settings.PUBLISHER or self.host

    @property
    def home(self) -> str:
        return self._whole(reverse("upload"))

    @property
    def catalogue(self) -> str:
        return self._whole(reverse("catalogue"))

    def catalogue_page(self, number: int) -> str:
        return self.catalogue if number == 1 else f"{self.catalogue}?page={number}"

    @property
    def datasets(self) -> str:
        return self._whole(reverse("datasets"))

    def dataset(self, slug: str) -> str:
        return self._whole(reverse("dataset", args=[slug]))

    def dataset_document(self, slug: str) -> str:
        return self._whole(reverse("dataset-jsonld", args=[slug]))

    def rows(self, slug: str) -> str:
        return self._whole(reverse("api:list_rows", args=[slug]))

    def api_document(self, slug: str) -> str:
        return self._whole(reverse("api:describe_dataset_api", args=[slug]))

    def downloads(self, slug: str) -> tuple[Download, ...]:
        """All rows of a dataset in each format that its page offers."""
        return downloads(address=self.rows(slug), query=())

    def _whole(self, path: str) -> str:
        return self.request.build_absolute_uri(path)
