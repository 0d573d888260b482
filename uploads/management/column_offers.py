"""What columns could be besides what they are, each with the command that makes it so."""

import shlex
from collections.abc import Iterator
from typing import Any

from uploads.models import Dataset
from uploads.services.columns.rows_in_doubt import skipping

MOST_COLUMNS = 5
"""Of which a terminal says it; the receipt has them all."""


def offers(load: dict[str, Any], *, file_id: int) -> Iterator[str]:
    """Lines for a terminal, of one of a receipt's ``loads``; a draft's columns cannot be changed by a command yet."""
    open_ones = [column for column in load["columns"] if column["suggestion"] or column["alternatives"]]
    for column in open_ones[:MOST_COLUMNS]:
        yield f"{column['name']}: {column['evidence']}"
        for command in () if load["draft"] else _commands(load["dataset"], column, file_id, load["origin"]):
            yield f"  Change it: manage.py {shlex.join(command)}"
    more = len(open_ones) - MOST_COLUMNS
    if more > 0:
        yield f"{more:,} more column{'s' * (more > 1)} could be of another type: the receipt says how."


def _commands(slug: str, column: dict[str, Any], file_id: int, origin: str) -> Iterator[list[str]]:
    suggestion = column["suggestion"]
    if suggestion and suggestion["rows"]:
        [rows] = skipping(suggestion["rows"], options={}, origin=origin).values()
        yield ["read_again", str(file_id), "--skip-rows", rows]
    if suggestion and suggestion["null_words"]:
        known = Dataset.objects.values_list("null_words", flat=True).get(slug=slug)
        words = dict.fromkeys([*known, *suggestion["null_words"]])
        yield ["null_words", slug, *words, "--type", f"{column['name']}={suggestion['type']}"]
    for other in column["alternatives"]:
        yield change_command(slug, column["name"], other)


def change_command(slug: str, column: str, suggestion: dict[str, Any]) -> list[str]:
    """What makes of a column what is suggested: the values' notation, and words that are read as empty."""
    return ["change_column", slug, column, suggestion["type"], *_arguments(suggestion)]


def _arguments(other: dict[str, Any]) -> Iterator[str]:
    """How the values are to be read, as ``change_column`` takes it."""
    for word in other["null_words"]:
        yield f"--empty={word}"  # which may be a dash
    if other["decimal"] is not None:
        yield from ("--decimal", other["decimal"])
    if other["day_first"] is not None:
        yield "--day-first" if other["day_first"] else "--month-first"
    if other["first_year"] is not None:
        yield from ("--first-year", str(other["first_year"]))
    if other["true_word"]:
        yield from ("--true", other["true_word"], "--false", other["false_word"])
    if other["rejects"]:
        yield "--reject"
