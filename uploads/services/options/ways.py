"""The answers to a receipt's questions, where a file has several sheets or members: each is said of one of them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from uploads.services.options.catalogue import OPTIONS
from uploads.services.options.of_sources import said_too
from uploads.tabular.notes import Note


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
