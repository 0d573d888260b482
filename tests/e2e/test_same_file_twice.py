"""The same bytes twice, in a browser: nothing doubles by itself, one takes the place of the other and gives it back."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import LOAD_MS, badge_of, row_of, write_csv

COLUMNS = "twice_id;twice_name;twice_amount"


def test_second_sending_is_held_back_and_takes_the_place_by_one_click(staff: Page, tmp_path: Path) -> None:
    first = write_csv(tmp_path, "twice.csv", rows=9, columns=COLUMNS)
    staff.locator("#files").set_input_files(first)
    expect(badge_of(staff, first.name)).to_have_text("Active", timeout=LOAD_MS)

    second = write_csv(tmp_path, "twice, new name.csv", rows=9, columns=COLUMNS)
    staff.locator("#files").set_input_files(second)
    expect(badge_of(staff, second.name)).to_have_text("Already here", timeout=LOAD_MS)
    row = row_of(staff, second.name)
    expect(row.locator(".notice")).to_contain_text("active since today")
    row.get_by_role("button", name="Replace file").click()
    expect(badge_of(staff, second.name)).to_have_text("Active", timeout=LOAD_MS)
    expect(badge_of(staff, first.name)).to_have_text("Off")

    row.get_by_role("heading").get_by_role("link").click()
    staff.get_by_role("button", name="Undo: put file").click()
    expect(staff.get_by_role("status").filter(has_text="active again")).to_be_visible()
    staff.goto("/")
    expect(badge_of(staff, first.name)).to_have_text("Active")
    expect(badge_of(staff, second.name)).to_have_text("Off")


def test_sender_adds_the_same_file_all_the_same(visitor: Page, tmp_path: Path) -> None:
    path = write_csv(tmp_path, "guest twice.csv", rows=5, columns="guest_twice_id;guest_twice_name;guest_twice_amount")
    visitor.locator("#files").set_input_files(path)
    expect(badge_of(visitor, path.name)).to_have_text("Waiting for review", timeout=LOAD_MS)
    again = write_csv(tmp_path, "once more.csv", rows=5, columns="guest_twice_id;guest_twice_name;guest_twice_amount")
    visitor.locator("#files").set_input_files(again)
    row = row_of(visitor, again.name)
    row.get_by_role("button", name="Load anyway").click()
    expect(badge_of(visitor, again.name)).to_have_text("Waiting for review", timeout=LOAD_MS)
