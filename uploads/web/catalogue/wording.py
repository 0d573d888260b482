"""What is said of a dataset whose staff said nothing, or too little for those who look for data."""

from uploads.services.datasets.catalogue import CatalogueEntry
from uploads.web.sentences.phrases import counted

SHORTEST = 50
LONGEST = 5_000
"""Letters of a description that search engines for datasets take."""


def description_of(entry: CatalogueEntry) -> str:
    """``Bread prices. A table with 3 columns: code, area, price.``; the second sentence where the first is short."""
    said = entry.about.description
    if len(said) >= SHORTEST:
        return said
    labels = ", ".join(entry.labels)
    more = ", …" if entry.columns > len(entry.labels) else ""
    columns = counted(entry.columns, "column")
    made = (
        f"Table “{entry.name}” with {columns}: {labels}{more}." if labels else f"Table “{entry.name}”, without columns."
    )
    return f"{said}\n{made}".strip()[:LONGEST]
