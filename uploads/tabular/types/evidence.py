"""Why a column has its type: the value, or the values, on which that was decided."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pyarrow.compute as pc

from uploads.tabular.evidence import Evidence, EvidenceKind, Ground, GroundKind
from uploads.tabular.layout.header_evidence import kind_of
from uploads.tabular.layout.series_names import MONTHS
from uploads.tabular.table import ColumnType, Suggestion
from uploads.tabular.types.candidate import Candidate
from uploads.tabular.types.candidates import Choice
from uploads.tabular.types.column_profile import BLANKS_TOLD, ColumnProfile, Place
from uploads.tabular.types.dates.date_candidate import DateCandidate
from uploads.tabular.types.notations.minus import OTHERS
from uploads.tabular.types.offers.ways import alternatives_of, suggestion_of

_ON_MARKS = (GroundKind.MARKS, GroundKind.MARK_CONTRADICTED)
_BREAK = re.compile(r"\r\n|\r|\n")
_QUOTED = 40
"""Characters of a value that a sentence quotes."""

_NUMBERS = {ColumnType.BIGINT, ColumnType.NUMERIC, ColumnType.DOUBLE}

_WIDENED = {ColumnType.NUMERIC, ColumnType.DOUBLE}


_LOST = (
    (re.compile(r"-?0\d+([.,]\d*)?"), "leading zero"),
    (re.compile(r"\+\d+([.,]\d*)?"), "plus sign"),
)
"""What keeps a value from being a number although it looks like one."""
_OTHER_MINUS = re.compile(rf"([{OTHERS}])\d[\d.,]*")
_BUDDHIST = range(2443, 2644)
"""1900 to 2100."""
_WHOLE = re.compile(r"-?\d+")
_WITHOUT_TYPE = {
    "part_of_date": re.compile(
        rf"{MONTHS}[ ./-]*('?\d\d|\d{{4}})|\d{{1,2}}[ ./-]*{MONTHS}"
        r"|(19|20)\d\d[-/](0?[1-9]|1[0-2])|(0?[1-9]|1[0-2])[-/.](19|20)\d\d",
        re.IGNORECASE,
    ),
    "time_of_day": re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d+)?)?(\s?[AaPp][Mm])?"),
    "duration": re.compile(r"-?\d{1,7}:[0-5]\d(:[0-5]\d([.,]\d+)?)?"),
}
"""Values of which people ask why they are no dates or numbers."""
_EXPONENT = re.compile(r"-?\d+([.,]\d*)?[eE][-+]?\d+")


def evidence_of(profile: ColumnProfile, choice: Choice, *, row_word: str = "line") -> Evidence:
    """What the choice was made on; ``row_word`` is the source's word for a row: a CSV has lines, a sheet has rows."""
    if choice.candidate is None:
        return _why_text(profile, choice, row_word)
    type_ = choice.candidate.type
    widened = None
    if type_ in _WIDENED and profile.widened:
        is_long = type_ is ColumnType.NUMERIC and _WHOLE.fullmatch(profile.widened[1].strip()) is not None
        widened = {**_at(profile.widened, row_word), "too_long": is_long}
    return Evidence.of(
        EvidenceKind.ALL_VALUES,
        **_described(choice.candidate),
        values=profile.values,
        because=choice.because and choice.because.as_json(),
        widened=widened,
        **_far_years(profile, choice.candidate),
        **_blank(profile, row_word),
    )


def _far_years(profile: ColumnProfile, candidate: Candidate) -> dict[str, Any]:
    """The first and last year of dates that all lie where only the Buddhist era has reached: 2567 is 2024 there."""
    if not isinstance(candidate, DateCandidate) or not len(sample := profile.sample):
        return {}
    years = pc.min_max(pc.year(candidate.parse(sample))).as_py()
    low, high = years["min"], years["max"]
    return {"far_years": [low, high]} if low in _BUDDHIST and high in _BUDDHIST else {}


def _blank(profile: ColumnProfile, row_word: str) -> dict[str, Any]:
    """How many cells are empty, where some are; of a few in which rows."""
    blank, rows = profile.cells - profile.values, profile.blank_rows
    if not blank:
        return {}
    placed = {"blank_rows": rows, "blank_in": row_word.rpartition(" ")[2]} if blank == len(rows) <= BLANKS_TOLD else {}
    return {"blank": blank, **placed}


def _why_text(profile: ColumnProfile, choice: Choice, row_word: str) -> Evidence:
    if profile.alive is None:
        return Evidence(EvidenceKind.EMPTY)
    if profile.culprit is None:
        return _in_doubt(profile, choice.because, row_word)
    suggestion = suggestion_of(profile)
    unlike = _unlike(profile, profile.culprit[1].strip())
    return Evidence.of(
        EvidenceKind.STRANGER,
        **_at(profile.culprit, row_word),
        **_misfits(profile),
        unlike=unlike,
        suggested=_suggested(suggestion, _rejected_rows(profile, suggestion))
        if suggestion
        else _offered(profile, unlike),
        **_blank(profile, row_word),
    )


def _misfits(profile: ColumnProfile) -> dict[str, Any]:
    """How many values do not fit what the others are, ``None`` where not all were counted; nothing where the first
    value was text already."""
    if profile.misfits is None:
        return {}
    course = profile.without_words
    is_counted = course is not None and not course.profile.is_text
    return {"misfits": sum(course.words.values()) if course is not None and is_counted else profile.misfits.count}


def _in_doubt(profile: ColumnProfile, because: Ground | None, row_word: str) -> Evidence:
    """With a value that shows it: of a mark one that has it, which the first need not have."""
    mark = because.figures["mark"] if because is not None and because.kind in _ON_MARKS else ""
    shows = next((value for _, value in filter(None, [profile.widened]) if mark in value), profile.example)
    example = profile.example if mark in profile.example else shows
    if because is not None and because.kind is GroundKind.CENTURIES and (found := _years_shown(profile, because)):
        example, because = found[0], Ground.of(because.kind, **because.figures, years=found[1])
    said = because and because.as_json()
    return Evidence.of(EvidenceKind.IN_DOUBT, example=example, because=said, **_blank(profile, row_word))


def _years_shown(profile: ColumnProfile, because: Ground) -> tuple[str, list[int]] | None:
    """A value of the column and the years that its two digits may be; ``None`` where no value of the sample has two."""
    dates = [candidate for candidate in profile.alive or () if isinstance(candidate, DateCandidate)]
    if len({candidate.order for candidate in dates}) != 1:
        return None
    of_first = {candidate.format.first_year: candidate for candidate in dates}
    sample = profile.sample.filter(dates[0].mask(profile.sample))  # it has words that are read as empty, too
    read = [pc.year(of_first[first].parse(sample)) for first in because.figures["first_years"]]
    place = pc.index(pc.not_equal(read[0], read[-1]), value=True).as_py()
    return None if place < 0 else (sample[place].as_py(), [years[place].as_py() for years in read])


def _suggested(suggestion: Suggestion, rejected: Sequence[int]) -> dict[str, Any]:
    suggested = {"null_words": list(suggestion.null_words), "type": suggestion.type.value}
    rows = suggestion.rows or rejected
    return {**suggested, "rows": list(rows)} if rows else suggested


def _offered(profile: ColumnProfile, unlike: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The one other way to read all values, with a value that shows it; nothing where it is said already."""
    ways = alternatives_of(profile)
    if len(ways) != 1 or ways[0].rejects or not ways[0].read_as or (unlike is not None and "reprinted" in unlike):
        return None
    way = ways[0]
    return {"null_words": list(way.null_words), "type": way.type.value, "example": way.example, "read_as": way.read_as}


def _rejected_rows(profile: ColumnProfile, suggestion: Suggestion) -> list[int]:
    """The rows that would be rejected, or the first of them."""
    course = profile.without_words
    if course is None or not suggestion.rejects:
        return []
    return sorted({row for word, rows in course.places.items() if word not in suggestion.null_words for row in rows})


def _unlike(profile: ColumnProfile, value: str) -> dict[str, Any] | None:
    """What keeps the value from being what the others are."""
    number = profile.fallen is None or profile.fallen.type in _NUMBERS
    lost = next((what for written, what in _LOST if number and written.fullmatch(value)), None)
    if lost is not None:
        return {"lost": lost}
    minus = _OTHER_MINUS.fullmatch(value)
    if number and minus:
        return {"minus": minus[1]}
    if number and _EXPONENT.fullmatch(value):
        printed = float(value.replace(",", "."))
        return {"reprinted": repr(printed).removesuffix(".0") if math.isfinite(printed) else True}
    if profile.fallen is None:
        found = (kind for kind, written in _WITHOUT_TYPE.items() if written.fullmatch(value))
        return next(({kind: True} for kind in found), None)
    if number:
        return {"type": "number"}
    described = _described(profile.fallen)
    years = {"first_year", "last_year"}  # several ranges fell by the same value
    if "pattern" in described["format"] and kind_of(value) == "time":
        described["is_date"] = True
    return {**described, "format": {name: value for name, value in described["format"].items() if name not in years}}


def _at(found: Place, row_word: str) -> dict[str, Any]:
    row, value = found[0], _BREAK.sub(" ↵ ", found[1])
    return {"row_word": row_word, "row": row, "value": value if len(value) <= _QUOTED else value[:_QUOTED] + "…"}


def _described(candidate: Candidate) -> dict[str, Any]:
    """A type and how its values are written."""
    how = {name: value for name, value in asdict(candidate.format).items() if value}
    return {"type": candidate.type.value, "format": how}
