"""Files with rows that are rejected, and what is there of them."""

from typing import Any

from tests.integration.conftest import Pipeline, rows
from uploads.models import RejectedRow
from uploads.services.files.receipts import FileReceipt

GOOD = "id;price\n" + "".join(f"{n};{n + 5000}\n" for n in range(1, 101))


FAULTY = {
    10: "10;1 234\n",
    20: "20;5020;\n",
    30: "30;1,234\n",
}
"""Lines of a file: a thousands mark, a separator too many, and a number that could be two."""


def load_faulty(pipeline: Pipeline, **wishes: Any) -> FileReceipt:
    """A second file of a dataset of whole numbers, with three rejected rows of which two have a plain mend."""
    pipeline.load(GOOD, "prices.csv")
    lines = [FAULTY.get(n, f"{n};{n + 5000}\n") for n in range(1, 101)]
    return pipeline.load("id;price\n" + "".join(lines), "prices.csv", **wishes)


def price(file_id: int, row: int) -> list[tuple[Any, ...]]:
    return rows("SELECT id, price FROM data.prices WHERE _file = %s AND _row = %s", file_id, row)


def rejected(load_id: int, row: int) -> RejectedRow:
    return RejectedRow.objects.get(load_id=load_id, row=row)
