"""The catalogue in the words of DCAT 3 and its profile for Europe (DCAT-AP), for the harvesters of other portals.

JSON-LD with its context inside: whoever reads it fetches nothing else. Pages are told of as CKAN and udata, which
data.gouv.fr runs on, look for them: they go by different words of Hydra.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from uploads.services.datasets.catalogue import ENTRIES_ON_A_PAGE, CatalogueEntry, CataloguePage
from uploads.services.exporting.formats import ExportFormat
from uploads.web.catalogue.addresses import Site
from uploads.web.catalogue.wording import description_of

type Node = dict[str, Any]

CONTEXT: Mapping[str, str] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_EUROPE = "http://publications.europa.eu/resource/authority/"
_FILE_TYPES: Mapping[ExportFormat, str] = {
    ExportFormat.CSV: "CSV",
    ExportFormat.EXCEL_CSV: "CSV",
    ExportFormat.XLSX: "XLSX",
    ExportFormat.PARQUET: "PARQUET",
    ExportFormat.PACKAGE: "ZIP",
}
"""In the European table of them; it has none for the others."""


def catalogue_document(page: CataloguePage, *, site: Site) -> Node:
    """A page of the catalogue with its datasets."""
    catalogue = {
        "@id": f"{site.catalogue}#catalogue",
        "@type": "dcat:Catalog",
        "dct:title": f"Datasets of {site.host}",
        "dct:description": f"The datasets of {site.host} that everybody can read.",
        "dct:publisher": _site_as_publisher(site),
        "foaf:homepage": _at(site.home),
        "dcat:dataset": [_at(site.dataset(entry.slug)) for entry in page.entries],
    }
    datasets = [_dataset(entry, site) for entry in page.entries]
    return {"@context": dict(CONTEXT), "@graph": [catalogue, _pages(page, site), *datasets]}


def dataset_document(entry: CatalogueEntry, *, site: Site) -> Node:
    """One dataset, by itself."""
    return {"@context": dict(CONTEXT), "@graph": [_dataset(entry, site)]}


def _pages(page: CataloguePage, site: Site) -> Node:
    here: Node = {
        "@id": site.catalogue_page(page.number),
        "@type": ["hydra:PartialCollectionView", "hydra:PagedCollection"],
        "hydra:totalItems": page.found,
        "hydra:itemsPerPage": ENTRIES_ON_A_PAGE,
    }
    others = {"first": 1, "previous": page.number - 1, "next": page.number + 1, "last": page.pages}
    for name, number in others.items():
        if 1 <= number <= page.pages:
            here[f"hydra:{name}"] = here[f"hydra:{name}Page"] = _at(site.catalogue_page(number))
    return here


def _dataset(entry: CatalogueEntry, site: Site) -> Node:
    about, here = entry.about, site.dataset(entry.slug)
    return _said(
        {
            "@id": here,
            "@type": "dcat:Dataset",
            "dct:identifier": here,
            "dct:title": entry.name,
            "dct:description": description_of(entry),
            "dcat:keyword": list(about.tags),
            "dct:license": _licence(entry),
            "dct:publisher": _publisher(entry, site),
            "dcat:contactPoint": _contact(entry, site),
            "dct:accessRights": {"@id": f"{_EUROPE}access-right/PUBLIC", "@type": "dct:RightsStatement"},
            "dct:issued": _moment(entry.published_at),
            "dct:modified": _moment(entry.changed_at),
            "dct:temporal": _period(entry),
            "dcat:landingPage": _at(here),
            "dcat:distribution": [*_downloads(entry, site), _api(entry, site)],
        }
    )


def _downloads(entry: CatalogueEntry, site: Site) -> list[Node]:
    here = site.dataset(entry.slug)
    return [
        _said(
            {
                "@id": f"{here}#{download.format}",
                "@type": "dcat:Distribution",
                "dct:title": download.name,
                "dct:description": download.words,
                "dcat:accessURL": _at(here),
                "dcat:downloadURL": _at(download.href),
                "dcat:mediaType": _at(_MEDIA_TYPES + download.format.facts.media_type),
                "dct:format": _file_type(download.format),
                "dct:license": _licence(entry),
                "dct:modified": _moment(entry.changed_at),
            }
        )
        for download in site.downloads(entry.slug)
    ]


def _api(entry: CatalogueEntry, site: Site) -> Node:
    """Rows page by page, filtered and sorted: not a file, but a service that a distribution leads to."""
    here, rows = site.dataset(entry.slug), site.rows(entry.slug)
    service = {
        "@id": f"{here}#service",
        "@type": "dcat:DataService",
        "dct:title": f"API of {entry.name}",
        "dcat:endpointURL": _at(rows),
        "dcat:endpointDescription": _at(site.api_document(entry.slug)),
    }
    return _said(
        {
            "@id": f"{here}#api",
            "@type": "dcat:Distribution",
            "dct:title": "API",
            "dct:description": "Rows as JSON, filtered and sorted as the address says",
            "dcat:accessURL": _at(rows),
            "dcat:mediaType": _at(f"{_MEDIA_TYPES}application/json"),
            "dct:format": _at(f"{_EUROPE}file-type/JSON"),
            "dct:license": _licence(entry),
            "dcat:accessService": service,
        }
    )


def _file_type(format_: ExportFormat) -> Node | None:
    name = _FILE_TYPES.get(format_)
    return _at(f"{_EUROPE}file-type/{name}") if name else None


def _licence(entry: CatalogueEntry) -> Node | None:
    about = entry.about
    return {"@id": about.licence_url, "@type": "dct:LicenseDocument"} if about.licence else None


def _publisher(entry: CatalogueEntry, site: Site) -> Node:
    if not entry.about.publisher:
        return _site_as_publisher(site)
    return {"@type": "foaf:Agent", "foaf:name": entry.about.publisher}


def _site_as_publisher(site: Site) -> Node:
    return {"@id": f"{site.home}#publisher", "@type": "foaf:Agent", "foaf:name": site.publisher}


def _contact(entry: CatalogueEntry, site: Site) -> Node | None:
    about = entry.about
    if not about.contact:
        return None
    way = "vcard:hasEmail" if about.contact_url.startswith("mailto:") else "vcard:hasURL"
    name = about.publisher or site.publisher
    return {"@type": "vcard:Organization", "vcard:fn": name, way: _at(about.contact_url)}


def _moment(at: datetime) -> Node:
    return {"@type": "xsd:dateTime", "@value": at.isoformat(timespec="seconds")}


def _period(entry: CatalogueEntry) -> Node | None:
    if entry.covers is None:
        return None
    first, last = ({"@type": "xsd:date", "@value": day} for day in (entry.covers.first, entry.covers.last))
    return {"@type": "dct:PeriodOfTime", "dcat:startDate": first, "dcat:endDate": last}


def _at(address: str) -> Node:
    return {"@id": address}


def _said(node: Node) -> Node:
    """Without what nobody said."""
    return {name: value for name, value in node.items() if value}
