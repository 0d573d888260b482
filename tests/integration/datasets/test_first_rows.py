"""The first rows of a file as they are stored: off to the side, active, merged, wide, long, and gone meanwhile."""

import io
import zipfile

import openpyxl
import pytest
from django.db import connection

from tests.integration.conftest import Pipeline
from uploads.models import FirstRows as KeptRows
from uploads.models import Load
from uploads.services.datasets.first_rows import CHARACTERS, FEWER_COLUMNS, MOST_COLUMNS, first_rows_of
from uploads.services.files.activation import deactivate_file
from uploads.services.merging.choices import SaidChoices
from uploads.services.merging.modes import change_mode
from uploads.services.visibility import OPERATOR, Viewer
from uploads.states import Kept, Mode
from uploads.web.shown.cells import CELL_SHOWN
from uploads.web.shown.first_rows import previews_of


def values(file_id: int, *, limit: int = 20) -> list[tuple[int, tuple[object, ...]]]:
    [found] = first_rows_of(file_id=file_id, viewer=OPERATOR, limit=limit)
    return list(found.rows)


@pytest.mark.parametrize("activate", [True, False])
def test_rows_come_in_order_with_their_lines_whether_active_or_not(pipeline: Pipeline, activate: bool) -> None:
    file = pipeline.load("n;word\n" + "".join(f"{n};w{n}\n" for n in range(50)), activate=activate)
    assert values(file.file_id, limit=2) == [(2, (0, "w0")), (3, (1, "w1"))]
    [preview] = previews_of(file_id=file.file_id, viewer=OPERATOR)
    assert (preview.title, len(preview.lines)) == ("The first 20 rows, as in the file and as stored", 20)


def test_rows_far_down_are_found_too(pipeline: Pipeline) -> None:
    """A cell of 900 lines lies between two rows."""
    long = "y\n" * 900
    file = pipeline.load(f'n;word\n1;"{long}"\n2;b\n3;c\n', activate=False)
    assert [row for row, _ in values(file.file_id)] == [2, 903, 904]
    assert [row for row, _ in values(file.file_id, limit=2)] == [2, 903]


def test_merged_file_shows_the_rows_that_are_seen_of_it(pipeline: Pipeline) -> None:
    first = pipeline.load("code;price\nA;1\nB;2\n").file_id
    change_mode(slug="table", mode=Mode.MERGE, key=["code"])
    second = pipeline.load("code;price\nB;3\nC;4\n").file_id
    assert [row[1] for row in values(first)] == [("A", 1)]
    assert [row[1] for row in values(second)] == [("B", 3), ("C", 4)]
    deactivate_file(file_id=second)
    assert [row[1] for row in values(second)] == [("B", 3), ("C", 4)]
    assert [row[1] for row in values(first)] == [("A", 1), ("B", 2)]


def test_long_texts_are_cut_and_wide_tables_too(pipeline: Pipeline) -> None:
    columns = MOST_COLUMNS + 3
    header = ";".join(f"c{n}" for n in range(columns))
    file = pipeline.load(f"{header}\n{';'.join(['x' * 5_000] * columns)}\n", activate=False)
    [found] = first_rows_of(file_id=file.file_id, viewer=OPERATOR)
    assert (len(found.columns), found.more_columns) == (MOST_COLUMNS, 3)
    assert {len(str(value)) for value in found.rows[0][1]} == {CHARACTERS}
    [preview] = previews_of(file_id=file.file_id, viewer=OPERATOR)
    assert preview.more == "3 more columns are not shown. Long cells are shortened here only; they are stored whole."
    assert preview.lines[0][1][0].stored.text == "x" * CELL_SHOWN + "…"


def test_only_its_sender_and_staff_see_rows_that_are_not_active(pipeline: Pipeline) -> None:
    file_id = pipeline.load("a;b\n1;2\n").file_id
    assert first_rows_of(file_id=file_id, viewer=Viewer()) != ()
    deactivate_file(file_id=file_id)
    assert first_rows_of(file_id=file_id, viewer=Viewer()) == ()


def test_table_that_is_gone_at_this_moment_has_no_rows(pipeline: Pipeline) -> None:
    file_id = pipeline.load("a;b\n1;2\n", activate=False).file_id
    part = Load.objects.get(file=file_id).part
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TABLE data."{part}"')
    assert values(file_id) == []


def differing(file_id: int) -> list[tuple[int, list[tuple[str, str]]]]:
    """Cells that were read and stored in two ways, by row: what the file has, and what is stored."""
    [preview] = previews_of(file_id=file_id, viewer=OPERATOR)
    pairs = (
        (row, [("".join(piece.text for piece in cell.as_read), cell.stored.text) for cell in cells if cell.as_read])
        for row, cells in preview.lines
    )
    return [(row, cells) for row, cells in pairs if cells]


@pytest.mark.parametrize("activate", [True, False])
def test_cells_stored_in_another_way_are_shown_as_they_were_read(pipeline: Pipeline, activate: bool) -> None:
    rows = "".join(f"{day:02}.02.2023;1.000,{day:02};same;{day}\n" for day in range(13, 29))
    text = f"day;price;word;count\n01.02.2023;1.234,50;same;007\n02.02.2023;0,5; padded ;\n{rows}"
    file_id = pipeline.load(text, activate=activate).file_id
    found = differing(file_id)
    assert found[0] == (2, [("01.02.2023", "2023-02-01"), ("1.234,50", "1234.50")])
    assert ("02.02.2023", "2023-02-02") in found[1][1]
    assert all(stored != read for _, cells in found for read, stored in cells)
    assert not any("same" in cell for _, cells in found for cell in cells)


def test_only_of_lines_it_is_said_that_cells_are_stored_as_they_stand_in_the_file(pipeline: Pipeline) -> None:
    """A sheet holds 12345678 where it shows, and the table has, 012-34-5678."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["id", "ssn"])
    for number in range(12_345_678, 12_345_681):
        book.worksheets[0].append([number % 10, number])
        book.worksheets[0].cell(book.worksheets[0].max_row, 2).number_format = "000-00-0000"
    content = io.BytesIO()
    book.save(content)
    sheet, text = pipeline.load(content.getvalue(), "s.xlsx"), pipeline.load("id;ssn\n1;012-34-5678\n", "t.csv")
    printed = pipeline.load(" id | name\n----+------\n  1 | Ann\n  2 | Bob\n", "p.txt")
    [of_printed] = previews_of(file_id=printed.file_id, viewer=OPERATOR)
    assert (
        of_printed.legend
        == "Every cell shown is stored as it stands in the file, but without spaces where they stood around it."
    )
    [of_sheet] = previews_of(file_id=sheet.file_id, viewer=OPERATOR)
    [of_text] = previews_of(file_id=text.file_id, viewer=OPERATOR)
    assert of_sheet.lines[0][1][1].stored.text == "012-34-5678"
    as_shown = "Numbers that a format makes text, such as IDs, are stored as the sheet shows them"
    held = "as the value that the sheet holds, which it may show in another form"
    assert of_sheet.legend == f"Every cell shown is stored {held}. {as_shown}."
    assert of_text.legend == "Every cell shown is stored just as it stands in the file."


def test_word_that_means_no_value_is_shown_above_the_blank(pipeline: Pipeline) -> None:
    file_id = pipeline.load("n;m\n1;2\nnone;3\n", activate=False, options={"null_words": ["none"]}).file_id
    assert differing(file_id) == [(3, [("none", "")])]


def test_blank_that_keeps_the_value_of_an_earlier_file_is_said(pipeline: Pipeline) -> None:
    pipeline.load("code;city\nA;Rome\nB;\n", "cities.csv")
    change_mode(slug="cities", mode=Mode.MERGE, key=["code"], said=SaidChoices(blanks=Kept.KEEP))
    file_id = pipeline.load("code;city\nA;\nB;\n", dataset="cities").file_id
    assert differing(file_id) == [(2, [("(blank)", "Rome")])]
    [preview] = previews_of(file_id=file_id, viewer=OPERATOR)
    assert "what stands in the file is above it" in preview.legend


def test_rows_around_rejected_ones_keep_their_own_cells(pipeline: Pipeline) -> None:
    text = "n;day\n" + "".join(f"{n};{n % 28 + 1:02}.05.2024\n" for n in range(1, 40))
    file_id = pipeline.load(text.replace("\n3;", "\n3;;"), activate=False).file_id
    found = dict(differing(file_id))
    assert 4 not in found
    assert found[5] == [("05.05.2024", "2024-05-05")]
    assert len(found) == 20


def test_how_cells_were_read_is_for_sender_and_staff_alone(pipeline: Pipeline) -> None:
    """Everybody may read the rows of an active file; what stood in the file is another matter."""
    file_id = pipeline.load("a;day\n1;01.02.2023\n2;13.02.2023\n").file_id
    [public] = first_rows_of(file_id=file_id, viewer=Viewer(), holds=True)
    assert public.rows[0][0] == 2
    assert {cell for row in public.as_read for cell in row} == {None}
    [mine] = first_rows_of(file_id=file_id, viewer=OPERATOR)
    assert mine.as_read[0] == ("1", "01.02.2023")


def test_rows_loaded_before_any_were_kept_are_shown_as_stored(pipeline: Pipeline) -> None:
    file_id = pipeline.load("a;day\n1;01.02.2023\n2;13.02.2023\n", activate=False).file_id
    KeptRows.objects.all().delete()
    [preview] = previews_of(file_id=file_id, viewer=OPERATOR)
    assert (preview.title, preview.legend) == ("All rows, as stored", "")


def test_many_tables_show_fewer_columns_each(pipeline: Pipeline) -> None:
    wide = ";".join(f"c{n}" for n in range(FEWER_COLUMNS + 5))
    members = {f"t{place}.csv": f"{wide}{place}\n{';'.join('1' * (FEWER_COLUMNS + 5))}\n" for place in range(4)}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    found = first_rows_of(file_id=pipeline.load(packed.getvalue(), "t.zip", activate=False).file_id, viewer=OPERATOR)
    assert {(len(each.columns), each.more_columns) for each in found} == {(FEWER_COLUMNS, 5)}
