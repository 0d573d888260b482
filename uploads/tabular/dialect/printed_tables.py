"""Several printed tables below each other, each of columns of its own: what a script of psql or mysql prints.

Each has a rule below its header that joins where the header has bars. CleverCSV 0.8 and DuckDB's sniffer 1.4 keep to
the width that most lines have, and the other tables are notes to them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from uploads.tabular.dialect.places import COUNT

_BAR = "|"
_RULE = re.compile(r"[-+|=]*-[-+|=]*")
_JOINTS = re.compile(r"[+|]")
_ROWS_IN_SET = re.compile(r"\d+ rows? in set\b.*")
_DESCRIBED = re.compile(r' *(?:[A-Z][a-z]+ )?[A-Za-z]+ "[^"]+" *')
_LEAST_TABLES = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedTable:
    """One of them, by its lines from 0."""

    top: int
    """The first of the titles above it, or its header, or the rule above that."""
    header: int
    end: int
    """Behind its last row."""
    rows: int
    is_framed: bool


def printed_tables(lines: Sequence[str]) -> list[PrintedTable]:
    """All of them, where every line with a bar belongs to one; else none, and none where there is but one."""
    found: list[PrintedTable] = []
    at = 0
    while at < len(lines):
        if (table := _table_at(lines, at, above=found[-1].end if found else 0)) is not None:
            found.append(table)
            at = table.end
        elif _BAR in lines[at] and not _is_rule(lines[at]):
            return []
        else:
            at += 1
    are_alike = len({table.is_framed for table in found}) == 1
    return found if len(found) >= _LEAST_TABLES and are_alike and any(table.rows for table in found) else []


def others_begun(lines: Sequence[str]) -> tuple[int, ...]:
    """Where each further table begins, with what stands above it, that has other names than the one before or is told
    to be of another thing, ``Table "public.lines"``."""
    tables = printed_tables(lines)
    pairs = pairwise(tables)
    return tuple(
        other.top
        for one, other in pairs
        if _names(lines[one.header]) != _names(lines[other.header]) or _DESCRIBED.fullmatch(lines[other.top])
    )


def _names(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip(_BAR).split(_BAR)]


def _is_rule(line: str) -> bool:
    return _RULE.fullmatch(line.strip()) is not None and "--" in line


def _places(line: str) -> list[int]:
    return [match.start() for match in _JOINTS.finditer(line.rstrip())]


def _table_at(lines: Sequence[str], at: int, *, above: int) -> PrintedTable | None:
    """The table whose header is this line."""
    header = lines[at]
    if at + 1 >= len(lines) or _BAR not in header or _is_rule(header) or not _is_rule(lines[at + 1]):
        return None
    bars = _places(header)
    if _places(lines[at + 1]) != bars:
        return None
    is_framed = bars[0] == header.find(header.strip()[0]) and header.rstrip().endswith(_BAR) and len(bars) > 1
    end = at + 2
    rows = 0
    while end < len(lines) and (_places(lines[end]) == bars if _BAR in lines[end] else _is_rule(lines[end])):
        rows += not _is_rule(lines[end])
        end += 1
    top = at - (is_framed and at > above and _is_rule(lines[at - 1]))
    return PrintedTable(top=_title_of(lines, top, above), header=at, end=end, rows=rows, is_framed=is_framed)


def _title_of(lines: Sequence[str], header: int, above: int) -> int:
    """Where the lines begin that stand right above a header, or above blank lines there."""
    end = header
    while end > above and not lines[end - 1].strip():
        end -= 1
    begin = end
    while begin > above and lines[begin - 1].strip() and not _is_count(lines[begin - 1].strip()):
        begin -= 1
    return begin if begin < end else header


def _is_count(line: str) -> bool:
    return COUNT.fullmatch(line) is not None or _ROWS_IN_SET.fullmatch(line) is not None
