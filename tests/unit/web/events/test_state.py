"""What of a new answer is told to whoever knows the one before."""

import json
from typing import Any

import pytest

from uploads.web.events.state import events_between, state_in


def told(before: Any, after: Any) -> list[tuple[str, Any]]:
    data = json.dumps(after).encode()
    events = events_between(state_in(json.dumps(before).encode()), state_in(data), data)
    lines = (event.decode().rstrip("\n").split("\n") for event in events)
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for _, name, data in lines]


def file(number: int, state: str = "loaded", **more: Any) -> dict[str, Any]:
    return {"id": number, "state": state, **more}


def listed(*files: dict[str, Any], after: str | None = None) -> dict[str, Any]:
    return {"files": list(files), "next": after}


def test_a_file_is_told_as_it_is_answered_and_only_if_it_changed() -> None:
    assert told(file(1, "waiting"), file(1, "waiting")) == []
    assert told(file(1, "waiting"), file(1, "loading")) == [("file", file(1, "loading"))]


def test_of_a_list_the_files_that_changed_are_told() -> None:
    before = listed(file(3), file(2, "loading", rows=1), file(1))
    assert told(before, before) == []
    assert told(before, listed(file(3), file(2, "loading", rows=2), file(1))) == [
        ("file", file(2, "loading", rows=2)),
    ]


@pytest.mark.parametrize(
    "after", [listed(file(2), file(1)), listed(file(1)), listed(file(1), file(2), after="1"), listed(file(2))]
)
def test_a_list_is_told_whole_where_files_come_go_or_change_places(after: dict[str, Any]) -> None:
    before = listed(file(1), file(2))
    assert told(before, after) == [("files", after)]


def test_a_file_that_nobody_works_on_is_final_and_a_list_never_is() -> None:
    def is_final(found: Any) -> bool:
        return state_in(json.dumps(found).encode()).is_final

    assert [is_final(file(1, state)) for state in ("receiving", "waiting", "loading")] == [False] * 3
    assert [is_final(file(1, state)) for state in ("loaded", "active", "failed", "duplicate", "deleted")] == [True] * 5
    assert not is_final(listed())
