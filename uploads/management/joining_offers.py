"""The question how a file joins, on a terminal: what is there already, and the command for each answer."""

import shlex
from dataclasses import dataclass

from uploads.services.merging.overlap import overlaps_of
from uploads.states import Mode
from uploads.web.sentences.joining import JoinButton, join_question


@dataclass(frozen=True, kw_only=True, slots=True)
class WaysToJoin:
    question: str
    ways: tuple[tuple[str, str], ...]
    """What each does, and its command."""


def ways_to_join(*, file_id: int) -> WaysToJoin:
    """Of a loaded file that waits because rows of it are there already."""
    found = join_question(overlaps_of(file_id=file_id), modes=tuple(Mode))
    if found is None:  # the others were switched off meanwhile
        return WaysToJoin(question="Nobody has said how it joins.", ways=())
    ways = ((button.label, shlex.join(_command(file_id, button))) for button in found.buttons)
    return WaysToJoin(question=" ".join(found.sentences), ways=tuple(ways))


def _command(file_id: int, button: JoinButton) -> list[str]:
    words = ["activate_file", str(file_id), "--mode", button.mode]
    words += ["--key", button.key] if button.key else []
    words += ["--blanks", button.blanks.value] if button.blanks else []
    words += [] if button.full is None else ["--full" if button.full else "--no-full"]
    words += ["--missing-columns", button.missing_columns.value] if button.missing_columns else []
    return words
