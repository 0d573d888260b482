"""The pages on which a person says how a file, or the later files of a dataset, are read."""

import re
from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from tests.integration.conftest import Pipeline
from tests.integration.rejects.faulty_files import load_faulty
from tests.integration.staff import EVERY_ACT, make_user
from uploads.models import Dataset, UploadedFile
from uploads.services.files.activation import deactivate_file
from uploads.services.files.receipts import FileReceipt
from uploads.services.options.catalogue import OF_DATASETS, OPTIONS, READING_OPTIONS
from uploads.services.options.option import Source
from uploads.services.options.remembered import remembered_options
from uploads.services.rejects.mend import mend_rejected_rows
from uploads.states import FileState
from uploads.web.offers.readings import ways_to_read

type Address = Callable[[FileReceipt], str]
TABLE = "id;re,mark\n1;a,b\n2;c,d\n"


@pytest.fixture
def staff(db: None, client: Client) -> Client:
    client.force_login(make_user("staff", *EVERY_ACT, "change_dataset", "view_dataset"))
    return client


OF_SHEETS = [name for name, option in OPTIONS.items() if Source.TEXT not in option.applies_to]


def page_of(receipt: FileReceipt) -> str:
    return f"/receipts/{receipt.token}/read-again/"


def admin_page_of(receipt: FileReceipt) -> str:
    return reverse("admin:uploads_uploadedfile_read_again", args=[receipt.file_id])


@pytest.mark.parametrize("address", [page_of, admin_page_of])
class TestReadAgain:
    def test_form_shows_what_was_decided_beside_each_option(
        self, pipeline: Pipeline, staff: Client, address: Address
    ) -> None:
        receipt = pipeline.load(TABLE, "a.csv", options={"encoding": "utf-8"})
        page = staff.get(address(receipt)).text
        assert "Now: <strong>“;”</strong>, detected automatically" in page
        assert "Now: <strong>utf-8</strong>, given with this file" in page
        assert [option for option in READING_OPTIONS if f'name="{option}"' not in page] == OF_SHEETS
        assert 'name="dataset"' in page

    def test_sent_form_leads_to_the_new_reading(self, pipeline: Pipeline, staff: Client, address: Address) -> None:
        receipt = pipeline.load(TABLE, "a.csv")
        answer = staff.post(address(receipt), {"delimiter": ",", "dataset": "halves"})
        reading = UploadedFile.objects.get(version_of=receipt.file_id)
        assert answer.status_code == 302
        assert reading.token in answer.headers["Location"] or str(reading.pk) in answer.headers["Location"]
        assert (reading.options, reading.dataset_wanted, reading.activate) == ({"delimiter": ","}, "halves", True)

    @pytest.mark.parametrize(
        ("said", "meant"), [([",", ""], ","), (["", "~|~"], "~|~"), ([",", "~|~"], "~|~"), ([" ", " "], " ")]
    )
    def test_any_delimiter_can_be_written_beside_the_usual_ones(
        self, pipeline: Pipeline, staff: Client, address: Address, said: list[str], meant: str
    ) -> None:
        receipt = pipeline.load("id~|~name one, two\n1~|~a b, c\n", "a.csv")
        assert len(re.findall('name="delimiter"', staff.get(address(receipt)).text)) == 2
        staff.post(address(receipt), {"delimiter": said, "dataset": ""})
        assert UploadedFile.objects.get(version_of=receipt.file_id).options == {"delimiter": meant}

    def test_delimiter_that_cannot_be_one_stays_where_it_was_written(
        self, pipeline: Pipeline, staff: Client, address: Address
    ) -> None:
        receipt = pipeline.load(TABLE, "a.csv")
        answer = staff.post(address(receipt), {"delimiter": ["", "abc"]})
        assert answer.status_code == 400
        assert 'name="delimiter" value="abc"' in answer.text

    def test_error_stands_next_to_its_field(self, pipeline: Pipeline, staff: Client, address: Address) -> None:
        receipt = pipeline.load(TABLE, "a.csv")
        answer = staff.post(address(receipt), {"header_row": "two", "encoding": "klingon"})
        assert answer.status_code == 400
        assert 'id="id_header_row_error" role="alert">“two” is not the number of a header row.' in answer.text
        assert 'id="id_encoding_error" role="alert">' in answer.text
        assert 'value="klingon"' in answer.text
        assert UploadedFile.objects.count() == 1

    def test_what_the_service_refuses_is_told_above_the_form(
        self, pipeline: Pipeline, staff: Client, address: Address
    ) -> None:
        receipt = pipeline.load(TABLE, "a.csv")
        where = address(receipt)
        UploadedFile.objects.filter(pk=receipt.file_id).update(state="deleted", stored_as="")
        answer = staff.post(where, {"delimiter": ","})
        assert answer.status_code == 400
        assert "Only a file that is loaded, active, held back or failed can be read again" in answer.text


def test_stranger_may_look_at_a_receipt_but_not_have_the_file_read_again(pipeline: Pipeline) -> None:
    receipt = pipeline.load(TABLE, "a.csv")
    stranger = Client()
    assert "Wrong? Change how it was read…" not in stranger.get(f"/receipts/{receipt.token}/").text
    assert stranger.get(page_of(receipt)).status_code == 401
    assert stranger.post(page_of(receipt), {"delimiter": ","}).status_code == 401


@pytest.mark.parametrize(("text", "helps"), [("", False), ("a;b\n", True), (TABLE, True)])
def test_reading_in_another_way_is_offered_of_a_failed_file_only_where_it_may_help(
    pipeline: Pipeline, staff: Client, text: str, helps: bool
) -> None:
    receipt = pipeline.load(text, "a.csv")
    assert ("Wrong? Change how it was read…" in staff.get(f"/receipts/{receipt.token}/").text) is helps


def test_sender_is_offered_it_and_told_that_staff_activate(pipeline: Pipeline) -> None:
    user = make_user("ann", is_staff=False)
    receipt = pipeline.load(TABLE, "a.csv")
    UploadedFile.objects.filter(pk=receipt.file_id).update(uploaded_by=user)
    sender = Client()
    sender.force_login(user)
    assert "Wrong? Change how it was read…" in sender.get(f"/receipts/{receipt.token}/").text
    assert "it waits for staff to activate it" in sender.get(page_of(receipt)).text
    sender.post(page_of(receipt), {"delimiter": ",", "dataset": "halves"})
    assert UploadedFile.objects.get(version_of=receipt.file_id).activate is False


def test_receipts_of_both_tell_of_each_other(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(TABLE, "a.csv")
    staff.post(page_of(old), {"delimiter": ",", "dataset": "halves"})
    new = pipeline.finish(UploadedFile.objects.get(version_of=old.file_id).pk)
    assert (
        f'Read again as <a href="/receipts/{new.token}/">file {new.file_id}</a>.'
        in staff.get(f"/receipts/{old.token}/").text
    )
    page = staff.get(f"/receipts/{new.token}/").text
    assert f'<a href="/receipts/{old.token}/">File {old.file_id}</a>, read again with delimiter “,”.' in page
    assert "The same content as" not in page


def test_left_open_is_found_out_though_it_was_said_before(pipeline: Pipeline, staff: Client) -> None:
    receipt = pipeline.load(TABLE, "a.csv", dataset="halves", options={"delimiter": ","})
    page = staff.get(page_of(receipt)).text
    assert '<option value="," selected>' in page
    staff.post(page_of(receipt), {"delimiter": "", "dataset": "wholes"})
    new = pipeline.finish(UploadedFile.objects.get(version_of=receipt.file_id).pk)
    assert new.loads[0].delimiter == ";"


@pytest.mark.parametrize("surface", ["page", "admin"])
def test_staff_say_and_forget_how_a_dataset_is_read(pipeline: Pipeline, staff: Client, surface: str) -> None:
    pipeline.load(TABLE, "a.csv", dataset="remarks", options={"encoding": "cp1252"})
    dataset = Dataset.objects.get(slug="remarks")
    address = {
        "page": "/datasets/remarks/reading/",
        "admin": reverse("admin:uploads_dataset_reading", args=[dataset.pk]),
    }[surface]
    page = staff.get(address).text
    assert [option for option in OF_DATASETS if f'name="{option}"' not in page] == []
    assert 'value="cp1252"' in page
    assert staff.post(address, {"delimiter": "tab", "header_row": "none"}).status_code == 302
    assert remembered_options(dataset="remarks").options == {"delimiter": "\t", "header_row": "none"}
    assert staff.post(address, {"header_row": "-1"}).status_code == 400
    staff.post(address, {})
    assert remembered_options(dataset="remarks").options == {}


def test_only_staff_with_the_permission_change_how_a_dataset_is_read(pipeline: Pipeline, client: Client) -> None:
    pipeline.load(TABLE, "a.csv", dataset="remarks")
    client.force_login(make_user("looker", *EVERY_ACT))
    assert client.post("/datasets/remarks/reading/", {"delimiter": ","}).status_code == 403
    assert "Change</a>" not in client.get("/datasets/remarks/").text
    address = reverse("admin:uploads_dataset_reading", args=[Dataset.objects.get(slug="remarks").pk])
    assert client.post(address, {"delimiter": ","}).status_code == 403
    client.force_login(make_user("other", "view_uploadedfile"))
    file = UploadedFile.objects.get()
    assert client.post(reverse("admin:uploads_uploadedfile_read_again", args=[file.pk]), {}).status_code == 403
    assert UploadedFile.objects.count() == 1


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in (["id", "mark"], [1, "a"], [2, "b"]):
        book.worksheets[0].append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def asked_for(page: str) -> set[str]:
    return {option for option in READING_OPTIONS if f'name="{option}"' in page}


@pytest.mark.parametrize(
    ("content", "name", "useless"),
    [
        (TABLE, "a.csv", set(OF_SHEETS)),
        (workbook(), "a.xlsx", {"delimiter", "quote", "uneven_rows", "encoding"}),
        ("a;b\n", "a.csv", set()),
    ],
    ids=["a text", "a workbook", "a file of which no table is known"],
)
def test_form_asks_only_for_what_can_apply_to_the_file(
    pipeline: Pipeline, staff: Client, content: str | bytes, name: str, useless: set[str]
) -> None:
    page = staff.get(page_of(pipeline.load(content, name))).text
    assert set(READING_OPTIONS) - asked_for(page) == useless


def test_reading_that_failed_before_any_table_tells_how_it_was_read(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(TABLE, "a.csv")
    staff.post(page_of(old), {"header_row": "900", "day_first": "true"})
    failed = pipeline.finish(UploadedFile.objects.get(version_of=old.file_id).pk)
    assert (failed.state, failed.loads) == (FileState.FAILED, ())
    page = staff.get(f"/receipts/{failed.token}/").text
    assert "read again with header row 900, day first." in page
    assert "only one can be active" not in page
    assert dict(failed.options) == {"header_row": 900, "day_first": True}
    assert 'value="900"' in staff.get(page_of(failed)).text


def test_receipt_of_one_of_three_readings_has_one_notice(pipeline: Pipeline, staff: Client) -> None:
    old = pipeline.load(TABLE, "a.csv")
    readings = []
    for dataset in ("halves", "wholes"):
        staff.post(page_of(old), {"dataset": dataset})
        readings.append(pipeline.finish(UploadedFile.objects.filter(version_of=old.file_id).latest("pk").pk))
    second, third = readings
    page = staff.get(f"/receipts/{second.token}/").text
    assert page.count('class="notice"') == 1
    assert f'Read again as <a href="/receipts/{third.token}/">file {third.file_id}</a> too.' in page
    assert "Of these only one can be active; one that nobody wants can be withdrawn." in page


def test_receipt_offers_to_read_as_one_table_what_was_told_from_its_rows(pipeline: Pipeline, staff: Client) -> None:
    total = pipeline.load("name;day;n\nAnn;Mon;5\nBo;Tue;6\nTotal;;11\n", "a.csv")
    button = '<button class="button small soft">Load line 4 too: read everything as one table</button>'
    assert button in staff.get(f"/receipts/{total.token}/").text
    of_load = reverse("admin:uploads_load_change", args=[total.loads[0].load_id])
    assert ">Load line 4 too: read everything as one table</button>" in staff.get(of_load).text
    assert "Load line 4 too" not in Client().get(f"/receipts/{total.token}/").text
    dated = staff.get(f"/receipts/{pipeline.load('name\nAnn\nBo\nCy\nDee\nEve\n', 'c.csv').token}/").text
    assert 'name="header_row" value="none"' in dated.partition("Line 1 is data: no header</button>")[0]
    plain = pipeline.load(TABLE, "b.csv")
    assert "one_table" not in staff.get(f"/receipts/{plain.token}/").text
    assert ticked(staff.get(f"{page_of(total)}?one_table=true").text) == ["one_table"]


def test_total_is_loaded_too_by_one_click(pipeline: Pipeline, staff: Client) -> None:
    total = pipeline.load("name;day;n\nAnn;Mon;5\nBo;Tue;6\nTotal;;11\n", "a.csv", options={"null_words": ("x",)})
    [way] = ways_to_read(total.loads[0], file_id=total.file_id, among=total.loads)
    staff.post(page_of(total), dict(way.fields))
    again = pipeline.finish(UploadedFile.objects.get(version_of=total.file_id).pk)
    assert (again.rows_loaded, again.options["one_table"], list(again.options["null_words"])) == (3, True, ["x"])


def test_lines_of_any_number_of_cells_are_separated_by_one_click(pipeline: Pipeline, staff: Client) -> None:
    text = "id,name,h\n" + "".join(f"{n},n{n}{',x' * (n % 5)}\n" for n in range(1, 30))
    whole = pipeline.load(text, "a.csv")
    assert "Separate at “,” and keep what is over in the last column</button>" in (
        staff.get(f"/receipts/{whole.token}/").text
    )
    [way] = ways_to_read(whole.loads[0], file_id=whole.file_id, among=whole.loads)
    staff.post(page_of(whole), dict(way.fields))
    again = pipeline.finish(UploadedFile.objects.get(version_of=whole.file_id).pk)
    assert (again.rows_loaded, again.rows_rejected) == (29, 0)
    assert [column["name"] for column in again.loads[0].columns] == ["id", "name", "h"]
    assert "Separate at" not in staff.get(f"/receipts/{again.token}/").text


def test_form_says_what_was_told_from_the_rows(pipeline: Pipeline, staff: Client) -> None:
    total = pipeline.load("name;day;n\nAnn;Mon;5\nBo;Tue;6\nTotal;;11\n", "a.csv")
    other = pipeline.load("place;sheep;deer\nNorth;1;2\nSouth;3;4\n\nname;age\nAnn;31\nBo;42\nCy;53\n", "b.csv")
    assert (
        "Now: <strong>1 row below the table left out</strong>, detected automatically" in staff.get(page_of(total)).text
    )
    assert (
        "Now: <strong>no: a note or another table stands apart</strong>, detected automatically"
        in staff.get(page_of(other)).text
    )


def ticked(page: str) -> list[str]:
    return re.findall(r'<input type="checkbox" name="(\w+)"[^>]* checked>', page)


@pytest.mark.parametrize("flag", ["all_text", "one_table"])
def test_box_is_ticked_where_yes_was_said_and_not_where_no_was(pipeline: Pipeline, staff: Client, flag: str) -> None:
    assert ticked(staff.get(page_of(pipeline.load(TABLE, "a.csv", options={flag: True}))).text) == [flag]
    assert ticked(staff.get(page_of(pipeline.load(TABLE, "b.csv", options={flag: False}))).text) == []


@pytest.mark.parametrize("address", [page_of, admin_page_of])
def test_page_says_that_mends_do_not_go_along(pipeline: Pipeline, staff: Client, address: Address) -> None:
    receipt = load_faulty(pipeline)
    words = "2 rejected rows of it were fixed and loaded"
    assert words not in staff.get(address(receipt)).text
    mend_rejected_rows(load_id=receipt.loads[0].load_id)
    assert words in staff.get(address(receipt)).text


def test_admin_asks_before_loading_again_takes_mends_back(pipeline: Pipeline, staff: Client) -> None:
    receipt = load_faulty(pipeline)
    deactivate_file(file_id=receipt.file_id)
    mend_rejected_rows(load_id=receipt.loads[0].load_id)
    listed = reverse("admin:uploads_uploadedfile_changelist")
    wish = {"action": "load_again", "_selected_action": [receipt.file_id]}
    page = staff.post(listed, wish).text
    assert "2 rejected rows were fixed and loaded." in page
    assert UploadedFile.objects.get(pk=receipt.file_id).state == FileState.LOADED
    staff.post(listed, wish | {"confirm": "yes"})
    assert UploadedFile.objects.get(pk=receipt.file_id).state == FileState.WAITING
