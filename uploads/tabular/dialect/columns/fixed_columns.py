"""Columns of fixed width that no line of dashes shows: reports of ERPs and mainframes, standings, printed lists.

Where all rows have spaces a column ends, if the header has one there too. The standard is ``read_fwf`` of pandas, which
takes every place that is blank in its first 100 lines for a border, titles and words included.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from uploads.tabular.dialect.columns.blank_places import blank_places, parts_figures
from uploads.tabular.dialect.columns.cut_lines import CutLines
from uploads.tabular.dialect.columns.left_aligned import gaps_below_names
from uploads.tabular.dialect.columns.lines_apart import VALUE, is_centred, is_lone, may_be_header
from uploads.tabular.dialect.line_form import USUAL, LineForm
from uploads.tabular.dialect.places import MARK, Measure, characters, first_lines, is_no_row, wide_places
from uploads.tabular.notes import Note, NoteKind

_DRAWN = re.compile(r"\s*+(?:([-=_─━═*])\1{2,}+\s*+)+")
_SEVERAL_VALUES = re.compile(r"[-+]?\d[\d.,:/-]*(?: +[-+]?\d[\d.,:/-]*)+")
_ONE_VALUE = re.compile(r"[-+]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?|\d[\d./-]+ \d{1,2}:\d{2}(?::\d{2})?")
_MARKS_IN_NUMBERS = re.compile(r"(?<=\d)[,;|](?=\d)")
_WORDS_APART = re.compile(" {2,}")
_APART = re.compile(r"[^ ]+(?: [^ ]+)*")
"""Words with single spaces between them."""
_LOOKED_AT = 400
"""Lines from the top."""
_LONGEST = 2_000
"""Letters of a line that is printed in columns."""
_NUMBER = re.compile(r"\d+")
_TITLES = 4
"""Lines that can stand right above the first row, its header among them."""
_LEAST_ROWS = 3
_LEAST_NAMELESS = 5
"""Rows without a header."""
_LEAST_COLUMNS = 3
_CONFORMING = 0.98
"""Share of the rows of one paragraph that have a space at the same place."""
_CONFORMING_PAGES = 0.9
"""The same of all lines, titles of pages among them."""
_ROWS = 0.5
"""Share of all filled lines that are rows: titles and notes stand around."""
_FILLED = 0.6
"""Share of the rows that have a value in a column of values."""
_WIDE = 2
"""Spaces that part two columns without a header; words are parted by one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FixedColumns(CutLines):
    """Lines are cut where all rows have spaces; a line that has none there is one cell."""

    gaps: tuple[range, ...]
    """The places between two columns."""
    values: frozenset[int]
    """The columns of numbers and dates, from 0."""
    titles: frozenset[str] = frozenset()
    """What stands above the rows and is never cut, with any number of a page or a day."""
    measure: Measure

    def cells(self, line: str) -> Sequence[str]:
        if _DRAWN.fullmatch(line) or not line.strip():
            return []
        if self.titles and _of_any_page(line) in self.titles:
            return [line.strip()]
        shown = _shown(line, self.measure)
        cells = None if is_no_row(line) else _named_cells(shown, self.gaps)
        if cells is not None and is_lone(shown) and 2 * sum(map(bool, cells)) <= len(cells):
            return [line.strip()]  # the name of a group of rows, or a note
        if cells is not None and (_is_parted(shown, self.gaps) or (self.is_row(cells) and not is_centred(shown))):
            return cells
        return self._placed(shown) if shown.startswith(" ") and not is_no_row(line) else [line.strip()]

    def _placed(self, line: str) -> Sequence[str]:
        """Words that stand apart, each in the column that it stands in most: the name of a sum and its figures.

        A line that begins in the first column, or holds but one, is left as it is: a title, or a row that is too long.
        """
        words = list(_APART.finditer(line))
        if len(words) < 2 or words[0].start() < self.gaps[0].stop:
            return [line.strip()]
        begins, ends = [0, *(gap.stop for gap in self.gaps)], [*(gap.start for gap in self.gaps), len(line)]
        cells = [""] * len(begins)
        for word in words:
            shared = [min(word.end(), end) - max(word.start(), begin) for begin, end in zip(begins, ends, strict=True)]
            at = shared.index(max(shared))
            cells[at] = f"{cells[at]} {word[0]}".strip().replace("\0", "")
        # What the figures are may stand in a column of numbers too.
        name = next(at for at, cell in enumerate(cells) if cell)
        return cells if self.is_row([*[""] * (name + 1), *cells[name + 1 :]]) else [line.strip()]

    def is_row(self, cells: Sequence[str]) -> bool:
        found = [cells[at] for at in self.values if cells[at]]
        return bool(found) and all(map(VALUE.fullmatch, found))


def find_fixed(text: str) -> LineForm | None:
    """The form of a text whose rows have spaces at the same places, around columns of values."""
    if "  " not in text:
        return None
    lines = first_lines(text)[:_LOOKED_AT]
    filled = [line.rstrip() for line in lines if line.strip() and not _DRAWN.fullmatch(line)]
    if len(filled) < _LEAST_ROWS or 2 * sum("  " in line.lstrip() for line in filled) < len(filled):
        return None
    if max(map(len, filled)) > _LONGEST or _is_delimited(filled):
        return None
    drawn = sum(_DRAWN.fullmatch(line) is not None for line in lines)
    for measure in (characters,) if text.isascii() else (characters, wide_places):
        shown = [_shown(line, measure) for line in lines]
        for block in _blocks(shown):
            gaps = _gaps_of(block)
            if gaps is not None and _are_most(shown, gaps):
                note = Note.of(NoteKind.FIXED_COLUMNS, columns=len(gaps) + 1, rules=drawn)
                values = frozenset(_columns_of_values(_rows_of(block.lines, gaps), _FILLED))
                form = FixedColumns(note=note, gaps=gaps, values=values, measure=measure, delimiter=MARK)
                return replace(form, titles=_titles(shown, form))
    return _left_aligned([_shown(line, characters) for line in filled])


def _left_aligned(lines: Sequence[str]) -> LineForm | None:
    gaps = gaps_below_names(lines)
    if gaps is None:
        return None
    note = Note.of(NoteKind.FIXED_COLUMNS, columns=len(gaps) + 1, rules=0)
    return FixedColumns(note=note, gaps=gaps, values=frozenset(), measure=characters, delimiter=MARK)


def _titles(lines: Sequence[str], form: FixedColumns) -> frozenset[str]:
    """The lines above the first row that begin where it does and fill no more than half of its columns."""
    found = set()
    for line in filter(_is_filled, lines):
        cells = _cells_of(line, form.gaps)
        if cells is not None and form.is_row(cells):
            break
        if cells is not None and cells[0] and 2 * sum(map(bool, cells)) <= len(cells):
            found.add(_of_any_page(line))
    return frozenset(found)


def _of_any_page(line: str) -> str:
    return _NUMBER.sub("9", " ".join(line.split()))


def _shown(line: str, measure: Measure) -> str:
    line = line.lstrip("\f").expandtabs()
    return line if line.isascii() else measure(line)


def _is_filled(line: str) -> bool:
    return bool(line.strip()) and not _DRAWN.fullmatch(line) and not is_no_row(line)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Block:
    """Lines that end in rows, and the filled line above them."""

    above: str | None
    lines: Sequence[str]
    conforming: float


def _blocks(lines: Sequence[str]) -> Iterator[_Block]:
    """The longest paragraph; then all lines; then those that hold as many words apart as most, as rows between sums."""
    pairs = zip(lines, ["", *lines], strict=False)  # with the line above
    lines = [line for line, above in pairs if not is_lone(line) or may_be_header(line, above)]
    runs = [list(run) for is_filled, run in groupby(lines, key=_is_filled) if is_filled]
    if not runs:
        return
    longest = max(range(len(runs)), key=lambda at: len(runs[at]))
    above = runs[longest - 1][-1] if longest else None
    yield _Block(above=above, lines=runs[longest], conforming=_CONFORMING)
    filled = [line for run in runs for line in run]
    if len(runs) > 1:
        yield _Block(above=None, lines=filled, conforming=_CONFORMING_PAGES)
    counts = [len(_WORDS_APART.split(line.strip())) for line in filled]
    usual = max(set(counts), key=counts.count)
    alike = [line for line, count in zip(filled, counts, strict=True) if count == usual >= _LEAST_COLUMNS]
    yield _Block(above=None, lines=list(dict.fromkeys(alike)), conforming=_CONFORMING)


def _gaps_of(block: _Block) -> tuple[range, ...] | None:
    """The places between the columns of the rows with which a block ends, below as few titles as may be."""
    for titles in range(min(_TITLES, len(block.lines)) + 1):
        header, rows = (block.lines[titles - 1] if titles else block.above), block.lines[titles:]
        if header is not None and (gaps := _below(header, rows, block.conforming)) is not None:
            return gaps
    return next(filter(None, (_nameless(block.lines[n:], block.conforming) for n in range(_TITLES + 1))), None)


def _below(header: str, rows: Sequence[str], conforming: float) -> tuple[range, ...] | None:
    """The places between columns that a header names; ``None`` where rows have none in common, or no values."""
    if len(rows) < _LEAST_ROWS:
        return None
    found = blank_places(rows, conforming)
    wide = [blank for blank in found if len(blank) >= _WIDE]
    if all(_parted(header, blank) for blank in wide):
        gaps = _named(header, rows, [gap for blank in found for gap in _parted(header, blank)])
    elif len(_WORDS_APART.split(header.strip())) == len(wide) + 1:
        gaps = wide  # names that do not keep the places of their columns, one for each
    else:
        return None
    cells = _rows_of(rows, gaps)
    names = _named_cells(header, gaps)
    if names is None or len(names) < _LEAST_COLUMNS - all(len(gap) >= _WIDE for gap in gaps):
        return None
    values = _columns_of_values(cells)
    if 2 * sum(map(bool, names)) <= len(names) or any(VALUE.fullmatch(names[at]) for at in values):
        return None
    if any("  " in name for name in names) and len({len(line.split()) for line in (header, *rows)}) == 1:
        return None  # two names above what would be one column, and as many words in each line: spaces part them
    return tuple(gaps) if values and _are_own([header, *rows], cells, names=sum(map(bool, names))) else None


def _nameless(rows: Sequence[str], conforming: float) -> tuple[range, ...] | None:
    """The same without a header: columns stand further apart, and more of them hold values."""
    if len(rows) < _LEAST_NAMELESS:
        return None
    blank = blank_places(rows, conforming)
    gaps = [gap for gap in blank if len(gap) >= _WIDE or parts_figures(gap, blank, rows)]
    cells = _rows_of(rows, gaps)
    if len(gaps) + 1 < _LEAST_COLUMNS or len(_columns_of_values(cells)) < 2 or not _are_own(rows, cells):
        return None
    if 3 * sum(map(_are_several, zip(*cells, strict=True))) > len(gaps) + 1:
        return None  # a value ends where the next one begins: only who wrote them knows the widths
    return tuple(gaps)


def _are_several(column: Sequence[str]) -> bool:
    """Whether cells hold words that stand apart, and others of them one: ``X   26`` above ``X-9999``."""
    apart = sum("  " in cell for cell in column)
    return 0 < apart < len(column) and 5 * apart >= len(column)


def _parted(header: str, blank: range) -> list[range]:
    """Where the header too is blank: several runs where a name stands between two columns, above no value.

    Of single spaces, which stand between the words of a name too, only the last parts.
    """
    free = "".join("x" if header[at : at + 1].strip() else " " for at in blank)
    runs = [range(blank.start + run.start(), blank.start + run.end()) for run in re.finditer(" +", free)]
    return [run for run in runs if len(run) >= _WIDE] or runs[-1:]


def _named(header: str, rows: Sequence[str], gaps: Sequence[range]) -> list[range]:
    """The gaps but those that part words of one column, or a name from its values."""
    kept = list(gaps)
    while (surplus := _surplus(_cells_of(header, kept), _rows_of(rows, kept), kept)) is not None:
        del kept[surplus]
    return kept


def _surplus(names: Sequence[str] | None, rows: Sequence[Sequence[str]], gaps: Sequence[range]) -> int | None:
    """A gap that is a single space without a name on each side, or has a name without values beside values without."""
    if names is None or not rows:
        return None
    filled = [any(column) for column in zip(*rows, strict=True)]
    for at, gap in enumerate(gaps):
        sides = [(bool(names[n]), filled[n]) for n in (at, at + 1)]
        if len(gap) < _WIDE and not (names[at] and names[at + 1]) and not (at == 0 and _are_row_names(names, rows)):
            return at
        if sorted(sides) == [(False, True), (True, False)]:
            return at
    return None


def _are_row_names(names: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first column has no name and no blank, left of a named one: so R prints names of rows. Left of values
    they may be any, left of words they count the rows."""
    if names[0] or not names[1]:
        return False
    is_above_values = all(row[0] and VALUE.fullmatch(row[1]) is not None for row in rows)
    return is_above_values or [row[0] for row in rows] == [str(at) for at in range(1, len(rows) + 1)]


def _rows_of(lines: Sequence[str], gaps: Sequence[range]) -> list[list[str]]:
    return [cells for line in lines if (cells := _cells_of(line, gaps)) is not None]


def _named_cells(line: str, gaps: Sequence[range]) -> list[str] | None:
    """The cells of a line, or its words where these are as many but stand in other places."""
    cells = _cells_of(line, gaps)
    words = _WORDS_APART.split(line.replace("\0", "").strip())
    return words if cells is None and len(words) == len(gaps) + 1 else cells


def _cells_of(line: str, gaps: Sequence[range]) -> list[str] | None:
    """The cells of a line, cut at the last space in each gap; ``None`` where one has no space."""
    line = line.ljust(gaps[-1].stop) if gaps else line
    cuts = [line.rfind(" ", gap.start, gap.stop) for gap in gaps]
    if -1 in cuts:
        return None
    pieces = zip([0, *(at + 1 for at in cuts)], [*cuts, len(line)], strict=True)
    return [line[begin:end].replace("\0", "").strip() for begin, end in pieces]


def _is_parted(line: str, gaps: Sequence[range]) -> bool:
    """Whether no gap that is wide is but a single space between the words of a line: of a title, not of names."""
    line = line.ljust(gaps[-1].stop + 1)
    cuts = [line.rfind(" ", gap.start, gap.stop) for gap in gaps if len(gap) >= _WIDE]
    return all(" " in line[max(at - 1, 0) : at] + line[at + 1] for at in cuts if at > 0)


def _columns_of_values(rows: Sequence[Sequence[str]], least: float = 1.0) -> list[int]:
    """The columns that hold nothing but numbers and dates, or but for few cells, in most rows."""
    found = []
    for at, column in enumerate(zip(*rows, strict=True)):
        filled = [cell for cell in column if cell]
        values = sum(1 for cell in filled if VALUE.fullmatch(cell))
        if len(filled) >= max(_FILLED * len(rows), _LEAST_ROWS) and values >= least * len(filled):
            found.append(at)
    return found


def _are_own(lines: Sequence[str], cells: Sequence[Sequence[str]], *, names: int | None = None) -> bool:
    """Whether nothing else parts these cells: no delimiter, no run of spaces that is one, no single spaces.

    ``names``: how many columns the first line names. Where it has more words, spaces part the words of a name too.
    """
    if len(cells) < _CONFORMING_PAGES * (len(lines) - 1):
        return False
    if _is_delimited(lines):
        return False
    has_more_names = len(lines[0].split()) > (len(cells[0]) if names is None else names)
    if not has_more_names and _have_as_many_words(lines[1:], len(cells[0])):
        return False  # a run of spaces is a delimiter then
    return not any(
        2 * sum(1 for cell in column if _SEVERAL_VALUES.fullmatch(cell) and not _ONE_VALUE.fullmatch(cell)) > len(cells)
        for column in zip(*cells, strict=True)
    )


def _have_as_many_words(lines: Sequence[str], columns: int) -> bool:
    return sum(len(line.split()) == columns for line in lines) >= _CONFORMING * len(lines)


def _is_delimited(lines: Sequence[str]) -> bool:
    """Whether a usual delimiter stands in each line, and somewhere not within a number."""
    return any(
        all(mark in line for line in lines) and any(mark in _MARKS_IN_NUMBERS.sub("", line) for line in lines)
        for mark in USUAL
    )


def _are_most(lines: Sequence[str], gaps: Sequence[range]) -> bool:
    """Whether most filled lines are rows: several cells, each in its column."""
    filled = [line for line in lines if _is_filled(line)]
    rows = [cells for line in filled if (cells := _cells_of(line, gaps)) is not None and sum(map(bool, cells)) > 1]
    return len(rows) >= _ROWS * len(filled)
