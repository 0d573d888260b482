"""The folder that each child has for its temporary files: who clears it away, and when."""

import fcntl
import os
import time
from pathlib import Path

import pytest

from tests.integration.loading.children import request_for, rows_in
from tests.unit.tabular.workbook.packages import write_xlsx
from tests.waiting import wait_until
from uploads.tabular.errors import FileError
from uploads.tabular.sandbox.client import WarmReader


def rooms_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("uploads-reading-*"))


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of the processes that read."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def test_each_child_has_a_room_that_goes_with_it(reader: WarmReader, small: Path, temporary: Path) -> None:
    workbook = write_xlsx(temporary / "stored", "", {"xl/workbook.xml": "<workbook"})  # copied, to learn the reason
    for _ in range(3):
        assert rows_in(reader, request_for(small)) == 2
        with pytest.raises(FileError, match="damaged"):
            rows_in(reader, request_for(workbook))
    wait_until(lambda: len(rooms_in(temporary)) == 1)  # of the child that waits for a file
    reader.close()
    assert not rooms_in(temporary)
    assert list(temporary.iterdir()) == [workbook]


def test_room_that_the_system_has_cleared_away_is_made_again(reader: WarmReader, small: Path, temporary: Path) -> None:
    assert rows_in(reader, request_for(small)) == 2
    wait_until(lambda: len(rooms_in(temporary)) == 1)
    [room] = rooms_in(temporary)
    room.rmdir()
    workbook = write_xlsx(temporary / "stored", "", {"xl/workbook.xml": "<workbook"})
    with pytest.raises(FileError, match="damaged"):
        rows_in(reader, request_for(workbook))
    wait_until(lambda: room not in rooms_in(temporary))


def test_rooms_of_killed_processes_are_cleared_by_the_next_one(small: Path, temporary: Path) -> None:
    for name, seconds in (("uploads-reading-old", 3_600), ("uploads-reading-young", 0), ("of-somebody-else", 3_600)):
        folder = temporary / name
        folder.mkdir()
        (folder / "spooled").touch()
        then = time.time() - seconds
        os.utime(folder, (then, then))
    held, first, second = temporary / "uploads-reading-old", WarmReader(), WarmReader()
    lock = os.open(held, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        assert rows_in(first, request_for(small)) == 2
        assert held.is_dir(), "somebody is in"
        os.close(lock)
        assert rows_in(second, request_for(small)) == 2
    finally:
        first.close()
        second.close()
    assert sorted(path.name for path in temporary.iterdir()) == ["of-somebody-else", "uploads-reading-young"]
