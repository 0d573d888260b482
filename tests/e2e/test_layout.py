"""The pages on a phone, and for those who listen to them."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, StorageState, expect

from tests.e2e.conftest import LOAD_MS, badge_of, row_of, write_csv

PHONE = {"viewport": {"width": 375, "height": 812}, "is_mobile": True, "has_touch": True}


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth && window.innerWidth === 375"))


def test_no_page_scrolls_sideways_on_a_phone(
    open_page: Callable[..., Page], signed_in: StorageState, tmp_path: Path
) -> None:
    page = open_page(storage_state=signed_in, **PHONE)
    page.goto("/")
    name = "a_name_without_any_place_to_break_it_that_goes_on_for_much_longer_than_a_phone_is_wide.csv"
    path = write_csv(tmp_path, name, rows=3, columns="phone_id;phone_name;phone_" + "x" * 60)
    page.locator("#files").set_input_files(path)
    expect(badge_of(page, name)).to_have_text("Active", timeout=LOAD_MS)
    assert fits(page)
    page.get_by_text("Options").click()
    assert fits(page)
    row_of(page, name).get_by_role("button", name="Delete…").click()
    assert fits(page)
    page.keyboard.press("Escape")
    slug = row_of(page, name).locator(".file-datasets a").inner_text()
    receipt = row_of(page, name).get_by_role("link", name=name).get_attribute("href")
    assert receipt is not None
    for address in (receipt, "/datasets/", f"/datasets/{slug}/", "/no-such-page/"):
        page.goto(address)
        assert fits(page), address


def test_phases_are_announced_to_screen_readers(visitor: Page, tmp_path: Path) -> None:
    path = write_csv(tmp_path, "spoken.csv", rows=6, columns="spoken_a;spoken_b;spoken_c")
    visitor.evaluate(
        """() => {
          window.spoken = [];
          const live = document.querySelector("#announcer[aria-live=polite]");
          new MutationObserver(() => window.spoken.push(live.textContent)).observe(live, { childList: true });
        }"""
    )
    visitor.locator("#files").set_input_files(path)
    expect(badge_of(visitor, path.name)).to_have_text("Waiting for review", timeout=LOAD_MS)
    assert visitor.evaluate("window.spoken.at(-1)") == "spoken.csv: loaded, 6 rows."


def test_every_control_has_a_name(staff: Page) -> None:
    staff.get_by_text("Options").click()
    nameless = staff.evaluate(
        """() => {
          const named = (control) => [control, ...(control.labels ?? [])].some((part) => part.textContent.trim());
          const controls = [...document.querySelectorAll("a, button, input:not([type=hidden]), select, summary")];
          return controls.filter((c) => c.checkVisibility() && !named(c)).map((c) => c.outerHTML);
        }"""
    )
    assert nameless == []
