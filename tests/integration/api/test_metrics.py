"""``/metrics``: who reads it, and what it says."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from tests.integration.conftest import Pipeline
from uploads.models import PartialUpload, UploadedFile
from uploads.services.receiving.parts import begin_part
from uploads.services.receiving.sender import Sender
from uploads.services.receiving.uploads import begin_upload
from uploads.services.upkeep.sweep import Sweep
from uploads.services.upkeep.worker_reports import report_start, report_sweep
from uploads.states import FileState
from uploads.web.events.stream import PLACES

WITH_TOKEN = {"Authorization": "Bearer a secret"}


def read(client: Client) -> dict[tuple[str, str], float]:
    """Each figure by its name and what it is of: a state, an error, a kind."""
    text = client.get("/metrics", headers=WITH_TOKEN).text
    families = text_string_to_metric_families(text)
    samples = [sample for family in families for sample in family.samples]
    return {
        (sample.name, next((sample.labels[name] for name in ("kind", "state", "code") if name in sample.labels), "")): (
            sample.value
        )
        for sample in samples
    }


@pytest.mark.django_db
def test_there_is_no_such_page_without_a_token_in_the_settings(client: Client) -> None:
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("sent", ["", "a secret", "Bearer another", "Basic a secret"])
def test_figures_are_told_to_who_knows_the_token_alone(client: Client, settings: Settings, sent: str) -> None:
    settings.METRICS_TOKEN = "a secret"
    refused = client.get("/metrics", headers={"Authorization": sent})
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "wrong_credentials")
    assert "uploader_" not in refused.text


def test_streams_that_are_open_are_counted(db: None, client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "a secret"
    before = read(client)["uploader_event_streams", ""]
    with PLACES.taken_by("192.0.2.1"):
        assert read(client)["uploader_event_streams", ""] == before + 1


def test_figures_say_what_became_of_files(pipeline: Pipeline, client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "a secret"
    pipeline.load("a;b\n" + "1;2\n" * 99 + "1;2;3\n")
    pipeline.load("", name="empty.csv")
    pipeline.receive("a;b\n1;2\n")
    UploadedFile.objects.filter(state=FileState.WAITING).update(state_changed_at=Now() - timedelta(hours=1))
    sender = Sender(visitor="somebody")
    begin_part(size=1_000, uploader=sender)
    begin_upload(name="half.csv", size=1_000, via=UploadedFile.Via.TUS, uploader=sender)
    PartialUpload.objects.update(received=300)
    UploadedFile.objects.filter(state=FileState.RECEIVING).update(received=40)
    report_start(guards=frozenset())
    report_sweep(Sweep(freed=3, parts=2))
    found = read(client)
    states = {label: value for (name, label), value in found.items() if name == "uploader_files" and value}
    assert states == {"active": 1, "failed": 1, "waiting": 1, "receiving": 1}
    assert found["uploader_failed_files", "empty_file"] == 1
    assert (found["uploader_rows_loaded", ""], found["uploader_rows_rejected", ""]) == (99, 1)
    assert found["uploader_queue_oldest_seconds", ""] == 3600
    assert 0 < found["uploader_disk_free_bytes", ""] < found["uploader_disk_size_bytes", ""]
    assert (found["uploader_parts", ""], found["uploader_arriving_bytes", ""]) == (1, 340)
    stored = UploadedFile.objects.exclude(state=FileState.RECEIVING)
    assert found["uploader_bytes", ""] == sum(stored.values_list("size", flat=True))
    assert (found["uploader_swept_total", "freed"], found["uploader_swept_total", "parts"]) == (3, 2)
