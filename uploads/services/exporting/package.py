"""A data package of Frictionless Data: the rows as CSV with a description of each column, in one zip.

https://specs.frictionlessdata.io/tabular-data-package/ (profile ``tabular-data-package``)
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from uploads.database.exporting.columns import ExportColumn
from uploads.services.cataloguing.about import About
from uploads.services.exporting.drain import Drain, DrainedZip
from uploads.services.exporting.encoders import CsvEncoder
from uploads.tabular.table import ColumnType

_TYPES: Mapping[ColumnType, Mapping[str, str]] = {
    ColumnType.BOOLEAN: {"type": "boolean"},
    ColumnType.BIGINT: {"type": "integer"},
    ColumnType.NUMERIC: {"type": "number"},
    ColumnType.DOUBLE: {"type": "number"},
    ColumnType.DATE: {"type": "date", "format": "%Y-%m-%d"},
    ColumnType.TIMESTAMP: {"type": "datetime", "format": "any"},
    ColumnType.TIMESTAMPTZ: {"type": "datetime", "format": "any"},
    ColumnType.TEXT: {"type": "string"},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PackageFacts:
    """What a package says of itself: names, and the files that its rows are from."""

    name: str
    title: str
    sources: Sequence[str]
    created: str
    """When, ISO 8601."""
    about: About = field(default_factory=About)
    """What staff say of it."""


class PackageEncoder:
    """``datapackage.json`` and the rows, ``NAME.csv``; of more than 2 GiB too, which zip has an extension for."""

    def __init__(self, columns: Sequence[ExportColumn], facts: PackageFacts) -> None:
        self._rows = CsvEncoder(columns)
        self.printing = self._rows.printing
        self._drain = Drain()
        self._zip = DrainedZip(self._drain)
        self._zip.writestr("datapackage.json", json.dumps(_described(columns, facts), ensure_ascii=False, indent=2))
        self._file = self._zip.open(f"{facts.name}.csv", "w", force_zip64=True)

    def begin(self) -> bytes:
        self._file.write(self._rows.begin())
        return self._drain.take()

    def piece(self, printed: bytes) -> bytes:
        self._file.write(self._rows.piece(printed))
        return self._drain.take()

    def end(self) -> bytes:
        self._file.close()
        self._zip.close()
        return self._drain.take()


def _described(columns: Sequence[ExportColumn], facts: PackageFacts) -> dict[str, Any]:
    return {
        "profile": "tabular-data-package",
        "name": facts.name.replace("_", "-"),
        "title": facts.title,
        "created": facts.created,
        **_said(facts.about),
        "sources": [{"title": title} for title in facts.sources],
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": facts.name.replace("_", "-"),
                "path": f"{facts.name}.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\n"},
                "schema": {"fields": [_field(column) for column in columns], "missingValues": [""]},
            }
        ],
    }


def _said(about: About) -> dict[str, Any]:
    """What staff say of the dataset, in the words of a data package."""
    found = {
        "description": about.description,
        "keywords": list(about.tags),
        "licenses": [_licence(about)] if about.licence else [],
        "contributors": [{"title": about.publisher, "role": "publisher"}] if about.publisher else [],
    }
    return {name: said for name, said in found.items() if said}


def _licence(about: About) -> dict[str, str]:
    said = {"path": about.licence_url, "title": about.licence_name}
    return {"name": about.licence, **said} if about.known_licence else said


def _field(column: ExportColumn) -> dict[str, Any]:
    said = {"title": column.label, "description": column.description}
    return {"name": column.name, **_TYPES[column.type], **{name: text for name, text in said.items() if text}}
