"""A file's way on the page: sent, watched, looked at, switched off and on, taken back."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import LOAD_MS, badge_of, row_of, write_csv

ORDER = ["Queued", "Uploading", "Waiting", "Checking", "Loading", "Publishing", "Active"]
WATCH = """(name) => {
  window.badges = [];
  const note = () => {
    const rows = [...document.querySelectorAll("#files-list > .file")];
    const word = rows.find((row) => row.querySelector("h3").textContent === name)?.querySelector(".badge").textContent;
    if (word && window.badges.at(-1) !== word) window.badges.push(word);
  };
  new MutationObserver(note).observe(document.getElementById("files-list"), {
    subtree: true, childList: true, characterData: true,
  });
}"""


def test_uploaded_file_goes_through_its_phases_and_its_rows_are_on_the_dataset_page(
    staff: Page, tmp_path: Path
) -> None:
    path = write_csv(tmp_path, "sales of spring.csv", rows=40_000, columns="spring_id;spring_name;spring_amount")
    staff.evaluate(WATCH, path.name)
    staff.locator("#files").set_input_files(path)

    expect(badge_of(staff, path.name)).to_have_text("Active", timeout=LOAD_MS)
    seen = staff.evaluate("window.badges")
    assert seen[0] in ("Queued", "Uploading")
    assert seen[-1] == "Active"
    assert [ORDER.index(word) for word in seen] == sorted(ORDER.index(word) for word in seen)

    row = row_of(staff, path.name)
    expect(row).to_contain_text("40,000 rows")
    row.get_by_role("link", name="sales_of_spring").click()
    expect(staff.get_by_role("heading", level=1)).to_have_text("sales of spring")
    first = staff.locator("table.data tbody tr").first
    expect(first.locator("td").nth(2)).to_have_text("1")
    expect(first.locator("td").nth(3)).to_have_text("word 1")
    expect(first.locator("td").nth(4)).to_have_text("1.50")
    staff.get_by_role("link", name=re.compile("Next")).click()
    expect(staff.locator("table.data tbody tr").first.locator("td").nth(2)).to_have_text("101")


def test_file_is_deactivated_activated_and_deleted_on_the_page(staff: Page, tmp_path: Path) -> None:
    path = write_csv(tmp_path, "stock.csv", rows=1_234, columns="stock_id;stock_name;stock_amount")
    staff.locator("#files").set_input_files(path)
    row = row_of(staff, path.name)

    row.get_by_role("button", name="Deactivate 1,234 rows").click()
    expect(badge_of(staff, path.name)).to_have_text("Off")
    staff.goto("/datasets/stock/")
    expect(staff.get_by_text("No active rows.")).to_be_visible()
    staff.goto("/")

    row.get_by_role("button", name="Activate 1,234 rows", exact=True).click()
    expect(badge_of(staff, path.name)).to_have_text("Active")
    staff.goto("/datasets/stock/")
    expect(staff.locator("table.data tbody tr")).to_have_count(100)
    staff.goto("/")

    row.get_by_role("button", name="Delete…").click()
    dialog = staff.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Delete 1,234 rows?")).to_be_visible()
    expect(dialog).to_contain_text("stock at once")
    staff.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(badge_of(staff, path.name)).to_have_text("Active")

    row.get_by_role("button", name="Delete…").click()
    dialog.get_by_role("button", name="Delete 1,234 rows").click()
    expect(row).to_have_count(0)
    staff.goto("/datasets/stock/")
    expect(staff.get_by_role("heading", name="There is nothing here")).to_be_visible()


def test_file_that_is_no_table_says_so_and_what_to_do(visitor: Page, tmp_path: Path) -> None:
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    visitor.locator("#files").set_input_files(path)
    expect(badge_of(visitor, path.name)).to_have_text("Failed", timeout=LOAD_MS)
    expect(row_of(visitor, path.name).get_by_role("alert")).to_contain_text("image")


def test_file_of_a_visitor_waits_for_staff_and_says_so(visitor: Page, staff: Page, tmp_path: Path) -> None:
    path = write_csv(tmp_path, "guest.csv", rows=7, columns="guest_id;guest_name;guest_amount")
    visitor.locator("#files").set_input_files(path)
    expect(badge_of(visitor, path.name)).to_have_text("Waiting for review", timeout=LOAD_MS)
    row = row_of(visitor, path.name)
    expect(row).to_contain_text("from then on everyone who can open this site does.")
    expect(row.get_by_role("button")).to_have_text(["Withdraw…"])

    staff.reload()
    row_of(staff, path.name).get_by_role("button", name="Activate 7 rows").click()
    expect(badge_of(staff, path.name)).to_have_text("Active")
    visitor.reload()
    expect(badge_of(visitor, path.name)).to_have_text("Active")
    expect(row.get_by_role("button")).to_have_count(0)


def test_receipt_accounts_for_every_line_and_groups_the_rejects(staff: Page, tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    good = [f"{i};entry {i};{i}" for i in range(1, 201)]
    path.write_text(
        "ledger_id;ledger_text;ledger_sum\n" + "\n".join([*good, "201;short", "202;short", "", "203;x;y;z"]) + "\n"
    )
    staff.locator("#files").set_input_files(path)
    row_of(staff, path.name).get_by_role("link", name="3 rejected").click()

    account = dict(
        zip(
            staff.locator(".account dt").all_inner_texts(),
            staff.locator(".account dd").all_inner_texts(),
            strict=True,
        )
    )
    assert account == {
        "above header": "0",
        "header": "1",
        "loaded": "200",
        "rejected": "3",
        "blank": "1",
        "below table": "0",
        "in all": "205",
    }
    expect(staff.locator(".faults")).to_contain_text("lines 202 to 203")
    with staff.expect_download() as download:
        staff.get_by_role("link", name="Download the rejected rows").click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    assert text.splitlines()[0].startswith("line,column,value,reason")
    assert len(text.splitlines()) == 4
