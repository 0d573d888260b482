"""``manage.py dataset_indexes``: make columns quick to sort and filter by, or drop what makes them so."""

import json
from typing import Any

from django.core.management.base import CommandParser

from uploads.management.base import DatesAsWritten, OperatorCommand
from uploads.management.exit_status import refusing
from uploads.models import Dataset
from uploads.services.reading.indexes import ColumnIndex, indexes_of, make_indexes, refuse_index, want_index
from uploads.services.visibility import OPERATOR, find_dataset
from uploads.states import IndexKind
from uploads.tabular.errors import BadOption


class Command(OperatorCommand):
    help = """\
Show which columns of a dataset have an index for readers; make one here and now, or drop it. Readers go on meanwhile,
and whoever switches a file goes first. Files that come later have it too. Indexes are also made by themselves where
pages are slow, and dropped where nobody uses them. One makes a column quick to sort and filter by; --search makes
quick what looks for words within a text, and needs the extension pg_trgm, which comes with PostgreSQL.

examples:
  manage.py dataset_indexes prices
  manage.py dataset_indexes prices price
  manage.py dataset_indexes prices price --drop
  manage.py dataset_indexes prices area --search

exit status: 0 done, 1 refused (nothing is changed), 2 wrong usage."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="the dataset")
        parser.add_argument("column", metavar="COLUMN", nargs="?", help="the column that is to have an index")
        parser.add_argument("--search", action="store_true", help="the index that makes searching in a text quick")
        parser.add_argument("--drop", action="store_true", help="drop its index; none is made again by itself")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *, slug: str, column: str | None, drop: bool, **said: Any) -> None:
        with refusing(wrong=BadOption):
            if drop and column is None:
                raise BadOption("It is not said which index is to be dropped.", hint="Name the column.")
            if said["search"] and column is None:
                raise BadOption("It is not said which column is to be searched in.", hint="Name the column.")
            kind = IndexKind.SEARCH if said["search"] else IndexKind.ORDER
            dataset = find_dataset(slug=slug, viewer=OPERATOR)
            if column is not None and drop:
                refuse_index(dataset=dataset, name=column, kind=kind)
            elif column is not None:
                want_index(dataset=dataset, name=column, kind=kind)
                make_indexes(dataset_id=dataset.pk, gives_way=False)
        self._print(dataset, as_json=said["json"])

    def _print(self, dataset: Dataset, *, as_json: bool) -> None:
        found = indexes_of(dataset)
        if as_json:
            columns = [_as_json(index) for index in found]
            text = json.dumps({"slug": dataset.slug, "columns": columns}, ensure_ascii=False, cls=DatesAsWritten)
            self.stdout.write(text)
            return
        from uploads.web.sentences.datasets.indexes import index_sentence  # noqa: PLC0415 - only where people read

        self.stdout.write("\n".join(f"{index.name}: {index_sentence(index)}" for index in found))


def _as_json(index: ColumnIndex) -> dict[str, Any]:
    return {
        "name": index.name,
        "wanted": index.is_wanted,
        "since": index.since,
        "parts": index.parts,
        "all_parts": index.all_parts,
        "bytes": index.bytes,
        "used_at": index.used_at,
        "obstacle": index.obstacle,
        "kind": index.kind,
    }
