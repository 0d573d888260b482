"""Whose password is tried next: one network that tries many keeps nobody of another from theirs."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.waiting import GIVE_UP_SECONDS, wait_until
from uploads.services.errors import SignInsBusy
from uploads.services.signing_in.turns import Turns


class Crowd:
    """Threads that line up one after the other while the only place is held; ``served`` is the order of their turns."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._threads: list[threading.Thread] = []
        self.served: list[str] = []
        self.refused: list[str] = []

    def arrive(self, name: str) -> None:
        """``name``: the network's letter first."""
        waiting, refused = self._turns.waiting, len(self.refused)
        thread = threading.Thread(target=self._try, args=(name,))
        self._threads.append(thread)
        thread.start()
        wait_until(lambda: self._turns.waiting > waiting or len(self.refused) > refused)

    def _try(self, name: str) -> None:
        try:
            with self._turns.turn(sender=name[0], seconds=GIVE_UP_SECONDS):
                self.served.append(name)
        except SignInsBusy:
            self.refused.append(name)

    def join(self) -> None:
        for thread in self._threads:
            thread.join()


@contextmanager
def crowd(*, most_waiting: int, first: str = "first") -> Iterator[Crowd]:
    """All arrive inside, while a network has its ``first`` turn; outside all have had theirs."""
    turns = Turns(places=1, most_waiting=most_waiting)
    came = Crowd(turns)
    with turns.turn(sender=first, seconds=0):
        yield came
    came.join()
    assert turns.waiting == 0
    with turns.turn(sender="last", seconds=0):
        pass  # the place is free again


def in_turns(arrivals: Sequence[str], first: str) -> Iterator[str]:
    """Each time the earliest of the network whose last turn is longest ago, of several that had none of the first."""
    left, had = list(arrivals), [first]
    while left:
        last = {name: max((at for at, sender in enumerate(had) if sender == name[0]), default=-1) for name in left}
        name = min(left, key=lambda each: (last[each], left.index(each)))
        left.remove(name)
        had.append(name[0])
        yield name


def names(senders: Sequence[str]) -> list[str]:
    return [f"{sender}{number}" for number, sender in enumerate(senders)]


def test_who_comes_after_a_crowd_of_another_network_is_next() -> None:
    with crowd(most_waiting=8, first="a") as came:
        for name in ("a1", "a2", "a3", "b1"):
            came.arrive(name)
    assert came.served == ["b1", "a1", "a2", "a3"]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from("abcd"), max_size=8).map(names), st.sampled_from("abc"))
def test_networks_take_turns(arrivals: list[str], first: str) -> None:
    with crowd(most_waiting=8, first=first) as came:
        for name in arrivals:
            came.arrive(name)
    assert (came.served, came.refused) == ([*in_turns(arrivals, first)], [])


def test_network_that_waits_most_gives_up_its_last_where_no_more_may_wait() -> None:
    with crowd(most_waiting=3) as came:
        for name in ("a1", "a2", "a3", "b1", "a4", "c1", "d1"):
            came.arrive(name)
        wait_until(lambda: len(came.refused) == 4)
    assert came.served == ["a1", "b1", "c1"]
    assert sorted(came.refused) == ["a2", "a3", "a4", "d1"], (
        "of three networks with one each none gives way to a fourth"
    )


def test_who_has_waited_long_enough_is_told_and_holds_no_place() -> None:
    turns = Turns(places=1, most_waiting=1)
    with turns.turn(sender="a", seconds=0):
        with pytest.raises(SignInsBusy), turns.turn(sender="b", seconds=0):
            pass
        assert turns.waiting == 0
    with turns.turn(sender="b", seconds=0):
        pass


def test_as_many_as_there_are_places_wait_for_nobody() -> None:
    turns = Turns(places=2, most_waiting=0)
    with (
        turns.turn(sender="a", seconds=0),
        turns.turn(sender="a", seconds=0),
        pytest.raises(SignInsBusy),
        turns.turn(sender="b", seconds=0),
    ):
        pass
    with turns.turn(sender="b", seconds=0):
        pass
