"""Progress on the pages: told by server-sent events, and asked for where these don't come."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import badge_of, row_of, write_csv

LIST, RECEIPT = re.compile(r"/api/files\?mine=1$"), re.compile(r"/api/receipts/[^/]+$")
EVENTS = re.compile(r"/api/(files|receipts/[^/]+)/events")


def hang(_: Route) -> None:
    """As behind a proxy that keeps all of it."""


def test_events_alone_carry_a_file_through(visitor: Page, tmp_path: Path) -> None:
    path = write_csv(tmp_path, "told.csv", columns="told_id;told_name;told_amount")
    expect(visitor.locator("#list-empty")).to_be_visible()
    visitor.route(LIST, lambda route: route.abort())
    visitor.locator("#files").set_input_files(path)
    expect(badge_of(visitor, path.name)).to_have_text("Waiting for review")

    other = visitor.context.new_page()
    other.route(RECEIPT, lambda route: route.abort())
    other.goto(row_of(visitor, path.name).get_by_role("link", name=path.name).get_attribute("href") or "")
    expect(other.locator(".account")).to_be_visible()


@pytest.mark.parametrize("blocked", [lambda route: route.abort(), hang], ids=["refused", "kept back"])
def test_without_events_a_file_is_asked_for(
    open_page: Callable[..., Page], tmp_path: Path, blocked: Callable[[Route], None]
) -> None:
    page = open_page()
    page.route(EVENTS, blocked)
    page.goto("/")
    path = write_csv(tmp_path, "followed.csv", columns="followed_id;followed_name;followed_amount")
    page.locator("#files").set_input_files(path)
    expect(badge_of(page, path.name)).to_have_text("Waiting for review")
    expect(page.locator("#offline")).to_be_hidden()
