"""What is said of the indexes that make columns quick to sort and filter by, or to search in."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.template.defaultfilters import filesizeformat

from uploads.services.reading.indexes import ColumnIndex
from uploads.states import IndexKind
from uploads.web.sentences.phrases import listed


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferedIndex:
    """An index with what is said of it, and the button beside it."""

    sentence: str
    act: str
    index: str
    """As the form posts it: ``search:area``."""
    button: str


def offered_index(index: ColumnIndex) -> OfferedIndex:
    what = "search index" if index.kind is IndexKind.SEARCH else "index"
    return OfferedIndex(
        sentence=index_sentence(index),
        act="drop_index" if index.is_wanted else "index",
        index=f"{index.kind}:{index.name}",
        button=f"Drop the {what}" if index.is_wanted else f"Make {'a' if what[0] == 's' else 'an'} {what}",
    )


def asked_words(names: Sequence[str], *, kind: IndexKind) -> str:
    """Of columns as people call them."""
    said = listed([f"“{name}”" for name in names], most=5)
    what = "A search index" if kind is IndexKind.SEARCH else "An index"
    return f"{what} on {said} is made in the background; readers go on meanwhile."


def dropped_words(name: str, *, kind: IndexKind) -> str:
    return f"The {'search index' if kind is IndexKind.SEARCH else 'index'} on “{name}” is dropped."


def index_sentence(index: ColumnIndex) -> str:
    """Of one column."""
    is_search = index.kind is IndexKind.SEARCH
    what = "search index" if is_search else "index"
    a = "a" if is_search else "an"
    if index.obstacle:
        return f"No {what}: {index.obstacle[:1].lower()}{index.obstacle[1:]}"
    if not index.is_wanted:
        quick = (
            "what is written within its texts is found" if is_search else "large datasets are sorted and filtered by it"
        )
        return f"No {what}. With one, {quick} at once."
    size = filesizeformat(index.bytes).replace("\xa0", " ")
    if index.parts < index.all_parts:
        made = f"{index.parts:,} of {index.all_parts:,} files have it"
        return f"{a.capitalize()} {what} is being made: {made}. Readers go on meanwhile."
    by = "" if index.by_person else ", made because pages were slow"
    days = settings.INDEX_UNUSED_DAYS
    unused = f" It is dropped when nobody uses it for {days:,} days." if days else ""
    return f"It has {a} {what}, {size}{by}.{unused}"
