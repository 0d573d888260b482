"""How a text writes its cells: delimiter, quote, escape and spaces, decided by what makes the sample regular."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from uploads.domain.errors import BadOption

_CANDIDATES = (";", ",", "\t", "|", ":", "^", "~", "\x1f", "\x01", " ", "+", "#", "&", "*", "!")
_WEAK = frozenset(" :+=*!&#~^")
"""Characters that stand in ordinary cells too: they need more than their mere presence in each row."""
_NO_DELIMITER = "\x1f"
"""Stands for "one column": a character that no text holds."""
_NAMES = {"tab": "\t", "\\t": "\t", "space": " ", "comma": ",", "semicolon": ";", "pipe": "|"}
_LINE = re.compile("[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_SAMPLE = 64 * 1024
"""Characters looked at: a thousand rows of a usual table."""
_TIE = 0.97
"""A preferred delimiter wins when its score is at least this share of the best."""

_KNOWN_CELL = re.compile(
    r"""(?:
      [-+]?[$€£¥]?\ ?\d+(?:[.,'\ ]\d+)*(?:[eE][-+]?\d+)?\ ?[%€$£¥]?   # numbers, money, shares
    | \d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T\ ]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?(?:Z|\ ?[-+]\d{2}:?\d{2})?)?
    | \d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?(?:\ ?[AaPp][Mm])?     # times
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+                                     # e-mail
    | (?:https?|ftp)://\S+ | www\.\S+
    | [nN]/?[aA][nN]? | NULL | null | -
    | [^\W\d_][\w'’.&/()#%+-]*(?:\ [\w'’.&/()#%+-]+){0,7}              # words
    | [\w-]+                                                           # codes
    )?""",
    re.VERBOSE,
)


_ONE_VALUE = re.compile(
    r"(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}[T ]?)?(\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?)?( ?[AaPp][Mm])?"
    r"|\w+://\S+|[+-]?\d+( \d{3})*"
)
_VALUE = re.compile(r"[-+]?[$€£]?\d[\d.,:/%-]*")
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")


@dataclass(frozen=True, kw_only=True, slots=True)
class CsvDialect:
    """What a record parser needs to know."""

    delimiter: str
    quote: str | None = '"'
    escape: bool = False
    """A backslash before a quote makes it part of the cell."""
    spaced: bool = False
    """One space after each delimiter belongs to the delimiter."""

    @property
    def single_column(self) -> bool:
        return self.delimiter == _NO_DELIMITER


def delimiter_option(text: str) -> str:
    """A delimiter as a person gives it: one character, or a name such as ``tab``."""
    delimiter = _NAMES.get(text.lower() if len(text) > 1 else text, text)
    if len(delimiter) != 1 or delimiter in '\r\n"\\\x00' or ord(delimiter) > 127:
        raise BadOption(
            f'"{text}" cannot be a delimiter.', hint="Give one character such as ; or , or | (or the word tab)."
        )
    return delimiter


def detect_dialect(sample: str, *, first: str = ";", told: str | None = None) -> CsvDialect:
    """Choose the dialect under which the sample's records are most alike and their cells most familiar.

    ``sample`` is whole lines from the top of the text (and perhaps more); ``first`` wins a tie.
    """
    sample = sample[:_SAMPLE] if len(sample) <= _SAMPLE else sample[: sample.rfind("\n", 0, _SAMPLE) + 1 or _SAMPLE]
    lines = _LINE.findall(sample)
    order = [told] if told else _preference(first)
    best: tuple[float, CsvDialect] | None = None
    for delimiter in order:
        if delimiter not in sample:
            continue
        for quote in _quotes(sample, delimiter):
            dialect = CsvDialect(delimiter=delimiter, quote=quote, escape=_escapes(sample, quote))
            score = _score(lines, dialect)
            if best is None or score * _TIE > best[0]:
                best = (score, dialect)
    if best is None or (told is None and best[0] < 0.05):
        chosen = CsvDialect(delimiter=told or _NO_DELIMITER, escape=_escapes(sample, '"'))
    else:
        chosen = best[1]
    return CsvDialect(
        delimiter=chosen.delimiter, quote=chosen.quote, escape=chosen.escape, spaced=_spaced(sample, chosen)
    )


def _preference(first: str) -> list[str]:
    return [first, *(c for c in _CANDIDATES if c != first)]


def _quotes(sample: str, delimiter: str) -> list[str]:
    """Quote characters that stand at cell borders; ``"`` also where there is none, for it may come later."""
    if "'" not in sample:
        return ['"']
    border = re.escape(delimiter)
    single = len(re.findall(rf"(?m)(?:^|{border} ?)'(?:[^'\r\n]|'')*'(?=$|\r|{border})", sample))
    double = len(re.findall(rf'(?m)(?:^|{border} ?)"(?:[^"]|"")*"(?=$|\r|{border})', sample))
    return ["'"] if single > 2 and single > 4 * double else ['"']


def _escapes(sample: str, quote: str | None) -> bool:
    """Whether ``\\"`` is how quotes inside quoted cells are written."""
    if quote is None or "\\" + quote not in sample:
        return False
    q = re.escape(quote)
    escaped = len(re.findall(rf"\\{q}(?![;,\t|\r\n]|\Z|{q})|\\{q}(?={q})", sample))
    doubled = len(re.findall(rf"(?<!{q})(?<![;,\t|\r\n]){q}{q}(?!{q})(?![;,\t|\r\n]|\Z)", sample))
    return escaped > doubled


def _score(lines: Sequence[str], dialect: CsvDialect) -> float:
    rows = _rows(lines, dialect)
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        return 0.0
    widths = Counter(len(row) for row in rows)
    if dialect.delimiter in _WEAK and not _convincing(lines, rows, widths, dialect):
        return 0.0
    if widths[1] > 0.6 * len(rows) or (dialect.delimiter == "," and _decimal_commas(lines)):
        return 0.0
    # After CleverCSV's pattern score (van den Burg et al., 2019): rows of one shape, and of many cells. Squares instead
    # of its number of shapes: one ragged row in a thousand takes a thousandth, not half.
    pattern = sum((count / len(rows)) ** 2 * (width - 1) / width for width, count in widths.items())
    return pattern * max(_share_known(lines, rows, dialect), 1e-3)


def _share_known(lines: Sequence[str], rows: Sequence[Sequence[str]], dialect: CsvDialect) -> float:
    """Share of the cells that are numbers, dates, words and the like, or stand in quotes."""
    cells = [cell.strip() for row in rows for cell in row]
    unknown = sum(1 for cell in cells if not _KNOWN_CELL.fullmatch(cell))
    if unknown and dialect.quote is not None:
        q, d = re.escape(dialect.quote), re.escape(dialect.delimiter)
        quoted = re.findall(rf"(?:^|(?<=[{d}\r\n])) ?{q}((?:[^{q}]|{q}{q})*+){q}(?=[{d}\r\n]|\Z)", "".join(lines))
        unknown -= min(unknown, sum(1 for cell in quoted if not _KNOWN_CELL.fullmatch(cell.strip())))
    return 1 - unknown / len(cells)


def _convincing(lines: Sequence[str], rows: Sequence[Sequence[str]], widths: Counter[int], dialect: CsvDialect) -> bool:
    """Whether a weak delimiter makes a table: rows of one width, with quotes or values in columns of their own."""
    if dialect.quote is not None and _share_quoted(lines, dialect) >= 0.8:
        return True
    below = Counter(len(row) for row in rows[1:]) or widths  # R's header has one name less than its rows have cells
    width, count = below.most_common(1)[0]
    if width == 1 or len(rows[0]) == 1 or count < 0.8 * below.total():
        return False
    if sum(1 for line in lines if _ONE_VALUE.fullmatch(line.strip())) >= 0.8 * len(lines):
        return False
    whole = [row for row in rows if len(row) == width][1:]
    typed = any(whole and all(_VALUE.fullmatch(row[i].strip()) for row in whole) for i in range(width))
    return typed or (width > 2 and dialect.delimiter != " ")


def _share_quoted(lines: Sequence[str], dialect: CsvDialect) -> float:
    """Share of the lines in which a quoted cell stands next to a delimiter."""
    quote, delimiter = re.escape(dialect.quote or ""), re.escape(dialect.delimiter)
    cell = re.compile(rf"^{quote}[^{quote}]*{quote}{delimiter}|{delimiter}{quote}[^{quote}]*{quote}({delimiter}|\s*$)")
    return sum(1 for line in lines if cell.search(line)) / max(len(lines), 1)


def _decimal_commas(lines: Sequence[str]) -> bool:
    """A column of its own, ``price`` and below it ``1,50``, ``2,25``, ..."""
    filled = [line.strip() for line in lines if line.strip()]
    return len(filled) > 2 and "," not in filled[0] and all(_DECIMAL_COMMA.fullmatch(line) for line in filled[1:])


def _rows(lines: Sequence[str], dialect: CsvDialect) -> list[list[str]]:
    reader = csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        escapechar="\\" if dialect.escape else None,
        skipinitialspace=dialect.delimiter != " ",
    )
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error:
        return rows  # a cell beyond csv's limit: a quote that is never closed
    return rows


def _spaced(sample: str, dialect: CsvDialect) -> bool:
    """Whether every delimiter outside quotes is followed by a space."""
    if dialect.delimiter in " \t" or dialect.single_column:
        return False
    bare = re.sub(rf"{dialect.quote}[^{dialect.quote}]*{dialect.quote}", "Q", sample) if dialect.quote else sample
    total = bare.count(dialect.delimiter)
    return total > 0 and bare.count(dialect.delimiter + " ") >= 0.99 * total
