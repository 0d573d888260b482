"""One file as it stood: loaded and exported again its cells are the same."""

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.conftest import Pipeline
from tests.integration.staff import make_user
from uploads.services.files.activation import delete_file
from uploads.services.receiving.sender import Sender

HEADER = ["Name", "Price €", "Many", "Day", "At", "Ok"]
NAMES = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=12)
ROW = st.tuples(
    NAMES.map(lambda text: f"a {text} z"),
    st.decimals(min_value=-99_999, max_value=99_999, places=2, allow_nan=False).map(
        lambda value: f"{value + Decimal(0):,.2f}".translate(str.maketrans(",.", ".,"))
    ),
    st.integers(-(10**15), 10**15).map(str),
    st.dates(date(1990, 1, 13), date(2035, 12, 31)).map(lambda each: f"{each:%d.%m.%Y}"),
    st.datetimes(datetime(1990, 1, 1), datetime(2035, 1, 1)).map(lambda each: f"{each:%d.%m.%Y %H:%M:%S}"),  # noqa: DTZ001
    st.sampled_from(["ja", "nein"]),
)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(ROW, min_size=3, max_size=12))
def test_load_and_export_give_the_same_cells(pipeline: Pipeline, tmp_path: Path, found: list[tuple[str, ...]]) -> None:
    lines = [list(row) for row in found]
    lines[0][1] = ""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([HEADER, *lines])
    receipt = pipeline.load(text.getvalue(), "things.csv")
    [load] = receipt.loads
    call_command("export", load.dataset, f"{tmp_path}/a.csv", "--file", str(receipt.file_id), "--as-in-file")
    with (tmp_path / "a.csv").open(newline="") as file:
        exported = list(csv.reader(file, delimiter=";"))
    assert exported[0] == HEADER
    rejected = len(lines) + 1 - len(exported)
    assert rejected == load.rejected
    assert [row for row in exported[1:] if row not in lines] == []


def test_file_that_is_switched_off_and_hidden_rows_are_whole(pipeline: Pipeline, tmp_path: Path) -> None:
    first = pipeline.load("Code;Price\nA;1,50\nB;2,00\n", "prices.csv", mode="merge", key=["code"])
    pipeline.load("Code;Price\nB;3,00\n", "prices.csv", mode="merge", key=["code"])
    call_command("export", "prices", f"{tmp_path}/a.csv", "--file", str(first.file_id), "--as-in-file")
    assert (tmp_path / "a.csv").read_text() == "Code;Price\nA;1,50\nB;2,00\n"


def test_the_receipt_offers_each_table_to_its_sender_and_to_staff(pipeline: Pipeline, client: Client) -> None:
    sheets = io.BytesIO()
    with zipfile.ZipFile(sheets, "w") as archive:
        archive.writestr("a.csv", "Code;Price\nA;1,50\nB;2,00\n")
        archive.writestr("b.csv", "Word\nx\ny\n")
    receipt = pipeline.load(sheets.getvalue(), "both.zip", uploader=Sender(visitor="somebody"), activate=None)
    page = f"/receipts/{receipt.token}/"
    assert "as-in-file" not in client.get(page).content.decode()
    addresses = [f"{page}as-in-file/{load.load_id}.csv" for load in receipt.loads]
    assert client.get(addresses[0]).status_code == 401
    client.force_login(make_user("staff", "view_uploadedfile"))
    shown = client.get(page).content.decode()
    assert [address in shown for address in addresses] == [True, True]
    found = [b"".join(client.get(address).streaming_content) for address in addresses]  # type: ignore[attr-defined]
    assert found == [b"Code;Price\nA;1,50\nB;2,00\n", b"Word\nx\ny\n"]
    assert client.get(f"{page}as-in-file/9999999.csv").status_code == 404
    delete_file(file_id=receipt.file_id)
    assert "as-in-file" not in client.get(page).content.decode()
    assert client.get(addresses[0]).status_code == 400


def test_a_file_without_a_header_gets_none(pipeline: Pipeline, tmp_path: Path) -> None:
    stood = "1;2.50\n3;4.25\n"
    receipt = pipeline.load(stood, "bare.csv")
    [load] = receipt.loads
    assert (load.header_row, load.dataset) == (None, "bare")
    call_command("export", "bare", f"{tmp_path}/a.csv", "--file", str(receipt.file_id), "--as-in-file")
    assert (tmp_path / "a.csv").read_text() == stood
