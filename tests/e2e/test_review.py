"""The review by keyboard alone: files are opened, activated, declined, asked about and undone without a mouse."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import LOAD_MS, badge_of, row_of, write_csv

QUEUE = "/admin/uploads/review/"
MOST_WAITING = 60
"""Other tests leave files that wait too."""


def send(visitor: Page, tmp_path: Path, names: list[str]) -> None:
    for name in names:
        columns = f"{name}_id;{name}_name;{name}_amount"
        visitor.locator("#files").set_input_files(write_csv(tmp_path, f"{name}.csv", rows=30, columns=columns))
        expect(badge_of(visitor, f"{name}.csv")).to_have_text("Waiting for review", timeout=LOAD_MS)


def open_by_keys(staff: Page, name: str) -> None:
    """From the top of the queue down to the file."""
    staff.goto(QUEUE)
    link = staff.get_by_role("link", name=name, exact=True)
    expect(link).to_be_visible()
    for _ in range(MOST_WAITING):
        staff.keyboard.press("j")
        if link.evaluate("link => link === document.activeElement"):
            break
    staff.keyboard.press("Enter")
    expect(staff.get_by_role("heading", level=1)).to_have_text(name)


def said(staff: Page, text: str) -> None:
    expect(staff.locator(".messagelist")).to_contain_text(text)


def test_five_files_are_decided_by_keys_and_the_sender_answers(visitor: Page, staff: Page, tmp_path: Path) -> None:
    send(visitor, tmp_path, ["keys_a", "keys_b", "keys_c", "keys_d", "keys_e"])
    open_by_keys(staff, "keys_a.csv")
    expect(staff.get_by_role("cell", name="word 20", exact=True)).to_be_visible()

    staff.keyboard.press("a")
    said(staff, "Activated “keys_a.csv”: 30 rows")
    expect(staff.get_by_role("heading", level=1)).to_have_text("keys_b.csv")

    staff.keyboard.press("d")
    staff.keyboard.type("A dull jade quay")  # each of its letters is a key elsewhere
    staff.keyboard.press("Enter")
    said(staff, "Declined “keys_b.csv”")
    expect(staff.get_by_role("heading", level=1)).to_have_text("keys_c.csv")

    staff.keyboard.press("q")
    staff.keyboard.type("Which year?")
    staff.keyboard.press("Enter")
    said(staff, "Asked the sender of “keys_c.csv”")
    expect(staff.get_by_role("heading", level=1)).to_have_text("keys_d.csv")

    staff.keyboard.press("j")
    expect(staff.get_by_role("heading", level=1)).to_have_text("keys_e.csv")
    staff.keyboard.press("k")
    expect(staff.get_by_role("heading", level=1)).to_have_text("keys_d.csv")
    staff.keyboard.press("a")
    said(staff, "Activated “keys_d.csv”")
    staff.keyboard.press("u")
    said(staff, "“keys_d.csv” waits for you again")
    expect(staff.get_by_role("heading", level=1)).to_have_text("keys_d.csv")

    visitor.goto("/")
    expect(badge_of(visitor, "keys_a.csv")).to_have_text("Active")
    expect(badge_of(visitor, "keys_b.csv")).to_have_text("Declined")
    row_of(visitor, "keys_b.csv").get_by_role("heading").get_by_role("link").click()
    expect(visitor.locator(".declined")).to_contain_text("A dull jade quay")
    visitor.goto("/")
    row_of(visitor, "keys_c.csv").get_by_role("heading").get_by_role("link").click()
    expect(visitor.locator(".asked")).to_contain_text("Which year?")
    visitor.get_by_label("Your answer").fill("2026")
    visitor.get_by_role("button", name="Send the answer").click()
    expect(visitor.locator(".asked")).to_contain_text("Staff have the answer")

    open_by_keys(staff, "keys_c.csv")
    expect(staff.locator(".talk .answer")).to_contain_text("2026")


def test_key_of_activate_leads_to_what_has_to_be_answered_first(visitor: Page, staff: Page, tmp_path: Path) -> None:
    send(visitor, tmp_path, ["first_a"])
    open_by_keys(staff, "first_a.csv")
    staff.keyboard.press("a")
    said(staff, "Activated “first_a.csv”: 30 rows")
    columns = "first_a_id;first_a_name;first_a_amount"
    visitor.locator("#files").set_input_files(write_csv(tmp_path, "first_b.csv", rows=31, columns=columns))
    expect(badge_of(visitor, "first_b.csv")).to_have_text("Waiting for review", timeout=LOAD_MS)
    open_by_keys(staff, "first_b.csv")
    staff.keyboard.press("a")
    expect(staff.get_by_role("status")).to_have_text("Nothing is activated yet. Press 1 to 3 to say how it joins.")
    expect(staff.get_by_role("button", name="Replace the whole table")).to_be_focused()
    staff.keyboard.press("2")
    said(staff, "Activated “first_b.csv”: 31 rows")


def test_review_works_without_javascript(visitor: Page, open_page: object, signed_in: object, tmp_path: Path) -> None:
    send(visitor, tmp_path, ["plain_a"])
    plain: Page = open_page(storage_state=signed_in, java_script_enabled=False)  # type: ignore[operator]
    plain.goto(QUEUE)
    plain.get_by_role("link", name="plain_a.csv", exact=True).click()
    expect(plain.locator("kbd").first).to_be_hidden()
    plain.get_by_label("Reason, which its sender sees").fill("Not ours.")
    plain.get_by_role("button", name="Decline").click()
    said(plain, "Declined “plain_a.csv”")
    plain.get_by_role("button", name="Undo").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("plain_a.csv")
