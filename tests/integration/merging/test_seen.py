"""*Activate* carries what was seen: where it would do something else by then it is refused, and the page shown anew."""

import re

import pytest
from django.test import Client

from tests.integration.conftest import Pipeline, rows
from tests.integration.merging.test_asked import JANUARY, SEEN, buttons, load, staff
from uploads.models import UploadedFile
from uploads.services.errors import ForecastChanged
from uploads.services.files.activation import activate_file, deactivate_file
from uploads.services.joining.modes import activate_unasked
from uploads.services.joining.seen import activation_seen
from uploads.services.merging.asked import parse_seen
from uploads.services.merging.choices import SaidChoices
from uploads.services.merging.modes import change_mode
from uploads.states import FileState, Kept, Mode
from uploads.tabular.errors import BadOption

__all__ = ["staff"]
FEBRUARY = "code;price;region\nA1;11;East\nE5;50;East\n"
MARCH = "code;price;region\nA1;12;West\nE5;51;West\n"
CHANGED = "“prices” has changed since you looked at “prices.csv”"


def waiting(pipeline: Pipeline, text: str) -> UploadedFile:
    return load(pipeline, text, activate=False)


def seen_on(page: str) -> str:
    found = re.findall(r'name="seen" value="([^"]*)"', page)
    assert len(set(found)) == 1
    return str(found[0])


@pytest.mark.parametrize("is_review", [False, True])
def test_a_click_that_comes_late_is_refused_and_the_next_one_does_it(
    staff: Client, pipeline: Pipeline, *, is_review: bool
) -> None:
    load(pipeline, JANUARY, mode="merge", key="code")
    file, other = waiting(pipeline, FEBRUARY), waiting(pipeline, MARCH)
    address = f"/admin/uploads/review/{file.pk}/" if is_review else f"/receipts/{file.token}/"
    act, said = (address, {"act": "activate"}) if is_review else (f"{address}join/", {})
    late = seen_on(staff.get(address).content.decode())
    activate_unasked(file_id=other.pk)
    before = rows(SEEN)
    page = staff.post(act, {**said, "seen": late}, follow=True).content.decode()
    assert CHANGED in page
    assert rows(SEEN) == before
    staff.post(act, {**said, "seen": seen_on(page)})
    assert rows(SEEN)[0] == ("A1", 11, "East")
    file.refresh_from_db()
    assert (file.state, file.mode_seen) == (FileState.ACTIVE, {})


def test_it_is_one_over_the_api_too(staff: Client, pipeline: Pipeline) -> None:
    load(pipeline, JANUARY, mode="merge", key="code")
    file, other = waiting(pipeline, FEBRUARY), waiting(pipeline, MARCH)
    seen = staff.get(f"/api/files/{file.pk}/overlaps").json()["activation_seen"]
    activate_unasked(file_id=other.pk)
    refused = staff.post(f"/api/files/{file.pk}/activate?seen={seen}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "forecast_changed")
    assert staff.post(f"/api/files/{file.pk}/activate?seen=prices:x").status_code == 400
    assert staff.post(f"/api/files/{file.pk}/activate").json()["state"] == "active", "nobody has to say what was seen"


def test_it_is_asked_once_more_when_the_dataset_is_held(pipeline: Pipeline) -> None:
    load(pipeline, JANUARY, mode="merge", key="code")
    file, other = waiting(pipeline, FEBRUARY), waiting(pipeline, MARCH)
    seen = parse_seen(activation_seen(file_id=file.pk))
    activate_unasked(file_id=other.pk)
    with pytest.raises(ForecastChanged):
        activate_file(file_id=file.pk, mode_seen=seen)
    file.refresh_from_db()
    assert (file.state, file.mode_seen) == (FileState.LOADED, {})


def test_to_make_it_the_full_list_is_a_click_as_any(staff: Client, pipeline: Pipeline) -> None:
    first = load(pipeline, JANUARY, mode="merge", key="code")
    file, other = waiting(pipeline, FEBRUARY), waiting(pipeline, MARCH)
    full = buttons(staff.get(f"/receipts/{file.token}/").content.decode())["Activate as the full list"]
    activate_unasked(file_id=other.pk)
    assert CHANGED in staff.post(f"/receipts/{file.token}/join/", full, follow=True).content.decode()
    deactivate_file(file_id=other.pk)
    staff.post(f"/receipts/{file.token}/join/", full)
    assert [row[0] for row in rows(SEEN)] == ["A1", "E5"], f"of file {first.pk} nothing is seen"


@pytest.mark.parametrize("mode", [Mode.APPEND, Mode.REPLACE, Mode.MERGE])
def test_how_files_join_was_changed(pipeline: Pipeline, mode: Mode) -> None:
    load(pipeline, JANUARY)
    file = waiting(pipeline, FEBRUARY)
    seen = activation_seen(file_id=file.pk)
    said = SaidChoices(blanks=Kept.KEEP) if mode is Mode.MERGE else None
    change_mode(slug="prices", mode=mode, key=["code"] if mode is Mode.MERGE else [], said=said)
    with pytest.raises(ForecastChanged):
        activate_unasked(file_id=file.pk, seen=seen)


def test_where_rows_are_only_added_another_file_is_no_matter(pipeline: Pipeline) -> None:
    load(pipeline, JANUARY)
    file, other = waiting(pipeline, FEBRUARY), waiting(pipeline, "code;price;region\nX1;1;East\nX2;2;East\n")
    seen = activation_seen(file_id=file.pk)
    activate_unasked(file_id=other.pk)
    assert activate_unasked(file_id=file.pk, seen=seen).rows == 2


def test_unless_it_has_rows_of_this_one_and_nobody_was_asked(pipeline: Pipeline) -> None:
    load(pipeline, "code;price;region\nX1;1;East\nX2;2;East\n")
    file = load(pipeline, FEBRUARY, activate=False, via="page")
    seen = activation_seen(file_id=file.pk)
    activate_unasked(file_id=waiting(pipeline, MARCH).pk)
    with pytest.raises(ForecastChanged):
        activate_unasked(file_id=file.pk, seen=seen)


def test_a_dataset_of_its_columns_has_come_to_be(pipeline: Pipeline) -> None:
    file, other = waiting(pipeline, FEBRUARY), waiting(pipeline, MARCH)
    seen = activation_seen(file_id=file.pk)
    activate_unasked(file_id=other.pk)
    with pytest.raises(ForecastChanged):
        activate_unasked(file_id=file.pk, seen=seen)
    assert activate_unasked(file_id=file.pk, seen=activation_seen(file_id=file.pk)).rows == 2


@pytest.mark.parametrize(
    "seen", ["prices", "prices:", "prices:0a1b2c3d4e5f-", "prices:0a1b2c3d4e5f-1", ":0a1b2c3d4e5f"]
)
def test_what_was_never_seen_is_refused(pipeline: Pipeline, seen: str) -> None:
    file = waiting(pipeline, FEBRUARY)
    with pytest.raises(BadOption):
        activate_unasked(file_id=file.pk, seen=seen)
