"""The OpenAPI document of one dataset: its rows with their own columns and types, its filters, its aggregates.

Generators make typed clients of it. The types are those that answers really have, so a ``bigint`` is a number or, where
JavaScript would round it, a string.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any

from pydantic.json_schema import models_json_schema

from uploads.api.reading.described_parameters import (
    aggregate_options,
    filter_parameters,
    row_options,
)
from uploads.api.reading.described_values import value_schema
from uploads.database.partitions import FILE
from uploads.database.reading.terms import Field
from uploads.models import Dataset
from uploads.services.exporting.formats import MEDIA_TYPES
from uploads.services.reading.view import Fields, fields_of
from uploads.services.visibility import Viewer, columns_seen
from uploads.tabular.table import ROW
from uploads.web.schemas import aggregate_schemas, answers, dataset_schemas

VERSION = "3.1.0"
KEPT_DOCUMENTS = 32
_SCHEMAS = "#/components/schemas/"
_FAILURES = {
    "400": "A parameter is unknown, or its value is none of the column's type.",
    "401": "The name or the password is wrong.",
    "404": "The dataset is gone.",
    "409": "The table or view that it shows cannot be read now.",
    "503": "It takes longer than it may, or as many are being read as may be at once.",
}


@dataclass(frozen=True, slots=True)
class ColumnNote:
    """What people call a column, and say about it."""

    label: str
    description: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Described:
    """All that the document rests on; equal facts have one document."""

    slug: str
    name: str
    is_read_only: bool
    shown: tuple[Field, ...]
    own: tuple[Field, ...]
    notes: tuple[tuple[str, ColumnNote], ...]

    @property
    def fields(self) -> Fields:
        return Fields(shown={each.name: each for each in self.shown}, own={each.name: each for each in self.own})


@dataclass(frozen=True, slots=True)
class Document:
    """The JSON as it is sent, and what tells it from others."""

    body: bytes
    fingerprint: str


def facts_of(*, dataset: Dataset, viewer: Viewer) -> Described:
    """What a person may know of a dataset's columns."""
    fields = fields_of(dataset=dataset, viewer=viewer)
    return Described(
        slug=dataset.slug,
        name=dataset.name,
        is_read_only=dataset.is_read_only,
        shown=tuple(fields.shown.values()),
        own=tuple(fields.own.values()),
        notes=tuple(
            (column.name, ColumnNote(column.label, column.description))
            for column in columns_seen(dataset=dataset, viewer=viewer)
        ),
    )


@lru_cache(maxsize=KEPT_DOCUMENTS)
def document_of(facts: Described) -> Document:
    """Of a wide dataset it is megabytes, and takes a good part of a second; so the latest are kept."""
    body = json.dumps(_document(facts), ensure_ascii=False).encode()
    return Document(body=body, fingerprint=sha256(body).hexdigest())


def _document(facts: Described) -> dict[str, Any]:
    fields = facts.fields
    filters = filter_parameters(fields)
    conditions = [{"$ref": f"#/components/parameters/{key}"} for key in filters]
    address = f"/api/datasets/{facts.slug}"
    return {
        "openapi": VERSION,
        "info": {
            "title": facts.name,
            "version": "1.0.0",
            "description": "The active rows of one dataset, with its own columns and types. Conditions on columns are"
            " joined by *and*. The document changes when the columns do.",
        },
        "paths": {
            f"{address}/rows": {
                "get": _operation(
                    "list_rows",
                    "Rows",
                    "A page of rows, or with `_format` all of them as a file.",
                    [*row_options(fields), *conditions],
                    {
                        "application/json": {"schema": {"$ref": f"{_SCHEMAS}RowPage"}},
                        **{each: {"schema": {"type": "string", "format": "binary"}} for each in MEDIA_TYPES},
                    },
                )
            },
            f"{address}/aggregate": {
                "get": _operation(
                    "aggregate_rows",
                    "Figures of groups of rows",
                    "Counts, sums and other figures of the rows that meet the conditions.",
                    [*aggregate_options(fields), *conditions],
                    {"application/json": {"schema": {"$ref": f"{_SCHEMAS}Aggregate"}}},
                )
            },
        },
        "components": {
            "schemas": {**_common_schemas(), "Row": _row(facts)},
            "parameters": filters,
            "securitySchemes": {"basic": {"type": "http", "scheme": "basic"}},
        },
        "security": [{}, {"basic": []}],
    }


def _operation(
    name: str, summary: str, description: str, parameters: Sequence[Mapping[str, Any]], content: Mapping[str, Any]
) -> dict[str, Any]:
    failure = {"application/json": {"schema": {"$ref": f"{_SCHEMAS}Error"}}}
    return {
        "operationId": name,
        "summary": summary,
        "description": description,
        "parameters": parameters,
        "responses": {
            "200": {"description": "OK", "content": content},
            **{status: {"description": words, "content": failure} for status, words in _FAILURES.items()},
        },
    }


def _row(facts: Described) -> dict[str, Any]:
    """Columns are not required: ``_columns`` leaves some out."""
    notes = dict(facts.notes)
    own = {} if facts.is_read_only else _origin()
    return {
        "type": "object",
        "description": "A row, by the names of its columns.",
        "properties": {**own, **{each.name: _column(each, notes.get(each.name), facts) for each in facts.shown}},
        **({"required": list(own)} if own else {}),
    }


def _origin() -> dict[str, Any]:
    return {
        FILE: {"type": "integer", "description": "The file that the row is from."},
        ROW: {"type": ["integer", "null"], "description": "Its line or row number in that file."},
    }


def _column(field: Field, note: ColumnNote | None, facts: Described) -> dict[str, Any]:
    schema = value_schema(field, is_foreign=facts.is_read_only)
    if note is None:
        return schema
    described = schema.pop("description", "")
    words = ". ".join(filter(None, (note.description or note.label, described)))
    return {**({"title": note.label} if note.label else {}), **schema, **({"description": words} if words else {})}


@cache
def _common_schemas() -> dict[str, Any]:
    """Of answers that are the same for all datasets; their rows are replaced by this dataset's."""
    models = (dataset_schemas.RowPage, aggregate_schemas.Aggregate, answers.Error)
    schemas: dict[str, Any] = models_json_schema(
        [(model, "serialization") for model in models], ref_template=f"{_SCHEMAS}{{model}}"
    )[1]["$defs"]
    rows = schemas["RowPage"]["properties"]["rows"]
    rows["items"] = {"$ref": f"{_SCHEMAS}Row"}
    return schemas
