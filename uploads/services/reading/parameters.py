"""Query parameters ↔ a view: ``price__gt=11&_sort=-price&_columns=area,price``.

A parameter that is a column's name, or that and one of Django's words for lookups, is a filter; several are joined by
*and*. What isn't a column begins with an underscore, but ``after`` and ``limit``; a column of such a name is filtered
by ``limit__exact``. Whatever is not understood is refused by name: a filter that is ignored gives a plausible wrong
answer.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from uploads.database.reading.terms import Condition, Field, Filter, Operator, Place, Search, SortKey, Value
from uploads.services.errors import BadParameter, UnknownParameter
from uploads.services.reading.searching import LONGEST_SEARCH, search_for
from uploads.services.reading.values import operators_of, read_value, read_yes_or_no
from uploads.services.reading.view import MAX_PAGE, Cursor, Fields, View
from uploads.tabular.table import ColumnType

SORT, COLUMNS, SEARCH, FACET, BEFORE, COUNT = "_sort", "_columns", "_q", "_facet", "_before", "_count"
FORMAT, AFTER, LIMIT = "_format", "after", "limit"
KNOWN = (SORT, COLUMNS, SEARCH, FACET, BEFORE, COUNT, FORMAT, AFTER, LIMIT)
"""Parameters that are no filters."""
CURSORS = (AFTER, BEFORE)
MOST_FILTERS = 100
MOST_SORTED = 4
MOST_FACETS = 3
MOST_VALUES = 500
NAMES_SHOWN = 12
_LONGEST_SHOWN = 60
_UNSEARCHED = re.compile("[\x00-\x08\n-\x1f\x7f-\x9f\ud800-\udfff]")
"""Nobody types them. Letters that only join others (in Persian, in emoji) are searched for."""
JOINABLE = frozenset({Operator.NE, Operator.CONTAINS, Operator.ICONTAINS})
"""Several of them on one column mean something: it contains this and that."""
_EXAMPLES = {
    ColumnType.BOOLEAN: "true or false",
    ColumnType.BIGINT: "a number like 12",
    ColumnType.NUMERIC: "a number like 12.50",
    ColumnType.DOUBLE: "a number like 12.5",
    ColumnType.DATE: "a date like 2024-02-29",
    ColumnType.TIMESTAMP: "a date and time like 2024-02-29T12:30:00",
    ColumnType.TIMESTAMPTZ: "a date and time like 2024-02-29T12:30:00Z",
    ColumnType.TEXT: "a text of at most 2,000 letters",
}


def read_view(
    sent: Mapping[str, Sequence[str]],
    *,
    fields: Fields,
    after: Cursor | None = None,
    before: Cursor | None = None,
    with_own: bool = False,
) -> View:
    """The view that parameters describe; the cursors come read. Raises ``UnknownParameter`` and ``BadParameter``.

    ``with_own``: the columns of the site, ``_file`` and ``_row``, can be among those that are shown.
    """
    if after is not None and before is not None:
        raise _wrong(CURSORS, "A page begins after one place or ends before it, not both.", "Send one of the two.")
    sort = _read_sort(sent[SORT][0], fields) if SORT in sent else ()
    view = View(
        columns=_read_columns(sent[COLUMNS][0], fields, with_own=with_own) if COLUMNS in sent else (),
        filters=read_filters(sent, fields=fields),
        sort=sort,
        sort_words=sort_words(sort),
        facets=_read_facets(sent.get(FACET, ()), fields),
        limit=_read_limit(sent[LIMIT][0]) if LIMIT in sent else None,
        cursor=after or before,
        is_backward=before is not None,
    )
    _check_cursor(view)
    return view


def _check_cursor(view: View) -> None:
    if view.cursor is None:
        return
    of_sort = view.cursor.sort if isinstance(view.cursor, Place) else ""
    if of_sort != view.sort_words or (isinstance(view.cursor, Place) and len(view.cursor.values) != len(view.sort)):
        raise _wrong(
            [BEFORE if view.is_backward else AFTER],
            "This page belongs to rows in another order.",
            "Begin again at the first page.",
        )


def read_filters(
    sent: Mapping[str, Sequence[str]], *, fields: Fields, options: Sequence[str] = KNOWN
) -> tuple[Condition, ...]:
    """The conditions among parameters: all that are not among ``options``, and what is searched for."""
    named = _read_filters({name: sent[name] for name in sent if name not in options}, fields, options)
    return (*named, *(_read_search(sent[SEARCH][0], fields) if SEARCH in sent else ()))


def _read_filters(sent: Mapping[str, Sequence[str]], fields: Fields, options: Sequence[str]) -> Iterable[Filter]:
    if sum(map(len, sent.values())) > MOST_FILTERS:
        names = list(sent)[MOST_FILTERS:]
        raise _wrong(names, f"There are more than {MOST_FILTERS} filters.", "Send fewer.")
    found = {name: _read_name(name, fields) for name in sent}
    unknown = [name for name, each in found.items() if each is None]
    if unknown:
        raise _unknown(unknown, fields, options)
    for name, texts in sent.items():
        if (each := found[name]) is not None:
            field, operator = each
            if len(texts) > 1 and operator not in JOINABLE:
                raise _wrong(
                    [name],
                    f"“{echoed(name)}” is there twice.",
                    "Say which of the values you mean, or “__in” for any of them.",
                )
            for text in texts:
                yield _read_filter(name, field, operator, text)


def _read_name(name: str, fields: Fields) -> tuple[Field, Operator] | None:
    """The longer reading first: ``a__gt`` asks for an ``a`` that is greater, even where a column is called so."""
    column, is_split, word = name.rpartition("__")
    field = fields.find(column) if is_split else None
    if field is not None and word in Operator:
        operator = Operator(word)
        if operator not in operators_of(field.type):
            raise _no_operator(name, field, word)
        return field, operator
    whole = fields.find(name)
    if whole is not None:
        return whole, Operator.EXACT
    if field is not None:
        raise _no_operator(name, field, word)
    return None


def _read_filter(name: str, field: Field, operator: Operator, text: str) -> Filter:
    if operator is Operator.ISNULL:
        is_null = read_yes_or_no(text)
        if is_null is None:
            raise _wrong([name], f"“{echoed(name)}” is true or false, and “{echoed(text)}” is neither.", "")
        return Filter(field=field, operator=operator, values=(is_null,), texts=(text,))
    texts = split_values(name, text) if operator in (Operator.IN, Operator.RANGE) else (text,)
    if operator is Operator.RANGE and len(texts) != 2:
        raise _wrong([name], f"“{echoed(name)}” takes two values with a comma between.", f"As {name}=1,9.")
    if len(texts) > MOST_VALUES:
        raise _wrong([name], f"“{echoed(name)}” has more than {MOST_VALUES} values.", "Send fewer.")
    return Filter(
        field=field, operator=operator, values=tuple(_value(name, each, field) for each in texts), texts=tuple(texts)
    )


def _value(name: str, text: str, field: Field) -> Value:
    value = read_value(text, field)
    if value is None:
        blank = f" Rows without one: {field.name}__isnull=true." if not text.strip() else ""
        raise BadParameter(
            f"“{echoed(name)}” needs {_EXAMPLES[field.type]}, and “{echoed(text)}” is none.",
            hint=f"The column {echoed(field.name)} is {field.type}.{blank}",
            names=[name],
            value=echoed(text),
            example=_EXAMPLES[field.type],
        )
    return value


def split_values(name: str, text: str) -> tuple[str, ...]:
    """By commas; a value that has one stands in double quotes, as in a CSV."""
    try:
        lines = list(csv.reader([text], strict=True))
    except csv.Error:
        raise _wrong(
            [name],
            f"“{echoed(name)}” has a quotation mark that is not closed.",
            'A value with a comma is written as "a, b".',
        ) from None
    return tuple(lines[0]) if lines and lines[0] else ("",)


def _read_search(text: str, fields: Fields) -> tuple[Search, ...]:
    """An empty field of a form searches for nothing."""
    if len(text) > LONGEST_SEARCH or _UNSEARCHED.search(text):
        raise _wrong(
            [SEARCH], f"“{SEARCH}” takes words of together at most {LONGEST_SEARCH} letters.", "Search for less."
        )
    return (search_for(text, fields),) if text.strip() else ()


def _read_columns(text: str, fields: Fields, *, with_own: bool) -> tuple[str, ...]:
    names = split_values(COLUMNS, text)
    for name in names:
        if name not in fields.shown and not (with_own and name in fields.own):
            raise no_column(COLUMNS, name, fields)
    if len(set(names)) < len(names):
        raise _wrong([COLUMNS], f"“{COLUMNS}” names a column twice.", "Name each once.")
    return names


def _read_sort(text: str, fields: Fields) -> tuple[SortKey, ...]:
    keys = []
    for word in split_values(SORT, text):
        name = word.removeprefix("-")
        field = fields.shown.get(name) or fields.shown.get(word)
        if field is None:
            raise no_column(SORT, name, fields)
        keys.append(SortKey(field=field, is_descending=field.name != word))
    if len({key.field.name for key in keys}) < len(keys):
        raise _wrong([SORT], f"“{SORT}” names a column twice.", "Name each once.")
    if len(keys) > MOST_SORTED:
        raise _wrong([SORT], f"“{SORT}” takes at most {MOST_SORTED} columns.", "Name fewer.")
    return tuple(keys)


def _read_facets(names: Sequence[str], fields: Fields) -> tuple[Field, ...]:
    """Each is a parameter of its own."""
    for name in names:
        if name not in fields.shown:
            raise no_column(FACET, name, fields)
    if len(set(names)) < len(names):
        raise _wrong([FACET], f"“{FACET}” names a column twice.", "Name each once.")
    if len(names) > MOST_FACETS:
        raise _wrong([FACET], f"“{FACET}” takes at most {MOST_FACETS} columns.", "Name fewer.")
    return tuple(fields.shown[name] for name in names)


def _read_limit(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MAX_PAGE:
        return int(text)
    raise _wrong([LIMIT], f"“{LIMIT}” is a number from 1 to {MAX_PAGE:,}, and “{echoed(text)}” is none.", "")


def _wrong(names: Iterable[str], message: str, hint: str) -> BadParameter:
    return BadParameter(message, hint=hint, names=names)


def no_column(parameter: str, name: str, fields: Fields) -> BadParameter:
    """For a parameter that names a column which is none."""
    meant = get_close_matches(name[:_LONGEST_SHOWN], fields.shown, n=1)
    guess = f"Did you mean “{echoed(meant[0])}”? " if meant else ""
    return _wrong(
        [parameter],
        f"“{parameter}” names “{echoed(name)}”, which is no column here.",
        f"{guess}The columns are {_listed(fields.shown)}.",
    )


def _no_operator(name: str, field: Field, word: str) -> BadParameter:
    return _wrong(
        [name],
        f"“{echoed(name)}”: the column {echoed(field.name)} is {field.type}, and has no “{echoed(word)}”.",
        f"Possible are {', '.join(operators_of(field.type))}.",
    )


def _unknown(names: Sequence[str], fields: Fields, options: Sequence[str]) -> UnknownParameter:
    spelled = [*options, *fields.shown]
    first = names[0][:_LONGEST_SHOWN]
    column, mark, word = first.rpartition("__")
    meant = get_close_matches(first, spelled, n=1, cutoff=0.7)
    if not meant and mark:
        meant = [f"{each}{mark}{word}" for each in get_close_matches(column, fields.shown, n=1, cutoff=0.7)]
    guess = f"Did you mean “{echoed(meant[0])}”? " if meant else ""
    shown = ", ".join(f"“{echoed(name)}”" for name in names[:3])
    more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
    return UnknownParameter(
        f"There is no column or option {shown}{more} here.",
        hint=f"{guess}The columns are {_listed(fields.shown)}, each also as in price__gt=11; the options"
        f" {', '.join(options)}.",
        names=names,
    )


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    more = f" and {len(every) - NAMES_SHOWN:,} more" if len(every) > NAMES_SHOWN else ""
    return ", ".join(map(echoed, every[:NAMES_SHOWN])) + more


def echoed(text: str) -> str:
    """What somebody sent, as it can be shown: not too much of it, and with no letter that says nothing."""
    plain = "".join(character if character.isprintable() else "␀" for character in text[:_LONGEST_SHOWN])
    return plain + "…" * (len(text) > _LONGEST_SHOWN)


def query_of(view: View, fields: Fields) -> list[tuple[str, str]]:
    """The parameters from which ``read_view`` makes the view again; without its cursor."""
    query = [_parameter(each, fields) for each in view.filters]
    if view.sort:
        query.append((SORT, view.sort_words))
    if view.columns:
        query.append((COLUMNS, joined(view.columns)))
    query += [(FACET, field.name) for field in view.facets]
    if view.limit is not None:
        query.append((LIMIT, str(view.limit)))
    return query


def parameter_of(field: Field, operator: Operator, fields: Fields) -> str:
    """The name of the parameter by which a column is compared in a way."""
    name = field.name
    if operator is not Operator.EXACT:
        return f"{name}__{operator}"
    column, is_split, word = name.rpartition("__")
    is_other = name in KNOWN or (is_split and word in Operator and fields.find(column) is not None)
    return f"{name}__{Operator.EXACT}" if is_other else name


def _parameter(each: Condition, fields: Fields) -> tuple[str, str]:
    if isinstance(each, Search):
        return SEARCH, each.text
    return parameter_of(each.field, each.operator, fields), _text_of(each)


def _text_of(each: Filter) -> str:
    return joined(each.texts) if each.operator in (Operator.IN, Operator.RANGE) else each.texts[0]


def sort_words(sort: Sequence[SortKey]) -> str:
    """``-price,area``"""
    return joined([f"{'-' if key.is_descending else ''}{key.field.name}" for key in sort]) if sort else ""


def joined(texts: Iterable[str]) -> str:
    """With commas between; one that has a comma stands in double quotes."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(list(texts))
    return line.getvalue()


def without_filter(view: View, index: int) -> View:
    return replace(view, filters=view.filters[:index] + view.filters[index + 1 :])
