"""Workbooks damaged on their way, as fuzzing made them: each is refused with a sentence, none hangs or breaks."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import openpyxl
import pytest

from tests.fuzz.seeds import CELLS, formats
from tests.fuzz.xlsb import write_xlsb
from uploads.tabular.errors import DamagedFile
from uploads.tabular.open_file import open_tables
from uploads.tabular.table import FileFormat, Limits, ReadOptions
from uploads.tabular.workbook.open_workbook import open_sheets
from uploads.tabular.workbook.readers.fallback import open_second


def rewritten(data: bytes, change: Callable[[str, bytes], bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The same package with each part changed."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(sink, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return sink.getvalue()


def read(path: Path) -> int:
    """Rows of all tables."""
    tables = open_sheets(path, name=path.name, options=ReadOptions(), limits=Limits())
    return sum(len(chunk.rows) for table in tables for chunk in table.chunks())


def test_open_document_that_ends_too_early_is_damaged_and_not_read_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "cut.ods"
    [seed] = formats(None)["ods"].seeds
    path.write_bytes(rewritten(seed, lambda name, part: part[:-80] if name == "content.xml" else part))

    with pytest.raises(DamagedFile, match=r"cut\.ods cannot be read as a workbook"):
        read(path)


def test_open_document_in_an_encoding_that_nobody_knows_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "coded.ods"
    [seed] = formats(None)["ods"].seeds
    path.write_bytes(rewritten(seed, lambda name, part: part.replace(b'"UTF-8"', b'"UTF-0"')))

    with pytest.raises(DamagedFile):
        read(path)


def test_duration_that_no_reader_can_hand_over_is_read_by_the_second_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["name", "time"])
    for value in (0.5, 1e300):
        sheet.append(["a", value])
        sheet.cell(sheet.max_row, 2).number_format = "[h]:mm:ss"
    book.save(path)

    assert read(path) == 2


@pytest.mark.parametrize("name", ["book.xlsx", "book.zip"])
def test_package_whose_first_part_cannot_be_unpacked_is_damaged(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    data = bytearray(write_xlsb({"Sheet1": CELLS}).replace(b"xl/workbook", b"xl/warkbook"))
    start = data.index(b"[Content_Types].xml") + len("[Content_Types].xml")
    data[start : start + 40] = b"\xff" * 40
    path.write_bytes(data)

    with pytest.raises(DamagedFile):
        list(open_tables(path, name=name, options=ReadOptions(), limits=Limits()))


def test_part_packed_in_a_way_that_calamine_lacks_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "packed.xlsb"
    whole = write_xlsb({"Sheet1": CELLS})
    path.write_bytes(rewritten(whole, lambda name, part: part))
    assert read(path) == 3

    path.write_bytes(rewritten(whole, lambda name, part: part, zipfile.ZIP_LZMA))
    with pytest.raises(DamagedFile):
        read(path)


def test_second_reader_that_divides_by_nothing_refuses(corpus: Path, tmp_path: Path) -> None:
    """A compound file says how large its sectors are: 2 to this power, in bytes of 4."""
    path = tmp_path / "sectors.xls"
    data = bytearray((corpus / "workbooks" / "dates-1900.xls").read_bytes())
    data[30] = 0
    path.write_bytes(data)

    with pytest.raises(DamagedFile):
        open_second(path, name=path.name, kind=FileFormat.XLS, refusal=ValueError("asked for"), limits=Limits())


def test_second_reader_that_runs_in_circles_refuses(corpus: Path, tmp_path: Path) -> None:
    """xlrd walks the directory of a compound file by calling itself, entry by entry."""
    path = tmp_path / "circle.xls"
    data = bytearray((corpus / "workbooks" / "dates-1900.xls").read_bytes())
    directory = (int.from_bytes(data[48:52], "little") + 1) * 512
    root_child = directory + int.from_bytes(data[directory + 76 : directory + 80], "little") * 128
    child_number = (root_child - directory) // 128
    data[root_child + 68 : root_child + 72] = child_number.to_bytes(4, "little")  # its own left neighbour
    path.write_bytes(data)

    with pytest.raises(DamagedFile):
        open_second(path, name=path.name, kind=FileFormat.XLS, refusal=ValueError("asked for"), limits=Limits())


def test_same_key_spoils_a_file_the_same_way() -> None:
    for name, kind in formats(None).items():
        if kind.seeds:
            again = [kind.spoil(Random(f"{name} 1"), kind.seeds[0], kind.seeds) for _ in range(2)]  # noqa: S311
            assert again[0] == again[1]
