"""A process loads what it is asked for: no reader without a file, no page for a command, no API for a page."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from tests.integration.conftest import Pipeline
from tests.integration.tus.test_server import environment
from uploads.api.urls import ADDRESSES

PROJECT = Path(__file__).resolve().parents[3]
READERS = {"numpy", "pyarrow", "pandas", "pgpq", "python_calamine", "openpyxl", "xlrd", "lxml"}
PAGES = {"uploads.api", "uploads.views", "uploads.admin", "uploader_project.urls"}
API = {"ninja", "pydantic", "uploads.api.operations", "uploads.web.schemas"}
REPORT = "import json, sys; print(); print(json.dumps(sorted(sys.modules)))"


def modules_after(code: str, *arguments: str) -> set[str]:
    """What a process of its own has imported once it has run ``code``."""
    command = [sys.executable, "-c", f"import sys, django\ndjango.setup()\n{code}\n{REPORT}", *arguments]
    done = subprocess.run(command, cwd=PROJECT, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_set_up_alone_loads_neither_readers_nor_pages() -> None:
    assert not modules_after("") & (READERS | PAGES | API)


COMMANDS: list[Sequence[str]] = [
    ["list_files"],
    ["list_files", "--json"],
    ["deactivate_file", "{file}"],
    ["activate_file", "{file}", "--json"],
    ["dataset_reading", "{dataset}"],
    ["null_words", "{dataset}"],
    ["delete_file", "{file}", "--yes"],
    ["showmigrations", "uploads"],
    ["migrate", "--verbosity", "0"],
    ["check"],
]

DJANGOS_OWN = {"showmigrations", "migrate", "check"}
"""They run Django's checks, which import every page."""


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_command_that_reads_no_file_loads_no_library_that_does_and_no_page(
    pipeline: Pipeline, command: Sequence[str]
) -> None:
    receipt = pipeline.load("a;b\n1;2\n", activate=command[0] != "activate_file")
    words = [word.format(file=receipt.file_id, dataset=receipt.loads[0].dataset) for word in command]
    modules = modules_after(
        "from django.core.management import execute_from_command_line as run\nrun(['manage.py', *sys.argv[1:]])", *words
    )
    assert not modules & READERS
    assert command[0] in DJANGOS_OWN or not modules & PAGES
    assert command[0] in DJANGOS_OWN or "--json" in command or not modules & API


GET_ADDRESSES = """
import uploader_project.asgi
from django.test import Client
client = Client(SERVER_NAME='127.0.0.1')
for address in sys.argv[1:]:
    answer = client.get(address)
    assert answer.status_code == 200 or address == '/healthz', (address, answer.status_code)
"""


def test_pages_link_to_the_api_and_do_not_load_it(pipeline: Pipeline) -> None:
    receipt = pipeline.load("a;b\n1;2\n")
    dataset = f"/datasets/{receipt.loads[0].dataset}/"
    assert not modules_after(GET_ADDRESSES, "/", "/healthz", "/datasets/", dataset, f"/receipts/{receipt.token}/") & API


AT_ONCE = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
import uploader_project.asgi
from django.db import connection
from django.test import Client
barrier = Barrier(len(sys.argv) - 1)
def get(address):
    client = Client(SERVER_NAME='127.0.0.1')
    barrier.wait()
    try:
        return client.get(address).status_code
    finally:
        connection.close()
with ThreadPoolExecutor(len(sys.argv) - 1) as pool:
    answers = list(pool.map(get, sys.argv[1:]))
assert set(answers) == {200}, answers
"""


def test_first_requests_to_the_api_may_come_at_once(pipeline: Pipeline) -> None:
    slug = pipeline.load("a;b\n1;2\n").loads[0].dataset
    addresses = [
        "/api/datasets",
        f"/api/datasets/{slug}",
        f"/api/datasets/{slug}/rows",
        "/api/docs",
        "/api/files?mine=1",
    ]
    assert modules_after(AT_ONCE, *addresses, "/", *addresses, "/admin/login/") >= API


def test_check_sees_an_operation_whose_address_is_not_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("check")
    monkeypatch.delitem(ADDRESSES, "list_rows")
    monkeypatch.setitem(ADDRESSES, "get_file", "elsewhere")
    with pytest.raises(SystemCheckError, match=r"E001.*get_file at elsewhere(?s:.*)E001.*list_rows at None"):
        call_command("check")


def test_web_process_that_answers_pages_and_programs_loads_no_library_that_reads_files(pipeline: Pipeline) -> None:
    receipt = pipeline.load("a;b\n1;2\n")
    addresses = [
        "/",
        "/healthz",
        "/datasets/",
        f"/datasets/{receipt.loads[0].dataset}/",
        f"/receipts/{receipt.token}/",
        "/api/docs",
        "/api/openapi.json",
        "/api/datasets",
        f"/api/datasets/{receipt.loads[0].dataset}/rows",
        "/admin/login/",
    ]
    assert not modules_after(GET_ADDRESSES, *addresses) & READERS
