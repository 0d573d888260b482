"""Projects as Primavera P6 exports them (XER): ``%T`` names a table, ``%F`` its columns, and ``%R`` begins each row.

CleverCSV 0.8 and DuckDB's sniffer 1.4 make one table of them all, as wide as most rows are.
"""

import re
from dataclasses import dataclass

from uploads.tabular.dialect.line_form import LineForm, Rewriter, Step, filled_lines
from uploads.tabular.dialect.places import LINE, first_lines
from uploads.tabular.notes import Note, NoteKind

_HEAD = "ERMHDR\t"
_TABLE, _NAMES, _ROW = b"%T\t", b"%F\t", b"%R\t"
_LINE = re.compile(r"%(?:[TFR](?:\t.*)?|E\s*)")
_DELIMITER = "\t"


@dataclass(frozen=True, kw_only=True, slots=True)
class Primavera(LineForm):
    """Lines lose their marks; of a table without rows none is left."""

    steps: tuple[Step, ...] = ()

    def start(self) -> Rewriter:
        return _Follower().rewrite


class _Follower:
    """Follows one text: a table's name and columns wait until a row comes.

    Two tables of one width would be one: the second has a cell without a name more, which is empty.
    """

    def __init__(self) -> None:
        self._waiting: list[bytes] = []
        self._width = 0
        self._more = b""
        """What each line of this table has behind its cells."""

    def rewrite(self, lines: bytes, *, final: bool) -> bytes:
        done: list[bytes] = []
        for line in LINE.findall(lines):
            mark = line[:3]
            if mark == _TABLE:
                done += self._without_rows()
            elif mark == _ROW:
                done += [*self._with_rows(), self._as_row(line)]
            elif mark != _NAMES:
                done += [*self._without_rows(), line.removeprefix(b"%E")]
            if mark in (_TABLE, _NAMES):
                self._waiting.append(line)
        return b"".join((*done, *(self._without_rows() if final else ())))

    def _as_row(self, line: bytes) -> bytes:
        body = line.rstrip(b"\r\n")
        return body[3:] + self._more + line[len(body) :]

    def _with_rows(self) -> list[bytes]:
        waiting, self._waiting = self._waiting, []
        if not waiting or waiting[-1][:3] != _NAMES:
            return [line[3:] for line in waiting]
        width = waiting[-1].count(b"\t")
        self._more = b"\t" if width == self._width else b""
        self._width = width + len(self._more)
        # Above a single column a table's name would be its header.
        names = [line[3:] if self._width > 1 else _end_of(line) for line in waiting[:-1]]
        return [*names, self._as_row(waiting[-1])]

    def _without_rows(self) -> list[bytes]:
        waiting, self._waiting = self._waiting, []
        return list(map(_end_of, waiting))


def _end_of(line: bytes) -> bytes:
    return line[len(line.rstrip(b"\r\n")) :]


def find_primavera(text: str) -> LineForm | None:
    """The form of a text whose first line says what wrote it, and whose other lines all say what they are."""
    if not text.startswith(_HEAD):
        return None
    lines = filled_lines(text)[1:]
    if not lines or not lines[0].startswith(_TABLE.decode()) or not all(map(_LINE.fullmatch, lines)):
        return None
    note = Note.of(NoteKind.PROGRAM_FORM, program="primavera")
    return Primavera(note=note, delimiter=_DELIMITER)


def primavera_begun(text: str) -> list[int]:
    """The lines, from 0, that name all tables with rows but the first."""
    lines = first_lines(text)
    rows = {at for at, line in enumerate(lines) if line.startswith(_ROW.decode())}
    return [at for at, line in enumerate(lines) if line.startswith(_TABLE.decode()) and at + 2 in rows][1:]
