"""One change of columns, as the tests ask for it."""

from typing import Any

from tests.integration.conftest import rows
from uploads.models import Dataset
from uploads.services.columns.apply import Changed, change_columns
from uploads.services.columns.change import Change
from uploads.tabular.table import ColumnType, FormatHints

T = ColumnType


def change(
    slug: str, words: tuple[str, ...] | None = None, hints: FormatHints | None = None, **types: ColumnType
) -> Changed:
    dataset = Dataset.objects.get(slug=slug)
    wish = Change(types=types, null_words=words, hints=hints or FormatHints())
    return change_columns(dataset_id=dataset.pk, change=wish)


def types(slug: str) -> dict[str, str]:
    return dict(Dataset.objects.get(slug=slug).columns.values_list("name", "type"))


def values(column: str, slug: str = "t") -> list[Any]:
    return [value for (value,) in rows(f"SELECT {column} FROM data.{slug} ORDER BY _file, _load, _row")]  # noqa: S608
