"""``manage.py dataset_mode``: see, and say, how the files of a dataset join it."""

import json
from typing import Any

from django.core.management.base import CommandParser

from uploads.management.base import OperatorCommand
from uploads.management.exit_status import refusing
from uploads.management.joining_arguments import add_choice_arguments, said_choices
from uploads.services.merging.keys import parse_key
from uploads.services.merging.likely_keys import dataset_key_offer
from uploads.services.merging.modes import DatasetMode, change_mode, mode_of, parse_mode
from uploads.services.merging.order import order_files
from uploads.services.merging.shown_rows import active_in_order
from uploads.services.read_only import check_takes_files
from uploads.services.visibility import OPERATOR, find_dataset
from uploads.states import Mode
from uploads.tabular.errors import BadOption
from uploads.web.sentences.columns import KeyProposal, key_proposal


class Command(OperatorCommand):
    help = """\
Show how the files of a dataset join it, or change it: append adds all rows of a new file; replace puts it in the place
of the active ones; merge updates the rows of the same key and adds the others. Files that are active are shown in the
new way at once, and every one of them can still be taken back.

examples:
  manage.py dataset_mode prices
  manage.py dataset_mode prices replace
  manage.py dataset_mode customers merge --key code
  manage.py dataset_mode customers merge --key country,number
  manage.py dataset_mode customers merge --blanks keep --delete-when status=gone,left
  manage.py dataset_mode customers --order 12 9 15

exit status: 0 done, 1 refused, 2 wrong usage."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="the dataset")
        parser.add_argument("mode", nargs="?", default="", metavar="MODE", help="append, replace or merge")
        parser.add_argument("--key", default="", metavar="COLUMN,COLUMN", help="what tells rows apart, for merge")
        add_choice_arguments(parser, of="for merge")
        parser.add_argument(
            "--order",
            nargs="+",
            type=int,
            default=[],
            metavar="ID",
            help="active files, the lowest first: of rows with the same key those of the last one are seen",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, slug: str, mode: str, **said: Any) -> None:
        with refusing(wrong=BadOption):
            dataset = find_dataset(slug=slug, viewer=OPERATOR)
            check_takes_files(dataset)
            key = parse_key(said["key"])
            choices = said_choices(said)
            says_mode = bool(mode or key or choices.says_something)
            if says_mode and said["order"]:  # refused, the second would leave the first one done
                raise BadOption(
                    "How files join and their order are said one after the other.",
                    hint=f"Say the order by itself then: manage.py dataset_mode {slug} --order ID ID.",
                )
            if says_mode:
                wanted = parse_mode(mode or Mode.MERGE)
                if wanted is Mode.MERGE and choices.says_something:
                    key = key or dataset.key
                change_mode(slug=dataset.slug, mode=wanted, key=key, said=choices)
            if said["order"]:
                order_files(slug=dataset.slug, file_ids=said["order"])
        dataset.refresh_from_db()
        now, files = mode_of(dataset), active_in_order(dataset)
        proposal = key_proposal(dataset_key_offer(dataset))
        if said["json"]:
            self.stdout.write(json.dumps(_as_json(now, files, proposal), ensure_ascii=False))
            return
        listed = f" Active files, the lowest first: {', '.join(map(str, files))}." if files else ""
        self.stdout.write(f"{now.mode}: {now.words}.{listed}")
        if proposal is not None:
            columns = ",".join(proposal.key)
            self.stdout.write(
                f"{proposal.sentence} Let files update by it: manage.py dataset_mode {slug} merge --key {columns}"
            )


def _as_json(now: DatasetMode, files: list[int], proposal: KeyProposal | None) -> dict[str, Any]:
    from uploads.web.schemas import answers, dataset_schemas  # noqa: PLC0415 - it loads pydantic

    return answers.as_json(dataset_schemas.DatasetMode, now) | {
        "files": files,
        "likely_key": list(proposal.key) if proposal else [],
    }
