"""What the commands that change columns share: show the cost, make the change here and now, say what was done."""

import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandParser

from uploads.management.base import OperatorCommand
from uploads.management.exit_status import refusing
from uploads.models import Dataset
from uploads.services.columns.change import Change
from uploads.services.columns.preview import Preview, preview_change
from uploads.services.visibility import OPERATOR, find_dataset
from uploads.tabular.errors import BadOption

if TYPE_CHECKING:
    from uploads.services.columns.apply import Changed


class ChangeCommand(OperatorCommand):
    """One change of one dataset's columns, in the foreground."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only tell what it would cost")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def change(self, dataset: Dataset, said: dict[str, Any]) -> Change:
        raise NotImplementedError

    def handle(self, *, slug: str, **said: Any) -> None:
        with refusing(wrong=BadOption):
            dataset = find_dataset(slug=slug, viewer=OPERATOR)
            change = self.change(dataset, said)
            if said["dry_run"]:
                preview = preview_change(dataset=dataset, change=change, check_all=True)
                self.stdout.write(json.dumps(_cost(preview), ensure_ascii=False) if said["json"] else _message(preview))
                return
            from uploads.services.columns.apply import change_columns  # noqa: PLC0415 - it loads Arrow

            done = change_columns(dataset_id=dataset.pk, change=change)
        self.stdout.write(json.dumps(_as_json(done), ensure_ascii=False) if said["json"] else _done(done))


def _cost(preview: Preview) -> dict[str, Any]:
    from uploads.web.schemas import answers, column_schemas  # noqa: PLC0415 - it loads pydantic

    return answers.as_json(column_schemas.Cost, preview)


def _message(preview: Preview) -> str:
    lines = [*preview.words, preview.sentence, *preview.effects]
    if preview.obstacle:
        lines.append(f"It cannot be done: {preview.obstacle}")
    return "\n".join(lines)


def _done(done: "Changed") -> str:
    lines = [*done.words, f"{done.rows:,} rows in {done.files:,} files were written anew in {done.seconds:.1f} s."]
    if done.rejected:
        lines.append(f"{done.rejected:,} rows don't fit and are rejected now.")
    if done.mended:
        lines.append(f"{done.mended:,} rejected rows fit now and were loaded.")
    return "\n".join(lines)


def _as_json(done: "Changed") -> dict[str, Any]:
    return {
        "dataset": done.slug,
        "changes": list(done.words),
        "files": done.files,
        "rows": done.rows,
        "rows_rejected": done.rejected,
        "rejected_rows_loaded": done.mended,
        "seconds": round(done.seconds, 3),
    }
