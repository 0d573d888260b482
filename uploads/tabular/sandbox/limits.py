"""What the operating system lets a process use that reads a file which nobody has looked at."""

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

import uploads
from uploads.tabular.sandbox.guards import Guard, confine
from uploads.tabular.sandbox.messages import Bounds

PR_SET_PDEATHSIG = 1
_OF_PYTHON = (sys.prefix, sys.base_prefix, "/usr", "/lib", "/lib64", "/etc/localtime", *uploads.__path__)
_OF_SYSTEM = ("/proc/self", "/proc/meminfo", "/proc/cpuinfo", "/sys/devices/system/cpu", "/dev/urandom", "/dev/null")
"""What the libraries look at: how many cores there are, how much memory."""


def _address_space() -> int:
    """What this process has reserved before it reads anything: 1.4 GB for the libraries, of which a tenth is in use."""
    if sys.platform != "linux":
        return 0
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def limit_process(bounds: Bounds) -> None:
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


def confine_to(path: Path | None, *, room: Path | None) -> frozenset[Guard]:
    """Leave this process its one file to read and its ``room`` to write in; which guards hold it to that."""
    libraries = filter(None, os.environ.get("LD_LIBRARY_PATH", "").split(":"))
    readable = [*map(Path, (*_OF_PYTHON, *_OF_SYSTEM, *libraries)), *([path] if path else [])]
    return confine(readable=readable, writable=[room] if room else [])
