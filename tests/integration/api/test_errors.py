"""One shape of error under /api/, the health check, and the documentation page."""

import json
import logging
from typing import Any

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateWorker

from tests.integration.conftest import rows
from uploads.models import WorkerReport
from uploads.services.datasets import browsing
from uploads.services.upkeep.health import check_health
from uploads.services.upkeep.sweep import Sweep
from uploads.services.upkeep.worker_reports import report_start, report_sweep
from uploads.tabular.sandbox.guards import Guard


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/api/nope", "/api/files/x", "/api/files/", "/api/datasets/a/b/c"])
def test_an_unknown_address_is_404_in_json(client: Client, address: str) -> None:
    response = client.get(address)
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_program_that_acts_on_no_address_reads_json_though_it_sends_no_form(method: str) -> None:
    response = getattr(Client(enforce_csrf_checks=True), method)("/api/nothing/there")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("address", ["/api", "/api/"])
def test_the_root_leads_to_the_documentation(client: Client, address: str) -> None:
    response = client.get(address)
    assert (response.status_code, response.headers["Location"]) == (302, "/api/docs")


@pytest.mark.django_db
def test_a_wrong_method_is_405_in_json_and_names_the_right_ones(client: Client) -> None:
    response = client.put("/api/files")
    assert (response.status_code, response.json()["error"]["code"]) == (405, "method_not_allowed")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "POST"}


@pytest.mark.django_db
def test_a_bug_is_500_with_the_reference_that_is_in_the_log(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> Any:
        raise ZeroDivisionError("secret of the inside")

    monkeypatch.setattr(browsing, "list_datasets", broken)
    with caplog.at_level(logging.ERROR):
        response = client.get("/api/datasets")
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (500, "internal_error")
    assert "secret" not in response.content.decode()
    assert error["reference"] == response.headers["X-Request-ID"]
    assert error["reference"] in error["hint"]
    assert any(record.exc_info and record.name == "uploads.api.errors" for record in caplog.records)


@pytest.mark.django_db
def test_answers_are_not_kept_by_caches(client: Client) -> None:
    assert "no-store" in client.get("/api/datasets").headers["Cache-Control"]


@pytest.mark.django_db
def test_the_description_lists_every_operation(client: Client) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    operations = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert operations == {
        "POST /api/files",
        "POST /api/files/{file_id}/decline",
        "POST /api/files/{file_id}/take-up",
        "POST /api/files/{file_id}/ask",
        "POST /api/files/{file_id}/answer",
        "POST /api/receipts/{token}/answer",
        "POST /api/datasets/{slug}/exports",
        "GET /api/exports/{token}",
        "DELETE /api/exports/{token}",
        "GET /api/exports/{token}/file",
        "GET /api/files",
        "GET /api/receipts/{token}",
        "GET /api/files/events",
        "GET /api/receipts/{token}/events",
        "DELETE /api/receipts/{token}",
        "POST /api/files/{file_id}/withdraw",
        "GET /api/files/{file_id}",
        "DELETE /api/files/{file_id}",
        "POST /api/files/{file_id}/add",
        "POST /api/files/{file_id}/replace",
        "POST /api/files/{file_id}/put-back",
        "GET /api/files/{file_id}/changes",
        "GET /api/files/{file_id}/rejects",
        "POST /api/files/{file_id}/rejects/mend",
        "POST /api/files/{file_id}/rejects/take-back",
        "POST /api/files/{file_id}/rejects/{reject_id}/load",
        "POST /api/files/{file_id}/read-again",
        "POST /api/files/{file_id}/keep-reading",
        "POST /api/files/{file_id}/activate",
        "POST /api/files/{file_id}/deactivate",
        "POST /api/files/{file_id}/retry",
        "GET /api/datasets",
        "GET /api/datasets/{slug}",
        "GET /api/datasets/{slug}/openapi.json",
        "GET /api/datasets/{slug}/rows",
        "GET /api/datasets/{slug}/aggregate",
        "GET /api/sql",
        "GET /api/sql/plan",
        "GET /api/datasets/{slug}/profile",
        "GET /api/datasets/{slug}/views",
        "POST /api/datasets/{slug}/views",
        "GET /api/datasets/{slug}/views/{name}",
        "GET /api/datasets/{slug}/dashboard",
        "GET /api/datasets/{slug}/history",
        "PATCH /api/datasets/{slug}/views/{name}",
        "DELETE /api/datasets/{slug}/views/{name}",
        "GET /api/files/{file_id}/lines",
        "GET /api/receipts/{token}/lines",
        "GET /api/files/{file_id}/as-in-file",
        "GET /api/receipts/{token}/as-in-file",
        "GET /api/datasets/{slug}/visibility",
        "PUT /api/datasets/{slug}/visibility",
        "PATCH /api/datasets/{slug}/reading",
        "DELETE /api/datasets/{slug}/reading",
        "GET /api/datasets/{slug}/columns",
        "POST /api/datasets/{slug}/columns",
        "PATCH /api/datasets/{slug}/columns/{name}",
        "DELETE /api/datasets/{slug}/columns/{name}",
        "PUT /api/datasets/{slug}/strictness",
        "PUT /api/datasets/{slug}/guards",
        "PATCH /api/datasets/{slug}/about",
        "GET /api/datasets/{slug}/mode",
        "GET /api/files/{file_id}/plan",
        "POST /api/files/{file_id}/plan",
        "POST /api/datasets/{slug}/columns/{name}/type",
        "PUT /api/datasets/{slug}/null-words",
        "GET /api/tables",
        "POST /api/tables/adopt",
        "POST /api/tables/publish",
        "POST /api/datasets/{slug}/release",
        "POST /api/datasets/{slug}/unpublish",
        "PUT /api/datasets/{slug}/mode",
        "PUT /api/datasets/{slug}/order",
        "GET /api/files/{file_id}/overlaps",
        "POST /api/files/{file_id}/join",
        "GET /api/news/subscriptions",
        "POST /api/news/subscriptions",
        "GET /api/news/subscriptions/{subscription_id}",
        "PATCH /api/news/subscriptions/{subscription_id}",
        "DELETE /api/news/subscriptions/{subscription_id}",
        "POST /api/news/subscriptions/{subscription_id}/secret",
        "POST /api/news/subscriptions/{subscription_id}/test",
        "GET /api/news/sent",
        "POST /api/news/sent/{news_id}/send-again",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "names", "told"),
    [
        ("/api/receipts/{token}/events", ["file", "beat"], ["Receipt"]),
        ("/api/files/events", ["files", "file", "beat"], ["FilePage", "ListedFile"]),
    ],
)
def test_the_documentation_says_what_events_have_in_their_data(
    client: Client, path: str, names: list[str], told: list[str]
) -> None:
    described = client.get("/api/openapi.json").json()
    [(kind, content)] = described["paths"][path]["get"]["responses"]["200"]["content"].items()
    event = content["schema"]["properties"]
    assert (kind, event["event"]["enum"]) == ("text/event-stream", names)
    data = event["data"]["contentSchema"]["anyOf"]
    assert [each["$ref"].rpartition("/")[2] for each in data if "$ref" in each] == told
    assert set(told) <= described["components"]["schemas"].keys()


@pytest.mark.django_db
def test_the_documentation_needs_no_other_site_and_no_inline_script(client: Client) -> None:
    response = client.get("/api/docs")
    page = response.content.decode()
    assert "script-src 'self';" in response.headers["Content-Security-Policy"]
    assert "http" not in page.replace("http-equiv", "")
    assert page.count("<script") == page.count("<script src=") + page.count('<script type="application/json"')
    settings = page.partition('id="swagger-settings">')[2].partition("</script>")[0]
    assert json.loads(settings)["validatorUrl"] is None


@pytest.mark.django_db
def test_health_fails_without_a_worker_and_says_so(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 503
    answer = response.json()
    assert answer["status"] == "failing"
    assert answer["parts"]["database"] == "ok"
    assert "worker" in answer["parts"]["queue"]


@pytest.mark.django_db
def test_health_is_good_with_a_live_worker(client: Client) -> None:
    rows("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
    assert ProcrastinateWorker.objects.exists()
    response = client.get("/healthz")
    assert (response.status_code, response.json()["status"]) == (200, "ok")


@pytest.mark.django_db
def test_health_tells_what_confines_the_reading_processes_of_each_machine(client: Client) -> None:
    report_start(guards=frozenset({Guard.CALLS, Guard.FILES}))
    report_sweep(Sweep(freed=2))
    report_sweep(Sweep(freed=1, expired=3))
    report = WorkerReport.objects.get()
    rows("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
    assert client.get("/healthz").json()["guards"] == {report.machine: ["calls", "files"]}
    assert (report.swept["freed"], report.swept["expired"]) == (3, 3)


@pytest.mark.django_db
def test_a_worker_that_fell_silent_does_not_count() -> None:
    rows("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '2 minutes') RETURNING id")
    assert not check_health().works
