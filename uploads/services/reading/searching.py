"""What somebody looks for without naming a column: words, found in texts, and in numbers and dates as a whole."""

from collections.abc import Iterator

from uploads.database.reading.terms import Field, Filter, Operator, Search
from uploads.services.reading.values import operators_of, read_value
from uploads.services.reading.view import Fields
from uploads.tabular.table import ColumnType

LONGEST_SEARCH = 200
MOST_WORDS = 10
"""Words beyond are looked for as one with the spaces between them."""


def search_for(text: str, fields: Fields) -> Search:
    """Rows in which every word is found in one of the columns: ``smith 2024-02-29``."""
    words = text.split(maxsplit=MOST_WORDS - 1)
    return Search(text=text, words=tuple(tuple(_places_of(word.strip(), fields)) for word in words))


def _places_of(word: str, fields: Fields) -> Iterator[Filter]:
    for field in fields.shown.values():
        filter_ = _place_of(word, field)
        if filter_ is not None:
            yield filter_


def _place_of(word: str, field: Field) -> Filter | None:
    """``None``: no value of the column can be the word."""
    if field.type is ColumnType.BOOLEAN or (field.type is not ColumnType.TEXT and not any(map(str.isdigit, word))):
        return None  # “no” and “nan” are looked for as words
    operator = Operator.ICONTAINS if Operator.ICONTAINS in operators_of(field.type) else Operator.EXACT
    value = read_value(word, field)
    return None if value is None else Filter(field=field, operator=operator, values=(value,), texts=(word,))
