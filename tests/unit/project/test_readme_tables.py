"""README's tables of who reads what have every row of the code's, and no other."""

import re
from importlib import import_module
from pathlib import Path

from uploads.services.scopes import SCOPES
from uploads.states import Visibility

README = (Path(__file__).resolve().parents[3] / "README.md").read_text()


def first_cells(header: str) -> list[str]:
    """Of the table below this header, as far as the first comma."""
    table = README.partition(f"| {header} |")[2].partition("\n\n")[0]
    return [cell.strip("` ") for cell in re.findall(r"^\| ([^|,]+)", table, re.MULTILINE)]


def test_scopes_visibilities_and_ready_groups_are_those_of_the_code() -> None:
    assert first_cells("scope") == [str(kind) for kind in SCOPES]
    assert first_cells("a dataset is") == list(Visibility.values)
    assert first_cells("group") == list(import_module("uploads.migrations.0052_2026_11_29_2103_ready_groups").GROUPS)
