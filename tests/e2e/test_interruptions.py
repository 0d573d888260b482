"""A reload, a lost connection and a cancelled upload."""

import hashlib
import os
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import LOAD_MS, badge_of, row_of, write_csv

PIECES_LET_THROUGH = 2


def cut_after_some_pieces(page: Page) -> None:
    """Let the first pieces of an upload through and break the connection of every later one."""
    passed = 0

    def decide(route: Route) -> None:
        nonlocal passed
        if route.request.method != "PATCH":
            route.continue_()
        elif passed < PIECES_LET_THROUGH:
            passed += 1
            route.continue_()
        else:
            route.abort("connectionreset")

    page.route("**/files/*", decide)


def big_csv(folder: Path, name: str, letter: str) -> Path:
    """About 9 MB, so that it goes in several pieces."""
    path = folder / name
    lines = (f"{i};{letter * 80}\n" for i in range(100_000, 200_000))
    path.write_text(f"{Path(name).stem}_id;{Path(name).stem}_text\n" + "".join(lines))
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


def upload_half(page: Page, path: Path) -> None:
    cut_after_some_pieces(page)
    page.locator("#files").set_input_files(path)
    expect(row_of(page, path.name)).to_contain_text("Trying again", timeout=LOAD_MS)
    page.reload()  # before the connection is back, or the next try may send all of it
    expect(badge_of(page, path.name)).to_have_text("Stopped")
    page.unroute("**/files/*")


def offsets_of(page: Page) -> list[int]:
    """The offsets of the pieces that are sent from now on."""
    offsets: list[int] = []
    page.on(
        "request",
        lambda request: offsets.append(int(request.headers["upload-offset"])) if request.method == "PATCH" else None,
    )
    return offsets


def sha256_of(page: Page, name: str) -> str:
    href = row_of(page, name).get_by_role("link", name=name).get_attribute("href")
    assert href is not None
    answer = page.request.get(f"/api{href.rstrip('/')}")
    return str(answer.json()["sha256"])


def test_upload_goes_on_after_a_reload_where_it_stopped(staff: Page, tmp_path: Path) -> None:
    path = big_csv(tmp_path, "resumed.csv", "a")
    upload_half(staff, path)
    offsets = offsets_of(staff)
    with staff.expect_file_chooser() as chooser:
        row_of(staff, path.name).get_by_role("button", name="Choose the file again").click()
    chooser.value.set_files(path)
    expect(badge_of(staff, path.name)).to_have_text("Active", timeout=LOAD_MS)
    assert offsets[0] > 0
    assert sha256_of(staff, path.name) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_other_content_under_the_same_name_size_and_time_begins_anew(staff: Page, tmp_path: Path) -> None:
    path = big_csv(tmp_path, "twin.csv", "a")
    upload_half(staff, path)
    twin = big_csv(tmp_path, "twin.csv", "b")
    offsets = offsets_of(staff)
    staff.locator("#files").set_input_files(twin)
    # for a moment the given-up upload stands below the new one
    expect(badge_of(staff, path.name).first).to_have_text("Active", timeout=LOAD_MS)
    expect(row_of(staff, path.name)).to_have_count(1)
    assert offsets[0] == 0
    assert sha256_of(staff, path.name) == hashlib.sha256(twin.read_bytes()).hexdigest()


def test_upload_survives_a_lost_connection(staff: Page, tmp_path: Path) -> None:
    path = big_csv(tmp_path, "lost.csv", "c")
    cut_after_some_pieces(staff)
    staff.locator("#files").set_input_files(path)
    expect(row_of(staff, path.name)).to_contain_text("Trying again", timeout=LOAD_MS)
    offsets = offsets_of(staff)
    staff.unroute("**/files/*")
    expect(badge_of(staff, path.name)).to_have_text("Active", timeout=LOAD_MS)
    assert min(offsets) > 0


def test_upload_can_be_cancelled(visitor: Page, tmp_path: Path) -> None:
    path = big_csv(tmp_path, "cancelled.csv", "d")
    cut_after_some_pieces(visitor)
    visitor.locator("#files").set_input_files(path)
    row = row_of(visitor, path.name)
    expect(row).to_contain_text("Trying again", timeout=LOAD_MS)
    row.get_by_role("button", name="Cancel").click()
    expect(row).to_have_count(0)
    visitor.reload()
    expect(visitor.locator("#list-empty")).to_be_visible()


def test_lost_server_shows_a_banner_until_it_is_back(visitor: Page, tmp_path: Path) -> None:
    expect(visitor.locator("#list-empty")).to_be_visible()
    visitor.context.set_offline(True)
    visitor.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(visitor.locator("#offline")).to_be_visible()
    visitor.context.set_offline(False)
    expect(visitor.locator("#offline")).to_be_hidden()
    path = write_csv(tmp_path, "after.csv", rows=2, columns="after_a;after_b;after_c")
    visitor.locator("#files").set_input_files(path)
    expect(badge_of(visitor, path.name)).to_have_text("Waiting for review", timeout=LOAD_MS)
