"""A fixed sample of the Pollock corpus is loaded as faithfully as all of it must be; ``make corpus`` loads all."""

from pathlib import Path

import pytest

from tests.corpus import pollock
from tests.corpus.figures import SIMPLE_MUST, WEIGHTED_MUST
from tests.corpus.pollock import Outcome, Score

_EVERY = 31
_FILES = 74


@pytest.fixture(scope="module")
def loaded(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Outcome], Score]:
    home = tmp_path_factory.mktemp("pollock")
    sample = pollock.sample_of(pollock.unpack(corpus / "pollock.tar.xz", home), home / "sample", every=_EVERY)
    out = home / "out"
    out.mkdir()
    accounts = [pollock.load(path, out=out) for path in sorted((sample / "csv").iterdir())]
    return accounts, pollock.score(corpus / "score_pollock.py", sample, out)


def test_every_line_of_every_file_is_accounted_for(loaded: tuple[list[Outcome], Score]) -> None:
    accounts, _ = loaded

    assert [account for account in accounts if not account.adds_up] == []
    assert len(accounts) == _FILES


def test_rows_and_cells_are_those_of_the_clean_twins(loaded: tuple[list[Outcome], Score]) -> None:
    _, score = loaded

    assert score.files == _FILES
    assert score.simple >= SIMPLE_MUST
    assert score.weighted >= WEIGHTED_MUST


def test_account_that_misses_a_line_does_not_add_up() -> None:
    assert Outcome(name="a", lines=4, preamble=1, header=1, loaded=1, blank=1).adds_up
    assert not Outcome(name="a", lines=4, header=1, loaded=2).adds_up
    assert not Outcome(name="a", lines=4, header=1, refused="no_data_rows").adds_up
