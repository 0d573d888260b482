"""What stands in a table's place is named for what it is; tables that look a little alike are still tables."""

import io
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest

from uploads.tabular.chunks import SourceTable
from uploads.tabular.errors import DamagedFile, EncryptedFile, NoDataRows, NotATable
from uploads.tabular.files.kind import Kind, content_kind
from uploads.tabular.open_file import open_tables
from uploads.tabular.table import Limits, ReadOptions

ODS = (
    '<?xml version="1.0"?>\n<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">\n'
    ' <office:body>\n  <office:spreadsheet>\n   <table:table table:name="S">\n{}   </table:table>\n'
    "  </office:spreadsheet>\n </office:body>\n</office:document-content>"
)
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{}</manifest:manifest>'
)


def owner_file(user: str, size: int) -> bytes:
    """As Excel (165 bytes) and Word (162) write it."""
    narrow = bytes([len(user)]) + user.encode().ljust(54)
    wide = bytes([len(user), 0]) + user.encode("utf-16-le")
    gap = b" " if size == 165 else b""
    return (narrow + gap + wide).ljust(size, b" ")


def open_document(content: str, manifest: str = "") -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", MANIFEST.format(manifest))
    return sink.getvalue()


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def read(tmp_path: Path, name: str, data: bytes, **options: object) -> list[SourceTable]:
    path = tmp_path / "stored"
    path.write_bytes(data)
    return list(open_tables(path, name=name, options=ReadOptions(**options), limits=Limits()))  # type: ignore[arg-type]


PRETENDERS = {
    "a.csv": (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "a Git LFS pointer"),
    "a.url": (b"[InternetShortcut]\r\nURL=https://example.org/a.csv\r\n", "an internet shortcut"),
    "a.desktop": (b"[Desktop Entry]\nType=Link\nURL=https://example.org/a.csv\n", "a desktop shortcut"),
    "a.webloc": (
        b'<?xml version="1.0"?><plist version="1.0"><dict><key>URL</key><string>https://x</string></dict></plist>',
        "an internet shortcut",
    ),
    "b.webloc": (b"bplist00\xd1\x01\x02SURL_\x10\x10https://x.org/a", "an internet shortcut"),
    "a.gsheet": (b'{"doc_id": "x", "url": "https://docs.google.com/open?id=x"}', "a shortcut to Google Sheets"),
    "~$a.xlsx": (owner_file("Ann", 165), "the small file that Excel keeps"),
    "~$a.docx": (owner_file("Ann", 162), "the small file that Excel keeps"),
    ".~lock.a.ods#": (b",ann,box,25.11.2026 10:00,file:///home/ann/x;", "the small file that LibreOffice keeps"),
    "._a.csv": (b"\0\5\x16\7\0\2\0\0Mac OS X        ", "what macOS keeps beside a file"),
    "a.lnk": (b"L\0\0\0\1\x14\2\0\0\0\0\0\xc0\0\0\0\0\0\0F\x9b\0", "a Windows shortcut"),
    "a.dif": (b'TABLE\r\n0,1\r\n"EXCEL"\r\nVECTORS\r\n0,2\r\n""\r\n', "a DIF file"),
    "a.dbf": (
        struct.pack("<BBBBIHH20x", 3, 124, 1, 31, 1, 65, 11) + b"NAME".ljust(11, b"\0") + b"C" + bytes(20) + b"\r Ann",
        "a dBase file",
    ),
    "a.orc": (b"ORC\n\x03\x00\x00", "an ORC file"),
    "a.avro": (b"Obj\x01\x04\x14avro.codec", "an Avro file"),
    "a.iqy": (b"WEB\r\n1\r\nhttps://example.org/q\r\n\r\n", "a web query"),
    "annexed.csv": (b"/annex/objects/MD5E-s9--0123456789abcdef.csv\n", "a git-annex pointer"),
    "a.slk": (b'ID;PWXL;N;E\r\nP;PGeneral\r\nC;Y1;X1;K"a"\r\nE\r\n', "a SYLK file"),
    "a.wb1": (b"\0\0\2\0\1\x10\x0e\0", "a Quattro Pro workbook"),
    "a.wk1": (b"\0\0\2\0\6\4\x0a\0", "a Lotus 1-2-3 worksheet"),
    "a.vcf": (b"\xef\xbb\xbfBEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\nEND:VCARD\r\n", "a list of contacts (vCard)"),
    "a.wiki": (
        b'{| class="wikitable"\n|+ Towns\n! Rank !! Town\n|-\n| 1 || Rome\n|}\n',
        "the markup of a wiki (MediaWiki)",
    ),
    "a.txt": (b"{|\n|-\n| 1\n| Rome\n|}\n", "the markup of a wiki (MediaWiki)"),
    "a.ics": (b"BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nEND:VEVENT\n", "a calendar (iCalendar)"),
    "a.ofx": (b"OFXHEADER:100\nDATA:OFXSGML\n\n<OFX>\n<TRNAMT>-1\n", "a bank's statement in OFX"),
    "a.qif": (b"!Type:Bank\nD03/01'23\nT-12.50\n^\n", "a statement of Quicken (QIF)"),
    "a.sta": (b":20:STARTUMS\r\n:25:10020030/1234\r\n:60F:C230301EUR1,00\r\n", "a bank's statement in MT940"),
    "a.sql": (b"--\n-- PostgreSQL database dump\n--\n\nCOPY t (a) FROM stdin;\n1\n", "a dump of a database (SQL)"),
    "b.sql": (b"INSERT INTO `t` (`a`, `b`) VALUES\n(1, 'x'),\n(2, 'y');\n", "a dump of a database (SQL)"),
    "a.eml": (b"From: a@x.org\r\nTo: b@x.org\r\nSubject: n\r\n\r\na;b\r\n1;2\r\n", "a mail"),
    "b.csv": (
        b"Return-Path: <a@x.org>\nReceived: from x.org\n\tby y.org\nTo: b@x.org\nMIME-Version: 1.0\n\n--abc\n",
        "a mail",
    ),
    "a.mbox": (b"From a@x.org Fri Mar  1 10:00:00 2024\nSubject: n\n\na\n", "a mail"),
    "a.csv.crdownload": (b"id;name\n1;ann\n2;bo", "a download that has not finished"),
    "a.csv.part": (b"id;name\n1;ann\n2;bo", "a download that has not finished"),
    "a.xlsx.download": (b"PK\3\4\x14\0", "a download that has not finished"),
    "old.dta": (b"\x72\x02\x01\x00" + bytes(60), "a Stata data file"),
    "a.sas7bdat": (bytes(12) + bytes.fromhex("c2ea8160b31411cfbd920800") + bytes(60), "a SAS data file"),
    "a.xpt": (b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!0000", "a SAS transport file"),
    "a.RData": (b"RDX3\nX\n\0\0\0\3", "an R data file"),
    "a.rds": (b"X\n\0\0\0\3\0\4\2\3", "an R data file"),
    "a.npy": (b"\x93NUMPY\x01\0v\0{'descr'", "a NumPy array"),
    "a.pkl": (b"\x80\x04\x95\x1d\0\0\0\0\0\0\0}", "a Python pickle"),
    "a.shp": (b"\0\0\x27\x0a" + bytes(96), "a shapefile of a map"),
    "c.sql": (b"CREATE TABLE `t` (\n `id` int\n);\nINSERT INTO `t` VALUES (1);\n", "a dump of a database (SQL)"),
    "d.sql": (
        b"-- people\nCREATE TABLE t (id int);\nINSERT INTO t VALUES (1, 'a; b');\nINSERT INTO t VALUES (2, 'c');\n",
        "a dump of a database (SQL)",
    ),
    "e.sql": (b"INSERT INTO t (a) VALUES (1);\nINSERT INTO t (a) VALUES (2);\n", "a dump of a database (SQL)"),
    "a.edi": (b"UNB+UNOC:3+SENDER+RECEIVER+230101:1200+1'\nUNH+1+ORDERS:D:96A:UN'\n", "a message in EDIFACT"),
    "b.edi": (b"UNA:+.? '\r\nUNB+UNOC:3+A+B'\r\n", "a message in EDIFACT"),
    "a.x12": (
        b"ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *230101*1200*U*00401*1*0*P*>~",
        "a message in EDI (X12)",
    ),
    "a.ged": (b"0 HEAD\n1 SOUR X\n1 GEDC\n2 VERS 5.5\n", "a family tree (GEDCOM)"),
    "a.tex": (b"% towns\n\\begin{tabular}{lr}\nName & n \\\\\nRome & 1 \\\\\n\\end{tabular}\n", "a text in LaTeX"),
    "a.yaml": (b"- id: 1\n  name: ann\n- id: 2\n  name: bob\n", "a list in YAML"),
    "a.dat": ("ID,NAME,AMOUNT\n1,ANNA,10.50\n2,Ben,20.00\n".encode("cp037"), "a mainframe's text in EBCDIC"),
    "b.dat": ("000001CUSTOMER  00010NEW YORK  ".encode("cp500") * 9, "a mainframe's text in EBCDIC"),
    "a.emf": (b"\1\0\0\0\x6c\0\0\0".ljust(40, b"\0") + b" EMF\0\0\1\0", "an EMF drawing"),
}


@pytest.mark.parametrize("name", PRETENDERS)
def test_what_stands_in_a_tables_place_is_named_with_a_way_out(tmp_path: Path, name: str) -> None:
    data, what = PRETENDERS[name]

    with pytest.raises(NotATable) as caught:
        read(tmp_path, name, data)

    assert caught.value.message.startswith(f"{name} is {what}")
    assert caught.value.hint.endswith(".")


@pytest.mark.parametrize(
    ("data", "labels"),
    [
        (b"ID;P\nC;Paris\nF;Monaco\nP;Porto\n", ("ID", "P")),
        (b"version,url\n1,https://git-lfs.github.com/spec/v1\n2,https://x\n", ("version", "url")),
        (b"[InternetShortcut];n\na;1\nb;2\n", ("[InternetShortcut]", "n")),
        (b"name;PK\nx;1\ny;2\n", ("name", "PK")),
        (b"ORCID;n\nx;1\ny;2\n", ("ORCID", "n")),
        (b"TABLE;n\n0,1;1\ny;2\n", ("TABLE", "n")),
        (b"WEB,n\n1,2\nhttps://x.org,3\n", ("WEB", "n")),
        (b"/annex/objects/MD5-x,n\n/annex/objects/MD5-y,1\nz,2\n", ("/annex/objects/MD5-x", "n")),
        (b"!Account;n\na;1\nb;2\n", ("!Account", "n")),
        (b"From: a,n\nTo: b,1\nDate: c,2\n", ("From: a", "n")),
        (b"To;MIME-Version: 1.0\nFrom: x;1\n\ny;2\n", ("To", "MIME-Version: 1.0")),
        (b"RDX3,n\nX,1\nY,2\n", ("RDX3", "n")),
        ("Имя;Город\nАНЯ;МОСКВА\nИВАН;ТУЛА\n".encode("cp1251"), ("Имя", "Город")),
        ("名前;都市\n田中;東京\n鈴木;大阪\n".encode("shift_jis"), ("名前", "都市")),
        (b"HEADER RECORD,n\nX,1\nY,2\n", ("HEADER RECORD", "n")),
        (b"- id: 1;n\n- id: 2;1\n- id: 3;2\n", ("- id: 1", "n")),
        (b"CREATE TABLE;n\nINSERT INTO t;1\nx;2\n", ("CREATE TABLE", "n")),
        (b"query;n\nINSERT INTO t VALUES (1);1\nx;2\n", ("query", "n")),
        pytest.param(b"0 HEAD;n\n1 SOUR;2\n", ("0 HEAD", "n"), id="cells as GEDCOM begins"),
        pytest.param(b"ISA;n\n00;1\n", ("ISA", "n"), id="a column ISA"),
        pytest.param(b"query;ms\nINSERT INTO t VALUES (1);3\n", ("query", "ms"), id="statements in a column"),
    ],
)
def test_tables_that_look_a_little_alike_are_tables(tmp_path: Path, data: bytes, labels: tuple[str, ...]) -> None:
    [table] = read(tmp_path, "a.csv", data)

    assert table.labels == labels


@pytest.mark.parametrize(
    "begin", ["INSERT INTO t VALUES (1);", "INSERT INTO t VALUES", "{|", "{|\n|+ towns", "ID;P", "TABLE"]
)
def test_blank_lines_behind_a_begin_like_anothers_are_gone_through_once(begin: str) -> None:
    """To try each way to share a million among two patterns takes hours; among forty, for ever."""
    assert content_kind(begin.encode() + b"\n" * 2**20 + b"x;1\n", name="a.csv") is Kind.TEXT


def test_many_comments_above_the_root_of_xml_are_gone_through_once() -> None:
    """Each might end where any later one does, and all ways to choose were tried: twice as many with each comment."""
    begin = b"<?xml version='1.0'?>\n" + b"<!-- a -->\n" * 200
    assert content_kind(begin + b"<html><table>", name="a.xml") is Kind.HTML
    with pytest.raises(NotATable):
        content_kind(begin + b"<towns><a>1</a></towns>", name="a.xml")


@pytest.mark.parametrize(
    "data",
    [
        b"INSERT INTO t VALUES (1); \r\n\r\n \n INSERT INTO t VALUES (2);\n",
        b"INSERT INTO t VALUES \n\n (1);\n",
        b'{| class="a"\n\n|+ towns\n\n |-\n| a\n',
        b"ID;PWXL\r\n\r\nP;PGeneral\r\n",
        b'TABLE \r\n\r\n0,1\n\n"x"\n \nVECTORS \r\n0,2\n',
    ],
)
def test_what_it_is_shows_through_blank_lines(data: bytes) -> None:
    with pytest.raises(NotATable):
        content_kind(data, name="a.csv")


@pytest.mark.parametrize("name", ["data.part1.csv", "spare.part", "a.download.csv"])
def test_other_names_with_part_or_download_are_names_of_tables(tmp_path: Path, name: str) -> None:
    [table] = read(tmp_path, name, b"id;name\n1;ann\n2;bob\n")

    assert table.labels == ("id", "name")


@pytest.mark.parametrize("before", [b"\r\n", b"\xef\xbb\xbf", b"<br />\n<b>Notice</b>: undefined index in x.php\n"])
def test_workbook_behind_a_few_bytes_of_text_is_read(tmp_path: Path, before: bytes) -> None:
    [table] = read(tmp_path, "a.xlsx", before + workbook(["id", "n"], [1, 2]))

    assert table.labels == ("id", "n")


@pytest.mark.parametrize(("paragraph", "label"), [("a b", "a b"), ("a<text:s text:c='2'/>b", "a  b")])
def test_open_document_in_one_line_has_the_spaces_that_it_states(tmp_path: Path, paragraph: str, label: str) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(
        f"<table:table-row>{cell.format(one)}{cell.format(other)}</table:table-row>"
        for one, other in ((paragraph, "n"), ("x", "1"), ("y", "2"))
    )
    [table] = read(tmp_path, "a.ods", open_document(ODS.format(rows)))
    assert table.labels == (label, "n")


def test_indented_open_document_is_read_with_the_spaces_inside_its_paragraphs(tmp_path: Path) -> None:
    def row(*cells: str) -> str:
        written = "".join(
            f'\n <table:table-cell office:value-type="string">\n  <text:p>{cell}</text:p>\n </table:table-cell>'
            for cell in cells
        )
        return f"<table:table-row>{written}\n</table:table-row>\n"

    rows = row("a", "b <text:span>c</text:span> <text:span>d</text:span>") + row("1", "2")

    [table] = read(tmp_path, "a.ods", open_document(ODS.format(rows)))

    assert table.labels == ("a", "b c d")


def test_encrypted_open_document_is_said_to_have_a_password(tmp_path: Path) -> None:
    parted = open_document("\x00\x8f rubbish", "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>")
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("encrypted-package", b"\x00\x8f")
    for data in (parted, sink.getvalue()):
        with pytest.raises(EncryptedFile):
            read(tmp_path, "a.ods", data)


def test_damaged_workbook_without_extension_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    sink = io.BytesIO()
    whole = zipfile.ZipFile(io.BytesIO(workbook(["id"], [1])))
    with zipfile.ZipFile(sink, "w") as package:
        for member in whole.namelist():
            content = whole.read(member)
            package.writestr(member, content[:200] if member == "xl/workbook.xml" else content)

    with pytest.raises(DamagedFile) as caught:
        read(tmp_path, "a.xlsx", sink.getvalue())

    assert "Cannot detect" not in caught.value.message
    assert "tag not closed" in caught.value.message


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.xlsx", workbook(["a"], ["b"], ["c", "d", "e", "f"])), ("a.csv", b"Sales 2024;;;\n\nc;d;e;f\n")],
)
def test_widest_row_at_the_end_names_the_way_to_load_it(tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(NoDataRows, match="no rows below it") as caught:
        read(tmp_path, name, data)
    [table] = read(tmp_path, name, data, header_row="none")

    assert "header row “none”" in caught.value.hint
    assert len(table.labels) == 4


def test_header_alone_is_still_asked_for_its_rows(tmp_path: Path) -> None:
    with pytest.raises(NoDataRows) as caught:
        read(tmp_path, "a.xlsx", workbook(["a", "b", "c"]))

    assert "“none”" not in caught.value.hint
