"""Query parameters ↔ an aggregate: ``_group=area,sold:month&_measure=sum:price``.

Rows are grouped by a column's most frequent values (``area``, or ``area:top:10`` for so many and everything else), by
a period of a date (``sold:month``) or by ranges of a number (``price:bins:20``). A column whose name ends like that is
meant where what stands before is no column.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from uploads.database.aggregating.edges import FEWEST_BINS
from uploads.database.aggregating.terms import (
    DATES,
    NUMBERS,
    ByBins,
    ByPeriod,
    ByValue,
    Function,
    Grouping,
    Measure,
    Period,
)
from uploads.database.reading.terms import Field
from uploads.services.errors import BadParameter
from uploads.services.reading.parameters import SEARCH, echoed, joined, no_column, split_values
from uploads.services.reading.view import Fields

GROUP, MEASURE = "_group", "_measure"
OPTIONS = (GROUP, MEASURE, SEARCH)
"""Parameters that are no filters."""
ROWS = Measure()
MOST_GROUPINGS = 2
MOST_BINS = 100
USUAL_BINS = 20
MOST_VALUES = 10_000
USUAL_VALUES = (10_000, 100)
"""The most frequent that are told where nobody says how many: of one grouping, and of each of two."""
BINS, TOP, VALUE = "bins", "top", "value"
_NUMBERED = (BINS, TOP)


@dataclass(frozen=True, kw_only=True, slots=True)
class Aggregation:
    """What is to be told of which groups. Without a grouping all rows are one."""

    groupings: tuple[Grouping, ...] = ()
    measure: Measure = ROWS


def functions_of(field: Field) -> tuple[Function, ...]:
    """Those that mean something for a column, the most usual first."""
    if field.type in NUMBERS:
        return (*Function,)
    if field.type in DATES:
        return Function.COUNT, Function.DISTINCT, Function.MIN, Function.MAX
    return Function.COUNT, Function.DISTINCT


def read_aggregation(sent: Mapping[str, Sequence[str]], fields: Fields) -> Aggregation:
    """What parameters ask for. Raises ``BadParameter``."""
    return Aggregation(
        groupings=_read_groups(sent[GROUP][0], fields) if GROUP in sent else (),
        measure=_read_measure(sent[MEASURE][0], fields) if MEASURE in sent else ROWS,
    )


def _read_groups(text: str, fields: Fields) -> tuple[Grouping, ...]:
    words = split_values(GROUP, text)
    if len(words) > MOST_GROUPINGS:
        raise _wrong(GROUP, f"“{GROUP}” takes at most {MOST_GROUPINGS} groupings.", "Name fewer.")
    groupings = tuple(_read_group(word, fields, usual=USUAL_VALUES[len(words) - 1]) for word in words)
    if len(set(groupings)) < len(groupings):
        raise _wrong(GROUP, f"“{GROUP}” has the same grouping twice.", "Name each once.")
    return groupings


def _read_group(word: str, fields: Fields, *, usual: int) -> Grouping:
    name, how, number = _parted(word)
    field = fields.find(name)
    if field is None or not how:
        field, how, number = fields.find(word), VALUE, ""
    if field is None:
        beside = fields.find(word.rpartition(":")[0])
        if beside is None:
            raise no_column(GROUP, word if fields.find(name) is None and not how else name, fields)
        raise _no_way(word, beside)
    if how not in ways_of(field):
        raise _no_way(word, field)
    if how == BINS:
        return ByBins(field=field, bins=_number(word, number, usual=USUAL_BINS, least=FEWEST_BINS, most=MOST_BINS))
    if how in (TOP, VALUE):
        return ByValue(field=field, top=_number(word, number, usual=usual, least=1, most=MOST_VALUES))
    return ByPeriod(field=field, period=Period(how))


def _parted(word: str) -> tuple[str, str, str]:
    """``("price", "bins", "20")``; without a way of grouping at the end only the first is filled."""
    name, _, last = word.rpartition(":")
    before, _, way = name.rpartition(":")
    if before and way in _NUMBERED:
        return before, way, last
    if name and last in (*_NUMBERED, VALUE, *Period):
        return name, last, ""
    return word, "", ""


def ways_of(field: Field) -> tuple[str, ...]:
    """How rows can be grouped by a column."""
    if field.type in DATES:
        return (*Period, VALUE, TOP)
    if field.type in NUMBERS:
        return (VALUE, TOP, BINS)
    return (VALUE, TOP)


def _number(word: str, text: str, *, usual: int, least: int, most: int) -> int:
    if not text:
        return usual
    if text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most:
        return int(text)
    raise _wrong(GROUP, f"“{GROUP}” has “{echoed(word)}”: the number is from {least} to {most:,}.", "")


def _read_measure(text: str, fields: Fields) -> Measure:
    function, _, name = text.partition(":")
    if function not in Function:
        raise _wrong(
            MEASURE,
            f"“{MEASURE}” knows no “{echoed(function)}”.",
            f"Possible are {', '.join(Function)}, as in sum:price; count alone counts the rows.",
        )
    if not name:
        if function == Function.COUNT:
            return ROWS
        raise _wrong(MEASURE, f"“{MEASURE}” needs a column for {function}.", f"As {function}:price.")
    field = fields.find(name)
    if field is None:
        raise no_column(MEASURE, name, fields)
    if function not in functions_of(field):
        raise _wrong(
            MEASURE,
            f"“{MEASURE}”: the column {echoed(name)} is {field.type}, and has no {function}.",
            f"Possible are {', '.join(functions_of(field))}.",
        )
    return Measure(function=Function(function), field=field)


def _no_way(word: str, field: Field) -> BadParameter:
    return _wrong(
        GROUP,
        f"“{GROUP}” has “{echoed(word)}”, and the column {echoed(field.name)} is {field.type}.",
        f"Possible are {', '.join(_spelled(field))}.",
    )


def _spelled(field: Field) -> Iterable[str]:
    name = echoed(field.name)
    yield name
    for way in ways_of(field):
        if way != VALUE:
            yield f"{name}:{way}:{USUAL_BINS if way == BINS else 10}" if way in _NUMBERED else f"{name}:{way}"


def _wrong(parameter: str, message: str, hint: str) -> BadParameter:
    return BadParameter(message, hint=hint, names=[parameter])


def aggregation_query(aggregation: Aggregation, fields: Fields) -> list[tuple[str, str]]:
    """The parameters from which ``read_aggregation`` makes it again."""
    query = []
    groupings = aggregation.groupings
    if groupings:
        usual = USUAL_VALUES[len(groupings) - 1]
        query.append((GROUP, joined(group_word(each, fields, usual=usual) for each in groupings)))
    if aggregation.measure != ROWS:
        query.append((MEASURE, measure_word(aggregation.measure)))
    return query


def group_word(grouping: Grouping, fields: Fields, *, usual: int | None = None) -> str:
    """``usual``: how many of the most frequent values are told where nobody says it."""
    name = grouping.field.name
    match grouping:
        case ByPeriod(period=period):
            return f"{name}:{period}"
        case ByBins(bins=bins):
            return f"{name}:{BINS}:{bins}"
        case ByValue(top=top) if top != usual:
            return f"{name}:{TOP}:{top}"
    before, how, _ = _parted(name)
    return f"{name}:{VALUE}" if how and fields.find(before) is not None else name


def measure_word(measure: Measure) -> str:
    return f"{measure.function}:{measure.field.name}" if measure.field is not None else str(measure.function)
