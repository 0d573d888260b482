"""The commands that say how files are read."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.integration.conftest import Pipeline, rows
from tests.integration.rejects.test_mend import load_faulty
from uploads.models import UploadedFile
from uploads.services.options.remembered import remembered_options
from uploads.services.rejects.mend import mend_rejected_rows

DOUBTFUL = "day;amount\n01/02/2024;1.5\n"


def run(name: str, *args: object) -> tuple[str, str]:
    """What a command prints on stdout and on stderr."""
    out, err = StringIO(), StringIO()
    call_command(name, *map(str, args), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def doubtful(tmp_path: Path) -> Path:
    path = tmp_path / "sales.csv"
    path.write_text(DOUBTFUL)
    return path


@pytest.mark.usefixtures("data_schema")
def test_load_file_says_on_stderr_what_was_said_before(doubtful: Path) -> None:
    run("load_file", doubtful, "--dataset", "sales", "--day-first")
    out, err = run("load_file", doubtful, "--dataset", "sales", "--again", "--json")

    assert err == "sales.csv: read as said before for this dataset: day first\n"
    assert json.loads(out)["files"][0]["loads"][0]["told"][0]["said"] == "before"


@pytest.mark.usefixtures("data_schema")
def test_auto_has_an_option_found_out(doubtful: Path) -> None:
    run("load_file", doubtful, "--dataset", "sales", "--delimiter", ";")
    _, err = run("load_file", doubtful, "--dataset", "sales", "--auto", "delimiter", "--again")

    assert err == ""
    assert remembered_options(dataset="sales").options == {}


def test_read_again_replaces_the_active_file(pipeline: Pipeline) -> None:
    old = pipeline.load("id;re,mark\n1;a,b\n", "a.csv").file_id
    out, _ = run("read_again", old, "--delimiter", ",", "--dataset", "other")

    assert out.startswith("a.csv: active (file ")
    assert rows("SELECT mark FROM data.other") == [("b",)]
    assert UploadedFile.objects.get(pk=old).state == "loaded"


def test_read_again_tells_what_it_could_not_do(pipeline: Pipeline) -> None:
    old = pipeline.load("id;re,mark\n1;a,b\n", "a.csv").file_id
    err = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("read_again", str(old), "999999", "--header-row", "900", stderr=err, stdout=StringIO())

    assert error.value.returncode == 1
    assert str(error.value) == "2 of 2 files could not be read."
    assert "a.csv (bad_option): " in err.getvalue()
    assert "There is no file 999999." in err.getvalue()


@pytest.mark.parametrize(
    "said", [["--delimiter", ";;"], ["--auto", "colour"], ["--auto", "delimiter", "--delimiter", ";"]]
)
@pytest.mark.django_db
def test_what_cannot_be_used_is_wrong_usage(said: list[str]) -> None:
    with pytest.raises(CommandError) as error:
        run("read_again", 1, *said)
    assert error.value.returncode in (1, 2)
    assert "no file" not in str(error.value)


def test_dataset_reading_shows_changes_and_forgets(pipeline: Pipeline) -> None:
    pipeline.load(DOUBTFUL, "a.csv", dataset="sales", options={"delimiter": ";"})

    assert run("dataset_reading", "sales")[0].startswith("delimiter “;” (with “a.csv”, ")
    assert "day first (by staff, " in run("dataset_reading", "sales", "--day-first")[0]
    assert json.loads(run("dataset_reading", "sales", "--auto", "delimiter", "--json")[0]) == {
        "reading": {"day_first": True}
    }
    assert run("dataset_reading", "sales", "--forget")[0].startswith("Nothing is remembered")
    with pytest.raises(CommandError):
        run("dataset_reading", "nowhere")


def test_read_again_says_first_that_mends_do_not_go_along(pipeline: Pipeline) -> None:
    receipt = load_faulty(pipeline)
    mend_rejected_rows(load_id=receipt.loads[0].load_id)
    _, err = run("read_again", receipt.file_id, "--json")
    assert err == f"file {receipt.file_id}: 2 mended rows are rejected again in the new reading\n"
