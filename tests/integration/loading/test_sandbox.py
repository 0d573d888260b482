"""The child process that reads: what it may use, what it knows, and how its end is told."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.loading.children import request_for, rows_in
from tests.unit.tabular.workbook.packages import write_xlsx
from tests.waiting import wait_until
from uploads.tabular.errors import FileError, ReaderDied
from uploads.tabular.sandbox import client
from uploads.tabular.sandbox.channel import Channel
from uploads.tabular.sandbox.client import ChildSession, WarmReader
from uploads.tabular.sandbox.guards import Guard
from uploads.tabular.sandbox.messages import Bounds, Request
from uploads.tabular.table import ReadOptions


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.csv"
    path.write_text("a;b\n" + "12345;some text\n" * 2_000_000)
    return path


def children_of(reader: WarmReader) -> list[int]:
    """Oldest first: the last one waits for the next file."""
    assert reader._process is not None
    pid = reader._process.pid
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_reads_one_file_after_the_other_in_the_same_warm_process(reader: WarmReader, small: Path) -> None:
    assert rows_in(reader, request_for(small)) == 2
    first = reader._process
    assert rows_in(reader, request_for(small)) == 2
    assert reader._process is first


@pytest.mark.parametrize(
    ("row", "form"),
    [
        ("1;some text", "text"),
        ('1;"a; b"', "csv"),
        (f'1;"{"some; text " * 9}"', "binary"),
        (f"1;{'some text ' * 9}", "text"),
        (f'1.50;"{"some; text " * 9}"', "csv"),
    ],
)
def test_rows_go_to_copy_in_the_form_that_costs_least(reader: WarmReader, tmp_path: Path, row: str, form: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a;b\n" + f"{row}\n" * 20)
    with reader.read(request_for(path), lambda phase, done: None) as reading:
        for table in reading.tables():
            table.columns(None)
            how = table.copy_format
            for read in table.chunks(slice_rows=50_000):
                assert (read.rows, len(list(read.frames))) == (20, 1)
            assert ("binary" if how.binary else "text" if how.text else "csv") == form
    assert reading.ended


def test_forks_from_a_single_thread(reader: WarmReader, small: Path) -> None:
    assert rows_in(reader, request_for(small)) == 2
    assert reader._process is not None
    assert len(list(Path(f"/proc/{reader._process.pid}/task").iterdir())) == 1


def test_knows_no_secret_and_no_database(reader: WarmReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "a secret")
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere")
    reader.start()
    assert reader._process is not None
    environment = Path(f"/proc/{reader._process.pid}/environ").read_text()
    assert "SECRET_KEY" not in environment
    assert "DATABASE_URL" not in environment
    loaded = Path(f"/proc/{reader._process.pid}/maps").read_text()
    assert "psycopg" not in loaded


def test_memory_limit_is_told_in_plain_words(reader: WarmReader, large: Path) -> None:
    bounds = Bounds(memory_bytes=250 * 2**20)
    wide = large.with_name("wide.csv")
    wide.write_text("a;b\n" + ('"' + "x" * 15_000_000 + '";1\n') * 12)
    with pytest.raises(FileError) as caught:
        rows_in(reader, request_for(wide, bounds))
    assert caught.value.code in {"limit_exceeded", "reader_died"}
    assert "250 MB" in caught.value.message


def test_time_limit_ends_the_child(reader: WarmReader, large: Path) -> None:
    with pytest.raises(ReaderDied, match="longer than the 0 seconds"):
        rows_in(reader, request_for(large, Bounds(wall_seconds=0)))
    wait_until(lambda: len(children_of(reader)) == 1)


def rows_after(reader: WarmReader, request: Request, act: Callable[[int], None]) -> None:
    """Read a file, and do something to its child's process in the middle of it."""
    with reader.read(request, lambda phase, done: None) as reading:
        for table in reading.tables():
            act(children_of(reader)[0])
            table.columns(None)


def test_killed_child_is_one_failed_file_and_the_next_one_loads(reader: WarmReader, small: Path, large: Path) -> None:
    with pytest.raises(ReaderDied, match="SIGKILL"):
        rows_after(reader, request_for(large), lambda child: os.kill(child, signal.SIGKILL))
    assert rows_in(reader, request_for(small)) == 2


def test_killed_warm_process_takes_its_children_along_and_is_replaced(
    reader: WarmReader, small: Path, large: Path
) -> None:
    def kill_the_warm_process(child: int) -> None:
        assert reader._process is not None
        reader._process.kill()
        wait_until(lambda: not _lives(child))

    with pytest.raises(ReaderDied):
        rows_after(reader, request_for(large), kill_the_warm_process)
    assert rows_in(reader, request_for(small)) == 2


def test_child_ends_when_its_caller_gives_up(reader: WarmReader, large: Path) -> None:
    with reader.read(request_for(large), lambda phase, done: None) as reading:
        next(reading.tables())
        child = children_of(reader)[0]
    assert not _lives(child)


def test_child_of_a_killed_worker_ends_without_a_trace_in_the_log(small: Path) -> None:
    words = f"""
import os, signal
from pathlib import Path
from tests.integration.loading.test_sandbox import request_for
from uploads.tabular.sandbox.client import WarmReader
with WarmReader().read(request_for(Path({str(small)!r})), lambda phase, done: None) as reading:
    next(reading.tables())
    os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", words], stderr=subprocess.PIPE, text=True, check=False)  # to its end
    assert killed.returncode == -signal.SIGKILL
    assert not killed.stderr


def test_child_that_does_not_listen_is_out_of_time(small: Path) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        request = request_for(small, Bounds(wall_seconds=0))
        reading = ChildSession(Channel(ours), request, lambda phase, done: None, lambda: 0, lambda: None)
        with pytest.raises(ReaderDied, match="took longer than the 0 seconds"):
            reading.say({"kind": "plan", "columns": "x" * 2**22})


def test_killed_spare_child_is_replaced_before_the_next_file(reader: WarmReader, small: Path) -> None:
    assert rows_in(reader, request_for(small)) == 2
    first = reader._process
    wait_until(lambda: any(map(_lives, children_of(reader))))
    for child in children_of(reader):
        os.kill(child, signal.SIGKILL)
    wait_until(lambda: not any(map(_lives, children_of(reader))))
    assert rows_in(reader, request_for(small)) == 2
    assert reader._process is first


def test_children_that_are_done_do_not_pile_up(reader: WarmReader, small: Path) -> None:
    for _ in range(40):
        assert rows_in(reader, request_for(small)) == 2
    wait_until(lambda: len(children_of(reader)) == 1)


TAKEN_OVER = """
import time
from uploads.tabular.sandbox import messages, session

messages.GRACE_SECONDS = 0.05

def sleep_after(channel, request):
    match request.name:
        case "error":
            channel.send({"kind": "error", "code": "bad_file", "message": "It is damaged.", "hint": ""})
        case "done":
            channel.send({"kind": "done"})
        case "closed":
            channel.close()
    time.sleep(3_600)

session.read_file = sleep_after
"""


def test_child_that_a_file_has_sleep_is_ended_and_holds_up_nobody(
    reader: WarmReader, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It said its last word and slept, which costs no computing: whoever asked next waited for ever."""
    (tmp_path / "sitecustomize.py").write_text(TAKEN_OVER)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{client.ROOT}")
    monkeypatch.setattr(client, "KEPT_ENVIRONMENT", (*client.KEPT_ENVIRONMENT, "PYTHONPATH"))
    monkeypatch.setattr(client, "GRACE_SECONDS", 0.05)
    for name, told in {"error": "damaged", "closed": "SIGKILL"}.items():
        with pytest.raises(FileError, match=told):
            rows_in(reader, replace(request_for(small), name=name))
    first = reader._process
    assert rows_in(reader, replace(request_for(small), name="done")) == 0
    wait_until(lambda: len(children_of(reader)) == 1)
    assert reader._process is first, "all children but the one that waits for a file are gone, and it is the same"


@pytest.mark.parametrize("name", ["cfb.xls", "corner.xlsx", "farcol.xlsx", "sscount.xlsx", "laughs.xlsx", "xxe.xlsx"])
def test_hostile_file_fails_and_the_warm_process_lives(
    reader: WarmReader, corpus: Path, small: Path, name: str
) -> None:
    with pytest.raises(FileError):
        rows_in(reader, request_for(corpus / "hostile" / name))
    assert rows_in(reader, request_for(small)) == 2


def test_guards_hide_no_reason_why_a_workbook_is_damaged(reader: WarmReader, tmp_path: Path) -> None:
    """Stored files have no extension, by which alone calamine says it."""
    stored = write_xlsx(tmp_path / "stored", "", {"xl/workbook.xml": "<workbook"})
    with pytest.raises(FileError, match="damaged") as caught:
        rows_in(reader, request_for(stored))
    assert "Cannot detect" not in caught.value.message


def test_progress_names_phases_and_grows(reader: WarmReader, large: Path) -> None:
    said: list[tuple[str, int]] = []
    with reader.read(request_for(large), lambda phase, done: said.append((phase, done))) as reading:
        for table in reading.tables():
            table.columns(None)
            for _ in table.chunks():
                pass
    phases = [phase for phase, _ in said]
    assert set(phases) == {"checking", "loading"}
    assert phases == sorted(phases), "checking comes before loading"
    loading = [done for phase, done in said if phase == "loading"]
    assert loading == sorted(loading)
    assert loading[-1] <= large.stat().st_size


def test_request_survives_the_channel(small: Path) -> None:
    request = request_for(small)
    request = replace(request, options=ReadOptions(delimiter="|", header_row="none", all_text=True))
    assert Request.from_json(request.as_json()) == request


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_guards_are_asked_of_the_next_process_where_the_first_is_ended_just_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A worker that was starting ended with an error of its own."""
    reader = WarmReader()
    ensured, ended = reader._ensure, list[int]()

    def end_the_first() -> socket.socket:
        control = ensured()
        if not ended and reader._process is not None:
            ended.append(reader._process.pid)
            reader._process.kill()
        return control

    monkeypatch.setattr(reader, "_ensure", end_the_first)
    try:
        assert reader.guards() <= set(Guard)
        assert reader._process is not None
        assert [reader._process.pid] != ended
    finally:
        reader.close()
