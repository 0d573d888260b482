"""Rows that go to COPY as they stand in the file, against the same rows converted value by value."""

import csv
import io
import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from tests.integration.conftest import Pipeline, rows
from tests.thorough import one_of_each
from uploads.models import UploadedFile
from uploads.services.files.load_receipt import LoadReceipt
from uploads.states import FileState

HEAD = "label;flag;whole;price;share;day;moment;zoned\n"
ROWS = (
    "a;true;1;1.50;1.5e+300;2024-01-31;2024-01-31 10:00:00;2024-01-31T10:00:00+02:00\n"
    "b;false;-9223372036854775808;2023.10;2.5e-300;1999-12-31;1999-12-31 23:59:59;2024-07-31T10:00:00+02:00\n"
)
LONG_HEAD = "note;count;day;flag\n"
LONG_ROWS = (
    f'"{"a long; text with quotes – ü " * 4}";7;2024-01-31;true\n"{"two\nlines, \\N and \\. and \t " * 4}";;"";false\n'
)
FILES: dict[str, str | bytes] = {
    "plain": HEAD + ROWS,
    "crlf": (HEAD + ROWS).replace("\n", "\r\n"),
    "cr": (HEAD + ROWS).replace("\n", "\r"),
    "mixed line ends": HEAD + ROWS + ROWS.replace("\n", "\r\n"),
    "no line end at the end": (HEAD + ROWS).rstrip("\n"),
    "spaces around values": HEAD + ROWS + " c ; true; 5 ;7.1 ;1e+22; 2024-01-31 ;2024-01-31 10:00:00 ;\n",
    "quoted": HEAD + ROWS + '"x; ""y""\nz";"true";"5";"";"1e+22";;"2024-01-31 10:00:00";""\n',
    "quoted with crlf inside": (HEAD + ROWS + '"x\ny";true;5;;;;;\n').replace("\n", "\r\n"),
    "words of COPY": HEAD + ROWS + "\\.;;;;;;;\n\\N;;;;;;;\nNULL;;;;;;;\n\\;;;;;;;\n",
    "blank and bad rows between": HEAD + ROWS + "\n;;;;;;;\nshort;true\n" + ROWS + "w;true;5;7;;;;;;;\n" + ROWS,
    "decimal comma": HEAD.replace("label", "a") + ROWS.replace("1.50", "1,50").replace("2023.10", "2023,10"),
    "day first": HEAD + ROWS.replace("2024-01-31;", "31/01/2024;").replace("1999-12-31;", "31/12/1999;"),
    "apostrophes": HEAD + ROWS + "'it''s';true;5;;;;;\n",
    "one column": "name\nAnna\n\n007\n\\.\n",
    "tabs": (HEAD + ROWS).replace(";", "\t"),
    "latin": (HEAD + ROWS + "Köln – “x”;;;;;;;\n").encode("cp1252"),
    "utf-16": (HEAD + ROWS + "Köln;;;;;;;\n").encode("utf-16"),
    "undecodable": (HEAD + ROWS).encode() + b"K\xf6ln caf\xc3\xa9;;;;;;;\n" + ROWS.encode() * 3,
    "empty columns at the end": (HEAD + ROWS).replace("\n", ";;\n"),
    "space after each delimiter": (HEAD + ROWS).replace(";", ", "),
    "quote later than the first rows": HEAD + ROWS * 2 + '"a;b";;5;;;;;\n"say ""x""";;;;;;;\n' + ROWS,
    "line break later than the first rows": HEAD + ROWS * 2 + '"a\nb\r\nc";;5;;;;;\n' + ROWS,
    "backslash later than the first rows": HEAD + ROWS * 2 + "C:\\new\\x41;;5;;;;;\n\\.;;;;;;;\n\\N;;;;;;;\n" + ROWS,
    "both later than the first rows": HEAD + ROWS * 2 + '"C:\\t;\\""\\";;5;;;;;\n"\\n";;;;;;;\n\\;;;;;;;\n' + ROWS,
    "tabs, both later": (HEAD + ROWS * 2 + '"C:\\t;\t\\""\\";;5;;;;;\n').replace(";", "\t"),
    "quote that opens later than the first rows": HEAD + ROWS * 60 + '"";"";5;;;;;\n',
    "a day before the year 1": HEAD + ROWS * 2 + "c;;;;;0000-01-01;;\n" + ROWS,
    "zone that PostgreSQL refuses": (HEAD + ROWS).replace("+02:00", "+16:00"),
    "zone of 75 minutes": (HEAD + ROWS).replace("+02:00", "+02:75"),
    "the widest zone": (HEAD + ROWS).replace("+02:00", "-15:59"),
    "end of COPY on a line of its own in quotes": HEAD + ROWS + '"x\n\\.\ny";true;5;;;;;\n',
    "least and largest floats": HEAD + ROWS + "c;;;;5e-324;;;\nd;;;;1.7976931348623157e+308;;;\n",
    "float that is infinite": HEAD + ROWS + "c;;;;1e400;;;\n",
    "long quoted text": LONG_HEAD + LONG_ROWS,
    "long quoted text, crlf": (LONG_HEAD + LONG_ROWS).replace("\n", "\r\n"),
    "long quoted text and values that come later": LONG_HEAD + LONG_ROWS * 30 + '"";"";"";""\n"\n";x;;\n',
    "long quoted text and faulty rows": LONG_HEAD + LONG_ROWS * 30 + 'short\n\n"a "stray" quote";1;;\n' + LONG_ROWS,
    "long quoted text beside prices": LONG_HEAD + LONG_ROWS.replace(";7;", ";7.50;"),
    "words that PostgreSQL reads as dates": HEAD + ROWS + "c;;;;;infinity;;\nd;;;;;epoch;now;\n",
}


@pytest.mark.parametrize(("name", "chunk"), one_of_each(itertools.product(FILES, [2, 50_000]), of=3))
def test_both_writers_agree(pipeline: Pipeline, settings: Settings, name: str, chunk: int) -> None:
    settings.CHUNK_FILE_READ = chunk
    assert_equal_tables(pipeline, FILES[name])


@pytest.mark.parametrize("delimiter", [" ", ":", "-", ".", "1", "0", "'", "\x1f"])
def test_both_writers_agree_on_a_delimiter_that_stands_in_values(
    pipeline: Pipeline, settings: Settings, delimiter: str
) -> None:
    settings.CHUNK_FILE_READ = 2
    # A tab inside quotes: a row that has to be written anew among rows that go as they stand.
    row = '"2024-01-31T10:00:00{}";"true";"2024-01-31";"2.50"\n'
    table = "when;flag;day;price\n" + (row.format("") * 12 + row.format("\t")) * 2
    load = assert_equal_tables(pipeline, table.replace(";", delimiter), options={"delimiter": delimiter})
    assert load is not None
    assert load.rejected == 0
    assert [column["type"] for column in load.columns] == ["timestamp", "boolean", "date", "numeric"]


def assert_equal_tables(pipeline: Pipeline, content: str | bytes, **wishes: Any) -> LoadReceipt | None:
    number = UploadedFile.objects.count()
    copied = pipeline.load(content, "file.csv", writer="copy", dataset=f"copied_{number}", **wishes)
    created = pipeline.load(content, "file.csv", writer="bulk_create", dataset=f"created_{number}", **wishes)
    if copied.error or created.error:
        assert created.error == copied.error
        return None
    assert copied.state is created.state is FileState.ACTIVE, (copied.error, created.error)
    ours, theirs = copied.loads[0], created.loads[0]
    assert ours.columns == theirs.columns
    assert (ours.loaded, ours.rejected, ours.blank) == (theirs.loaded, theirs.rejected, theirs.blank)
    names = ", ".join(f'"{column["name"]}"::text' for column in ours.columns)
    read = f"SELECT _row, {names} FROM data.{{}} ORDER BY _row"  # noqa: S608
    assert rows(read.format(ours.dataset)) == rows(read.format(theirs.dataset))
    return ours


CELLS = st.one_of(
    st.text(alphabet=";,\"'\\ .\n\r\tab1é\u00a0", max_size=6),
    st.integers(-(2**70), 2**70).map(str),
    st.sampled_from(["", " ", '""', "\\.", "\\N", "NULL", "true", "007", "1.50", "1e5", "2024-01-31", "31/01/2024"]),
)


@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[*HealthCheck])
@given(
    table=st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8)
    ),
    end=st.sampled_from(["\n", "\r\n"]),
    style=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    first=st.sampled_from(["x", "long; text " * 20]),
)
def test_both_writers_agree_on_any_table(
    pipeline: Pipeline, table: list[list[str]], end: str, style: int, first: str
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator=end, quoting=style)  # type: ignore[arg-type]
    writer.writerow([f"column {number}" for number in range(len(table[0]))])
    writer.writerow([first] * len(table[0]))
    writer.writerows(table)
    assert_equal_tables(pipeline, out.getvalue())
