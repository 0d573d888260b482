"""Tables below lines of comments, ``# …``, ``% …`` or ``! …``, that hide how the rows are written, or go on among them.

BLAST, Zeek, GEO, Comsol and stations that measure write so. pandas and DuckDB leave comments out where they are told
the mark, and the names of the columns that stand in one of them too.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from uploads.tabular.dialect.choice import DialectChoice, choose_dialect
from uploads.tabular.dialect.dialect import CsvDialect
from uploads.tabular.dialect.line_form import BEGIN, LineForm, Rewriter, Step, in_bytes, outside_quotes
from uploads.tabular.dialect.places import LINE, MARK, first_lines, written
from uploads.tabular.dialect.scores import cells_of
from uploads.tabular.notes import Note, NoteKind

_MARKS = ("#", "%", "!")
_LEAST_ROWS = 3
_ALIKE = 0.9
_ENDS_OF_KEY = (":", "=")
_HEADER_ROWS = 3
"""Rows of names and units that can stand above the values."""
_SAID = re.compile(r"(?:fields|columns|column names)\b[ \t]*[:=]?[ \t]*", re.IGNORECASE)
"""``#fields`` of Zeek, ``# Fields:`` of BLAST: what follows are the names."""
_VALUE = re.compile(r"[-+]?[$€£]?\d[\d.,:/%-]*(?:[eE][-+]?\d+)?")
_WORD = re.compile(r"[^\W\d_]")
_APART = re.compile(r" {2,}|\t")
_SENTENCE = (".", ":", ";", "!", "?")


@dataclass(frozen=True, kw_only=True, slots=True)
class CommentedLines(LineForm):
    """A comment above the rows is one cell, but for the one that names the columns; below the first row it is blank."""

    steps: tuple[Step, ...] = ()
    mark: bytes
    named: bytes | None = None
    """The comment that names the columns."""
    header: bytes = b""
    """Its names as a line."""
    is_spaced: bool
    """Whether runs of spaces part the cells of the rows."""
    below: Step

    def start(self) -> Rewriter:
        return _Commenter(self).rewrite


class _Commenter:
    """Follows one text: what a comment becomes depends on whether a row has come."""

    def __init__(self, form: CommentedLines) -> None:
        self._form = form
        self._is_above = True
        self._is_named = False
        self._is_open = False
        """Whether what came so far ends inside a cell in quotes, which goes on in the next line."""

    def rewrite(self, lines: bytes, *, final: bool) -> bytes:
        done = []
        at = 0
        for match in LINE.finditer(lines) if self._is_above else ():
            if self._is_row(match[0]):
                self._is_above = False
                break
            done.append(self._above(match[0]))
            at = match.end()
        rest = lines[at:]
        if self._form.is_spaced:
            return b"".join((*done, *map(self._row, LINE.findall(rest))))
        return b"".join((*done, self._below(rest)))

    def _is_row(self, line: bytes) -> bool:
        return bool(line.strip()) and not line.startswith(self._form.mark)

    def _above(self, line: bytes) -> bytes:
        text, end = _parted(line)
        if text.strip() == self._form.named:
            self._is_named = True
            return self._form.header + end
        if self._is_named or not text.strip():
            return end
        return _in_one_cell(text, self._form.delimiter or MARK) + end

    def _below(self, lines: bytes) -> bytes:
        inside = (lines.find(b'"') + 1 or len(lines)) if self._is_open else 0
        pattern, by = self._form.below
        rows = pattern.sub(by, lines[inside:])
        self._is_open = (rows.count(b'"') + lines.count(b'"', 0, inside) + self._is_open) % 2 == 1
        return lines[:inside] + rows

    def _row(self, line: bytes) -> bytes:
        text, end = _parted(line)
        if not self._is_row(line):
            return end
        cells = text.decode("utf-8", "surrogateescape").split()
        return written(cells).encode("utf-8", "surrogateescape") + end


def _parted(line: bytes) -> tuple[bytes, bytes]:
    text = line.rstrip(b"\r\n")
    return text, line[len(text) :]


def _in_one_cell(text: bytes, delimiter: str) -> bytes:
    if delimiter.encode() in text or b'"' in text:
        return b'"' + text.replace(b'"', b'""') + b'"'
    return text


def find_commented(text: str) -> LineForm | None:
    """The form of a text that begins with comments, where it is another table without them."""
    mark = next((mark for mark in _MARKS if text.lstrip(" \t\r\n").startswith(mark)), None)
    if mark is None:
        return None
    lines = first_lines(text)
    filled = [line for line in lines if line.strip()]
    above = next((at for at, line in enumerate(filled) if not line.startswith(mark)), len(filled))
    rows = [line for line in filled[above:] if not line.startswith(mark)]
    comments = [line for line in filled[above:] if line.startswith(mark)]
    if not above or len(rows) < _LEAST_ROWS:
        return None
    choice = choose_dialect("\n".join(rows) + "\n")
    cells = cells_of([row + "\n" for row in rows], choice.dialect)
    is_spaced = choice.dialect.delimiter == " "
    # A sentence has as many words as a row by chance.
    if not _is_table(choice, cells) or _are_rows(comments if is_spaced else [*filled[:above], *comments], choice):
        return None
    named = _named(filled[:above], mark, choice, cells)
    is_torn = _are_torn(filled[:above], choice) if is_spaced else _has_cells(filled[:above], named, choice)
    if not comments and not (named and named[2]) and not is_torn and not _is_hidden(text, choice.dialect):
        return None
    delimiter = MARK if is_spaced else choice.dialect.delimiter
    note = Note.of(NoteKind.COMMENT_LINES, mark=mark, is_named=named is not None, is_spaced=is_spaced)
    pattern = BEGIN + re.escape(mark.encode()) + rb"[^\r\n]*+"
    return CommentedLines(
        note=note,
        delimiter=delimiter,
        mark=mark.encode(),
        named=in_bytes(named[0].strip()) if named else None,
        header=_line_of(named[1], delimiter) if named else b"",
        is_spaced=is_spaced,
        below=outside_quotes(pattern, delimiter.encode(), b""),
    )


def _is_table(choice: DialectChoice, cells: Sequence[Sequence[str]]) -> bool:
    """Whether nearly all rows have as many cells, and a column holds values; quotes are the usual ones."""
    dialect, width = choice.dialect, choice.fit.width
    if dialect.single_column or dialect.quote != '"' or dialect.escape or width < 2:
        return False
    alike = [row for row in cells if len(row) == width]
    if len(alike) < _ALIKE * len(cells) or (dialect.delimiter == " " and any('"' in c for row in cells for c in row)):
        return False
    below = alike[min(_HEADER_ROWS, len(alike) // 2) :]
    return any(all(_VALUE.fullmatch(row[at].strip()) for row in below) for at in range(width))


def _are_rows(comments: Sequence[str], choice: DialectChoice) -> bool:
    """Whether a line that begins with the mark may be a row: it has as many cells, and values among them."""
    for row in cells_of([line + "\n" for line in dict.fromkeys(comments)], choice.dialect):
        if len(row) == choice.fit.width and any(_VALUE.fullmatch(cell.strip()) for cell in row[1:]):
            return True
    return False


def _are_torn(comments: Sequence[str], choice: DialectChoice) -> bool:
    """Whether spaces tear sentences into cells: not where each comment is a row of the header, as buoys write it."""
    widths = [len(row) for row in cells_of([line + "\n" for line in comments], choice.dialect)]
    return len(widths) > 1 and any(width != choice.fit.width for width in widths)


def _has_cells(comments: Sequence[str], named: tuple[str, list[str], bool] | None, choice: DialectChoice) -> bool:
    """Whether another comment than the ``named`` one has as many cells as a row, or one fewer: a sentence with commas,
    which would be taken for the header. Settings (``#RANGE: ,20``) are not."""
    if named is None:
        return False
    others = cells_of([line + "\n" for line in comments if line != named[0]], choice.dialect)
    return any(choice.fit.width - 1 <= len(row) > 1 and not row[0].rstrip().endswith(_ENDS_OF_KEY) for row in others)


def _is_hidden(text: str, dialect: CsvDialect) -> bool:
    """Whether the comments hide how the rows are written."""
    seen = choose_dialect(text).dialect
    return (seen.delimiter, seen.aligned) != (dialect.delimiter, dialect.aligned)


def _named(
    comments: Sequence[str], mark: str, choice: DialectChoice, cells: Sequence[Sequence[str]]
) -> tuple[str, list[str], bool] | None:
    """The comment that names the columns, the names, and whether nobody would see them as it stands. None where the
    first row names them."""
    width, delimiter = choice.fit.width, choice.dialect.delimiter
    for line in reversed(comments):
        text = line.lstrip(mark).strip()
        said = _SAID.match(text)
        for names in _splits(text[said.end() :], delimiter) if said else ():
            if _are_names(names, width):
                return line, names, True
    alike = [row for row in cells if len(row) == width]
    if not any(all(_VALUE.fullmatch(row[at].strip()) for row in alike) for at in range(width)):
        return None
    # What is blank or drawn below the names parts them from the rows.
    drawn = sum(1 for _ in takewhile(lambda line: not _WORD.search(line), reversed(comments)))
    line = comments[-1 - drawn] if drawn < len(comments) else ""
    text = line.lstrip(mark).strip()
    if text.endswith(_SENTENCE):
        return None
    found = (names for names in _splits(text, delimiter) if _are_names(names, width))
    is_unseen = drawn > 0 or (delimiter == " " and "  " in text)
    return next(((line, names, is_unseen) for names in found), None)


def _splits(text: str, delimiter: str) -> Iterator[list[str]]:
    """The ways in which a comment can hold names."""
    if delimiter == " ":
        yield [name.strip() for name in _APART.split(text)]
        yield text.split()
        return
    for mark in dict.fromkeys((delimiter, ",")):
        yield [name.strip() for name in text.split(mark)]
    yield text.split()


def _are_names(names: Sequence[str], width: int) -> bool:
    return len(names) == width == len(set(names)) and all(_WORD.search(n) and not _VALUE.fullmatch(n) for n in names)


def _line_of(names: Sequence[str], delimiter: str) -> bytes:
    cells = (_in_one_cell(in_bytes(name), delimiter) for name in names)
    return delimiter.encode().join(cells)
