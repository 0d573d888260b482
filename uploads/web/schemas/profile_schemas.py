"""The profile of a dataset as JSON."""

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from uploads.services.datasets.reflection import RowsKnown
from uploads.services.reading.histogram import BARS
from uploads.services.reading.profile import ColumnProfile
from uploads.services.reading.profile_merge import SHOWN_HUNDREDTHS

MOST_VALUES = 20


class ProfiledValue(Schema):
    value: str = Field(description="Of a text the first 200 letters.")
    rows: int


class Quantile(Schema):
    percent: int = Field(description=f"One of {', '.join(map(str, SHOWN_HUNDREDTHS))}.")
    value: str = Field(description="So many percent of the values are at most this one.")


class ColumnFigures(Schema):
    name: str
    type: str
    rows: int
    blanks: int
    distinct: int = Field(description="Different values; blanks are none.")
    distinct_known: RowsKnown
    least: str | None = Field(description="Of a text by its letters' numbers in Unicode, and its first 200 letters.")
    greatest: str | None
    mean: str | None = Field(description="Of numbers.")
    shortest: int | None = Field(description="Letters of the shortest text.")
    longest: int | None
    values: list[ProfiledValue] = Field(description=f"The {MOST_VALUES} most frequent ones.")
    values_known: RowsKnown
    quantiles: list[Quantile] = Field(description="Of numbers, dates and times.")
    quantiles_known: RowsKnown
    histogram: list[float] = Field(
        description=f"Shares of all values in {BARS} ranges of equal width from the least to the greatest."
    )


class DatasetProfile(Schema):
    tables: int = Field(description="Tables of active files that have rows.")
    missing: int = Field(description="Of these the ones that are not counted yet; they are missing in all figures.")
    rows_hidden: int = Field(description="Rows that may be counted though later files with the same keys hide them.")
    made_at: datetime | None
    columns: list[ColumnFigures]


def as_column(profile: ColumnProfile) -> dict[str, Any]:
    figures = profile.figures
    return {
        "name": profile.column.name,
        "type": profile.column.type,
        "rows": figures.rows,
        "blanks": figures.blanks,
        "distinct": figures.distinct,
        "distinct_known": figures.distinct_known,
        "least": figures.least,
        "greatest": figures.greatest,
        "mean": figures.mean,
        "shortest": figures.shortest,
        "longest": figures.longest,
        "values": [{"value": value, "rows": rows} for value, rows in figures.values[:MOST_VALUES]],
        "values_known": figures.values_known,
        "quantiles": [{"percent": percent, "value": value} for percent, value in figures.quantiles],
        "quantiles_known": figures.points_known,
        "histogram": [round(share, 6) for share in profile.bars],
    }
