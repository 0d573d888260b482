"""Row 19: figures of groups of a dataset's rows, against the bare GROUP BY in SQL."""

from collections.abc import Callable
from decimal import Decimal

from tests.bench import data
from tests.bench.measuring import Result, interleaved, median, timed
from tests.bench.place import Place
from uploads.database.aggregating.terms import ByValue, Function, Grouping, Measure
from uploads.database.reading.terms import Field
from uploads.models import Dataset
from uploads.services.aggregating.aggregates import aggregate
from uploads.services.aggregating.parameters import MOST_VALUES, Aggregation
from uploads.services.reading.view import Fields, fields_of
from uploads.services.visibility import ANYBODY


def aggregating(place: Place, rows: int, times: int) -> list[Result]:
    """By area, and by area and year, the sum of a column over all rows; then the median and the different values.

    The yardstick is what somebody types who knows the columns, with the server's settings: the groups with their rows
    and figures, and no more. Both must give the same sums.
    """
    slug = place.slug()
    place.load(data.geo(place.folder, rows).path, rows, slug)
    dataset = Dataset.objects.get(slug=slug)
    fields = fields_of(dataset=dataset, viewer=ANYBODY)
    table = f"data.{slug}"
    counted, area, year = "ec_count", "area", "year"

    def ours(function: Function, *names: str) -> Callable[[], float]:
        wanted = Aggregation(
            groupings=tuple(_by(fields, name) for name in names),
            measure=Measure(function=function, field=_field(fields, counted)),
        )
        return lambda: timed(lambda: aggregate(dataset=dataset, filters=(), wanted=wanted))

    def bare(figure: str, *names: str) -> Callable[[], float]:
        by = ", ".join(names)
        query = f"SELECT {by}, count(*), {figure} FROM {table} GROUP BY {by} ORDER BY {by}"  # noqa: S608 - names of this module
        return lambda: timed(lambda: place.execute(query))

    _check(place, dataset, fields, table)
    works: dict[str, tuple[Callable[[], float], Callable[[], float], float | None]] = {
        f"group {rows:,} rows by 2,300 values, sum": (ours(Function.SUM, area), bare(f"sum({counted})", area), 1.1),
        "by 55,000 pairs of values, sum": (ours(Function.SUM, area, year), bare(f"sum({counted})", area, year), None),
        "by 2,300 values, median": (
            ours(Function.MEDIAN, area),
            bare(f"percentile_cont(0.5) WITHIN GROUP (ORDER BY {counted})", area),
            None,
        ),
        "by 2,300 values, different values": (
            ours(Function.DISTINCT, area),
            bare(f"count(DISTINCT {counted})", area),
            None,
        ),
    }
    found = []
    for work, (own, yardstick, must) in works.items():
        mine, theirs = interleaved(times, own, yardstick)
        found.append(
            Result(
                row="20",
                work=work,
                unit="s",
                ours=median(mine),
                yardstick=median(theirs),
                against="bare GROUP BY",
                must=must,
                goal=None if must is None else 1.0,
                runs=mine,
                yardstick_runs=theirs,
            )
        )
    place.forget()
    return found


def _field(fields: Fields, name: str) -> Field:
    return fields.shown[name]


def _by(fields: Fields, name: str) -> Grouping:
    return ByValue(field=_field(fields, name), top=MOST_VALUES)


def _check(place: Place, dataset: Dataset, fields: Fields, table: str) -> None:
    wanted = Aggregation(
        groupings=(_by(fields, "area"),), measure=Measure(function=Function.SUM, field=_field(fields, "ec_count"))
    )
    sums = {group.keys[0].value: group.value for group in aggregate(dataset=dataset, filters=(), wanted=wanted).groups}
    bare = f"SELECT area, sum(ec_count) FROM {table} GROUP BY area ORDER BY sum(ec_count) DESC LIMIT 100"  # noqa: S608
    for area, value in place.execute(bare):
        if sums[area] != Decimal(value):
            raise RuntimeError(f"{area}: {sums[area]}, and PostgreSQL says {value}")
