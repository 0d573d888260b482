"""A command or web process that reads no file does not load what reads files; a command loads no page either."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.integration.conftest import Pipeline
from tests.integration.tus.test_server import environment

PROJECT = Path(__file__).resolve().parents[3]
READERS = {"numpy", "pyarrow", "pandas", "pgpq", "python_calamine", "openpyxl", "xlrd"}
PAGES = {"uploads.api", "uploads.views", "uploads.admin", "uploader_project.urls"}
REPORT = "import json, sys; print(); print(json.dumps(sorted(sys.modules)))"


def modules_after(code: str, *arguments: str) -> set[str]:
    """What a process of its own has imported once it has run ``code``."""
    command = [sys.executable, "-c", f"import sys, django\ndjango.setup()\n{code}\n{REPORT}", *arguments]
    done = subprocess.run(command, cwd=PROJECT, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_set_up_alone_loads_neither_readers_nor_pages() -> None:
    assert not modules_after("") & (READERS | PAGES)


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
    code = (
        "import uploader_project.asgi\n"
        "from django.test import Client\n"
        "client = Client(SERVER_NAME='127.0.0.1')\n"
        "for address in sys.argv[1:]:\n"
        "    answer = client.get(address)\n"
        "    assert answer.status_code == 200 or address == '/healthz', (address, answer.status_code)"
    )
    assert not modules_after(code, *addresses) & READERS
