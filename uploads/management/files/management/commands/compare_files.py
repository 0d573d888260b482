"""``manage.py compare_files``: what changes from one file to another."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError, CommandParser

from uploads.management.base import OperatorCommand
from uploads.management.exit_status import ExitStatus, refusing
from uploads.services.comparison.compare import Wish, compare_files
from uploads.services.comparison.result import Change, Comparison, Example, TableChanges
from uploads.web.sentences.comparison import (
    BLANK,
    column_sentences,
    counts_of,
    figure_rows,
    how_compared,
    left_over_sentences,
    place_in_words,
    rejected_sentence,
    sides_in_words,
)

SHOWN = 10
"""Rows of each kind on a terminal; ``--json`` has the first hundred."""


class Command(OperatorCommand):
    help = """\
Show what changes from one file to another: rows that are new, changed, gone and the same, columns, and figures of each
column. Files of several tables are compared table by table: those of the same dataset, sheet or columns.

Without --key whole rows are compared, in any order; a row that changed then counts as one gone and one new.

examples:
  manage.py compare_files 3 7
  manage.py compare_files 3 7 --key code
  manage.py compare_files 3 7 --key country,year --json | jq .changed

exit status: 0 done, 1 refused, 2 wrong usage."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("old_id", type=int, metavar="OLD", help="number of a loaded file")
        parser.add_argument("new_id", type=int, metavar="NEW", help="number of the file that it is compared with")
        parser.add_argument(
            "--key", metavar="COLUMN,COLUMN", help="names of the columns that tell the rows apart, as in SQL"
        )
        parser.add_argument("--no-figures", action="store_true", help="leave out the figures of each column: quicker")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, old_id: int, new_id: int, **said: Any) -> None:
        key = None if said["key"] is None else [name.strip() for name in said["key"].split(",")]
        if key is not None and not all(key):
            raise CommandError(
                f"“{said['key']}” names no columns. Say them with commas between: --key country,year",
                returncode=ExitStatus.WRONG_USAGE,
            )
        with refusing():
            found = compare_files(old_id=old_id, new_id=new_id, wish=Wish(key=key, figures=not said["no_figures"]))
        if said["json"]:
            from uploads.web.schemas import answers, comparison_schemas  # noqa: PLC0415 - it loads pydantic

            self.stdout.write(json.dumps(answers.as_json(comparison_schemas.Comparison, found), ensure_ascii=False))
            return
        self.stdout.write("\n".join(_lines(found)))


def _lines(found: Comparison) -> Iterator[str]:
    yield " → ".join(sides_in_words(found))
    for table in found.tables:
        if len(found.tables) > 1:
            yield ""
            yield table.new_table if table.new_table == table.old_table else f"{table.old_table} → {table.new_table}"
        yield from _table_lines(table)
    yield from left_over_sentences(found)


def _table_lines(table: TableChanges) -> Iterator[str]:
    counts = counts_of(table)
    width = max(len(f"{count.rows:,}") for count in counts)
    for count in counts:
        yield f"  {count.rows:>{width},} {count.label}"
    yield " ".join(filter(None, (how_compared(table), rejected_sentence(table))))
    yield from column_sentences(table)
    for title, number, examples in (
        ("changed", table.changed, table.examples.changed),
        ("new", table.new, table.examples.new),
        ("gone", table.gone, table.examples.gone),
    ):
        if examples:
            yield f"{title}:"
            yield from (f"  {_row(each, table.key or ())}" for each in examples[:SHOWN])
            shown = sum(each.times for each in examples[:SHOWN])
            if number > shown:
                yield f"  and {number - shown:,} more"
    rows = figure_rows(table.figures or ())
    if rows:
        yield "figures:"
        yield from (
            f"  {row.column}: {row.what} {row.old} → {row.new}" + (f" ({row.difference})" if row.difference else "")
            for row in rows
        )


def _row(example: Example, key: tuple[str, ...]) -> str:
    place = place_in_words(example)
    if example.changes:
        names = ", ".join(f"{name} {_shown(example.values[name])}" for name in key)
        changes = "; ".join(f"{name} {_change(change)}" for name, change in example.changes.items())
        text = f"{names}: {changes}"
    else:
        text = ", ".join(f"{name} {_shown(value)}" for name, value in example.values.items())
    times = f"{example.times:,} × " if example.times > 1 else ""
    return f"{times}{text}" + (f" ({place})" if place else "")


def _change(change: Change) -> str:
    return f"{_shown(change.old)} → {_shown(change.new)}"


def _shown(value: str | None) -> str:
    if value is None:
        return BLANK
    return "".join(character if character.isprintable() else "␀" for character in value)
