"""The raw text of a rejected row, taken apart again into the cells that it was made of."""

import csv
import io

RAW_KEPT = 100_000
"""Characters of a rejected row that are kept: enough to mend it, not enough to fill the disk."""


def typed_cells(raw: str, *, delimiter: str, width: int) -> tuple[str, ...] | None:
    """The cells of a row that was rejected for a value (``bad_value``): they were joined by Python's ``csv``.

    ``delimiter`` is empty for a sheet and for a text of one column. ``None`` where the row was cut or has another
    width: such a row cannot be read again.
    """
    if len(raw) >= RAW_KEPT:
        return None
    cells = next(csv.reader(io.StringIO(raw, newline=""), delimiter=delimiter or "\t"), [])
    return tuple(cells) if len(cells) == width else None
