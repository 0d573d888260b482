"""An option that is new touches two files, its declaration and what reads it: tried on a copy of the application."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import connection_parameters

PROJECT = Path(__file__).resolve().parents[3]
COPIED = ("static", "templates", "uploader_project", "uploads")
DECLARED = """    Option(
        name="moon",
        kind=OptionKind.CHOICE,
        parse=lambda key, text: text,
        words=lambda value: f"a {value} moon",
        found_out="the moon as it was",
        in_effect=lambda load: (f"the moon over {load.rows_loaded} rows",),
        help="Whether the moon waxes or wanes.",
        label="Phase of the moon",
        hint="For tides",
        choices=(("waxing", "waxing  ☽"), ("waning", "waning  ☾")),
        argument="--moon",
        metavar="PHASE",
    ),
"""
SETTINGS = """
import json, os
from uploader_project.settings import *
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", **json.loads(os.environ["COPY_DATABASE"])}}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
ALLOWED_HOSTS = ["testserver"]
"""
PEOPLE = """
import io, json, sys
import django
django.setup()
from django.contrib.auth import get_user_model
from django.core.management import call_command, load_command_class
from django.test import Client
from uploads.models import UploadedFile

def command(*words):
    said = io.StringIO()
    call_command(*words, stdout=said, stderr=io.StringIO())
    return said.getvalue()

load_file = load_command_class("uploads.management.files", "load_file")
staff = Client()
staff.force_login(get_user_model().objects.create_superuser("copy", password="copy"))
loaded = json.loads(command("load_file", sys.argv[1], "--dataset", "tides", "--moon", "waxing", "--activate", "--json"))
file = UploadedFile.objects.get()
print(json.dumps({
    "help": load_file.create_parser("manage.py", "load_file").format_help(),
    "command": loaded["files"][0],
    "upload page": staff.get("/").text,
    "receipt": staff.get(f"/receipts/{file.token}/").text,
    "form": staff.get(f"/receipts/{file.token}/read-again/").text,
    "schema": staff.get("/api/openapi.json").json(),
    "api": staff.get(f"/api/files/{file.pk}").json(),
    "remembered": command("dataset_reading", "tides"),
}))
"""


def declare(path: Path, *, below: str, text: str) -> None:
    source = path.read_text()
    assert source.count(below) == 1
    path.write_text(source.replace(below, below + text))


@pytest.fixture
def faces(data_schema: None, tmp_path: Path) -> dict[str, Any]:
    """What people and programs see of a copy in which two files know of one more option."""
    tree = tmp_path / "copy"
    for name in COPIED:
        shutil.copytree(PROJECT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    declare(tree / "uploads/services/options/catalogue.py", below="\n_DECLARED = (\n", text=DECLARED)
    declare(
        tree / "uploads/tabular/table.py",
        below="    sheet: str | None = None\n",
        text="    moon: str | None = None\n",
    )
    (tree / "copy_settings.py").write_text(SETTINGS)
    table = tmp_path / "tides.csv"
    table.write_text("day;height\nMon;1\nTue;2\n")
    given = connection_parameters()
    database = {key.upper(): str(value) for key, value in given.items() if key != "dbname"} | {"NAME": given["dbname"]}
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "copy_settings",
        "COPY_DATABASE": json.dumps(database),
        "VAR_DIR": str(tmp_path / "var"),
    }
    done = subprocess.run(
        [sys.executable, "-c", PEOPLE, str(table)],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


def test_option_that_two_files_know_of_is_on_every_face(faces: dict[str, Any]) -> None:
    assert "--moon PHASE" in faces["help"]
    assert "whether the moon waxes or wanes" in faces["help"]
    assert faces["command"]["state"] == "active"
    [load] = faces["command"]["loads"]
    assert load["told"] == faces["api"]["loads"][0]["told"]
    assert [(told["option"], told["value"]) for told in load["told"]] == [("moon", "waxing")]
    assert "a waxing moon" in " ".join(load["notes"])
    assert "a waxing moon" in faces["receipt"]
    assert "a waxing moon" in faces["remembered"]
    for page in (faces["upload page"], faces["form"]):
        assert 'name="moon"' in page
        assert "Phase of the moon</label>" in page
        assert '<option value="waning">waning  ☾</option>' in page
    assert '<option value="waxing" selected>' in faces["form"]
    assert "Now: <strong>the moon over 2 rows</strong>, given with this file" in faces["form"]
    schemas = faces["schema"]["components"]["schemas"]
    described = "Whether the moon waxes or wanes."
    assert schemas["ReadingOptions"]["properties"]["moon"]["description"] == described
    assert schemas["ReadAgain"]["properties"]["moon"]["description"] == described
    form = faces["schema"]["paths"]["/api/files"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert form["properties"]["moon"] == {
        "type": "string",
        "enum": ["waxing", "waning", "auto"],
        "description": described,
    }
