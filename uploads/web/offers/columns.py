"""What a page offers whoever looks at it to do about a dataset's columns; shared by the public pages and the admin."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.http import HttpRequest

from uploads.models import Dataset
from uploads.services.choice import Choice
from uploads.services.columns.last_change import MadeChange, last_change
from uploads.services.columns.requests import may_change_columns, pending_change
from uploads.services.columns.suggested import SuggestedChange, cells_together, suggested_changes
from uploads.services.files.permissions import rights_of
from uploads.web.sentences.columns import null_words_sentence, pending_sentence, undo_button, undo_hint, words_effect
from uploads.web.sentences.phrases import counted, listed
from uploads.web.visitors import known_visitor

MOST_SHOWN = 8
"""Columns: a table of a hundred in doubt would fill the page with buttons."""

_TOGETHER = 3
"""Columns as of which what they are offered alike is one button."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnOffers:
    """What one column could be, or several alike: the first way is a button, the others unfold."""

    columns: int
    first: Mapping[str, Any]
    others: tuple[Mapping[str, Any], ...]
    more: str
    """What stands above the others."""
    named: str = ""
    """Which columns, where they are several and not all."""


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
    grouped = _by_column(suggested, known, columns=dataset.columns.count() if suggested else 0)
    unseen = sum(each.columns for each in grouped[MOST_SHOWN:])
    choice = Choice.from_json(dataset.words_chosen)
    chosen = "" if choice is None else choice.words(named=rights_of(request.user).sees_all)
    return {
        "may_change": may_change,
        "suggestions": grouped[:MOST_SHOWN],
        "words_effect": words_effect(_new_words(suggested, known)),
        "more_suggestions": counted(unseen, "more column") if unseen else "",
        "pending": pending,
        "pending_sentence": pending_sentence(pending),
        "made": None if made is None else made_offer(made, dataset=dataset),
        "null_words": known,
        "null_words_sentence": null_words_sentence(known, chosen=chosen),
        "slug": dataset.slug,
    }


def made_offer(made: MadeChange, *, dataset: Dataset) -> dict[str, Any]:
    """What was done, what the button says that undoes it, and the fields that this one posts."""
    column = made.columns[0] if len({each.before for each in made.columns}) == 1 else None
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
        "more_columns": [] if column is None else [each.name for each in made.columns[1:]],
    }


def _new_words(suggested: Sequence[SuggestedChange], known: tuple[str, ...]) -> tuple[str, ...]:
    """What would begin to mean an empty cell."""
    words = (word for change in suggested for word in change.null_words if word not in known)
    return tuple(dict.fromkeys(words))


def _by_column(
    suggested: Sequence[SuggestedChange], known: tuple[str, ...], *, columns: int
) -> tuple[ColumnOffers, ...]:
    """In the order of the columns; those that are offered the same are one. ``columns``: how many the dataset has."""
    of_columns = [tuple(changes) for _, changes in groupby(suggested, key=lambda change: change.column)]
    alike = _alike([ways[0] for ways in of_columns])
    several = {changes[0].column: changes for changes in alike if len(changes) >= _TOGETHER}
    together = {change.column for changes in several.values() for change in changes}
    found = []
    for ways in of_columns:
        first = ways[0]
        if first.column not in together:
            found.append(_of_one(ways, known))
        elif first.column in several:
            names = {change.column for change in several[first.column]}
            found.append(_of_several([each for each in of_columns if each[0].column in names], known, columns=columns))
    return tuple(found)


def _alike(changes: Sequence[SuggestedChange]) -> tuple[tuple[SuggestedChange, ...], ...]:
    """The same change of several columns, with its columns."""
    found: dict[SuggestedChange, list[SuggestedChange]] = {}
    for change in changes:
        found.setdefault(replace(change, column="", label="", example="", read_as=""), []).append(change)
    return tuple(map(tuple, found.values()))


def _of_one(ways: Sequence[SuggestedChange], known: tuple[str, ...]) -> ColumnOffers:
    first, *others = (_button((way,), known) for way in ways)
    return ColumnOffers(columns=1, first=first, others=tuple(others), more=f"More ways to read “{ways[0].label}”")


def _of_several(
    of_columns: Sequence[Sequence[SuggestedChange]], known: tuple[str, ...], *, columns: int
) -> ColumnOffers:
    """One button for all; each alone is a way too, where they are few."""
    firsts = [ways[0] for ways in of_columns]
    alike = _alike([way for ways in of_columns for way in ways[1:]])
    alone = [_button((first,), known) for first in firsts] if len(firsts) <= MOST_SHOWN else []
    others = [*(_button(changes, known, columns=columns) for changes in alike), *alone]
    return ColumnOffers(
        columns=len(firsts),
        first=_button(firsts, known, columns=columns),
        others=tuple(others[: 2 * MOST_SHOWN]),
        named="" if len(firsts) == columns else _named(firsts),
        more="More ways to read these columns",
    )


def _named(changes: Sequence[SuggestedChange]) -> str:
    """The columns by their names, each said once."""
    labels = Counter(each.label for each in changes)
    names = [f"“{label}”{f' ({count:,} columns)' * (count > 1)}" for label, count in labels.items()]
    return f"{listed(names, most=MOST_SHOWN)}."


def _button(changes: Sequence[SuggestedChange], known: tuple[str, ...], *, columns: int = 0) -> dict[str, Any]:
    """What the button of a suggestion for one or several of the ``columns`` says, and the fields that it posts."""
    change = replace(changes[0], word_cells=cells_together(changes))
    day_first = change.hints.day_first
    these = f"{'all ' * (len(changes) == columns)}{len(changes):,} columns"
    return {
        "sentence": change.sentence if len(changes) == 1 else change.sentence_on(these),
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
        "more_columns": [other.column for other in changes[1:]],
    }
