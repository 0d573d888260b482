"""Options on the page: one that cannot be meant keeps files waiting; what is said for one file is not for the next."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import LOAD_MS, badge_of, row_of, write_csv
from tests.e2e.test_interruptions import big_csv, cut_after_some_pieces

WRONG = "Header row: write a number such as 3, or none."


def toggle_options(page: Page) -> None:
    page.locator("#options > summary").click()


def chips_of(page: Page) -> Locator:
    return page.locator("#given-chips > li")


def two_files(folder: Path, name: str) -> list[Path]:
    return [write_csv(folder, f"{name} {n}.csv", rows=n, columns=f"{name}_a;{name}_b;{name}_c") for n in (1, 2)]


def hold(page: Page, files: list[Path]) -> None:
    """Choose files while an option that is not seen cannot be meant."""
    toggle_options(page)
    page.get_by_label("Header row").fill("first")
    toggle_options(page)
    page.locator("#files").set_input_files(files)
    expect(page.locator("#held-words")).to_contain_text("below.")


def test_wrong_option_that_is_not_seen_is_told_at_the_drop_zone(visitor: Page) -> None:
    toggle_options(visitor)
    visitor.get_by_label("Header row").fill("first")
    expect(visitor.locator("#held-words")).to_be_empty()
    toggle_options(visitor)
    expect(visitor.locator("#held-words")).to_have_text(WRONG)
    expect(chips_of(visitor)).to_have_class(re.compile("wrong"))
    visitor.get_by_role("button", name="Remove header row first").click()
    expect(visitor.locator("#held-words")).to_be_empty()
    expect(visitor.locator("#given")).to_be_hidden()
    expect(visitor.locator("#files")).to_be_focused()


def test_files_wait_for_an_option_that_cannot_be_meant_and_go_when_it_can(visitor: Page, tmp_path: Path) -> None:
    files = two_files(tmp_path, "waiting")
    hold(visitor, files)
    expect(visitor.locator("#held-words")).to_have_text(f"{WRONG} Your 2 files wait below.")
    for file in files:
        expect(badge_of(visitor, file.name)).to_have_text("Not sent yet")
        expect(badge_of(visitor, file.name)).to_be_visible()
    field = visitor.get_by_label("Header row")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("^Write a number such as 3, or none."))

    field.fill("1")
    expect(field).to_have_attribute("aria-invalid", "false")
    expect(visitor.locator("#held-words")).to_contain_text("Your 2 files can go now.")
    expect(badge_of(visitor, files[0].name)).to_have_text("Not sent yet")  # who writes 12 writes a 1 first
    field.press("Enter")
    for file in files:
        expect(badge_of(visitor, file.name)).to_have_text("Waiting for review", timeout=LOAD_MS)
        expect(row_of(visitor, file.name).locator(".chip")).to_have_text(["header row 1"])
    expect(visitor.locator("#options")).not_to_have_attribute("open", "")
    expect(visitor.locator("#files")).to_be_focused()
    expect(visitor.locator("#held-words")).to_be_empty()


def test_files_that_wait_go_when_the_person_leaves_the_options(visitor: Page, tmp_path: Path) -> None:
    [file, _] = two_files(tmp_path, "left")
    hold(visitor, [file])
    visitor.get_by_label("Header row").fill("1")
    visitor.get_by_label("Encoding").click()
    expect(badge_of(visitor, file.name)).to_have_text("Not sent yet")
    visitor.get_by_role("heading", level=1).click()
    expect(badge_of(visitor, file.name)).to_have_text("Waiting for review", timeout=LOAD_MS)


def test_files_that_wait_go_when_the_option_is_taken_back(visitor: Page, tmp_path: Path) -> None:
    [file, other] = two_files(tmp_path, "taken")
    hold(visitor, [file])
    toggle_options(visitor)
    visitor.get_by_role("button", name="Remove header row first").click()
    expect(badge_of(visitor, file.name)).to_have_text("Waiting for review", timeout=LOAD_MS)
    expect(row_of(visitor, file.name).locator(".chip")).to_have_count(0)

    hold(visitor, [other])
    visitor.get_by_role("button", name="Send without it").click()
    expect(badge_of(visitor, other.name)).to_have_text("Waiting for review", timeout=LOAD_MS)


def test_files_that_wait_are_not_sent_where_the_person_does_not_want_it(visitor: Page, tmp_path: Path) -> None:
    files = two_files(tmp_path, "unwanted")
    hold(visitor, files)
    row_of(visitor, files[0].name).get_by_role("button", name="Don’t send").click()
    expect(visitor.locator("#held-words")).to_have_text(f"{WRONG} Your file waits below.")
    visitor.locator("#held-drop").click()
    expect(visitor.locator("#files-list > .file")).to_have_count(0)
    expect(visitor.locator("#held-words")).to_be_empty()


def test_options_are_chips_that_hold_for_one_choice_of_files(visitor: Page, tmp_path: Path) -> None:
    first, second = two_files(tmp_path, "chips")
    toggle_options(visitor)
    visitor.get_by_label("Delimiter").select_option(";")
    visitor.get_by_label("Header row").fill("1")
    visitor.get_by_label("Words that mean empty").fill("NA, n/a")
    expect(visitor.locator("#given")).to_be_hidden()
    toggle_options(visitor)
    expect(chips_of(visitor)).to_contain_text(["delimiter “;”", "header row 1", "“NA” and “n/a” as empty"])
    visitor.get_by_role("button", name="Remove header row 1").click()
    expect(visitor.get_by_role("button", name="Remove delimiter “;”")).to_be_focused()
    expect(visitor.locator("#announcer")).to_have_text("Removed: header row 1.")

    cut_after_some_pieces(visitor)
    visitor.locator("#files").set_input_files(big_csv(tmp_path, "chips_first.csv", "a"))
    expect(visitor.locator("#given")).to_be_hidden()
    visitor.locator("#files").set_input_files(second)  # while the first is on its way
    own = ["delimiter “;”", "“NA” and “n/a” as empty"]
    expect(row_of(visitor, "chips_first.csv").locator(".chip")).to_have_text(own)
    expect(row_of(visitor, second.name).locator(".chip")).to_have_count(0)
    expect(row_of(visitor, "chips_first.csv")).to_contain_text("Trying again", timeout=LOAD_MS)

    visitor.reload()
    expect(badge_of(visitor, "chips_first.csv")).to_have_text("Stopped")
    expect(row_of(visitor, "chips_first.csv").locator(".chip")).to_have_text(own)
    visitor.unroute("**/files/*")
    toggle_options(visitor)
    visitor.get_by_label("Read everything as text").check()
    toggle_options(visitor)
    visitor.locator("#files").set_input_files(tmp_path / "chips_first.csv")
    expect(badge_of(visitor, "chips_first.csv")).to_have_text("Waiting for review", timeout=LOAD_MS)
    expect(row_of(visitor, "chips_first.csv").locator(".chip")).to_have_text(own)
    expect(chips_of(visitor)).to_contain_text(["everything as text"])  # it waits for a file that is new

    visitor.locator("#files").set_input_files(first)
    expect(row_of(visitor, first.name).locator(".chip")).to_have_text(["everything as text"])
    expect(badge_of(visitor, first.name)).to_have_text("Waiting for review", timeout=LOAD_MS)
    visitor.reload()
    expect(row_of(visitor, first.name).locator(".chip")).to_have_text(["everything as text"])
    expect(visitor.locator("#given")).to_be_hidden()


def test_all_chips_are_taken_back_at_once(staff: Page) -> None:
    toggle_options(staff)
    staff.get_by_label("When it is loaded").select_option("Wait")
    staff.get_by_label("Dataset to join").fill("prices")
    staff.get_by_label("Read everything as one table").check()
    toggle_options(staff)
    expect(chips_of(staff)).to_contain_text(["dataset “prices”", "everything as one table", "wait when loaded"])
    staff.get_by_role("button", name="Clear all").click()
    expect(staff.locator("#given")).to_be_hidden()
    toggle_options(staff)
    expect(staff.get_by_label("When it is loaded")).to_have_value("true")
    expect(staff.get_by_label("Dataset to join")).to_have_value("")
    expect(staff.get_by_label("Read everything as one table")).not_to_be_checked()


def test_link_sets_options_for_the_first_choice_and_shows_them(visitor: Page, tmp_path: Path) -> None:
    first, second = two_files(tmp_path, "linked")
    visitor.goto("/?all_text=true&header_row=1&dataset=linked")
    expect(chips_of(visitor)).to_contain_text(["dataset “linked”", "header row 1", "everything as text"])
    visitor.locator("#files").set_input_files(first)
    expect(badge_of(visitor, first.name)).to_have_text("Waiting for review", timeout=LOAD_MS)
    expect(visitor.locator("#given")).to_be_hidden()
    visitor.locator("#files").set_input_files(second)
    expect(badge_of(visitor, second.name)).to_have_text("Waiting for review", timeout=LOAD_MS)
    expect(row_of(visitor, second.name).locator(".chip")).to_have_count(0)


def test_file_whose_options_the_server_refuses_is_sent_with_others(visitor: Page, tmp_path: Path) -> None:
    [file, _] = two_files(tmp_path, "refused")
    toggle_options(visitor)
    visitor.get_by_label("Encoding").fill("utf-99")
    visitor.locator("#files").set_input_files(file)
    row = row_of(visitor, file.name)
    expect(row.get_by_role("alert")).to_contain_text("is not an encoding known here")
    expect(visitor.get_by_label("Encoding")).to_have_value("")
    row.get_by_role("button", name="Change its options…").click()
    expect(badge_of(visitor, file.name)).to_have_text("Not sent yet")
    expect(visitor.locator("#held-words")).to_contain_text("is not an encoding known here")
    encoding = visitor.get_by_label("Encoding")
    expect(encoding).to_be_focused()
    expect(encoding).to_have_value("utf-99")
    encoding.fill("utf-8")
    visitor.get_by_role("button", name="Send 1 file").click()
    expect(badge_of(visitor, file.name)).to_have_text("Waiting for review", timeout=LOAD_MS)
    expect(row.locator(".chip")).to_have_text(["encoding utf-8"])
