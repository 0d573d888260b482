"""What a column of text could be besides: with a few words read as empty, in one of several ways, or both together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from uploads.tabular.layout.rows_in_doubt import RowsInDoubt, rows_in_doubt
from uploads.tabular.table import Suggestion
from uploads.tabular.types.candidate import Candidate
from uploads.tabular.types.choice import ambiguity
from uploads.tabular.types.column_profile import ColumnProfile
from uploads.tabular.types.conversion import plainly
from uploads.tabular.types.dates.centuries import centuries_in_doubt
from uploads.tabular.types.dates.date_candidate import DateCandidate
from uploads.tabular.types.offers.placeholders import may_mean_nothing
from uploads.tabular.types.offers.suggestions import offers_of

_ENOUGH = 100
"""Values that show what the others are."""
_FEW = 10
_MOST_REJECTED = 0.05
"""Share of a column's values for which its rows may be rejected, where they are not few."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Words:
    """What becomes of the words among a column's values."""

    empty: tuple[str, ...]
    """They may be read as empty."""
    cells: tuple[int, ...]
    """That hold each of them."""
    strangers: tuple[str, ...]
    """Values that don't fit: nobody writes them for "no value"."""
    doubt: RowsInDoubt

    @property
    def leave_rows(self) -> bool:
        """Whether rows are offered to be left out rather than rejected."""
        return not self.strangers or set(self.strangers) <= set(self.doubt.words)


def end_idle_course(profile: ColumnProfile) -> None:
    """Stop to look for words in a column of which nothing is offered without them either: a look of milliseconds,
    where the course costs half as much as reading the column."""
    course = profile.without_words
    if course is None or course.was_looked_at or not course.profile.is_text:
        return
    course.was_looked_at = course.profile.values >= _ENOUGH
    if not offers_of(course.profile):
        profile.without_words = None


def suggestion_of(profile: ColumnProfile) -> Suggestion | None:
    """What the column would be if words like ``N/A`` were read as empty; ``None`` where it would be text too.

    Words that nobody writes for "no value" are values that don't fit: their rows would be rejected, if they are few.
    """
    course = profile.without_words
    if course is None or not course.profile.alive:
        return None
    candidate = course.profile.choose(frozenset(), frozenset()).candidate
    words = None if candidate is None else _words_of(profile)
    if candidate is None or words is None:
        return None
    found = Suggestion(null_words=words.empty, word_cells=words.cells, type=candidate.type)
    if words.leave_rows:
        return replace(found, rows=words.doubt.rows, row_words=words.doubt.words)
    return replace(found, rejects=True, example=words.strangers[0])


def _words_of(profile: ColumnProfile) -> _Words | None:
    """``None`` where too many rows would be rejected for them, or there is none."""
    course = profile.without_words
    if course is None:
        return None
    first = profile.culprit[0] if profile.culprit and profile.fallen is None else None
    doubt = rows_in_doubt(course.places, first=first)
    words = set(course.words).difference(doubt.words if doubt.is_sure else ())
    strangers = [word for word in course.places if word in words and not may_mean_nothing(word, words=words)]
    empty = tuple(sorted(words.difference(strangers)))
    found = _Words(
        empty=empty, cells=tuple(course.words[word] for word in empty), strangers=tuple(strangers), doubt=doubt
    )
    cells = sum(course.words[word] for word in strangers)
    if not found.leave_rows and cells >= _FEW and cells > _MOST_REJECTED * course.profile.values:
        return None
    return found


def alternatives_of(profile: ColumnProfile) -> tuple[Suggestion, ...]:
    """What each of several ways to read all values would make of the column."""
    alive = profile.alive or []
    if ambiguity(alive):
        return tuple(_ways(alive))
    if profile.offers is None or profile.offers[0] != profile.values:
        profile.offers = (profile.values, offers_of(profile) if profile.without_words is None else _mixed(profile))
    return profile.offers[1]


def _mixed(profile: ColumnProfile) -> tuple[Suggestion, ...]:
    """Ways to read the values of which some words are empty; where reading those so is all that it takes, the other
    way to deal with the first row, if there is one."""
    course, words = profile.without_words, _words_of(profile)
    if course is None:
        return ()
    alive = course.profile.alive or []
    if alive and not ambiguity(alive):
        return () if words is None else _rejecting(words, alive[0])
    found = tuple(_ways(alive, _values_shown(course.profile))) if alive else offers_of(course.profile)
    if words is None or not words.empty or not found:
        return () if alive else offers_of(profile)
    return tuple(_with_words(way, words) for way in found)


def _rejecting(words: _Words, candidate: Candidate) -> tuple[Suggestion, ...]:
    """The first row, which is offered to be left out for its word, may be one whose value does not fit."""
    if not words.strangers or not words.leave_rows or words.doubt.is_sure:
        return ()
    return (
        Suggestion(
            null_words=words.empty,
            word_cells=words.cells,
            type=candidate.type,
            rejects=True,
            example=words.strangers[0],
        ),
    )


def _with_words(way: Suggestion, words: _Words) -> Suggestion:
    """The same with words read as empty; the rows of words that are values would be rejected."""
    counts = {
        **dict(zip(way.null_words, way.word_cells, strict=False)),
        **dict(zip(words.empty, words.cells, strict=True)),
    }
    empty = tuple(sorted({*way.null_words, *words.empty}))
    cells = tuple(counts[word] for word in empty) if len(counts) == len(empty) else ()
    way = replace(way, null_words=empty, word_cells=cells)
    strangers = (*words.strangers, *(words.doubt.words if words.doubt.is_sure else ()))
    return replace(way, rejects=True, example=strangers[0], read_as="") if strangers else way


def _values_shown(profile: ColumnProfile) -> list[str]:
    """Values of which one shows in which way they are written: of those the sample may have left out every one."""
    _, widened = profile.widened or (0, "")
    return [profile.example, widened.strip(), *profile.sample.to_pylist()]


def _ways(alive: Sequence[Candidate], values: Sequence[str] = ()) -> Iterator[Suggestion]:
    """One for each meaning of values that all of the candidates fit; with the first of the ``values`` that shows it."""
    dates = [candidate for candidate in alive if isinstance(candidate, DateCandidate)]
    if dates:
        yield from _dates_suggested(dates)
        return
    of_marks = {candidate.format.decimal: candidate for candidate in reversed(alive)}
    for mark in (".", ","):
        if mark in of_marks:
            way = Suggestion(null_words=(), type=of_marks[mark].type, decimal=mark)
            yield _by_example(way, of_marks[mark], values)


def _by_example(way: Suggestion, candidate: Candidate, values: Sequence[str]) -> Suggestion:
    marked = next((value for value in values if "," in value or "." in value), "")
    if not marked:
        return way
    return replace(way, example=marked, read_as=plainly(way.type, candidate.parse(pa.array([marked], pa.string()))))


def _dates_suggested(dates: Sequence[DateCandidate]) -> Iterator[Suggestion]:
    """Each order of day and month that is possible, and each century."""
    orders = {candidate.order for candidate in dates}
    for order in ("dmy", "mdy") if len(orders) > 1 else orders:
        same = [candidate for candidate in dates if candidate.order == order]
        for first in centuries_in_doubt(candidate.format for candidate in same) or (None,) * bool(same):
            day_first = order == "dmy" if len(orders) > 1 else None
            yield Suggestion(null_words=(), type=same[0].type, day_first=day_first, first_year=first)
