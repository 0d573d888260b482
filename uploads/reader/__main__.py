"""The warm process: loads the libraries once, then forks one limited child for each file it is asked to read."""

import ctypes
import gc
import json
import os
import resource
import signal
import socket
import sys
from pathlib import Path

from uploads.reader.channel import Channel
from uploads.reader.messages import Bounds, Request
from uploads.reader.rehearsal import rehearse
from uploads.reader.session import read_file

PR_SET_PDEATHSIG = 1
READ_SIZE = 2**16
YOUNG_OBJECTS = 100_000
"""Until so many are new, nothing is looked through: Python's 2,000 are a few rows of a sheet, which are never garbage
in a circle, and looking at them takes a tenth of turning them into text."""


def main() -> None:
    """Answer requests on standard input, a Unix socket, until its other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the worker, which then closes the socket
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # so is the end of a whole service: its load may finish first
    rehearse()
    gc.freeze()  # the libraries' objects stay: looking through them again and again takes a tenth of reading a sheet
    gc.set_threshold(YOUNG_OBJECTS)
    control = socket.socket(fileno=os.dup(0))
    accepted = _serve(control)
    if accepted is None:
        return
    control.close()
    connection, request = accepted
    _limit(request.bounds)
    read_file(Channel(connection), request)
    sys.stderr.flush()
    # All is said and every file closed: taking the libraries apart one by one costs 0.12 s, half of a small load.
    os._exit(0)


def _serve(control: socket.socket) -> tuple[socket.socket, Request] | None:
    """Fork for each ``read``; returns in the child with its work, in the parent with nothing when all is over."""
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, READ_SIZE, 1)
        while message and not message.endswith(b"\n"):
            message += control.recv(READ_SIZE)
        if not message:
            return None
        order = json.loads(message)
        if order["kind"] == "wait":
            _, status = os.waitpid(order["pid"], 0)
            control.sendall(json.dumps({"status": os.waitstatus_to_exitcode(status)}).encode() + b"\n")
            continue
        pid = os.fork()
        if pid == 0:
            return socket.socket(fileno=descriptors[0]), Request.from_json(order["request"])
        os.close(descriptors[0])
        control.sendall(json.dumps({"pid": pid}).encode() + b"\n")


def _address_space() -> int:
    """What this process has reserved before it reads anything: 1.4 GB for the libraries, of which a tenth is in use."""
    if sys.platform != "linux":
        return 0
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def _limit(bounds: Bounds) -> None:
    """Give this process its bounds; what exceeds them gets MemoryError, a signal, or EFBIG from the kernel."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for kind, wanted in (
        (resource.RLIMIT_AS, _address_space() + bounds.memory_bytes),
        (resource.RLIMIT_CPU, bounds.cpu_seconds),
        (resource.RLIMIT_FSIZE, bounds.spool_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        # At the hard limit of CPU time the kernel says SIGKILL, at the soft one SIGXCPU, which tells people why.
        resource.setrlimit(kind, (value, value + 5 if kind == resource.RLIMIT_CPU and hard < 0 else value))


if __name__ == "__main__":
    main()
