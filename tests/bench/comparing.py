"""Row 16: what changes from one file to another, against the bare full join in SQL."""

from collections.abc import Callable

from tests.bench import data
from tests.bench.measuring import Result, interleaved, median, timed
from tests.bench.place import Place
from uploads.models import Load
from uploads.services.comparison.compare import Wish, compare_files

KEY = ("code",)
VALUES = ("name", "price", "stock", "since")


def comparing(place: Place, rows: int, times: int) -> list[Result]:
    """By key, with the first hundred differences of each kind; then with figures of each column; then by whole rows.

    The yardstick is what somebody types who knows the columns, with the server's settings: it counts, and no more. It
    does not look whether the key is one.
    """
    slug = place.slug()
    files = [place.load(data.prices(place.folder, rows, each).path, rows, slug)[1].file_id for each in (0, 1)]
    old, new = (Load.objects.get(file_id=file).part for file in files)
    counts = place.execute(_bare(old, new))[0]

    def compared(wish: Wish) -> Callable[[], float]:
        def run() -> float:
            found = compare_files(old_id=files[0], new_id=files[1], wish=wish)
            if wish.key and (found.new, found.changed, found.gone) != counts:
                raise RuntimeError(f"{found.new}, {found.changed}, {found.gone}, and the join counts {counts}")
            return found.seconds

        return run

    by_key = Wish(key=KEY, figures=False)
    works = (lambda: timed(lambda: place.execute(_bare(old, new))), compared(by_key), compared(Wish(key=KEY)))
    bare, keyed, whole = interleaved(times, *works)
    [rowwise] = interleaved(max(1, times // 2), compared(Wish(figures=False)))
    place.forget()
    return [
        _result(f"compare two files of {rows:,} rows by key", keyed, bare, must=1.2, goal=0.8),
        _result("the same with the figures of each column", whole, bare),
        _result("the same files as whole rows", rowwise, bare),
    ]


def _bare(old: str, new: str) -> str:
    differ = " OR ".join(f"a.{name} IS DISTINCT FROM b.{name}" for name in VALUES)
    return (
        f"SELECT count(*) FILTER (WHERE a.code IS NULL), count(*) FILTER (WHERE a.code = b.code AND ({differ})),"  # noqa: S608
        f" count(*) FILTER (WHERE b.code IS NULL) FROM data.{old} a FULL JOIN data.{new} b ON a.code = b.code"
    )


def _result(
    work: str, ours: tuple[float, ...], bare: tuple[float, ...], must: float | None = None, goal: float | None = None
) -> Result:
    return Result(
        row="16",
        work=work,
        unit="s",
        ours=median(ours),
        yardstick=median(bare),
        against="bare full join",
        must=must,
        goal=goal,
        runs=ours,
        yardstick_runs=bare,
    )
