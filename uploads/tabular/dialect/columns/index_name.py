"""The name of row names in a line of its own below the other names, as pandas prints a table.

            open  close
date
2026-01-02  10.1   10.4
"""

from dataclasses import dataclass

from uploads.tabular.dialect.line_form import LineForm, Rewriter, Step, in_bytes
from uploads.tabular.dialect.places import LINE, first_lines
from uploads.tabular.notes import Note, NoteKind

_LEAST_ROWS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexName(LineForm):
    """The first line takes that name in, where it left the place for it blank; the second is blank then."""

    steps: tuple[Step, ...] = ()
    header: bytes

    def start(self) -> Rewriter:
        waiting = [self.header, b""]

        def rewrite(lines: bytes, *, final: bool) -> bytes:
            at, done = 0, b""
            while waiting and (line := LINE.match(lines, at)):
                at = line.end()
                done += waiting.pop(0) + line[0][len(line[0].rstrip(b"\r\n")) :]
            return done + lines[at:]

        return rewrite


def find_index_name(text: str) -> LineForm | None:
    """The form of a text whose second line is as long as the first and holds a word alone, where that one is blank."""
    lines = first_lines(text)
    if len(lines) < 2 + _LEAST_ROWS:
        return None
    names, second, *rows = lines
    word = second.rstrip(" ")
    is_padded = len(second) == len(names) > len(word) and bool(word) and " " not in word and "\t" not in second
    has_place = not names[: len(word) + 1].strip(" ") and len(names.split()) > 1
    filled = [row for row in rows if row.strip()]
    if not is_padded or not has_place or any(row.startswith(" ") or " " not in row.strip() for row in filled):
        return None
    return IndexName(note=Note.of(NoteKind.INDEX_NAME, name=word), header=in_bytes(word + names[len(word) :]))
