"""Every file of the shared data, loaded told nothing, has its expected outcome."""

from pathlib import Path

import pytest

from tests.integration.conftest import Pipeline
from tests.integration.corpus.shared_outcomes import OUTCOMES, TYPES, Outcome, Table
from uploads.services.files.load_receipt import LoadReceipt
from uploads.services.files.receipts import FileReceipt
from uploads.states import FileState

FOLDERS = ("containers", "dialects", "hostile", "malformed", "statsnz", "workbooks")
"""Of the shared data: annotated files, Pollock's and those of the surveys have scores of their own."""
TOO_LARGE = {"hostile/cell500.csv.gz", "hostile/rows10m.csv.gz", "hostile/zip1000sets.zip"}
"""They fill half a gigabyte, or a thousand datasets, each."""
LETTERS = {name: letter for letter, name in TYPES.items()}


def test_every_file_has_an_expected_outcome(corpus: Path) -> None:
    found = {f"{folder}/{path.name}" for folder in FOLDERS for path in (corpus / folder).iterdir()}
    assert found - TOO_LARGE == OUTCOMES.keys()


@pytest.mark.parametrize("name", OUTCOMES)
def test_file_has_its_expected_outcome(pipeline: Pipeline, corpus: Path, name: str) -> None:
    expected = OUTCOMES[name]
    receipt = pipeline.load_path(corpus / name)

    assert outcome_of(receipt, expected) == expected
    assert receipt.state is (FileState.FAILED if expected.error else FileState.ACTIVE)
    assert [load.lines for load in receipt.loads] == [table.all_lines for table in expected.tables]


def outcome_of(receipt: FileReceipt, expected: Outcome) -> Outcome:
    """What the receipt says, in the words of the table."""
    told = [bool(table.types) for table in expected.tables] or [True] * len(receipt.loads)
    tables = [table_of(load, typed=typed) for load, typed in zip(receipt.loads, told, strict=False)]
    unexpected = [table_of(load, typed=True) for load in receipt.loads[len(told) :]]
    return Outcome(error=receipt.error["code"] if receipt.error else None, tables=[*tables, *unexpected])


def table_of(load: LoadReceipt, *, typed: bool) -> Table:
    types = "".join(LETTERS[str(column["type"])] for column in load.columns)
    lines_apart = load.line_breaks > 0
    return Table(
        source=load.source,
        encoding=load.encoding,
        delimiter=load.delimiter,
        types=types if typed else "",
        columns=0 if typed else len(types),
        loaded=load.loaded,
        rejected=load.rejected,
        blank=load.blank,
        preamble=load.preamble,
        blank_above=load.blank_above,
        header_rows=load.header,
        header_row=load.header_row,
        footer=load.footer,
        lines=(load.lines or 0) if lines_apart else 0,
    )
