"""Row numbers as a person writes them, ``12, 40-45``; pages and commands check them without a file."""

import re
from collections.abc import Iterable

from uploads.tabular.errors import BadOption

type Span = tuple[int, int]
"""First and last number, both included."""

LAST_ROW = 2**31 - 1
MOST_TABLES = 100
_SPANS_NAMED = 5
_SPAN = re.compile(r"\s*([0-9]{1,10})\s*(?:[-\u2013]\s*([0-9]{1,10})\s*)?")
"""Word processors make a long dash of a short one."""


def parse_row_numbers(text: str) -> tuple[Span, ...]:
    """Spans in order, none of which touches another. Raises ``BadOption``."""
    spans: list[Span] = []
    for part in re.split("[,;]", text):
        match = _SPAN.fullmatch(part)
        first = int(match[1]) if match else 0
        last = int(match[2]) if match and match[2] else first
        if not 1 <= first <= last <= LAST_ROW:
            raise BadOption(
                f"“{part.strip()}” is neither the number of a row nor a range of rows.",
                hint="Write numbers from 1 with commas between them, such as 12, 40-45.",
            )
        spans.append((first, last))
    return joined_spans(spans)


def parse_table_rows(text: str) -> tuple[int, ...]:
    """Rows in which tables begin, in order. Raises ``BadOption``."""
    rows: set[int] = set()
    for part in filter(str.strip, re.split("[,;]", text)):
        word = part.strip()
        if not (word.isascii() and word.isdigit() and 2 <= int(word[:11]) <= LAST_ROW):
            raise BadOption(
                f"“{word}” is not the number of a row in which another table can begin.",
                hint="Write numbers from 2 with commas between them, such as 12, 40.",
            )
        rows.add(int(word))
    if len(rows) > MOST_TABLES:
        raise BadOption(
            f"There may be {MOST_TABLES} rows in which another table begins.", hint="Split the file into several."
        )
    return tuple(sorted(rows))


def joined_spans(spans: list[Span]) -> tuple[Span, ...]:
    """In order, those that touch as one."""
    joined: list[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)


def first_spans(numbers: Iterable[int]) -> list[list[int]]:
    """First and last of the first few spans of some numbers, as a note's figure."""
    return [list(span) for span in joined_spans([(number, number) for number in numbers])[:_SPANS_NAMED]]


def written_row_numbers(spans: tuple[Span, ...]) -> str:
    """``12, 40-45``"""
    return ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in spans)
