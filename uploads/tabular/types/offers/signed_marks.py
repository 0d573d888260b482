"""Decimal marks that columns of signed numbers show: ``1.100,00-`` says what ``1,000`` beside it is.

Such a column is text until a person asks for its numbers, but how they are written is as plain as in any other.
"""

from collections.abc import Iterable

import pyarrow.compute as pc

from uploads.tabular.table import ColumnType
from uploads.tabular.types.choice import ambiguity
from uploads.tabular.types.column_profile import ColumnProfile
from uploads.tabular.types.notations.signed_numbers import SignedNumber, is_money_or_share
from uploads.tabular.types.offers.likely_values import are_mostly_likely
from uploads.tabular.types.offers.most_fitting import most_fitting_of_all


def signed_marks(profiles: Iterable[ColumnProfile]) -> frozenset[str]:
    """Decimal marks of the text columns of which every value looked at is money, a share or a number with a sign."""
    return frozenset(mark for profile in profiles if (mark := _signed_mark(profile)))


def _signed_mark(profile: ColumnProfile) -> str:
    sample = profile.sample
    if not profile.is_text or not len(sample) or not are_mostly_likely(sample):
        return ""
    found = most_fitting_of_all(sample, type_=ColumnType.NUMERIC)
    if found is None or found.fitting < found.values or ambiguity(found.candidates):
        return ""
    best = found.candidates[0]
    if not isinstance(best, SignedNumber) or not is_money_or_share(best):
        return ""
    marks = {one.format.decimal for one in found.candidates}
    [mark] = marks if len(marks) == 1 else {""}
    return mark if mark and pc.any(pc.match_substring(sample, mark)).as_py() else ""
