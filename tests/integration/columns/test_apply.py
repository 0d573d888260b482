"""Columns of a dataset that has rows get other types: all files at once, and every value as it stood in its file."""

import pytest
from django.db import connection

from tests.integration.columns.changing import T, change, types, values
from tests.integration.columns.suggested import change_of
from tests.integration.conftest import Pipeline, data_tables, rows
from uploads.database.statements import TableInUse
from uploads.models import Dataset, FileEvent, Load, UploadedFile
from uploads.services.columns.apply import change_columns
from uploads.services.columns.change import Change
from uploads.services.columns.suggested import suggested_changes
from uploads.services.errors import CannotRetype
from uploads.services.files.activation import activate_file, deactivate_file, delete_file
from uploads.states import FileState
from uploads.tabular.errors import BadOption
from uploads.tabular.table import ColumnType, FormatHints


def test_one_click_on_the_suggestion_makes_prices_numbers(pipeline: Pipeline) -> None:
    pipeline.load("id;price\n1;10\n2;NA\n3;30\n", "t.csv")
    dataset = Dataset.objects.get()
    [suggested] = suggested_changes(dataset=dataset)
    assert suggested.sentence == "Make “price” whole numbers: read “NA” as empty (1 cell)"
    done = change_columns(dataset_id=dataset.pk, change=change_of(suggested, dataset=dataset))
    assert (done.files, done.rows) == (1, 3)
    assert values("price") == [10, None, 30]
    dataset.refresh_from_db()
    assert dataset.null_words == ["NA"]
    assert suggested_changes(dataset=dataset) == ()
    assert "price" in FileEvent.objects.latest("id").text


def test_rows_rejected_for_a_word_are_loaded_once_it_means_empty(pipeline: Pipeline) -> None:
    pipeline.load("id;price\n1;10\n", "t.csv")
    later = pipeline.load("id;price\n2;x\n3;30\n4;12a\n", "later.csv")
    assert later.rows_rejected == 2
    dataset = Dataset.objects.get()
    assert suggested_changes(dataset=dataset) == ()
    assert change("t", words=("x",)).mended == 1
    assert values("price") == [10, None, 30]
    assert UploadedFile.objects.get(pk=later.file_id).rows_rejected == 1


def test_words_that_kept_rows_out_are_suggested(pipeline: Pipeline) -> None:
    pipeline.load("id;price\n1;10\n", "t.csv")
    pipeline.load("id;price\n2;x\n3;30\n4;40\n", "later.csv")
    [suggested] = suggested_changes(dataset=Dataset.objects.get())
    assert (suggested.column, suggested.type, suggested.null_words) == ("price", T.BIGINT, ("x",))


def test_null_word_leaves_other_columns_without_it_alone(pipeline: Pipeline) -> None:
    pipeline.load("name;land\nAnna;NA\nBert;DE\n", "t.csv")
    part = Load.objects.get().part
    change("t", words=("-",))
    assert Load.objects.get().part == part
    change("t", words=("-", "NA"))
    assert values("land") == [None, "DE"]
    assert Load.objects.get().part != part


def test_widening_takes_the_rejected_rows_in(pipeline: Pipeline) -> None:
    pipeline.load("n\n1\n2\n", "t.csv")
    pipeline.load("n\n2.50\n", "more.csv", activate=False)
    later = pipeline.load("n\n3\n2.5\n", "later.csv")
    assert later.rows_rejected == 1
    done = change("t", n=T.NUMERIC)
    assert (types("t"), done.mended) == ({"n": "numeric"}, 1)
    assert sorted(map(str, values("n"))) == ["1", "2", "2.5", "3"]


def test_text_prints_each_date_as_in_its_own_file(pipeline: Pipeline) -> None:
    pipeline.load("d;n\n31/01/2024;1\n;2\n", "t.csv")
    pipeline.load("d;n\n2024-02-29;3\n", "iso.csv")
    pipeline.load("d;n\n3/13/24;4\n", "us.csv")
    assert types("t")["d"] == "date"
    change("t", d=T.TEXT)
    assert values("d") == ["31/01/2024", None, "2024-02-29", "3/13/24"]
    assert values("n") == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("1,234;-5;12,345,678", "bigint"),
        ("0.10;-0.5;1234567890123456789012345678.90", "numeric"),
        ("1.234,50;0,5;7", "numeric"),
        ("1e-05;-0.0;1.5e+300", "double precision"),
        ("Yes;No;Yes", "boolean"),
        ("2024-01-31 10:00:00.5;2024-01-31 23:59:59.123456", "timestamp"),
        ("2024-01-31T10:00:00+02:00;1969-12-31T23:59:59+02:00", "timestamp with time zone"),
        ("5 Mar 2024;17 Apr 1999", "date"),
    ],
)
def test_every_type_goes_to_text_as_it_stood_and_back(pipeline: Pipeline, text: str, before: str) -> None:
    cells = text.split(";")
    pipeline.load("k|c\n" + "".join(f"{number}|{cell}\n" for number, cell in enumerate(cells)), "t.csv")
    stored = values("c::text")
    assert types("t")["c"] == before
    change("t", c=T.TEXT)
    assert values("c") == cells
    change("t", c=ColumnType(before))
    assert values("c::text") == stored


def test_date_becomes_timestamp_and_still_knows_how_it_stood(pipeline: Pipeline) -> None:
    pipeline.load("d;n\n31/01/2024;1\n", "t.csv")
    pipeline.load("d;n\n1/31/24;1\n", "us.csv")
    change("t", d=T.TIMESTAMP)
    assert [str(value) for value in values("d")] == ["2024-01-31 00:00:00"] * 2
    pipeline.load("d;n\n01/02/2024 10:30;2\n", "timed.csv", dataset="t")
    change("t", d=T.TEXT)
    assert values("d")[:2] == ["31/01/2024", "1/31/24"]


def test_numeric_scale_is_kept_beside_another_change(pipeline: Pipeline) -> None:
    pipeline.load('n;s;b\n1.10;"a ""q"" \n;x",";\n2.5;\\.;true\n', "t.csv")
    before = values("(n::text, b)::text")
    change("t", s=T.TEXT) if types("t")["s"] != "text" else change("t", words=("zzz", "true"))
    assert values("(n::text, b)::text") == before


def test_text_with_line_breaks_and_quotes_survives_a_change_beside_it(pipeline: Pipeline) -> None:
    cells = [
        'a ""q"", b',
        " spaced ",
        "two\nlines",
        "\\.",
        "ü\u2028x",
        "''",
        "NULL",
        "c\r\nd",
        "e\rf",
        "\ttab",
        "x" * 3_000_000,
    ]
    pipeline.load("n,s\n" + "".join(f'"{n},000,000","{cell}"\n' for n, cell in enumerate(cells, 1)), "t.csv")
    before = values("s")
    change("t", n=T.TEXT)
    assert values("s") == before
    assert values("n")[0] == "1,000,000"


def test_narrowing_is_refused_with_file_line_and_value(pipeline: Pipeline) -> None:
    pipeline.load("n;k\nabc;1\n", "t.csv", activate=False)
    delete_file(file_id=pipeline.load("n;k\nabc;1\n", "gone.csv").file_id)
    first = pipeline.load("n;k\nx;1\n", "u.csv", dataset="u").file_id
    pipeline.load("n;k\n5;1\n6;2\n6x1;3\n", "second.csv", dataset="u")
    delete_file(file_id=first)
    before = data_tables()
    with pytest.raises(CannotRetype) as refused:
        change("u", n=T.BIGINT)
    assert refused.value.message.startswith("“second.csv” (file ")
    assert 'line 4, column “n”: "6x1" is not a whole number' in refused.value.message
    assert data_tables() == before
    assert types("u")["n"] == "text"


def test_dates_that_can_be_read_in_two_ways_are_not_guessed(pipeline: Pipeline) -> None:
    pipeline.load("d;k\n01/02/2024;1\n", "t.csv")
    with pytest.raises(CannotRetype, match="day first and month first"):
        change("t", d=T.DATE)
    change("t", hints=FormatHints(day_first=True), d=T.DATE)
    assert [str(value) for value in values("d")] == ["2024-02-01"]


def test_another_file_of_the_dataset_decides_the_order_of_dates(pipeline: Pipeline) -> None:
    pipeline.load("d;k\n01/02/2024;1\n", "t.csv")
    pipeline.load("d;k\n31/01/2024;1\n", "clear.csv")
    change("t", d=T.DATE)
    assert [str(value) for value in values("d")] == ["2024-02-01", "2024-01-31"]


def test_sheets_of_one_file_share_a_part(pipeline: Pipeline) -> None:
    import io
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a/t.csv", "d;k\n31/01/2024;1\n")
        archive.writestr("b/t.csv", "d;k\n2024-01-31;1\n30/01/2024;2\n")
    pipeline.load("d;k\n28/02/2023;9\n", "t.csv")
    pipeline.load(packed.getvalue(), "t.zip", dataset="t")
    change("t", d=T.TEXT)
    assert {"28/02/2023", "31/01/2024"} <= set(values("d"))
    assert len({load.part for load in Load.objects.filter(source__gt="")}) == 1


def test_files_that_are_not_active_change_too(pipeline: Pipeline) -> None:
    pipeline.load("n\n1\n", "t.csv")
    switched_off = pipeline.load("n\n2\n", "later.csv").file_id
    deactivate_file(file_id=switched_off)
    change("t", n=T.TEXT)
    assert values("n") == ["1"]
    activate_file(file_id=switched_off)
    assert values("n") == ["1", "2"]
    deactivate_file(file_id=switched_off)
    assert values("n") == ["1"]


def test_file_that_was_never_active_is_in_nobodys_way_and_fitted_when_it_comes(pipeline: Pipeline) -> None:
    pipeline.load("n\nx\n1\n", "t.csv", options={"null_words": "x"})
    pipeline.load("n\n1\n2.5\n", "numbers.csv")
    change("t", n=T.TEXT)
    waiting = pipeline.load("n\nword\n3\n", "later.csv", activate=False).file_id
    change("t", n=T.NUMERIC)
    assert activate_file(file_id=waiting).fitting
    receipt = pipeline.finish(waiting)
    assert (receipt.state, receipt.rows_loaded, receipt.rows_rejected) == (FileState.LOADED, 1, 1)
    assert len(values("n")) == 4
    activate_file(file_id=waiting)
    assert len(values("n")) == 5


def test_view_that_somebody_made_is_named(pipeline: Pipeline) -> None:
    pipeline.load("n\n1\n", "t.csv")
    with connection.cursor() as cursor:
        cursor.execute("CREATE VIEW data.seen AS SELECT n FROM data.t")
    with pytest.raises(TableInUse, match=r"data\.seen"):
        change("t", n=T.TEXT)


@pytest.mark.parametrize("wish", [{"n": T.BIGINT}, {"nobody": T.TEXT}, {}])
def test_nothing_to_change_is_said(pipeline: Pipeline, wish: dict[str, ColumnType]) -> None:
    pipeline.load("n\n1\n", "t.csv")
    with pytest.raises(BadOption):
        change_columns(dataset_id=Dataset.objects.get().pk, change=Change(types=wish))


def test_grants_on_the_table_stay(pipeline: Pipeline) -> None:
    pipeline.load("n\n1\n", "t.csv")
    with connection.cursor() as cursor:
        cursor.execute("GRANT SELECT ON data.t TO PUBLIC")
    change("t", n=T.TEXT)
    assert rows("SELECT has_table_privilege('public', 'data.t', 'SELECT')") == [(True,)]


def test_dates_in_doubt_are_suggested_in_both_orders(pipeline: Pipeline) -> None:
    pipeline.load("d;n\n01/02/2024;1\n", "t.csv")
    dataset = Dataset.objects.get()
    day_first, month_first = suggested_changes(dataset=dataset)
    assert day_first.sentence == "Make “d” dates: read the day first"
    assert month_first.sentence == "Make “d” dates: read the month first"
    change_columns(dataset_id=dataset.pk, change=change_of(month_first, dataset=dataset))
    assert [str(value) for value in values("d")] == ["2024-01-02"]
    assert suggested_changes(dataset=dataset) == ()
