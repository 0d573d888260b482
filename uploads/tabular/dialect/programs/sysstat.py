"""What ``sar``, ``mpstat`` and ``pidstat`` of sysstat print: the time stands in the place of a name above the times.

``Linux 5.15.0 (host) 03/15/2024 _x86_64_ (4 CPU)``, and below it blocks of names and rows between spaces. pandas' and
DuckDB's readers take the time for a name and the averages for rows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from uploads.tabular.dialect.line_form import LineForm, Rewriter, Step
from uploads.tabular.dialect.places import LINE, MARK, first_lines, written
from uploads.tabular.notes import Note, NoteKind

_BANNER = re.compile(r"\S+ \S+ \([^()]+\)\s+\S+\s+\S+\s+\(\d+ CPU\)\s*")
_TIMED = re.compile(r"(?P<time>\d{2}:\d{2}:\d{2}(?: [AP]M)?)\s+(?P<rest>\S.*)")
_RESTART = "LINUX RESTART"
_AVERAGE = "Average:"
_VALUE = re.compile(r"-?\d+(?:[.,]\d+)?%?")
_TIME = "time"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sysstat(LineForm):
    """Names begin with ``time`` in each block; averages and restarts are no rows."""

    steps: tuple[Step, ...] = ()

    def start(self) -> Rewriter:
        return _rewrite


def find_sysstat(text: str) -> LineForm | None:
    """The form of a text below the banner of sysstat, where a time stands above times."""
    lines = [line for line in first_lines(text) if line.strip()]
    if not lines or _BANNER.fullmatch(lines[0]) is None or not any(map(_names_in, lines[1:])):
        return None
    return Sysstat(note=Note.of(NoteKind.SYSSTAT), delimiter=MARK)


def sysstat_begun(text: str) -> list[int]:
    """The lines, from 0, in which blocks of other names than the one before begin."""
    begins, known = [], None
    for at, line in enumerate(first_lines(text)):
        names = _names_in(line)
        if names is not None and known is not None and names != known:
            begins.append(at)
        known = names or known
    return begins


def _names_in(line: str) -> list[str] | None:
    """The names in a line that begins with a time and holds no value; ``None`` in any other."""
    found = _TIMED.fullmatch(line)
    if found is None or found["rest"].startswith(_RESTART):
        return None
    cells = found["rest"].split()
    return None if any(map(_VALUE.fullmatch, cells)) else [_TIME, *cells]


def _rewrite(lines: bytes, *, final: bool) -> bytes:
    return b"".join(_written(lines))


def _written(lines: bytes) -> Iterator[bytes]:
    for line in LINE.findall(lines):
        text = line.rstrip(b"\r\n")
        cells = _cells(text.decode("utf-8", "surrogateescape"))
        yield written(cells).encode("utf-8", "surrogateescape") + line[len(text) :]


def _cells(line: str) -> list[str]:
    found = _TIMED.fullmatch(line)
    if found is None:
        return [] if line.startswith(_AVERAGE) or not line.strip() else [" ".join(line.split())]
    if found["rest"].startswith(_RESTART):
        return []
    return _names_in(line) or [found["time"], *found["rest"].split()]
