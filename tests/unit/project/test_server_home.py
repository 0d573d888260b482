"""Where the embedded server may live, told by permission bits alone."""

import os
from pathlib import Path

import pytest

from uploader_project.embedded.server import running_server
from uploader_project.embedded.server_home import ServerHome, SystemUser, reachable
from uploader_project.embedded.tuning import settings_for

STRANGER = SystemUser(name="stranger", uid=54321, gid=54321)


@pytest.fixture
def place(tmp_path: Path) -> ServerHome:
    (tmp_path / "data").mkdir()
    return ServerHome(home=tmp_path, binaries=tmp_path, account=None)


def test_a_closed_folder_above_shuts_a_stranger_out(tmp_path: Path) -> None:
    project = tmp_path / "closed" / "project"
    project.mkdir(parents=True)
    project.parent.chmod(0o700)
    assert not reachable(project, STRANGER)


def test_the_owner_of_a_closed_folder_gets_in(tmp_path: Path) -> None:
    owner = SystemUser(name="owner", uid=tmp_path.stat().st_uid, gid=tmp_path.stat().st_gid)
    assert reachable(tmp_path, owner)


def test_a_folder_that_is_not_there_yet_is_judged_by_those_above_it(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert not reachable(tmp_path / "var" / "postgres", STRANGER)


def test_pid_file_of_a_process_that_is_no_postgres_is_stale(place: ServerHome) -> None:
    (place.data / "postmaster.pid").write_text(f"{os.getpid()}\n{place.data}\n0\n5432\n/tmp\n\n0 0\nready\n")
    assert running_server(place) is None


@pytest.mark.parametrize("content", ["", "no number\n", "999999999\n"])
def test_damaged_or_dead_pid_file_is_no_server(place: ServerHome, content: str) -> None:
    (place.data / "postmaster.pid").write_text(content)
    assert running_server(place) is None


def test_socket_folder_with_quotes_stays_one_setting(place: ServerHome) -> None:
    text = settings_for(place, socket=Path("/tmp/it's here"), port=5432)
    assert "unix_socket_directories = '\"/tmp/it''s here\"'\n" in text


def test_the_lasting_cluster_is_crash_safe_and_the_throw_away_one_is_quick(place: ServerHome, tmp_path: Path) -> None:
    lasting = settings_for(place, socket=tmp_path, port=5432)
    brief = settings_for(
        ServerHome(home=tmp_path, binaries=tmp_path, account=None, durable=False), socket=tmp_path, port=5432
    )
    assert "fsync" not in lasting
    assert "full_page_writes" not in lasting
    assert "fsync = 'off'" in brief
