"""``python -m tests.corpus``: load the public corpora and generated tables, and print how faithfully; takes minutes.

Environment: ``CORPUS_DIR`` folder of the corpora (``../shared/data``); ``TABLES`` generated tables (10,000) and
``TABLES_IN_DATABASE`` how many of them go through PostgreSQL (2,000); ``DIALECT_SETS`` folder of sets whose dialects
people have annotated: of each set a folder of files, and beside it ``NAME.txt`` (see ``tests/corpus/dialects.py``).
Ends with 1 if a figure is below its must.
"""

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ["LOG_LEVEL"] = "ERROR"

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

django.setup()

from tests.corpus import annotated, dialects, encodings, pollock, survey, workbooks  # noqa: E402 (Django had to be set up first)
from tests.corpus.figures import SIMPLE_GOAL, SIMPLE_MUST, WEIGHTED_GOAL, WEIGHTED_MUST, Figure, as_table  # noqa: E402
from tests.corpus.real import REAL, difference_in_database  # noqa: E402
from tests.corpus.round_trip import Difference, differences  # noqa: E402
from tests.corpus.stored import Loads, differences_in_database  # noqa: E402
from tests.integration.conftest import Pipeline, empty_data_schema  # noqa: E402
from tests.integration.emptying import empty_tables  # noqa: E402
from uploader_project.embedded.sharing import leave_server  # noqa: E402
from uploads.services.files.receipts import FileReceipt  # noqa: E402
from uploads.tabular.sandbox.client import WarmReader  # noqa: E402

PROJECT = Path(__file__).resolve().parents[2]
TOLD_NOTHING_MUST = 0.97
"""Some generated tables can be read in two ways: a handful of legacy letters, a header of numbers. 7,911 of the first
8,000 are read right."""
DIALECT_SETS = {"pollock": (0.97, 0.99), "w3c": (0.99, 1.0), "csv_wrangling": (0.93, 0.96)}
"""The least share of files right, and the goal."""
_STEP = 50
"""Tables in one archive; a file may have 100 kinds of them (MAX_DATASETS_PER_FILE)."""
_LISTED = 20


def main() -> int:
    folder = Path(os.environ.get("CORPUS_DIR") or PROJECT.parent / "shared" / "data").resolve()
    if not (folder / "pollock.tar.xz").exists():
        sys.stderr.write(f"There is no pollock.tar.xz in {folder}; name its folder by CORPUS_DIR.\n")
        return 2
    count, stored = int(os.environ.get("TABLES") or 10_000), int(os.environ.get("TABLES_IN_DATABASE") or 2_000)
    with tempfile.TemporaryDirectory() as home:
        figures = [
            *_pollock(folder, Path(home)),
            *_generated(count, Path(home)),
            *_database(folder, stored, Path(home)),
            _workbooks(folder),
            *encodings.figures(),
        ]
    figures[3:3] = [*_layouts(folder), *(_dialects(name, *bounds) for name, bounds in DIALECT_SETS.items())]
    sys.stdout.write(as_table(figures))
    return int(not all(figure.met for figure in figures))


def _pollock(folder: Path, home: Path) -> Iterator[Figure]:
    corpus, out = pollock.unpack(folder / "pollock.tar.xz", home), home / "out"
    out.mkdir()
    accounts = pollock.load_all(sorted((corpus / "csv").glob("*.csv")), out)
    score = pollock.score(folder / "score_pollock.py", corpus, out)
    wrong = [account for account in accounts if not account.adds_up]
    yield Figure(what="Pollock, told nothing: simple", value=score.simple, must=SIMPLE_MUST, goal=SIMPLE_GOAL)
    yield Figure(what="Pollock, told nothing: weighted", value=score.weighted, must=WEIGHTED_MUST, goal=WEIGHTED_GOAL)
    refused = ", ".join(f"{a.name} ({a.refused})" for a in accounts if a.refused)
    yield Figure(
        what="Pollock: every line accounted for",
        value=len(accounts) - len(wrong),
        of=len(accounts),
        must=len(accounts),
        details=(
            *([f"Pollock, refused: {refused}"] if refused else []),
            *(f"does not add up: {account}" for account in wrong[:_LISTED]),
        ),
    )


def _layouts(folder: Path) -> Iterator[Figure]:
    """Headers, borders and notes of real files, against twins that people cleaned and lines that they annotated."""
    with tempfile.TemporaryDirectory() as home:
        score, accounts = survey.survey_score(folder / "score_pollock.py", folder / "survey", Path(home))
    wrong = tuple(f"survey, does not add up: {account}" for account in accounts if not account.adds_up)
    what = "Real files of Pollock's survey, told nothing"
    yield Figure(what=what, value=score.simple, must=survey.SURVEY_MUST, goal=survey.SURVEY_GOAL, details=wrong)
    for name, bounds in annotated.SETS.items():
        found = annotated.compare_half(folder / "annotated" / f"{name}.jl.gz", half=1)
        header, first = sum(one.is_header for one in found), sum(one.is_first for one in found)
        for what, right, must, goal in zip(("header rows", "first data row"), (header, first), *bounds, strict=True):
            count = len(found)
            yield Figure(
                what=f"Annotated lines, {name}: {what}", value=right, of=count, must=must * count, goal=goal * count
            )


def _dialects(name: str, must: float, goal: float) -> Figure:
    what = f"Delimiter, quote and escape right: {name}"
    sets = os.environ.get("DIALECT_SETS")
    annotated = Path(sets or "") / f"{name}.txt"
    if sets is None or not annotated.exists():
        return Figure(what=what, value=None, must=must, goal=goal, of=1)
    found = dialects.outcomes(annotated, Path(sets) / name)
    wrong = dialects.misses(found)
    count = len(found)
    return Figure(
        what=what,
        value=count - len(wrong) if found else None,
        of=count,
        must=must * count,
        goal=goal * count,
        details=tuple(f"{name}, {line}" for line in wrong),
    )


def _generated(count: int, home: Path) -> Iterator[Figure]:
    for tell, what, must in ((True, "told their dialect", 1.0), (False, "told nothing", TOLD_NOTHING_MUST)):
        steps = [range(start, min(start + _STEP, count)) for start in range(0, count, _STEP)]
        with ProcessPoolExecutor() as pool:
            found = [one for part in pool.map(partial(differences, home=home, tell=tell), steps) for one in part]
        yield Figure(
            what=f"Generated tables as csv reads them, {what}",
            value=count - len(found),
            of=count,
            must=count * must,
            goal=count,
            details=_listed(found, what),
        )


def _database(folder: Path, count: int, home: Path) -> Iterator[Figure]:
    with _loads() as load:
        for all_text, what in ((True, "all text"), (False, "typed")):
            wrong = [
                f"{name}, {what}: {found}"
                for name, told in REAL.items()
                if (found := difference_in_database(folder / name, told, load, all_text=all_text)) is not None
            ]
            yield Figure(
                what=f"Real files through PostgreSQL, {what}",
                value=len(REAL) - len(wrong),
                of=len(REAL),
                must=len(REAL),
                details=tuple(wrong),
            )
            numbers = [range(start, min(start + _STEP, count)) for start in range(0, count, _STEP)]
            parts = [differences_in_database(step, home, load, all_text=all_text) for step in numbers]
            lost = [one for part in parts for one in part]
            yield Figure(
                what=f"Generated tables through PostgreSQL, {what}",
                value=count - len(lost),
                of=count,
                must=count,
                details=_listed(lost, what),
            )


@contextmanager
def _loads() -> Iterator[Loads]:
    """An empty database for each file, and all its rows kept: a file with many bad rows is loaded too.

    Beside datasets of its columns a file waits to be told where it belongs, and has their types.
    """
    call_command("migrate", verbosity=0)
    settings.MAX_REJECTED_SHARE = 100
    reader = WarmReader()
    pipeline = Pipeline(reader)

    def load(data: bytes, name: str, options: dict[str, object]) -> FileReceipt:
        empty_tables(None)
        empty_data_schema()
        return pipeline.load(data, name, options=options)

    yield load
    reader.close()
    connection.close()
    leave_server(Path(settings.DATABASES["default"]["FOLDER"]))


def _workbooks(folder: Path) -> Figure:
    found = workbooks.compare_all(folder)
    wrong = [one for one in found if one.differs]
    return Figure(
        what="Sheets that calamine and the second reader see alike",
        value=len(found) - len(wrong),
        of=len(found),
        must=len(found),
        details=tuple(f"{one.workbook} {one.sheet}: {one.differs}" for one in wrong),
    )


def _listed(found: list[Difference], what: str) -> tuple[str, ...]:
    kinds = Counter(one.what.partition(":")[0].partition(" ")[0] for one in found)
    shown = [f"table {one.number}, {what}: {one.what[:150]}" for one in found[:_LISTED]]
    return (f"{what}: {dict(kinds)}", *shown) if found else ()


if __name__ == "__main__":
    sys.exit(main())
