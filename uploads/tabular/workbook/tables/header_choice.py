"""Decides the header of a sheet: by the sheet's own rules where merged cells show it, else as that of a text."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from uploads.tabular.layout.grouped_header import joined_names
from uploads.tabular.layout.sheet_header import Layout, Range, filled, find_header
from uploads.tabular.layout.text_choice import choose_layout
from uploads.tabular.layout.text_header import TextLayout
from uploads.tabular.notes import WhyKind

type Rows = Sequence[Sequence[str]]


def choose_header(rows: Rows, *, merged: Sequence[Range] = ()) -> Layout:
    """The header among the first rows of a sheet, all as long; blank rows are given too.

    The rules of ``find_header`` know merged cells, and no header of several rows without them: of 423 annotated tables
    they find the header rows of 42 %, the choice that texts have 88 %. It has little say on whether there is a header.
    """
    found = find_header(rows, merged=merged)
    if found.survey is not None or is_plain(found) or is_merged(found, merged):
        return found
    choice = choose_layout(rows)
    tops = _tops_without_gap(rows, choice.borders)
    header, first = choice.layout.header, choice.layout.first
    if header is None or _is_title(rows, header, first) or _is_refuted(found):
        return replace(found, tops=tops)
    chosen = _as_sheet(rows, choice.layout, header)
    if is_merged(chosen, merged) or (found.header is None and chosen.depth == 1 and chosen.why is None):
        return found  # a row of words above words is no header that the rules had overlooked
    return replace(found if (header, first) == (found.header, found.first) else chosen, tops=tops)


def _tops_without_gap(rows: Rows, borders: Sequence[int]) -> tuple[int, ...]:
    """Of tables below a blank row ``further_tables`` knows more, and where two share no column one stands beside the
    other, if further down."""
    return tuple(
        border
        for border, end in pairwise((*borders, len(rows)))
        if filled(rows[border - 1]) and _columns(rows[:border]) & _columns(rows[border:end])
    )


def _columns(rows: Rows) -> set[int]:
    """Those that hold anything."""
    return {column for row in rows for column, cell in enumerate(row) if cell.strip()}


def is_plain(layout: Layout) -> bool:
    """Whether one row on top names all columns, each otherwise: nothing is left to decide."""
    names = set(layout.labels)
    return (
        layout.header == 0
        and layout.first == 1
        and layout.why is None
        and len(names) == len(layout.labels)
        and "" not in names
    )


def is_merged(layout: Layout, merged: Sequence[Range]) -> bool:
    """Whether merged cells stand in the header: they show what belongs to it."""
    top, end = layout.header, layout.first
    return top is not None and any(first < end and last >= top for first, _, last, _ in merged)


def _is_title(rows: Rows, header: int, first: int) -> bool:
    """Whether nothing but a single cell would name several columns."""
    return sum(map(filled, rows[header:first])) == 1 and len(_columns(rows)) > 1


def _is_refuted(found: Layout) -> bool:
    """Whether the first row cannot be a header, for its cells come again below."""
    return found.header is None and found.why is not None and found.why.kind is WhyKind.REPEATED


def _as_sheet(rows: Rows, chosen: TextLayout, header: int) -> Layout:
    width = max(map(len, rows))
    heading = [[cell.strip() for cell in row] for row in rows[header : chosen.first]]
    own = {position for row in heading for position, cell in enumerate(row) if cell}
    labels = (*chosen.labels[:width], *[""] * (width - len(chosen.labels)))
    depth = chosen.first - header
    return Layout(
        header=header,
        depth=depth,
        first=chosen.first,
        preamble=tuple(index for index in range(header) if filled(rows[index])),
        labels=labels,
        spread=frozenset(range(width)) - own,
        why=chosen.why,
        survey=chosen.survey,
        names=joined_names(heading, labels) if depth > 1 and chosen.survey is None else {},
    )
