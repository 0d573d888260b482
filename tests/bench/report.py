"""The table: on the terminal, as Markdown and as JSON, with the machine it was measured on."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil

from tests.bench.measuring import Result

HEADS = ("#", "work", "ours", "yardstick", "ratio", "must", "goal", "met", "note")


def machine() -> str:
    model = "processor unknown"
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    memory = psutil.virtual_memory().total / 2**30
    busy = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} × {model}, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()};"
        f" load average {busy:.1f}"
    )


def cells(result: Result) -> tuple[str, ...]:
    against = f" ({result.against})" if result.against else ""
    bound = "≥" if result.more_is_better else "≤"
    return (
        result.row,
        result.work,
        "–" if result.ours is None else f"{_figure(result.ours)} {result.unit}",
        "–" if result.yardstick is None else f"{_figure(result.yardstick)} {result.unit}{against}",
        "–" if result.ratio is None else f"{result.ratio:.2f}",
        "–" if result.must is None else f"{bound} {result.must:g}",
        "–" if result.goal is None else f"{bound} {result.goal:g}",
        result.verdict,
        result.note,
    )


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def as_text(results: Sequence[Result]) -> str:
    table = [HEADS, *map(cells, results)]
    widths = [max(len(line[index]) for line in table) for index in range(len(HEADS))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in table)


def as_markdown(results: Sequence[Result], where: str) -> str:
    lines = [HEADS, ("---",) * len(HEADS), *map(cells, results)]
    return f"{where}\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def as_json(results: Sequence[Result], where: str) -> str:
    rows: list[dict[str, Any]] = [
        {**asdict(result), "ratio": result.ratio, "verdict": result.verdict} for result in results
    ]
    return json.dumps({"machine": where, "rows": rows}, ensure_ascii=False, indent=1)
