"""The careful record parser: one record at a time, every line accounted for, resuming after any fault.

The fast path (``blocks``) handles regular text; what it cannot vouch for comes here. Both give the same
cells for the same well-formed text: a test compares them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from uploads.tabular.dialect.dialect import CsvDialect

_MAX_STRAY_TRIALS = 200
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_STAND_IN = "\U0010ffff"
"""Takes the place of a stray quote while the rest of its line is read; a noncharacter, never in a text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One record as it stands in the text."""

    start: int
    end: int
    """Just behind the line end."""
    lines: int
    """Physical lines that it takes."""
    cells: tuple[str, ...]
    fault: str = ""
    """Code of what is wrong with its quotes; empty when nothing is."""
    stray: bool = False
    """A quote stood where none belongs, and only one reading was possible: it is kept as written."""


class UnfinishedError(Exception):
    """The text ends inside a quoted cell; more of it may close the quote."""


@dataclass(frozen=True, slots=True)
class _Grammar:
    cell: re.Pattern[str]
    line: re.Pattern[str]
    spaces: re.Pattern[str]
    end: re.Pattern[str]
    quoted: re.Pattern[str]
    """A quoted cell up to its closing quote, whatever follows."""
    bare: re.Pattern[str]
    lenient: re.Pattern[str]
    """A cell of a line in which only quotes at the borders of cells count."""


@lru_cache(maxsize=32)
def _grammar(dialect: CsvDialect) -> _Grammar:
    delimiter = re.escape(dialect.delimiter)
    stop = f"(?=[{delimiter}\r\n]|\\Z)"
    bare = f"[^{delimiter}\r\n]*+"
    q = re.escape(dialect.quote) if dialect.quote is not None else "(?!)"
    if dialect.quote is None:
        cell = f"({bare}){stop}"
        inner = "(?!)"
    else:
        escaped = rf"|\\[\\{q}]|\\" if dialect.escape else ""
        inner = f"(?:[^{q}\\\\]|{q}{q}{escaped})*+" if dialect.escape else f"(?:[^{q}]|{q}{q})*+"
        cell = f"{q}(?P<quoted>{inner}){q}{stop}|(?P<bare>(?!{q}){bare})"
    border = f"(?:{delimiter}|\\Z)"
    loose = rf"(?:[^{q}]|{q}(?!{border}|{q})|{q}{q}(?!{border}))*+" if dialect.quote is not None else "(?!)"
    return _Grammar(
        cell=re.compile(cell, re.DOTALL),
        line=re.compile("[^\r\n]*+"),
        spaces=re.compile(" *+"),
        end=re.compile("\r\n|\n|\r|\\Z"),
        quoted=re.compile(f"{q}{inner}({q}?)", re.DOTALL),
        bare=re.compile(bare),
        lenient=re.compile(f"{q}(?P<quoted>{loose}){q}(?={border})|(?P<bare>(?!{q})[^{delimiter}]*+)"),
    )


def parse_records(text: str, dialect: CsvDialect, *, width: int | None, final: bool) -> Iterator[Record]:
    """Parse ``text``, which begins at the start of a record, to its end.

    ``width``: cells that a record should have, where known: it tells a quote that was never closed from a cell that
    goes on for many lines. ``final``: no more text follows; otherwise ``UnfinishedError`` is raised where more is
    needed.
    """
    at = 0
    while at < len(text):
        record = _parse_record(text, at, dialect, width=width, final=final)
        yield record
        at = record.end


def _parse_record(text: str, at: int, dialect: CsvDialect, *, width: int | None, final: bool) -> Record:
    strict = _strict(text, at, dialect)
    if strict is not None:
        cells, stop, mixed = strict
        if not final and text[stop:] in ("", "\r"):
            raise UnfinishedError
        end = _line_end(text, stop, dialect)
        lines = _count_lines(text, at, end)
        if mixed and lines == 1 and not _quotes_harmless(text[at:stop], cells, dialect):
            return Record(start=at, end=end, lines=1, cells=tuple(cells), fault="stray_quote")
        if lines == 1 or width is None or len(cells) == width or not _swallows(text, at, end, dialect, width):
            return Record(start=at, end=end, lines=lines, cells=tuple(cells))
    return _faulty(text, at, dialect, width=width, final=final)


def _strict(text: str, at: int, dialect: CsvDialect) -> tuple[list[str], int, bool] | None:
    """Cells of the record at ``at``, where it ends, and whether a bare cell holds a quote; ``None``: bad quotes."""
    cell = _grammar(dialect).cell
    quote = dialect.quote
    cells: list[str] = []
    mixed = False
    while True:
        at = _begin_of_cell(text, at, dialect, is_first=not cells)
        if dialect.aligned and cells and text[at : at + 1] in ("", "\r", "\n"):
            return cells, at, mixed
        match = cell.match(text, at)
        if match is None:
            return None
        quoted = match["quoted"] if quote is not None else None
        if quoted is None:
            value = match["bare"] if quote is not None else match[1]
            mixed = mixed or (quote is not None and quote in value)
        else:
            value = _unquoted(quoted, dialect)
        cells.append(value)
        at = match.end()
        if at < len(text) and text[at] == dialect.delimiter:
            at += 1
        else:
            return cells, at, mixed


def _begin_of_cell(text: str, at: int, dialect: CsvDialect, *, is_first: bool) -> int:
    """Where a cell begins that stands at ``at`` or behind some spaces."""
    if not dialect.spaced or (is_first and not dialect.aligned) or not text.startswith(" ", at):
        return at
    behind = _grammar(dialect).spaces.match(text, at).end()  # type: ignore[union-attr]
    return behind if dialect.aligned or text.startswith(dialect.quote or "\0", behind) else at + 1


def _unquoted(quoted: str, dialect: CsvDialect) -> str:
    quote = dialect.quote or ""
    if dialect.escape and "\\" in quoted:
        return re.sub(rf"\\([\\{re.escape(quote)}])|{re.escape(quote)}{{2}}", lambda m: m[1] or quote, quoted)
    return quoted.replace(quote + quote, quote)


def _line_end(text: str, at: int, dialect: CsvDialect) -> int:
    match = _grammar(dialect).end.match(text, at)
    return match.end() if match else len(text)


def _count_lines(text: str, start: int, end: int) -> int:
    breaks = text.count("\n", start, end) + text.count("\r", start, end) - text.count("\r\n", start, end)
    return max(breaks + (0 if text[end - 1 : end] in ("\n", "\r") else 1), 1)


def _quotes_harmless(line: str, cells: list[str], dialect: CsvDialect) -> bool:
    """Whether quotes inside bare cells (``5" pipe``, ``the "best" one``) leave no doubt about the cells' borders.

    There is doubt where reading them as cell quotes gives another number of cells: ``say "a, b"``. Behind a digit each
    means inches or seconds: ``52°31'12"N,13°24'18"E``.
    """
    quote = dialect.quote or ""
    if quote == "'":
        line = _APOSTROPHE.sub("", line)
    if line.count(quote) % 2 or not re.search(rf"(?<![0-9]){re.escape(quote)}", line):
        return True
    outside = "q".join(line.split(quote)[::2]).split(dialect.delimiter)
    return len(list(filter(None, outside)) if dialect.aligned else outside) == len(cells)


def _swallows(text: str, at: int, end: int, dialect: CsvDialect, width: int) -> bool:
    """Whether lines behind the first one read as records of their own: then its quote was never closed."""
    first = _line_end(text, _grammar(dialect).line.match(text, at).end(), dialect)  # type: ignore[union-attr]
    following = _strict(text, first, dialect)
    return following is not None and len(following[0]) == width and following[1] <= end


def _faulty(text: str, at: int, dialect: CsvDialect, *, width: int | None, final: bool) -> Record:
    """A record with bad quotes takes one line: mended if only one reading is possible, else a fault."""
    grammar = _grammar(dialect)
    match = grammar.line.match(text, at)
    stop = match.end() if match else at
    line = text[at:stop]
    quote = dialect.quote or ""
    closes = _misplaced_close(text, at, stop, dialect)
    if not final and (closes is None or text[stop:] in ("", "\r")):
        raise UnfinishedError
    end = _line_end(text, stop, dialect)
    if closes:
        readings = _lenient_readings(line, dialect, width) | _single_stray_readings(line, dialect, width)
        if len(readings) == 1:
            return Record(start=at, end=end, lines=1, cells=readings.pop(), stray=True)
        return Record(start=at, end=end, lines=1, cells=(line,), fault="stray_quote")
    return Record(start=at, end=end, lines=1, cells=(line,), fault="unclosed_quote" if quote else "stray_quote")


def _misplaced_close(text: str, at: int, stop: int, dialect: CsvDialect) -> bool | None:
    """Where the quotes go wrong: ``True`` on the first line, ``False`` behind it, ``None`` at the text's end."""
    grammar = _grammar(dialect)
    begin = at
    while True:
        at = _begin_of_cell(text, at, dialect, is_first=at == begin)
        if not text.startswith(dialect.quote or "\0", at):
            at = grammar.bare.match(text, at).end()  # type: ignore[union-attr]
        else:
            match = grammar.quoted.match(text, at)
            if match is None or not match[1]:
                return None
            at = match.end()
            if at < len(text) and text[at] not in (dialect.delimiter, "\r", "\n"):
                return at <= stop
        if at >= len(text) or text[at] != dialect.delimiter:
            return False
        at += 1


def _lenient_readings(line: str, dialect: CsvDialect, width: int | None) -> set[tuple[str, ...]]:
    """The reading in which only quotes at the borders of cells count (``"the "best" one"``), if it is beyond doubt."""
    quote = dialect.quote or ""
    if width is None:
        return set()
    cell = _grammar(dialect).lenient
    cells: list[str] = []
    at = _begin_of_cell(line, 0, dialect, is_first=True)
    while at <= len(line) and not (dialect.aligned and cells and at == len(line)):
        match = cell.match(line, at)
        if match is None:
            return set()
        if match["quoted"] is None:
            cells.append(match["bare"])
        elif dialect.delimiter + quote in match["quoted"]:
            return set()
        else:
            cells.append(match["quoted"].replace(quote + quote, quote))
        at = _begin_of_cell(line, match.end() + 1, dialect, is_first=False)
    bare = "".join(cell for cell in cells if quote in cell)
    return {tuple(cells)} if len(cells) == width and bare else set()


def _single_stray_readings(line: str, dialect: CsvDialect, width: int | None) -> set[tuple[str, ...]]:
    """All readings of a line in which one of its quotes is an ordinary character."""
    quote = dialect.quote or ""
    if width is None or line.count(quote) % 2 == 0 or line.count(quote) > _MAX_STRAY_TRIALS:
        return set()
    readings: set[tuple[str, ...]] = set()
    for match in re.finditer(re.escape(quote), line):
        trial = line[: match.start()] + _STAND_IN + line[match.end() :]
        read = _strict(trial, 0, dialect)
        if read is not None and read[1] == len(trial) and not read[2] and len(read[0]) == width:
            readings.add(tuple(cell.replace(_STAND_IN, quote) for cell in read[0]))
    return readings
