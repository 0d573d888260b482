"""A load's columns as they stand in its file, and as its part has them: some are left out, others the file lacks."""

from collections.abc import Mapping, Sequence
from typing import Any

from uploads.models import Dataset, Load
from uploads.tabular.column_json import column_from_json, column_to_json
from uploads.tabular.table import Column, ColumnType


def stored_columns(load: Load, lacking: Mapping[str, Column]) -> tuple[Column, ...]:
    """All that its part has: those of the file, then those that the file lacks."""
    return (*map(column_from_json, load.kept_columns), *(lacking[name] for name in load.columns_missing))


def columns_by_name(dataset: Dataset) -> dict[str, Column]:
    """A dataset's columns, for files that lack some: no value of theirs has a form."""
    return {
        row.name: Column(label=row.label, name=row.name, type=ColumnType(row.type)) for row in dataset.columns.all()
    }


def in_file_order(load: Load, columns: Sequence[Column]) -> tuple[Column, ...]:
    """One for each cell of a row in the file, as the ``columns`` of its part are; what is left out is any text."""
    known = {column.name: column for column in columns}
    return tuple(known.get(column["name"]) or column_from_json(column) for column in load.columns)


def with_columns(load: Load, columns: Sequence[Column]) -> list[dict[str, Any]]:
    """What a load says of its columns, when those of its part have become ``columns``."""
    known = {column.name: column for column in columns}
    return [column_to_json(known[column["name"]]) if column["name"] in known else column for column in load.columns]
