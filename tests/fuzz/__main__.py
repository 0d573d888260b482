"""``python -m tests.fuzz [FORMAT…]``: spoil files for a while and read them; ends with 1 if a promise was broken.

Environment: ``SECONDS`` for each format (60), ``SEED`` (0) and ``FIRST`` (0), the number of the first file: the same
numbers make the same files. ``CORPUS_DIR`` adds real files to begin with, ``KEEP`` names a folder for files that broke
a promise.
"""

import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from tests.fuzz.seeds import Format, formats
from tests.fuzz.trial import BrokenPromise, try_file
from uploads.tabular.sandbox.client import WarmReader

PROJECT = Path(__file__).resolve().parents[2]
_MOST_BROKEN = 25
"""So many of one format are enough to look at."""


def main(names: list[str]) -> int:
    folder = Path(os.environ.get("CORPUS_DIR") or PROJECT.parent / "shared" / "data").resolve()
    known = formats(folder if folder.is_dir() else None)
    unknown = set(names) - set(known)
    if unknown:
        sys.stderr.write(f"No such format: {', '.join(sorted(unknown))}; there are {', '.join(known)}.\n")
        return 2
    kept = Path(os.environ.get("KEEP") or tempfile.mkdtemp(prefix="fuzz-"))
    kept.mkdir(parents=True, exist_ok=True)
    broken = sum(_fuzz(name, known[name], kept) for name in names or known if known[name].seeds)
    if broken:
        sys.stdout.write(f"{broken:,} files broke a promise; they are kept in {kept}\n")
    return int(bool(broken))


def _fuzz(name: str, kind: Format, kept: Path) -> int:
    """Spoil and read files of one format until its time is over; returns how many broke a promise."""
    seconds, seed = float(os.environ.get("SECONDS", "60")), os.environ.get("SEED", "0")
    number = first = int(os.environ.get("FIRST", "0"))
    outcomes: Counter[str] = Counter()
    slowest = (0.0, first)
    reader = WarmReader()
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / f"file.{kind.suffix}"
        while time.monotonic() < end and outcomes["broken"] < _MOST_BROKEN:
            data = spoiled(kind, f"{name} {seed} {number}")
            path.write_bytes(data)
            began = time.monotonic()
            try:
                outcomes[try_file(reader, path, path.name)] += 1
            except BrokenPromise as broken:
                outcomes["broken"] += 1
                (kept / f"{name}-{seed}-{number}.{kind.suffix}").write_bytes(data)
                sys.stdout.write(f"{name} {seed} {number}: {str(broken)[:600]}\n")
                sys.stdout.flush()
            slowest = max(slowest, (time.monotonic() - began, number))
            number += 1
    reader.close()
    told = ", ".join(f"{code} {count:,}" for code, count in outcomes.most_common())
    sys.stdout.write(f"{name}: {number - first:,} files, slowest {slowest[0]:.1f} s (number {slowest[1]}): {told}\n")
    sys.stdout.flush()
    return outcomes["broken"]


def spoiled(kind: Format, key: str) -> bytes:
    """The file of this key: the same in every run."""
    random = Random(key)  # noqa: S311 (nothing here is a secret)
    return kind.spoil(random, random.choice(kind.seeds), kind.seeds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
