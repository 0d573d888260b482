"""Guards on every face: command, API, the dataset's page, the admin; and a file that waits for one."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client, override_settings

from tests.integration.conftest import Pipeline
from uploads.models import Dataset, UploadedFile
from uploads.services.files.activation import deactivate_file, retry_file
from uploads.services.files.receipts import describe_file
from uploads.services.reviewing.queue import Shelf, files_on
from uploads.states import FileState, Guard
from uploads.web.sentences.guards import STAFF_LOOK

OLD = "code;price\n" + "".join(f"A{n};{n}\n" for n in range(50))
NEW = "code;price\n" + "".join(f"A{n};{n}\n" for n in range(34))
FIGURES = "34 rows, 32 % fewer than the 50 before: more than the 20 % that “prices” lets pass."


@pytest.fixture
def staff(pipeline: Pipeline) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("ana"))
    return client


def run(*arguments: str) -> Any:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return json.loads(out.getvalue()) if "--json" in arguments else out.getvalue()


def guards() -> tuple[float | None, float | None, bool]:
    return Dataset.objects.values_list("guard_fewer_rows", "guard_changed", "guard_column_gone").get()


def waiting(pipeline: Pipeline) -> UploadedFile:
    pipeline.load(OLD, "prices.csv")
    run("dataset_mode", "prices", "replace")
    run("dataset_guards", "prices", "--fewer-rows", "20")
    file = UploadedFile.objects.get(pk=pipeline.load(NEW, "prices.csv").file_id)
    assert file.state == FileState.LOADED
    return file


def test_command_says_and_changes_them(pipeline: Pipeline) -> None:
    pipeline.load(OLD, "prices.csv")
    assert run("dataset_guards", "prices") == "No file waits because of its rows or columns: no guard is set.\n"
    words = run("dataset_guards", "prices", "--fewer-rows", "20 %", "--changed", "0.5", "--column-gone")
    assert words == (
        "A file waits for a person where it has more than 20 % fewer rows, more than 0.5 % of the rows changed, or a"
        " column gone.\n"
    )
    run("dataset_guards", "prices", "--changed", "off")
    assert run("dataset_guards", "prices", "--json") == {"fewer_rows": 20.0, "changed": None, "column_gone": True}
    for wrong in (["--fewer-rows", "120"], ["--off", "--changed", "1"]):
        with pytest.raises(CommandError) as refused:
            run("dataset_guards", "prices", *wrong)
        assert refused.value.returncode == 2
    with pytest.raises(CommandError, match="There is no dataset") as refused:
        run("dataset_guards", "nothing")
    assert refused.value.returncode == 1
    run("dataset_guards", "prices", "--off")
    assert guards() == (None, None, False)


def test_api_says_and_changes_them(staff: Client, pipeline: Pipeline) -> None:
    pipeline.load(OLD, "prices.csv")
    off = {"fewer_rows": None, "changed": None, "column_gone": False}
    assert staff.get("/api/datasets/prices").json()["guards"] == off
    put = {"fewer_rows": 20, "column_gone": True}
    answer = staff.put("/api/datasets/prices/guards", put, content_type="application/json")
    assert answer.json() == {"fewer_rows": 20.0, "changed": None, "column_gone": True}
    answer = staff.put("/api/datasets/prices/guards", {"fewer_rows": None}, content_type="application/json")
    assert answer.json() == {"fewer_rows": None, "changed": None, "column_gone": True}
    for wrong in ({"changed": 100}, {"changed": -1}, {"rows": 5}, {"changed": "x"}):
        refused = staff.put("/api/datasets/prices/guards", wrong, content_type="application/json")
        assert refused.status_code == 400
    assert Client().put("/api/datasets/prices/guards", off, content_type="application/json").status_code in (401, 403)
    assert guards() == (None, None, True)


def test_page_and_admin_say_and_change_them(staff: Client, pipeline: Pipeline) -> None:
    pipeline.load(OLD, "prices.csv")
    assert "Have files wait…" in staff.get("/datasets/prices/").content.decode()
    form = staff.get("/datasets/prices/guards/").content.decode()
    assert "A file’s rows are counted against the active file that stands last." in form
    saved = staff.post("/datasets/prices/guards/", {"fewer_rows": "20", "changed": "0.5", "column_gone": "true"})
    assert saved.status_code == 302
    assert guards() == (20, 0.5, True)
    assert "A file waits for a person where it has more than 20 % fewer rows" in (
        Client().get("/datasets/prices/").content.decode()
    )
    form = staff.get("/datasets/prices/guards/").content.decode()
    assert 'value="20"' in form
    assert 'value="0.5"' in form
    wrong = staff.post("/datasets/prices/guards/", {"fewer_rows": "lots", "changed": ""}, follow=True)
    assert "“lots” is not a percentage." in wrong.content.decode()
    assert guards() == (20, 0.5, True)
    shown = staff.get(f"/admin/uploads/dataset/{Dataset.objects.get().pk}/change/").content.decode()
    assert "more than 20 % fewer rows, more than 0.5 % of the rows changed, or a column gone" in shown
    staff.post("/datasets/prices/guards/", {"fewer_rows": "", "changed": ""})
    assert guards() == (None, None, False)
    assert Client().get("/datasets/prices/guards/").status_code in (302, 401, 403)


def test_a_file_that_waits_says_why_on_receipt_review_and_api(staff: Client, pipeline: Pipeline) -> None:
    file = waiting(pipeline)
    receipt = staff.get(f"/receipts/{file.token}/").content.decode()
    assert f"{FIGURES} If that is right, activate it." in receipt
    assert STAFF_LOOK in Client().get(f"/receipts/{file.token}/").content.decode()
    assert FIGURES in staff.get("/admin/uploads/review/").content.decode()
    assert FIGURES in staff.get(f"/admin/uploads/review/{file.pk}/").content.decode()
    found = staff.get(f"/api/files/{file.pk}").json()
    assert found["notice"].startswith(FIGURES)
    assert "activate" in [button["act"] for button in found["buttons"]]
    old = UploadedFile.objects.earliest("pk")
    assert found["guards"] == [
        {
            "guard": Guard.FEWER_ROWS.value,
            "dataset": "prices",
            "against": "replaced",
            "files": [old.pk],
            "before": 50,
            "after": 34,
            "percent": 32.0,
            "limit": 20.0,
            "columns": [],
            "sentence": FIGURES,
        }
    ]
    assert staff.post(f"/api/files/{file.pk}/activate").json()["guards"] == []


def test_load_file_tells_it_and_how_to_let_it_in(pipeline: Pipeline, tmp_path: Path) -> None:
    waiting(pipeline).delete()
    path = tmp_path / "prices.csv"
    path.write_text(NEW)
    out = StringIO()
    call_command("load_file", str(path), "--again", stdout=out)
    file = UploadedFile.objects.latest("pk")
    assert f"  {FIGURES}\n  If that is right, activate it. manage.py activate_file {file.pk}\n" in out.getvalue()
    call_command("activate_file", str(file.pk), stdout=out)
    file.refresh_from_db()
    assert file.state == FileState.ACTIVE


def test_a_file_that_was_active_and_waits_when_it_is_loaded_again_is_in_the_queue(
    staff: Client, pipeline: Pipeline
) -> None:
    """What was active once is decided on; but not so what a guard holds back now."""
    again = UploadedFile.objects.get(pk=pipeline.load(NEW, "prices.csv").file_id)
    deactivate_file(file_id=again.pk)
    assert list(files_on(Shelf.STAFF)) == []
    waits = waiting_for(pipeline, again)
    assert list(files_on(Shelf.STAFF)) == [waits]
    assert FIGURES in staff.get("/admin/uploads/review/").content.decode()
    page = f"/admin/uploads/review/{waits.pk}/"
    found = staff.get(page).content.decode()
    assert FIGURES in found
    assert 'value="decline"' in found
    assert describe_file(file_id=waits.pk).state_word == "Needs an answer"
    with override_settings(ANSWER_EXPIRY_DAYS=30):
        assert describe_file(file_id=waits.pk).answer_by is not None
    staff.post(page, {"act": "decline", "text": "Too few."})
    assert list(files_on(Shelf.DECLINED)) == [waits]
    staff.post(page, {"act": "take_up"})
    staff.post(page, {"act": "activate"})
    assert UploadedFile.objects.get(pk=waits.pk).state == FileState.ACTIVE


def waiting_for(pipeline: Pipeline, file: UploadedFile) -> UploadedFile:
    """It is loaded again, and a guard trips."""
    pipeline.load(OLD, "prices.csv")
    run("dataset_mode", "prices", "replace")
    run("dataset_guards", "prices", "--fewer-rows", "20")
    retry_file(file_id=file.pk)
    assert pipeline.finish(file.pk).state is FileState.LOADED
    return UploadedFile.objects.get(pk=file.pk)
