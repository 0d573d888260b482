"""The sentence that says why a column has its type."""

import re

from uploads.tabular.table import ColumnType, Suggestion
from uploads.tabular.types.candidates import Candidate
from uploads.tabular.types.choosing import Choice, ambiguity
from uploads.tabular.types.column_profile import ColumnProfile, Place
from uploads.tabular.types.date_words import in_words
from uploads.tabular.types.dates import DateCandidate

_QUOTED = 40
"""Characters of a value that a sentence quotes."""

_NUMBERS = {ColumnType.BIGINT, ColumnType.NUMERIC, ColumnType.DOUBLE}

_NARROWER = {ColumnType.NUMERIC: "a whole number", ColumnType.DOUBLE: "a plain decimal number"}


_LOST = (
    (re.compile(r"-?0\d+([.,]\d*)?"), "leading zero"),
    (re.compile(r"\+\d+([.,]\d*)?"), "plus sign"),
)
"""What keeps a value from being a number although it looks like one."""
_WHOLE = re.compile(r"-?\d+")
_EXPONENT = re.compile(r"-?\d+([.,]\d*)?[eE][-+]?\d+")


def evidence_of(profile: ColumnProfile, choice: Choice, *, row_word: str = "line") -> str:
    """One sentence; ``row_word`` is the source's word for a row: a CSV has lines, a sheet has rows.

    ``bigint: all 17,028 values are whole numbers.`` or ``text, because line 812,334 holds "N/A".``
    """
    if choice.candidate is None:
        return _why_text(profile, choice, row_word)
    many = profile.values > 1
    count = f"all {profile.values:,} values are" if many else "the only value is"
    sentence = f"{choice.candidate.type}: {count} {_described(choice.candidate, many=many)}{choice.because}"
    narrower = _NARROWER.get(choice.candidate.type)
    if narrower and profile.widened:
        is_long = choice.candidate.type is ColumnType.NUMERIC and _WHOLE.fullmatch(profile.widened[1].strip())
        sentence += (
            f"; {_at(profile.widened, row_word)}, which is {'too long for bigint' if is_long else f'not {narrower}'}"
        )
    return f"{sentence}."


def _why_text(profile: ColumnProfile, choice: Choice, row_word: str) -> str:
    if profile.alive is None:
        return "text, because the column is empty."
    if profile.culprit is None:
        return f'text, because "{profile.example}" {choice.because}.'
    before = ""
    number = profile.fallen is None or profile.fallen.type in _NUMBERS
    value = profile.culprit[1].strip()
    lost = next((what for written, what in _LOST if number and written.fullmatch(value)), None)
    if lost is not None:
        before = f", whose {lost} a number would lose"
    elif number and _EXPONENT.fullmatch(value):
        before = ", which a number would print in another way"
    elif profile.fallen is not None:
        before = f", which is not {'a number' if number else _described(profile.fallen, many=False)}"
    return f"text, because {_at(profile.culprit, row_word)}{before}.{_suggested(suggestion_of(profile))}"


def suggestion_of(profile: ColumnProfile) -> Suggestion | None:
    """What the column would be if words like ``N/A`` were read as empty; ``None`` where it would be text too."""
    course = profile.without_words
    if course is None or not course.profile.alive:
        return None
    candidate = course.profile.choose(frozenset(), frozenset()).candidate
    return Suggestion(null_words=tuple(sorted(course.words)), type=candidate.type) if candidate else None


def alternatives_of(profile: ColumnProfile) -> tuple[Suggestion, ...]:
    """What each of two ways to read all values would make of the column."""
    alive = profile.alive or []
    if not ambiguity(alive):
        return ()
    dates = [candidate for candidate in alive if isinstance(candidate, DateCandidate)]
    if dates:
        orders = {candidate.order: candidate.type for candidate in reversed(dates)}
        return tuple(
            Suggestion(null_words=(), type=orders[order], day_first=order == "dmy")
            for order in ("dmy", "mdy")
            if order in orders
        )
    marks = {candidate.format.decimal: candidate.type for candidate in reversed(alive)}
    return tuple(Suggestion(null_words=(), type=marks[mark], decimal=mark) for mark in (".", ",") if mark in marks)


def _suggested(suggestion: Suggestion | None) -> str:
    if suggestion is None:
        return ""
    words = " and ".join(f'"{word}"' for word in suggestion.null_words)
    return f" With {words} read as empty it is {suggestion.type}."


def _at(found: Place, row_word: str) -> str:
    row, value = found
    short = value if len(value) <= _QUOTED else value[:_QUOTED] + "…"
    return f'{row_word} {row:,} holds "{short}"'


def _described(candidate: Candidate, *, many: bool) -> str:
    how = candidate.format
    match candidate.type:
        case ColumnType.BIGINT:
            words = "whole numbers" if many else "a whole number"
        case ColumnType.NUMERIC:
            words = "decimal numbers" if many else "a decimal number"
        case ColumnType.DOUBLE:
            return "floating-point numbers" if many else "a floating-point number"
        case ColumnType.BOOLEAN:
            return f'"{how.true}" or "{how.false}"'
        case ColumnType.DATE:
            return f"{'dates' if many else 'a date'} written as {in_words(how.pattern)}"
        case _:
            return f"{'times' if many else 'a time'} written as {in_words(how.pattern)}"
    marks = []
    if how.decimal == "," and candidate.type is ColumnType.NUMERIC:
        marks.append("decimal comma")
    if how.thousands:
        marks.append(f'thousands mark "{how.thousands}"')
    return f"{words} with {' and '.join(marks)}" if marks else words
