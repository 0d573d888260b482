"""The pages of errors: what happened, the way out, and nothing that is secret."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from tests.integration.views.pages import TABLE


@pytest.mark.django_db
class TestErrorPages:
    def test_page_that_does_not_exist_shows_the_reference_of_the_log(self, caplog: pytest.LogCaptureFixture) -> None:
        response = Client().get("/no-such-page/")
        assert response.status_code == 404
        reference = response.headers["X-Request-ID"]
        assert f"<code>{reference}</code>" in response.text
        assert "Not Found: /no-such-page/" in caplog.text

    def test_bug_shows_a_page_without_the_database(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(**_: object) -> None:
            raise RuntimeError("secret inside")

        monkeypatch.setattr("uploads.views.datasets.page_datasets", broken)
        response = Client(raise_request_exception=False).get("/datasets/")
        assert response.status_code == 500
        assert "secret inside" not in response.text
        assert response.headers["X-Request-ID"] in response.text

    def test_bug_in_an_act_does_not_claim_to_know_what_happened(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(request: object) -> None:
            raise RuntimeError("secret inside")

        monkeypatch.setattr("uploads.views.upload.receive_form_files", broken)
        response = Client(raise_request_exception=False).post("/")
        assert response.status_code == 500
        assert "We don’t know whether it happened." in response.text
        assert "Nothing that was loaded" not in response.text

    def test_form_over_the_limit_is_refused_as_too_large(self, settings: Settings) -> None:
        settings.MAX_FORM_SIZE = 10
        response = Client().post("/", {"file": SimpleUploadedFile("x.csv", TABLE.encode())})
        assert response.status_code == 413
        assert "That is too large" in response.text
