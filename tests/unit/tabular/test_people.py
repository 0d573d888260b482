"""Each file after a public report is read as its owner expects; what is not so yet says why, and fails once it is."""

from pathlib import Path

import pytest

from tests.corpus.people import CASES
from tests.corpus.people.expected import difference


@pytest.mark.parametrize("name", CASES)
def test_is_read_as_its_owner_expects(name: str, corpus: Path) -> None:
    case = CASES[name]
    wrong = difference(corpus / "people" / name, case)
    if case.missing is None:
        assert wrong is None
    else:
        assert wrong is not None, f"it is read right now: take its ``missing`` away ({case.missing})"
        pytest.xfail(f"{case.missing}: {wrong}")
