"""How a text writes its cells: delimiter, quote, escape and spaces, decided by what makes the sample regular."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from uploads.tabular.dialect.dialect import NO_DELIMITER, NO_QUOTE, CsvDialect
from uploads.tabular.dialect.quoting import (
    are_quotes_text,
    count_doubled,
    has_escapes,
    has_spaces,
    quote_around_all,
    quotes_of,
)
from uploads.tabular.dialect.scores import WEAK, Fit, fit_of, fit_of_run
from uploads.tabular.notes import Note, NoteKind

_CANDIDATES = (";", ",", "\t", "|", ":", "^", "~", "\x1f", "\x01", " ", "+", "#", "&", "*", "!")
_LINE = re.compile("[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_SAMPLE = 64 * 1024
"""Characters of the head that are looked at: a thousand rows of a usual table."""
_TIE = 0.97
"""A preferred delimiter wins when its score is at least this share of the best."""
_ALL_ALIKE = 3
"""Rows that are hardly all of one width by chance."""
_NEAR = 0.25
"""What the score of a delimiter that fits all rows is at least, of the score of one that fits most."""
_CLOSE = 0.85
"""A delimiter that comes so close to the best is named on the receipt."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DialectChoice:
    """A dialect, and what spoke for it."""

    dialect: CsvDialect
    fit: Fit
    runner_up: str | None = None
    """Another delimiter that fits nearly as well."""
    doubled: bool = False
    """Quotes inside quoted cells are doubled, as seen."""

    @property
    def evidence(self) -> Note:
        """What spoke for the delimiter, and which one came close."""
        return Note.of(
            NoteKind.DELIMITER,
            delimiter=self.dialect.delimiter,
            alike=self.fit.alike,
            rows=self.fit.rows,
            width=self.fit.width,
            runner_up=self.runner_up,
        )


def choose_dialect(
    head: str,
    *,
    samples: Sequence[str] = (),
    first: str = ";",
    given: str | None = None,
    named: str | None = None,
    quote: str | None = None,
) -> DialectChoice:
    """Choose the dialect under which the text's records are most alike and their cells most familiar.

    ``head`` is whole lines from the top of the text; ``first`` wins a tie. ``samples`` are lines from all over the
    rest: quotes and escapes count wherever they stand, delimiters there only if the head is no table in any dialect
    (thousands of lines of prose above a table). ``named`` is the delimiter that the file's name speaks of (``.tsv``):
    it is the one if it makes all rows alike. ``quote`` is what a person gave: a character, or ``none``.
    """
    sample = _whole_lines(head)
    everywhere = "".join((head, *(piece if piece.endswith(("\r", "\n")) else piece + "\n" for piece in samples)))
    struck = quote_around_all(everywhere) if quote is None else None
    order = [given] if given else [mark for mark in dict.fromkeys((first, *_CANDIDATES)) if mark != struck]
    ranked = _ranked(sample, everywhere, order=order, quote=quote)
    end = _whole_end(head)
    if given == " " and not (ranked and ranked[0][1].score):
        lines = _LINE.findall(sample)
        fits = [(dialect, fit_of(lines, dialect)) for dialect in _dialects(everywhere, given, quote)]
        ranked = [max(fits, key=lambda item: item[1].alike)]
    if given is None and (samples or end) and not (ranked and ranked[0][1].regular):
        places = [piece for piece in (sample, end, *samples) if piece]
        ranked = _ranked_together(places, everywhere, order=order, quote=quote)
    if given is None and not (ranked and ranked[0][1].plausible):
        ranked = _ranked_runs(end or sample, everywhere, order=order, quote=quote)
    if not ranked:
        mark = '"' if quote is None else None if quote == NO_QUOTE else quote
        lone = CsvDialect(delimiter=given or NO_DELIMITER, quote=mark, escape=has_escapes(everywhere, mark))
        ranked = [(lone, Fit())]
    ranked.sort(key=lambda item: not _is_named(item, named))
    dialect, fit = ranked[0]
    if quote is None and dialect.quote == '"' and are_quotes_text(everywhere, dialect.delimiter):
        dialect = replace(dialect, quote=None, escape=False)
    others = [other.delimiter for other, rival in ranked[1:] if _comes_close((other, rival), fit, dialect.quote)]
    return DialectChoice(
        dialect=replace(dialect, spaced=dialect.aligned or has_spaces(sample, dialect)),
        fit=fit,
        runner_up=next((other for other in others if other != dialect.delimiter), None),
        doubled=dialect.quote is not None and not dialect.escape and count_doubled(everywhere, dialect.quote) > 0,
    )


def _whole_lines(text: str) -> str:
    if len(text) <= _SAMPLE:
        return text
    return text[: max(text.rfind("\n", 0, _SAMPLE), text.rfind("\r", 0, _SAMPLE - 1)) + 1 or _SAMPLE]


def _whole_end(head: str) -> str:
    """Whole lines at the end of a head that is longer than the sample."""
    if len(head) <= _SAMPLE:
        return ""
    end = head[max(_SAMPLE, len(head) - _SAMPLE) :]
    return end[max(end.find("\n"), end.find("\r")) + 1 :]


def _ranked(sample: str, everywhere: str, *, order: Sequence[str], quote: str | None) -> list[tuple[CsvDialect, Fit]]:
    """Dialects that read the sample, the best first; on a tie the one that comes first in ``order``."""
    lines = _LINE.findall(sample)
    found = []
    for delimiter in order:
        if delimiter in sample:
            fits = [(dialect, fit_of(lines, dialect)) for dialect in _dialects(everywhere, delimiter, quote)]
            found += _needed(fits)
    return _in_order(found)


def _needed(fits: Sequence[tuple[CsvDialect, Fit]]) -> list[tuple[CsvDialect, Fit]]:
    """Leave out what makes no more rows alike than the usual dialect: a cell can hold ``'a'`` as it is."""
    if aligned := [item for item in fits if item[0].aligned and item[1].score]:
        # A run of spaces is one delimiter then, and holds no cells.
        return aligned
    usual, *others = (item for item in fits if not item[0].aligned)
    return [usual, *(item for item in others if item[1].rows - item[1].alike < usual[1].rows - usual[1].alike)]


def _ranked_together(
    samples: Sequence[str], everywhere: str, *, order: Sequence[str], quote: str | None
) -> list[tuple[CsvDialect, Fit]]:
    """Dialects by how they read all the places of a text taken together."""
    found = []
    pieces = [_LINE.findall(sample) for sample in samples]
    for delimiter in order:
        if delimiter not in everywhere:
            continue
        dialects = _dialects(everywhere, delimiter, quote)
        found += _needed([(one, _sum_of([fit_of(lines, one) for lines in pieces])) for one in dialects])
    return _in_order(found)


def _ranked_runs(
    sample: str, everywhere: str, *, order: Sequence[str], quote: str | None
) -> list[tuple[CsvDialect, Fit]]:
    """Dialects in which the sample ends in a table, though most of it is notes."""
    lines = _LINE.findall(sample)
    found = [
        (dialect, fit)
        for delimiter in order
        if delimiter not in WEAK and delimiter in sample
        for dialect in _dialects(everywhere, delimiter, quote)[:1]
        if (fit := fit_of_run(lines, dialect)).score
    ]
    return _in_order(found)


def _sum_of(fits: Sequence[Fit]) -> Fit:
    """How a dialect reads several samples; the most frequent width is that of the best of them."""
    rows = sum(fit.rows for fit in fits)
    width = max(fits, key=lambda fit: fit.score).width
    return Fit(
        score=sum(fit.score * fit.rows for fit in fits) / max(rows, 1),
        rows=rows,
        width=width,
        alike=sum(fit.alike for fit in fits if fit.width == width),
        counted=sum(fit.counted for fit in fits),
        steady=sum(fit.steady for fit in fits),
    )


def _in_order(found: list[tuple[CsvDialect, Fit]]) -> list[tuple[CsvDialect, Fit]]:
    found = [item for item in found if item[1].plausible] or found
    if not found:
        return []
    best = found[0]
    for candidate in found[1:]:
        if candidate[1].score * _TIE > best[1].score:
            best = candidate
    if best[1].alike < best[1].rows:
        best = next((item for item in found if _fits_all(item, best[1])), best)
    return [best, *sorted((item for item in found if item is not best), key=lambda item: -item[1].score)]


def _is_named(item: tuple[CsvDialect, Fit], named: str | None) -> bool:
    """Whether this is the delimiter that the name of the file speaks of, and all rows are alike in it."""
    dialect, fit = item
    return dialect.delimiter == named and fit.plausible and fit.rows > 1 and fit.alike == fit.rows and fit.width > 1


def _comes_close(item: tuple[CsvDialect, Fit], best: Fit, quote: str | None) -> bool:
    """Whether a delimiter is to be named beside the best: nearly as familiar, or all rows are alike in it too."""
    other, rival = item
    if other.delimiter == quote:
        return False
    return rival.plausible and (rival.score >= _CLOSE * best.score or _fits_all(item, best))


def _fits_all(item: tuple[CsvDialect, Fit], best: Fit) -> bool:
    """Whether a usual delimiter makes all rows alike, the header too, where the best does not: ``name;1,250,000``."""
    dialect, fit = item
    all_alike = fit.rows >= _ALL_ALIKE and fit.alike == fit.rows and fit.width > 1
    return all_alike and dialect.delimiter not in WEAK and fit.score >= _NEAR * best.score


def _dialects(text: str, delimiter: str, given: str | None) -> list[CsvDialect]:
    quotes = quotes_of(text, delimiter) if given is None else [None if given == NO_QUOTE else given]
    found = [CsvDialect(delimiter=delimiter, quote=quote, escape=has_escapes(text, quote)) for quote in quotes]
    return [*found, *(replace(dialect, spaced=True) for dialect in found if delimiter == " " and "  " in text)]
