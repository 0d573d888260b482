"""``make run`` and its parts: clear words before anything starts, and everything gone at the end."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.waiting import GIVE_UP_SECONDS

PROJECT = Path(__file__).resolve().parents[3]
SCRIPT = PROJECT / "scripts" / "make_venv"


def environment(**settings: str) -> dict[str, str]:
    plain = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return (
        plain | {"DJANGO_READ_DOT_ENV_FILE": "false", "DJANGO_SETTINGS_MODULE": "uploader_project.settings"} | settings
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def var() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="uploader-run-") as folder:
        path = Path(folder)
        path.chmod(0o711)
        yield path


def test_busy_port_is_one_sentence_before_anything_starts(var: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "uploader_project.run"],
            cwd=PROJECT,
            env=environment(VAR_DIR=str(var), SECRET_KEY="x", PORT=str(port)),
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stdout == f"Port {port} is in use: stop the other program, or choose another port: make run PORT=8001\n"
    assert done.stderr == ""
    assert list(var.iterdir()) == []


def test_run_serves_the_page_names_the_admin_once_and_leaves_nothing_behind(var: Path) -> None:
    port = free_port()
    first = run_and_stop(var, port)
    password = re.search(r"name admin, password (\S+) \(shown only this once\)", first)
    assert password is not None
    assert f"http://127.0.0.1:{port}/" in first
    assert "Read   a new dataset is read by people who are signed in (DATASETS_VISIBLE=signed_in in .env; or " in first
    second = run_and_stop(var, port)
    assert password[1] not in second
    assert "DATASETS_VISIBLE" not in second
    assert "name and password from the first start" in second
    assert not (var / "postgres" / "data" / "postmaster.pid").exists()


def run_and_stop(var: Path, port: int) -> str:
    with subprocess.Popen(
        [sys.executable, "-m", "uploader_project.run"],
        cwd=PROJECT,
        env=environment(VAR_DIR=str(var), PORT=str(port)),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as run:
        assert run.stdout is not None
        said = ""
        while "Stop   Ctrl-C" not in said and (line := run.stdout.readline()):
            said += line
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/admin/login/", timeout=GIVE_UP_SECONDS) as page:
            assert page.status == 200
            assert len(page.headers["X-Request-ID"]) == 12
        run.send_signal(signal.SIGINT)
        said += run.stdout.read()
        assert run.wait(GIVE_UP_SECONDS) == 0
    return said


def test_old_python_is_one_sentence_and_installs_nothing(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    old = programs / "python3"
    old.write_text('#!/bin/sh\ncase "$2" in *print*) echo 3.11.2 ;; *) exit 1 ;; esac\n')
    old.chmod(0o755)
    broken = programs / "python3.13"
    broken.write_text('#!/bin/sh\necho "pyenv: python3.13: command not found" >&2\nexit 127\n')
    broken.chmod(0o755)
    project = tmp_path / "project"
    project.mkdir()
    done = subprocess.run(
        ["/bin/sh", str(SCRIPT)], cwd=project, env={"PATH": str(programs)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("This needs Python 3.12 or newer; found: 3.11.2. ")
    assert done.stderr.count("\n") == 1
    assert list(project.iterdir()) == []


@pytest.mark.thorough
def test_half_made_venv_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "half").touch()
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    subprocess.run(["/bin/sh", str(SCRIPT)], cwd=tmp_path, env={"PATH": programs}, check=True)
    assert (tmp_path / ".venv" / "bin" / "python").exists()
    assert not (tmp_path / ".venv" / "half").exists()


@pytest.mark.django_db
def test_migrations_are_named_by_number_date_and_purpose(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("makemigrations", "uploads", "--empty", "--dry-run", "--name", "add_colour", verbosity=3)
    assert re.search(r"\d{4}_\d{4}_\d\d_\d\d_\d{4}_add_colour\.py", capsys.readouterr().out)
