"""Where rows stand, in words: ``lines 3, 8 and more`` of some numbers, ``lines 5 to 12 and 30`` of spans."""

from collections.abc import Sequence
from typing import Any


def places(unit: str, numbers: Sequence[int], count: int) -> str:
    """``lines 3, 8 and more``: some of ``count``."""
    listed = ", ".join(f"{number:,}" for number in numbers)
    return f"{unit}{plural(count)} {listed}{' and more' * (count > len(numbers))}"


def quoted(
    unit: str, texts: Sequence[Sequence[Any]], count: int, *, spans: Sequence[Sequence[int]] | None = None
) -> str:
    """`` (lines 3 to 9): line 3 “Source: survey”, line 8 “n/a: not asked” and more``: what some of ``count`` say.

    The ``spans`` of all are named where not each one is quoted; older loads have none.
    """
    listed = ", ".join(f"{unit} {number:,} “{text}”" for number, text in texts)
    if count <= len(texts):
        return f": {listed}"
    where = f" ({unit}{plural(count)} {spans_in_words(spans, count)})" if spans else ""
    return f"{where}: {listed} and more" if texts else where


def spans_in_words(spans: Sequence[Sequence[int]], count: int) -> str:
    """``5, 9 to 12 and 30 more``: the first of ``count`` rows, by the first and last number of each span."""
    parts = [part for first, last in spans for part in _span(first, last)]
    more = count - sum(last - first + 1 for first, last in spans)
    if more > 0:
        parts.append(f"{more:,} more")
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _span(first: int, last: int) -> list[str]:
    return [f"{first:,} to {last:,}"] if last > first + 1 else [f"{number:,}" for number in range(first, last + 1)]


def plural(count: int) -> str:
    """The ``s`` of several."""
    return "s" * (count != 1)
