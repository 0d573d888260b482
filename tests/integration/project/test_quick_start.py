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
from tests.integration.tus.server import environment
from uploads.api.urls import ADDRESSES
from uploads.web.late_addresses import LatePage

PROJECT = Path(__file__).resolve().parents[3]
READERS = {"numpy", "pyarrow", "pandas", "pgpq", "python_calamine", "openpyxl", "xlrd", "lxml"}
PAGES = {"uploads.api", "uploads.views", "uploads.admin", "uploader_project.urls"}
API = {"ninja", "pydantic", "uploads.api.operations", "uploads.web.schemas.answers"}
PROVIDERS = {"allauth", "jwt", "cryptography"}
"""For signing in by a provider, where a setting names one."""
REPORT = "import json, sys; print(); print(json.dumps(sorted(sys.modules)))"


def modules_after(code: str, *arguments: str) -> set[str]:
    """What a process of its own has imported once it has run ``code``."""
    command = [sys.executable, "-c", f"import sys, django\ndjango.setup()\n{code}\n{REPORT}", *arguments]
    return set(json.loads(_last_line(command)))


def _last_line(command: Sequence[str]) -> str:
    done = subprocess.run(command, cwd=PROJECT, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_set_up_alone_loads_neither_readers_nor_pages() -> None:
    assert not modules_after("") & (READERS | PAGES | API)


RUN_EACH = """
from django.core.management import execute_from_command_line as run
loaded = {}
for words in json.loads(sys.argv[1]):
    run(['manage.py', *words])
    for module in sys.modules:
        loaded.setdefault(module, ' '.join(words))
print()
print(json.dumps(loaded))
"""


def modules_by_command(*commands: str) -> dict[str, str]:
    """What each command imported first, all of them in one process, for to start one takes seconds."""
    words = json.dumps([command.split() for command in commands])
    code = f"import json, sys, django\ndjango.setup()\n{RUN_EACH}"
    return dict(json.loads(_last_line([sys.executable, "-c", code, words])))


def _wrongly(loaded: dict[str, str], unwanted: set[str]) -> dict[str, str]:
    return {module: command for module, command in loaded.items() if module in unwanted}


def test_command_that_reads_no_file_loads_no_library_that_does_and_no_page(pipeline: Pipeline) -> None:
    receipt = pipeline.load("a;b\n1;2\n")
    file, dataset = receipt.file_id, receipt.loads[0].dataset
    loaded = modules_by_command(
        "list_files",
        f"deactivate_file {file}",
        f"dataset_reading {dataset}",
        f"null_words {dataset}",
        f"delete_file {file} --yes",
    )
    assert loaded.keys() > {"django", "uploads.management.files.management.commands.delete_file"}
    assert not _wrongly(loaded, READERS | PAGES | API)


def test_command_that_prints_json_loads_what_describes_it_and_no_page(pipeline: Pipeline) -> None:
    file = pipeline.load("a;b\n1;2\n", activate=False).file_id
    loaded = modules_by_command("list_files --json", f"activate_file {file} --json")
    assert "uploads.web.schemas.answers" in loaded
    assert not _wrongly(loaded, READERS | PAGES)


@pytest.mark.django_db(transaction=True)
def test_commands_of_django_that_import_every_page_load_no_library_that_reads() -> None:
    loaded = modules_by_command("showmigrations uploads", "migrate --verbosity 0", "check")
    assert loaded.keys() > PAGES
    assert not _wrongly(loaded, READERS | PROVIDERS)


GET_EACH = """
import uploader_project.asgi
from django.test import Client
client = Client(SERVER_NAME='127.0.0.1')
loaded = dict.fromkeys(sys.modules, '')
for address in json.loads(sys.argv[1]):
    answer = client.get(address)
    assert answer.status_code == 200 or address == '/healthz', (address, answer.status_code)
    for module in sys.modules:
        loaded.setdefault(module, address)
print()
print(json.dumps(loaded))
"""


def test_web_process_loads_the_api_for_the_api_alone_and_no_library_that_reads_files(pipeline: Pipeline) -> None:
    receipt = pipeline.load("a;b\n1;2\n")
    dataset = receipt.loads[0].dataset
    pages = ["/", "/healthz", "/datasets/", f"/datasets/{dataset}/", f"/receipts/{receipt.token}/"]
    others = ["/api/docs", "/api/openapi.json", "/api/datasets", f"/api/datasets/{dataset}/rows", "/admin/login/"]
    code = f"import json, sys, django\ndjango.setup()\n{GET_EACH}"
    loaded = dict(json.loads(_last_line([sys.executable, "-c", code, json.dumps(pages + others)])))
    assert not loaded.keys() & READERS
    assert not {module: page for module, page in loaded.items() if module in API and page in ("", *pages)}
    assert loaded.keys() >= API
    views = {module: page for module, page in loaded.items() if module.startswith("uploads.views.")}
    assert views["uploads.views.upload"] == "/"
    assert views["uploads.views.datasets"] == "/datasets/", "each is loaded for its own first request"
    assert {"uploads.views.queries", "uploads.views.columns"}.isdisjoint(views)
    assert loaded["uploads.admin.files"] == "/admin/login/"


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


def test_check_imports_the_view_of_an_address() -> None:
    """Which the first page no longer does: a wrong name would be a 500 for whoever comes by."""
    assert LatePage("sign-in/", "uploads.views.people.accounts.sign_in", name="here").check() == []
    with pytest.raises(ImportError, match="sing_in"):
        LatePage("sign-in/", "uploads.views.people.accounts.sing_in", name="wrong").check()
