"""What fuzzing begins with: small files of each format, our own and the corpus's."""

import bz2
import datetime as dt
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import openpyxl
import pyarrow as pa

from tests.fuzz import markup, records
from tests.fuzz.mutations import spoil_bytes, spoil_gzip, spoil_markup, spoil_text, spoil_zip
from tests.fuzz.xlsb import Cell, write_xlsb

_LARGEST = 60_000
"""Bytes of a seed: what is larger takes longer to read and hides what a mutation did."""

TEXTS = (
    b"a;b;c\n1;2,5;x\n2;3,25;y\n",
    b'id,name,"when"\n1,"a, ""b""\nc",2023-01-31\n2,d,2023-02-28\n',
    b"Title of it all\nas of 2023\n\nname\tcode\nx\t007\ny\t0012\n\nSource: somebody's office\n",
    "Name|Größe|flag\nMüller|1.234,56|true\nŽižka|0,5|false\n".encode(),
    b"2023-01-31T10:00:00Z 1e-05 a\n2023-02-01T11:30:00Z 2.5e+10 'b c'\n",
    b"n\n1\n2\n\n3\n",
    b'a,b\n1,"x\n2,y"\n3,z\\"z\n,,\n',
    "été;prix;jour\r\noui;1 234,5;31/12/2023\r\nnon;12,25;01/02/2023\r\n".encode("cp1252"),
    "\ufeffa;b\r\n1;NA\r\n2;3\r\nTotal;5\r\n".encode(),
    b",".join(b"c%d" % n for n in range(60)) + b"\n" + (b",".join(b"%d" % n for n in range(60)) + b"\n") * 5,
)
CELLS: list[list[Cell]] = [["Code", "Price", "ok"], ["007", 1.5, True], ["x", -2.0, False], [None, 44927.25, None]]
ODS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>{}'
    "</office:spreadsheet></office:body></office:document-content>"
)


@dataclass(frozen=True, kw_only=True)
class Format:
    """How files of one kind are called, made and spoiled."""

    suffix: str
    seeds: tuple[bytes, ...]
    spoil: Callable[[Random, bytes, Sequence[bytes]], bytes]


def formats(corpus: Path | None) -> dict[str, Format]:
    """Every format that is read, by its name; ``corpus`` adds real files to our own."""
    texts = (*TEXTS, *_real(corpus, "malformed/*.csv", "dialects/*.csv", "dialects/*.txt", "statsnz/*.csv"))
    books = (_workbook(), *_real(corpus, "workbooks/*.xlsx", "hostile/[!sz]*.xlsx", whole=True))
    return {
        "csv": Format(suffix="csv", seeds=texts, spoil=spoil_text),
        "gz": Format(suffix="csv.gz", seeds=tuple(gzip.compress(t, mtime=0) for t in texts), spoil=spoil_gzip),
        "zip": Format(
            suffix="zip", seeds=(_archive(), *_real(corpus, "containers/*.zip", whole=True)), spoil=spoil_zip
        ),
        "html": Format(suffix="xls", seeds=markup.PAGES, spoil=spoil_markup),
        "xml": Format(suffix="xml", seeds=markup.SPREADSHEETS, spoil=spoil_markup),
        "fods": Format(suffix="fods", seeds=markup.FLAT_DOCUMENTS, spoil=spoil_markup),
        "mht": Format(suffix="mht", seeds=markup.WEB_ARCHIVES, spoil=spoil_markup),
        "jsonl": Format(suffix="jsonl", seeds=records.JSON_LINES, spoil=spoil_text),
        "json": Format(suffix="json", seeds=records.JSON_LISTS, spoil=spoil_text),
        "parquet": Format(suffix="parquet", seeds=(records.parquet(),), spoil=spoil_bytes),
        "arrow": Format(suffix="arrow", seeds=(records.feather(), records.arrow_stream()), spoil=spoil_bytes),
        **{name: _packed(name, texts) for name in ("bz2", "xz", "zst")},
        "tar": Format(suffix="tar", seeds=(_tar(),), spoil=spoil_bytes),
        "xlsx": Format(suffix="xlsx", seeds=books, spoil=spoil_zip),
        "xls": Format(
            suffix="xls", seeds=_real(corpus, "workbooks/*.xls", "hostile/*.xls", whole=True), spoil=spoil_bytes
        ),
        "xlsb": Format(suffix="xlsb", seeds=(write_xlsb({"Sheet1": CELLS}), _two_sheets()), spoil=spoil_zip),
        "ods": Format(suffix="ods", seeds=(_open_document(),), spoil=spoil_zip),
    }


def _real(corpus: Path | None, *patterns: str, whole: bool = False) -> tuple[bytes, ...]:
    """Files of the corpus; of a large text its beginning, a large package not at all."""
    if corpus is None:
        return ()
    paths = [path for pattern in patterns for path in sorted(corpus.glob(pattern))]
    return tuple(path.read_bytes()[:_LARGEST] for path in paths if not whole or path.stat().st_size <= _LARGEST)


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Of 2023"])
    sheet.append([])
    sheet.append(["Code", "Price", "When", "At", "ok", "Sum"])
    sheet.append(["007", 1.5, dt.date(2023, 1, 31), dt.time(10, 30), True, "=B4*2"])
    sheet.append(["x", -2, dt.date(2023, 2, 1), dt.timedelta(hours=30), False, "#N/A"])
    sheet.merge_cells("A1:C1")
    hidden = book.create_sheet("Größe")
    hidden.append(["a", "b"])
    hidden.append([1, "two\nlines"])
    hidden.sheet_state = "hidden"
    book.create_sheet("empty")
    return _saved(book)


def _packed(name: str, texts: Sequence[bytes]) -> Format:
    """Texts packed in another way than by gzip."""
    pack: dict[str, Callable[[bytes], bytes]] = {
        "bz2": bz2.compress,
        "xz": lzma.compress,
        "zst": lambda data: bytes(pa.Codec("zstd").compress(data, asbytes=True)),
    }
    return Format(suffix=f"csv.{name}", seeds=tuple(map(pack[name], texts)), spoil=spoil_bytes)


def _tar() -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as archive:
        for number, text in enumerate((*TEXTS[:4], *records.JSON_LINES)):
            member = tarfile.TarInfo(f"folder/größe {number}.{'csv' if number < 4 else 'jsonl'}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
    return sink.getvalue()


def _saved(book: openpyxl.Workbook) -> bytes:
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def _two_sheets() -> bytes:
    return write_xlsb({"Größe": [[None, None], [None, "a"], [None, 1e300], [None, 2.0]], "leer": []})


def _open_document() -> bytes:
    def cell(kind: str, value: str) -> str:
        stated = {"string": "", "date": f' office:date-value="{value}"', "boolean": f' office:boolean-value="{value}"'}
        number = f' office:value="{value}"'
        text = f"<text:p>{value}</text:p>"
        return f'<table:table-cell office:value-type="{kind}"{stated.get(kind, number)}>{text}</table:table-cell>'

    rows = [
        [cell("string", "Code"), cell("string", "Price"), cell("string", "When"), cell("string", "ok")],
        [cell("string", "007"), cell("float", "1.5"), cell("date", "2023-01-31"), cell("boolean", "true")],
        ['<table:table-cell table:number-columns-repeated="2"/>', cell("date", "2023-01-31T10:00:00")],
    ]
    body = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows)
    table = f'<table:table table:name="Blatt">{body}<table:table-row table:number-rows-repeated="99"/></table:table>'
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", ODS.format(table))
        package.writestr(
            "META-INF/manifest.xml", '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
    return sink.getvalue()


def _archive() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, text in enumerate(TEXTS[:4]):
            archive.writestr(f"folder/table {number}.csv", text)
        archive.writestr("__MACOSX/._table 0.csv", b"\0\5\26\7")
        archive.writestr("readme.pdf", b"%PDF-1.4")
        archive.writestr("book.xlsx", _workbook())
    return sink.getvalue()
