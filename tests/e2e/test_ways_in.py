"""The ways into the page: keyboard, drop, paste, without JavaScript; and names that try to be something else."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import LOAD_MS, badge_of, row_of, write_csv

DROP = """([name, text]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([text], name));
  for (const kind of ["dragenter", "dragover", "drop"]) {
    document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
    if (kind === "dragover") window.overlayShown = !document.getElementById("drop-overlay").hidden;
  }
}"""
PASTE = """(text) => {
  const carried = new DataTransfer();
  carried.setData("text/plain", text);
  document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true }));
}"""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(60):
        if page.evaluate("(selector) => document.activeElement?.matches(selector) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached with the Tab key")


def test_keyboard_alone_is_enough(staff: Page, tmp_path: Path) -> None:
    path = write_csv(tmp_path, "keys.csv", rows=5, columns="keys_id;keys_name;keys_amount")
    staff.keyboard.press("Tab")
    expect(staff.get_by_role("link", name="Skip to content")).to_be_focused()
    staff.keyboard.press("Enter")
    expect(staff.locator("#main")).to_be_focused()
    tab_to(staff, "#files")
    # What Enter opens from here is the system's own dialog; a headless Chromium now and then opens none.
    staff.set_input_files("#files", path)
    expect(badge_of(staff, path.name)).to_have_text("Active", timeout=LOAD_MS)

    tab_to(staff, "#files-list > .file:first-child [data-act=deactivate]")
    staff.keyboard.press("Enter")
    expect(badge_of(staff, path.name)).to_have_text("Off")
    tab_to(staff, "#files-list > .file:first-child [data-act=delete]")
    staff.keyboard.press("Enter")
    expect(staff.get_by_role("button", name="Cancel")).to_be_focused()
    staff.keyboard.press("Tab")
    staff.keyboard.press("Enter")
    expect(row_of(staff, path.name)).to_have_count(0)


def test_file_dropped_anywhere_is_sent(visitor: Page) -> None:
    visitor.evaluate(DROP, ["dropped.csv", "dropped_a;dropped_b\n1;2\n3;4\n"])
    assert visitor.evaluate("window.overlayShown") is True
    expect(visitor.locator("#drop-overlay")).to_be_hidden()
    expect(badge_of(visitor, "dropped.csv")).to_have_text("Waiting for review", timeout=LOAD_MS)


def test_cells_pasted_from_a_spreadsheet_become_a_file(visitor: Page) -> None:
    visitor.evaluate(PASTE, "pasted_a\tpasted_b\n1\tx\n2\ty\n")
    row = visitor.locator("#files-list > .file")
    expect(row.locator(".badge")).to_have_text("Waiting for review", timeout=LOAD_MS)
    expect(row).to_contain_text(".tsv")
    expect(row).to_contain_text("2 rows")


def test_pasted_word_that_is_no_table_is_explained(visitor: Page) -> None:
    visitor.evaluate(PASTE, "hello")
    expect(visitor.locator("#list-error")).to_contain_text("The clipboard holds no table")


def test_options_go_with_the_file(staff: Page, tmp_path: Path) -> None:
    path = write_csv(tmp_path, "as text.csv", rows=3, columns="text_id;text_name;text_amount")
    staff.get_by_text("Options").click()
    staff.get_by_label("Dataset to join").fill("chosen name")
    staff.get_by_label("Read everything as text").check()
    staff.get_by_label("When it is loaded").select_option("Wait")
    staff.locator("#files").set_input_files(path)
    expect(badge_of(staff, path.name)).to_have_text("Off", timeout=LOAD_MS)
    row_of(staff, path.name).get_by_role("link", name=path.name).click()
    expect(staff.locator(".columns-table .type")).to_have_text(["text", "text", "text"])
    expect(staff.get_by_role("link", name="chosen_name").first).to_be_visible()


def test_upload_works_without_javascript(open_page: Callable[..., Page], tmp_path: Path) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/")
    page.locator("#files").set_input_files(write_csv(tmp_path, "plain.csv", rows=4, columns="plain_a;plain_b;plain_c"))
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", name="plain.csv", level=1)).to_be_visible()
    expect(page.locator(".receipt-head .badge")).to_have_text(
        "Waiting for review", timeout=LOAD_MS
    )  # it refreshes itself


def test_markup_in_names_and_cells_is_shown_as_text(staff: Page, tmp_path: Path) -> None:
    evil = "<img src=x onerror=window.hacked=1>"
    path = tmp_path / f"{evil}.csv"
    path.write_text(f"evil_id;{evil}\n1;{evil}\n2;<script>window.hacked=1</script>\n")
    staff.locator("#files").set_input_files(path)
    expect(badge_of(staff, path.name)).to_have_text("Active", timeout=LOAD_MS)
    row = row_of(staff, path.name)
    slug = row.locator(".file-datasets a").inner_text()
    row.get_by_role("link", name=path.name).click()
    expect(staff.get_by_role("heading", level=1)).to_have_text(path.name)
    expect(staff.locator(".columns-table")).to_contain_text(evil)
    staff.goto(f"/datasets/{slug}/")
    expect(staff.locator("table.data")).to_contain_text("<script>window.hacked=1</script>")
    assert staff.evaluate("window.hacked") is None
    assert staff.locator("main img, main script").count() == 0
