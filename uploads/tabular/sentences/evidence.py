"""The sentence that says why a column has its type, made from the evidence. Nothing ever looks into one."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from uploads.tabular.evidence import Evidence, EvidenceKind, Ground, GroundKind
from uploads.tabular.sentences.row_places import places
from uploads.tabular.table import MIXED, ColumnType
from uploads.tabular.types.dates.words import in_words

type _Figures = Mapping[str, Any]

_ROWS_NAMED = 3
_PLAIN = re.compile(r"[-+]?\d+\.\d+")
_BOTH = 2
_MANY = 10
"""Values that do not fit: fewer may be strangers."""
_ISO = "%Y-%m-%d"
"""How the dates of sheets come, whatever is shown there."""
_SPACES = {
    " ": "a space",
    "\N{NO-BREAK SPACE}": "a no-break space",
    "\N{NARROW NO-BREAK SPACE}": "a narrow no-break space",
    "\N{THIN SPACE}": "a thin space",
}
"""Marks that nobody sees."""
_WITH_EXPONENT = "written with an exponent; all digits are kept"
ALL_ARE = {
    ColumnType.TEXT: "text",
    ColumnType.BOOLEAN: "words for yes and no",
    ColumnType.BIGINT: "whole numbers",
    ColumnType.NUMERIC: "decimal numbers",
    ColumnType.DOUBLE: "floating-point numbers",
    ColumnType.DATE: "dates",
    ColumnType.TIMESTAMP: "dates with times",
    ColumnType.TIMESTAMPTZ: "dates with times",
}
_ORDERS = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}


def evidence_in_words(evidence: Evidence | None, *, in_sheet: bool = False) -> str:
    """One sentence: ``text, because line 812,334 holds "N/A".``; empty where there is no evidence.

    ``in_sheet``: the values are cells of a sheet, which shows a date in a way of its own.
    """
    if evidence is None:
        return ""
    form = _SENTENCES[evidence.kind]
    figures = {**evidence.figures, "in_sheet": in_sheet}
    return form.format(**figures) if isinstance(form, str) else form(figures)


def ground_in_words(ground: Ground) -> str:
    """The end of a sentence about a value: ``and all other values fit day first and month first``."""
    return _ground(ground.as_json())


def _all_values(figures: _Figures) -> str:
    type_, many = ColumnType(figures["type"]), figures["values"] > 1
    values = "both" if figures["values"] == _BOTH else f"all {figures['values']:,}"
    count = f"{values} values are" if many else "the only value is"
    because = _ground(figures["because"]) if figures["because"] else ""
    widened = figures["widened"]
    is_decimal = bool(widened) and type_ is ColumnType.NUMERIC and not widened["too_long"]
    shown = ""
    if is_decimal and widened["value"] is not None:
        shown = f' ({"such as " * many}"{widened["value"]}" in {widened["row_word"]} {widened["row"]:,})'
    sentence = f"{type_}: {count} {_described(figures, many=many)}{shown}{because}"
    if widened and not is_decimal:
        what = "longer than a whole number can be here (19 digits)" if widened["too_long"] else _WITH_EXPONENT
        sentence += f"; {_at(widened)}, which is {what}"
    return f"{sentence}{_of_far_years(figures)}{_empty(figures)}."


def _of_far_years(figures: _Figures) -> str:
    """``, of 2565 to 2567: of 2022 to 2024, if these are Buddhist years``."""
    if not (years := figures.get("far_years")):
        return ""
    shown, meant = (" to ".join(map(str, dict.fromkeys(pair))) for pair in (years, [year - 543 for year in years]))
    return f", of {shown}: if these are Buddhist years, of {meant}"


def _empty(figures: _Figures) -> str:
    """``; 3 cells are empty``; older loads do not tell."""
    blank, rows = figures.get("blank", 0), figures.get("blank_rows")
    where = f" ({places(figures['blank_in'], rows, blank)})" if rows else ""
    return f"; {blank:,} cell{'s are' if blank > 1 else ' is'} empty{where}" if blank else ""


def _stranger(figures: _Figures) -> str:
    if figures["value"] is None and figures["unlike"] is None:
        return f"text, because {figures['row_word']} {figures['row']:,} holds text{_empty(figures)}."
    unlike = "" if _is_other_than_truth(figures) else f"{_unlike(figures)}{_first_of(figures)}"
    return f"text, because {_at(figures)}{unlike}{_empty(figures)}.{_suggested(figures)}"


def _is_other_than_truth(figures: _Figures) -> bool:
    """Whether so many values are none of two words for yes and no that the first ones, such as ``F``, were none
    either: of a column of codes nobody needs to hear of yes and no. Older loads do not tell."""
    if (figures["unlike"] or {}).get("type") != ColumnType.BOOLEAN.value or "misfits" not in figures:
        return False
    return figures["misfits"] is None or figures["misfits"] >= _MANY


def _in_doubt(figures: _Figures) -> str:
    is_mark = GroundKind(figures["because"]["kind"]) is GroundKind.MARKS
    if is_mark and figures["example"] and figures["because"]["mark"] in figures["example"]:
        question = _two_numbers(figures["example"], figures["because"]["mark"])
        return f"text: {question} Choose a decimal mark.{_also_empty(figures)}"
    if figures["example"] is not None and (years := figures["because"].get("years")):
        may_be = " or ".join(map(str, years))
        return f'text, because {years[0] % 100:02} in "{figures["example"]}" may be {may_be}{_empty(figures)}.'
    example = "a value" if figures["example"] is None else f'"{figures["example"]}"'
    return f"text, because {example} {_ground(figures['because'])}{_empty(figures)}."


def _also_empty(figures: _Figures) -> str:
    """The same as a sentence of its own."""
    return f" {empty.removeprefix('; ')}." if (empty := _empty(figures)) else ""


def _two_numbers(example: str, mark: str) -> str:
    """``Is 1.001 about one, or a thousand and one?``, in figures: the same value with a decimal mark and without."""
    plain = example.replace(mark, ".")
    small = f"{Decimal(plain):.1f}".removesuffix(".0") if _PLAIN.fullmatch(plain) else example.partition(mark)[0]
    return f'Is "{example}" about {small}, or {example.replace(mark, "")}?'


def _changed(figures: _Figures) -> str:
    before = evidence_in_words(Evidence.from_json(figures["before"]))
    years = figures.get("years")
    of_years = f", of {years[0]} to {years[1]}" if years else ""
    what = f"{figures['type']}{of_years}: changed from {figures['from']} by hand."
    return f"{what} Before: {before}".removesuffix(" Before: ")


def _of_other_table(figures: _Figures) -> str:
    first = f"“{figures['source']}”, the first table" if figures["source"] else "the first table"
    return f"{figures['type']}, the type of this column in {first} of these columns."


def _at(figures: _Figures) -> str:
    value = "a value" if figures["value"] is None else f'"{figures["value"]}"'
    return f"{figures['row_word']} {figures['row']:,} holds {value}"


def _unlike(figures: _Figures) -> str:
    unlike = figures["unlike"]
    if unlike is None:
        return ""
    if "lost" in unlike:
        return f", whose {unlike['lost']} a number would lose"
    if "minus" in unlike:
        return f", whose “{unlike['minus']}” is not the minus sign of numbers (-)"
    if unlike.keys() & _WITHOUT_TYPE.keys():
        what = next(_WITHOUT_TYPE[kind] for kind in unlike if kind in _WITHOUT_TYPE)
        return f", {what}, for which there is no type"
    if "reprinted" in unlike:  # older loads do not know how
        known = isinstance(unlike["reprinted"], str)
        how = f"is kept as it is written; as a number it would be {unlike['reprinted']}" if known else ""
        return f", which {how or 'a number would print in another way'}"
    return f", which is not{_of_others({**unlike, 'in_sheet': figures['in_sheet']})}"


def _first_of(figures: _Figures) -> str:
    """``, the first of 12 values that do not fit``; older loads do not tell."""
    if "misfits" not in figures:
        return ""
    is_number = "reprinted" in (figures.get("unlike") or {})  # it fits, and would look otherwise
    one, many = _NOT_AS_PRINTED if is_number else ("that does not fit", "that do not fit")
    if figures["misfits"] is None:
        return f" (the first value {one})"
    if figures["misfits"] == 1:
        return f" (the only value {one})"
    return f" (the first of {figures['misfits']:,} values {many})"


_NOT_AS_PRINTED = ("that a number would not keep as it is written", "that a number would not keep as they are written")


def _of_others(unlike: _Figures) -> str:
    """What the values above are, and the one that is told is not."""
    if unlike["type"] == "number":
        return " a number"
    if unlike.get("is_date") and (written := _written(unlike)):
        return f"{written} as those above it are"
    return f" {_described(unlike, many=False)}"


def _suggested(figures: _Figures) -> str:
    suggestion = figures["suggested"]
    if suggestion is None:
        return ""
    words = " and ".join(f'"{word}"' for word in suggestion["null_words"])
    rows = suggestion.get("rows", ())
    word = figures["row_word"].rpartition(" ")[2]  # the table, if any, stands before the value already
    named = f"{word}{'s' * (len(rows) > 1)} {', '.join(f'{row:,}' for row in rows[:_ROWS_NAMED])}"
    ways = [f"without {named}{' and more' * (len(rows) > _ROWS_NAMED)}"] if rows else []
    ways += [f"with {words} read as empty"] if words else []
    ways += [f'with "{suggestion["example"]}" read as {suggestion["read_as"]}'] if suggestion.get("read_as") else []
    joined = (
        " or ".join(ways)
        if rows and (figures["value"] or "").strip() in suggestion["null_words"]
        else " and ".join(ways)
    )
    return f" {joined[0].upper()}{joined[1:]}, all are {ALL_ARE[ColumnType(suggestion['type'])]}."


def _ground(figures: _Figures) -> str:
    form = _GROUNDS[GroundKind(figures["kind"])]
    return form.format(**figures) if isinstance(form, str) else form(figures)


def _table(figures: _Figures) -> str:
    if figures["source"] is None:  # for people who may not see what stands in the file
        return "another table"
    return f"“{figures['source']}”" if figures["source"] else "the first table"


def _orders(figures: _Figures) -> str:
    return f"and all other values fit {' and '.join(_ORDERS[order] for order in figures['orders'])}"


def _currencies(figures: _Figures) -> str:
    signs = [f"“{sign}”" for sign in figures["signs"]]
    return f"stands among amounts in {', '.join(signs[:-1])} and {signs[-1]}, which are no numbers of one kind"


def _centuries(figures: _Figures) -> str:
    spans = " or of ".join(f"{first} to {first + 99}" for first in figures["first_years"])
    return f"has a year of two digits, which may be of {spans}"


def _written(figures: _Figures) -> str:
    """How dates or times are written; a sheet's come as numbers of days, whatever is shown there."""
    how = figures["format"]
    if figures.get("in_sheet") and how.get("pattern", "").startswith(_ISO):
        return ""
    return f" written as {in_words(how.get('pattern', ''))}{_years(how)}"


def _described(figures: _Figures, *, many: bool) -> str:
    how = figures["format"]
    pattern = how.get("pattern", "")
    match ColumnType(figures["type"]):
        case ColumnType.BIGINT:
            words = "whole numbers" if many else "a whole number"
        case ColumnType.NUMERIC:
            words = "decimal numbers" if many else "a decimal number"
        case ColumnType.DOUBLE:
            return "floating-point numbers" if many else "a floating-point number"
        case ColumnType.BOOLEAN:
            return f'"{how["true"]}" or "{how["false"]}"' if how.get("true") else "one of two words"
        case ColumnType.DATE:
            return f"{'dates' if many else 'a date'}{_written(figures)}"
        case _:
            zone = f", whose offset changes over the year, such as in {how['zone']}" if how.get("zone") else ""
            zone += "; each is stored as that moment in UTC" if zone else ""
            return f"{'dates with times' if many else 'a date with a time'}{_written(figures)}{zone}"
    signs = pattern.removeprefix(MIXED)
    marks = [f"signs as in {signs.replace(';', ' or ')}"] if signs else []
    if how.get("decimal") == "," and figures["type"] == ColumnType.NUMERIC:
        marks.append("decimal comma")
    if how.get("thousands"):
        space = _SPACES.get(how["thousands"])
        marks.append(f"{space} as thousands mark" if space else f'thousands mark "{how["thousands"]}"')
    return f"{words} with {' and '.join(marks)}" if marks else words


def _years(how: _Figures) -> str:
    return f", of {how['first_year']} to {how['last_year']}" if how.get("first_year") else ""


_WITHOUT_TYPE = {
    "part_of_date": "a date without a day or a year",
    "time_of_day": "a time of day",
    "duration": "a length of time",
}
_GROUNDS: dict[GroundKind, str | Callable[[_Figures], str]] = {
    GroundKind.ALONE: "stands alone, without its opposite",
    GroundKind.ORDERS: _orders,
    GroundKind.CENTURIES: _centuries,
    GroundKind.MARKS: 'and all other values fit "{mark}" as decimal mark and as thousands mark',
    GroundKind.MARK_CONTRADICTED: (
        'would have "{mark}" as decimal mark, and other columns have "{others}" (or you chose it); so "{mark}" may be a'
        " thousands mark that some values leave out"
    ),
    GroundKind.MARK_GIVEN: ', "{mark}" being the decimal mark, as you chose',
    GroundKind.MARK_OF_OTHERS: ' (as other columns are written, a decimal mark would be "{mark}")',
    GroundKind.ORDER_GIVEN: lambda figures: f", {_ORDERS[figures['order']]} as you chose",
    GroundKind.ORDER_OF_OTHERS: lambda figures: f", {_ORDERS[figures['order']]} as in other columns",
    GroundKind.MARK_OF_TABLE: lambda figures: (
        f', "{figures["mark"]}" being the decimal mark, as this column shows in {_table(figures)}'
    ),
    GroundKind.ORDER_OF_TABLE: lambda figures: f", {_ORDERS[figures['order']]} as this column is in {_table(figures)}",
    GroundKind.PAIRS: (
        "and all other values look like two whole numbers with a comma between them; if they are decimal numbers,"
        " choose the comma as decimal mark"
    ),
    GroundKind.CURRENCIES: _currencies,
    GroundKind.SHARES: "stands among numbers with and without {sign}, so 0.5 may be a half or half a hundredth",
    GroundKind.OFFSETS: "and all other values have offsets from UTC that no one time zone has",
}
_SENTENCES: dict[EvidenceKind, str | Callable[[_Figures], str]] = {
    EvidenceKind.ALL_VALUES: _all_values,
    EvidenceKind.STRANGER: _stranger,
    EvidenceKind.IN_DOUBT: _in_doubt,
    EvidenceKind.STATED: "{type}, as the file itself states.",
    EvidenceKind.EMPTY: "text, because the column is empty.",
    EvidenceKind.AS_ASKED: "text, as you asked.",
    EvidenceKind.IN_EVERY_TABLE: "{type}: in every table of the file, which write it in different ways.",
    EvidenceKind.OF_DATASET: "{type}, the type of this column in data.{dataset}.",
    EvidenceKind.OF_OTHER_TABLE: _of_other_table,
    EvidenceKind.CHANGED: _changed,
    EvidenceKind.IN_DATABASE: "{type} in the database.",
    EvidenceKind.SENTENCE: "{text}",
}
