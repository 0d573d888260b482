"""What a page offers whoever looks at it to do about a dataset's columns; shared by the public pages and the admin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpRequest

from uploads.models import Dataset
from uploads.services.choice import Choice
from uploads.services.columns.change import SuggestedChange, suggested_changes
from uploads.services.columns.last_change import MadeChange, last_change
from uploads.services.columns.requests import may_change_columns, pending_change
from uploads.services.files.permissions import rights_of
from uploads.web.sentences.columns import null_words_sentence, pending_sentence, undo_button, undo_hint
from uploads.web.sentences.phrases import counted
from uploads.web.visitors import known_visitor

MOST_SHOWN = 8
"""Columns: a table of a hundred in doubt would fill the page with buttons."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnOffers:
    """What one column could be: the first way is a button, the others unfold."""

    label: str
    first: Mapping[str, Any]
    others: tuple[Mapping[str, Any], ...]


def offers(request: HttpRequest, *, dataset: Dataset | None, load_id: int | None = None) -> dict[str, Any]:
    """For a page: whether this person may change the dataset's columns, what is suggested, what is on its way.

    ``load_id``: the load by which to go alone, of a file that isn't active.
    """
    if dataset is None:
        return {"may_change": False, "suggestions": (), "pending": None, "made": None}
    may_change = not dataset.adopted and may_change_columns(
        rights=rights_of(request.user), visitor=known_visitor(request), dataset=dataset
    )
    pending = pending_change(dataset=dataset)
    made = last_change(dataset=dataset) if may_change and pending is None else None
    if pending is not None and pending.error and not may_change:
        pending = None  # what is in the way stands in somebody's file
    is_open = may_change and (pending is None or bool(pending.error))
    suggested: tuple[SuggestedChange, ...] = suggested_changes(dataset=dataset, load_id=load_id) if is_open else ()
    known = tuple(dataset.null_words)
    grouped = _by_column(suggested, known)
    choice = Choice.from_json(dataset.words_chosen)
    chosen = "" if choice is None else choice.words(named=rights_of(request.user).sees_all)
    return {
        "may_change": may_change,
        "suggestions": grouped[:MOST_SHOWN],
        "more_suggestions": counted(len(grouped) - MOST_SHOWN, "more column") if len(grouped) > MOST_SHOWN else "",
        "pending": pending,
        "pending_sentence": pending_sentence(pending),
        "made": None if made is None else made_offer(made, dataset=dataset),
        "null_words": known,
        "null_words_sentence": null_words_sentence(known, chosen=chosen),
        "slug": dataset.slug,
    }


def made_offer(made: MadeChange, *, dataset: Dataset) -> dict[str, Any]:
    """What was done, what the button says that undoes it, and the fields that this one posts."""
    column = made.columns[0] if len(made.columns) == 1 else None
    words = dataset.null_words if made.words_before is None else made.words_before
    return {
        "sentence": " ".join(made.sentences),
        "at": made.at,
        "undo": undo_button(made),
        "hint": undo_hint(made),
        "fields": {
            "column": "" if column is None else column.name,
            "type": "" if column is None else column.before,
            "null_words": ",".join(words),
            "at_once": "1",
        },
    }


def _by_column(suggested: Sequence[SuggestedChange], known: tuple[str, ...]) -> tuple[ColumnOffers, ...]:
    """In the order of the columns; one that may be read in several ways has the first of them in sight."""
    of_columns = groupby(suggested, key=lambda change: (change.column, change.label))
    groups = [(label, [_button(change, known) for change in changes]) for (_, label), changes in of_columns]
    return tuple(ColumnOffers(label=label, first=ways[0], others=tuple(ways[1:])) for label, ways in groups)


def _button(change: SuggestedChange, known: tuple[str, ...]) -> dict[str, Any]:
    """What the button of a suggestion says, and the fields that it posts."""
    day_first = change.hints.day_first
    return {
        "sentence": change.sentence,
        "fields": {
            "column": change.column,
            "type": change.type.value,
            "null_words": ",".join(dict.fromkeys((*known, *change.null_words))),
            "decimal": change.hints.decimal or "",
            "first_year": str(change.hints.first_year or ""),
            "day_first": "" if day_first is None else str(day_first).lower(),
            "reject_misfits": "true" if change.rejects else "",
            "true_word": change.truth[0] if change.truth else "",
            "false_word": change.truth[1] if change.truth else "",
            "at_once": "1",
        },
    }
