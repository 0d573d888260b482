"""A chart in a browser, under the policy of the site: drawn, saved, by keyboard, on a phone and without scripts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, StorageState, expect

from tests.e2e.conftest import Site, badge_of
from tests.e2e.test_layout import PHONE, fits

COUNTRIES = ("Germany", "FR", "Japan", "Brasilien", "Atlantis")
AREAS = ("North", "South", "</script><b>bold</b>", "مرحبا بالعالم", "{a|b}")
SVG = "#chart svg"


@pytest.fixture(scope="module")
def charted(browser: Browser, signed_in: StorageState, site: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the chart of a dataset that is there for everybody."""
    path = tmp_path_factory.mktemp("charts") / "charted.csv"
    lines = [f"2024-{1 + n % 12:02}-{1 + n % 28:02};{AREAS[n % 5]};{n}.50;{COUNTRIES[n % 5]}\n" for n in range(60)]
    path.write_text("chart_day;chart_area;chart_price;chart_country\n" + "".join(lines))
    context = browser.new_context(base_url=site.url, storage_state=signed_in)
    page = context.new_page()
    page.goto("/")
    page.locator("#files").set_input_files(path)
    expect(badge_of(page, path.name)).to_have_text("Active")
    context.close()
    return "/datasets/charted/chart/"


def field(page: Page, name: str) -> Locator:
    return page.get_by_role("combobox", name=name, exact=True)


def test_chart_is_drawn_and_saved_under_the_policy(
    charted: str, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page(reduced_motion="reduce")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto("/datasets/charted/?chart_area__ne=South")
    page.get_by_role("link", name="Chart", exact=True).click()
    expect(page.locator(SVG)).to_be_visible()
    expect(page.get_by_role("heading", name="Rows by month (chart_day)")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="chart_area ≠ South")).to_be_visible()

    field(page, "By").select_option(label="chart_area")
    field(page, "Show").select_option(label="Sum of chart_price")
    page.get_by_role("button", name="Draw").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sum of chart_price by chart_area")).to_be_visible()
    assert "chart_area__ne=South" in page.url
    expect(page.locator(SVG)).to_contain_text("</script><b>bold</b>")
    expect(page.get_by_role("row")).to_have_count(5)
    for kind in ("Line", "Points", "Heat map"):
        field(page, "As").select_option(label=kind)
        field(page, "And by").select_option(label="chart_day, by month")
        page.get_by_role("button", name="Draw").click()
        expect(page.locator(f"{SVG} path").first).to_be_attached()

    field(page, "By").select_option(label="chart_country")
    field(page, "And by").select_option(label="nothing")
    field(page, "As").select_option(label="Map")
    page.get_by_role("button", name="Draw").click()
    expect(page.get_by_text("1 group is not on the map: “Atlantis”.")).to_be_visible()
    expect(page.locator(f"{SVG} path").nth(200)).to_be_attached()  # the outlines come after the page

    for format_, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as found:
            page.get_by_role("button", name=f"Save as {format_}").click()
        assert found.value.suggested_filename == f"charted.{format_.lower()}"
        saved = tmp_path / found.value.suggested_filename
        found.value.save_as(saved)
        assert saved.read_bytes().startswith(begins)
    assert said == []  # nor a word of the policy

    page.get_by_role("link", name="Japan").first.click()
    expect(page.get_by_role("listitem").filter(has_text="chart_country = Japan")).to_be_visible()


def test_chart_fits_a_phone_and_has_no_control_without_a_name(
    charted: str, open_page: Callable[..., Page], signed_in: StorageState
) -> None:
    page = open_page(storage_state=signed_in, **PHONE)
    for query in (
        "",
        "?_group=chart_area:top:20,chart_day:month",
        "?_group=chart_area,chart_day:week&_measure=mean:chart_price",
    ):
        page.goto(f"{charted}{query}")
        expect(page.locator(SVG)).to_be_visible()
        assert fits(page), query
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("a, button, select, summary, [role=img], [role=region]")].filter((c) =>
          c.checkVisibility() && ![c, ...(c.labels ?? [])].some((p) => p.textContent.trim() || p.ariaLabel)
        ).map((c) => c.outerHTML)"""
    )
    assert nameless == []


def test_without_scripts_the_form_and_the_table_do(charted: str, open_page: Callable[..., Page]) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(charted)
    expect(page.locator("#chart-figure")).to_be_hidden()
    field(page, "By").select_option(label="chart_area")
    page.get_by_role("button", name="Draw").click()
    expect(page.get_by_role("row", name="North")).to_contain_text("12")


def test_chart_is_saved_put_on_the_dashboard_and_drawn_there(
    charted: str, open_page: Callable[..., Page], signed_in: StorageState
) -> None:
    page = open_page(storage_state=signed_in, **PHONE)
    for query, name in (("?_group=chart_area", "Areas"), ("?_group=chart_day:month,chart_area", "Months")):
        page.goto(f"{charted}{query}")
        page.locator("summary", has_text="Views").click()
        page.get_by_role("textbox", name="Save this chart as").fill(name)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    page.goto("/datasets/charted/dashboard/")
    for label in ("Areas (chart)", "Months (chart)"):
        page.get_by_role("combobox", name="Saved view").select_option(label=label)
        page.get_by_role("button", name="Add").click()
    expect(page.locator(".tile svg")).to_have_count(2)
    page.get_by_role("form", name="Arrange Areas").get_by_role("button", name="Later").click()
    expect(page.locator(".tile h2")).to_have_text(["Months", "Areas"])
    assert fits(page)
    page.get_by_text("Figures").first.click()
    expect(page.get_by_role("region", name="Months, the figures")).to_be_visible()


def test_rows_on_a_dashboard_have_numbers_as_the_reader_writes_them(
    charted: str, open_page: Callable[..., Page], signed_in: StorageState
) -> None:
    page = open_page(storage_state=signed_in, locale="de-DE")
    page.goto(f"{charted.removesuffix('chart/')}?chart_price=5.50")
    page.locator("summary", has_text="Views").click()
    page.get_by_role("textbox", name="Save this filter, order and columns as").fill("Fives")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto("/datasets/charted/dashboard/")
    page.get_by_role("combobox", name="Saved view").select_option(label="Fives (rows)")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("cell", name="5,50")).to_be_visible()
    tile = page.get_by_role("form", name="Arrange Fives")
    tile.get_by_role("button", name="Remove").click()  # the other tests have a dashboard of their own then
    expect(tile).to_have_count(0)


def test_rows_by_coordinates_are_points_on_a_map(
    open_page: Callable[..., Page], signed_in: StorageState, tmp_path: Path
) -> None:
    path = tmp_path / "mapped.csv"
    path.write_text("map_lat;map_lon\n" + "".join(f"{40 + n % 7}.5;{n % 9}.25\n" for n in range(40)))
    page = open_page(storage_state=signed_in, **PHONE)
    page.goto("/")
    page.locator("#files").set_input_files(path)
    expect(badge_of(page, path.name)).to_have_text("Active")
    page.goto("/datasets/mapped/chart/")
    page.get_by_role("link", name="Show it on a map").click()
    expect(page.locator(SVG)).to_be_visible()
    assert page.locator(f"{SVG} path").count() > 100, "countries and places"
    assert fits(page)
