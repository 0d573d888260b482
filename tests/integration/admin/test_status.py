"""The page on which the people who run the site see how it is."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import AbstractUser
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.integration.conftest import Pipeline
from tests.integration.staff import make_user
from uploads.models import PartialUpload, UploadedFile, WorkerReport
from uploads.services.news.holding import hold_news
from uploads.services.news.subscriptions import CHOICES, save_subscription
from uploads.services.receiving.parts import begin_part
from uploads.services.receiving.sender import Sender
from uploads.services.upkeep.figures import figures
from uploads.services.upkeep.health import Health
from uploads.states import FileState
from uploads.tabular.sandbox.guards import Guard
from uploads.web.shown.site_status import StatusLine, status_groups

WELL = Health(web="ok", database="ok", queue="ok")


def lines(health: Health = WELL) -> dict[str, StatusLine]:
    groups = status_groups(figures(), health, now=timezone.now())
    return {f"{group.title}: {line.what}": line for group in groups for line in group.lines}


def test_new_site_says_that_nothing_was_sent_and_no_worker_runs(db: None) -> None:
    found = lines(Health(web="ok", database="ok", queue="no worker has reported for a minute"))
    assert found["Files: None"].says == "Nobody has sent a file yet."
    assert found["Workers: None"].is_bad
    assert found["Workers: None"].says.endswith("Start one: manage.py run_worker.")
    assert found["The site: Queue"] == StatusLine(
        what="Queue", says="No worker has reported for a minute.", is_bad=True
    )
    assert found["The site: Database"].says == "Works."


def test_files_that_wait_or_failed_are_counted_with_since_when_and_why(pipeline: Pipeline) -> None:
    pipeline.load("code;price\n1;2\n", "prices.csv")
    pipeline.load("\n", "empty.csv")
    waiting = pipeline.receive("a;b\n1;2\n", "waiting.csv").pk
    assert lines()["Files: Waiting"].says == "1 file, the first for less than a minute."
    UploadedFile.objects.filter(pk=waiting).update(state_changed_at=Now() - timedelta(hours=2))
    found = lines()
    assert found["Files: Waiting"] == StatusLine(
        what="Waiting", says="1 file, the first for 2 hours.", state=FileState.WAITING, is_bad=True
    )
    [code] = figures().failures
    assert found["Files: Failed"].says == f"1 file: 1 {code}."
    assert found["The site: Rows"].says == "1 row loaded, 0 rejected."


def test_bytes_of_uploads_and_parts_that_are_not_whole_are_told(db: None) -> None:
    assert "The site: Arriving" not in lines()
    begin_part(size=5_000, uploader=Sender(visitor="somebody"))
    PartialUpload.objects.update(received=2_048)
    assert lines()["The site: Arriving"].says == (
        "2.0 KB of uploads that are not whole, with 1 part that no file is made of yet."
    )


def test_news_that_a_restored_site_holds_is_told_with_the_way_out(db: None) -> None:
    hold_news()
    assert "The site: News" not in lines(), "nobody would be told"
    owner = make_user("ana")
    for _ in range(2):
        save_subscription(user_id=owner.pk, way="webhook", target="https://8.8.8.8/", events=CHOICES)
    hold_news()
    assert lines()["The site: News"].says == (
        "2 subscriptions to news are held: nobody is told of files from here. Where this site takes the place of"
        " another: manage.py news_subscriptions --resume."
    )


def test_worker_that_is_silent_or_confines_less_is_told(db: None) -> None:
    WorkerReport.objects.create(machine="busy", guards=sorted(Guard), swept_at=Now(), swept={"lapsed": 2, "failed": 1})
    WorkerReport.objects.create(machine="old", guards=[Guard.FILES], started_at=Now() - timedelta(hours=3))
    found = lines()
    assert not found["Workers: busy"].is_bad
    assert found["Workers: busy"].says.endswith(
        "Mended since: 2 files of lost workers taken up again. 1 step of its sweeps failed: its log says why."
    )
    assert found["Workers: old"].is_bad
    assert found["Workers: old"].says == (
        "Started 3 hours ago, heard of 3 hours ago. This machine cannot hold the process that reads a file to: a"
        " network without a way out and no connection, no program, no signal. See whether it runs:"
        " manage.py run_worker."
    )


def test_disk_that_is_nearly_full_says_that_uploads_are_refused(db: None, settings: pytest.FixtureRequest) -> None:
    settings.MIN_FREE_DISK = 2**60  # type: ignore[attr-defined]  # pytest-django's
    disk = lines()["The site: Disk"]
    assert disk.is_bad
    assert disk.says.endswith("uploads are refused. Make room on it.")


def test_page_is_for_staff_who_see_files_and_leads_to_their_lists(
    pipeline: Pipeline, admin_client: Client, django_user_model: Callable[..., AbstractUser]
) -> None:
    pipeline.load("code;price\n1;2\n", "prices.csv")
    page = admin_client.get(reverse("admin:uploads_status"))
    assert page.status_code == 200
    listed = f"{reverse('admin:uploads_uploadedfile_changelist')}?state=active"
    assert listed in page.content.decode()
    assert b"prices.csv" in admin_client.get(listed).content
    assert reverse("admin:uploads_status") in admin_client.get(reverse("admin:index")).content.decode()
    clerk = django_user_model.objects.create_user("clerk", is_staff=True)  # type: ignore[attr-defined]
    client = Client()
    client.force_login(clerk)
    assert client.get(reverse("admin:uploads_status")).status_code == 403
