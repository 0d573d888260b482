"""Archives and packed files: streamed, within limits, told apart by content, explained where refused."""

import gzip
import io
import lzma
import struct
import tarfile
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pytest

from uploads.tabular.chunks import SourceTable
from uploads.tabular.errors import (
    DamagedFile,
    EmptyFile,
    EncryptedFile,
    LimitExceeded,
    NestedArchive,
    NoDataRows,
    NotATable,
    UploaderError,
)
from uploads.tabular.open_file import open_tables
from uploads.tabular.sentences.notes import sentences_of
from uploads.tabular.table import Limits, ReadOptions

TABLE = b"id;name\n1;Ann\n2;Bo\n"


def stored(folder: Path, data: bytes) -> Path:
    path = folder / "stored"
    path.write_bytes(data)
    return path


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class Unseekable(io.BytesIO):
    """As a pipe: the packer cannot go back to write sizes."""

    def seekable(self) -> bool:
        return False

    def seek(self, offset: int, whence: int = 0, /) -> int:
        raise io.UnsupportedOperation


def with_field(data: bytes, *, local: int, central: int, value: int) -> bytes:
    """The archive with a 16-bit field changed in both headers of its last member."""
    changed = bytearray(data)
    for start, offset in ((data.rindex(b"PK\x03\x04"), local), (data.rindex(b"PK\x01\x02"), central)):
        changed[start + offset : start + offset + 2] = struct.pack("<H", value)
    return bytes(changed)


def tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("a.csv")
        member.size = len(TABLE)
        archive.addfile(member, io.BytesIO(TABLE))
    return out.getvalue()


def compound(stream: str) -> bytes:
    """The container of old Office files, as far as its directory names a stream."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + f"{stream}\0".encode("utf-16-le").ljust(512, b"\0")


def read(path: Path, name: str, limits: Limits | None = None) -> list[tuple[SourceTable, int]]:
    tables = open_tables(path, name=name, options=ReadOptions(), limits=limits or Limits())
    return [(table, sum(len(chunk.rows) for chunk in table.chunks())) for table in tables]


def test_zip_holds_csv_and_workbook_each_a_table(tmp_path: Path) -> None:
    data = zipped({"a.csv": TABLE, "sub/b.xlsx": workbook([["id", "name"], [1, "Ann"]])})

    (first, first_rows), (second, second_rows) = read(stored(tmp_path, data), "both.zip")

    assert (first.source, first_rows) == ("a.csv", 2)
    assert second.source == "sub/b.xlsx/Sheet"
    assert second_rows == 1


def test_members_that_are_no_tables_are_left_out_and_named(tmp_path: Path) -> None:
    data = zipped(
        {
            "__MACOSX/._a.csv": b"\x00\x05\x16\x07",
            ".DS_Store": b"x",
            "logo.png": b"\x89PNG\r\n\x1a\n",
            "README.md": b"# hello",
            "empty.csv": b"",
            "a.csv": TABLE,
        }
    )

    ((table, rows),) = read(stored(tmp_path, data), "mixed.zip")

    assert rows == 2
    assert sentences_of(table.dialect.notes)[0] == (
        "Left out of mixed.zip: __MACOSX/._a.csv, .DS_Store, logo.png, README.md, empty.csv."
    )


def test_extension_does_not_decide_what_a_file_is(tmp_path: Path) -> None:
    assert read(stored(tmp_path, TABLE), "really-text.xlsx")[0][1] == 2
    assert read(stored(tmp_path, workbook([["id"], [1], [2]])), "really-a-workbook.csv")[0][1] == 2
    assert read(stored(tmp_path, gzip.compress(TABLE)), "really-gzip.csv")[0][1] == 2


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (b"", "a.csv", EmptyFile),
        (b" \r\n\n", "a.csv", EmptyFile),
        (b"\xef\xbb\xbf", "a.csv", EmptyFile),
        (b";;\n;;\n", "a.csv", EmptyFile),
        (b"sep=;\n", "a.csv", EmptyFile),
        (gzip.compress(b""), "a.csv.gz", EmptyFile),
        (zipped({}), "a.zip", EmptyFile),
        (b"id;name\n", "a.csv", NoDataRows),
        (b"id;name\n\n;\n", "a.csv", NoDataRows),
        (zipped({"a.csv": b"id;name\n"}), "a.zip", NoDataRows),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a.csv", NotATable),
        (b"%PDF-1.7\n1,2\n", "a.csv", NotATable),
        (b"{\\rtf1 a,b}", "a.csv", NotATable),
        (b"PAR1\x15\x04", "a.csv", DamagedFile),
        (b"\x7fELF\x02\x01", "a.csv", NotATable),
        (b"MZ\x90\x00\x03\x00\x00\x00", "a.csv", NotATable),
        (b"<!DOCTYPE html><html>", "a.csv", NotATable),
        (b'\xef\xbb\xbf\n <html lang="en">', "a.xls", NotATable),
        (b'<?xml version="1.0"?><rows/>', "a.csv", NotATable),
        (b'{\n"a": 1, "b": [2]\n}', "a.csv", NotATable),
        (b"[[1], [2]]", "a.csv", NotATable),
        (bytes(range(256)) * 8, "a.csv", NotATable),
        (zipped({"readme.md": b"# x", "x.png": b"\x89PNG\r\n\x1a\n"}), "a.zip", NotATable),
        (zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "a.docx", NotATable),
        (zipped({"inner.zip": zipped({"a.csv": TABLE})}), "a.zip", NestedArchive),
        (zipped({"a.csv.gz": gzip.compress(TABLE)}), "a.zip", NestedArchive),
        (gzip.compress(zipped({"a.csv": TABLE})), "a.csv.gz", NestedArchive),
        (gzip.compress(gzip.compress(TABLE)), "a.csv.gz.gz", NestedArchive),
        (gzip.compress(TABLE * 1000)[:-20], "a.csv.gz", DamagedFile),
        (gzip.compress(TABLE) + b"rubbish", "a.csv.gz", DamagedFile),
        (zipped({"a.csv": TABLE * 1000})[:80], "a.zip", DamagedFile),
    ],
)
def test_what_holds_no_table_is_refused_with_a_way_out(
    tmp_path: Path, data: bytes, name: str, error: type[UploaderError]
) -> None:
    with pytest.raises(error) as caught:
        read(stored(tmp_path, data), name)

    assert caught.value.message.endswith(".")
    assert caught.value.hint.endswith(".")


WORDS = {
    "a.mdb": (b"\x00\x01\x00\x00Standard Jet DB\x00", "a Microsoft Access database"),
    "a.sqlite": (b"SQLite format 3\x00", "an SQLite database"),
    "report.xls": (b"<style>x</style><div><table border=1><tr>", "a web page (HTML) without a table"),
    "wide.xls": ("\ufeff<html><table>".encode("utf-16-le"), "a web page (HTML)"),
    "commented.html": (b"<!-- made by x -->\n<html>", "a web page (HTML)"),
    "archive.xls": (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n", "a web archive (MHT)"),
    "a.fodt": (
        b'<office:document office:mimetype="application/vnd.oasis.opendocument.text">',
        "an OpenDocument text or drawing",
    ),
    "b.csv": (
        b'<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>',
        "the error message of a storage service",
    ),
    "a.svg": (b'<svg xmlns="x"><a/></svg>', "an SVG image"),
    "a.xml": (b"<rows><row/></rows>", "an XML document"),
    "a.bmp": (b"BM\x9a\0\0\0\0\0\0\0\x36", "a BMP image"),
    "a.json": (b'{\n"a": 1}\n', "a single JSON object, not a list of records"),
    "a.7z": (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    "a.rar": (b"Rar!\x1a\x07\x01", "a RAR archive"),
    "a.csv.lzma": (lzma.compress(TABLE, lzma.FORMAT_ALONE), "an LZMA archive"),
    "a.Z": (b"\x1f\x9d\x90", "a Unix compress (.Z) archive"),
    "a.odt": (
        zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}),
        "an OpenDocument text or drawing",
    ),
    "a.numbers": (zipped({"Index/Document.iwa": b"x"}), "a document of Apple Numbers, Pages or Keynote"),
    "a.epub": (zipped({"mimetype": b"application/epub+zip", "META-INF/container.xml": b"<x/>"}), "an e-book (EPUB)"),
    "a.pptx": (zipped({"[Content_Types].xml": b"<x/>", "ppt/x.xml": b"<x/>"}), "an Office document without sheets"),
    "a.doc": (compound("WordDocument"), "a Word document"),
    "a.ppt": (compound("PowerPoint Document"), "a PowerPoint presentation"),
    "a.msg": (compound("__properties_version1.0"), "an Outlook message"),
}


@pytest.mark.parametrize("name", WORDS)
def test_what_a_file_is_instead_of_a_table_is_said(tmp_path: Path, name: str) -> None:
    data, what = WORDS[name]
    with pytest.raises(NotATable) as caught:
        read(stored(tmp_path, data), name)
    assert caught.value.message.startswith(f"{name} is {what}")
    assert caught.value.hint.endswith(".")


def test_encrypted_workbook_is_told_by_its_content(tmp_path: Path) -> None:
    with pytest.raises(EncryptedFile):
        read(stored(tmp_path, compound("EncryptedPackage")), "a.csv")


@pytest.mark.parametrize(("method", "name"), [(9, "Deflate64"), (93, "Zstandard"), (1, "method 1")])
def test_member_packed_in_an_unknown_way_names_the_way(tmp_path: Path, method: int, name: str) -> None:
    with pytest.raises(DamagedFile, match=rf"a\.csv in a\.zip is packed with {name}, which is not read here\."):
        read(stored(tmp_path, with_field(zipped({"a.csv": TABLE}), local=8, central=10, value=method)), "a.zip")


def test_member_with_aes_has_a_password(tmp_path: Path) -> None:
    with pytest.raises(EncryptedFile, match=r"a\.csv in a\.zip"):
        read(stored(tmp_path, with_field(zipped({"a.csv": TABLE}), local=8, central=10, value=99)), "a.zip")


def test_encrypted_member_that_is_no_table_is_left(tmp_path: Path) -> None:
    data = with_field(zipped({"a.csv": TABLE, "secret.pdf": b"%PDF-"}), local=6, central=8, value=1)
    ((table, rows),) = read(stored(tmp_path, data), "a.zip")
    assert (rows, sentences_of(table.dialect.notes)[0]) == (2, "Left out of a.zip: secret.pdf.")


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_member_is_read_however_it_is_packed(tmp_path: Path, compression: int) -> None:
    assert read(stored(tmp_path, zipped({"a.csv": TABLE}, compression)), "a.zip")[0][1] == 2


def test_zip64_and_streamed_members_are_read(tmp_path: Path) -> None:
    out = Unseekable()
    # Sizes follow the data.
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.csv", "w", force_zip64=True) as member,
    ):
        member.write(TABLE)
    assert read(stored(tmp_path, out.getvalue()), "a.zip")[0][1] == 2


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only Linux opens a file that has no name again")
def test_reader_that_is_killed_within_an_archive_leaves_no_file_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    path = stored(tmp_path, zipped({name: workbook([["id"], [1]]) for name in ("a.xlsx", "b.xlsx")}))
    left: list[Path] = []
    for table in open_tables(path, name="a.zip", options=ReadOptions(), limits=Limits()):
        left += scratch.iterdir()
        assert sum(len(chunk.rows) for chunk in table.chunks()) == 1
    assert left == []


def test_empty_workbook_among_others_is_left_and_named(tmp_path: Path) -> None:
    members = {"a.xlsx": workbook([["id"], [1]]), "empty.xlsx": workbook([]), "header.xlsx": workbook([["id"]])}
    ((table, rows),) = read(stored(tmp_path, zipped(members)), "a.zip")
    assert (table.source, rows) == ("a.xlsx/Sheet", 1)
    assert sentences_of(table.dialect.notes)[0] == "Left out of a.zip: empty.xlsx, header.xlsx."


def test_damaged_workbook_among_others_fails_the_archive_and_is_named(tmp_path: Path) -> None:
    members = {"a.csv": TABLE, "b.xlsx": workbook([["id"], [1]])[:-300]}
    with pytest.raises(DamagedFile, match=r"b\.xlsx in a\.zip"):
        read(stored(tmp_path, zipped(members)), "a.zip")


def test_gzip_that_goes_on_with_something_else_says_so(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match="goes on with something else after its packed content"):
        read(stored(tmp_path, gzip.compress(TABLE) + b"rubbish"), "a.csv.gz")


def test_zeros_after_a_gzip_are_padding(tmp_path: Path) -> None:
    assert read(stored(tmp_path, gzip.compress(TABLE) + bytes(512)), "a.csv.gz")[0][1] == 2


def test_text_that_only_looks_like_json_or_a_program_is_a_table(tmp_path: Path) -> None:
    assert read(stored(tmp_path, b"[x],y\n1,2\n"), "a.csv")[0][1] == 1
    assert read(stored(tmp_path, b"MZ,name\n1,a\n"), "a.csv")[0][1] == 1


def test_member_with_a_wrong_checksum_is_damaged(tmp_path: Path) -> None:
    data = zipped({"a.csv": TABLE * 100}, zipfile.ZIP_STORED).replace(b"Ann", b"Bob")

    with pytest.raises(DamagedFile):
        read(stored(tmp_path, data), "a.zip")


def test_member_with_a_password_is_said_to_have_one(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.csv": TABLE}))
    central = data.index(b"PK\x01\x02")
    data[6:8] = data[central + 8 : central + 10] = struct.pack("<H", 1)

    with pytest.raises(EncryptedFile):
        read(stored(tmp_path, bytes(data)), "a.zip")


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zipped({"a.csv": data})], ids=["gzip", "zip"])
def test_unpacked_bytes_are_limited_by_what_really_unpacks(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    path = stored(tmp_path, pack(b"a;b\n" * 100_000))

    with pytest.raises(LimitExceeded, match="unpacks to more than"):
        read(path, "bomb", Limits(unpacked_bytes=100_000))


def test_members_of_an_archive_share_the_limit_of_unpacked_bytes(tmp_path: Path) -> None:
    path = stored(tmp_path, zipped({f"{i}.csv": b"a;b\n" * 1000 for i in range(10)}))

    with pytest.raises(LimitExceeded):
        read(path, "many.zip", Limits(unpacked_bytes=30_000))


def test_ratio_is_limited_once_much_has_unpacked(tmp_path: Path) -> None:
    path = stored(tmp_path, gzip.compress(b"a;b\n" * (18 * 2**20), compresslevel=1))

    with pytest.raises(LimitExceeded, match="times its packed size"):
        read(path, "bomb.gz", Limits(unpack_ratio=50))


def test_members_are_counted(tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded, match="members"):
        read(stored(tmp_path, zipped({f"{i}.csv": TABLE for i in range(4)})), "a.zip", Limits(members=3))


def test_hostile_member_names_are_never_paths(tmp_path: Path) -> None:
    path = stored(tmp_path, zipped({"../../evil.csv": TABLE, "/etc/x.csv": TABLE, "C:\\x.csv": TABLE}))

    assert {table.source for table, _ in read(path, "a.zip")} == {"../../evil.csv", "/etc/x.csv", "C:\\x.csv"}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["stored"]


def test_progress_counts_stored_bytes(tmp_path: Path) -> None:
    data = gzip.compress(TABLE * 5000)
    seen: list[int] = []
    path = stored(tmp_path, data)

    (table,) = open_tables(path, name="a.gz", options=ReadOptions(), limits=Limits(), progress=seen.append)
    list(table.chunks())

    assert max(seen) == len(data)


@pytest.mark.parametrize("codec", ["utf-8", "cp932"])
def test_member_names_without_the_utf8_flag_are_read_as_they_were_meant(tmp_path: Path, codec: str) -> None:
    raw = "データ.csv".encode(codec)
    placeholder = "x" * len(raw)
    data = zipped({placeholder: TABLE}).replace(placeholder.encode(), raw)

    ((table, _),) = read(stored(tmp_path, data), "a.zip")

    assert table.source == "データ.csv"
