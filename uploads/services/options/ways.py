"""The answers to a receipt's questions, where a file has several sheets or members: each is said of one of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from uploads.services.options.catalogue import OPTIONS
from uploads.services.options.of_sources import said_too
from uploads.tabular.notes import KEPT, NO_HEADER, Note, NoteKind

type Notes = tuple[Note, ...]


def with_doubts_asked(origins: Sequence[str], notes: Sequence[Notes]) -> list[Notes]:
    """The notes of each table of a file: where the header of one is a question, the doubted one of each other is too.

    ``origins``: the sheet or member that each table is from. Of several tables in one no header can be said.
    """
    if not any(map(_asks_for_header, notes)):
        return list(notes)
    tables = Counter(origins)
    return [
        tuple(map(_asked, each)) if origin and tables[origin] == 1 and not _asks_for_header(each) else each
        for origin, each in zip(origins, notes, strict=True)
    ]


def _asks_for_header(notes: Notes) -> bool:
    """Or did, before somebody kept it as it is."""
    return any(note.kind is NoteKind.LAYOUT_RUNNER_UP and note.figures.get("ways") for note in notes)


def _asked(note: Note) -> Note:
    if note.kind is not NoteKind.HEADER_DOUBTED or note.figures.get(KEPT):
        return note
    return replace(note, figures={**note.figures, "ways": [NO_HEADER]})


def ways_of_one(note: Note, *, origin: str, said: Mapping[str, Any]) -> Note:
    """The question with answers that leave all other sheets and members as they are.

    ``origin``: the sheet or member that it is about; empty: none can be named. ``said``: what holds for the file.
    """
    ways = []
    for way in note.figures["ways"] if origin else ():
        options = way.get("of_one", way["options"])
        ways.append({**way, "options": said_of_one(options, origin=origin, said=said)})
    return replace(note, figures={**note.figures, "ways": ways})


def said_of_one(options: Mapping[str, Any], *, origin: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """Some options said of one sheet or member beside what was ``said`` of all and of others."""
    return {
        name: said_too(OPTIONS[name], said.get(name), origin=origin, value=value) for name, value in options.items()
    }
