"""What a person at a terminal sees and can do while a file loads: a bar, and Ctrl-C that hands the file back."""

import logging
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from tqdm import tqdm

from uploads.states import Phase


class LoadBar:
    """A bar on stderr, driven by the server's own figures; silent where stderr is no terminal."""

    def __init__(self, *, name: str, size: int) -> None:
        self._name = name
        self._size = size
        self._phase: Phase | None = None
        self._bar = tqdm(
            desc=name,
            total=size,
            unit="B",
            unit_scale=True,
            unit_divisor=1024,
            file=sys.stderr,
            disable=None,  # tqdm's word for: only on a terminal
            dynamic_ncols=True,
            leave=False,
        )

    def follow(self, phase: Phase, bytes_done: int, rows_done: int) -> None:
        """Show where the load is; each phase reads the file from its beginning."""
        if phase is not self._phase:
            self._phase = phase
            self._bar.set_description(f"{self._name}: {phase.label}", refresh=False)
            self._bar.reset(total=self._size)
        self._bar.set_postfix_str(f"{rows_done:,} rows" if rows_done else "", refresh=False)
        self._bar.update(min(bytes_done, self._size) - self._bar.n)

    def close(self) -> None:
        self._bar.close()


@contextmanager
def stopped_by_ctrl_c() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets; the second one interrupts at once, as always."""
    stop = threading.Event()

    def note(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, note)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def quiet(*names: str) -> Iterator[None]:
    """Keep what these loggers say below an error off the terminal: the command tells it in words of its own."""
    levels = {logger: logger.level for logger in map(logging.getLogger, names)}
    for logger in levels:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in levels.items():
            logger.setLevel(level)
