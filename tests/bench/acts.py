"""Row 10: switching and taking back 5,000,000 rows against the same on 100."""

from tests.bench import data
from tests.bench.measuring import Result, median
from tests.bench.place import Place
from uploads.services.files.activation import activate_file, deactivate_file, delete_file, replace_file

WARMING = 2
"""Rounds that aren't counted: the first ones fill caches."""


def acts(place: Place, rows: int, times: int) -> list[Result]:
    sizes = (rows, 100)
    files = {size: _loaded(place, size, times) for size in sizes}
    taken: dict[int, dict[str, list[float]]] = {size: {} for size in sizes}

    def note(size: int, act: str, milliseconds: float, turn: int) -> None:
        if turn >= WARMING:
            taken[size].setdefault(act, []).append(milliseconds)

    for turn in range(2 * times + WARMING):
        for size in sizes:
            first, second = files[size][:2]
            note(size, "activate", activate_file(file_id=first).milliseconds, turn)
            note(size, "replace", replace_file(old_ids=[first], new_id=second).milliseconds, turn)
            note(size, "deactivate", deactivate_file(file_id=second).milliseconds, turn)
    for turn in range(times):
        for size in sizes:
            activate_file(file_id=files[size][turn])
            note(size, "delete", delete_file(file_id=files[size][turn]).milliseconds, WARMING)
    place.forget()
    return [
        Result(
            row="10",
            work=f"{act} {rows:,} rows",
            unit="ms",
            ours=median(taken[rows][act]),
            yardstick=median(taken[100][act]),
            against="100 rows",
            must=2,
            goal=1.2,
            runs=tuple(taken[rows][act]),
            yardstick_runs=tuple(taken[100][act]),
        )
        for act in ("activate", "deactivate", "replace", "delete")
    ]


def _loaded(place: Place, rows: int, count: int) -> list[int]:
    """Files of one dataset, loaded and not active."""
    table = data.geo(place.folder, rows)
    slug = place.slug()
    return [place.load(table.path, rows, slug, activate=False)[1].file_id for _ in range(count)]
