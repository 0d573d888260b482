"""What makes one row of those with the same key, on every face: marks, blanks, missing columns, full files."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from tests.integration.conftest import Pipeline, rows
from uploads.models import Dataset, DatasetColumn, Load, UploadedFile
from uploads.services.columns.shape import remove_column, rename_column
from uploads.services.files.activation import activate_file, deactivate_file
from uploads.services.merging.choices import SaidChoices
from uploads.services.merging.modes import change_mode
from uploads.states import FileState, Mode
from uploads.tabular.errors import BadOption

JANUARY = "code;price;note;gone\nA1;10;old;no\nB2;20;old;no\nC3;30;old;no\n"
FEBRUARY = "code;price;note;gone\nA1;11;;no\nB2;;;yes\nD4;40;new;\n"
SEEN = "SELECT code, price, note FROM data.prices ORDER BY code"
WHOLE = [("A1", 11, None), ("B2", None, None), ("C3", 30, "old"), ("D4", 40, "new")]


@pytest.fixture
def staff(pipeline: Pipeline) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("ana"))
    return client


def load(pipeline: Pipeline, text: str, **wishes: object) -> UploadedFile:
    return UploadedFile.objects.get(pk=pipeline.load(text, "prices.csv", activate=True, **wishes).file_id)


def run(*arguments: str) -> Any:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return json.loads(out.getvalue()) if "--json" in arguments else out.getvalue()


def change(**said: Any) -> None:
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"], said=SaidChoices(**said))


def put(client: Client, **wish: Any) -> Any:
    return client.put(
        "/api/datasets/prices/mode", {"mode": "merge", "key": ["code"], **wish}, content_type="application/json"
    )


def test_command_says_each_choice_and_what_is_not_said_stays(pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    load(pipeline, FEBRUARY)
    run("dataset_mode", "prices", "merge", "--key", "code")
    assert rows(SEEN) == WHOLE
    assert "a blank leaves the old value" in run("dataset_mode", "prices", "--blanks", "keep")
    assert rows(SEEN) == [("A1", 11, "old"), ("B2", 20, "old"), ("C3", 30, "old"), ("D4", 40, "new")]
    words = run("dataset_mode", "prices", "--delete-when", "gone=yes")
    assert "a blank leaves the old value; a row with “yes” in “gone” deletes its key" in words
    assert rows(SEEN) == [("A1", 11, "old"), ("C3", 30, "old"), ("D4", 40, "new")]
    run("dataset_mode", "prices", "--blanks", "replace")
    assert rows(SEEN) == [("A1", 11, None), ("C3", 30, "old"), ("D4", 40, "new")]
    answer = run("dataset_mode", "prices", "--missing-columns", "keep", "--json")
    assert (answer["blanks"], answer["missing_columns"]) == ("replace", "keep")
    assert answer["delete_when"] == {"column": "gone", "values": ["yes"]}
    run("dataset_mode", "prices", "--delete-when", "none")
    run("dataset_mode", "prices", "append")
    assert Dataset.objects.get(slug="prices").merge_choices == {}
    for wrong in (["append", "--blanks", "keep"], ["merge", "--key", "code", "--delete-when", "gone"]):
        with pytest.raises(CommandError) as refused:
            run("dataset_mode", "prices", *wrong)
        assert refused.value.returncode == 2


@pytest.mark.parametrize(
    ("mark", "words"),
    [(("code", ["x"]), "told apart"), (("colour", ["x"]), "no column"), (("gone", [" "]), "No value")],
)
def test_a_column_that_cannot_say_what_is_deleted_is_refused(
    pipeline: Pipeline, mark: tuple[str, list[str]], words: str
) -> None:
    load(pipeline, JANUARY)
    with pytest.raises(BadOption, match=words):
        change(delete_when=mark)
    assert Dataset.objects.values_list("mode", "merge_choices").get(slug="prices") == ("append", {})


def test_api_says_each_choice(staff: Client, pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    load(pipeline, FEBRUARY)
    answer = put(staff, blanks="keep", delete_when={"column": "gone", "values": ["yes"]}).json()
    assert (answer["blanks"], answer["delete_when"]) == ("keep", {"column": "gone", "values": ["yes"]})
    assert rows(SEEN) == [("A1", 11, "old"), ("C3", 30, "old"), ("D4", 40, "new")]
    assert staff.get("/api/datasets/prices").json()["delete_when"] == {"column": "gone", "values": ["yes"]}
    assert put(staff).json()["blanks"] == "keep"
    assert put(staff, blanks="sometimes").status_code in (400, 422)
    assert put(staff, mode="append", key=[], blanks="keep").status_code == 400
    put(staff, blanks="replace", delete_when={"column": ""})
    assert rows(SEEN) == WHOLE


def test_pages_say_and_change_each_choice(staff: Client, pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    load(pipeline, FEBRUARY)
    form = {"mode": "merge", "key": ["code"], "blanks": "keep", "missing_columns": "replace"}
    staff.post("/datasets/prices/mode/", {**form, "delete_column": "gone", "delete_values": "yes, true"})
    assert rows(SEEN) == [("A1", 11, "old"), ("C3", 30, "old"), ("D4", 40, "new")]
    words = "a blank leaves the old value; a row with “yes” or “true” in “gone” deletes its key."
    assert words in staff.get("/datasets/prices/").content.decode()
    page = staff.get("/datasets/prices/mode/").content.decode()
    assert '<option value="keep" selected>' in page
    assert '<option value="gone" selected>' in page
    assert 'value="yes, true"' in page
    march = pipeline.load("code;price;note;gone\nA1;12;;no\n", "prices.csv", activate=False)
    receipt = staff.get(f"/receipts/{UploadedFile.objects.get(pk=march.file_id).token}/").content.decode()
    assert "Activating it updates 1 row; a blank leaves the old value" in receipt
    staff.post("/datasets/prices/mode/", {**form, "blanks": "replace", "delete_column": ""})
    assert rows(SEEN) == WHOLE


def test_a_file_that_lacks_a_column_leaves_the_old_values_where_that_was_chosen(pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    DatasetColumn.objects.filter(name="note").update(optional=True)
    change(missing="keep")
    lacking = load(pipeline, "code;price;gone\nA1;;no\nD4;40;no\n", dataset="prices")
    assert Load.objects.get(file=lacking).columns_missing == ["note"]
    assert rows(SEEN) == [("A1", None, "old"), ("B2", 20, "old"), ("C3", 30, "old"), ("D4", 40, None)]
    change(missing="replace")
    assert rows(SEEN)[0] == ("A1", None, None)


def test_what_a_file_in_the_middle_wrote_goes_with_it(pipeline: Pipeline) -> None:
    load(pipeline, "code;price\nA1;1\n")
    change(blanks="keep")
    middle = load(pipeline, "code;price\nA1;2\nZ9;\n")
    load(pipeline, "code;price\nA1;\nB2;5\n")
    assert rows("SELECT code, price FROM data.prices ORDER BY 1") == [("A1", 2), ("B2", 5), ("Z9", None)]
    deactivate_file(file_id=middle.pk)
    assert rows("SELECT code, price FROM data.prices ORDER BY 1") == [("A1", 1), ("B2", 5)]
    activate_file(file_id=middle.pk)
    assert rows("SELECT code, price FROM data.prices ORDER BY 1") == [("A1", 2), ("B2", 5), ("Z9", None)]


def test_the_column_of_marks_is_renamed_and_not_removed(pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    change(delete_when=("gone", ["yes"]))
    with pytest.raises(BadOption, match="says which rows are deleted"):
        remove_column(slug="prices", name="gone")
    rename_column(slug="prices", name="gone", label="left")
    load(pipeline, FEBRUARY.replace("gone", "left"))
    assert [code for code, _, _ in rows(SEEN)] == ["A1", "C3", "D4"]


def test_a_full_file_takes_out_of_sight_what_it_lacks(pipeline: Pipeline, tmp_path: Path) -> None:
    load(pipeline, JANUARY, mode="merge", key="code")
    change(delete_when=("gone", ["yes"]))
    path = tmp_path / "prices.csv"
    path.write_text(FEBRUARY)
    [answer] = run("load_file", str(path), "--mode", "merge", "--full", "--activate", "--json")["files"]
    assert rows(SEEN) == [("A1", 11, None), ("D4", 40, "new")]
    load(pipeline, "code;price;note;gone\nC3;31;back;no\n")
    assert [code for code, _, _ in rows(SEEN)] == ["A1", "C3", "D4"]
    hidden = list(Load.objects.exclude(part="").order_by("file_id").values_list("rows_hidden", flat=True))
    assert hidden == [3, 1, 0]
    deactivate_file(file_id=answer["id"])
    assert rows(SEEN) == [("A1", 10, "old"), ("B2", 20, "old"), ("C3", 31, "back")]


def test_full_is_said_over_the_api_and_on_the_receipt(staff: Client, pipeline: Pipeline) -> None:
    load(pipeline, JANUARY, mode="merge", key="code")
    february = pipeline.load(FEBRUARY, "prices.csv", activate=False)
    page = staff.get(f"/receipts/{UploadedFile.objects.get(pk=february.file_id).token}/").content.decode()
    assert "Activate as the full list" in page
    token = UploadedFile.objects.get(pk=february.file_id).token
    staff.post(f"/receipts/{token}/join/", {"mode": "merge", "full": "true"})
    assert [code for code, _, _ in rows(SEEN)] == ["A1", "B2", "D4"]
    assert "It is a full list" in staff.get(f"/receipts/{token}/").content.decode()
    march = pipeline.load("code;price;note;gone\nE5;50;;no\n", "prices.csv", activate=False)
    joined = staff.post(
        f"/api/files/{march.file_id}/join", {"mode": "merge", "full": True}, content_type="application/json"
    )
    assert joined.json()["state"] == "active"
    assert [code for code, _, _ in rows(SEEN)] == ["E5"]
    deactivate_file(file_id=march.file_id)
    review = staff.get(f"/admin/uploads/review/{march.file_id}/").content.decode()
    assert "Activate as the full list" not in review  # it is one already
    assert "Activate 1 row" in review
    assert staff.post(f"/api/files/{march.file_id}/activate").json()["state"] == "active"
    sent = SimpleUploadedFile("prices.csv", b"code;price;note;gone\nF6;60;;no\n")
    accepted = staff.post("/api/files", {"file": sent, "mode": "merge", "full": "true"})
    assert UploadedFile.objects.get(pk=accepted.json()["id"]).full
    refused = staff.post("/api/files", {"file": SimpleUploadedFile("x.csv", b"a;b\n1;2\n"), "full": "true"})
    assert refused.status_code == 400


def test_a_full_list_is_said_not_to_be_one_any_more(staff: Client, pipeline: Pipeline) -> None:
    """On the receipt, by command and over the API; what says nothing of it leaves it as it is."""
    load(pipeline, JANUARY, mode="merge", key="code")
    file = load(pipeline, FEBRUARY, mode="merge", full=True)
    all_rows = ["A1", "B2", "C3", "D4"]

    def is_one() -> bool:
        now = [code for code, _, _ in rows(SEEN)]
        assert now in (["A1", "B2", "D4"], all_rows)
        deactivate_file(file_id=file.pk)
        return now != all_rows

    def join(**said: object) -> None:
        staff.post(f"/api/files/{file.pk}/join", {"mode": "merge", **said}, content_type="application/json")

    assert is_one()
    page = staff.get(f"/receipts/{file.token}/").content.decode()
    assert "Activate, but not as the full list" in page
    staff.post(f"/receipts/{file.token}/join/", {"mode": "merge", "full": "false"})
    assert not is_one()
    assert "It is a full list" not in staff.get(f"/receipts/{file.token}/").content.decode()
    call_command("activate_file", file.pk, mode="merge", full=True)
    assert is_one()
    join()
    assert is_one()
    join(full=False)
    assert not is_one()
    join(full=True)
    call_command("deactivate_file", file.pk)
    call_command("activate_file", str(file.pk), "--mode", "merge", "--no-full")
    assert not is_one()


def test_a_full_file_and_old_values_that_stay_exclude_each_other(pipeline: Pipeline) -> None:
    load(pipeline, JANUARY, mode="merge", key="code")
    full = load(pipeline, FEBRUARY, mode="merge", full=True)
    with pytest.raises(BadOption, match="full one"):
        change(blanks="keep")
    deactivate_file(file_id=full.pk)
    change(blanks="keep")
    with pytest.raises(BadOption, match="full one"):
        activate_file(file_id=full.pk)
    full.refresh_from_db()
    assert full.state == FileState.LOADED
    assert len(rows(SEEN)) == 3


def test_a_full_file_that_may_not_be_activated_stays_loaded_and_says_why(pipeline: Pipeline) -> None:
    load(pipeline, JANUARY, mode="merge", key="code")
    change(missing="keep")
    receipt = pipeline.load(FEBRUARY, "prices.csv", activate=True, mode="merge", full=True)
    file = UploadedFile.objects.get(pk=receipt.file_id)
    assert file.state == FileState.LOADED
    assert "full one" in file.error_message + " ".join(file.events.values_list("text", flat=True))
    assert len(rows(SEEN)) == 3
