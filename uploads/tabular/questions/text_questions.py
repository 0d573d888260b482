"""What is asked about the layout of a text, each with the options that would have it otherwise."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from uploads.tabular.errors import BadOption
from uploads.tabular.layout.row_numbers import Span, joined_spans, parse_table_rows, written_row_numbers
from uploads.tabular.layout.rows.named_values import are_named_values
from uploads.tabular.layout.said_rows import find_text_layout
from uploads.tabular.layout.sheet_header import filled
from uploads.tabular.layout.text_choice import TextChoice
from uploads.tabular.layout.text_header import TextLayout
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.questions.alike_rows import AlikeRows, rows_alike
from uploads.tabular.questions.runner_up import Placed, Places, on_runners_up
from uploads.tabular.table import ReadOptions

type Rows = Sequence[Sequence[str]]
type Said = Mapping[str, Any]

_SHOWN_TEXT = 60
"""Characters of a line that a question shows."""
_SHOWN_TEXTS = 3
_PLACES = 10
_SPANS = 5
"""Runs of lines that a question names."""
_PARTING_NEAR = 4.0
"""Bits more than borders must save."""
_PARTING_FAR = 9.0
"""Bits less. A border that costs more than it saves is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The first records of a text, and what was chosen for them told nothing."""

    rows: Rows
    lines: Sequence[int]
    """The line in which each begins."""
    elsewhere: Rows
    chosen: TextChoice
    last_line: int
    """Of the text."""

    @property
    def is_whole(self) -> bool:
        """Whether it is the beginning of its file: rows of headers are counted from there."""
        return not self.lines or self.lines[0] == 1

    def layout_with(self, said: Said, options: ReadOptions) -> TextLayout | None:
        """The layout where a person says so; ``None``: it cannot be said."""
        try:
            chosen, _ = find_text_layout(
                self.rows, self.lines, options=replace(options, **said), elsewhere=self.elsewhere
            )
        except BadOption:
            return None
        return chosen.layout

    def placed(self, layout: TextLayout | None) -> Placed | None:
        """Rows between a header and the first that was said are left out, and no part of the header."""
        return Placed.of(self.rows, layout) if layout is not None else None


def text_questions(head: Head, *, options: ReadOptions) -> tuple[Note, ...]:
    """For the receipt. To be asked only where nobody has said where header or rows are."""
    return (*_on_runner_up(head, options), *_on_parting(head, options), *_on_rows_above(head, options))


def _on_runner_up(head: Head, options: ReadOptions) -> Iterator[Note]:
    """Nothing where several tables were told apart, or where names had to be mended: no cost is known of those."""
    score, layout = head.chosen.score, head.chosen.layout
    is_mended = layout.header is not None and len(head.rows[layout.header]) != layout.width
    if score is None or is_mended or head.chosen.borders or layout.first >= score.count or not head.is_whole:
        return
    places = Places(
        unit="line",
        number_of=lambda row: head.lines[row] if row < len(head.lines) else head.last_line,
        header_number=lambda row: row + 1,
        read_with=lambda said: head.placed(head.layout_with(said, options)),
    )
    own = Placed.of(head.rows, layout)
    yield from on_runners_up(head.rows, score, own, places)


def _on_parting(head: Head, options: ReadOptions) -> Iterator[Note]:
    """Tables that were told apart by little more than it takes, or were not though several cost less than one."""
    parting = head.chosen.parting
    if parting is None or not -_PARTING_FAR <= parting.margin <= _PARTING_NEAR or not head.is_whole:
        return
    is_parted = bool(head.chosen.borders)
    if not is_parted and parting.borders[0] <= head.chosen.layout.first:
        return  # what stands above the table went as notes: that is another question
    begins = [head.lines[border] for border in parting.borders]
    if is_parted and not _are_as_wide(head.rows, parting.borders):
        return  # as rows of the table above they would be rejected
    left_out = f"{begins[0]}-{head.last_line}"
    layout = head.chosen.layout
    ways: list[dict[str, Any]] = [*also_tables_in(begins, options), {"options": _without_rows(left_out, options)}]
    if is_parted:
        header = "none" if layout.header is None else layout.header + 1
        ways = [{"options": {"one_table": True}, "of_one": {"header_row": header}}]
    yield Note.of(
        NoteKind.BORDER_DOUBTED,
        unit="line",
        begins=begins[0],
        last=head.last_line,
        is_parted=is_parted,
        ways=ways,
    )


def _are_as_wide(rows: Rows, borders: Sequence[int]) -> bool:
    """Whether most rows below the first border have as many cells as most above it."""
    above, below = (
        Counter(len(row) for row in part if filled(row) > 1).most_common(1)
        for part in (rows[: borders[0]], rows[borders[0] :])
    )
    return [width for width, _ in above] == [width for width, _ in below]


def without_border_missed(notes: Sequence[Note]) -> tuple[Note, ...]:
    """The notes, but for the question whether rows of the table may be another one."""
    return tuple(note for note in notes if note.kind is not NoteKind.BORDER_DOUBTED or note.figures["is_parted"])


def _on_rows_above(head: Head, options: ReadOptions) -> Iterator[Note]:
    layout = head.chosen.layout
    above = head.rows[: layout.first if layout.header is None else layout.header]
    if named := head.chosen.named_values:
        if any(rows_alike(above)):
            yield _on_named_values(head, named, options)
        return
    for found in rows_alike(above):
        first, last = head.lines[found.top], _last_line(head, found.last)
        below = (head.lines[i] for i in range(found.last + 1, len(head.rows)) if filled(head.rows[i]))
        ways = [{"options": said} for said in [_way_to_rows(found, head, options)] if said is not None]
        ways += next((also_tables_in([line], options) for line in below), [])
        yield Note.of(NoteKind.ROWS_AMONG_NOTES, unit="line", first=first, last=last, is_below=False, ways=ways)


def _on_named_values(head: Head, named: range, options: ReadOptions) -> Note:
    """Names with their values are one block, whatever stands in it."""
    below = [head.lines[i] for i in range(named.stop, len(head.rows)) if filled(head.rows[i])]
    first, last = head.lines[named.start], _last_line(head, named[-1])
    ways = also_tables_in(below[:1], options)
    lines = [(head.lines[i], head.lines[i]) for i in named if filled(head.rows[i])]
    parts = joined_spans(lines)
    # Blank lines stand among them: the receipt must not count these as notes.
    apart = {"count": len(lines), "spans": [list(part) for part in parts[:_SPANS]]} if len(parts) > 1 else {}
    return Note.of(NoteKind.ROWS_AMONG_NOTES, unit="line", first=first, last=last, is_below=False, ways=ways, **apart)


def _last_line(head: Head, record: int) -> int:
    return head.lines[record + 1] - 1 if record + 1 < len(head.lines) else head.last_line


def _way_to_rows(found: AlikeRows, head: Head, options: ReadOptions) -> dict[str, Any] | None:
    """What a person says to have these rows read instead of those below them."""
    said: dict[str, Any]
    if found.header is not None and head.is_whole:
        said = {"header_row": found.header + 1}
    else:
        said = {"header_row": "none", "data_row": head.lines[found.top]}
    wanted = Placed(header=found.header if head.is_whole else None, first=found.first)
    wanted = wanted if wanted.header == found.header else replace(wanted, first=found.top)
    width = max(len(head.rows[row]) for row in range(found.first, found.last + 1))
    below = f"{_last_line(head, found.last) + 1}-{head.last_line}"
    for way in (said, {**said, **_without_rows(below, options)}):
        layout = head.layout_with(way, options)
        if layout is not None and layout.width == width and head.placed(layout) == wanted:
            return way
    return None


def also_tables_in(rows: Sequence[int], options: ReadOptions) -> list[dict[str, Any]]:
    """The way out that other tables begin in these rows too; none where the others are not loaded."""
    if not options.other_tables:
        return []
    said = parse_table_rows(options.table_rows)
    return [{"options": {"table_rows": ", ".join(map(str, sorted({*said, *rows})))}}]


def _without_rows(numbers: str, options: ReadOptions) -> dict[str, Any]:
    """These rows are left out too."""
    return {"skip_rows": ", ".join(filter(None, [options.skip_rows, numbers]))}


def rows_below_note(
    notes: Sequence[tuple[int, Sequence[str]]], *, is_counted: bool, options: ReadOptions
) -> Iterator[Note]:
    """For notes below a table, line and cells, that may be another one.

    ``is_counted``: the number of a line is that of its record, as headers are counted.
    """
    rows: list[Sequence[str]] = []
    lines: list[int] = []
    for line, cells in notes:
        if lines and line > lines[-1] + 1:  # what stands between them parts them
            rows.append(())
            lines.append(line - 1)
        rows.append(cells)
        lines.append(line)
    if are_named_values(rows) and any(rows_alike(rows)):
        ways = also_tables_in(lines[:1], options)
        yield Note.of(NoteKind.ROWS_AMONG_NOTES, unit="line", first=lines[0], last=lines[-1], is_below=True, ways=ways)
        return
    for found in rows_alike(rows):
        first, last = lines[found.top], lines[found.last]
        is_named = found.header is not None and is_counted
        said: dict[str, Any] = {"header_row": first} if is_named else {"header_row": "none", "data_row": first}
        ways = [{"options": said}, *also_tables_in([first], options)]
        yield Note.of(NoteKind.ROWS_AMONG_NOTES, unit="line", first=first, last=last, is_below=True, ways=ways)


def lines_of_one_cell_note(lines: Sequence[tuple[int, str]], *, options: ReadOptions) -> Iterator[Note]:
    """For lines of a single cell among rows, with their texts: names of groups, as reports print them."""
    texts = [text if len(text) <= _SHOWN_TEXT else f"{text[: _SHOWN_TEXT - 1]}…" for _, text in lines[:_SHOWN_TEXTS]]
    places = [line for line, _ in lines]
    numbers = written_row_numbers(joined_spans([(line, line) for line in places]))
    yield Note.of(
        NoteKind.LINES_OF_ONE_CELL,
        unit="line",
        count=len(lines),
        places=places[:_PLACES],
        texts=texts,
        ways=[{"options": _without_rows(numbers, options)}, {"options": {"uneven_rows": "fill"}}],
    )


def rows_of_other_width_note(runs: Sequence[Span], *, lines: Span, options: ReadOptions) -> Iterator[Note]:
    """For runs of lines that were rejected, those of each of one width that is not the table's: other tables, perhaps.

    ``lines``: below the first of them another table can begin, down to the last one.
    """
    if not runs:
        return
    first, last = lines
    borders = {line for begin, end in runs for line in (begin, end + 1) if first < line <= last}
    left_out = written_row_numbers(joined_spans(list(runs)))
    yield Note.of(
        NoteKind.ROWS_OF_OTHER_WIDTH,
        unit="line",
        count=sum(end - begin + 1 for begin, end in runs),
        spans=[list(run) for run in runs[:_SHOWN_TEXTS]],
        runs=len(runs),
        ways=[*also_tables_in(sorted(borders), options), {"options": _without_rows(left_out, options)}],
    )
