"""``python -m tests.bench``: measure, print the table, and write it as Markdown and JSON.

Environment: ``ROWS`` rows of the narrow CSV (5,000,000; the others go along), ``ONLY`` rows of the table to measure
(``1,2,10``; ``chunks`` and ``files`` are measured only if they are named), ``TIMES`` runs of each (5), ``OUT`` folder
of the results (``var/bench``).
"""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"

import django
from django.conf import settings

django.setup()

from tests.bench import (  # noqa: E402 (Django comes first)
    acts,
    adopting,
    aggregating,
    answering,
    attacks,
    chunks,
    comparing,
    crowds,
    exporting,
    flow,
    loads,
    merging,
    peers,
    reading,
    receiving,
    report,
    starting,
    workbooks,
)
from tests.bench.measuring import Result, timed  # noqa: E402
from tests.bench.place import PROJECT, Place  # noqa: E402

ROWS: dict[str, Callable[[Place, int, int], list[Result]]] = {
    "1": loads.narrow,
    "2": loads.wide,
    "3": loads.quoted,
    "4": loads.packed,
    "5": workbooks.xlsx,
    "6": workbooks.xls,
    "7,8": flow.growth,
    "9": workbooks.largest_xlsx,
    "10": acts.acts,
    "11": flow.small_file,
    "12": flow.many_small_files,
    "13": peers.peers,
    "14": answering.answering,
    "15": starting.starting,
    "16": comparing.comparing,
    "17": merging.merging,
    "18": adopting.adopting,
    "19": exporting.exporting,
    "20": aggregating.aggregating,
    "21": reading.reading,
    "22": receiving.receiving,
    "23": crowds.crowds,
    "24": attacks.attacks,
}
ASKED_FOR: dict[str, Callable[[Place, int, int], list[Result]]] = {"chunks": chunks.curve, "files": merging.many_files}
"""Measured only when ``ONLY`` names them."""


def main() -> int:
    rows, times = int(os.environ.get("ROWS") or 5_000_000), int(os.environ.get("TIMES") or 5)
    only = {word.strip() for word in (os.environ.get("ONLY") or "").split(",") if word.strip()}
    known = ROWS | ASKED_FOR
    chosen = {name: row for name, row in known.items() if only & set(name.split(","))} if only else ROWS
    if not chosen:
        sys.stderr.write(f"ONLY names none of {', '.join(known)}\n")
        return 2
    out = Path(os.environ.get("OUT") or PROJECT / "var" / "bench")
    out.mkdir(parents=True, exist_ok=True)
    home = Path(settings.VAR_DIR)
    where = report.machine()
    results: list[Result] = []
    try:
        folder = home / "bench"
        folder.mkdir()
        place = Place(folder)
        try:
            for name, row in chosen.items():
                sys.stderr.write(f"row {name} …")
                sys.stderr.flush()
                seconds = timed(lambda row=row: results.extend(row(place, rows, times)))  # type: ignore[misc]
                sys.stderr.write(f" {seconds:.0f} s\n")
        finally:
            place.close()
    finally:
        shutil.rmtree(home)
    (out / "bench.md").write_text(report.as_markdown(results, where))
    (out / "bench.json").write_text(report.as_json(results, where))
    sys.stdout.write(f"{where}\n\n{report.as_text(results)}\n\nwritten to {out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
