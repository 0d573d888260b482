"""The embedded PostgreSQL through whole lives: started, shared, killed, started again, gone."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.waiting import wait_until
from uploader_project.embedded import keeper
from uploader_project.embedded.server import Server, running_server
from uploader_project.embedded.server_home import ServerError, ServerHome, find_home, network_address
from uploader_project.embedded.sharing import leave_server, use_server

PROJECT = Path(__file__).resolve().parents[3]
USER = """
import sys
from pathlib import Path
import psycopg
from uploader_project.embedded.sharing import use_server
psycopg.connect(**use_server(Path(sys.argv[1])).conninfo()).close()
print("ready", flush=True)
sys.stdin.read()
"""
"""A program that uses the server until its standard input ends."""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that PostgreSQL's account may enter; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="uploader-setup-")).resolve()
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def home(open_folder: Path) -> Iterator[Path]:
    folder = open_folder / "a b" / "postgres"
    yield folder
    leave_server(folder)
    if folder.exists():
        wait_until(lambda: running_server(find_home(folder)) is None)


@contextmanager
def program_using(home: Path) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-c", USER, str(home)], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
        yield program
        program.kill()


def ask(server: Server, question: str) -> object:
    with psycopg.connect(make_conninfo(**server.conninfo())) as connection:
        row = connection.execute(question.encode()).fetchone()
    return row and row[0]


def execute(server: Server, statement: str) -> None:
    with psycopg.connect(make_conninfo(**server.conninfo())) as connection:
        connection.execute(statement.encode())


def down(place: ServerHome) -> bool:
    return running_server(place) is None


def test_path_with_a_space_is_served_without_a_network_address(home: Path) -> None:
    server = use_server(home)
    assert ask(server, "SHOW listen_addresses") == ""
    assert ask(server, "SELECT current_database()") == "uploader"


def test_readers_alone_come_by_the_network_and_with_a_password(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = use_server(home, listen=f"127.0.0.1:{port}")
    execute(server, "CREATE ROLE uploads_reader; CREATE ROLE uploads_sql_x LOGIN IN ROLE uploads_reader PASSWORD 'p'")
    execute(server, "CREATE ROLE ana LOGIN IN ROLE uploads_reader PASSWORD 'p'; CREATE ROLE bob LOGIN PASSWORD 'p'")
    execute(server, "ALTER ROLE uploader PASSWORD 'p'")
    by_network = {"host": "127.0.0.1", "port": port, "dbname": "uploader"}
    with psycopg.connect(make_conninfo(**by_network, user="ana", password="p")) as connection:
        assert connection.execute("SELECT session_user").fetchone() == ("ana",)
    for name, password in (("ana", "x"), ("bob", "p"), ("uploader", "p"), ("uploads_sql_x", "p")):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(make_conninfo(**by_network, user=name, password=password))


@pytest.mark.parametrize("text", ["5433", "localhost:5433", "127.0.0.1:", "127.0.0.1:70000", "db.example.org:5432"])
def test_an_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ServerError, match=r"no address and port such as 127\.0\.0\.1:5433"):
        network_address(text)


def test_path_too_long_for_a_socket_is_served(open_folder: Path) -> None:
    home = open_folder / ("long" * 25) / "postgres"
    server = use_server(home)
    try:
        assert ask(server, "SELECT 1") == 1
        assert server.socket.stat().st_mode & 0o077 == 0
    finally:
        leave_server(home)
        shutil.rmtree(server.socket)


def test_data_are_kept_and_nothing_runs_after_the_last_user(home: Path) -> None:
    execute(use_server(home), "CREATE TABLE kept AS SELECT 41 AS answer")
    leave_server(home)
    assert down(find_home(home))
    assert ask(use_server(home), "SELECT answer FROM kept") == 41


def test_two_users_share_one_server_and_the_last_one_stops_it(home: Path) -> None:
    with program_using(home) as program:
        server = use_server(home)
        assert program.stdin is not None
        program.stdin.close()
        program.wait()
        assert ask(server, "SELECT 1") == 1
    leave_server(home)
    assert down(find_home(home))


def test_users_that_begin_at_the_same_moment_agree_on_one_server_and_find_the_database(home: Path) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", USER, str(home)], cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=-1)
        for _ in range(3)
    ]
    assert [program.communicate()[0] for program in started] == [b"ready\n"] * 3
    assert [program.returncode for program in started] == [0, 0, 0]
    assert down(find_home(home))


def test_server_stops_when_its_only_user_is_killed(home: Path) -> None:
    with program_using(home) as program:
        place = find_home(home)
        assert not down(place)
        program.kill()
        program.wait()
        wait_until(lambda: down(place))


def test_killed_server_comes_back_with_its_data(home: Path) -> None:
    server = use_server(home)
    execute(server, "CREATE TABLE kept AS SELECT 41 AS answer")
    os.kill(server.pid, signal.SIGKILL)
    wait_until(lambda: (found := running_server(find_home(home))) is not None and found.pid != server.pid)
    assert ask(use_server(home), "SELECT answer FROM kept") == 41


def test_everything_killed_at_once_starts_cleanly(home: Path) -> None:
    with program_using(home) as program:
        place = find_home(home)
        server = use_server(home)
        execute(server, "CREATE TABLE kept AS SELECT 41 AS answer")
        keeper = psutil.Process(int((home / "keeper.lock").read_text()))
        for process in (keeper, psutil.Process(program.pid), psutil.Process(server.pid)):
            process.kill()
        wait_until(lambda: down(place))
    # The number in the pid file now belongs to another living process: us.
    pid_file = home / "data" / "postmaster.pid"
    pid_file.write_text(pid_file.read_text().replace(str(server.pid), str(os.getpid()), 1))
    assert ask(use_server(home), "SELECT answer FROM kept") == 41


def test_server_whose_keeper_was_killed_is_taken_over(home: Path) -> None:
    server = use_server(home)
    psutil.Process(int((home / "keeper.lock").read_text())).kill()
    wait_until(lambda: use_server(home).pid == server.pid and ask(server, "SELECT 1") == 1)
    leave_server(home)
    wait_until(lambda: down(find_home(home)))


def test_server_that_is_asked_to_stop_and_does_not_is_ended_and_started_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL 18.6 does so where it is asked while it recovers; here its checkpointer sleeps."""
    monkeypatch.setattr(keeper, "STUCK_SECONDS", 0.5)
    place = find_home(home)
    kept = keeper.Keeper(place)
    kept.start()
    with (home / "users.lock").open("a") as user:
        fcntl.flock(user, fcntl.LOCK_SH)
        keeping = threading.Thread(target=kept.keep)
        keeping.start()
        try:
            first = running_server(place)
            assert first is not None
            [checkpointer] = [
                child for child in psutil.Process(first.pid).children() if "checkpointer" in " ".join(child.cmdline())
            ]
            checkpointer.suspend()
            os.kill(first.pid, signal.SIGINT)
            wait_until(lambda: (now := running_server(place)) is not None and now.ready and now.pid != first.pid)
        finally:
            kept.ended.set()
            keeping.join()
            kept.stop()


def test_making_of_the_cluster_that_was_cut_off_is_begun_anew(home: Path) -> None:
    half = home / "new-half"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    assert ask(use_server(home), "SELECT 1") == 1
    assert not half.exists()
