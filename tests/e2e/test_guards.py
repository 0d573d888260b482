"""Have files of a dataset wait, see one wait with its figures, and let it in: on the pages alone."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import LOAD_MS, badge_of, row_of, write_csv

COLUMNS = "guarded_id;guarded_name;guarded_amount"


def test_a_file_with_fewer_rows_waits_until_somebody_activates_it(staff: Page, tmp_path: Path) -> None:
    def send(name: str, rows: int) -> None:
        staff.goto("/")
        staff.locator("#files").set_input_files(write_csv(tmp_path, name, rows=rows, columns=COLUMNS))

    send("guarded.csv", 50)
    expect(badge_of(staff, "guarded.csv")).to_have_text("Active", timeout=LOAD_MS)
    staff.goto("/datasets/guarded/")
    staff.get_by_role("link", name="Change how files join").click()
    staff.get_by_label("Replace the whole table").check()
    staff.get_by_role("button", name="Save").click()
    staff.get_by_role("link", name="Have files wait…").click()
    staff.get_by_label("More than this many percent fewer rows").fill("20")
    staff.get_by_label("A column is gone that the files before it have").check()
    staff.get_by_role("button", name="Save").click()
    expect(staff.locator("main")).to_contain_text("A file waits for a person where it has more than 20 % fewer rows or")

    send("guarded-april.csv", 34)
    expect(badge_of(staff, "guarded-april.csv")).to_have_text("Needs an answer", timeout=LOAD_MS)
    words = "34 rows, 32 % fewer than the 50 before: more than the 20 % that “guarded” lets pass."
    expect(row_of(staff, "guarded-april.csv")).to_contain_text(words)
    row_of(staff, "guarded-april.csv").get_by_role("link", name="guarded-april.csv").click()
    expect(staff.locator(".notice").first).to_contain_text(f"{words} If that is right, activate it.")
    staff.get_by_role("button", name="Activate 34 rows").click()
    expect(staff.locator(".badge").first).to_have_text("Active", timeout=LOAD_MS)
