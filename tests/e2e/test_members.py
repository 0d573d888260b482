"""A person with an account and no staff status: made by staff, signs in, sends, withdraws, signs out; and a visitor."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import LOAD_MS, badge_of, row_of, write_csv

PASSWORD = "correct horse battery"


def make_member(staff: Page, name: str) -> None:
    """As staff do it, in the admin."""
    staff.goto("/admin/auth/user/add/")
    staff.get_by_label("Username").fill(name)
    staff.get_by_label("Password:", exact=True).fill(PASSWORD)
    staff.get_by_label("Password confirmation:").fill(PASSWORD)
    staff.get_by_role("button", name="Save", exact=True).click()
    expect(staff.get_by_text("was added successfully")).to_be_visible()


def sign_in(page: Page, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_member_signs_in_comes_back_withdraws_a_file_and_signs_out(
    staff: Page, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    make_member(staff, "mia")
    page = open_page()
    page.goto("/datasets/")
    page.get_by_role("banner").get_by_role("link", name="Sign in").click()
    sign_in(page, "mia")
    expect(page).to_have_url(re.compile(r"/datasets/$"))

    page.goto("/")
    path = write_csv(tmp_path, "mine.csv", rows=5, columns="mine_id;mine_name;mine_amount")
    page.locator("#files").set_input_files(path)
    expect(badge_of(page, path.name)).to_have_text("Waiting for review", timeout=LOAD_MS)
    row = row_of(page, path.name)
    row.get_by_role("button", name="Withdraw…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Withdraw “mine.csv”?")).to_be_visible()
    expect(dialog).to_contain_text("Only its name, size and date stay in the history.")
    page.keyboard.press("Escape")
    expect(badge_of(page, path.name)).to_have_text("Waiting for review")
    row.get_by_role("button", name="Withdraw…").click()
    dialog.get_by_role("button", name="Withdraw it").click()
    expect(row).to_have_count(0)

    page.locator("#files").set_input_files(write_csv(tmp_path, "second.csv", rows=5, columns="two_id;two_name;two_sum"))
    expect(badge_of(page, "second.csv")).to_have_text("Waiting for review", timeout=LOAD_MS)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    expect(page.get_by_text("No files yet.")).to_be_visible()


def test_visitor_withdraws_from_the_receipt_with_and_without_a_script(
    visitor: Page, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    paths = [write_csv(tmp_path, f"guest {n}.csv", rows=4, columns=f"g{n}_id;g{n}_name;g{n}_sum") for n in range(2)]
    visitor.locator("#files").set_input_files(paths)
    receipts = []
    for path in paths:
        expect(badge_of(visitor, path.name)).to_have_text("Waiting for review", timeout=LOAD_MS)
        receipts.append(row_of(visitor, path.name).get_by_role("link", name=path.name).get_attribute("href") or "")

    visitor.goto(receipts[0])
    visitor.get_by_role("button", name="Withdraw…").click()
    visitor.get_by_role("dialog").get_by_role("button", name="Withdraw it").click()
    expect(visitor.get_by_text("This file was withdrawn by its sender")).to_be_visible()

    plain = open_page(java_script_enabled=False, storage_state=visitor.context.storage_state())
    plain.goto(receipts[1])
    plain.get_by_role("link", name="Withdraw…").click()
    expect(plain.get_by_text("Removes the file and everything read from it.")).to_be_visible()
    plain.get_by_role("button", name="Withdraw it").click()
    expect(plain.get_by_text("Withdrawn.", exact=True)).to_be_visible()
