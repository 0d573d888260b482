"""``manage.py adopt_table``: an existing table of the database becomes a dataset."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError, CommandParser

from uploads.management.base import OperatorCommand
from uploads.management.exit_status import ExitStatus, refusing
from uploads.services.adopting.adoption import adopt_table
from uploads.services.adopting.plan import AdoptionPlan, plan_adoption
from uploads.tabular.errors import BadOption


class Command(OperatorCommand):
    help = """\
Make a dataset of a table that is in the database already. Its rows are those of a first file, without being copied, and
SQL that reads the table under its name goes on. What is in the way is listed, and nothing changed. As long as no file
was loaded into it, release_table gives it back as it was.

examples:
  manage.py adopt_table public.items --dry-run
  manage.py adopt_table public.items
  manage.py adopt_table public.customers --merge --cast

exit status: 0 done (a dry run: it would be), 1 refused, 2 wrong usage."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("table", metavar="SCHEMA.TABLE", help="the table, with its schema")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
        parser.add_argument("--merge", action="store_true", help="files update it by its primary key")
        parser.add_argument(
            "--cast",
            action="store_true",
            help="change types that datasets do not have, such as integer and uuid: every row is written anew",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, table: str, merge: bool, cast: bool, **said: Any) -> None:
        with refusing(wrong=BadOption):
            plan = plan_adoption(table=table, merge=merge, cast=cast)
            if said["dry_run"] or not plan.is_possible:
                self._tell(plan, as_json=said["json"])
                return
            done = adopt_table(table=table, merge=merge, cast=cast)
        if said["json"]:
            self.stdout.write(json.dumps({**asdict(done), "error": None}, ensure_ascii=False))
            return
        rows = f"{done.rows:,} row{'s' * (done.rows != 1)}"
        self.stdout.write(
            self.style.SUCCESS(f"{done.table} is the dataset data.{done.slug} now: {rows}, as file {done.file_id}.")
        )
        for sentence in plan.consequences:
            self.stdout.write(f"  {sentence}")

    def _tell(self, plan: AdoptionPlan, *, as_json: bool) -> None:
        """A plan, or all that is in its way."""
        if as_json:
            self.stdout.write(json.dumps(_as_json(plan), ensure_ascii=False))
        elif plan.is_possible:
            about = "" if plan.rows is None else f" (about {plan.rows:,} rows)"
            self.stdout.write(f"{plan.table} could become the dataset data.{plan.slug}{about}:")
            for sentence in plan.consequences:
                self.stdout.write(f"  {sentence}")
            self.stdout.write("Nothing was changed.")
        if not plan.is_possible:
            listed = "\n".join(f"  {obstacle.sentence}" for obstacle in plan.obstacles)
            raise CommandError(
                f"{plan.table} cannot become a dataset; nothing was changed.\n{listed}", returncode=ExitStatus.NOT_DONE
            )


def _as_json(plan: AdoptionPlan) -> dict[str, Any]:
    return {
        "table": plan.table,
        "slug": plan.slug,
        "rows": plan.rows,
        "possible": plan.is_possible,
        "key": list(plan.key),
        "columns": [asdict(column) for column in plan.columns],
        "obstacles": [
            {"kind": each.kind.value, "names": list(each.names), "message": each.message, "hint": each.hint}
            for each in plan.obstacles
        ],
        "consequences": list(plan.consequences),
    }
