"""Workbooks made to kill their reader: in a limited process each ends quickly, with a plain error."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[4]

READ = """
import sys
from pathlib import Path
from uploads.tabular.errors import UploaderError
from uploads.tabular.table import Limits, ReadOptions
from uploads.tabular.workbook.open_workbook import open_sheets

path = Path(sys.argv[1])
try:
    for table in open_sheets(path, name=path.name, options=ReadOptions(), limits=Limits()):
        print("table", table.source, sum(len(chunk.rows) for chunk in table.chunks()))
except UploaderError as error:
    print("refused", error.code)
"""

MEMORY = 2 * 2**30
CPU_SECONDS = 20

OUTCOMES = {
    # The first four make calamine abort the interpreter: it must not get them.
    "cfb.xls": "refused damaged_file",
    "corner.xlsx": "refused limit_exceeded",
    "farcol.xlsx": "refused limit_exceeded",
    "sscount.xlsx": "refused no_data_rows",
    "dim.xlsx": "table S 1",
    "laughs.xlsx": "refused damaged_file",
    "xxe.xlsx": "refused damaged_file",
    "styled2m.xlsx": "refused empty_file",
    "zipbomb300m.xlsx": "refused limit_exceeded",
}


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@pytest.mark.parametrize("name", sorted(OUTCOMES))
def test_hostile_workbook_ends_plainly_within_limits(corpus: Path, name: str) -> None:
    child = subprocess.run(
        [sys.executable, "-c", READ, str(corpus / "hostile" / name)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=_limit,
        timeout=120,
    )
    assert (child.returncode, child.stdout.strip()) == (0, OUTCOMES[name]), child.stderr


def test_every_hostile_workbook_has_an_expected_outcome(corpus: Path) -> None:
    assert {path.name for path in (corpus / "hostile").glob("*.xls*")} == set(OUTCOMES)
