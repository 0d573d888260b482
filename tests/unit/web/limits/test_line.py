"""Who gets a place, and who waits for it."""

import asyncio

from uploads.web.limits.line import Line


async def waiting(line: Line, senders: str) -> list[tuple[str, "asyncio.Task[bool]"]]:
    """Tasks that wait in line, one a letter."""
    tasks = [(sender, asyncio.create_task(line.enter(sender, seconds=None))) for sender in senders]
    await asyncio.sleep(0)
    return tasks


async def served(line: Line, tasks: list[tuple[str, "asyncio.Task[bool]"]]) -> str:
    """The senders in the order in which places that are left come to them."""
    order = ""
    for _ in tasks:
        before = [task.done() for _, task in tasks]
        line.leave()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        [found] = [sender for (sender, task), was in zip(tasks, before, strict=True) if task.done() and not was]
        order += found
    return order


async def test_as_many_enter_as_there_are_places() -> None:
    line = Line(places=2, most_waiting=1)
    assert await line.enter("a", seconds=0)
    assert await line.enter("a", seconds=0)
    assert not await line.enter("a", seconds=0)
    line.leave()
    assert await line.enter("a", seconds=0)


async def test_senders_take_turns_however_many_of_their_requests_wait() -> None:
    line = Line(places=1, most_waiting=10)
    assert await line.enter("a", seconds=None)
    assert await served(line, await waiting(line, "aaaabbc")) == "abcabaa"


async def test_one_more_than_may_wait_is_turned_away_at_once() -> None:
    line = Line(places=1, most_waiting=2)
    assert await line.enter("a", seconds=None)
    tasks = await waiting(line, "ab")
    assert not await line.enter("c", seconds=None)
    assert await served(line, tasks) == "ab"


async def test_who_goes_away_leaves_the_line_and_the_next_is_served() -> None:
    line = Line(places=1, most_waiting=10)
    assert await line.enter("a", seconds=None)
    [(_, gone), kept] = await waiting(line, "bc")
    gone.cancel()
    await asyncio.sleep(0)
    assert await served(line, [kept]) == "c"
    assert line.waiting == 0
    line.leave()
    assert await line.enter("d", seconds=0)


async def test_place_that_comes_to_who_goes_away_in_the_same_moment_is_not_lost() -> None:
    line = Line(places=1, most_waiting=10)
    assert await line.enter("a", seconds=None)
    [(_, gone)] = await waiting(line, "b")
    line.leave()
    gone.cancel()
    await asyncio.wait([gone])
    assert await line.enter("c", seconds=0)
    assert line.waiting == 0


async def test_place_that_is_left_just_after_the_first_in_line_went_away_comes_to_the_next() -> None:
    line = Line(places=1, most_waiting=10)
    assert await line.enter("a", seconds=None)
    [(_, gone), (_, kept)] = await waiting(line, "bc")
    gone.cancel()
    line.leave()
    assert await kept
    await asyncio.wait([gone])
    assert line.waiting == 0
