"""A file read again on its receipt: the form, an error beside its field, and the new rows in the old ones' place."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import LOAD_MS, badge_of, row_of


def test_staff_read_a_file_again_and_undo_it(staff: Page, tmp_path: Path) -> None:
    path = tmp_path / "doubtful days.csv"
    path.write_text("day;price\n01/02/2024;1\n03/04/2024;2\n")
    staff.set_input_files("#files", path)
    expect(badge_of(staff, path.name)).to_have_text("Active", timeout=LOAD_MS)
    row_of(staff, path.name).get_by_role("link", name=path.name, exact=True).click()
    old = staff.url
    staff.get_by_role("link", name="Wrong? Change how it was read…").click()
    expect(staff.get_by_text("Now: “;”, detected automatically")).to_be_visible()

    staff.get_by_label("Header row").fill("two")
    staff.get_by_role("button", name="Read again").click()
    expect(staff.get_by_role("alert")).to_contain_text("“two” is not the number of a header row.")

    staff.get_by_label("Header row").fill("")
    staff.get_by_label("Order of dates").select_option("day first")
    staff.get_by_role("button", name="Read again").click()
    expect(staff.locator(".receipt-head .badge")).to_have_text("Active", timeout=LOAD_MS)
    expect(staff.get_by_text("read again with day first")).to_be_visible()
    staff.goto("/datasets/doubtful_days/")
    expect(staff.locator("td[data-value='2024-02-01']")).to_be_visible()

    staff.goto(old)
    staff.get_by_role("button", name="Activate 2 rows").click()
    expect(staff.locator(".receipt-head .badge")).to_have_text("Active", timeout=LOAD_MS)
    staff.goto("/datasets/doubtful_days/")
    expect(staff.get_by_role("cell", name="01/02/2024")).to_be_visible()


def test_form_fits_a_phone(staff: Page, tmp_path: Path) -> None:
    staff.set_viewport_size({"width": 390, "height": 800})
    path = tmp_path / "for a phone.csv"
    path.write_text("a;b\n1;2\n")
    staff.set_input_files("#files", path)
    expect(badge_of(staff, path.name)).to_have_text("Active", timeout=LOAD_MS)
    row_of(staff, path.name).get_by_role("link", name=path.name, exact=True).click()
    staff.get_by_role("link", name="Wrong? Change how it was read…").click()
    staff.get_by_label("Delimiter", exact=True).wait_for()
    assert staff.evaluate("document.documentElement.scrollWidth") <= 390


def test_staff_have_a_total_that_is_a_row_read_as_one_from_where_the_receipt_says_so(
    staff: Page, tmp_path: Path
) -> None:
    path = tmp_path / "with a total.csv"
    path.write_text("name;day;n\nAnn;Mon;5\nBo;Tue;6\nTotal;;11\n")
    staff.set_input_files("#files", path)
    expect(badge_of(staff, path.name)).to_have_text("Active", timeout=LOAD_MS)
    row_of(staff, path.name).get_by_role("link", name=path.name, exact=True).click()
    expect(staff.get_by_text("If it is data, load it too: read everything as one table.")).to_be_visible()
    staff.get_by_role("button", name="Load line 4 too").click()
    expect(staff.locator(".receipt-head .badge")).to_have_text("Active", timeout=LOAD_MS)
    expect(staff.get_by_text("read again with everything as one table")).to_be_visible()
    expect(staff.locator(".notice")).to_have_count(1)
    expect(staff.get_by_role("button", name="Load line 4 too")).to_have_count(0)
    staff.goto("/datasets/with_a_total/")
    expect(staff.get_by_role("cell", name="Total", exact=True)).to_be_visible()
