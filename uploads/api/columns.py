"""Columns of datasets over the API: their types and null words, what a change would cost, and the change itself."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from uploads.api.callers import CallerAuth, caller_of
from uploads.models import Dataset
from uploads.services.columns.change import Change, parse_truth, words_besides
from uploads.services.columns.last_change import last_change
from uploads.services.columns.preview import preview_change
from uploads.services.columns.requests import (
    ask_for_change,
    chooser_of,
    may_change_columns,
    pending_change,
    require_change_columns,
)
from uploads.services.columns.suggested import suggested_changes
from uploads.services.options.catalogue import OPTIONS, parse_option
from uploads.services.visibility import columns_seen, find_dataset
from uploads.tabular.errors import BadOption
from uploads.tabular.table import ColumnType, FormatHints
from uploads.web.schemas import answers, column_schemas
from uploads.web.visitors import viewer_of

router = Router(tags=["datasets"], auth=CallerAuth())
CHANGING = frozenset({400, 401, 403, 404, 409, 503})
type Answer = dict[str, Any]


class WantedType(Schema):
    """What a column is to become."""

    model_config = ConfigDict(extra="forbid")

    type: ColumnType = Field(description="PostgreSQL's name of the type.")
    decimal: str | None = Field(None, description=OPTIONS["decimal"].help)
    day_first: bool | None = Field(None, description=OPTIONS["day_first"].help)
    reject_misfits: bool = Field(
        default=False, description="Reject the rows that don't fit; else the first of them refuses the whole change."
    )
    first_year: int | None = Field(None, description=OPTIONS["first_year"].help)
    true_word: str = Field("", description="The word for yes, of a column of two words that becomes boolean.")
    false_word: str = Field("", description="The word for no.")
    empty_words: list[str] = Field([], description="Words that are read as empty then, beside those that are already.")
    dry_run: bool = Field(default=False, description="Only tell what it would cost.")


class WantedNullWords(Schema):
    """The words that are to mean an empty cell, and columns that become more than text by it."""

    model_config = ConfigDict(extra="forbid")

    words: list[str] = Field(description="The whole list: what isn't in it is text again in later files.")
    types: dict[str, ColumnType] = Field(default_factory=dict, description="New types, by column name.")
    dry_run: bool = Field(default=False, description="Only tell what it would cost.")


class DatasetColumns(Schema):
    columns: list[answers.Column]
    null_words: list[str] = Field(description="Words that are read as an empty cell, in all files of the dataset.")
    suggestions: list[column_schemas.SuggestedChange]
    change: column_schemas.PendingChange | None = Field(
        description="A change that is on its way, or could not be made."
    )
    last_change: column_schemas.MadeChange | None = Field(
        description="The change that was made last, as long as the columns are as it made them."
    )
    can_change: bool = Field(description="Whether you may change them.")


@router.get(
    "/datasets/{slug}/columns",
    response={200: DatasetColumns, frozenset({400, 401, 404}): answers.Error},
    summary="The columns of a dataset",
)
async def get_columns(request: HttpRequest, slug: str) -> Answer:
    """Types with their evidence, null words, and what could be changed."""
    return await sync_to_async(_columns)(request, slug)


@router.post(
    "/datasets/{slug}/columns/{name}/type",
    response={200: column_schemas.Cost, 202: DatasetColumns, CHANGING: answers.Error},
    summary="Change the type of a column",
)
async def change_type(request: HttpRequest, slug: str, name: str, wanted: WantedType) -> Any:
    """In all files of the dataset, each value as it stood in its file; no value changes.

    A worker makes the change while readers go on: 202, then `change` of the columns is null when it is done. A value
    that doesn't fit refuses the whole change; with `reject_misfits` its row becomes a rejected row, which comes back
    when the column is made text again. `dry_run` tells the cost and changes nothing: 200.
    """
    mark = parse_option("decimal", wanted.decimal) if wanted.decimal else None
    year = None if wanted.first_year is None else parse_option("first_year", str(wanted.first_year))
    hints = FormatHints(decimal=mark, day_first=wanted.day_first, first_year=year)
    truth = parse_truth(wanted.true_word, wanted.false_word)
    _check_words(wanted.empty_words)
    change = Change(types={name: wanted.type}, hints=hints, reject_misfits=wanted.reject_misfits, truth=truth)
    return await _change(request, slug, change, dry_run=wanted.dry_run, also_empty=wanted.empty_words)


@router.put(
    "/datasets/{slug}/null-words",
    response={200: column_schemas.Cost, 202: DatasetColumns, CHANGING: answers.Error},
    summary="Say which words mean an empty cell",
)
async def change_null_words(request: HttpRequest, slug: str, wanted: WantedNullWords) -> Any:
    """In every text column of all files, and in later ones; rejected rows that fit by it are loaded."""
    _check_words(wanted.words)
    change = Change(types=wanted.types, null_words=tuple(wanted.words))
    return await _change(request, slug, change, dry_run=wanted.dry_run)


def _check_words(words: Sequence[str]) -> None:
    if any("," in word for word in words):
        raise BadOption("A null word cannot hold a comma.", hint="Leave it out.")


async def _change(
    request: HttpRequest, slug: str, wanted: Change, *, dry_run: bool, also_empty: Sequence[str] = ()
) -> Any:
    def run() -> Any:
        dataset = _permitted(request, slug)
        change = replace(wanted, null_words=words_besides(dataset, also_empty)) if also_empty else wanted
        if dry_run:
            return preview_change(dataset=dataset, change=change)
        rights = caller_of(request).rights
        ask_for_change(slug=dataset.slug, change=change, user_id=rights.user_id, chooser=chooser_of(rights))
        return Status(202, _columns(request, slug))

    return await sync_to_async(run)()


def _permitted(request: HttpRequest, slug: str) -> Dataset:
    caller = caller_of(request)
    dataset = find_dataset(slug=slug, viewer=viewer_of(request))
    require_change_columns(rights=caller.rights, visitor=caller.visitor, dataset=dataset)
    return dataset


def _columns(request: HttpRequest, slug: str) -> Answer:
    caller = caller_of(request)
    viewer = viewer_of(request)
    dataset = find_dataset(slug=slug, viewer=viewer)
    may_change = may_change_columns(rights=caller.rights, visitor=caller.visitor, dataset=dataset)
    return {
        "columns": columns_seen(dataset=dataset, viewer=viewer),
        "null_words": dataset.null_words,
        "suggestions": suggested_changes(dataset=dataset) if may_change else (),
        "change": pending_change(dataset=dataset) if may_change else None,
        "last_change": last_change(dataset=dataset) if may_change else None,
        "can_change": may_change,
    }
