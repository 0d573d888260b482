"""What was told last of a file or a list of files, and what is to be told of the next answer."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from uploads.states import IN_PROGRESS
from uploads.web.events.wire import FILE, FILES, event, id_of


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """Of what was told only as much as tells whether it changes: a list of 100 files has half a megabyte in memory."""

    id: str
    is_list: bool
    files: Mapping[int, str]
    """What tells the states of each apart, in order."""
    in_progress: frozenset[int]
    next: str | None = None
    """Of a list: where it goes on."""

    @property
    def is_final(self) -> bool:
        """Nothing more happens to it by itself. A list may get files."""
        return not self.is_list and not self.in_progress


def state_in(data: bytes) -> State:
    """The state that an answer tells, in JSON."""
    found = json.loads(data)
    is_list = "files" in found
    files = found["files"] if is_list else [found]
    return State(
        id=id_of(data),
        is_list=is_list,
        files={file["id"]: id_of(_written(file)) for file in files},
        in_progress=frozenset(file["id"] for file in files if file["state"] in IN_PROGRESS),
        next=found["next"] if is_list else None,
    )


def events_between(before: State, after: State, data: bytes) -> Iterator[bytes]:
    """What to tell whoever knows ``before``: of a list the files that changed, where it has the same ones."""
    if before.id == after.id:
        return
    if not after.is_list:
        yield event(FILE, data, id_=after.id)
        return
    if (before.next, list(before.files)) != (after.next, list(after.files)):
        yield event(FILES, data, id_=after.id)
        return
    for file in json.loads(data)["files"]:
        if before.files[file["id"]] != after.files[file["id"]]:
            yield event(FILE, _written(file), id_=after.id)


def _written(file: Mapping[str, Any]) -> bytes:
    return json.dumps(file, ensure_ascii=False, separators=(",", ":")).encode()
