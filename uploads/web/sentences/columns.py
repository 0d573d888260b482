"""What is said of the columns of a dataset: their null words, a change on its way, those that look like a key."""

from collections.abc import Sequence
from dataclasses import dataclass

from uploads.services.columns.change import kind_in_words, listed
from uploads.services.columns.last_change import MadeChange
from uploads.services.columns.left_behind import ColumnLeft
from uploads.services.columns.requests import PendingChange
from uploads.services.merging.likely_keys import KeyOffer
from uploads.web.sentences.phrases import counted
from uploads.web.sentences.phrases import listed as some_of

_WORDS_NAMED = 5


def pending_sentence(pending: PendingChange | None) -> str:
    """A change that is being made, or could not be made; empty where there is none."""
    if pending is None:
        return ""
    what = "; ".join(pending.words)
    if pending.error:
        return f"{what}: this could not be done. {pending.error} {pending.hint}"
    return f"Being changed: {what}."


def left_sentence(left: ColumnLeft) -> str:
    """After an activation was undone, of a column that came with it."""
    return f"No other file of “{left.dataset}” has “{left.label}”: the column stays there, empty, until it is removed."


def undo_button(made: MadeChange) -> str:
    """``Undo: make “price” text again``; empty where columns of several types were changed at once."""
    if len({column.before for column in made.columns}) == 1:
        what = f"“{made.columns[0].label}”" if len(made.columns) == 1 else f"these {len(made.columns):,} columns"
        return f"Undo: make {what} {kind_in_words(made.columns[0].before)} again"
    return "" if made.columns else f"Undo: {listed(made.words_added)} is text again" if made.words_added else ""


def undo_hint(made: MadeChange) -> str:
    """What undoing brings back, and what it does not."""
    if made.words_added:
        return (
            "Undone, later files are read as before; cells that are empty by it stay so until their file is read again."
        )
    return "Undone, the rejected rows come back." if made.rejected else ""


def pending_elsewhere(pending: PendingChange | None) -> str:
    """For whoever is about to ask for another change."""
    return "" if pending is None or pending.error else f"Another change is on its way: {'; '.join(pending.words)}."


def words_effect(words: Sequence[str]) -> str:
    """What reading some words as empty does, beside the buttons that do; nothing where none does."""
    if not words:
        return ""
    which = "that" if len(words) == 1 else "one of them"
    named = some_of([f"“{word}”" for word in words], most=_WORDS_NAMED)
    return (
        f"If you have {named} read as empty, each cell that holds just {which} becomes empty, in all columns and in"
        " later files of this dataset."
    )


def null_words_sentence(words: tuple[str, ...], *, chosen: str = "") -> str:
    """``Read as empty: “NA”, chosen by staff on 3 May 2026.``"""
    listed = ", ".join(f"“{word}”" for word in words)
    tail = f", {chosen}" if chosen else ""
    return f"Read as empty: {listed}{tail}." if words else f"No word means an empty cell{tail}."


def change_button(*, rows: int, rejected: int = 0) -> str:
    """Of a change of columns that writes ``rows`` anew, some of which are ``rejected``."""
    tail = f" and reject {rejected:,}" if rejected else ""
    return f"Change {counted(rows - rejected, 'row')}{tail}" if rows else "Save"


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyProposal:
    """Columns that look like a key, for people."""

    slug: str
    key: tuple[str, ...]
    sentence: str
    way_out: str


def key_proposal(offer: KeyOffer | None) -> KeyProposal | None:
    """``“date” and “shop” look like a key: 12,431 different values in 12,431 rows.``"""
    if offer is None:
        return None
    if len(offer.key) == 1:
        sentence = f"“{offer.labels[0]}” looks like a key: a different value in each of {counted(offer.rows, 'row')}."
        return KeyProposal(
            slug=offer.slug, key=offer.key, sentence=sentence, way_out="Let later files update rows by it…"
        )
    *first, last = (f"“{label}”" for label in offer.labels)
    return KeyProposal(
        slug=offer.slug,
        key=offer.key,
        sentence=f"{', '.join(first)} and {last} look like a key: {offer.rows:,} different values in"
        f" {counted(offer.rows, 'row')}.",
        way_out="Let later files update rows by them…",
    )


def suggestion_hint(key: Sequence[str]) -> str:
    """Beside the columns that are chosen beforehand; empty where none is."""
    if not key:
        return ""
    if len(key) == 1:
        return "The chosen column has a value in every row, and none twice."
    return "The chosen columns have a value in every row, and together none twice."
