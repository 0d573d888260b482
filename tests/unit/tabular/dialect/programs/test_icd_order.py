"""The order files of ICD-10, and lines that only begin like theirs."""

from pathlib import Path

import pytest

from tests.unit.tabular.dialect.lines_read import kinds, look, rows
from uploads.tabular.dialect.programs.icd_order import find_icd_order
from uploads.tabular.notes import NoteKind

CODES = [("A00", 0, "Cholera"), ("A000", 1, "Cholera, biovar cholerae"), ("A0100", 1, "Typhoid fever | unspecified")]
TEXT = "".join(
    f"{at:05} {code:<7} {flag} {name:<60} {name}, in full\n" for at, (code, flag, name) in enumerate(CODES, 1)
)


def test_columns_are_cut_at_the_places_of_the_order_file(tmp_path: Path) -> None:
    found = look(tmp_path, TEXT, "icd10cm_order_2024.txt")
    assert rows(found)[2] == (
        "00003",
        "A0100",
        "1",
        "Typhoid fever | unspecified",
        "Typhoid fever | unspecified, in full",
    )
    assert [column.type for column in found.columns] == ["text", "text", "bigint", "text", "text"]
    assert NoteKind.PROGRAM_FORM in kinds(found)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TEXT.replace(" 1 Typhoid", " 2 Typhoid"), id="another flag"),
        pytest.param(TEXT + "Source: CMS\n", id="a note below"),
        pytest.param("\n".join(TEXT.splitlines()[:2]), id="two lines"),
    ],
)
def test_neighbours_are_no_order_files(text: str) -> None:
    assert find_icd_order(text) is None
