"""Row 18: a table that is there already becomes a dataset and is given back, against one scan of it by PostgreSQL.

The scan is that of a CHECK which is added: it reads each row and keeps writers out, as adoption does. With types that
datasets do not have both write every row anew.
"""

from tests.bench.measuring import Result, interleaved, median, timed
from tests.bench.place import Place
from uploads.services.adopting.adoption import adopt_table
from uploads.services.adopting.release import release_table

TABLE = "public.stock"
_FILL = """
CREATE TABLE {table} AS
SELECT n::{number} AS code, 'A' || n % 2300 AS area, (n % 99999) * 0.01 AS price, date '2024-01-01' + n % 700 AS since
  FROM generate_series(1, {rows}) AS n"""


def adopting(place: Place, rows: int, times: int) -> list[Result]:
    return [
        *_both(place, rows, times, number="bigint", words="", against="ALTER TABLE … ADD CHECK"),
        *_both(place, rows, times, number="integer", words=", types changed", against="ALTER COLUMN … TYPE bigint"),
    ]


def _both(place: Place, rows: int, times: int, *, number: str, words: str, against: str) -> list[Result]:
    place.execute(_FILL.format(table=TABLE, rows=rows, number=number))
    place.execute(f"VACUUM ANALYZE {TABLE}")
    place.settle()
    released: list[float] = []
    adopted, by_hand = interleaved(times, lambda: _there_and_back(released), lambda: _by_hand(place, number))
    place.execute(f"DROP TABLE {TABLE}")
    return [
        _result(f"adopt {rows:,} rows{words}", adopted, by_hand, against),
        _result(f"release {rows:,} rows{words}", tuple(released), by_hand, against),
    ]


def _there_and_back(released: list[float]) -> float:
    """Milliseconds until it is a dataset; those until it is the table again are noted."""
    slugs: list[str] = []
    seconds = timed(lambda: slugs.append(adopt_table(table=TABLE, cast=True).slug))
    released.append(1_000 * timed(lambda: release_table(slug=slugs[0])))
    return 1_000 * seconds


def _by_hand(place: Place, number: str) -> float:
    change = "ALTER COLUMN code TYPE bigint" if number == "integer" else "ADD CHECK (code > 0)"
    place.execute("BEGIN")
    seconds = timed(lambda: place.execute(f"ALTER TABLE {TABLE} {change}"))
    place.execute("ROLLBACK")
    return 1_000 * seconds


def _result(work: str, ours: tuple[float, ...], yardstick: tuple[float, ...], against: str) -> Result:
    return Result(
        row="18",
        work=work,
        unit="ms",
        ours=median(ours),
        yardstick=median(yardstick),
        against=against,
        runs=ours,
        yardstick_runs=yardstick,
    )
