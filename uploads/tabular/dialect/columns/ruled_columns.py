"""Columns of fixed width below a line of dashes that shows their places: ``---------- ---------- ---------``.

So print SQL*Plus, sqlcmd, isql, DB2, PowerShell, and documents in reStructuredText. CleverCSV 0.8 and DuckDB's sniffer
1.4 make one column of them, pandas' ``read_fwf`` guesses the places from the rows and takes the rule for one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from uploads.tabular.dialect.line_form import BEGIN, END, LineForm, Rewriter, Step
from uploads.tabular.dialect.places import (
    COUNT,
    LINE,
    MARK,
    Measure,
    byte_places,
    characters,
    first_lines,
    is_no_row,
    wide_places,
    written,
)
from uploads.tabular.notes import Note, NoteKind

_DASHES = "-=_─━═"
_RULE = re.compile(rf"\s*([{_DASHES}])\1*(?:( +|[,;|\t])\1+)+\s*")
_GROUP = re.compile(rf"[{_DASHES}]+")
_LEAST_DASHES = 6
_NUMBER = re.compile(r"[-+]?\d[\d.,]*")
_TAB_STOPS = 8
"""SQL*Plus writes tabs for spaces unless told ``SET TAB OFF``."""
_CONFORMING = 0.98
"""Share of the lines between rules and blank lines that have a space at each place where the rule has one."""
_SUBTOTAL_RULE = re.compile(rf"([{_DASHES}*])\1*")

_RULE_LINES = (re.compile(BEGIN + rb"[ \t]*+-++(?:[,;|\t]-++)++[ \t]*+" + END), b"")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """The groups of dashes of one line, as begin and end of each, and what parts them: spaces or a delimiter."""

    groups: tuple[tuple[int, int], ...]
    mark: str

    @property
    def gaps(self) -> list[range]:
        """The places between two columns."""
        return [range(end, begin) for (_, end), (begin, _) in pairwise(self.groups)]

    def is_part_of(self, other: "Rule | None") -> bool:
        """Whether it rules off only some columns of another, and not the first: for the sums below."""
        return other is not None and set(self.groups) < set(other.groups[1:])


@dataclass(frozen=True, kw_only=True, slots=True)
class RuledColumns(LineForm):
    """Lines are cut at the same places as the rule above them; the rule itself is no line any more."""

    steps: tuple[Step, ...] = ()
    rule: Rule
    cuts: tuple[int, ...]
    """Where ``rule`` parts the columns."""
    measure: Measure

    def start(self) -> Rewriter:
        return _Cutter(self).cut


class _Cutter:
    """Cuts lines as they come. A line waits for the next one: above a rule it is the header of the rows below."""

    def __init__(self, form: RuledColumns) -> None:
        self._form = form
        self._rule: Rule | None = None
        self._cuts: tuple[int, ...] = ()
        self._held: bytes | None = None

    def cut(self, lines: bytes, *, final: bool) -> bytes:
        done = []
        for line in LINE.findall(lines):
            body = line.rstrip(b"\r\n")
            rule = rule_of(body.decode("utf-8", "surrogateescape"))
            if rule is not None and not rule.is_part_of(self._rule):
                self._rule = rule
                self._cuts = self._form.cuts if rule == self._form.rule else tuple(gap[-1] for gap in rule.gaps)
            done.append(self._finished())
            self._held = line[len(body) :] if rule is not None else line
        if final:
            done.append(self._finished())
        return b"".join(done)

    def _finished(self) -> bytes:
        line, self._held = self._held, None
        if line is None:
            return b""
        text = line.rstrip(b"\r\n")
        cells = self._cells(text.decode("utf-8", "surrogateescape"))
        return written(cells).encode("utf-8", "surrogateescape") + line[len(text) :]

    def _cells(self, line: str) -> list[str]:
        if self._rule is None or not line.strip() or is_no_row(line):
            return [line.strip()]
        shown = _shown(line, self._rule, self._form.measure)
        if not conforms(shown, self._cuts, self._rule.mark):
            return [line.strip()]
        cells = cut_at(shown, self._cuts)
        return [] if _is_subtotal_rule(cells, self._rule) else cells


def find_ruled(text: str) -> LineForm | None:
    """The form of a text with a header above a rule, and rows below it that keep its places."""
    lines = first_lines(text)
    rules = [rule_of(line) for line in lines]
    at = next(_below_headers(lines, rules), None)
    if at is None or (rule := rules[at]) is None or _is_wrapped(lines, rules):
        return None
    block = [lines[at - 1], *_rows_below(lines, rules, rule)]
    if len(block) < 2:
        return None
    for measure in _measures(block, rule):
        shown = [_shown(line, rule, measure) for line in block]
        cuts = _cuts_of(shown, rule)
        if cuts is not None and _is_header(shown[0], lines[at - 2 : at - 1], cuts, rule):
            note = Note.of(NoteKind.RULED_COLUMNS, rules=sum(one is not None for one in rules), delimiter=None)
            return RuledColumns(note=note, rule=rule, cuts=cuts, measure=measure, delimiter=MARK)
    return _only_ruled(block, rule, rules=sum(one is not None for one in rules))


def _only_ruled(block: Sequence[str], rule: Rule, *, rules: int) -> LineForm | None:
    """A delimiter parts the rule and all rows, which are not padded (``sqlcmd -s, -W``): only the rule is no row."""
    counts = {line.count(rule.mark) for line in block}
    if rule.mark == " " or counts != {len(rule.groups) - 1}:
        return None
    note = Note.of(NoteKind.RULED_COLUMNS, rules=rules, delimiter=rule.mark)
    return LineForm(note=note, steps=(_RULE_LINES,), delimiter=rule.mark)


def tables_begun(text: str) -> list[int]:
    """The lines, from 0, in which further tables begin: those under other names than the first. What stands right
    above a header, as the statement that was asked, is its title."""
    lines = first_lines(text)
    rules = [rule_of(line) for line in lines]
    known: Rule | None = None
    names: list[str] = []
    begins = []
    for at in _below_headers(lines, rules):
        rule = rules[at]
        cuts = [gap[-1] for gap in rule.gaps] if rule else []
        if rule is None or rule.is_part_of(known) or not _is_header(lines[at - 1], lines[at - 2 : at - 1], cuts, rule):
            continue
        own = cut_at(lines[at - 1], cuts)
        if known is not None and own != names:
            begins.append(_title_of(lines, at - 1))
        known, names = rule, own
    return begins


def _title_of(lines: Sequence[str], header: int) -> int:
    """Where the paragraph above a header begins, unless it is the table before or says how many rows that has."""
    end = header
    while end and not lines[end - 1].strip():
        end -= 1
    begin = end
    while begin and lines[begin - 1].strip() and not COUNT.fullmatch(lines[begin - 1].strip()):
        begin -= 1
    is_title = begin < end < header and not any(map(rule_of, lines[begin:end]))
    return begin if is_title else header


def _below_headers(lines: Sequence[str], rules: Sequence[Rule | None]) -> Iterator[int]:
    """The rules that stand right below a filled line."""
    return (i for i in range(1, len(lines)) if rules[i] is not None and rules[i - 1] is None and lines[i - 1].strip())


def rule_of(line: str) -> Rule | None:
    found = _RULE.fullmatch(line) if line.lstrip()[:1] in _DASHES else None
    if found is None or sum(map(line.count, _DASHES)) < _LEAST_DASHES:
        return None
    gap = found[2]
    length = len(line.rstrip())
    marks = {gap[0]} | {line[end] for _, end in (m.span() for m in _GROUP.finditer(line)) if end < length}
    if len(marks) > 1:
        return None
    return Rule(groups=tuple(match.span() for match in _GROUP.finditer(line)), mark=gap[0])


def _is_wrapped(lines: Sequence[str], rules: Sequence[Rule | None]) -> bool:
    """Whether a header was too long for one line, and so its rules and all rows: another rule follows at once."""
    filled = [rule for line, rule in zip(lines, rules, strict=True) if line.strip()]
    pairs = (*pairwise(filled), *zip(filled, filled[2:], strict=False))
    return any(one and other and one != other and not other.is_part_of(one) for one, other in pairs)


def _rows_below(lines: Sequence[str], rules: Sequence[Rule | None], rule: Rule) -> list[str]:
    """The lines right below each line that is ``rule``, down to a blank one or to what is said below the table."""
    found: list[str] = []
    is_below = False
    for at, line in enumerate(lines):
        if rules[at] is not None:
            is_below = rules[at] == rule
        elif not line.strip() or is_no_row(line):
            is_below = False
        elif is_below:
            found.append(line)
    return found


def _measures(lines: Sequence[str], rule: Rule) -> list[Measure]:
    """How places are counted, the likeliest first: lines that were padded are as long as the rule then."""
    if all(map(str.isascii, lines)):
        return [characters]
    length = rule.groups[-1][1]
    others = [line for line in lines if not line.isascii()]
    measures = [characters, wide_places, byte_places]
    return sorted(measures, key=lambda measure: -sum(len(measure(line)) == length for line in others))


def _shown(line: str, rule: Rule, measure: Measure) -> str:
    line = line.expandtabs(_TAB_STOPS) if rule.mark == " " else line
    return line if line.isascii() else measure(line)


def _cuts_of(lines: Sequence[str], rule: Rule) -> tuple[int, ...] | None:
    """A place in each gap of the rule at which nearly all lines have its mark, or nothing."""
    most = (1 - _CONFORMING) * len(lines)
    cuts = []
    for gap in rule.gaps:
        free = [at for at in gap if sum(line[at : at + 1] not in ("", rule.mark) for line in lines) <= most]
        if not free:
            return None
        # A wide gap belongs to the column on its left, unless words of that stand in it with spaces between.
        cuts.append(free[-1] if gap[-1] == free[-1] else free[0])
    return tuple(cuts)


def conforms(line: str, cuts: Sequence[int], mark: str) -> bool:
    return all(line[at : at + 1] in ("", mark) for at in cuts)


def cut_at(line: str, cuts: Sequence[int]) -> list[str]:
    begins, ends = [0, *(at + 1 for at in cuts)], [*cuts, len(line)]
    return [line[begin:end].replace("\0", "").strip() for begin, end in zip(begins, ends, strict=True)]


def _is_header(line: str, above: Sequence[str], cuts: Sequence[int], rule: Rule) -> bool:
    """Whether the line above a rule keeps its places and names most columns, and nothing stands on their left.

    Numbers below numbers are rows, and the rule stands above their sum.
    """
    if not conforms(line, cuts, rule.mark) or line[: rule.groups[0][0]].strip():
        return False
    cells, others = cut_at(line, cuts), cut_at("".join(above), cuts)
    is_row = any(
        _NUMBER.fullmatch(cell) and _NUMBER.fullmatch(other) for cell, other in zip(cells, others, strict=True)
    )
    return 2 * sum(map(bool, cells)) > len(cells) and not is_row


def _is_subtotal_rule(cells: Sequence[str], rule: Rule) -> bool:
    """Whether a line rules off some columns for the total below: as wide as the column is, and nothing else."""
    widths = [end - begin for begin, end in rule.groups]
    filled = [(cell, width) for cell, width in zip(cells, widths, strict=True) if cell]
    is_drawn = all(_SUBTOTAL_RULE.fullmatch(cell) and len(cell) == width for cell, width in filled)
    return is_drawn and any(cell[0] in _DASHES and width > 1 for cell, width in filled)
