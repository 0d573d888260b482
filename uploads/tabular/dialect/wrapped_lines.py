"""Lines written in one more layer: in quotes from end to end, with a mark at their end, or in quotes of letters that no
parser takes for such."""

import re
from collections import Counter
from collections.abc import Sequence

from uploads.tabular.dialect.dialect import CsvDialect
from uploads.tabular.dialect.line_form import BEGIN, END, USUAL, LineForm, filled_lines, has_values, outside_quotes
from uploads.tabular.dialect.scores import cells_of, fit_of
from uploads.tabular.dialect.single_column import numbers_with_commas, single_values
from uploads.tabular.notes import Note, NoteKind

_WRAPPED = re.compile(r'"((?:[^"]|"")*+)"[;,\t ]*')
_MOST = 0.9
_LEAST_WRAPPED = 2
_LEAST_ENDED = 3
_LEAST_PADDED = 2
_NAMED_PAIRS = {"“": "”", "„": "“", "«": "»", "»": "«", "‘": "’"}
_UNWRAPPED = (
    re.compile(BEGIN + rb'"((?:[^"\r\n]|"")*+)"[;,\t ]*+' + END),
    lambda match: match[1].replace(b'""', b'"'),
)


def find_wrapped(text: str) -> LineForm | None:
    """Each line is a quoted cell that holds a row: ``"Ann;1,50;13.05.2026"``. So a whole row that is pasted into one
    column leaves a spreadsheet."""
    if '"' not in text:
        return None
    lines = filled_lines(text)
    matches = [_WRAPPED.fullmatch(line) for line in lines]
    wrapped = sum(1 for match in matches if match)
    if wrapped < max(_LEAST_WRAPPED, _MOST * (len(lines) - 1)):
        return None
    inner = [m[1].replace('""', '"') if m else line for m, line in zip(matches, lines, strict=True)]
    if not any(_is_table(inner, delimiter) for delimiter in USUAL):
        return None
    return LineForm(note=Note.of(NoteKind.LINES_IN_QUOTES, lines=wrapped), steps=(_UNWRAPPED,))


def find_ended(text: str) -> LineForm | None:
    """A delimiter stands at the end of each line and nowhere else, and another one parts the cells: ``1, A;``."""
    lines = [line.rstrip(" \t") for line in filled_lines(text)]
    if len(lines) < _LEAST_ENDED:
        return None
    for mark in ";,|":
        if not all(line.endswith(mark) and line.count(mark) == 1 for line in lines):
            continue
        bare = [line[:-1] for line in lines]
        if any(_is_table(bare, delimiter, needs_values=True) for delimiter in USUAL if delimiter != mark):
            step = (re.compile(re.escape(mark.encode()) + rb"[ \t]*+" + END), b"")
            return LineForm(note=Note.of(NoteKind.LINES_END_WITH, mark=mark), steps=(step,))
    return None


def _is_table(lines: Sequence[str], delimiter: str, *, needs_values: bool = False) -> bool:
    """Whether all lines have as many cells, several, and they are no marks in the values of one column.

    Of two columns one must hold values: ``Doe, Jan`` is one cell.
    """
    if not all(delimiter in line for line in lines) or single_values(lines) or numbers_with_commas(lines):
        return False
    fit = fit_of([line + "\n" for line in lines], CsvDialect(delimiter=delimiter))
    if fit.width < 2 or fit.alike < len(lines) or fit.rows < len(lines):
        return False
    is_spaced = all(line.count(delimiter) == line.count(delimiter + " ") for line in lines)
    if fit.width > 2 and not is_spaced and not needs_values:
        return True
    rows = cells_of([line + "\n" for line in lines], CsvDialect(delimiter=delimiter))
    return has_values([row for row in rows if len(row) == fit.width])


def find_foreign_quotes(text: str, *, given: str | None = None) -> LineForm | None:
    """Quotes of another letter stand around all cells of all lines: ``þDOCIDþ\\x14þCUSTþ``, as Concordance loads files.

    ``given``: the letter, by a person.
    """
    lines = filled_lines(text)
    opening = given or (lines[0][0] if lines else "")
    closing = _NAMED_PAIRS.get(opening, opening)
    if not opening or opening.isascii():
        return None
    if given is None and _border_of(lines, opening, closing) is None:
        return None
    border = _border_of(lines, opening, closing)
    marks = [(re.compile(b'"'), b'""')]
    marks += [(re.compile(mark.encode()), b'"') for mark in dict.fromkeys((opening, closing))]
    return LineForm(
        note=Note.of(NoteKind.OTHER_QUOTE, quote=opening if opening == closing else f"{opening}…{closing}"),
        steps=tuple(marks),
        delimiter=border,
    )


def _border_of(lines: Sequence[str], opening: str, closing: str) -> str | None:
    """The character that stands between two quoted cells, as often in each of nearly all lines."""
    quoted = [line.rstrip() for line in lines if line.startswith(opening) and line.rstrip().endswith(closing)]
    between = re.compile(re.escape(closing) + r"([^\w\s]|\t|[\x01-\x1f])" + re.escape(opening))
    found = Counter(mark for line in quoted for mark in set(between.findall(line)))
    if not found or len(quoted) < max(_LEAST_WRAPPED, _MOST * len(lines)):
        return None
    mark, count = found.most_common(1)[0]
    widths = Counter(line.count(closing + mark + opening) for line in quoted)
    alike = widths.most_common(1)[0][1]
    return str(mark) if min(count, alike) >= _MOST * len(lines) else None


def empty_apostrophes(text: str, delimiter: str) -> LineForm | None:
    """``''`` is written for empty cells beside cells in double quotes: they are blank."""
    if "''" not in text:
        return None
    border = re.escape(delimiter)
    cells = re.findall(rf"(?m)(?:^|{border})'([^'\r\n]*)'(?=$|\r|{border})", text)
    if len(cells) < 2 or any(cells):
        return None
    mark = delimiter.encode()
    pattern = b"(?:" + BEGIN + b"|(?<=" + re.escape(mark) + b"))''(?=" + re.escape(mark) + b"|" + END + b")"
    return LineForm(note=Note.of(NoteKind.EMPTY_APOSTROPHES), steps=(outside_quotes(pattern, mark, b""),))


def formula_texts(text: str, delimiter: str) -> LineForm | None:
    """``="00001"`` is how programs keep Excel from making a number of a text; some write it in quotes once
    more."""
    if '="' not in text:
        return None
    border, mark = re.escape(delimiter), re.escape(delimiter.encode())
    before = b"(?:" + BEGIN + b"|(?<=" + mark + b"))"
    if '"=""' in text:
        quoted = re.findall(rf'(?m)(?:^|{border})"=""[^"\r\n]*"""(?=$|\r|{border})', text)
        if len(quoted) < _LEAST_PADDED or len(quoted) < text.count('="'):
            return None
        pattern = before + rb'"=""([^"\r\n]*+)"""(?=' + mark + b"|" + END + b")"
        return LineForm(note=Note.of(NoteKind.FORMULA_TEXTS), steps=((re.compile(pattern), rb'"\1"'),))
    cells = re.findall(rf'(?m)(?:^|{border})="(?:[^"\r\n]|"")*"(?=$|\r|{border})', text)
    if len(cells) < 2 or len(cells) < text.count('="'):
        return None
    step = (re.compile(before + rb'=("(?:[^"\r\n]|"")*+")(?=' + mark + b"|" + END + b")"), rb"\1")
    return LineForm(note=Note.of(NoteKind.FORMULA_TEXTS), steps=(step,))


def spaces_behind_quotes(text: str, delimiter: str) -> LineForm | None:
    """Most lines that end with a quote go on with spaces: ``"30","1903"  ``. They are no part of the last cell."""
    if '" ' not in text or delimiter.isspace():
        return None
    lines = [line for line in filled_lines(text) if line.rstrip(" \t").endswith('"')]
    # Two quotes end no cell, but for an empty one.
    padded = re.compile(rf'(?:(?<=[^"\\]")|(?<={re.escape(delimiter)}""))[ \t]+\Z')
    count = sum(padded.search(line) is not None for line in lines)
    if count < max(_LEAST_PADDED, len(lines) / 2):
        return None
    empty = rb"(?<=" + re.escape(delimiter.encode()) + rb'"")'
    step = (re.compile(rb'(?:(?<=[^"\\\r\n]")|' + empty + rb")[ \t]++" + END), b"")
    return LineForm(note=Note.of(NoteKind.SPACES_BEHIND), steps=(step,))
