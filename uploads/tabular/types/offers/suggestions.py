"""What a person could make of a column, with a value of the column that shows it: looked up in a sample."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.evidence import Ground, GroundKind
from uploads.tabular.table import ColumnType, Format, Suggestion
from uploads.tabular.types.blanks import NULL_LIKE
from uploads.tabular.types.candidate import Candidate
from uploads.tabular.types.candidates import TRUTH_WORDS, TruthReading
from uploads.tabular.types.choice import ambiguity
from uploads.tabular.types.column_profile import ColumnProfile
from uploads.tabular.types.conversion import plainly
from uploads.tabular.types.dates.date_candidate import DateCandidate
from uploads.tabular.types.notations.minus import MINUS
from uploads.tabular.types.notations.mixed_numbers import MixedNumber, mixed_numbers
from uploads.tabular.types.notations.moments import EpochReading, numbered_moments
from uploads.tabular.types.notations.signed_numbers import SignedNumber, is_money_or_share
from uploads.tabular.types.numbers import WholeReading
from uploads.tabular.types.offers.likely_values import are_mostly_likely
from uploads.tabular.types.offers.most_fitting import MostFitting, most_fitting, most_fitting_of_all
from uploads.tabular.types.offers.opt_in import is_loose
from uploads.tabular.types.offers.word_tally import WordTally, cells_of, is_masked

_QUOTED = 40
"""Characters of a value that an offer quotes."""
_LEAST_SHARE = 0.95
_SHORT_SHARE = 0.8
"""Of two words for yes and no, where each other value stands in the column once."""
_FEW = 10
"""As of rejected rows: fewer never stand in a file's way."""
_EPOCH_YEARS = (946_684_800, 2_208_988_800)
"""Seconds from 2000 to 2040: numbers outside are more often something else."""
_LENGTHS = (8, 10, 13, 16)
"""Digits of a day, and of seconds, milliseconds and microseconds in those years."""
_DAYS = ("19000101", "20991231")
_MOST_MASKED = 3
_NO_NUMBER = r"^\+?[0-9]{7,}$"
"""Telephone numbers."""

TRUTH_PAIRS = (
    *(
        ("ja", "nein"),
        ("ja", "nee"),
        ("ja", "nej"),
        ("ja", "nei"),
        ("wahr", "falsch"),
        ("oui", "non"),
        ("vrai", "faux"),
    ),
    *(
        ("sí", "no"),
        ("si", "no"),
        ("sì", "no"),
        ("sim", "não"),
        ("sim", "nao"),
        ("verdadero", "falso"),
        ("vero", "falso"),
    ),
    *(("tak", "nie"), ("ano", "ne"), ("áno", "nie"), ("da", "ne"), ("da", "nu"), ("igen", "nem"), ("kyllä", "ei")),
    *(("да", "нет"), ("так", "ні"), ("ναι", "όχι"), ("evet", "hayır"), ("ya", "tidak"), ("có", "không"), ("jah", "ei")),
    *(("taip", "ne"), ("jā", "nē"), ("はい", "いいえ"), ("是", "否"), ("예", "아니요"), ("نعم", "لا"), ("כן", "לא")),
)
"""Pairs that are offered; a person may name any two words. CLDR has ``yesstr`` and ``nostr``, babel leaves them out."""


def offers_of(profile: ColumnProfile) -> tuple[Suggestion, ...]:
    """What a column of text, or of whole numbers, could be besides; nothing where that would be a guess."""
    sample = profile.sample
    if not len(sample):
        return ()
    if profile.is_text:
        sample = _with_culprit(profile, sample)
        if truth := _truth_offer(sample, profile.tally, is_all=len(sample) >= profile.values):
            return truth
        return (*_masked_offer(sample, profile.tally), *_offers_of_text(profile, sample))
    alive = profile.alive or []
    if alive and not profile.fitting:  # times whose offsets no one zone explains
        found = most_fitting_of_all(sample)
        return () if found is None or found.fitting < found.values else (_offer(found.candidates[0], sample),)
    return _offers_of_numbers(sample) if alive and alive[0].type is ColumnType.BIGINT else ()


def grouped_offer(profile: ColumnProfile, because: Ground | None) -> tuple[Suggestion, ...]:
    """Numbers of which some are grouped and others are not, where nothing else than that contradicts other columns."""
    if because is None or because.kind is not GroundKind.MARK_CONTRADICTED:
        return ()
    sample, mark = profile.sample, because.figures["mark"]
    readings = [one for one in mixed_numbers(sample.to_pylist()) if one.format.thousands == mark]
    found = next((one for one in readings if pc.all(one.mask(sample)).as_py()), None)
    return () if found is None else (_offer(found, sample, grouped_by=mark),)


def _truth_offer(sample: pa.StringArray, tally: WordTally | None, *, is_all: bool) -> tuple[Suggestion, ...]:
    """Two words for yes and no. Others in few rows are empty, if they often mean that, or to be rejected.

    ``is_all``: the sample leaves no value out.
    """
    counted = sorted(pc.value_counts(sample).to_pylist(), key=lambda word: -word["counts"])
    words, others = [word["values"] for word in counted[:2]], [word["values"] for word in counted[2:]]
    if len(words) < 2 or not (_are_most(counted, _LEAST_SHARE) or (is_all and _are_strangers_alone(counted))):
        return ()
    for true, false in (*TRUTH_PAIRS, *(TRUTH_WORDS if set(others) - NULL_LIKE else ())):
        for one, other in (words, words[::-1]):
            if (one.casefold(), other.casefold()) == (true, false):
                stranger = next((word for word in others if word not in NULL_LIKE), "")
                whole = list(tally.cells) if tally is not None and tally.is_whole else []
                empty = sorted(NULL_LIKE.intersection([*others, *whole]))
                return (
                    Suggestion(
                        null_words=tuple(empty),
                        word_cells=cells_of(empty, tally),
                        type=ColumnType.BOOLEAN,
                        true_word=one,
                        false_word=other,
                        rejects=bool(stranger),
                        example=(stranger or one)[:_QUOTED],
                    ),
                )
    return ()


def _are_most(counted: Sequence[Mapping[str, Any]], share: float) -> bool:
    """Whether the first two of counted words are that share of all."""
    return bool(sum(word["counts"] for word in counted[:2]) >= share * sum(word["counts"] for word in counted))


def _are_strangers_alone(counted: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the others are few and each stands there once, so that they are no third answer of a short column."""
    return (
        len(counted) - 2 < _FEW
        and _are_most(counted, _SHORT_SHARE)
        and all(word["counts"] == 1 for word in counted[2:])
    )


def _with_culprit(profile: ColumnProfile, sample: pa.StringArray) -> pa.StringArray:
    """The sample and what made the column text: it has a say too, for a reading may fit it like the others."""
    stranger = profile.culprit[1].strip() if profile.culprit else ""
    if not stranger or pc.index(sample, stranger).as_py() >= 0:
        return sample
    return pa.concat_arrays([sample, pa.array([stranger], pa.string())])


def _masked_offer(sample: pa.StringArray, tally: WordTally | None) -> tuple[Suggestion, ...]:
    """Figures of which some are kept back, each by the same few words: those may be read as empty."""
    masked = [value for value in pc.unique(sample).to_pylist() if is_masked(value)]
    figures = sample.filter(pc.invert(pc.is_in(sample, pa.array(masked, pa.string())))) if masked else sample[:0]
    if not 0 < len(masked) <= _MOST_MASKED or not len(figures):
        return ()
    found = most_fitting(figures)
    if found is None or found.fitting < found.values or ambiguity(found.candidates):
        return ()
    type_ = found.candidates[0].type
    is_number = type_ in (ColumnType.BIGINT, ColumnType.NUMERIC, ColumnType.DOUBLE)
    empty = sorted(masked)
    offer = Suggestion(null_words=tuple(empty), word_cells=cells_of(empty, tally), type=type_)
    return (offer,) if is_number else ()


def _offers_of_text(profile: ColumnProfile, sample: pa.StringArray) -> tuple[Suggestion, ...]:
    if not are_mostly_likely(sample):
        return ()
    found = most_fitting_of_all(sample)
    if found is None or not _is_worth_it(found, profile) or not _is_offered(found.candidates[0], sample):
        return ()
    best = _with_decimals(found.candidates, profile)
    if ambiguity(best):
        dates = [candidate for candidate in best if isinstance(candidate, DateCandidate)]
        meanings = {candidate.order: candidate for candidate in reversed(dates)}
        marks = {candidate.format.decimal: candidate for candidate in reversed(best)} if not dates else {}
        return tuple(
            _offer(candidate, sample, stranger=found.stranger, order=order, mark=mark)
            for order, mark, candidate in (
                *((order, None, candidate) for order, candidate in sorted(meanings.items())),
                *((None, mark, candidate) for mark, candidate in sorted(marks.items(), reverse=True)),
            )
        )
    return (_offer(best[0], sample, stranger=found.stranger),)


def _with_decimals(candidates: Sequence[Candidate], profile: ColumnProfile) -> Sequence[Candidate]:
    """Decimal numbers where whole numbers fit the sample as well and values that it left out are decimal."""
    if profile.misfits is None or candidates[0] != WholeReading(Format()):
        return candidates
    fewest = profile.misfits.reading
    return [fewest] if fewest.type in (ColumnType.NUMERIC, ColumnType.DOUBLE) else candidates


def _is_worth_it(found: MostFitting, profile: ColumnProfile) -> bool:
    """Whether so many values fit that a file's rows may be rejected for the others."""
    missing = 1 - found.fitting / found.values
    return missing <= 1 - _LEAST_SHARE or (2 * found.fitting > found.values and missing * profile.values < _FEW)


def _is_offered(candidate: Candidate, sample: pa.StringArray) -> bool:
    if not isinstance(candidate, SignedNumber | MixedNumber):
        return not isinstance(candidate, TruthReading)
    if isinstance(candidate, SignedNumber) and not is_money_or_share(candidate):
        return False
    has_plus = pc.any(pc.starts_with(sample, "+")).as_py()
    return not (has_plus and pc.all(pc.match_substring_regex(sample, _NO_NUMBER)).as_py())


def _offers_of_numbers(sample: pa.StringArray) -> tuple[Suggestion, ...]:
    """Days written as 20240131 and moments counted from 1970, where all numbers are of this century or so."""
    lengths = pc.min_max(pc.utf8_length(sample)).as_py()
    if lengths["min"] != lengths["max"] or lengths["min"] not in _LENGTHS:
        return ()
    found = most_fitting(sample, finder=lambda values: list(numbered_moments(values)))
    if found is None or found.fitting < found.values:
        return ()
    candidate = found.candidates[0]
    low, high = pc.min(sample).as_py(), pc.max(sample).as_py()
    if isinstance(candidate, EpochReading):
        moments = pc.cast(pc.cast(candidate.parse(sample), pa.int64()), pa.int64())
        first, last = (value // 1_000_000 for value in (pc.min(moments).as_py(), pc.max(moments).as_py()))
        likely = _EPOCH_YEARS[0] <= first and last < _EPOCH_YEARS[1]
    else:
        likely = len(low) == 8 and _DAYS[0] <= low and high <= _DAYS[1]
    return (_offer(candidate, sample),) if likely and isinstance(candidate, DateCandidate | EpochReading) else ()


def _offer(
    candidate: Candidate,
    sample: pa.StringArray,
    *,
    stranger: str = "",
    order: str | None = None,
    mark: str | None = None,
    grouped_by: str = "",
) -> Suggestion:
    fitting = sample.filter(pc.fill_null(candidate.mask(sample), fill_value=False))
    telling = r"\d[.,]\d" if mark or grouped_by else rf"^[^0-9]*[{MINUS}(]|[{MINUS})]$|24:00|\d[eE][-+]?\d"
    example = max(fitting.to_pylist(), key=lambda text: bool(re.search(telling, text)))
    return Suggestion(
        null_words=(),
        type=candidate.type,
        decimal=mark,
        day_first=None if order not in ("dmy", "mdy") else order == "dmy",
        rejects=bool(stranger),
        example=(stranger or example)[:_QUOTED],
        read_as="" if stranger else plainly(candidate.type, candidate.parse(pa.array([example], pa.string()))),
        is_loose=is_loose(candidate),
    )
