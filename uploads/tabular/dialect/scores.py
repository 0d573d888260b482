"""How well a dialect fits a sample: rows of one shape, cells that are numbers, dates, words or quoted."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from uploads.tabular.dialect.aligned import is_aligned
from uploads.tabular.dialect.dialect import CsvDialect
from uploads.tabular.dialect.quoting import are_quotes_text
from uploads.tabular.dialect.single_column import (
    are_split_seconds,
    has_times_between,
    numbers_with_commas,
    single_values,
)

WEAK = frozenset(" :+=*!&#~^")
"""Characters that stand in ordinary cells too: they need more than their mere presence in each row."""
_STRETCH_ROWS = 16
"""Rows that a stretch has at least: fewer are alike by chance."""
_TITLES = 5
"""Lines of titles that can stand above a table with a weak delimiter."""
_RUN = 3
"""Rows that a table below notes has at least, its header among them."""
_FOOTER = 5
"""Lines of notes that can stand below it."""
_REGULAR = 0.7
_LEAST = 0.05
_ROWS_ENOUGH = 24
_QUALITY = 0.4
_LEAST_KNOWN = 0.12
"""Rows of one width are a table even if no cell is of a known kind."""
_TABS_WITHIN = 0.5
"""What the score of a dialect counts that leaves tabs inside cells: people type none there."""
_TORN = 0.25
"""What the score of a dialect counts in which text follows a closing quote, in most rows: ``"{...}",13:31:38``."""
_FEW = 3
"""Of fewer rows it can't be told whether they are alike."""
_BLANKS = re.compile(r";;|,,|\t\t|\|\|")
_BLANKS_WITHIN = 0.5
"""What the score of a dialect counts that leaves the blank cells of another inside its own."""
_STEADY = 0.25
"""Share of rows as wide as the row above; of lines of prose split at their commas it is about a fifth."""

_KNOWN_CELL = re.compile(
    r"""(?:
      [-+]?[$€£¥]?\ ?\d+(?:[.,'\ ]\d+)*(?:[eE][-+]?\d+)?\ ?[%€$£¥]?   # numbers, money, shares
    | \d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T\ ]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?(?:Z|\ ?[-+]\d{2}:?\d{2})?)?
    | \d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?(?:\ ?[AaPp][Mm])?     # times
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+                                     # e-mail
    | (?:https?|ftp)://\S+ | www\.\S+
    | [nN]/?[aA][nN]? | NULL | null | -
    | (?:/|~/|\.{1,2}/|[A-Za-z]:\\)\S*                                  # paths
    | \#[\w-]+ | \{.*\} | \[.*\] | <.*>                                # tags, JSON, HTML
    | [^\W\d_][\w'’.&/()#%+-]*(?:\ [\w'’.&/()#%+-]+){0,7}              # words
    | [\w-]+                                                           # codes
    )?""",
    re.VERBOSE,
)
_VALUE = re.compile(r"[-+]?[$€£]?\d[\d.,:/%-]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fit:
    """How a dialect reads a sample."""

    score: float = 0.0
    """From 0 to 1; comparable between dialects of one sample."""
    rows: int = 0
    width: int = 0
    """Cells of most rows."""
    alike: int = 0
    """Rows of that width."""
    counted: int = 0
    """Rows that look like a table's; the rest is prose around it."""
    steady: int = 0
    """Rows of several cells that are as wide as the row above."""

    @property
    def regular(self) -> bool:
        """Whether the sample is a table in this dialect, beyond doubt."""
        return self.score > 0 and self.alike >= _REGULAR * self.rows

    @property
    def plausible(self) -> bool:
        """Whether it is a table at all: a good part of the sample, or many rows of one width in a row."""
        if self.counted >= _ROWS_ENOUGH and self.score * self.rows >= _QUALITY * self.counted:
            return True
        return self.score >= _LEAST and (self.rows < _ROWS_ENOUGH or self.steady >= _STEADY * self.rows)


@dataclass(frozen=True, slots=True)
class _Row:
    cells: list[str]
    first: int
    """Index of its first line."""
    behind: int
    """Index of the line behind it."""


def fit_of(lines: Sequence[str], dialect: CsvDialect) -> Fit:
    """Read ``lines`` in a dialect and tell how regular and familiar the result is."""
    rows = [row for row in _rows(lines, dialect) if any(cell.strip() for cell in row.cells)]
    if not rows:
        return Fit()
    widths = Counter(len(row.cells) for row in rows)
    width, alike = max(((w, n) for w, n in widths.items() if w > 1), key=lambda item: item[1], default=(1, len(rows)))
    fit = Fit(rows=len(rows), width=width, alike=alike)
    if dialect.aligned:
        if not is_aligned(lines, [row.cells for row in rows]):
            return fit
    elif dialect.delimiter in WEAK and not _convincing(lines, [row.cells for row in rows], widths, dialect):
        return fit
    if dialect.delimiter == "," and (numbers_with_commas(lines) or are_split_seconds(lines)):
        return fit
    counted = _counted(rows, strict=widths[1] > 0.6 * len(rows))
    if not counted:
        return fit
    # After CleverCSV's pattern score (van den Burg et al., 2019): rows of one shape, and of many cells. Squares instead
    # of its number of shapes: one ragged row in a thousand takes a thousandth, not half.
    widths = Counter(len(row.cells) for row in counted)
    pattern = sum((count / len(counted)) ** 2 * (width - 1) / width for width, count in widths.items())
    score = pattern * max(_share_known(lines, counted, dialect), _LEAST_KNOWN) * len(counted) / len(rows)
    if dialect.delimiter != "\t" and sum(1 for row in counted if any("\t" in c for c in row.cells)) * 2 > len(counted):
        score *= _TABS_WITHIN
    score *= _share_of_torn(lines, counted, dialect)
    if len(rows) < _FEW and any(_BLANKS.search(cell) for row in rows for cell in row.cells):
        score *= _BLANKS_WITHIN
    pairs = pairwise(len(row.cells) for row in rows)
    return replace(fit, score=score, counted=len(counted), steady=sum(1 for above, w in pairs if above == w > 1))


def fit_of_run(lines: Sequence[str], dialect: CsvDialect) -> Fit:
    """How a dialect reads the rows of one width with which the sample ends; no fit unless they are surely a table.

    Names over values are: a header of different words, and below it a column of nothing but numbers or dates.
    """
    rows = [row.cells for row in _rows(lines, dialect) if any(cell.strip() for cell in row.cells)]
    runs = [list(run) for _, run in groupby(rows, key=len)]
    best = max(runs, key=lambda run: (len(run[0]) > 1) * len(run), default=[])
    if len(best) < _RUN or len(best[0]) == 1 or sum(map(len, runs[runs.index(best) + 1 :])) > _FOOTER:
        return Fit(rows=len(rows))
    # The last of the notes can be as wide by chance.
    start = next((i for i in range(len(best) - _RUN + 1) if _is_named_table(best[i:])), None)
    if start is None:
        return Fit(rows=len(rows))
    width, count = len(best[0]), len(best) - start
    score = max(_LEAST, (width - 1) / width * count / len(rows))
    return Fit(score=score, rows=len(rows), width=width, alike=count, counted=count, steady=count - 1)


def _is_named_table(rows: Sequence[Sequence[str]]) -> bool:
    names, *body = [[cell.strip() for cell in row] for row in rows]
    if not all(names) or len(set(names)) < len(names) or any(map(_VALUE.fullmatch, names)):
        return False
    return any(all(_VALUE.fullmatch(row[i]) for row in body) for i in range(len(names)))


def _counted(rows: Sequence[_Row], *, strict: bool) -> list[_Row]:
    """Rows of the stretches that look like a table; a long preamble in prose is none, though it has commas too.

    ``strict``: most rows are single cells. Then only a stretch of one width counts.
    """
    count = max(1, len(rows) // _STRETCH_ROWS)
    if strict and count == 1:
        return []
    counted: list[_Row] = []
    for i in range(count):
        stretch = rows[len(rows) * i // count : len(rows) * (i + 1) // count]
        widths = Counter(len(row.cells) for row in stretch)
        if widths[1] <= 0.6 * len(stretch) and not (strict and max(widths.values()) < _REGULAR * len(stretch)):
            counted += stretch
    return counted


def _share_known(lines: Sequence[str], rows: Sequence[_Row], dialect: CsvDialect) -> float:
    """Share of the cells that are numbers, dates, words and the like, or stand in quotes."""
    cells = [cell.strip() for row in rows for cell in row.cells]
    unknown = sum(1 for cell in cells if not _KNOWN_CELL.fullmatch(cell))
    if unknown and dialect.quote is not None:
        q, d = re.escape(dialect.quote), re.escape(dialect.delimiter)
        text = _text_of(rows, lines)
        quoted = re.findall(rf"(?:^|(?<=[{d}\r\n])) *+{q}((?:[^{q}]|{q}{q})*+){q}(?=[{d}\r\n]|\Z)", text)
        unknown -= min(unknown, sum(1 for cell in quoted if not _KNOWN_CELL.fullmatch(cell.strip())))
    return 1 - unknown / len(cells)


def _share_of_torn(lines: Sequence[str], rows: Sequence[_Row], dialect: CsvDialect) -> float:
    """What a score counts where most rows hold quoted cells that go on behind their closing quote: nothing between
    spaces and the like, for these are words of a sentence, some of them in quotes."""
    if 2 * _torn_quotes(lines, rows, dialect) <= len(rows):
        return 1.0
    is_sentence = dialect.delimiter in WEAK and not are_quotes_text("".join(lines), dialect.delimiter)
    return 0.0 if is_sentence else _TORN


def _torn_quotes(lines: Sequence[str], rows: Sequence[_Row], dialect: CsvDialect) -> int:
    """How many quoted cells go on behind their closing quote."""
    text = _text_of(rows, lines)
    if dialect.quote is None or dialect.quote not in text:
        return 0
    q, d = re.escape(dialect.quote), re.escape(dialect.delimiter)
    inside = rf"[^{q}\\]|{q}{q}|\\." if dialect.escape else f"[^{q}]|{q}{q}"
    behind = rf"[^{d}\s]" if dialect.delimiter == " " else rf" *+[^{d}\s]"
    return sum(map(bool, re.findall(rf"(?ms)(?:^|{d}) *+{q}(?:{inside})*+{q}({behind})?", text)))


def _text_of(rows: Sequence[_Row], lines: Sequence[str]) -> str:
    return "".join(line for row in rows for line in lines[row.first : row.behind])


def _convincing(lines: Sequence[str], rows: Sequence[Sequence[str]], widths: Counter[int], dialect: CsvDialect) -> bool:
    """Whether a weak delimiter makes a table: rows of one width, with quotes or values in columns of their own."""
    if dialect.quote is not None and _share_quoted(lines, dialect) >= 0.8:
        return True
    if dialect.delimiter != " ":  # titles above; a text of names with a header of one word is no table at its spaces
        titles = next((i for i, row in enumerate(rows) if len(row) > 1), 0)
        if titles <= _TITLES:
            rows, lines = rows[titles:], lines[titles:]
    below = Counter(len(row) for row in rows[1:]) or widths  # R's header has one name less than its rows have cells
    width, count = below.most_common(1)[0]
    if width == 1 or len(rows[0]) == 1 or count < 0.8 * below.total():
        return False
    if single_values(lines) or (dialect.delimiter == ":" and has_times_between(lines)):
        return False
    whole = [row for row in rows if len(row) == width][1:]
    typed = any(whole and all(_VALUE.fullmatch(row[i].strip()) for row in whole) for i in range(width))
    return typed or (width > 2 and dialect.delimiter != " ")


def cells_of(lines: Sequence[str], dialect: CsvDialect) -> list[Sequence[str]]:
    """The cells of each record, up to a quote that is never closed."""
    return [row.cells for row in _rows(lines, dialect)]


def _share_quoted(lines: Sequence[str], dialect: CsvDialect) -> float:
    """Share of the lines in which a quoted cell stands next to a delimiter."""
    quote, delimiter = re.escape(dialect.quote or ""), re.escape(dialect.delimiter)
    cell = re.compile(rf"^{quote}[^{quote}]*{quote}{delimiter}|{delimiter}{quote}[^{quote}]*{quote}({delimiter}|\s*$)")
    return sum(1 for line in lines if cell.search(line)) / max(len(lines), 1)


def _rows(lines: Sequence[str], dialect: CsvDialect) -> list[_Row]:
    reader = csv.reader(
        # The csv module would make a cell of the spaces at a line's end.
        [line.strip(" \r\n") + "\n" for line in lines] if dialect.aligned else lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        quoting=csv.QUOTE_MINIMAL if dialect.quote is not None else csv.QUOTE_NONE,
        escapechar="\\" if dialect.escape else None,
        skipinitialspace=dialect.delimiter != " " or dialect.aligned,
    )
    rows: list[_Row] = []
    first = 0
    try:
        for cells in reader:
            rows.append(_Row(cells, first, reader.line_num))
            first = reader.line_num
    except csv.Error:
        return rows  # a cell beyond csv's limit: a quote that is never closed
    return rows
