"""Why a row is taken for a header or for none, and tables for two, as the end of a sentence."""

from collections.abc import Mapping
from typing import Any

from uploads.tabular.notes import WhyKind

type _Figures = Mapping[str, Any]


def phrase_of(why: _Figures) -> str:
    """A reason, ``Why.as_json()``, as the end of a sentence."""
    whose, others = ("its", "the other") if why.get("is_its") else ("the other's", "this one")
    match WhyKind(why["kind"]):
        case WhyKind.HEADER_BESIDE_ROWS:
            return f"{whose} header in row {why['row']:,} stands beside rows of {others}"
        case WhyKind.ENDS_BEFORE:
            other = "the other's" if why["is_its"] else "its own"
            return f"{whose} rows end in row {why['row']:,} and {other} go on"
        case kind:
            return _PHRASES[kind].format(**why)


_PHRASES = {
    WhyKind.BLANK: "it is blank",
    WhyKind.REPEATED: "“{cell}” stands in column {column} of other rows too",
    WhyKind.NUMBERED: "“{cell}” is written like the values below it",
    WhyKind.ABOVE_VALUES: "“{cell}” looks like a value, and stands above values such as “{below}”",
    WhyKind.VALUE: "it holds “{cell}”, a value rather than a name",
    WhyKind.MAYBE_VALUE: "it holds “{cell}”, which may be a value",
    WhyKind.ONLY_WORDS: "no column below it is all numbers or all dates",
    WhyKind.BEGINS_BELOW: "it begins below the last row of the other",
    WhyKind.ENDS_ABOVE: "it ends above the header of the other",
    WhyKind.DEFINED: "the workbook itself defines both as tables",
    WhyKind.NUMBERED_TITLES: "each has a numbered title of its own",
    WhyKind.FIRST_NAME_AGAIN: "both begin with a column “{name}”",
}
