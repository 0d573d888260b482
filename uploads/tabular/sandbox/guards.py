"""What keeps a child that a file has taken over from reaching anything but that file.

It runs as the worker's own user: without these it reads the worker's environment and with it the database's password,
other people's uploads, and connects to wherever the machine does. Each guard is asked of the kernel by its own call,
for there is no library of all three that is kept up; where the kernel has one not, or a container forbids it, the
others hold, and ``/healthz`` says which.
"""

import ctypes
import enum
import os
import platform
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_FILTER = 2


class Guard(enum.StrEnum):
    """The values are told by ``/healthz``."""

    NETWORK = "network"
    """A network of its own without a way out, and no capabilities in anything else (user namespaces)."""
    CALLS = "calls"
    """No connection, no program, no signal to others, no look into them (seccomp)."""
    FILES = "files"
    """No file but its own, those of Python and those in its own temporary folder (Landlock)."""


def hide_process() -> None:
    """Keep the environment and the memory of this process from others of the same user (``PR_SET_DUMPABLE``)."""
    if sys.platform == "linux":
        _prctl(_PR_SET_DUMPABLE, 0)


def leave_network() -> bool:
    """Move this process, which must have one thread, and its children to a network of their own; whether that went.

    Users keep their numbers: the children open the files that their user may open.
    """
    if sys.platform != "linux" or sys.version_info < (3, 12):
        return False
    uid, gid = os.geteuid(), os.getegid()
    try:
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)
    except OSError:  # no user namespaces, or a container's filter
        return False
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    return True


def confine(*, readable: Iterable[Path], writable: Iterable[Path]) -> frozenset[Guard]:
    """Confine this process for good, before its first thread; which of ``FILES`` and ``CALLS`` hold from now on."""
    if sys.platform != "linux":
        return frozenset()
    hide_process()
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    held = set()
    if _confine_files(readable=readable, writable=writable):
        held.add(Guard.FILES)
    if _confine_calls():
        held.add(Guard.CALLS)
    return frozenset(held)


def _prctl(option: int, argument: int, pointer: ctypes.c_void_p | None = None) -> None:
    zero = ctypes.c_ulong(0)
    if _LIBC.prctl(option, ctypes.c_ulong(argument), pointer or zero, zero, zero) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


# Landlock (include/uapi/linux/landlock.h); its numbers are the same on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION, _PATH_BENEATH = 1, 1
_WRITE_FILE, _READ_FILE, _READ_DIR, _REMOVE_DIR, _REMOVE_FILE = (1 << bit for bit in (1, 2, 3, 4, 5))
_MAKE_DIR, _MAKE_REG, _TRUNCATE = (1 << bit for bit in (7, 8, 14))
_READING = _READ_FILE | _READ_DIR
_OF_FILES = _READ_FILE | _WRITE_FILE | _TRUNCATE
_WRITING = _READING | _WRITE_FILE | _TRUNCATE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG
_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""By version, how many of the rights on files it knows."""
_NET_FROM, _SCOPES_FROM = 4, 6


def _confine_files(*, readable: Iterable[Path], writable: Iterable[Path]) -> bool:
    version = _LIBC.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION)
    if version < 1:
        return False
    handled = (1 << _RIGHTS.get(version, max(_RIGHTS.values()))) - 1
    attributes = struct.pack("=Q", handled)
    if version >= _NET_FROM:
        attributes += struct.pack("=Q", 0b11)  # neither bind nor connect
    if version >= _SCOPES_FROM:
        attributes += struct.pack("=Q", 0b11)  # neither abstract sockets nor signals
    ruleset = _LIBC.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if ruleset < 0:
        return False
    try:
        for paths, rights in ((readable, _READING), (writable, _WRITING)):
            for path in paths:
                _allow(ruleset, path, rights & handled)
        return bool(_LIBC.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        rule = struct.pack("=Qi", rights if path.is_dir() else rights & _OF_FILES, descriptor)
        if _LIBC.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0) != 0:
            error = ctypes.get_errno()
            raise OSError(error, os.strerror(error), str(path))
    finally:
        os.close(descriptor)


# seccomp: system calls by their numbers, (x86-64, arm64), from the kernel's tables.
_REFUSED: Final = {
    "socket": (41, 198),
    "connect": (42, 203),
    "accept": (43, 202),
    "bind": (49, 200),
    "listen": (50, 201),
    "execve": (59, 221),
    "kill": (62, 129),
    "ptrace": (101, 117),
    "rt_sigqueueinfo": (129, 138),
    "mount": (165, 40),
    "tkill": (200, 130),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "unshare": (272, 97),
    "accept4": (288, 242),
    "rt_tgsigqueueinfo": (297, 240),
    "perf_event_open": (298, 241),
    "open_by_handle_at": (304, 265),
    "setns": (308, 268),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "bpf": (321, 280),
    "execveat": (322, 281),
    "userfaultfd": (323, 282),
    "pidfd_send_signal": (424, 424),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
}
_TO_A_THREAD = (234, 131)
"""``tgkill``: of its own threads alone, by which a library aborts."""
_MACHINES: Final = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""Column of the table above, and the kernel's name of the architecture."""
_OTHER_CALLS = 0x4000_0000
"""From here on are the same calls once more, by x86's third set of numbers."""
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _MACHINE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
_ALLOW, _KILL, _NOT_PERMITTED = 0x7FFF_0000, 0x8000_0000, 0x0005_0001


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def _confine_calls() -> bool:
    found = _MACHINES.get(platform.machine())
    if found is None:
        return False
    column, machine = found
    steps = [
        _step(_LOAD, _MACHINE_AT),
        _step(_EQUAL, machine, jump=1),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER_AT),
        _step(_AT_LEAST, _OTHER_CALLS, skip=1),
        _step(_RETURN, _NOT_PERMITTED),
    ]
    for numbers in _REFUSED.values():
        steps += [_step(_EQUAL, numbers[column], skip=1), _step(_RETURN, _NOT_PERMITTED)]
    steps += [
        _step(_EQUAL, _TO_A_THREAD[column], skip=3),
        _step(_LOAD, _FIRST_ARGUMENT_AT),
        _step(_EQUAL, os.getpid(), jump=1),
        _step(_RETURN, _NOT_PERMITTED),
        _step(_RETURN, _ALLOW),
    ]
    code = b"".join(steps)
    program = _Program(len(steps), code)
    try:
        _prctl(_PR_SET_SECCOMP, _SECCOMP_FILTER, ctypes.cast(ctypes.byref(program), ctypes.c_void_p))
    except OSError:  # a kernel without it
        return False
    return True


def _step(code: int, value: int, *, jump: int = 0, skip: int = 0) -> bytes:
    """One instruction: of a comparison, ``jump`` over so many where it holds, ``skip`` so many where it doesn't."""
    return struct.pack("=HBBI", code, jump, skip, value)
