"""How long a turn lasts of who has a thread that draws a large body."""

from contextlib import ExitStack

import pytest

from uploads.tus.drawing import LONGEST_TURN_BYTES, SHORTEST_TURN_BYTES, Line


@pytest.mark.parametrize(
    ("waiting", "most"), [(0, LONGEST_TURN_BYTES), (50, LONGEST_TURN_BYTES), (256, 2**23), (2_000, SHORTEST_TURN_BYTES)]
)
def test_the_more_wait_the_shorter_is_a_turn(waiting: int, most: int) -> None:
    line = Line()
    with ExitStack() as places:
        for _ in range(waiting):
            places.enter_context(line.place())
        assert line.turn_bytes == most
