"""The survey of the Pollock benchmark: real files as they were found, scored against twins that people cleaned.

The scorer is the benchmark's own. Of a file without a header the twins call the columns ``col_0``, ``col_1`` …; a table
in which none was found is given those names too, for it says the same.
"""

import json
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.corpus.pollock import Outcome, Score, load, score

SURVEY_MUST, SURVEY_GOAL = 9.3, 9.6


def survey_score(scorer: Path, survey: Path, home: Path) -> tuple[Score, list[Outcome]]:
    """Score the files in ``csv`` of the survey against those in ``clean``; each weighs the same."""
    out, corpus = home / "out", home / "survey"
    out.mkdir(parents=True)
    paths = twins(survey, corpus)
    with ProcessPoolExecutor() as pool:
        accounts = list(pool.map(partial(load, out=out, unnamed=invented_names), paths))
    return score(scorer, corpus, out), accounts


def twins(survey: Path, corpus: Path) -> list[Path]:
    """The files by the names that the scorer looks for: it knows those that end with ``.csv``."""
    for folder in ("csv", "clean"):
        (corpus / folder).mkdir(parents=True)
    paths = []
    for path in sorted((survey / "csv").iterdir()):
        for folder in ("csv", "clean"):
            (corpus / folder / f"{path.stem}.csv").symlink_to(survey / folder / path.name)
        paths.append(corpus / "csv" / f"{path.stem}.csv")
    (corpus / "weights.json").write_text(json.dumps({path.name: 1.0 for path in paths}))
    return paths


def invented_names(columns: int) -> Iterable[str]:
    """What the twins call the columns of a table without a header."""
    return (f"col_{position}" for position in range(columns))
