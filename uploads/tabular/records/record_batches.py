"""Records in batches that fit in memory, however large each one is."""

from collections.abc import Iterator
from dataclasses import replace

from uploads.tabular.records.found_record import Found
from uploads.tabular.records.json_text import Nested, cell_text

BATCH_BYTES = 16 * 2**20
"""Characters of a batch, about."""


def batches_of(records: Iterator[Found], *, rows: int) -> Iterator[list[Found]]:
    """Batches of at most so many ``rows``, and of one at least.

    What is nested is written as its text at once: as objects of Python it takes twenty times the memory.
    """
    batch, size = list[Found](), 0
    for item in records:
        if item.record is not None:
            texts = {
                label: Nested(cell_text(value)) if isinstance(value, dict | list) else value
                for label, value in item.record.items()
            }
            size += sum(len(value) for value in texts.values() if isinstance(value, str))
            item = replace(item, record=texts)  # noqa: PLW2901 (the nested one is to be forgotten here)
        batch.append(item)
        if len(batch) >= rows or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
