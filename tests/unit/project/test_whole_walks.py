"""What CI asks of some alone is asked of all by ``make faults``, or nothing ever asks it."""

import shutil
import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]


def test_every_test_that_asks_more_of_examples_is_run_with_them() -> None:
    make = shutil.which("make")
    assert make
    said = subprocess.run([make, "-n", "faults"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    run = {word for word in said.split() if word.startswith("tests/")}
    by_kind = {
        "tests/integration/disclosure/test_disclosure.py",  # shares addresses out
        "tests/integration/loading/test_verbatim.py",  # takes one of each
        "tests/integration/adopting/test_refusals.py",  # marked
        "tests/integration/adopting/test_kills.py",  # kills at some statements
        "tests/integration/api/test_document_holds.py",
        "tests/integration/merging/test_rows.py",  # takes more examples
    }
    assert by_kind <= run
