"""Row 16: what changes from one file to another, against the bare full join in SQL."""

from collections.abc import Callable, Sequence

from tests.bench import data
from tests.bench.measuring import Result, interleaved, median, timed
from tests.bench.place import Place
from uploads.models import Load
from uploads.services.comparison.compare import Wish, compare_files
from uploads.services.merging.modes import change_mode
from uploads.states import Mode

KEY = ("code",)
VALUES = ("name", "price", "stock", "since")


def comparing(place: Place, rows: int, times: int) -> list[Result]:
    """By key, with the first hundred differences of each kind; then with figures of each column; then by whole rows.

    The yardstick is what somebody types who knows the columns, with the server's settings: it counts, and no more. It
    does not look whether the key is one.
    """
    slug = place.slug()
    files = [place.load(data.prices(place.folder, rows, each).path, rows, slug)[1].file_id for each in (0, 1)]
    joined, compared = _works(place, files)
    by_key = Wish(key=KEY, figures=False)
    bare, keyed, whole = interleaved(times, joined, compared(by_key), compared(Wish(key=KEY)))
    [rowwise] = interleaved(max(1, times // 2), compared(Wish(figures=False)))
    place.forget()
    return [
        _result(f"compare two files of {rows:,} rows by key", keyed, bare, must=1.2, goal=0.8),
        *_of_its_key(place, rows, times),
        _result("the same with the figures of each column", whole, bare),
        _result("the same files as whole rows", rowwise, bare),
    ]


def _of_its_key(place: Place, rows: int, times: int) -> list[Result]:
    """The second file of a dataset that has this key: its load has shown that the key is one, no comparison need."""
    slug = place.slug()
    first, second = (data.prices(place.folder, rows, each).path for each in (0, 1))
    old = place.load(first, rows, slug)[1].file_id
    change_mode(slug=slug, mode=Mode.MERGE, key=KEY)
    new = place.load(second, rows, slug, activate=False)[1].file_id
    joined, compared = _works(place, (old, new))
    bare, keyed = interleaved(times, joined, compared(Wish(figures=False)))
    place.forget()
    return [_result("the same where it is the key of the dataset", keyed, bare, must=1.2, goal=0.8)]


def _works(place: Place, files: Sequence[int]) -> tuple[Callable[[], float], Callable[[Wish], Callable[[], float]]]:
    """The bare join of two files, and their comparison, each in seconds; what they count must be the same."""
    old, new = (Load.objects.get(file_id=file).part for file in files)
    counts = place.execute(_bare(old, new))[0]

    def compared(wish: Wish) -> Callable[[], float]:
        def run() -> float:
            found = compare_files(old_id=files[0], new_id=files[1], wish=wish)
            if found.key and (found.new, found.changed, found.gone) != counts:
                raise RuntimeError(f"{found.new}, {found.changed}, {found.gone}, and the join counts {counts}")
            return found.seconds

        return run

    return (lambda: timed(lambda: place.execute(_bare(old, new)))), compared


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
