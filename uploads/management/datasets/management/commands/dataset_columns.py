"""``manage.py dataset_columns``: see the columns of a dataset, add, rename, remove and describe them."""

import json
from typing import Any

from django.core.management.base import CommandParser

from uploads.management.base import OperatorCommand
from uploads.management.exit_status import refusing
from uploads.services.columns.shape import add_column, change_strictness, describe_column, remove_column, rename_column
from uploads.services.visibility import OPERATOR, find_dataset
from uploads.tabular.errors import BadOption


class Command(OperatorCommand):
    help = """\
Show the columns of a dataset, or change them: milliseconds at any size. Files that come with an old name still join.

examples:
  manage.py dataset_columns prices
  manage.py dataset_columns prices --add currency:text
  manage.py dataset_columns prices --rename price=net_price
  manage.py dataset_columns prices --remove remark
  manage.py dataset_columns prices --describe "price=Net, in EUR"
  manage.py dataset_columns prices --strict grow

exit status: 0 done, 1 refused (nothing is changed), 2 wrong usage."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="the dataset")
        act = parser.add_mutually_exclusive_group()
        act.add_argument("--add", metavar="NAME[:TYPE]", help="a new column, empty in all rows; text by default")
        act.add_argument("--rename", metavar="OLD=NEW", help="call a column otherwise")
        act.add_argument("--remove", metavar="COLUMN", help="take a column out, with its values")
        act.add_argument("--describe", metavar="COLUMN=TEXT", help="say what it means; an empty text takes it back")
        act.add_argument("--strict", metavar="HOW", help="grow, ask or exact: what becomes of files with other columns")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, slug: str, **said: Any) -> None:
        with refusing(wrong=BadOption):
            dataset = find_dataset(slug=slug, viewer=OPERATOR)
            words = _act(dataset.slug, said)
        dataset.refresh_from_db()
        columns = list(dataset.columns.values("name", "label", "type", "description", "optional"))
        if said["json"]:
            found = {"slug": dataset.slug, "strictness": dataset.strictness, "columns": columns}
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        if words:
            self.stdout.write(f"{words[:1].upper()}{words[1:]}.")
            return
        lines = [f"{column['name']} {column['type']} {column['description']}".rstrip() for column in columns]
        self.stdout.write("\n".join([*lines, f"A file with other columns: {dataset.get_strictness_display()}."]))


def _act(slug: str, said: dict[str, Any]) -> str:
    if said["add"] is not None:
        label, _, type_ = said["add"].partition(":")
        return add_column(slug=slug, label=label, type_=type_ or "text").words
    if said["rename"] is not None:
        old, new = _pair(said["rename"])
        return rename_column(slug=slug, name=old, label=new).words
    if said["remove"] is not None:
        return remove_column(slug=slug, name=said["remove"]).words
    if said["describe"] is not None:
        name, text = _pair(said["describe"])
        return describe_column(slug=slug, name=name, description=text).words
    if said["strict"] is not None:
        return f"a file with other columns: {change_strictness(slug=slug, strictness=said['strict']).label}"
    return ""


def _pair(said: str) -> tuple[str, str]:
    name, equals, value = said.partition("=")
    if not equals or not name:
        raise BadOption(f"“{said}” has no “=”.", hint="Such as: price=net_price.")
    return name, value
