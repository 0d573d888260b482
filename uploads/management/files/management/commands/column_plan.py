"""``manage.py column_plan``: see, and say, what becomes of a file's columns that its dataset does not have."""

import json
from typing import Any

from django.core.management.base import CommandParser

from uploads.management.base import OperatorCommand
from uploads.management.exit_status import refusing
from uploads.management.file_command import tables_of
from uploads.management.joining_offers import ways_to_join
from uploads.services.joining.columns import ColumnAnswer, TablePlan, answer_columns, plans_of
from uploads.services.plans.plan import PlannedColumn, Use
from uploads.services.plans.proposal import ADD
from uploads.tabular.errors import BadOption
from uploads.web.sentences.files import fitting_sentence
from uploads.web.sentences.phrases import counted


class Command(OperatorCommand):
    help = """\
Show what becomes of the columns of a loaded file that almost belongs to a dataset, or say it and activate the file.
The dataset remembers it: the next file of the kind joins without a question. Where the file updates rows by key and
lacks values that these have, it says how to answer what becomes of them, unless the dataset knows.

examples:
  manage.py column_plan 12
  manage.py column_plan 12 --accept
  manage.py column_plan 12 --use Prise=price --add currency --leave-out remark
  manage.py column_plan 12 --new-dataset

exit status: 0 done, 1 refused (nothing is changed), 2 wrong usage."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=int, metavar="ID", help="number of a file, as list_files shows it")
        parser.add_argument("--accept", action="store_true", help="all of it as proposed")
        parser.add_argument("--new-dataset", action="store_true", help="it is a dataset of its own")
        parser.add_argument("--dataset", default="", metavar="SLUG", help="the dataset that it joins, if another one")
        parser.add_argument(
            "--use",
            action="append",
            default=[],
            metavar="THEIRS=OURS",
            help="a column of the file is one of its",
        )
        parser.add_argument("--add", action="append", default=[], metavar="COLUMN", help="the dataset gets it")
        parser.add_argument("--leave-out", action="append", default=[], metavar="COLUMN", help="it is not loaded")
        parser.add_argument("--table", type=int, default=None, metavar="N", help="of a file with several: its number")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, **said: Any) -> None:
        with refusing(wrong=BadOption):
            answer = _answer(said)
            done = None if answer is None else answer_columns(file_id=said["id"], answer=answer)
            plans = plans_of(file_id=said["id"])
        if said["json"]:
            from uploads.web.schemas import answers, plan_schemas  # noqa: PLC0415 - it loads pydantic

            listed = {"plans": [plan_schemas.Plan.from_table(table) for table in plans]}
            self.stdout.write(json.dumps(answers.as_json(plan_schemas.Plans, listed), ensure_ascii=False))
            return
        if done is not None:
            rows = f"{counted(done.rows, 'row')} {'is' if done.rows == 1 else 'are'} in {tables_of(done)} now."
            self.stdout.write(fitting_sentence(why=done.fitting) if done.fitting else rows)
            return
        if answer is not None and all(table.plan.is_settled for table in plans):
            asked = ways_to_join(file_id=said["id"])
            ways = [f"  {words}: manage.py {command}" for words, command in asked.ways]
            self.stdout.write("\n".join([f"One more question. {asked.question}", *ways]))
            return
        self.stdout.write("\n".join(line for table in plans for line in _lines(table)) or "All its columns match.")


def _answer(said: dict[str, Any]) -> ColumnAnswer | None:
    uses: dict[str, str] = {}
    for pair in said["use"]:
        own, equals, theirs = pair.partition("=")
        if not (own and equals and theirs):
            raise BadOption(f"“{pair}” is not THEIRS=OURS.", hint="Such as --use Prise=price.")
        uses[own] = theirs
    uses |= dict.fromkeys(said["add"], ADD) | dict.fromkeys(said["leave_out"], "")
    if said["new_dataset"]:
        if uses or said["accept"] or said["dataset"]:
            raise BadOption("A dataset of its own has all columns of the file.", hint="Say --new-dataset alone.")
        return ColumnAnswer(dataset=None, columns={}, position=said["table"])
    if not (uses or said["accept"] or said["dataset"]):
        return None
    return ColumnAnswer(dataset=said["dataset"], columns=uses, position=said["table"])


def _lines(table: TablePlan) -> list[str]:
    plan = table.plan
    state = "settled" if plan.is_settled else "waits for an answer"
    lines = [f"table {table.position}{f' ({table.source})' if table.source else ''} → {plan.slug}: {state}"]
    lines += [f"  {column.label}: {_use(column)}" for column in plan.columns]
    becomes = "the rows that it updates keep theirs" if plan.lack_keeps else "empty in its rows"
    return lines + [f"  ({column.label} is missing: {becomes})" for column in plan.missing]


def _use(column: PlannedColumn) -> str:
    why = f", {column.likeness} % alike" if column.likeness else ""
    match column.use:
        case Use.COLUMN:
            return f"used as {column.column} ({column.because.value}{why})"
        case Use.ADD:
            return f"added as {column.column}"
        case _:
            return "left out"
