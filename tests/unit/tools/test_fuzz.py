"""A fixed handful of spoiled files of each format; ``make fuzz`` reads thousands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuzz.__main__ import spoiled
from tests.fuzz.seeds import formats
from tests.fuzz.trial import BrokenPromise, TableRead, check_lines, try_file
from uploads.tabular.reasons import Reason, RejectCode
from uploads.tabular.sandbox.client import WarmReader
from uploads.tabular.table import Dialect, FileFormat, LineAccount, Reject

FILES_OF_A_FORMAT = 8


@pytest.fixture(scope="module")
def reader() -> Iterator[WarmReader]:
    warm = WarmReader()
    yield warm
    warm.close()


@pytest.mark.parametrize("name", ["csv", "gz", "zip", "xlsx", "xls", "xlsb", "ods"])
def test_spoiled_file_is_read_or_refused_with_a_sentence(
    reader: WarmReader, corpus: Path, tmp_path: Path, name: str
) -> None:
    kind = formats(corpus)[name]
    path = tmp_path / f"file.{kind.suffix}"
    for number in range(FILES_OF_A_FORMAT):
        path.write_bytes(spoiled(kind, f"{name} sample {number}"))
        try_file(reader, path, path.name)


@pytest.mark.parametrize("name", ["csv", "gz", "zip", "xlsx", "xls", "xlsb", "ods"])
def test_seeds_are_read_unspoiled(reader: WarmReader, corpus: Path, tmp_path: Path, name: str) -> None:
    kind = formats(corpus)[name]
    path = tmp_path / f"file.{kind.suffix}"
    path.write_bytes(kind.seeds[0])

    assert try_file(reader, path, path.name) == "loaded"


def table(*, lines: int, header: int = 1, loaded: int = 0, rejects: tuple[Reject, ...] = ()) -> TableRead:
    return TableRead(
        source=None,
        dialect=Dialect(format=FileFormat.CSV, encoding="utf-8", delimiter=";"),
        labels=("a", "b"),
        account=LineAccount(lines=lines, header=header),
        columns=(),
        loaded=loaded,
        rejects=rejects,
        blank=0,
        rows=None,
    )


def test_line_that_nobody_tells_of_breaks_the_promise() -> None:
    reject = Reject(row=3, reason=Reason(RejectCode.TOO_FEW_CELLS), raw="2")

    check_lines(
        [table(lines=2, rejects=(Reject(row=2, reason=Reason(RejectCode.TOO_FEW_CELLS), raw="1"),))], b"a;b\n1\n"
    )
    with pytest.raises(BrokenPromise, match=r"2 lines are left, 1 told of: \[1, 2\]"):
        check_lines([table(lines=3, rejects=(reject,))], b"a;b\n1\n2\n")
    with pytest.raises(BrokenPromise, match="2 lines are told of, there are 3"):
        check_lines([table(lines=2, rejects=(reject,))], b"a;b\n1\n2\n")
