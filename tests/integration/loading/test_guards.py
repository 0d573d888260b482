"""A child that a file has taken over tries to reach something else than its file."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from uploads.tabular.sandbox.client import WarmReader
from uploads.tabular.sandbox.guards import Guard

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the guards are Linux's")

PROJECT = Path(__file__).resolve().parents[3]
CHILD = """
import json, os, signal, socket, sys
from pathlib import Path
from uploads.tabular.sandbox.guards import leave_network
from uploads.tabular.sandbox.limits import confine_to

told = json.loads(sys.stdin.readline())
is_apart = leave_network()
if told["confined"]:
    held = sorted(confine_to(Path(told["own"]), room=Path(told["room"])))
else:
    held = []

def connect(family, address):
    with socket.socket(family) as wire:
        wire.connect(address)

def run(path):
    pid = os.posix_spawn(path, [path], {})
    os.waitpid(pid, 0)

tried = {
    "own": lambda: Path(told["own"]).read_bytes(),
    "temporary": lambda: Path(told["room"], "spool").write_bytes(b"x"),
    "neighbour": lambda: Path(told["neighbour"]).read_bytes(),
    "abort": lambda: signal.raise_signal(signal.SIGURG),
    "environ": lambda: Path(f"/proc/{told['worker']}/environ").read_bytes(),
    "memory": lambda: open(f"/proc/{told['worker']}/mem", "rb"),
    "other": lambda: Path(told["other"]).read_bytes(),
    "overwrite": lambda: open(told["other"], "r+b"),
    "network": lambda: connect(socket.AF_INET, ("127.0.0.1", told["port"])),
    "socket": lambda: connect(socket.AF_UNIX, told["socket"]),
    "signal": lambda: os.kill(told["worker"], 0),
    "program": lambda: run("/bin/true"),
}

def outcome(act):
    try:
        act()
    except OSError as error:
        return type(error).__name__
    return "done"

print(json.dumps({"held": held + ["network"] * is_apart, **{name: outcome(act) for name, act in tried.items()}}))
"""
IN_WORKER = f"""
import os, subprocess, sys
from uploads.tabular.sandbox.guards import hide_process
hide_process()
told = sys.stdin.readline().replace('"worker": 0', f'"worker": {{os.getpid()}}')
child = subprocess.run([sys.executable, "-c", {CHILD!r}], input=told, text=True, capture_output=True, env={{}})
print(child.stdout or child.stderr)
"""


@pytest.fixture
def told(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """What there is to reach, beside the child's own file."""
    home = PROJECT / "var" if (PROJECT / "var").is_dir() else PROJECT
    other = home / f"other-upload-{os.getpid()}"
    other.write_bytes(b"somebody else's")
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as database:
        database.bind(str(tmp_path / "database"))
        database.listen()
        own = tmp_path / "own"
        own.write_bytes(b"a;b")
        (tmp_path / "room").mkdir()
        neighbour = tmp_path / "neighbour"
        neighbour.write_bytes(b"spooled by the child of another file")
        yield {
            "own": str(own),
            "room": str(tmp_path / "room"),
            "neighbour": str(neighbour),
            "other": str(other),
            "port": server.getsockname()[1],
            "socket": str(tmp_path / "database"),
            "worker": 0,
        }
    other.unlink()


def tries(told: dict[str, Any], *, confined: bool) -> dict[str, Any]:
    """What came of each thing that a child of a worker tries; what holds it is under ``held``."""
    done = subprocess.run(
        [sys.executable, "-c", IN_WORKER],
        input=json.dumps({**told, "confined": confined}) + "\n",
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "SECRET": "of the worker"},
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_confined_child_reaches_its_own_file_and_nothing_else(told: dict[str, Any]) -> None:
    found = tries(told, confined=True)
    held = set(found.pop("held"))
    assert {found.pop(name) for name in ("own", "temporary", "abort")} == {"done"}
    prevented = {
        Guard.CALLS: {"network", "socket", "signal", "program"},
        Guard.FILES: {"environ", "memory", "other", "overwrite", "neighbour"},
        Guard.NETWORK: {"environ", "memory", "network"},
    }
    reached = {name for name, outcome in found.items() if outcome == "done"}
    for guard in held:
        assert not reached & prevented[Guard(guard)], guard
    if os.geteuid() != 0:
        assert found["environ"] == "PermissionError", "the worker hides it from its own user"


def test_child_without_guards_would_reach_them(told: dict[str, Any]) -> None:
    """Else the test above would say nothing."""
    found = tries(told, confined=False)
    names = ("other", "overwrite", "neighbour", "socket", "signal", "program")
    assert {name: found[name] for name in names} == dict.fromkeys(names, "done")


def test_warm_process_tells_which_guards_its_children_have() -> None:
    warm = WarmReader()
    try:
        guards = warm.guards()
    finally:
        warm.close()
    assert guards <= set(Guard)
    if os.uname().machine in {"x86_64", "aarch64"}:
        assert Guard.CALLS in guards
