"""A query in a real browser: names by clicks, run by keys, an error beside it; and nothing wider than a phone."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, StorageState, expect

from tests.e2e.conftest import LOAD_MS, badge_of, write_csv
from tests.e2e.test_layout import PHONE, fits


def test_a_query_is_written_by_clicks_and_run_by_keys(
    open_page: Callable[..., Page], signed_in: StorageState, tmp_path: Path
) -> None:
    page = open_page(storage_state=signed_in, **PHONE)
    page.goto("/")
    path = write_csv(tmp_path, "asked.csv", rows=3, columns="asked_a;asked_b;asked_c")
    page.locator("#files").set_input_files(path)
    expect(badge_of(page, path.name)).to_have_text("Active", timeout=LOAD_MS)
    page.goto("/sql/")
    assert fits(page)
    query = page.get_by_role("textbox", name="Query")
    query.fill("SELECT sum(_row) FROM")
    page.locator("details", has_text="data.asked").evaluate("(each) => { each.open = true; }")
    page.get_by_role("button", name="data.asked").click()
    expect(query).to_have_value("SELECT sum(_row) FROM data.asked")
    query.press("Control+Enter")
    expect(page.get_by_role("columnheader", name="sum")).to_be_visible()
    assert "query=SELECT" in page.url
    assert fits(page)
    query.fill("SELECT nothing FROM data.asked")
    query.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Line 1, column 8")
    expect(page.locator("mark")).to_have_text("nothing")
    assert fits(page)


def test_numbers_of_a_result_are_shown_as_the_reader_writes_them_and_switched(
    open_page: Callable[..., Page], signed_in: StorageState
) -> None:
    page = open_page(storage_state=signed_in, locale="de-DE")
    page.goto("/sql/?query=SELECT 1234567.50 AS figure")
    figure = page.get_by_role("cell")
    expect(figure).to_have_text("1.234.567,50")
    page.get_by_role("button", name="Exact values").click()
    expect(figure).to_have_text("1234567.50")
