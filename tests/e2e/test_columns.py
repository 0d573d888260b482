"""Columns changed on the page: a suggestion by one click, another type with its cost before."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import LOAD_MS, Site, badge_of, row_of

CATCH = "vessel;catch_kg;landed\n" + "".join(
    f"Boat {n};{'C' if n % 10 == 0 else n * 3};{n % 28 + 1:02}/03/2024\n" for n in range(1, 101)
)


def test_a_suggestion_is_taken_by_one_click_and_a_type_changed_with_its_cost_before(
    staff: Page, site: Site, tmp_path: Path
) -> None:
    path = tmp_path / "catch.csv"
    path.write_text(CATCH)
    staff.locator("#files").set_input_files(path)
    expect(badge_of(staff, "catch.csv")).to_have_text("Active", timeout=LOAD_MS)
    row_of(staff, "catch.csv").get_by_role("heading").get_by_role("link").click()

    staff.get_by_role("button", name="Make “catch_kg” whole numbers: read “C” as empty").click()
    made = staff.get_by_role("status").filter(has_text="“catch_kg” was text and is a whole number")
    expect(made).to_be_visible(timeout=LOAD_MS)
    staff.get_by_role("link", name="data.catch").click()
    staff.get_by_text("Columns and types").click()
    catch = staff.locator(".columns-table tr").filter(has_text="catch_kg")
    expect(catch).to_contain_text("bigint")
    expect(staff.locator("details.columns").first).to_contain_text(f"Read as empty: “C”, chosen by {site.admin} on ")

    staff.get_by_role("link", name="Change type of landed").click()
    staff.get_by_label("New type").select_option("text")
    staff.get_by_role("button", name="Preview the change").click()
    expect(staff.get_by_role("region", name="Preview")).to_contain_text("100 rows in 1 file are written anew")
    staff.get_by_role("button", name="Change 100 rows").click()
    expect(staff.locator("#changing")).to_be_hidden(timeout=LOAD_MS)
    expect(staff.get_by_role("cell", name="02/03/2024").first).to_be_visible()


def test_one_of_many_columns_is_chosen_by_ticking_none_first(staff: Page, tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(";".join(f"wide_{n}" for n in range(30)) + "\n" + ";".join("1" * 30) + "\n")
    staff.locator("#files").set_input_files(path)
    expect(badge_of(staff, path.name)).to_have_text("Active", timeout=LOAD_MS)
    staff.goto("/datasets/wide/")
    staff.locator("summary", has_text="Columns").first.click()
    staff.get_by_role("button", name="Tick none").click()
    staff.get_by_role("checkbox", name="wide_7", exact=True).check()
    staff.get_by_role("button", name="Show these").click()
    expect(staff.locator("#rows thead th")).to_have_count(3)
    assert staff.url.endswith("?_columns=wide_7")
