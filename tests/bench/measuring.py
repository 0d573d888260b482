"""How figures are taken: interleaved with their yardstick, as medians, with the peak memory of a tree of processes."""

import mmap
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

SAMPLE_SECONDS = 0.05
"""Between two looks at memory; each costs about a millisecond."""
MIB = 2**20


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One line of the table. ``ours`` and ``yardstick`` are in ``unit``; without a yardstick the bounds hold for
    ``ours``, otherwise for the ratio."""

    row: str
    work: str
    unit: str
    ours: float | None = None
    yardstick: float | None = None
    against: str = ""
    must: float | None = None
    goal: float | None = None
    more_is_better: bool = False
    note: str = ""
    runs: tuple[float, ...] = ()
    yardstick_runs: tuple[float, ...] = ()

    @property
    def ratio(self) -> float | None:
        """Ours to the yardstick's."""
        return self.ours / self.yardstick if self.ours is not None and self.yardstick else None

    @property
    def verdict(self) -> str:
        value = self.ours if self.yardstick is None else self.ratio
        if value is None or self.must is None:
            return ""
        for bound, word in ((self.goal, "goal"), (self.must, "must")):
            if bound is not None and (value >= bound if self.more_is_better else value <= bound):
                return word
        return "missed"


def timed(work: Callable[[], object]) -> float:
    """Seconds on the clock."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def interleaved(times: int, *works: Callable[[], float]) -> list[tuple[float, ...]]:
    """The figures of each work, taken in turns, so that a slow minute of the machine slows all of them."""
    figures: list[list[float]] = [[] for _ in works]
    for turn in range(times):
        order = range(len(works)) if turn % 2 == 0 else range(len(works) - 1, -1, -1)
        for index in order:
            figures[index].append(works[index]())
    return [tuple(each) for each in figures]


def cpu_seconds(pid: int) -> float:
    """Computing that a process and all below it have done, those that have ended included."""
    root = psutil.Process(pid)
    return sum(_computed(each) for each in (root, *_children(root)))


def median(figures: Sequence[float]) -> float:
    return statistics.median(figures)


def touch_memory(size: int) -> None:
    """Have the machine hand out ``size`` bytes of memory and take them back, or half of what is free if that is less.

    The host of a virtual machine may take back what lies free; who writes to it first then waits for it. Here the
    first 3 GiB took 4 to 6 s and the next time 2.2 s. A run that fills more memory than its yardstick's would pay more.
    """
    with mmap.mmap(-1, min(size, psutil.virtual_memory().available // 2)) as memory:
        for offset in range(0, len(memory), mmap.PAGESIZE):
            memory[offset] = 1


class PeakMemory:
    """Peak of the memory that a process and all its descendants take together, shared pages counted once."""

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.mebibytes = 0.0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(SAMPLE_SECONDS):
            self.mebibytes = max(self.mebibytes, self._look())

    def _look(self) -> float:
        return sum(_proportional_bytes(each.pid) for each in (self._root, *_children(self._root))) / MIB


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _computed(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0  # it has just ended
    return times.user + times.system + times.children_user + times.children_system


def _proportional_bytes(pid: int) -> int:
    """Proportional set size: a page that n processes share counts as an nth for each."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0  # it has just ended
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
