"""``manage.py dataset_about``: see, and say, what a dataset is called and about."""

import json
from typing import Any

from django.core.management.base import CommandParser

from uploads.management.base import OperatorCommand
from uploads.management.exit_status import refusing
from uploads.services.cataloguing.about import About, SaidAbout, change_about, split_tags
from uploads.services.errors import BadParameter
from uploads.services.visibility import OPERATOR, find_dataset


class Command(OperatorCommand):
    help = """\
Show what a dataset is about, or say it: on its page, in the catalogue for search engines and other portals, and in data
packages everybody sees it. An empty text takes back what was said. Another name leaves the table and its address as
they are.

examples:
  manage.py dataset_about prices
  manage.py dataset_about prices --description "Daily prices of 40 shops." --tags "prices, food" --licence CC-BY-4.0
  manage.py dataset_about prices_october --name "Prices"
  manage.py dataset_about prices --licence other --licence-url https://example.org/terms
  manage.py dataset_about prices --publisher "City of Ghent" --contact data@example.org
  manage.py dataset_about prices --tags ""

exit status: 0 done, 1 refused, 2 wrong usage."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="the dataset")
        parser.add_argument("--name", metavar="NAME", help="what people call it")
        parser.add_argument("--description", metavar="TEXT", help="what its rows are")
        parser.add_argument("--licence", metavar="LICENCE", help="by its identifier of SPDX, or other")
        parser.add_argument("--licence-url", metavar="URL", help="where the terms stand; of the licence “other” alone")
        parser.add_argument(
            "--tags",
            metavar="TAG,TAG",
            action="append",
            help="short words, separated by commas; they replace the others",
        )
        parser.add_argument("--publisher", metavar="NAME", help="who answers for the data")
        parser.add_argument("--contact", metavar="ADDRESS", help="an e-mail address, or that of a page, for questions")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, slug: str, **said: Any) -> None:
        wish = SaidAbout(
            name=said["name"],
            description=said["description"],
            licence=said["licence"],
            licence_url=said["licence_url"],
            tags=None if said["tags"] is None else split_tags(",".join(said["tags"])),
            publisher=said["publisher"],
            contact=said["contact"],
        )
        with refusing(wrong=BadParameter):
            dataset = find_dataset(slug=slug, viewer=OPERATOR)
            now = change_about(slug=dataset.slug, said=wish) if wish.says_something else About.of(dataset)
        if said["json"]:
            self.stdout.write(json.dumps(_as_json(now), ensure_ascii=False))
            return
        self.stdout.write("\n".join(f"{name}: {text}" for name, text in now.facts) or "Nothing is said of it yet.")


def _as_json(now: About) -> dict[str, Any]:
    from uploads.web.schemas.about_schemas import DatasetAbout  # noqa: PLC0415 - it loads pydantic

    return DatasetAbout.from_orm(now).model_dump()
