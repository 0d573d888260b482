"""The commands that say how files are read."""

import json
import zipfile
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from tests.integration.conftest import Pipeline, rows
from tests.integration.rejects.faulty_files import load_faulty
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

    assert err == "sales.csv: format remembered for this dataset: day first\n"
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

    assert run("dataset_reading", "sales")[0].startswith("delimiter “;” (“a.csv”, ")
    assert "day first (staff, " in run("dataset_reading", "sales", "--day-first")[0]
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
    assert err == f"file {receipt.file_id}: 2 fixed rows are rejected again in the new reading\n"


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "name"])
    sheet.append([1, "one"])
    book.save(path)
    return path


def wrong_usage(name: str, *args: object) -> str:
    """What a command says that ends with 2."""
    with pytest.raises(CommandError) as error:
        run(name, *args)
    assert error.value.returncode == 2, str(error.value)
    return str(error.value)


@pytest.mark.usefixtures("data_schema")
def test_load_file_refuses_an_option_that_applies_to_none_of_the_files(doubtful: Path, workbook: Path) -> None:
    assert "--sheet can't apply to sales.csv" in wrong_usage("load_file", doubtful, "--sheet", "Sheet")
    said = wrong_usage("load_file", workbook, workbook, "--delimiter", ";", "--encoding", "utf-8")
    assert "--delimiter and --encoding can't apply to any of these files" in said
    assert not UploadedFile.objects.exists()
    run("load_file", doubtful, workbook, "--sheet", "Sheet", "--delimiter", ";")
    assert UploadedFile.objects.filter(state="active").count() == 2


@pytest.mark.usefixtures("data_schema")
def test_load_file_leaves_an_archive_and_what_cannot_be_read_to_the_load(doubtful: Path, tmp_path: Path) -> None:
    archive, broken, image = (tmp_path / name for name in ("all.zip", "broken.zip", "image.png"))
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(doubtful, "sales.csv")
    broken.write_bytes(b"PK\x03\x04 and no more")
    image.write_bytes(b"\x89PNG\r\n\x1a\n")
    run("load_file", archive, "--sheet", "Sheet", "--delimiter", ";")
    for path in (broken, image):
        with pytest.raises(CommandError) as error:
            run("load_file", path, "--sheet", "Sheet")
        assert error.value.returncode == 1


def test_read_again_refuses_an_option_that_applies_to_none_of_the_files(pipeline: Pipeline, workbook: Path) -> None:
    text = pipeline.load("id;name\n1;one\n").file_id
    sheets = pipeline.load_path(workbook).file_id
    assert f"--sheet can't apply to file {text}." in wrong_usage("read_again", text, "--sheet", "Sheet")
    assert f"--delimiter can't apply to file {sheets}." in wrong_usage("read_again", sheets, "--delimiter", ";")
    assert UploadedFile.objects.count() == 2
    run("read_again", text, sheets, "--delimiter", ";")
    assert UploadedFile.objects.count() == 4


@pytest.mark.usefixtures("data_schema")
@pytest.mark.parametrize("said", [("--decimal", ","), ("--day-first",), ("--month-first",)])
def test_everything_as_text_and_how_numbers_or_dates_are_written_contradict_each_other(
    doubtful: Path, said: tuple[str, ...]
) -> None:
    assert "Say one of them." in wrong_usage("load_file", doubtful, "--all-text", *said)
    run("load_file", doubtful, "--no-all-text", *said)


@pytest.mark.usefixtures("data_schema")
def test_everything_as_text_where_the_types_hold_is_told(doubtful: Path) -> None:
    run("load_file", doubtful, "--dataset", "sales", "--day-first")
    out, _ = run("load_file", doubtful, "--dataset", "sales", "--all-text", "--again")
    assert "its columns keep their types" in out
    out, _ = run("load_file", doubtful, "--dataset", "sales", "--again")
    assert "its columns keep their types" not in out


def test_list_files_takes_a_number_from_one_and_a_dataset_that_there_is(pipeline: Pipeline) -> None:
    pipeline.load("id;name\n1;one\n", "a.csv", dataset="letters")
    for number in ("0", "-1", "x", "²"):
        with pytest.raises(CommandError):
            run("list_files", "--limit", number)
    with pytest.raises(CommandError, match="There is no dataset “lettres”") as error:
        run("list_files", "--dataset", "lettres")
    assert error.value.returncode == 1
    assert "a.csv" in run("list_files", "--dataset", "letters", "--limit", "1")[0]
    assert run("list_files", "--dataset", "letters", "--state", "failed") == ("", "No file is like that.\n")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (("--type", "price=text"), "--type is about a change of the words"),
        (("--dry-run",), "--dry-run is about a change of the words"),
        (("NA", "--none"), "contradict each other"),
        (("NA", "--type", "price=text", "--type", "price=bigint"), "“price” is to get two types"),
    ],
)
def test_null_words_refuses_what_it_would_pass_over(pipeline: Pipeline, said: tuple[str, ...], why: str) -> None:
    pipeline.load("price;name\n1;NA\n", dataset="prices")
    assert why in wrong_usage("null_words", "prices", *said)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (("price", "text", "--decimal", ","), "A decimal mark was chosen, and no column is to become numbers."),
        (("name", "date", "--decimal", ","), "A decimal mark was chosen, and no column is to become numbers."),
        (("price", "numeric", "--day-first"), "An order of dates was chosen, and no column is to become dates."),
    ],
)
def test_change_column_refuses_what_means_nothing_for_the_type(
    pipeline: Pipeline, said: tuple[str, ...], why: str
) -> None:
    pipeline.load("price;name\n1;NA\n", dataset="prices")
    assert why in wrong_usage("change_column", "prices", *said)


def test_dataset_reading_knows_only_what_a_dataset_remembers(pipeline: Pipeline) -> None:
    pipeline.load("price;name\n1;NA\n", dataset="prices")
    with pytest.raises(CommandError, match="invalid choice: 'null-words'"):
        run("dataset_reading", "prices", "--auto", "null-words")
