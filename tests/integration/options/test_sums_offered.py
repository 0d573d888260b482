"""Rows that sum others up are offered to be left out, with one click; never are their words offered as empty."""

import html
import re

from django.test import Client

from tests.integration.conftest import Pipeline, rows
from tests.integration.staff import EVERY_ACT, make_user
from uploads.services.columns.rows_summed import offer_summed_rows
from uploads.tabular.notes import Note, NoteKind

SUBTOTALS = "a;b;n\nN;x;1\nN;y;2\nN Total;;3\nS;x;4\nS;y;5\nS Total;;9\nM;z;5\n"
SUMS = "name;n;m\n" + "".join(f"x{n};{n};{n}\n" for n in range(1, 7)) + ";21;21\n"


def click(client: Client, address: str) -> dict[str, str]:
    """The fields of the form that leaves rows out."""
    page = client.get(address).content.decode()
    [form] = [
        each
        for each in re.findall(r"<form.*?</form>", page, re.DOTALL)
        if re.search("(these|line).* out</button>", each)
    ]
    fields = re.findall(r'name="([^"]+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in fields if name != "csrfmiddlewaretoken"}


def test_subtotals_go_with_one_click_by_their_words(pipeline: Pipeline, client: Client) -> None:
    client.force_login(make_user("staff", *EVERY_ACT))
    receipt = pipeline.load(SUBTOTALS, "s.csv")
    page = client.get(f"/receipts/{receipt.token}/").content.decode()
    assert "Leave lines 4 and 7 out</button>" in page
    fields = click(client, f"/receipts/{receipt.token}/")
    assert fields["skip_words"] == "N Total, S Total"
    answer = client.post(f"/receipts/{receipt.token}/read-again/", fields)
    assert answer.status_code == 302
    pipeline.finish(receipt.file_id + 1)
    assert rows("SELECT sum(n) FROM data.s") == [(17,)]


def test_heading_among_the_rows_goes_by_its_number(pipeline: Pipeline, client: Client) -> None:
    client.force_login(make_user("staff", *EVERY_ACT))
    receipt = pipeline.load("item;n\nRevenue;10\nCosts;5\nOf which:;\nStaff;3\nRent;2\n", "s.csv")
    page = client.get(f"/receipts/{receipt.token}/").content.decode()
    assert "Line 4 looks like a heading: “Of which:”." in page
    assert "Leave line 4 out" in page
    assert click(client, f"/receipts/{receipt.token}/")["skip_rows"] == "4"


def test_last_row_of_sums_goes_by_its_number(pipeline: Pipeline, client: Client) -> None:
    client.force_login(make_user("staff", *EVERY_ACT))
    receipt = pipeline.load(SUMS, "s.csv")
    assert "Leave line 8 out</button>" in client.get(f"/receipts/{receipt.token}/").content.decode()
    assert click(client, f"/receipts/{receipt.token}/")["skip_rows"] == "8"


def test_too_many_words_are_left_out_by_number_and_too_many_rows_not_at_all() -> None:
    figures = {"rows": [4, 7], "count": 2, "words": [f"{n} Total" for n in range(30)], "is_begun_by": True}
    offer = offer_summed_rows([Note.of(NoteKind.SUBTOTALS, **figures)], options={"skip_rows": "2"})
    assert offer is not None
    assert offer.options == {"skip_rows": "2, 4, 7"}
    assert offer_summed_rows([Note.of(NoteKind.SUBTOTALS, **{**figures, "count": 300})], options={}) is None


def test_notes_of_older_versions_offer_nothing() -> None:
    assert offer_summed_rows([Note.of(NoteKind.SUBTOTALS, places=[4], count=1)], options={}) is None
