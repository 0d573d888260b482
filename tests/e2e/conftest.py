"""The running application, as ``make run`` starts it, with a database of its own, and a browser that looks at it."""

import os
import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, StorageState, expect, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 240.0
STOP_SECONDS = 120.0
LOAD_MS = 120_000
"""A loaded machine takes its time to load a file; Playwright waits no longer than it must."""
expect.set_options(timeout=LOAD_MS)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """Where the application answers, and how staff sign in."""

    url: str
    admin: str
    password: str


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """A Chromium of this machine; without one the tests are skipped, never in CI."""
    wanted = os.environ.get("CHROMIUM")
    found = wanted or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("There is no Chromium (CI never skips these tests)")
        pytest.skip("there is no Chromium here; name one by CHROMIUM")
    return found


@pytest.fixture(scope="session")
def site(chromium_path: str) -> Iterator[Site]:
    """Web server, worker and PostgreSQL in a throw-away home, on a free port."""
    home = Path(tempfile.mkdtemp(prefix="uploader-e2e-"))
    home.chmod(0o711)  # the account that runs PostgreSQL when we are root must get through
    port = _free_port()
    env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DEBUG", "STORAGE_BUCKET")}
    env |= {
        "DJANGO_SETTINGS_MODULE": "uploader_project.settings",
        "DJANGO_READ_DOT_ENV_FILE": "false",
        "VAR_DIR": str(home),
        "DATASETS_VISIBLE": "public",
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "uploader_project.run"],
        cwd=PROJECT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said: list[str] = []
    try:
        admin, password = _signed_up(process, said)
        yield Site(url=f"http://127.0.0.1:{port}", admin=admin, password=password)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()
        shutil.rmtree(home, ignore_errors=True)
        print("".join(said[-200:]))  # noqa: T201 (pytest shows it beside a failure)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _signed_up(process: subprocess.Popen[str], said: list[str]) -> tuple[str, str]:
    """Read what a first start prints, until it names the admin; what comes later is read too, for a full pipe stops."""
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            lines.put(line)

    threading.Thread(target=read, daemon=True).start()
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            line = lines.get(timeout=0.5)
        except queue.Empty:
            continue
        if found := re.search(r"name (\S+), password (\S+)", line):
            return found[1], found[2]
    raise AssertionError("the application did not start:\n" + "".join(said))


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One a module: Playwright keeps an event loop running, in which Django's ORM refuses to work in other modules."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Open a page in a context of its own; an error of the page's script fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_one(**options: object) -> Page:
        context = browser.new_context(base_url=site.url, **options)  # type: ignore[arg-type]
        context.set_default_timeout(LOAD_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: Site) -> StorageState:
    """The cookies of the admin."""
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.goto("/admin/login/?next=/")
    page.get_by_label("Username").fill(site.admin)
    page.get_by_label("Password").fill(site.password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.url}/")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def visitor(open_page: Callable[..., Page]) -> Page:
    """The start page as anybody sees it."""
    page = open_page()
    page.goto("/")
    return page


@pytest.fixture
def staff(open_page: Callable[..., Page], signed_in: StorageState) -> Page:
    """The start page as the admin sees it."""
    page = open_page(storage_state=signed_in)
    page.goto("/")
    return page


def row_of(page: Page, name: str) -> Locator:
    """The file's entry in the list."""
    return page.locator("#files-list > .file").filter(has=page.get_by_role("heading", name=name, exact=True))


def badge_of(page: Page, name: str) -> Locator:
    return row_of(page, name).locator(".badge")


def write_csv(folder: Path, name: str, rows: int = 100, columns: str = "id;name;amount") -> Path:
    """A small table: whole numbers, words, decimals."""
    path = folder / name
    path.write_text(f"{columns}\n" + "".join(f"{i};word {i};{i}.50\n" for i in range(1, rows + 1)))
    return path
