"""Rejected rows on the page: accepted as proposed, edited by hand, taken back."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import LOAD_MS, badge_of, row_of

GOOD = "wool_id;wool_name;wool_price\n" + "".join(f"{n};Sort {n};{n + 5000}.50\n" for n in range(1, 101))
FAULTY = (
    GOOD.replace("10;Sort 10;5010.50\n", "10;Sort 10;5 010.50\n")
    .replace("20;Sort 20;5020.50\n", "20;Merino; fine;5020.50\n")
    .replace("30;Sort 30;5030.50\n", "30;Sort 30;about 5000\n")
)


def send(page: Page, folder: Path, name: str, content: str, state: str = "Active") -> None:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    page.locator("#files").set_input_files(path)
    expect(badge_of(page, name)).to_have_text(state, timeout=LOAD_MS)


def test_rejected_rows_are_mended_from_the_receipt_and_by_hand(staff: Page, tmp_path: Path) -> None:
    send(staff, tmp_path, "wool.csv", GOOD)
    send(staff, tmp_path, "wool of may.csv", FAULTY, state="Needs an answer")
    expect(row_of(staff, "wool of may.csv")).to_contain_text("All 97 rows are in “wool” already, exactly as they are")
    row_of(staff, "wool of may.csv").get_by_role("heading").get_by_role("link").click()
    staff.get_by_role("button", name="Add all 97 rows").click()
    expect(staff.get_by_text("Activated in")).to_be_visible()
    faults = staff.locator(".faults")
    expect(faults).to_contain_text(
        "1 can be fixed automatically. One “;” too many in “wool_name”: “Merino; fine” is read as one"
    )

    faults.get_by_role("listitem").filter(has_text="too many cells").get_by_role(
        "button", name="Fix and load 1 row"
    ).click()
    expect(staff.get_by_role("status").filter(has_text="Loaded 1 row.")).to_be_visible()
    expect(faults).to_contain_text("2 rejected")

    faults.get_by_role("link", name="View rejected rows").click()
    staff.get_by_role("listitem").filter(has_text="about 5000").get_by_role("link", name="Edit…").click()
    price = staff.get_by_label("wool_price")
    expect(price).to_have_attribute("aria-invalid", "true")
    staff.get_by_role("button", name="Load this row").click()
    expect(staff.get_by_role("alert")).to_contain_text('wool_price: "about 5000" is not a number')
    price.fill("5000.00")
    staff.get_by_role("button", name="Load this row").click()
    expect(staff.get_by_role("status").filter(has_text="Loaded 1 row.")).to_be_visible()

    staff.get_by_role("button", name="Undo: reject them again").click()
    expect(staff.get_by_role("status").filter(has_text="2 rows rejected again")).to_be_visible()
    staff.get_by_role("button", name="Fix and load the selected rows").click()
    expect(staff.get_by_role("status").filter(has_text="Loaded 2 rows.")).to_be_visible()
