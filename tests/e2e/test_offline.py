"""An act without a network, or without an answer, says so; and leaving while bytes are on their way is asked about."""

from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.e2e.conftest import LOAD_MS, badge_of, row_of, write_csv
from tests.e2e.test_interruptions import big_csv, cut_after_some_pieces

NOTHING_HAPPENED = "Nothing happened: you are offline. Try again when the connection is back."
UNKNOWN = "We don’t know whether it happened: reload the page to see."


def send(page: Page, folder: Path, name: str, rows: int = 3) -> Path:
    path = write_csv(folder, f"{name}.csv", rows=rows, columns=f"{name}_a;{name}_b;{name}_c")
    page.locator("#files").set_input_files(path)
    expect(badge_of(page, path.name)).to_have_text("Active", timeout=LOAD_MS)
    return path


def test_acts_on_the_page_say_that_nothing_happened_without_a_network(staff: Page, tmp_path: Path) -> None:
    path = send(staff, tmp_path, "offline_row")
    row = row_of(staff, path.name)
    staff.context.set_offline(True)
    for button in ("Deactivate 3 rows", "Delete…"):
        row.get_by_role("button", name=button).click()
        expect(row.get_by_role("alert")).to_have_text(NOTHING_HAPPENED)
        expect(row.get_by_role("button", name=button)).to_be_enabled()
    expect(staff.get_by_role("dialog")).to_be_hidden()
    staff.context.set_offline(False)
    expect(row.get_by_role("alert")).to_be_hidden()
    row.get_by_role("button", name="Deactivate 3 rows").click()
    expect(badge_of(staff, path.name)).to_have_text("Off")


@pytest.mark.parametrize("answer", ["none", "500"])
def test_act_without_an_answer_says_that_nobody_knows(staff: Page, tmp_path: Path, answer: str) -> None:
    path = send(staff, tmp_path, f"unanswered_{answer}")
    row = row_of(staff, path.name)
    staff.route(
        "**/deactivate",
        lambda route: route.abort("connectionreset") if answer == "none" else route.fulfill(status=500, body="Oops"),
    )
    row.get_by_role("button", name="Deactivate 3 rows").click()
    expect(row.get_by_role("alert")).to_have_text(UNKNOWN)
    expect(row.get_by_role("button", name="Deactivate 3 rows")).to_be_focused()


def test_acts_and_forms_of_a_receipt_say_that_nothing_happened_without_a_network(staff: Page, tmp_path: Path) -> None:
    path = tmp_path / "offline receipt.csv"
    rows = "".join(f"{n};{n * 3 if n % 5 else 'C'};x\n" for n in range(1, 60))
    path.write_text(f"offline_id;catch;offline_text\n{rows}60;short\n")
    staff.locator("#files").set_input_files(path)
    expect(badge_of(staff, path.name)).to_have_text("Active", timeout=LOAD_MS)
    row_of(staff, path.name).get_by_role("heading").get_by_role("link").click()
    expect(staff.locator("#actions button").first).to_be_visible()

    staff.context.set_offline(True)
    staff.get_by_role("button", name="Deactivate").click()
    expect(staff.locator("#act-error")).to_have_text(NOTHING_HAPPENED)
    suggestion = staff.locator(".suggestions form").first
    suggestion.get_by_role("button").click()
    expect(suggestion.get_by_role("alert")).to_have_text(NOTHING_HAPPENED)
    assert staff.url.endswith("/"), "the page is still there, not the browser's own"
    staff.context.set_offline(False)
    expect(staff.get_by_text(NOTHING_HAPPENED)).to_have_count(0)


def test_upload_that_cannot_be_cancelled_stays_and_says_so(visitor: Page, tmp_path: Path) -> None:
    path = big_csv(tmp_path, "uncancelled.csv", "e")
    cut_after_some_pieces(visitor)
    visitor.locator("#files").set_input_files(path)
    row = row_of(visitor, path.name)
    expect(row).to_contain_text("Trying again", timeout=LOAD_MS)
    visitor.route("**/files/*", lambda route: route.abort("connectionreset"))
    row.get_by_role("button", name="Cancel").click()
    expect(row.get_by_role("alert")).to_have_text(UNKNOWN)
    expect(badge_of(visitor, path.name)).to_have_text("Stopped")
    visitor.unroute("**/files/*")
    row.get_by_role("button", name="Cancel").click()
    expect(row).to_have_count(0)


def test_leaving_is_asked_about_only_while_bytes_are_on_their_way(visitor: Page, tmp_path: Path) -> None:
    asked: list[str] = []

    def go_on(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    visitor.on("dialog", go_on)
    visitor.get_by_role("heading", level=1).click()  # a browser asks only where somebody has done something
    visitor.reload()
    assert asked == []

    visitor.get_by_role("heading", level=1).click()
    path = big_csv(tmp_path, "leaving.csv", "f")
    cut_after_some_pieces(visitor)
    visitor.locator("#files").set_input_files(path)
    expect(row_of(visitor, path.name)).to_contain_text("Trying again", timeout=LOAD_MS)
    visitor.reload()
    assert asked == ["beforeunload"]

    visitor.unroute("**/files/*")
    visitor.get_by_role("heading", level=1).click()
    visitor.locator("#files").set_input_files(path)
    expect(badge_of(visitor, path.name)).to_have_text("Waiting for review", timeout=LOAD_MS)
    visitor.reload()
    assert asked == ["beforeunload"]
