"""Texts that the stored values do not print back are kept beside them, and stand in the file again."""

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.integration.columns.suggested import change_of
from tests.integration.conftest import Pipeline, rows
from tests.integration.staff import bearer, make_user
from uploads.models import Dataset, FirstRows, KeptText, Load, RejectedRow, UploadedFile
from uploads.services.columns.apply import change_columns
from uploads.services.columns.change import Change
from uploads.services.columns.shape import remove_column, rename_column
from uploads.services.columns.suggested import suggested_changes
from uploads.services.files.activation import delete_file
from uploads.services.files.receipts import FileReceipt
from uploads.services.receiving.sender import Sender
from uploads.services.rejects.mend import load_edited_row, take_back_mends
from uploads.tabular.table import ColumnType as T
from uploads.web.downloads import NOT_KEPT

WORDS = ["n/a", "-", "NULL", "0000-00-00", "x"]
PADDED = st.builds("{}{}{}".format, st.sampled_from(["", " "]), st.sampled_from(WORDS), st.sampled_from(["", "  "]))
BLANKS = st.one_of(st.just(""), PADDED)
ROW = st.tuples(
    st.sampled_from(["Ann", "Bo", "n/a", "", "- "]),
    st.one_of(BLANKS, st.integers(0, 10**6).map(str)),
    st.one_of(BLANKS, st.dates().map(str)),
)


def printed(file: FileReceipt, tmp_path: Path) -> str:
    """The file's rows as they stood in it."""
    call_command("export", file.loads[0].dataset, f"{tmp_path}/a.csv", "--file", str(file.file_id), "--as-in-file")
    return (tmp_path / "a.csv").read_text()


def load(pipeline: Pipeline, text: str, *words: str, name: str = "things.csv", **wishes: Any) -> FileReceipt:
    options = {"null_words": list(words)} if words else {}
    return pipeline.load(text, name, options=options, **wishes)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(ROW, min_size=1, max_size=12))
def test_words_that_are_read_as_empty_are_printed_back(
    pipeline: Pipeline, tmp_path: Path, found: list[tuple[str, ...]]
) -> None:
    lines = [("Name", "Many", "Day"), ("Ann", "5", "2024-01-31"), *found, ("Bo", "7", "2024-02-01")]
    stood = "".join(f"{';'.join(row)}\n" for row in lines)
    file = load(pipeline, stood, *WORDS)
    assert [column["type"] for column in file.loads[0].columns] == ["text", "bigint", "date"]
    filled = [line for line in stood.splitlines(keepends=True) if line.strip(" ;\n")]
    assert printed(file, tmp_path) == "".join(filled)


def test_a_file_without_such_words_keeps_nothing(pipeline: Pipeline, tmp_path: Path) -> None:
    stood = "Name;Many\nAnn;5\nBo;\n"
    assert printed(load(pipeline, stood, "n/a"), tmp_path) == stood
    assert not KeptText.objects.exists()


def test_a_row_that_is_mended_has_the_cells_of_its_mend(pipeline: Pipeline, tmp_path: Path) -> None:
    lines = "".join(f"{number};{number}\n" for number in range(1, 100))
    load(pipeline, f"Many;Much\n{lines}", "n/a", "-", name="base.csv")
    file = load(pipeline, f"Many;Much\n{lines}n/a;1x\n-;3\n", name="more.csv", dataset="base")
    reject = RejectedRow.objects.get()
    load_edited_row(reject_id=reject.pk, cells=[" -", "1"])
    assert printed(file, tmp_path) == f"Many;Much\n{lines} -;1\n-;3\n"
    take_back_mends(load_id=file.loads[0].load_id)
    load_edited_row(reject_id=reject.pk, cells=["", "1"])
    assert printed(file, tmp_path) == f"Many;Much\n{lines};1\n-;3\n"


def test_what_is_kept_goes_with_the_file(pipeline: Pipeline) -> None:
    file = load(pipeline, "Many;Much\n1;n/a\n2;3\n", "n/a")
    assert KeptText.objects.count() == 1
    delete_file(file_id=file.file_id)
    assert not KeptText.objects.exists()


class TestChangedColumns:
    def change(self, **said: Any) -> None:
        dataset = Dataset.objects.get()
        said["types"] = {name: T(type_) for name, type_ in said.pop("types", {}).items()}
        change_columns(dataset_id=dataset.pk, change=Change(**said))

    def test_numbers_written_in_several_ways_come_back(self, pipeline: Pipeline, tmp_path: Path) -> None:
        stood = "id,c\n1,1E-2\n2,10E-2\n3,\n4,1.5e3\n"
        file = load(pipeline, stood)
        self.change(types={"c": T.DOUBLE})
        assert rows("SELECT c FROM data.things ORDER BY _row") == [(0.01,), (0.1,), (None,), (1500.0,)]
        assert printed(file, tmp_path) == stood
        self.change(types={"c": T.TEXT})
        assert rows("SELECT c FROM data.things ORDER BY _row") == [("1E-2",), ("10E-2",), (None,), ("1.5e3",)]
        assert printed(file, tmp_path) == stood

    def test_words_that_are_named_later_are_kept_and_come_back(self, pipeline: Pipeline, tmp_path: Path) -> None:
        stood = "id,c\n1,5\n2, n/a\n3,\n4,-\n"
        file = load(pipeline, stood)
        self.change(types={"c": T.BIGINT}, null_words=("n/a", "-"))
        assert rows("SELECT c FROM data.things ORDER BY _row") == [(5,), (None,), (None,), (None,)]
        assert printed(file, tmp_path) == stood
        self.change(types={"c": T.TEXT}, null_words=("-",))
        assert rows("SELECT c FROM data.things ORDER BY _row") == [("5",), (" n/a",), (None,), (None,)]
        assert printed(file, tmp_path) == stood

    def test_rejected_rows_are_whole(self, pipeline: Pipeline, tmp_path: Path) -> None:
        stood = "id,c,d\n" + "".join(f"{number},{number},n/a\n" for number in range(1, 60)) + "60,x,n/a\n61,1,5\n"
        file = load(pipeline, stood, "n/a")
        self.change(types={"c": T.BIGINT}, reject_misfits=True)
        reject = RejectedRow.objects.get()
        assert reject.raw == "60,x,n/a"
        load_edited_row(reject_id=reject.pk, cells=["60", "6", "n/a"])
        assert printed(file, tmp_path) == stood.replace("x", "6")

    def test_a_renamed_and_a_removed_column_change_nothing(self, pipeline: Pipeline, tmp_path: Path) -> None:
        file = load(pipeline, "id,c,d\n1,n/a,n/a\n2,5,-\n3,6,7\n", "n/a", "-")
        remove_column(slug="things", name="c")
        rename_column(slug="things", name="d", label="e")
        self.change(types={"e": T.NUMERIC})
        assert printed(file, tmp_path) == "id,d\n1,n/a\n2,-\n3,7\n"


@pytest.mark.parametrize("writer", ["copy", "bulk_create"])
def test_both_writers_keep(pipeline: Pipeline, tmp_path: Path, writer: str) -> None:
    stood = "Many;Much\n1;n/a\n2;3\n"
    file = load(pipeline, stood, "n/a", writer=writer)
    assert Load.objects.get().keeps_texts
    assert printed(file, tmp_path) == stood


FAMILIES = {
    "money": ("$1,001.56", "($987.02)", "$0.00"),
    "share": ("1.25%", "-2.25%", "0.00%"),
    "minus behind": ("30.00-", "20.00", "(5.00)"),
    "other minus": ("\u22121.5", "2.5", "-3.5"),
    "plus": ("+5", "8", "-3"),
    "Indian": ("2,11,101", "-3,12,102", "211101"),
    "exponents": ("1.00E+11", "1e-5", "0.5"),
    "digits": ("٣", "١٢", "5"),
    "days": ("20240131", "20231201", "20240229"),
    "seconds": ("1717000001", "1717000002", "1717000003"),
    "milliseconds": ("1717000001250", "1717000001251", "1717000001252"),
    "months": ("1. Januar 2026", "05. Feb 2026", "3. März 2026"),
    "end of day": ("30.05.2026 24:00", "31.05.2026 00:00", "31.05.2026 12:30"),
    "offsets": ("2026-01-01T12:00:00+01:00", "2026-01-01T12:00:00+09:00", "2026-07-01T12:00:00Z"),
    "groups": ("1.234,50", "1234,50", "1.234"),
    "yes": ("ja", "nein", "ja"),
    "zero date": ("2024-01-31", "0000-00-00", "2024-02-29"),
}
"""By kind, values of one column that is offered to be read so."""


def test_each_reading_that_is_offered_prints_its_cells_back(pipeline: Pipeline, tmp_path: Path) -> None:
    rows_ = [",".join(f'"{values[place]}"' for values in FAMILIES.values()) for place in (0, 1, 2)]
    stood = "\n".join([",".join(FAMILIES), *rows_, ""])
    file = load(pipeline, stood)
    dataset = Dataset.objects.get()
    for change in suggested_changes(dataset=dataset):
        change_columns(dataset_id=dataset.pk, change=change_of(change, dataset=dataset))
    types = dict(dataset.columns.values_list("label", "type"))
    assert [label for label in FAMILIES if types[label] in ("text", "bigint")] == ["plus", "Indian", "digits"]
    assert printed(file, tmp_path).replace('"', "") == stood.replace('"', "")
    change_columns(dataset_id=dataset.pk, change=Change(types=dict.fromkeys(_names(dataset), T.TEXT), null_words=()))
    assert rows("SELECT * FROM data.things ORDER BY _row")[1][-len(FAMILIES) :] == tuple(
        values[1] for values in FAMILIES.values()
    )


def _names(dataset: Dataset) -> list[str]:
    return list(dataset.columns.exclude(type="text").values_list("name", flat=True))


def test_the_day_0_of_a_sheet_is_blank_and_stands_in_the_file_as_0(pipeline: Pipeline, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    for row in [("id", "at"), (1, date(2024, 1, 31)), (2, 0), (3, None), (4, date(2024, 2, 29))]:
        sheet.append(row)
        sheet.cell(sheet.max_row, 2).number_format = "yyyy-mm-dd"
    book.save(tmp_path / "a.xlsx")
    file = pipeline.load_path(tmp_path / "a.xlsx")
    assert rows("SELECT at FROM data.a ORDER BY _row")[1] == (None,)
    assert [cells[1] for _, cells in FirstRows.objects.get().rows] == ["2024-01-31", "0", "", "2024-02-29"]
    assert printed(file, tmp_path) == "id,at\n1,2024-01-31\n2,0\n3,\n4,2024-02-29\n"


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


class TestApi:
    STOOD = b"Many;Much\n1;n/a\n2;3\n"

    def test_a_token_that_reads_fetches_it(self, pipeline: Pipeline, client: Client) -> None:
        file = load(pipeline, self.STOOD.decode(), "n/a")
        staff = make_user("reader", "view_uploadedfile")
        address = f"/api/files/{file.file_id}/as-in-file"
        response = client.get(address, headers=bearer(staff, "read"))
        assert (response.status_code, response.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
        assert (body(response), NOT_KEPT in response.headers) == (self.STOOD, False)
        assert body(client.get(f"{address}?load={file.loads[0].load_id}", headers=bearer(staff, "read"))) == self.STOOD
        assert client.get(f"{address}?load=999999", headers=bearer(staff, "read")).status_code == 404
        assert client.get(address, headers=bearer(staff, "upload")).status_code == 403
        assert client.get(address).status_code == 401

    def test_whoever_holds_the_receipt_of_a_file_of_nobody_fetches_it(self, pipeline: Pipeline, client: Client) -> None:
        file = load(pipeline, self.STOOD.decode(), uploader=Sender(), activate=None, via=UploadedFile.Via.API)
        assert body(client.get(f"/api/receipts/{file.token}/as-in-file")) == self.STOOD
        assert client.get("/api/receipts/nothing/as-in-file").status_code == 404

    def test_what_an_earlier_version_did_not_keep_is_said(
        self, pipeline: Pipeline, admin_client: Client, tmp_path: Path
    ) -> None:
        file = load(pipeline, self.STOOD.decode(), "n/a")
        KeptText.objects.all().delete()
        Load.objects.update(keeps_texts=False)
        response = admin_client.get(f"/api/files/{file.file_id}/as-in-file")
        assert (body(response), "earlier version" in response.headers[NOT_KEPT]) == (b"Many;Much\n1;\n2;3\n", True)
        assert "kept no words" in admin_client.get(f"/receipts/{file.token}/").content.decode()
        told = StringIO()
        call_command("export", "things", f"{tmp_path}/a.csv", "--file", str(file.file_id), "--as-in-file", stderr=told)
        assert "Read the file again" in told.getvalue()
