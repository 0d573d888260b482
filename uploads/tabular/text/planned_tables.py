"""The lines of further tables whose borders are known before the first one is read."""

from collections.abc import Sequence
from itertools import pairwise

from uploads.tabular.text.careful_parser import Record
from uploads.tabular.text.narrower_tables import OtherTable


def planned_tables(
    records: Sequence[Record], borders: Sequence[int], *, first_line: int, lines: int
) -> tuple[OtherTable, ...]:
    """Tables that begin in the records ``borders``; the last goes on to the end of the text, which has ``lines``."""
    if not borders:
        return ()
    begins = [first_line + sum(record.lines for record in records[:border]) for border in borders]
    # Of the last, and of those that end with it, only lines are known: none of them is read here.
    return tuple(
        OtherTable(first_line=begin, last_line=end - 1, records=end - begin, blank=0)
        for begin, end in pairwise([*begins, first_line + lines])
    )
