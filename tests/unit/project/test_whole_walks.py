"""What CI asks of some alone is asked of all by ``make faults``, or nothing ever asks it."""

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
BY_CORPUS = {"tests/integration/corpus/test_round_trip.py"}


def test_every_test_that_asks_more_of_examples_is_run_with_them() -> None:
    asking = {
        str(path.relative_to(PROJECT))
        for path in (PROJECT / "tests/integration").rglob("*.py")
        if re.search(r"environ[^\n]*\"EXAMPLES\"|\"EXAMPLES\" (not )?in os.environ", path.read_text(encoding="utf-8"))
    }
    assert "tests/integration/disclosure/test_disclosure.py" in asking
    [line] = [line for line in (PROJECT / "Makefile").read_text().splitlines() if line.startswith("\tEXAMPLES=")][:1]
    run = re.findall(r"tests/\S+", line)
    missing = {path for path in asking - BY_CORPUS if not any(path == one or path.startswith(f"{one}/") for one in run)}
    assert missing == {"tests/integration/kills.py"}, "which those that kill go by"
