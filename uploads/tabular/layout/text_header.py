"""Where the table stands in a text: its width, its header, and the title and note lines above it."""

import csv
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from uploads.tabular.errors import BadOption
from uploads.tabular.layout.grouped_header import are_periods_above, corner_row, group_row, joined_labels, joined_names
from uploads.tabular.layout.header_depth import VALUE, header_depth, holds_values
from uploads.tabular.layout.header_evidence import Verdict, count_votes, judge_header
from uploads.tabular.layout.label_fit import are_row_names, fitted_labels, notes_on_width
from uploads.tabular.layout.rows.ragged_rows import first_row_above, judge_ragged, recurring
from uploads.tabular.layout.sheet_header import are_pairs, filled
from uploads.tabular.layout.surveys.survey_header import SurveyHeader, described_header, find_survey, survey_header
from uploads.tabular.layout.totals import is_total_word
from uploads.tabular.notes import Note, NoteKind, Why, WhyKind

Row = Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class TextLayout:
    """Decided layout; indexes count from 0 in the records that were given."""

    width: int
    """Cells of a record, with the empty ones beyond the last label."""
    labels: tuple[str, ...]
    header: int | None
    first: int
    """First record below the header."""
    preamble: int = 0
    """Non-blank records above the header."""
    notes: tuple[Note, ...] = ()
    why: Why | None = None
    """Why there is no header, or what speaks against the one that was found, if anything does."""
    survey: SurveyHeader | None = None
    """The header as a survey's tool wrote it, with what describes the columns."""


def find_layout(
    rows: Sequence[Row], *, given: int | Literal["none"] | None = None, elsewhere: Sequence[Row] = ()
) -> TextLayout:
    """Find the header in the first records of a text, blank ones among them; ``given`` is a person's choice.

    ``elsewhere``: some records from further down; a column that is filled only there is none to be left out.
    """
    if given is not None:
        return _given_layout(rows, given, elsewhere)
    width = _common_width([*rows, *elsewhere])
    survey = find_survey(rows)
    if survey is not None:
        return _headed(rows, survey, width, elsewhere)
    start = _first_table_row(rows, width)
    above_all = _table_above(rows[:start], width)
    if above_all is not None:
        start, width = above_all
    if start + 1 < len(rows) and corner_row(rows, [start + 1]) == start:
        start += 1
    body = [row for row in rows[start + 1 :] if filled(row) and len(row) == width]
    is_ragged = not body and any(map(filled, rows[start + 1 :]))
    verdict = judge_ragged(rows, start) if is_ragged else _judge(rows[start], body, width)
    above = next((i for i in range(start - 1, -1, -1) if filled(rows[i])), None)
    if above is not None:
        labels = _uneven_header(rows[above], width, body=[rows[start], *body])
        if labels and (why := recurring(labels, rows[above + 1 :])):
            labels, is_ragged = None, True
            verdict = Verdict(is_header=False, why=why) if _is_in_doubt(verdict) else verdict
        # A sentence can be cut into names too: where the row below it is a header, it is a title.
        is_sentence = filled(rows[above]) == 1 and width > 2
        if labels and not (verdict.is_header and (is_sentence or _has_values(body, width))):
            return _headed(rows, above, width, elsewhere, mended=labels)
    if verdict.is_header:
        top = _top_of_groups(rows, start, width)
        if top is not None:
            return _headed(rows, top, width, elsewhere, depth=1 + max(1, start - top))
        return _headed(rows, start, width, elsewhere, why=verdict.why)
    return _without_names(rows, start, width, verdict.why, is_ragged=is_ragged)


def _top_of_groups(rows: Sequence[Row], start: int, width: int) -> int | None:
    """The first row of the header in row ``start``, where it has names of groups: right above it, above these the name
    of its corner, or as its first row."""
    top = start - 1 if group_row(rows, start, width) is not None else start
    corner = corner_row(rows, range(top, start + 1))
    if corner is not None:
        return corner
    is_first = start + 1 < len(rows) and are_periods_above(rows[start], rows[start + 1])
    return top if top < start or is_first else None


def _is_in_doubt(verdict: Verdict) -> bool:
    """Whether a header is one of words above words."""
    return verdict.is_header and verdict.why is not None and verdict.why.kind is WhyKind.ONLY_WORDS


def _without_names(rows: Sequence[Row], start: int, width: int, why: Why | None, *, is_ragged: bool) -> TextLayout:
    """The layout of rows that begin in record ``start``, or above it where rows of another length stand there."""
    is_list = is_ragged and why is not None and why.kind is WhyKind.REPEATED
    first = first_row_above(rows, start, is_list=is_list)
    preamble = sum(1 for row in rows[:first] if filled(row))
    return _without_header(first, width, preamble, why if first == start else judge_ragged(rows, first).why or why)


def _without_header(first: int, width: int, preamble: int, why: Why | None) -> TextLayout:
    notes = _preamble_note(preamble)
    return TextLayout(
        width=width, labels=("",) * width, header=None, first=first, preamble=preamble, notes=notes, why=why
    )


def _table_above(rows: Sequence[Row], width: int) -> tuple[int, int] | None:
    """A smaller table above the one that most records belong to: its first row and its width.

    Three cells or more tell it from notes of a name and a value (``Station;18700``).
    """
    start = 0
    for cells, group in itertools.groupby(rows, key=lambda row: len(row) if filled(row) else 0):
        run = [[cell.strip() for cell in row] for row in group]
        header, body = run[0], run[1:]
        is_named = cells not in (0, 1, 2, width) and len(body) >= 2 and len(set(header)) == cells and all(header)
        if is_named and judge_header(header, body).is_header and count_votes(header, body) > 0:
            return start, cells
        start += len(run)
    return None


def _headed(
    rows: Sequence[Row],
    start: int,
    width: int,
    elsewhere: Sequence[Row],
    *,
    mended: Row | None = None,
    depth: int = 1,
    why: Why | None = None,
) -> TextLayout:
    """The layout of a table whose header begins in record ``start`` and takes ``depth`` rows or more."""
    depth = header_depth(rows, start, width, depth=depth)
    first = start + depth
    return _laid_out(rows, start, first, width, elsewhere, mended=mended, why=why)


def lay_out_text(
    rows: Sequence[Row],
    header: int | None,
    first: int,
    elsewhere: Sequence[Row],
    *,
    why: Why | None = None,
    preamble: int = 0,
) -> TextLayout:
    """The layout with a header from record ``header`` to the rows that begin with ``first``, or with none."""
    width = _common_width([*rows[first:], *elsewhere])
    if header is not None:
        return _laid_out(rows, header, first, width, elsewhere, why=why)
    return _without_header(first, width, preamble, why)


def _laid_out(
    rows: Sequence[Row],
    start: int,
    first: int,
    width: int,
    elsewhere: Sequence[Row],
    *,
    mended: Row | None = None,
    why: Why | None = None,
) -> TextLayout:
    depth = sum(1 for row in rows[start:first] if filled(row))
    body = [row for row in rows[first:] if filled(row) and len(row) == width]
    preamble = sum(1 for row in rows[:start] if filled(row))
    survey = survey_header(rows, start) or described_header(rows, start, first - start)
    if survey is not None and survey.depth != first - start:
        survey = None
    heading = [survey.labels] if survey else [mended or rows[start], *rows[start + 1 : first]]
    names = joined_labels(heading)
    labels, fitted = fitted_labels(names, width, body)
    width, labels, trimmed = _trimmed(width, labels, [*body, *(row for row in elsewhere if len(row) == width)])
    blank = first - start - depth
    joined = (Note.of(NoteKind.HEADER_DEPTH, depth=depth, blank=blank, **joined_names(heading, names)),)
    return TextLayout(
        width=width,
        labels=labels,
        header=start,
        first=first,
        preamble=preamble,
        notes=(
            *_preamble_note(preamble),
            *(joined if depth > 1 and not survey else ()),
            *notes_on_width(fitted, trimmed, body, width=width),
        ),
        why=None if depth > 1 else why,
        survey=survey,
    )


_RUN = 3
_PAIR = 2
"""Cells of one name and its value."""
_MOST_TITLES = 3


def _uneven_header(row: Row, width: int, *, body: Sequence[Row]) -> list[str] | None:
    """The names in a row that is not as wide as the table below it: a separator too many, a stray quote, another
    delimiter, a ``#`` in front of the names. ``None`` if it is no header but a title or a note."""
    cells = [cell.strip() for cell in row]
    if cells[0] == "#":
        names = cells[1:]
        return names if len(names) == width > 1 and _are_names(names) else None
    if filled(row) == 1 and width > 2:
        line = " ".join(next(cell for cell in row if cell.strip()).splitlines())
        split = ([c.strip() for c in next(csv.reader([line], delimiter=d), [])] for d in ",;\t|: ")
        cells = next((names for names in split if abs(len(names) - width) <= 1 and filled(names) == len(names)), cells)
    names = [cell for cell in cells if cell]
    if not _are_names(names):
        return cells if _is_above_row_names(cells, width, body) else None
    near = abs(len(names) - width) <= 1 and (width > 2 or len(cells) > len(names) or len(names) == width - 1)
    return cells if (near and len(names) > 1) or (len(cells) > width > 1) else None


def _is_above_row_names(cells: Row, width: int, body: Sequence[Row]) -> bool:
    """How R writes a matrix whose columns are named alike: one name short, above rows that begin with their names."""
    rows = [row for row in body if len(row) == width]
    one_short = len(cells) == width - 1 > 1 and all(cells) and not any(map(VALUE.fullmatch, cells))
    is_one_word = len(set(cells)) == 1 and not any(row[0].strip() == cells[0] for row in rows)
    return one_short and is_one_word and are_row_names(rows)


def _are_names(names: Sequence[str]) -> bool:
    return all(names) and len(set(names)) == len(names) and not any(map(VALUE.fullmatch, names))


def _has_values(body: Sequence[Row], width: int) -> bool:
    """Whether a column holds numbers, dates or times: only then is a row of words above it a header for certain."""
    return any(holds_values([row[i].strip() for row in body]) for i in range(width))


def _given_layout(rows: Sequence[Row], given: int | Literal["none"], elsewhere: Sequence[Row]) -> TextLayout:
    if given == "none":
        start = next((i for i, row in enumerate(rows) if filled(row)), 0)
        width = _common_width(rows[start:])
        refused = (Note.of(NoteKind.HEADER_REFUSED),)
        return TextLayout(width=width, labels=("",) * width, header=None, first=start, notes=refused)
    index = given - 1
    if not 0 <= index < len(rows) or not filled(rows[index]):
        raise BadOption(
            f"Row {given:,} was chosen as the header, but it is blank or not among the first {len(rows):,}.",
            hint="Give the number of the row with the column names, or leave it blank to detect it automatically.",
        )
    preamble = sum(1 for row in rows[:index] if filled(row))
    body = [row for row in rows[index + 1 :] if filled(row)]
    width = _common_width(body) if body else len(rows[index])
    labels, more = fitted_labels(rows[index], width, [row for row in body if len(row) == width])
    width, labels, notes = _trimmed(max(width, len(labels)), labels, [*body, *elsewhere])
    return TextLayout(
        width=width,
        labels=labels,
        header=index,
        first=index + 1,
        preamble=preamble,
        notes=notes_on_width(more, notes, [row for row in body if len(row) == width], width=width),
    )


def _common_width(rows: Sequence[Row]) -> int:
    """The number of cells that most records have; the wider one on a tie, for titles are narrow.

    Records of one cell are notes, however many, where three in a row agree on more cells. Where they are most of
    all, some of the notes hold delimiters too: only records that agree with their neighbours count.
    """
    widths = Counter(len(row) for row in rows if filled(row))
    if not widths:
        return max((len(row) for row in rows), default=1)
    runs = [(cells, count) for cells, count in _runs(rows) if cells > 1 and count >= _RUN]
    if widths[1] and runs:
        mostly_notes = 2 * widths.pop(1) > len(rows)
        for cells, count in runs if mostly_notes else ():
            widths[cells] += len(rows) * count
    return max(widths.items(), key=lambda item: (item[1], item[0]))[0]


def _runs(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Width and number of the filled records of one width that stand together."""
    for cells, run in itertools.groupby(rows, key=len):
        yield cells, sum(1 for row in run if filled(row))


def _first_table_row(rows: Sequence[Row], width: int) -> int:
    """The first record that can be the header: as wide as the table and filled, as titles and notes aren't.

    Where none fills so many cells, all may leave the last columns blank: then it is the row of names below a title.
    """
    for index, row in enumerate(rows):
        if filled(row) and _belongs(row, width) and not _is_above_another(rows[index:]):
            return index
    first = next(index for index, row in enumerate(rows) if filled(row))
    names = next((index for index, row in enumerate(rows) if filled(row) > 1), first)
    cells = [cell.strip() for cell in rows[names] if cell.strip()]
    used = max(at for row in rows for at, cell in enumerate(row, 1) if cell.strip())
    is_titled = sum(map(filled, rows[:names])) <= _MOST_TITLES
    is_header = is_titled and 2 * len(cells) > used and _are_names(cells) and not is_total_word(cells[0])
    return names if is_header else first


def _is_above_another(rows: Sequence[Row]) -> bool:
    """Whether the first record says something of the table below it: pairs such as ``Town:;Rome;No.:;7``, or ``#`` is
    the first cell of the first two records, and not of the last."""
    if filled(rows[0]) > _PAIR and are_pairs(rows[0]):
        return any(filled(row) and not are_pairs(row) for row in rows[1:])
    marked = [row[0].strip() == "#" for row in rows if filled(row)]
    return marked[:2] == [True, True] and not marked[-1]


def _belongs(row: Row, width: int) -> bool:
    """Whether a record can be the table's header or first row."""
    if len(row) != width:
        return False
    return filled(row) * 2 >= width or (filled(row) >= 2 and width < 5)


def _judge(row: Row, body: Sequence[Row], width: int) -> Verdict:
    padded = [*row[:width], *[""] * (width - len(row))]
    if not body:
        values = [c for c in row if any(map(str.isdigit, c)) and not any(map(str.isalpha, c))]
        why = Why.of(WhyKind.VALUE, cell=values[0].strip()) if values else None
        return Verdict(is_header=not values, why=why)
    candidate = [cell.strip() for cell in padded]
    others = [
        stripped for stripped in ([cell.strip() for cell in line] for line in body[:200]) if stripped != candidate
    ]
    return judge_header(candidate, others)


def _trimmed(width: int, labels: tuple[str, ...], body: Sequence[Row]) -> tuple[int, tuple[str, ...], tuple[Note, ...]]:
    """Leave out columns at the end that have neither a name nor a value (``a;b;;``)."""
    width = max(width, len(labels))
    keep = len(labels)
    while keep > 1 and not labels[keep - 1] and not any(len(row) >= keep and row[keep - 1].strip() for row in body):
        keep -= 1
    if keep == len(labels):
        return width, labels, ()
    return width, labels[:keep], (Note.of(NoteKind.TRAILING_COLUMNS, count=len(labels) - keep),)


def _preamble_note(preamble: int) -> tuple[Note, ...]:
    return (Note.of(NoteKind.PREAMBLE, count=preamble),) if preamble else ()
