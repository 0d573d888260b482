"""A file packed by gzip, bzip2, xz or zstd is read as it is unpacked, a tar as a zip is; within the same limits."""

import bz2
import gzip
import io
import json
import lzma
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest

from tests.fuzz import markup, records
from uploads.tabular.errors import DamagedFile, FileError, LimitExceeded, NestedArchive
from uploads.tabular.inspection import Inspection, inspect_file
from uploads.tabular.notes import NoteKind
from uploads.tabular.table import FileFormat, Limits, ReadOptions

TABLE = b"id;name\n1;Ann\n2;Bo\n"


def zstd(data: bytes) -> bytes:
    packed: bytes = pa.Codec("zstd").compress(data, asbytes=True)
    return packed


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstd,
}
each_packing = pytest.mark.parametrize("packing", PACK)


def read(tmp_path: Path, name: str, data: bytes, limits: Limits | None = None) -> list[Inspection]:
    path = tmp_path / name
    path.write_bytes(data)
    return list(inspect_file(path, options=ReadOptions(), limits=limits or Limits(), head_rows=10))


def tar(members: Mapping[str, bytes], *links: tarfile.TarInfo, form: int = tarfile.PAX_FORMAT) -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w", format=form) as archive:
        for link in links:
            archive.addfile(link)
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return sink.getvalue()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in (["id", "n"], [1, 2]):
        book.worksheets[0].append(row)
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


@each_packing
def test_packed_text_is_read_with_its_lines(tmp_path: Path, packing: str) -> None:
    [table] = read(tmp_path, f"a.csv.{packing}", PACK[packing](TABLE))

    assert (table.dialect.format, table.account.lines, table.counts.loaded) == (FileFormat.CSV, 3, 2)


@each_packing
def test_two_streams_in_one_file_are_one_text(tmp_path: Path, packing: str) -> None:
    pack = PACK[packing]

    [table] = read(tmp_path, f"a.csv.{packing}", pack(TABLE) + pack(b"3;Cy\n"))

    assert table.counts.loaded == 3


@each_packing
@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.jsonl", records.JSON_LINES[0], FileFormat.JSONL),
        ("a.parquet", records.parquet(), FileFormat.PARQUET),
        ("a.xls", markup.PAGES[0], FileFormat.HTML),
        ("a.xlsx", workbook(), FileFormat.XLSX),
    ],
)
def test_whatever_is_read_is_read_packed_too(
    tmp_path: Path, packing: str, name: str, data: bytes, kind: FileFormat
) -> None:
    tables = read(tmp_path, f"{name}.{packing}", PACK[packing](data))

    assert {table.dialect.format for table in tables} == {kind}


@each_packing
def test_what_breaks_off_or_goes_on_with_something_else_is_damaged(tmp_path: Path, packing: str) -> None:
    packed = PACK[packing](json.dumps(list(range(9_999))).encode().replace(b",", b"\n"))
    for data in (packed[: len(packed) // 2], packed[:-3], packed + b"rubbish, not packed at all"):
        with pytest.raises(DamagedFile) as caught:
            read(tmp_path, f"a.csv.{packing}", data)
        assert caught.value.hint.endswith(".")


@each_packing
def test_unpacked_bytes_are_limited(tmp_path: Path, packing: str) -> None:
    for data in (b"a;b\n" * 500_000, json.dumps([{"a": 1}] * 200_000).encode()):
        with pytest.raises(LimitExceeded):
            read(tmp_path, f"a.csv.{packing}", PACK[packing](data), Limits(unpacked_bytes=2**20))


@each_packing
def test_packing_within_a_packing_is_refused(tmp_path: Path, packing: str) -> None:
    for inner in PACK.values():
        with pytest.raises(NestedArchive):
            read(tmp_path, f"a.csv.{packing}", PACK[packing](inner(TABLE)))


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_each_member_of_a_tar_is_a_table(tmp_path: Path, form: int) -> None:
    tables = read(
        tmp_path, "a.tar", tar({"x/größe.csv": TABLE, "y.jsonl": b'{"a": 1}\n', "z.png": b"\x89PNG"}, form=form)
    )

    assert [table.source for table in tables] == ["x/größe.csv", "y.jsonl"]
    assert NoteKind.MEMBERS_LEFT_OUT in {note.kind for table in tables for note in table.notes}


def test_names_of_a_tar_that_are_not_in_utf8_are_judged_as_those_of_a_zip(tmp_path: Path) -> None:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w", format=tarfile.GNU_FORMAT, encoding="cp1252") as archive:
        for name in ("Umsätze.csv", "plain.csv"):
            member = tarfile.TarInfo(name)
            member.size = len(TABLE)
            archive.addfile(member, io.BytesIO(TABLE))

    tables = read(tmp_path, "a.tar", sink.getvalue())

    assert [table.source for table in tables] == ["Umsätze.csv", "plain.csv"]


@each_packing
def test_packed_tar_is_read_member_by_member(tmp_path: Path, packing: str) -> None:
    tables = read(tmp_path, f"a.tar.{packing}", PACK[packing](tar({"x.csv": TABLE, "book.xlsx": workbook()})))

    assert [(table.source, table.dialect.format) for table in tables] == [
        ("x.csv", FileFormat.CSV),
        ("book.xlsx/Sheet", FileFormat.XLSX),
    ]


def test_links_and_devices_in_a_tar_are_no_members(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_bytes(b"password;x\n1;2\n")
    link, hard, device = (tarfile.TarInfo(name) for name in ("link.csv", "hard.csv", "device.csv"))
    link.type, link.linkname = tarfile.SYMTYPE, str(secret)
    hard.type, hard.linkname = tarfile.LNKTYPE, "../../secret.csv"
    device.type = tarfile.CHRTYPE

    tables = read(tmp_path, "a.tar", tar({"../../x.csv": TABLE}, link, hard, device))

    assert [[column.label for column in table.columns] for table in tables] == [["id", "name"]]


def test_tar_keeps_the_limits_of_a_zip(tmp_path: Path) -> None:
    many = tar({f"{n}.csv": TABLE for n in range(9)})
    large = tar({f"{n}.csv": b"a;b\n1;2\n" * 40_000 for n in range(5)})
    for data, limits in ((many, Limits(members=8)), (large, Limits(unpacked_bytes=2**20))):
        with pytest.raises(LimitExceeded):
            read(tmp_path, "a.tar", data, limits)


def test_tar_that_breaks_off_is_refused(tmp_path: Path) -> None:
    data = tar({"x.csv": TABLE * 200, "y.csv": TABLE * 200})

    with pytest.raises(FileError) as caught:
        read(tmp_path, "a.tar", data[: len(data) // 2])

    assert isinstance(caught.value, DamagedFile)


def test_object_beside_the_tables_of_an_archive_tells_about_them(tmp_path: Path) -> None:
    tables = read(tmp_path, "a.tar", tar({"x.csv": TABLE, "datapackage.json": b'{"resources": [{"path": "x.csv"}]}'}))

    assert [table.source for table in tables] == ["x.csv"]
