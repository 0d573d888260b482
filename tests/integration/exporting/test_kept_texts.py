"""Texts that the stored values do not print back are kept beside them, and stand in the file again."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.conftest import Pipeline
from uploads.models import KeptText, Load, RejectedRow
from uploads.services.files.activation import delete_file
from uploads.services.files.receipts import FileReceipt
from uploads.services.rejects.mend import load_edited_row, take_back_mends

WORDS = ["n/a", "-", "NULL", "0000-00-00", "x"]
PADDED = st.builds("{}{}{}".format, st.sampled_from(["", " "]), st.sampled_from(WORDS), st.sampled_from(["", "  "]))
BLANKS = st.one_of(st.just(""), PADDED)
ROW = st.tuples(
    st.sampled_from(["Ann", "Bo", "n/a", "", "- "]),
    st.one_of(BLANKS, st.integers(0, 10**6).map(str)),
    st.one_of(BLANKS, st.dates().map(str)),
)


def printed(file: FileReceipt, tmp_path: Path) -> str:
    """The file's rows as they stood in it."""
    call_command("export", file.loads[0].dataset, f"{tmp_path}/a.csv", "--file", str(file.file_id), "--as-in-file")
    return (tmp_path / "a.csv").read_text()


def load(pipeline: Pipeline, text: str, *words: str, name: str = "things.csv", **wishes: Any) -> FileReceipt:
    options = {"null_words": list(words)} if words else {}
    return pipeline.load(text, name, options=options, **wishes)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(ROW, min_size=1, max_size=12))
def test_words_that_are_read_as_empty_are_printed_back(
    pipeline: Pipeline, tmp_path: Path, found: list[tuple[str, ...]]
) -> None:
    rows = [("Ann", "5", "2024-01-31"), *found, ("Bo", "7", "2024-02-01")]
    stood = "".join(f"{';'.join(row)}\n" for row in [("Name", "Many", "Day"), *rows])
    file = load(pipeline, stood, *WORDS)
    assert [column["type"] for column in file.loads[0].columns] == ["text", "bigint", "date"]
    lines = [line for line in stood.splitlines(keepends=True) if line.strip(" ;\n")]
    assert printed(file, tmp_path) == "".join(lines)


def test_a_file_without_such_words_keeps_nothing(pipeline: Pipeline, tmp_path: Path) -> None:
    stood = "Name;Many\nAnn;5\nBo;\n"
    assert printed(load(pipeline, stood, "n/a"), tmp_path) == stood
    assert not KeptText.objects.exists()


def test_a_row_that_is_mended_has_the_cells_of_its_mend(pipeline: Pipeline, tmp_path: Path) -> None:
    lines = "".join(f"{number};{number}\n" for number in range(1, 100))
    load(pipeline, f"Many;Much\n{lines}", "n/a", "-", name="base.csv")
    file = load(pipeline, f"Many;Much\n{lines}n/a;1x\n-;3\n", name="more.csv", dataset="base")
    reject = RejectedRow.objects.get()
    load_edited_row(reject_id=reject.pk, cells=[" -", "1"])
    assert printed(file, tmp_path) == f"Many;Much\n{lines} -;1\n-;3\n"
    take_back_mends(load_id=file.loads[0].load_id)
    load_edited_row(reject_id=reject.pk, cells=["", "1"])
    assert printed(file, tmp_path) == f"Many;Much\n{lines};1\n-;3\n"


def test_what_is_kept_goes_with_the_file(pipeline: Pipeline) -> None:
    file = load(pipeline, "Many;Much\n1;n/a\n2;3\n", "n/a")
    assert KeptText.objects.count() == 1
    delete_file(file_id=file.file_id)
    assert not KeptText.objects.exists()


@pytest.mark.parametrize("writer", ["copy", "bulk_create"])
def test_both_writers_keep(pipeline: Pipeline, tmp_path: Path, writer: str) -> None:
    stood = "Many;Much\n1;n/a\n2;3\n"
    file = load(pipeline, stood, "n/a", writer=writer)
    assert Load.objects.get().keeps_texts
    assert printed(file, tmp_path) == stood
