"""A dataset in the words of schema.org, for search engines.

https://developers.google.com/search/docs/appearance/structured-data/dataset says what they look for.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from uploads.services.datasets.catalogue import CatalogueEntry
from uploads.services.visibility import ColumnFacts
from uploads.web.catalogue.addresses import Site
from uploads.web.catalogue.wording import description_of

MOST_VARIABLES = 200
"""Columns: a page of a table with a thousand of them would be as large again."""
_ESCAPES = {ord(letter): f"\\u{ord(letter):04X}" for letter in "<>&\u2028\u2029"}


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundAs:
    """What the head of a dataset's page says to machines."""

    here: str
    """The one address of the dataset, whatever filters the page has."""
    document: str
    """Of its description in the words of DCAT."""
    block: SafeString | None = None
    """Its description in the words of schema.org; ``None`` at any other address of it, such as that of a filter."""


def found_elsewhere(slug: str, site: Site) -> FoundAs:
    """At the one address of the dataset."""
    return FoundAs(here=site.dataset(slug), document=site.dataset_document(slug))


def found_as(entry: CatalogueEntry, *, columns: Sequence[ColumnFacts], site: Site) -> FoundAs:
    block = json_block(schema_org(entry, columns=columns, site=site))
    return replace(found_elsewhere(entry.slug, site), block=block)


def schema_org(entry: CatalogueEntry, *, columns: Sequence[ColumnFacts], site: Site) -> dict[str, Any]:
    """``https://schema.org/Dataset``."""
    about, here = entry.about, site.dataset(entry.slug)
    found = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": here,
        "url": here,
        "identifier": here,
        "name": entry.name,
        "description": description_of(entry),
        "keywords": list(about.tags),
        "license": about.licence_url,
        "publisher": _publisher(entry, site),
        "creator": _publisher(entry, site) if about.publisher else {},
        "datePublished": entry.published_at.isoformat(timespec="seconds"),
        "dateModified": entry.changed_at.isoformat(timespec="seconds"),
        "temporalCoverage": f"{entry.covers.first}/{entry.covers.last}" if entry.covers else "",
        "isAccessibleForFree": True,
        "includedInDataCatalog": {"@type": "DataCatalog", "name": site.host, "url": site.datasets},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": download.name,
                "encodingFormat": download.format.facts.media_type,
                "contentUrl": download.href,
            }
            for download in site.downloads(entry.slug)
        ],
        "variableMeasured": [_variable(column) for column in columns[:MOST_VARIABLES]],
    }
    return {name: said for name, said in found.items() if said}


def _publisher(entry: CatalogueEntry, site: Site) -> dict[str, Any]:
    about = entry.about
    publisher: dict[str, Any] = {"@type": "Organization", "name": about.publisher or site.publisher}
    if about.contact:
        name = "email" if about.contact_url.startswith("mailto:") else "url"
        publisher["contactPoint"] = {"@type": "ContactPoint", "contactType": "data", name: about.contact}
    return publisher


def _variable(column: ColumnFacts) -> dict[str, str]:
    said = {"name": column.label or column.name, "description": column.description}
    return {"@type": "PropertyValue", **{name: text for name, text in said.items() if text}}


def json_block(data: dict[str, Any]) -> SafeString:
    """JSON that may stand in a ``script`` element: nothing in it ends the element, begins a comment or a line."""
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308 - no letter is left that HTML reads
