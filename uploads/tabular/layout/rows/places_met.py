"""Where rows stand that are not loaded, as a few spans of numbers: what a receipt can say of any number of them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from uploads.tabular.layout.row_numbers import Span, joined_spans
from uploads.tabular.notes import Note, NoteKind

_MOST = 1_000
"""Spans that are kept; a receipt shows the first few."""
_SHOWN = 5
_SAYS_NO_ROWS = (NoteKind.PROGRAM_FORM, NoteKind.WEB_LOG, NoteKind.SYSSTAT, NoteKind.VERTICAL_RECORDS)
"""Notes on forms that have lines which are no rows, and count as blank."""


class PlacesMet:
    """Numbers of rows in the order in which they were met."""

    def __init__(self) -> None:
        self._spans: list[Span] = []

    def add(self, numbers: np.ndarray | Sequence[int]) -> None:
        """Take some more, in order."""
        if len(self._spans) < _MOST:
            self._spans = list(joined_spans([*self._spans, *spans_of(numbers)]))[:_MOST]

    def outside(self, others: Iterable[Span]) -> list[Span]:
        """The spans without what stands in some others."""
        spans = self._spans
        for first, last in others:
            spans = [part for span in spans for part in _without(span, first, last)]
        return spans


def spans_of(numbers: np.ndarray | Sequence[int]) -> list[Span]:
    """Numbers in order as spans: those that follow each other are one."""
    rows = np.asarray(numbers, dtype=np.int64)
    if not len(rows):
        return []
    ends = np.flatnonzero(np.diff(rows) > 1)
    firsts, lasts = rows[np.concatenate([[0], ends + 1])], rows[np.concatenate([ends, [len(rows) - 1]])]
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))


def common_spans(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """What stands in both, each in order."""
    found, at = list[Span](), 0
    for first, last in others:
        while at < len(some) and some[at][1] < first:
            at += 1
        met = at
        while met < len(some) and some[met][0] <= last:
            found.append((max(first, some[met][0]), min(last, some[met][1])))
            met += 1
    return found


def blank_note(
    unit: str,
    spans: Sequence[Span],
    count: int,
    *,
    told: Sequence[Note] = (),
    drawn: Sequence[Span] = (),
    spaced: Sequence[Span] = (),
) -> list[Note]:
    """So many blank rows, and where the first of them stand; ``told``: notes on how the text is written, by which
    comments, or lines that are no rows, may be among them. Those that are ``drawn`` as rules, and those that are
    ``spaced``, are told apart from the others."""
    if not count:
        return []
    has_comments = any(note.kind is NoteKind.COMMENT_LINES for note in told)
    note = Note.of(NoteKind.BLANK_ROWS, unit=unit, count=count, spans=_shown(spans), has_comments=has_comments)
    if any(note.kind in _SAYS_NO_ROWS for note in told):
        note = replace(note, figures={**note.figures, "has_others": True})
    for name, counted, some in (("rule", "rules", drawn), ("spaced", "spaced", spaced)):
        rows = min(sum(last - first + 1 for first, last in some), count)
        if not rows:
            continue
        for first, last in some:
            spans = [part for span in spans for part in _without(span, first, last)]
        figures = {"spans": _shown(spans), counted: rows, f"{name}_spans": _shown(some)}
        note = replace(note, figures={**note.figures, **figures})
    return [note]


def _shown(spans: Sequence[Span]) -> list[list[int]]:
    return [list(span) for span in spans[:_SHOWN]]


def _without(span: Span, first: int, last: int) -> list[Span]:
    parts = [(span[0], min(span[1], first - 1)), (max(span[0], last + 1), span[1])]
    return [part for part in parts if part[0] <= part[1]]
