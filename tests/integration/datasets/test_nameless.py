"""Files without a header: they join no dataset by names that were invented for their columns."""

import io
import zipfile

import pytest
from django.test import Client

from tests.integration.conftest import Pipeline, data_tables, rows
from uploads.models import Dataset, RejectedRow, UploadedFile
from uploads.services.files.activation import activate_file, deactivate_file, delete_file, retry_file
from uploads.services.files.receipts import FileReceipt
from uploads.services.files.replacement import replace_files
from uploads.services.receiving.reimport import ReimportRequest, reimport_file
from uploads.services.receiving.sender import Sender
from uploads.states import FileState
from uploads.tabular.notes import NoteKind

PEOPLE = "Ann;34;Berlin\nBob;27;Bonn\nCid;45;Ulm\n"
PARTS = "M8 bolt;120;steel\nM6 bolt;80;brass\nM4 bolt;60;steel\n"
DAYS = "x;2026-05-01;1.5\ny;2026-05-02;2.5\nz;2026-05-03;3.5\n"
SALES = "area;qty;city\nNorth;1;Kiel\nSouth;2;Ulm\n"


def slugs(receipt: FileReceipt) -> list[str | None]:
    return [load.dataset for load in receipt.loads]


def kinds(receipt: FileReceipt) -> set[NoteKind]:
    return {note.kind for load in receipt.loads for note in load.notes}


def zipped(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.csv", text)
    return out.getvalue()


class TestByItself:
    def test_each_file_is_a_dataset_of_its_own(self, pipeline: Pipeline) -> None:
        for name, text in (("people", PEOPLE), ("parts", PARTS), ("days", DAYS)):
            receipt = pipeline.load(text, f"{name}.csv")
            assert (slugs(receipt), receipt.rows_loaded, receipt.rows_rejected) == ([name], 3, 0)
            assert (NoteKind.NAMELESS_APART in kinds(receipt)) is (name != "people")
        assert rows("SELECT column_1, column_2, column_3 FROM data.parts ORDER BY _row LIMIT 1") == [
            ("M8 bolt", 120, "steel")
        ]

    def test_pending_files_of_one_width_are_activated_into_datasets_of_their_own(self, pipeline: Pipeline) -> None:
        files = [pipeline.load(text, f"{n}.csv", activate=False).file_id for n, text in enumerate((PEOPLE, PARTS))]
        assert [activate_file(file_id=file).datasets for file in files] == [("data_0",), ("data_1",)]

    def test_tables_of_one_file_are_apart(self, pipeline: Pipeline) -> None:
        receipt = pipeline.load(zipped(people=PEOPLE, parts=PARTS, days=DAYS), "all.zip")
        assert slugs(receipt) == ["people", "parts", "days"]
        assert receipt.rows_loaded == 9

    def test_file_with_the_invented_names_in_its_header_is_another(self, pipeline: Pipeline) -> None:
        pipeline.load(PEOPLE, "people.csv")
        receipt = pipeline.load("column_1;column_2;column_3\nAnn;34;Berlin\n", "other.csv")
        assert slugs(receipt) == ["other"]

    def test_reading_of_the_file_takes_its_place_with_what_was_chosen(self, pipeline: Pipeline) -> None:
        file = pipeline.load(PEOPLE, "people.csv")
        pipeline.load(PARTS, "parts.csv")
        again = reimport_file(
            file_id=file.file_id,
            wish=ReimportRequest(options={"all_text": True}),
            reader=Sender(is_staff=True),
            via=UploadedFile.Via.PAGE,
        )
        assert slugs(pipeline.finish(again.pk)) == ["people"]
        assert rows("SELECT column_2 FROM data.people ORDER BY _row LIMIT 1") == [("34",)]

    def test_file_that_is_loaded_again_goes_back_to_its_dataset(self, pipeline: Pipeline) -> None:
        file = pipeline.load(PEOPLE, "people.csv").file_id
        pipeline.load(PARTS, "parts.csv")
        deactivate_file(file_id=file)
        retry_file(file_id=file)
        assert slugs(pipeline.finish(file)) == ["people"]
        assert {name for name in data_tables() if not name.startswith("_")} == {"people", "parts"}

    def test_file_that_takes_the_place_of_another_takes_its_dataset(self, pipeline: Pipeline) -> None:
        old = pipeline.load(PEOPLE, "people.csv").file_id
        new = pipeline.load(PEOPLE.replace("Ann", "Eva").replace("34", "34.5"), "new.csv", activate=False).file_id
        assert replace_files(old_ids=[old], new_id=new).is_waiting  # its numbers are to be read as there
        assert pipeline.finish(new).state is FileState.LOADED
        assert replace_files(old_ids=[old], new_id=new).datasets == ("people",)
        assert rows("SELECT column_1 FROM data.people ORDER BY _row") == [("Bob",), ("Cid",)]

    def test_file_of_another_kind_takes_no_dataset_with_the_place(self, pipeline: Pipeline) -> None:
        old = pipeline.load(PEOPLE, "people.csv").file_id
        new = pipeline.load(DAYS, "days.csv", activate=False).file_id
        assert replace_files(old_ids=[old], new_id=new).datasets == ("days",)

    def test_files_of_one_header_join_as_ever(self, pipeline: Pipeline) -> None:
        assert slugs(pipeline.load(SALES, "one.csv")) == slugs(pipeline.load(SALES, "two.csv")) == ["one"]


class TestSomeNamesMissing:
    """As pandas writes it: the index has no name."""

    def test_files_whose_nameless_column_is_of_one_type_join(self, pipeline: Pipeline) -> None:
        pipeline.load(",qty,city\n0,1,Kiel\n1,2,Ulm\n", "one.csv")
        receipt = pipeline.load(",qty,city\n7,3,Bonn\n8,4,Jena\n", "two.csv")
        assert (slugs(receipt), receipt.rows_rejected) == (["one"], 0)

    def test_files_whose_nameless_column_is_of_another_type_do_not(self, pipeline: Pipeline) -> None:
        pipeline.load(",qty,city\n0,1,Kiel\n1,2,Ulm\n", "one.csv")
        receipt = pipeline.load(",qty,city\nred,3,Bonn\nblue,4,Jena\n", "two.csv")
        assert (slugs(receipt), receipt.rows_loaded) == (["two"], 2)

    def test_one_name_of_three_makes_no_dataset(self, pipeline: Pipeline) -> None:
        pipeline.load("id,,\n1,Ann,Kiel\n2,Bob,Ulm\n", "people.csv", options={"header_row": 1})
        receipt = pipeline.load("id,,\n1,bolt,steel\n2,nut,zinc\n", "parts.csv", options={"header_row": 1})
        assert slugs(receipt) == ["parts"]


class TestNamed:
    def test_columns_are_matched_by_place_and_it_is_said(self, pipeline: Pipeline) -> None:
        pipeline.load(SALES, "sales.csv")
        receipt = pipeline.load("West;3;Bonn\nEast;4;Jena\n", "more.csv", dataset="sales")
        assert (receipt.state, slugs(receipt), receipt.rows_loaded) == (FileState.ACTIVE, ["sales"], 2)
        assert NoteKind.MATCHED_BY_PLACE in kinds(receipt)
        assert rows("SELECT area, qty, city FROM data.sales ORDER BY qty DESC LIMIT 1") == [("East", 4, "Jena")]

    @pytest.mark.parametrize("text", [PARTS.replace("120", "many").replace("80", "few").replace("60", "no"), DAYS])
    def test_columns_of_other_types_are_refused(self, pipeline: Pipeline, text: str) -> None:
        pipeline.load(SALES, "sales.csv")
        receipt = pipeline.load(text, "more.csv", dataset="sales")
        assert receipt.error is not None
        assert receipt.error["code"] == "column_mismatch"
        assert "column 2 holds " in receipt.error["message"]
        assert "“qty” is bigint" in receipt.error["message"]
        assert rows("SELECT count(*) FROM data.sales") == [(2,)]

    def test_other_number_of_columns_is_refused(self, pipeline: Pipeline) -> None:
        pipeline.load(SALES, "sales.csv")
        assert pipeline.load("West;3\nEast;4\n", dataset="sales").error is not None

    def test_files_without_header_join_the_dataset_that_one_of_them_made(self, pipeline: Pipeline) -> None:
        pipeline.load(PEOPLE, "one.csv", dataset="people")
        assert slugs(pipeline.load(PEOPLE.replace("Ann", "Eva"), "two.csv", dataset="people")) == ["people"]
        assert rows("SELECT count(*) FROM data.people") == [(6,)]
        assert pipeline.load(DAYS, "days.csv", dataset="people").error is not None

    def test_each_table_of_an_archive_must_fit(self, pipeline: Pipeline) -> None:
        pipeline.load(SALES, "sales.csv")
        both = pipeline.load(zipped(one="West;3;Bonn\n" * 3, two="East;4;Jena\n" * 3), "both.zip", dataset="sales")
        assert (both.state, both.rows_loaded) == (FileState.ACTIVE, 6)
        other = pipeline.load(zipped(one="West;3;Bonn\n" * 3, two=DAYS), "other.zip", dataset="sales")
        assert other.error is not None
        assert "“two.csv”" in other.error["message"]

    def test_one_value_out_of_place_is_a_rejected_row_with_the_name_of_its_column(self, pipeline: Pipeline) -> None:
        pipeline.load(SALES, "sales.csv")
        text = "".join(f"West;{n};Bonn\n" for n in range(60)) + "West;many;Bonn\n"
        receipt = pipeline.load(text, "more.csv", dataset="sales")
        assert (receipt.rows_loaded, receipt.rows_rejected) == (60, 1)
        assert RejectedRow.objects.get().column == "qty"

    def test_pending_file_is_fitted_to_the_dataset_that_came_first(self, pipeline: Pipeline) -> None:
        late = pipeline.load("West;3;Bonn\n" * 3, "late.csv", dataset="sales", activate=False).file_id
        pipeline.load(SALES, "sales.csv")
        assert "matched by their place" in activate_file(file_id=late).fitting
        assert pipeline.finish(late).state is FileState.ACTIVE
        assert rows("SELECT count(*) FROM data.sales WHERE area = 'West'") == [(3,)]


def test_misfits_of_columns_without_a_label_have_their_names(pipeline: Pipeline) -> None:
    pipeline.load("a;1;2026-01-01\n" * 40, "one.csv", dataset="one")
    pipeline.load("a;1;2026-01-01\n" * 60 + "a;x;y\n", "two.csv", dataset="one")
    reason = RejectedRow.objects.get().reason
    assert reason.startswith("column_2: ")
    assert "column_3: " in reason


def test_name_of_a_dataset_whose_files_are_gone_is_free_for_a_file_of_another_name(pipeline: Pipeline) -> None:
    file = pipeline.load("id;amount\n1;2\n", "b08_bom_middle.csv").file_id
    failed = pipeline.load("id;amount\n1;2\n", "never_active.csv", activate=False).file_id
    delete_file(file_id=file)
    assert not Dataset.objects.filter(slug="b08_bom_middle").exists()
    assert slugs(pipeline.load("id;amount\n3;4\n", "orders.csv")) == ["orders"]
    delete_file(file_id=failed)
    assert {name for name in data_tables() if not name.startswith("_")} == {"orders"}


@pytest.mark.parametrize(
    ("text", "word", "other"),
    [
        pytest.param(PEOPLE, "(no header)", "(blank)", id="no header"),
        pytest.param("area;;city\nNorth;1;Kiel\nSouth;2;Ulm\n", "(blank)", "(no header)", id="a name left out"),
    ],
)
def test_pages_say_why_a_column_has_no_name_in_the_file(
    pipeline: Pipeline, admin_client: Client, text: str, word: str, other: str
) -> None:
    receipt = pipeline.load(text, "t.csv")
    for page in (f"/receipts/{receipt.token}/", "/datasets/t/"):
        shown = admin_client.get(page).text
        assert f'<th scope="row">{word}' in shown
        assert other not in shown
