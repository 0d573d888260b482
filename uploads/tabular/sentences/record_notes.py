"""The sentences about files of records, JSON and its kin, whose columns have names and whose values have types."""

from collections.abc import Callable, Mapping
from typing import Any

from uploads.tabular.notes import NoteKind
from uploads.tabular.sentences.row_places import plural

type _Figures = Mapping[str, Any]


def _not_numbers(figures: _Figures) -> str:
    found = {
        "NaN (“not a number”)": figures["count"],
        "an infinity": figures.get("infinite", 0),
    }  # older loads have none
    said = " and ".join(f"{n:,} cell{plural(n)} with {what}" for what, n in found.items() if n)
    return f"{said} {'is' if sum(found.values()) == 1 else 'are'} read as blank."


def _list_in_object(figures: _Figures) -> str:
    sentence = f"The records are those of “{figures['name']}”."
    if not figures["others"]:
        return sentence
    others = ", ".join(f"“{name}”" for name in figures["others"])
    more = f" and {figures['more']:,} more" if figures["more"] else ""
    return (
        f"{sentence} What stands beside them is not loaded: {others}{more}. Send what is missing as a file of its own."
    )


_JSON_SHAPES = {
    "lists": "Each list of the file is a row; the first one names the columns.",
    "columns": "The file holds a list of values for each column; they are put together to rows, in their order.",
    "split": "The list “columns” names the columns, and each list in “data” is a row. Others are not loaded.",
    "numbered": "The file holds a number for each row; the numbers are not loaded.",
    "features": (
        "The file is a map (GeoJSON): each of its features is a row with its properties as columns; its shape stands in"
        " “geometry”, as JSON."
    ),
    "paged": "The file holds an object that tells about the records, which is not loaded, and a list of them.",
}
RECORD_SENTENCES: dict[NoteKind, str | Callable[[_Figures], str]] = {
    NoteKind.NOT_NUMBERS: _not_numbers,
    NoteKind.LIST_IN_OBJECT: _list_in_object,
    NoteKind.JSON_SHAPE: lambda figures: _JSON_SHAPES[figures["shape"]],
}
