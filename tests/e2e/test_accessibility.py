"""What axe-core finds on the pages: nothing serious, in light and dark, with every menu open."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.e2e.conftest import LOAD_MS, Site, badge_of

AXE = Path(__file__).resolve().parents[1] / "js" / "node_modules" / "axe-core" / "axe.min.js"
ROWS = "".join(f"{n};{('North', 'South')[n % 2]};2024-01-{n:02};{n}.50\n" for n in range(1, 29))
FOUND = """async (rules) => (await axe.run(document, {resultTypes: ["violations"], ...rules})).violations
    .filter(({impact}) => impact === "serious" || impact === "critical")
    .map(({id, nodes}) => [id, ...nodes.slice(0, 3).map(({html, failureSummary}) => `${html}: ${failureSummary}`)])"""
REJECTS = "a[href*='/rejects/']:not([href$='.csv'])"
FOR_ALL = (
    "/",
    "/datasets/",
    "/datasets/?_q=nothing+of+the+kind",
    "/datasets/legible/",
    "/datasets/legible/?legible_area=North&_facet=legible_area&_sort=-legible_price",
    "/datasets/legible/?legible_price__gt=1000",
    "/datasets/legible/?legible_price__gt=dear",
    "/datasets/legible/chart/",
    "/datasets/legible/profile/",
    "/nowhere/",
    "/api/docs",
    "/admin/login/",
)
FOR_STAFF = (
    "/datasets/legible/",
    "/datasets/legible/columns/",
    "/datasets/legible/mode/",
    "/datasets/legible/about/",
    "/datasets/legible/guards/",
    "/datasets/legible/views/",
    "/datasets/legible/dashboard/",
    "/datasets/legible/history/",
    "/sql/?query=SELECT+legible_area,+count(*)+FROM+data.legible+GROUP+BY+1",
    "/sql/?query=SELECT+nothing+FROM+data.legible",
    "/sql/?query=SELECT+legible_area+FROM+data.legible&plan=shown",
    "/datasets/legible/exports/",
)


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core, which ``make test`` installs where there is Node."""
    if not AXE.is_file():
        if os.environ.get("CI") == "true":
            pytest.fail("axe-core is not installed (CI never skips these tests)")
        pytest.skip("axe-core is not installed: make test-scripts, which needs Node, does that")
    return AXE.read_text()


@pytest.fixture(scope="module")
def receipt(browser: Browser, signed_in: StorageState, site: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the receipt of a file with rejected rows; its dataset ``legible`` is there for everybody."""
    path = tmp_path_factory.mktemp("legible") / "legible.csv"
    path.write_text(
        "legible_id;legible_area;legible_day;legible_price\n" + ROWS + "29;North;2024-01-29;3.50;too many\n"
    )
    context = browser.new_context(base_url=site.url, storage_state=signed_in)
    page = context.new_page()
    page.goto("/")
    page.locator("#files").set_input_files(path)
    expect(badge_of(page, path.name)).to_have_text("Active")
    href = page.locator("#files-list a[href*='/receipts/']").first.get_attribute("href")
    context.close()
    assert href
    return href.removeprefix(site.url)


SCHEMES: tuple[tuple[Literal["light", "dark"], dict[str, list[str]]], ...] = (
    ("light", {}),
    ("dark", {"runOnly": ["color-contrast"]}),
)
"""What the colours are is all that differs in the dark."""


def check(page: Page, axe: str, address: str) -> None:
    page.goto(address)
    page.evaluate("() => document.querySelectorAll('details').forEach((each) => { each.open = true })")
    page.evaluate(axe)
    for scheme, rules in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found: list[Any] = page.evaluate(FOUND, rules)
        assert found == [], f"{address}, {scheme}"


@pytest.fixture(scope="module")
def pages(browser: Browser, signed_in: StorageState, site: Site, receipt: str) -> Iterator[dict[str, Page]]:
    """One for everybody and one for staff: to open a page in a context of its own takes as long as to look at it."""
    errors: list[str] = []
    found: dict[str, Page] = {}
    for who, state in (("everybody", None), ("staff", signed_in)):
        context = browser.new_context(base_url=site.url, storage_state=state)
        context.set_default_timeout(LOAD_MS)
        found[who] = context.new_page()
        found[who].on("pageerror", lambda error: errors.append(str(error)))
    yield found
    for page in found.values():
        page.context.close()
    assert errors == []


@pytest.mark.parametrize("address", FOR_ALL)
def test_page_for_everybody_has_nothing_serious(address: str, axe: str, pages: dict[str, Page]) -> None:
    check(pages["everybody"], axe, address)


@pytest.mark.parametrize("address", FOR_STAFF)
def test_page_for_staff_has_nothing_serious(address: str, axe: str, pages: dict[str, Page]) -> None:
    check(pages["staff"], axe, address)


@pytest.mark.parametrize("links", [(), (REJECTS,), ("a[href*='/lines/']",)])
def test_receipt_and_its_pages_have_nothing_serious(
    links: tuple[str, ...], receipt: str, axe: str, pages: dict[str, Page]
) -> None:
    address = receipt
    for link in links:
        pages["staff"].goto(address)
        address = pages["staff"].locator(link).first.get_attribute("href") or ""
    check(pages["staff"], axe, address)
