"""Which quote a text writes around its cells, how it writes one inside them, and spaces behind delimiters."""

import csv
import re
from collections.abc import Sequence

from uploads.tabular.dialect.dialect import CsvDialect

_LEAST_BEGUN = 3
"""Lines with a cell that begins with a quote."""
_LEAST_BARS = 3
"""Cells between bars that are hardly so by chance."""
_AROUND_ALL = re.compile(r"\s*+([\^~])")
"""Signs that stand around all cells in exports of review tools and of older programs."""
_BETWEEN_THEM = (";", ",", "\t", "|")
_LEAST_LINES = 2


def quotes_of(text: str, delimiter: str) -> list[str]:
    """Quote characters that stand at cell borders; ``"`` also where there is none, for it may come later."""
    border = re.escape(delimiter)
    if "|" in text and delimiter != "|" and _are_bars_quotes(text, border):
        return ["|"]
    if mark := quote_around_all(text, (delimiter,)):
        return [mark]
    if "'" not in text:
        return ['"']
    found = list(re.finditer(rf"(?m)(?:^|{border} *+)'((?:[^'\\\r\n]|''|\\.)*)'(?=$|\r|{border})", text))
    cells = [match[1] for match in found]
    double = len(re.findall(rf'(?m)(?:^|{border} *+)"(?:[^"]|"")*"(?=$|\r|{border})', text))
    if double and not any(cells):
        # An empty cell written as '' proves no quote where others stand in ".
        return ['"']
    # A cell that needs its quotes, for it holds a quote written as in quoted cells only.
    needed = not double and any(mark in cell for cell in cells for mark in ("''", "\\'"))
    if (
        needed
        or (len(cells) > 2 and len(cells) > 4 * double)
        or (not double and _fill_a_column(found, text, delimiter))
    ):
        return ["'"]
    return ['"', "'"] if cells and not double else ['"']


def quote_around_all(text: str, delimiters: Sequence[str] = _BETWEEN_THEM) -> str | None:
    """The caret or tilde that stands around each cell of all lines, which have as many cells, several: ``^1^,^Ann^``.

    One of ``delimiters`` stands between them, and may stand in them.
    """
    if not (begin := _AROUND_ALL.match(text)):
        return None
    mark = begin[1]
    lines = [line.rstrip(" ") for line in re.findall(r"[^\r\n]+", text) if line.strip()]
    if len(lines) < _LEAST_LINES or any(line.count(mark) != lines[0].count(mark) for line in lines):
        return None
    cell = rf"{re.escape(mark)}[^{re.escape(mark)}]*+{re.escape(mark)}"
    rows = (
        re.compile(rf"{cell}(?:{re.escape(delimiter)} *+{cell})++")
        for delimiter in delimiters
        if delimiter in _BETWEEN_THEM
    )
    return mark if any(all(map(row.fullmatch, lines)) for row in rows) else None


def _are_bars_quotes(text: str, border: str) -> bool:
    """Whether bars stand in pairs around whole cells, one or more in nearly each line: ``3, |f(a, b)|``."""
    lines = sum(1 for line in text.splitlines() if line.strip())
    cells = re.findall(rf"(?m)(?:^|{border} *+)\|([^|\r\n]*)\|(?=$|\r|{border})", text)
    if len(cells) < max(_LEAST_BARS, 0.8 * lines) or 2 * len(cells) != text.count("|"):
        return False
    return '"' not in text and any(re.search(border, cell) for cell in cells)


def _fill_a_column(quoted: Sequence[re.Match[str]], text: str, delimiter: str) -> bool:
    """Whether a text of two lines has a quoted cell in both, at the same place."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) != 2 or len(quoted) != 2:
        return False
    first, second = (line.partition(match[0].lstrip("\r\n"))[0] for line, match in zip(lines, quoted, strict=True))
    return first.count(delimiter) == second.count(delimiter)


def are_quotes_text(text: str, delimiter: str) -> bool:
    """Whether quotes are letters of a text like others, ``1|"A" is for alibi|Grafton`` in a catalogue: cells begin with
    a word in quotes and go on behind it, each line has an even number, and no cell is in quotes from end to end."""
    if '"' not in text:
        return False
    border = re.escape(delimiter)
    if re.search(rf'(?m)(?:^|{border}) *+"(?:[^"]|"")*+" *(?=$|\r|{border})', text):
        return False
    begun = [line for line in text.splitlines() if re.search(rf'(?:^|{border}) *+"', line)]
    if len(begun) < _LEAST_BEGUN or any(line.count('"') % 2 for line in begun):
        return False
    return all(re.search(rf'(?:^|{border}) *+"[^"]+"[^"{border}]', line) for line in begun)


def has_escapes(text: str, quote: str | None) -> bool:
    """Whether ``\\"`` is how quotes inside quoted cells are written."""
    if quote is None or "\\" + quote not in text:
        return False
    q = re.escape(quote)
    return len(re.findall(rf"\\{q}(?![;,\t|\r\n]|\Z|{q})|\\{q}(?={q})", text)) > count_doubled(text, quote)


def count_doubled(text: str, quote: str) -> int:
    """How often a quote inside a quoted cell is doubled, as far as that is plain."""
    if quote + quote not in text:
        return 0
    q = re.escape(quote)
    return len(re.findall(rf"(?<!{q})(?<![;,\t|\r\n]){q}{q}(?!{q})(?![;,\t|\r\n]|\Z)", text))


def has_spaces(sample: str, dialect: CsvDialect) -> bool:
    """Whether every delimiter outside quotes is followed by a space, or most cells in quotes stand behind one."""
    if dialect.delimiter in " \t" or dialect.single_column:
        return False
    if dialect.quote is not None and _has_spaces_before_quotes(sample, dialect.delimiter, dialect.quote):
        return True
    quote = re.escape(dialect.quote or "")
    bare = re.sub(rf"{quote}[^{quote}]*{quote}", "Q", sample) if quote else sample
    total = bare.count(dialect.delimiter)
    return total > 0 and bare.count(dialect.delimiter + " ") >= 0.99 * total


def _has_spaces_before_quotes(sample: str, delimiter: str, quote: str) -> bool:
    """Whether most rows hold a cell that is quoted from end to end but for the spaces before it."""
    if not re.search(f"{re.escape(delimiter)} +{re.escape(quote)}", sample):
        return False
    lines = [line + "\n" for line in sample.splitlines() if line.strip()]
    rows = list(csv.reader(lines, delimiter=delimiter, quotechar=quote))
    opened = [[cell for cell in row[1:] if cell[:1] == " " and cell.lstrip(" ")[:1] == quote] for row in rows]
    closed = [[cell for cell in cells if cell.endswith(quote) and len(cell.strip()) > 1] for cells in opened]
    most_close = 2 * sum(map(len, closed)) > sum(map(len, opened))
    return most_close and len(rows) > 1 and 2 * sum(map(bool, closed)) > len(rows)
