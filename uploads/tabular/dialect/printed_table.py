"""Tables as programs print them for people: bars between padded cells, and lines that only draw a rule.

So print psql and mysql, SAP's list viewer, Markdown, Jira, and programs that draw boxes. CleverCSV 0.8 and DuckDB's
sniffer 1.4 take the rules for rows and keep the padding.
"""

import re
from collections import Counter
from collections.abc import Sequence

from uploads.tabular.dialect.line_form import BEGIN, END, LineForm, Step, filled_lines, in_bytes
from uploads.tabular.dialect.places import first_lines, written
from uploads.tabular.dialect.printed_tables import printed_tables
from uploads.tabular.notes import Note, NoteKind

_BARS = re.compile("[│┃║┆┇┊┋╎╏]")
_RULE = re.compile(r"\s*(?=.*(?:---|===|[─━═]{2}))(?:[-+|:=\s]|[─-╿])+")
_LEAST_ROWS = 2
_ROWS = 0.5
"""Share of the lines that are no rule that rows of a printed table make up at least: titles and notes stand around."""
_ALIKE = 0.9
_ALIKE_BETWEEN_RULES = 0.7
"""Share of the rows that have as many bars: a cell can hold one too."""
_TOLD_BELOW = re.compile(
    BEGIN + rb"(?:[A-Z][a-z]+[- ])?(?:[a-z]+ )*(?:Indexes|constraints|by|[Tt]riggers|Rules|Policies|Inherits"
    rb"|Publications|objects):"
    rb"[ \t]*+(?:\r?\n {4}[^\r\n|]*+)++" + END
)
"""What psql tells of a table below its columns, indented."""
_BOX = rb"\xe2[\x94\x95][\x80-\xbf]"
"""U+2500 to U+257F in UTF-8."""
_RULE_LINES = (
    re.compile(
        BEGIN + rb"(?=[^\r\n]*(?:---|===|(?:\xe2[\x94\x95][\x80\x81\x90]){2}))(?:[-+|:= \t]|" + _BOX + rb")++" + END
    ),
    b"",
)
_BOX_BARS = (re.compile(rb"\xe2\x94[\x82\x83\x86\x87\x8a\x8b]|\xe2\x95[\x8e\x8f\x91]"), b"|")
_NAMED_RULE = re.compile(BEGIN + rb"[ \t]*+(?=[^\r\n]*\w)" + "(?:┌|┏)".encode() + rb"[^\r\n]++" + END)
_TYPES = (
    re.compile(BEGIN + "│(?: --- *+┆)++ --- *+│".encode() + rb"(?P<end>\r?\n)[^\r\n]*+" + END),
    rb"\g<end>",
)
"""Polars prints the types of its columns below dashes."""
_BETWEEN_NAMES = re.compile("[─━]*[┌┏┬┳┐┓][─━]*")
_FRAME = (re.compile(BEGIN + rb"[ \t]*+\|[ \t]*+|[ \t]*\|[ \t]*+" + END), b"")
_PADDING = (re.compile(rb"[ \t]*\|[ \t]*+"), b"|")
_MARGINS = (re.compile(BEGIN + rb"[ \t]++|[ \t]+" + END), b"")
_WIKI_NAMES = re.compile(BEGIN + rb"[ \t]*+\|\|(?:[^|\r\n]*[^| \t\r\n][^|\r\n]*+\|\|){2,}+[ \t]*+" + END)
_CELL_RULE = rb"[ \t]*+:?--+:?[ \t]*+"
_MARKDOWN_RULE = re.compile(BEGIN + rb"[ \t]*+\|?(?:" + _CELL_RULE + rb"\|)+(?:" + _CELL_RULE + rb")?" + END)
_ESCAPED = "\\|"
_BAR = re.compile(r"(?<!\\)\|")
_BARRED = re.compile(BEGIN + rb"[^|\r\n]*+\|[^\r\n]*+")


def find_printed(text: str) -> LineForm | None:
    """The form of a text that is a printed table, for the most part, or of which all tables are Markdown's."""
    if "|" not in text and not _BARS.search(text):
        return None
    all_lines = first_lines(text)
    if (form := _find_markdown(all_lines) or _find_wiki(filled_lines(text)) or _find_several(all_lines)) is not None:
        return form
    lines = [_BARS.sub("|", line) for line in filled_lines(text)]
    rules = [at for at, line in enumerate(lines) if _RULE.fullmatch(line)]
    others = [line for at, line in enumerate(lines) if at not in set(rules)]
    rows = [line.strip() for line in others if "|" in line]
    told = sum(len(found[0].splitlines()) for found in _TOLD_BELOW.finditer(in_bytes("\n".join(others))))
    if len(rows) < _LEAST_ROWS or len(rows) < _ROWS * (len(others) - told):
        return None
    framed = [row for row in rows if len(row) > 1 and row.startswith("|") and row.endswith("|")]
    is_framed = len(framed) >= _ALIKE * len(rows)
    (bars, alike), *_ = Counter(row.count("|") for row in (framed if is_framed else rows)).most_common(1)
    if alike < (_ALIKE_BETWEEN_RULES if rules else _ALIKE) * len(rows) or bars < 1 + is_framed:
        return None
    note = Note.of(NoteKind.PRINTED_TABLE, rules=len(rules), **({"told": told} if told else {}))
    if not (_is_ruled(lines, rules, bars, is_framed=is_framed) if rules else is_framed and _are_aligned(framed)):
        return _find_framed(framed) if not rules and alike == len(others) == len(framed) else None
    return LineForm(note=note, steps=_steps(is_framed=is_framed), delimiter="|")


def _find_several(lines: Sequence[str]) -> LineForm | None:
    """The form of tables below each other, which need not have columns in common."""
    tables = printed_tables(lines)
    if not tables:
        return None
    note = Note.of(NoteKind.PRINTED_TABLE, rules=sum(1 for line in lines if _RULE.fullmatch(line)))
    return LineForm(note=note, steps=_steps(is_framed=tables[0].is_framed), delimiter="|")


def _steps(*, is_framed: bool) -> tuple[Step, ...]:
    frame = (_FRAME,) if is_framed else ()
    around = ((_TOLD_BELOW, _blank_lines), (_NAMED_RULE, _names_in_rule), _TYPES, _RULE_LINES, _BOX_BARS)
    return (*around, *frame, _PADDING, _MARGINS)


def _find_framed(rows: Sequence[str]) -> LineForm | None:
    """The form of rows that all stand between bars, none of which is in line with those above, ``|a|b|``: with a space
    around each cell, or around none, for nothing is taken off where nobody padded."""
    inner = [row[1:-1] for row in rows]
    if min(row.count("|") for row in inner) < 1 or any('"' in row for row in inner) or all("||" in row for row in rows):
        return None
    cells = [cell for row in inner for cell in row.split("|") if cell]
    is_bare = not any(cell != cell.strip() for cell in cells)
    if not is_bare and not all(cell.startswith(" ") and cell.endswith(" ") for cell in cells):
        return None
    if is_bare:
        note = Note.of(NoteKind.PRINTED_TABLE, rules=0, is_bare=True)
        return LineForm(note=note, steps=(_BOX_BARS, _FRAME), delimiter="|")
    return LineForm(
        note=Note.of(NoteKind.PRINTED_TABLE, rules=0), steps=(_BOX_BARS, _FRAME, _PADDING, _MARGINS), delimiter="|"
    )


def _find_wiki(lines: Sequence[str]) -> LineForm | None:
    """The form of a table as Jira and Confluence have it: two bars around each name, one around each cell below."""
    at = next((at for at, line in enumerate(lines) if _WIKI_NAMES.fullmatch(line.encode(errors="replace"))), None)
    if at is None:
        return None
    bars = lines[at].count("||")
    rows = [line.strip() for line in lines[at + 1 :] if line.strip().startswith("|")]
    alike = sum(row.endswith("|") and row.count("|") == bars and "||" not in row.strip("|") for row in rows)
    if alike < _LEAST_ROWS or alike < _ALIKE_BETWEEN_RULES * len(rows):
        return None
    return LineForm(
        note=Note.of(NoteKind.PRINTED_TABLE, rules=0),
        steps=((_WIKI_NAMES, lambda line: line[0].replace(b"||", b"|")), _FRAME, _PADDING, _MARGINS),
        delimiter="|",
    )


def _is_ruled(lines: Sequence[str], rules: Sequence[int], bars: int, *, is_framed: bool) -> bool:
    """Whether a rule stands next to a row; without a frame it must be below the first one and part the same columns."""
    if is_framed:
        return any("|" in line for at in rules for line in lines[max(at - 1, 0) : at + 2] if line is not lines[at])
    first = next(at for at, line in enumerate(lines) if "|" in line and at not in rules)
    below = lines[first + 1] if first + 1 in rules else ""
    return sum(map(below.count, "+|┼╪╬")) == bars


def _are_aligned(rows: Sequence[str]) -> bool:
    """Whether bars stand at the same places in all rows, with a space on one side at least."""
    places = {tuple(at for at, letter in enumerate(row) if letter == "|") for row in rows}
    return len(rows) > _LEAST_ROWS and len(places) == 1 and not any(re.search(r"[^\s|]\|[^\s|]", row) for row in rows)


def _find_markdown(all_lines: Sequence[str]) -> LineForm | None:
    """The form of a text whose lines with bars are rows of tables as Markdown has them, each with a rule right below
    its first row, whatever stands around; a bar in a cell is ``\\|`` there."""
    filled = [at for at, line in enumerate(all_lines) if line.strip()]
    lines = [all_lines[at] for at in filled]
    rules = {at for at, line in enumerate(lines) if at and _MARKDOWN_RULE.fullmatch(line.encode(errors="replace"))}
    if not rules:
        return None
    places = [at for at, line in enumerate(lines) if _BAR.search(line)]
    bars = {at: len(_BAR.findall(lines[at].strip())) for at in places}
    heads = {at - 1 for at in rules}
    if any(at - 1 in bars and filled[at - 1] == filled[at] - 1 for at in heads):
        return None  # a row of dashes for no value
    rows, known = 0, 0
    for at in places:
        known = bars.get(at + 1, 0) if at in heads else known if at - 1 in bars else 0
        if known != bars[at] and (at in heads or at in rules or not known):
            return None
        rows += at not in rules and known == bars[at]
    if rows < _ALIKE * (len(places) - len(rules)) or rows <= len(rules):
        return None
    return LineForm(
        note=Note.of(NoteKind.PRINTED_TABLE, rules=len(rules)),
        steps=((_MARKDOWN_RULE, b""), (_BARRED, _plain_row)),
        delimiter="|",
    )


def markdown_begun(text: str) -> tuple[int, ...]:
    """The lines, from 0, in which the second table of Markdown and all further ones begin, with what stands above."""
    lines = first_lines(text)
    barred = [len(_BAR.findall(line.strip())) for line in lines]
    found = []
    for at, line in enumerate(lines):
        if at < 1 or barred[at] != barred[at - 1] or not _MARKDOWN_RULE.fullmatch(line.encode(errors="replace")):
            continue
        top = next((i + 1 for i in range(at - 2, -1, -1) if barred[i]), None)
        if top is not None and top < at - 1:
            found.append(next(i for i in range(top, at) if lines[i].strip()))
    return tuple(found)


def _blank_lines(lines: re.Match[bytes]) -> bytes:
    return b"".join(line[len(line.rstrip(b"\r\n")) :] for line in lines[0].splitlines(keepends=True))


def _names_in_rule(line: re.Match[bytes]) -> bytes:
    """A row of the names that stand in a rule, ``┌─id─┬─name─┐``, as ClickHouse prints them."""
    return _BETWEEN_NAMES.sub("│", line[0].decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _plain_row(line: re.Match[bytes]) -> bytes:
    """A row without its frame, cells with bars in quotes."""
    text = line[0].decode("utf-8", "surrogateescape").strip()
    cells = [cell.strip().replace(_ESCAPED, "|") for cell in _BAR.split(text)]
    begin, end = text.startswith("|"), len(cells) > 1 and not cells[-1] and text.endswith("|")
    return written(cells[begin : len(cells) - end]).encode("utf-8", "surrogateescape")
