"""``manage.py publish_table``: a table or view of the database is shown as it is, as a read-only dataset."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError, CommandParser

from uploads.management.base import OperatorCommand
from uploads.management.exit_status import ExitStatus, refusing
from uploads.services.adopting.publication import (
    PublicationPlan,
    plan_publication,
    publish_table,
    publishable_tables,
)
from uploads.services.adopting.stated_keys import parse_stated_key
from uploads.tabular.errors import BadOption
from uploads.web.sentences.datasets.published import published_words, rows_words


class Command(OperatorCommand):
    help = """\
Show a table, view, materialized view, foreign or partitioned table of this database as it is: a dataset
that nobody changes, read by whoever reads new datasets (DATASETS_VISIBLE; dataset_visibility says otherwise). No file
joins it, nothing is copied, and what is changed in the database is seen at once.
What is in the way is listed. unpublish_table takes it off the site again, and leaves the table alone.

examples:
  manage.py publish_table --list
  manage.py publish_table erp.prices --dry-run
  manage.py publish_table erp.prices
  manage.py publish_table erp.orders_with_lines --key order_id,line

exit status: 0 done (a dry run: it would be), 1 refused, 2 wrong usage."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("table", metavar="SCHEMA.TABLE", nargs="?", default="", help="with its schema")
        parser.add_argument("--list", action="store_true", help="the tables and views that there are")
        parser.add_argument("--dry-run", action="store_true", help="say what would be shown, and change nothing")
        parser.add_argument(
            "--key",
            metavar="COLUMN,COLUMN",
            help="columns that tell the rows of a view apart, so that its pages have no end; may be said anew, or taken"
            " back by --key ''",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, table: str, **said: Any) -> None:
        if said["list"] == bool(table):
            raise CommandError("Name one table with its schema, or say --list.", returncode=ExitStatus.WRONG_USAGE)
        if said["list"]:
            self._list(as_json=said["json"])
            return
        key = None if said["key"] is None else parse_stated_key(said["key"])
        with refusing(wrong=BadOption):
            plan = plan_publication(table=table, key=key or (), looks=said["dry_run"])
            is_possible = plan.is_possible or (plan.is_published and key is not None)
            if said["dry_run"] or not is_possible:
                self._tell(plan, is_possible=is_possible, as_json=said["json"])
                return
            done = publish_table(table=table, key=key)
        if said["json"]:
            self.stdout.write(json.dumps({**asdict(done), "error": None}, ensure_ascii=False))
            return
        self.stdout.write(self.style.SUCCESS(published_words(done)))
        for sentence in plan.consequences:
            self.stdout.write(f"  {sentence}")

    def _list(self, *, as_json: bool) -> None:
        found, more = publishable_tables()
        if as_json:
            tables = [asdict(each) for each in found]
            self.stdout.write(json.dumps({"tables": tables, "more": more}, ensure_ascii=False))
            return
        for each in found:
            rows = "" if each.rows is None else f", about {each.rows:,} rows"
            shown = f", shown as {each.dataset}" if each.dataset else ""
            self.stdout.write(f"{each.table}: {each.kind}{rows}{shown}")
        if more:
            self.stdout.write(f"And {more:,} more.")
        if not found:
            self.stderr.write("There are none but this site's own.")

    def _tell(self, plan: PublicationPlan, *, is_possible: bool, as_json: bool) -> None:
        """A plan, or all that is in its way; of what is published, that its key could be said anew."""
        if as_json:
            self.stdout.write(json.dumps({**_as_json(plan), "possible": is_possible}, ensure_ascii=False))
        elif plan.is_possible:
            rows = rows_words(plan.figure.rows, plan.figure.known)
            self.stdout.write(f"The {plan.kind} {plan.table} could be shown as the dataset {plan.slug} (rows: {rows}):")
            for sentence in plan.consequences:
                self.stdout.write(f"  {sentence}")
            self.stdout.write("Nothing was changed.")
        elif is_possible:
            self.stdout.write(f"What tells the rows of {plan.table} apart could be said anew. Nothing was changed.")
        if not is_possible:
            listed = "\n".join(f"  {obstacle.sentence}" for obstacle in plan.obstacles)
            raise CommandError(
                f"{plan.table} cannot be published; nothing was changed.\n{listed}", returncode=ExitStatus.NOT_DONE
            )


def _as_json(plan: PublicationPlan) -> dict[str, Any]:
    return {
        "table": plan.table,
        "slug": plan.slug,
        "kind": plan.kind,
        "rows": plan.figure.rows,
        "rows_known": plan.figure.known.value,
        "columns": [asdict(column) for column in plan.columns],
        "obstacles": [
            {"kind": each.kind.value, "names": list(each.names), "message": each.message, "hint": each.hint}
            for each in plan.obstacles
        ],
        "consequences": list(plan.consequences),
        "is_keyless": plan.is_keyless,
        "key": list(plan.key),
    }
