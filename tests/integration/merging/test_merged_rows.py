"""What an active file of a merging dataset changed, on its receipt, over the API and on the terminal."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client

from tests.integration.conftest import Pipeline
from uploads.models import Load, UploadedFile
from uploads.services.files.activation import activate_file, deactivate_file
from uploads.services.files.receipts import describe_file
from uploads.services.merging import changes
from uploads.services.merging.changes import MergedRows, Uncounted
from uploads.services.merging.choices import SaidChoices
from uploads.services.merging.modes import change_mode
from uploads.services.rejects.mend import load_edited_row
from uploads.states import Mode
from uploads.web.sentences.joining import merged_sentences

JANUARY = "code;price;gone\nA1;10;\nB2;20;\nC3;30;\n"
FEBRUARY = "code;price;gone\nA1;11;\nB2;20;\nD4;40;\nE5;50;\n"


def why(file: int) -> Uncounted | None:
    [load] = describe_file(file_id=file).loads
    return load.merged_unknown


def merged(file: int) -> MergedRows | None:
    [load] = describe_file(file_id=file).loads
    return load.merged


def send(pipeline: Pipeline, text: str, **wishes: Any) -> int:
    return pipeline.load(text, "prices.csv", **wishes).file_id


def test_receipt_says_what_was_updated_and_added(pipeline: Pipeline, tmp_path: Path) -> None:
    send(pipeline, JANUARY, mode="merge", key="code")
    path = tmp_path / "prices.csv"
    path.write_text(FEBRUARY)
    out = StringIO()
    call_command("load_file", str(path), "--activate", stdout=out)
    words = "1 row updated, 2 added. The other row changed nothing."
    assert words in out.getvalue()
    file = UploadedFile.objects.latest("pk")
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("ana"))
    assert words in client.get(f"/receipts/{file.token}/").content.decode()
    [load] = client.get(f"/api/receipts/{file.token}").json()["loads"]
    assert load["merged"] == {"updated": 1, "added": 2, "deleted": 0, "unchanged": 1}
    deactivate_file(file_id=file.pk)
    [load] = client.get(f"/api/receipts/{file.token}").json()["loads"]
    assert load["merged"] is None
    out = StringIO()
    path.write_text(FEBRUARY.replace("11", "12"))
    call_command("load_file", str(path), "--activate", "--json", stdout=out)
    assert json.loads(out.getvalue())["files"][0]["loads"][0]["merged"]["updated"] == 1


def test_a_file_that_is_added_to_the_others_says_nothing(pipeline: Pipeline) -> None:
    first = send(pipeline, JANUARY)
    assert merged(first) is None
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    assert merged(first) == MergedRows(updated=0, added=3, deleted=0, unchanged=0)
    change_mode(slug="prices", mode=Mode.APPEND, key=[])
    assert merged(first) is None


@pytest.mark.parametrize("blanks", ["replace", "keep"])
def test_marks_delete_rows_that_were_seen(pipeline: Pipeline, blanks: str) -> None:
    send(pipeline, JANUARY, mode="merge", key="code")
    change_mode(
        slug="prices", mode=Mode.MERGE, key=["code"], said=SaidChoices(blanks=blanks, delete_when=("gone", ["x"]))
    )
    file = send(pipeline, "code;price;gone\nA1;;\nB2;;x\nD4;40;\nZ9;1;x\n")
    changed = 1 if blanks == "replace" else 0
    assert merged(file) == MergedRows(updated=changed, added=1, deleted=1, unchanged=2 - changed)


def test_a_full_list_says_what_it_lacks(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    send(pipeline, JANUARY, mode="merge", key="code")
    file = send(pipeline, FEBRUARY, mode="merge", full=True)
    assert merged(file) == MergedRows(updated=1, added=2, deleted=1, unchanged=1)
    deactivate_file(file_id=file)
    monkeypatch.setattr(changes, "MOST_ROWS", 6)  # 3 rows are seen, and it has 4
    activate_file(file_id=file)
    assert merged(file) is None, "to count it would take too long"
    assert why(file) == Uncounted.TOO_MANY_ROWS
    page = Client().get(f"/receipts/{UploadedFile.objects.get(pk=file).token}/").content.decode()
    assert "What this full list changed was not counted, for it and what it covers have more than" in page
    deactivate_file(file_id=file)
    assert why(file) is None, "it changes nothing now"


def test_a_full_list_below_a_later_file_says_why_it_has_no_figures(pipeline: Pipeline) -> None:
    send(pipeline, JANUARY, mode="merge", key="code")
    full = send(pipeline, "code;price;gone\nA1;11;\n", mode="merge", full=True)
    send(pipeline, "code;price;gone\nB2;1;\n")
    assert why(full) is None
    deactivate_file(file_id=full)
    activate_file(file_id=full)
    assert (merged(full), why(full)) == (None, Uncounted.LATER_FILES)


def test_a_file_below_others_counts_their_keys_as_unchanged(pipeline: Pipeline) -> None:
    send(pipeline, JANUARY, mode="merge", key="code")
    middle = send(pipeline, FEBRUARY)
    send(pipeline, "code;price;gone\nA1;12;\nD4;41;\n")
    deactivate_file(file_id=middle)
    activate_file(file_id=middle)
    assert merged(middle) == MergedRows(updated=0, added=1, deleted=0, unchanged=3)


def test_a_mended_row_is_counted(pipeline: Pipeline) -> None:
    send(pipeline, JANUARY, mode="merge", key="code")
    file = send(pipeline, "code;price;gone\nA1;11;\nC3;x;\n")
    assert merged(file) == MergedRows(updated=1, added=0, deleted=0, unchanged=0)
    reject = Load.objects.get(file=file).rejects.get()
    load_edited_row(reject_id=reject.pk, cells=["C3", "31", ""])
    assert merged(file) == MergedRows(updated=2, added=0, deleted=0, unchanged=0)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ((300, 20, 0, 0), "300 rows updated, 20 added."),
        ((0, 1, 2, 0), "1 row added, 2 deleted."),
        ((0, 0, 0, 3), "It changed nothing that was there."),
        ((1_200, 0, 0, 3), "1,200 rows updated. The other 3 rows changed nothing."),
    ],
)
def test_words(rows: tuple[int, int, int, int], sentence: str) -> None:
    figures = dict(zip(("updated", "added", "deleted", "unchanged"), rows, strict=True))
    assert merged_sentences(MergedRows(**figures)) == (sentence,)
