"""Rows that are too wide for one line: SQL*Plus prints header, rules and each row below each other in several.

EMPNO ENAME
---------- ----------
       SAL     DEPTNO
---------- ----------
      7369 SMITH
       800         20
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from uploads.tabular.dialect.columns.ruled_columns import Rule, conforms, cut_at, rule_of
from uploads.tabular.dialect.line_form import LineForm, Rewriter, Step
from uploads.tabular.dialect.places import LINE, MARK, first_lines, is_no_row, written
from uploads.tabular.notes import Note, NoteKind

_SINGLE = re.compile(r"(-{2,}) *")
_NUMBER = re.compile(r"[-+]?\d[\d.,]*")
_CONFORMING = 0.9
"""Share of the rows whose lines keep the places of their rules."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FoldedRows(LineForm):
    """As many lines as there are rules make one row; it stands in the first, the others are blank then."""

    steps: tuple[Step, ...] = ()
    rules: tuple[Rule, ...]

    def start(self) -> Rewriter:
        return _Unfolder(self.rules).unfold


class _Unfolder:
    """Takes lines as they come; those of a row that has begun wait for the rest of it."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._cuts = [[gap[-1] for gap in rule.gaps] for rule in rules]
        self._parts: list[str] = []
        self._ends: list[bytes] = []
        self.rows = 0
        self.whole = 0
        """Rows of which each line keeps the places of its rule."""

    def unfold(self, lines: bytes, *, final: bool) -> bytes:
        done = [self._take(line) for line in LINE.findall(lines)]
        if final:
            done.append(self._finished())
        return b"".join(done)

    def _take(self, line: bytes) -> bytes:
        text = line.rstrip(b"\r\n")
        end, shown = line[len(text) :], text.decode("utf-8", "surrogateescape").expandtabs()
        if _rule_in(shown) is not None:
            if self._parts:
                self._ends.append(end)
                return b""
            return end
        if is_no_row(shown) or (not self._parts and not self._begins(shown)):
            return self._finished() + shown.strip().encode("utf-8", "surrogateescape") + end
        self._parts.append(shown)
        self._ends.append(end)
        return self._finished() if len(self._parts) == len(self._rules) else b""

    def _begins(self, line: str) -> bool:
        return bool(line.strip()) and conforms(line, self._cuts[0], " ")

    def _finished(self) -> bytes:
        """The row as far as it came, and blank lines for those that it stood in."""
        if not self._parts:
            return b""
        parts = [*self._parts, *[""] * (len(self._rules) - len(self._parts))]
        is_whole = all(conforms(part, cuts, " ") for part, cuts in zip(parts, self._cuts, strict=True))
        self.rows += 1
        self.whole += is_whole
        cells = [cell for part, cuts in zip(parts, self._cuts, strict=True) for cell in cut_at(part, cuts)]
        # A value that is too long for its column must not be cut: such a row is one cell, and rejected.
        row = written(cells if is_whole else [" ".join(filter(None, map(str.strip, parts)))])
        ends = b"".join(self._ends)
        self._parts, self._ends = [], []
        return row.encode("utf-8", "surrogateescape") + ends


def find_folded(text: str) -> LineForm | None:
    """The form of a text whose header is parted by rules of its own in two lines or more, right below each other."""
    lines = first_lines(text)
    rules = _rules_of_header(lines)
    if len(rules) < 2 or all(len(rule.groups) == 1 for rule in rules):
        return None
    unfolder = _Unfolder(rules)
    unfolder.unfold("\n".join(lines).encode("utf-8", "surrogateescape"), final=True)
    if unfolder.rows < 2 or unfolder.whole < _CONFORMING * unfolder.rows:
        return None
    note = Note.of(NoteKind.FOLDED_ROWS, lines=len(rules))
    return FoldedRows(note=note, rules=tuple(rules), delimiter=MARK)


def _rules_of_header(lines: Sequence[str]) -> list[Rule]:
    """The rules below the first names, and below those that follow at once."""
    rules: list[Rule] = []
    begin = next((at for at, line in enumerate(lines) if at and _rule_in(line) is not None), len(lines))
    for at in range(begin, len(lines), 2):
        rule, names = _rule_in(lines[at]), lines[at - 1]
        if rule is None or not names.strip() or _rule_in(names) is not None:
            break
        if rules and (rule.is_part_of(rules[0]) or any(map(_NUMBER.fullmatch, names.split()))):
            break  # the rule above sums
        rules.append(rule)
    return rules


def _rule_in(line: str) -> Rule | None:
    """A rule, that of a single column too."""
    found = rule_of(line)
    if found is not None:
        return found if found.mark == " " else None
    single = _SINGLE.fullmatch(line)
    return Rule(groups=(single.span(1),), mark=" ") if single is not None else None
