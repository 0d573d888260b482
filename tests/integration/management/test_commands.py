"""The commands as a person or a script meets them."""

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from tests.integration.conftest import Pipeline, data_tables, rows
from tests.own_commands import own_command
from uploads.management.foreground import load_in_foreground
from uploads.management.progress import LoadBar
from uploads.models import UploadedFile
from uploads.services.loading.lease import claim_file
from uploads.states import FileState

GOOD = "Area;Year;Price\nNorth;2020;1.50\nSouth;2021;2.75\n"


def run(name: str, *args: object, **options: Any) -> str:
    out = StringIO()
    call_command(name, *map(str, args), stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def refused(name: str, *args: object) -> tuple[str, str, CommandError]:
    """What a command printed before it ended with an error."""
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError) as error:
        call_command(name, *map(str, args), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue(), error.value


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "prices.csv"
    path.write_text(GOOD)
    return path


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    path = tmp_path / "empty.csv"
    path.touch()
    return path


@pytest.mark.usefixtures("data_schema")
def test_load_file_prints_the_receipt_of_the_contract_and_nothing_else(good: Path) -> None:
    [file] = json.loads(run("load_file", good, "--json"))["files"]
    assert (file["name"], file["bytes"], file["state"], file["error"]) == ("prices.csv", len(GOOD), "active", None)
    assert len(file["sha256"]) == 64
    [load] = file["loads"]
    assert load["part"].startswith("data.")
    assert load["seconds"] >= 0
    wanted = {
        "dataset": "prices",
        "table": "data.prices",
        "source": None,
        "format": "csv",
        "encoding": "utf-8",
        "delimiter": ";",
        "header_row": 1,
        "rows": {"read": 2, "loaded": 2, "rejected": 0, "blank": 0},
        "preamble": 0,
        "header": 1,
        "blank_above": 0,
        "footer": 0,
        "line_breaks": 0,
        "left_out": 0,
        "lines": 3,
        "account": "3 lines = 1 header + 2 rows loaded",
    }
    assert {key: load[key] for key in wanted} == wanted
    assert [(c["name"], c["label"], c["type"]) for c in load["columns"]] == [
        ("area", "Area", "text"),
        ("year", "Year", "bigint"),
        ("price", "Price", "numeric"),
    ]
    assert rows("SELECT area, year, price::text FROM data.prices ORDER BY _row") == [
        ("North", 2020, "1.50"),
        ("South", 2021, "2.75"),
    ]


CONTRACT_OF_FILE = ("id", "name", "bytes", "sha256", "state", "error", "loads")
CONTRACT_OF_LOAD = (
    *("dataset", "table", "part", "source", "format", "encoding", "delimiter", "header_row"),
    *("columns", "rows", "preamble", "footer", "seconds"),
)


@pytest.mark.usefixtures("data_schema")
def test_keys_of_the_contract_come_in_its_order(good: Path) -> None:
    [file] = json.loads(run("load_file", good, "--json"))["files"]
    [load] = file["loads"]
    assert tuple(key for key in file if key in CONTRACT_OF_FILE) == CONTRACT_OF_FILE
    assert tuple(key for key in load if key in CONTRACT_OF_LOAD) == CONTRACT_OF_LOAD
    assert list(load["rows"]) == ["read", "loaded", "rejected", "blank"]


@pytest.mark.usefixtures("data_schema")
def test_commands_and_api_print_one_receipt(good: Path, client: Client) -> None:
    [loaded] = json.loads(run("load_file", good, "--json"))["files"]
    [listed] = json.loads(run("list_files", "--json"))["files"]
    answered = client.get(f"/api/receipts/{UploadedFile.objects.get().token}").json()
    moments = [datetime.fromisoformat(receipt.pop("uploaded_at")) for receipt in (loaded, listed, answered)]
    assert json.dumps(loaded) == json.dumps(listed) == json.dumps(answered), "the order of keys too"
    assert moments[0] == moments[1]
    assert abs(moments[0] - moments[2]) < timedelta(milliseconds=1), "the API leaves microseconds out"


@pytest.mark.usefixtures("data_schema")
def test_no_activate_leaves_the_file_loaded_and_the_name_free(good: Path) -> None:
    [file] = json.loads(run("load_file", good, "--no-activate", "--json"))["files"]
    assert file["state"] == "loaded"
    assert (file["loads"][0]["table"], file["loads"][0]["draft"]) == ("data.prices", True)
    assert "prices" not in data_tables()


@pytest.mark.usefixtures("data_schema")
def test_a_broken_file_does_not_stop_the_others_and_the_status_says_so(good: Path, empty: Path) -> None:
    out, err, error = refused("load_file", empty, good, "--json")
    files = json.loads(out)["files"]
    assert [file["state"] for file in files] == ["failed", "active"]
    assert files[0]["error"]["code"] == "empty_file"
    assert error.returncode == 1
    assert "empty.csv (empty_file): " in err


@pytest.mark.usefixtures("data_schema")
def test_a_file_that_is_not_even_received_is_in_the_receipts(good: Path, settings: Any) -> None:
    settings.MAX_FILE_SIZE = 10
    out, _, error = refused("load_file", good, "--json")
    [file] = json.loads(out)["files"]
    assert (file["id"], file["state"], file["error"]["code"]) == (None, "failed", "file_too_large")
    assert error.returncode == 1


@pytest.mark.usefixtures("data_schema")
def test_options_reach_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "odd.txt"
    path.write_bytes("note\nk\xe4se~007\nbrie~008\n".encode("cp1252"))
    said = (
        "--dataset",
        "Cheese Prices",
        "--delimiter",
        "~",
        "--encoding",
        "cp1252",
        "--header-row",
        "none",
        "--all-text",
    )
    [file] = json.loads(run("load_file", path, *said, "--writer", "bulk_create", "--json"))["files"]
    [load] = file["loads"]
    assert (load["dataset"], load["encoding"], load["delimiter"]) == ("cheese_prices", "cp1252", "~")
    assert load["header_row"] is None
    assert {column["type"] for column in load["columns"]} == {"text"}
    assert UploadedFile.objects.get(pk=file["id"]).writer == "bulk_create"


@pytest.mark.usefixtures("data_schema")
def test_load_file_reads_dates_and_numbers_in_doubt_as_told(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    path.write_text("day;amount\n01/02/2024;1.234\n03/04/2024;2.345\n")
    run("load_file", path, "--dataset", "european", "--decimal", ",", "--day-first")
    run("load_file", path, "--dataset", "american", "--decimal", ".", "--month-first", "--again")
    run("load_file", path, "--dataset", "untold", "--again")
    assert rows("SELECT day::text, amount FROM data.european ORDER BY _row")[0] == ("2024-02-01", 1234)
    assert rows("SELECT day::text, amount FROM data.american ORDER BY _row")[0] == ("2024-01-02", Decimal("1.234"))
    assert rows("SELECT day, amount FROM data.untold ORDER BY _row")[0] == ("01/02/2024", "1.234")


@pytest.mark.usefixtures("data_schema")
@pytest.mark.parametrize("said", [("--delimiter", "ab"), ("--encoding", "klingon"), ("--header-row", "0")])
def test_an_option_that_cannot_be_used_is_wrong_usage_and_nothing_is_loaded(good: Path, said: tuple[str, str]) -> None:
    _, _, error = refused("load_file", good, *said)
    assert error.returncode == 2
    assert not UploadedFile.objects.exists()


@pytest.mark.usefixtures("data_schema")
def test_a_missing_path_is_wrong_usage_and_nothing_is_loaded(good: Path, tmp_path: Path) -> None:
    _, _, error = refused("load_file", good, tmp_path / "nowhere.csv")
    assert "there is no file" in str(error)
    assert not UploadedFile.objects.exists()


@pytest.mark.usefixtures("data_schema")
def test_people_read_what_became_of_each_file(good: Path) -> None:
    out = run("load_file", good)
    assert "prices.csv: active (file " in out
    assert "data.prices: 2 rows, " in out


@pytest.mark.usefixtures("data_schema")
def test_people_read_why_rows_were_rejected(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("id;name\n1;Ana\n2;Bo\n1;Cy\n")
    told = run("load_file", path, "--mode", "merge", "--key", "id").splitlines()
    assert "    “id” stands in an earlier row too: line 4." in told


@pytest.mark.usefixtures("data_schema")
def test_ctrl_c_hands_the_file_back_to_the_queue(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LoadBar, "follow", lambda *figures: os.kill(os.getpid(), signal.SIGINT))
    out, _, error = refused("load_file", good, good)
    assert error.returncode == 130
    assert "prices.csv: waiting" in out
    assert list(UploadedFile.objects.values_list("state", flat=True)) == ["waiting"]
    assert not any(name.startswith("_file_") for name in data_tables())


def test_a_file_that_a_worker_took_first_is_followed_and_taken_over_when_it_is_lost(
    pipeline: Pipeline, settings: Any
) -> None:
    file = pipeline.receive(GOOD)
    whole = settings.LEASE_SECONDS
    settings.LEASE_SECONDS = 1
    assert claim_file(file_id=file.pk, worker="a worker that dies") is not None
    settings.LEASE_SECONDS = whole
    bar = LoadBar(name=file.name, size=file.size)
    receipt = load_in_foreground(file_id=file.pk, reader=pipeline.reader, bar=bar, stop=threading.Event())
    bar.close()
    assert receipt.state is FileState.ACTIVE
    assert UploadedFile.objects.get(pk=file.pk).fence == 2


def test_activate_and_deactivate_by_number(pipeline: Pipeline) -> None:
    number = pipeline.load(GOOD, "prices.csv").file_id
    assert "2 rows are hidden from data.prices and kept" in run("deactivate_file", number)
    assert rows("SELECT count(*) FROM data.prices") == [(0,)]
    [file] = json.loads(run("activate_file", number, "--json"))["files"]
    assert (file["id"], file["state"], file["rows"], file["datasets"]) == (number, "active", 2, ["prices"])
    assert rows("SELECT count(*) FROM data.prices") == [(2,)]


def test_an_act_that_is_refused_does_not_stop_the_others(pipeline: Pipeline) -> None:
    number = pipeline.load(GOOD).file_id
    out, _, error = refused("deactivate_file", number, number + 1_000, "--json")
    assert [file["error"] and file["error"]["code"] for file in json.loads(out)["files"]] == [None, "file_not_found"]
    assert error.returncode == 1
    assert UploadedFile.objects.get(pk=number).state == FileState.LOADED


def test_delete_removes_rows_and_bytes_and_keeps_the_record(pipeline: Pipeline) -> None:
    number = pipeline.load(GOOD).file_id
    run("delete_file", number, "--yes")
    file = UploadedFile.objects.get(pk=number)
    assert (file.state, file.stored_as) == (FileState.DELETED, "")
    assert not any(name.startswith("_file_") for name in data_tables())


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_delete_asks_at_a_terminal_and_takes_no_for_an_answer(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = pipeline.load(GOOD).file_id
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    _, err, error = refused("delete_file", number)
    assert "ends too: it has no other file.\nDelete 2 rows and the stored bytes for good? [y/N]" in err
    assert error.returncode == 1
    assert UploadedFile.objects.get(pk=number).state == FileState.ACTIVE
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    run("delete_file", number)
    assert UploadedFile.objects.get(pk=number).state == FileState.DELETED


def test_list_files_aligns_a_table_and_hides_the_deleted(pipeline: Pipeline) -> None:
    first = pipeline.load(GOOD, "prices.csv").file_id
    second = pipeline.load("", "empty.csv").file_id
    third = pipeline.load(GOOD, "日本.csv").file_id
    run("delete_file", third, "--yes")
    header, *lines = run("list_files").splitlines()
    assert [line.split()[0] for line in lines] == [str(second), str(first)]
    assert lines[1].index("prices.csv") == header.index("NAME")
    assert "failed (empty_file)" in lines[0]
    assert [file["id"] for file in json.loads(run("list_files", "--state", "deleted", "--json"))["files"]] == [third]
    assert [file["id"] for file in json.loads(run("list_files", "--dataset", "prices", "--json"))["files"]] == [first]


def test_list_files_without_files_says_what_to_do(db: None) -> None:
    err = StringIO()
    call_command("list_files", stdout=StringIO(), stderr=err)
    assert "load_file PATH" in err.getvalue()


@pytest.mark.parametrize("name", ["load_file", "activate_file", "deactivate_file", "delete_file", "list_files"])
def test_help_shows_examples_and_explains_every_option(name: str) -> None:
    parser = own_command(name).create_parser("manage.py", name)
    text = parser.format_help()
    assert f"manage.py {name} " in text.partition("examples:")[2]
    assert all(action.help for action in parser._actions)


@pytest.mark.usefixtures("data_schema")
def test_stdout_of_a_process_is_json_alone(good: Path) -> None:
    """As a script sees it: exit status, JSON on stdout, all else on stderr."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": "",
        "VAR_DIR": str(settings.VAR_DIR),
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "load_file", "--json", str(good.with_name("nowhere.csv"))],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no file" in done.stderr


@pytest.mark.usefixtures("data_schema")
def test_load_file_says_what_it_kept_apart_and_how_to_have_it_as_rows(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.csv"
    ledger.write_text("account,debit\nA1,10\nA2,20\nTotal,30\n")
    told = run("load_file", ledger)
    assert "Line 4, “Total 30”, calls itself a total" in told
    assert "read everything as one table." in told
    assert "as one table" not in run("load_file", ledger, one_table=True)
