"""A large sheet read in pieces is the same as the sheet read whole."""

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine as calamine

from uploads.tabular.errors import DamagedFile, LimitExceeded, UploaderError
from uploads.tabular.open_file import open_tables
from uploads.tabular.table import Limits, ReadOptions
from uploads.tabular.workbook.readers import parallel
from uploads.tabular.workbook.readers.parallel import NotInPieces, SheetInPieces

SHEET = "xl/worksheets/sheet1.xml"
EVERY_SIZE = {"LEAST_XML": 0, "OTHER_PARTS": 1_000_000.0}


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Tells of each sheet of an .xlsx whether it was read in pieces."""
    outcomes: list[bool] = []
    whole = SheetInPieces.sheets

    def noted(self: SheetInPieces) -> Iterator[calamine.CalamineSheet]:
        try:
            yield from whole(self)
        except NotInPieces:
            outcomes.append(False)
            raise
        outcomes.append(True)

    monkeypatch.setattr(SheetInPieces, "sheets", noted)
    return outcomes


def _prefixed(xml: bytes) -> bytes:
    xml = xml.replace(b"</", b"</x:").replace(b"<x:", b"<").replace(b"xmlns=", b"xmlns:x=")
    for tag in (b"worksheet", b"sheetData", b"row", b"c ", b"v>"):
        xml = xml.replace(b"<" + tag, b"<x:" + tag)
    return xml


def test_every_real_workbook_reads_the_same(corpus: Path, monkeypatch: pytest.MonkeyPatch, cut: list[bool]) -> None:
    paths = [*(corpus / "workbooks").glob("*.xlsx"), *(corpus / "statsnz").glob("*.xlsx")]
    expected = {path: _seen(path) for path in paths}
    assert not any(cut)

    _cut_all(monkeypatch)

    for path in paths:
        assert _seen(path) == expected[path], path.name
    assert sum(cut) > 30


@pytest.mark.parametrize(
    "cells",
    [
        {"A1": "id", "B1": "n", **{f"A{i}": i for i in range(2, 60)}, **{f"B{i}": i / 4 for i in range(2, 60)}},
        {"C1": "id", "D1": "n", **{f"C{i}": i for i in range(2, 60)}, **{f"A{i}": "left" for i in range(40, 60)}},
        {"A1": "id", "B1": "n", **{f"A{i}": i for i in range(2, 60)}, **{f"F{i}": "wide" for i in range(50, 60)}},
        {"A1": "id", "B1": "n", **{f"A{i}": i for i in (2, 3, 4, 5, 70, 71, 72, 73)}},
        {"B5": "id", **{f"B{i}": "0012" for i in range(6, 30)}, "B31": "Source: survey"},
        {"A1": "when", **{f"A{i}": dt.date(2024, 1, 31) for i in range(2, 59)}, "A59": dt.datetime(2024, 2, 1, 12)},  # noqa: DTZ001
    ],
    ids=[
        "plain",
        "lower rows begin further left",
        "lower rows are wider",
        "blank rows between",
        "away from A1",
        "a time of day in the last row",
    ],
)
def test_pieces_of_any_shape_are_put_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: list[bool], cells: dict[str, Any]
) -> None:
    path = _workbook(tmp_path, cells)
    expected = _seen(path)

    _cut_all(monkeypatch)

    assert _seen(path) == expected
    assert cut[-1]


def test_merged_headers_are_spread_in_a_sheet_of_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: list[bool]
) -> None:
    cells: dict[str, Any] = {"A1": "Area", "B1": "Sales", "B2": "2022", "C2": "2023"}
    cells |= {f"{letter}{row}": f"{letter}{row}" if letter == "A" else row for letter in "ABC" for row in range(3, 40)}
    path = _workbook(tmp_path, cells, merged=("A1:A2", "B1:C1"))
    expected = _seen(path)

    _cut_all(monkeypatch)

    assert _seen(path) == expected
    assert cut[-1]
    assert expected[0]["labels"] == ("Area", "Sales 2022", "Sales 2023")


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace(b"</row>", b'</row><!-- </row><row r="99"> -->'),
        lambda xml: xml.replace(b"<sheetData>", b'<sheetData id="1">'),
        lambda xml: xml.replace(b"<row r=", b"<row spans="),
        lambda xml: xml.replace(b'r="A2"', b'r="A900"'),
        _prefixed,
    ],
    ids=["comments", "attributes", "rows without numbers", "rows out of order", "prefixed"],
)
def test_whatever_is_not_plain_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: list[bool], change: Callable[[bytes], bytes]
) -> None:
    path = _rewritten(_workbook(tmp_path, {"A1": "n", **{f"A{i}": i for i in range(2, 60)}}), change)
    expected = _seen(path)

    _cut_all(monkeypatch)

    assert _seen(path) == expected
    assert not any(cut)


def test_cells_without_a_place_follow_their_rows_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: list[bool]
) -> None:
    path = _workbook(tmp_path, {"A1": "n", **{f"A{i}": i for i in (*range(2, 40), *range(60, 90))}})
    path = _rewritten(path, lambda xml: re.sub(rb' r="A\d+"', b"", xml))
    expected = _seen(path)

    _cut_all(monkeypatch)

    assert _seen(path) == expected
    assert cut[-1]


def _ends_early(path: Path) -> Path:
    return _rewritten(path, lambda xml: xml[: xml.index(b'<row r="50"') + 30])


def _has_wrong_checksum(path: Path) -> Path:
    with zipfile.ZipFile(path) as package:
        checksum = package.getinfo(SHEET).CRC.to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(checksum, b"\0\1\2\3"))
    return path


@pytest.mark.parametrize("damaged", [_ends_early, _has_wrong_checksum])
def test_damage_is_told_as_of_the_whole_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: list[bool], damaged: Callable[[Path], Path]
) -> None:
    path = damaged(_workbook(tmp_path, {"A1": "n", **{f"A{i}": i for i in range(2, 60)}}))
    expected = _seen(path)

    _cut_all(monkeypatch)

    assert _seen(path) == expected
    assert expected[0]["error"] == DamagedFile.code
    assert not any(cut)


def test_pieces_are_not_read_once_a_cell_far_out_was_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: list[bool]
) -> None:
    path = _workbook(tmp_path, {"A1": "n", **{f"A{i}": i for i in range(2, 60)}})
    path = _rewritten(path, lambda xml: xml.replace(b'r="A3"', b'r="XFD1048576"'))
    expected = _seen(path)
    read: list[Path] = []
    _cut_all(monkeypatch)
    monkeypatch.setattr(parallel, "_sheet", lambda path, _: read.append(path))

    assert _seen(path) == expected
    assert expected[0]["error"] == LimitExceeded.code
    assert "XFD1048576" in expected[0]["message"]
    assert not read


def test_full_disk_leaves_the_sheet_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: list[bool]) -> None:
    path = _workbook(tmp_path, {"A1": "n", **{f"A{i}": i for i in range(2, 60)}})
    expected = _seen(path)
    _cut_all(monkeypatch)
    monkeypatch.setattr(parallel, "temporary_file", lambda: Path("/dev/full").open("r+b", buffering=0))  # noqa: SIM115

    assert _seen(path) == expected
    assert not any(cut)


def _cut_all(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in EVERY_SIZE.items():
        monkeypatch.setattr(parallel, name, value)


def _seen(path: Path) -> list[dict[str, Any]]:
    """All that is read of a workbook; of one that is refused, why."""
    try:
        return list(_tables(path))
    except UploaderError as error:
        return [{"error": error.code, "message": error.message}]


def _tables(path: Path) -> Iterator[dict[str, Any]]:
    for table in open_tables(path, name=path.name, options=ReadOptions(), limits=Limits(), progress=lambda _: None):
        rows = [
            (row, *cells)
            for chunk in table.chunks()
            for row, *cells in zip(chunk.rows.to_pylist(), *(column.to_pylist() for column in chunk.cells), strict=True)
        ]
        yield {
            "source": table.source,
            "labels": table.labels,
            "dialect": asdict(table.dialect),
            "account": asdict(table.account),
            "rows": rows,
        }


def _workbook(folder: Path, cells: dict[str, Any], *, merged: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for place, value in cells.items():
        sheet[place] = value
    for area in merged:
        sheet.merge_cells(area)
    path = folder / "book.xlsx"
    book.save(path)
    return path


def _rewritten(path: Path, change: Callable[[bytes], bytes]) -> Path:
    other = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            data = source.read(part)
            target.writestr(part.filename, change(data) if part.filename == SHEET else data)
    return other
