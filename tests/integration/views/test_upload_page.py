"""The page that files are sent from: what it takes, what it offers to whom, and what it costs in queries."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries, Settings

from tests.integration.conftest import Pipeline
from tests.integration.views.pages import TABLE, post_file, staff
from uploads.models import UploadedFile
from uploads.services.options.catalogue import READING_OPTIONS
from uploads.states import FileState
from uploads.web.forms import options_form
from uploads.web.visitors import COOKIE


@pytest.mark.django_db
class TestUploadPage:
    def test_posted_form_leads_to_the_receipt(self, page: Client) -> None:
        file = post_file(page, all_text="true", delimiter=";")
        assert file.state == FileState.WAITING
        assert file.options == {"all_text": True, "delimiter": ";"}
        assert file.via == UploadedFile.Via.FORM
        answer = page.get(f"/receipts/{file.token}/")
        assert 'http-equiv="refresh"' in answer.text

    def test_link_fills_in_options_for_the_first_choice(self, page: Client) -> None:
        answer = page.get("/", {"all_text": "true", "delimiter": ",", "header_row": "3", "dataset": 'pri"ces'}).text
        assert re.search(r'<input type="checkbox" name="all_text"[^>]* checked', answer)
        assert '<option value="," selected>' in answer
        assert re.search(r'name="header_row" value="3"', answer)
        assert 'name="dataset" value="pri&quot;ces"' in answer

    def test_open_options_are_written_once_and_keep_nothing_of_a_link(
        self, page: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = page.get("/").text
        assert len(re.findall(r'name="delimiter"', before)) == 1
        assert "&lt;select" not in before
        written: list[str] = []

        def write(template: str, context: dict[str, Any]) -> str:
            written.append(context["row"].field.name)
            return render_to_string(template, context)

        monkeypatch.setattr(options_form, "render_to_string", write)
        page.get("/", {"all_text": "true", "delimiter": ","})
        assert sorted(written) == sorted(READING_OPTIONS)
        written.clear()
        answer = page.get("/").text
        assert written == []
        assert '<option value="," selected>' not in answer

    def test_datasets_are_offered_without_their_figures(self, page: Client, pipeline: Pipeline) -> None:
        pipeline.load(TABLE, "prices.csv")
        with CaptureQueriesContext(connection) as asked:
            answer = page.get("/").text
        assert '<option value="prices">' in answer
        targets = [query["sql"] for query in asked if '"uploads_dataset"."visibility"' in query["sql"]]
        assert len(targets) == 1
        assert "JOIN" not in targets[0]

    def test_menu_says_that_every_page_of_a_dataset_is_below_datasets(self, page: Client, pipeline: Pipeline) -> None:
        pipeline.load(TABLE, "named.csv")
        for below in ("", "chart/", "profile/", "dashboard/", "history/"):
            assert '<a href="/datasets/" aria-current="page">' in page.get(f"/datasets/named/{below}", follow=True).text
        assert '<a href="/datasets/">' in page.get("/").text

    def test_link_with_an_option_that_cannot_be_meant_says_so(self, page: Client) -> None:
        response = page.get("/", {"header_row": "first"})
        assert response.status_code == 400
        assert "“first” is not the number of a header row." in response.text

    def test_list_tells_the_options_of_each_file_in_words(self, page: Client) -> None:
        post_file(page, all_text="true", delimiter=";", header_row="none")
        [file] = page.get("/api/files?mine=1").json()["files"]
        assert file["option_words"] == ["delimiter “;”", "no header row", "everything as text"]

    def test_several_posted_files_lead_back_to_the_list(self, page: Client) -> None:
        files = [SimpleUploadedFile(f"{n}.csv", TABLE.encode()) for n in range(2)]
        response = page.post("/", {"file": files})
        assert (response.status_code, response.headers["Location"]) == (302, "/")
        assert UploadedFile.objects.count() == 2
        listed = page.get("/").text
        assert listed.count(">Waiting</span>") == 2
        assert "0 rows" not in listed
        assert "See how far they are" in listed

    def test_form_without_a_file_is_refused_in_words(self, page: Client) -> None:
        response = page.post("/")
        assert response.status_code == 400
        assert "No file was sent" in response.text

    def test_post_from_another_site_is_refused(self) -> None:
        client = Client(enforce_csrf_checks=True)
        response = client.post("/", {"file": SimpleUploadedFile("x.csv", TABLE.encode())})
        assert response.status_code == 403
        assert "did not come from a page of this site" in response.text
        assert UploadedFile.objects.count() == 0

    def test_visitor_sees_only_their_own_files(self, page: Client) -> None:
        post_file(page, name="mine.csv")
        stranger = Client()
        stranger.get("/")
        assert "mine.csv" in page.get("/").text
        assert "mine.csv" not in stranger.get("/").text

    def test_staff_who_may_look_see_every_file(self, page: Client) -> None:
        post_file(page, name="theirs.csv")
        answer = staff("view_uploadedfile").get("/").text
        assert "All files" in answer
        assert "theirs.csv" in answer

    def test_closed_uploads_say_so_and_offer_to_sign_in(self, settings: Settings) -> None:
        settings.ANONYMOUS_UPLOAD = False
        answer = Client().get("/")
        assert "Uploading is for members here" in answer.text
        assert 'id="upload"' not in answer.text
        assert Client().post("/", {"file": SimpleUploadedFile("x.csv", b"a;b\n1;2\n")}).status_code == 401

    def test_visitor_cannot_have_a_file_activated(self, page: Client) -> None:
        response = page.post("/", {"file": SimpleUploadedFile("x.csv", TABLE.encode()), "activate": "true"})
        assert response.status_code == 403

    def test_only_who_may_activate_is_asked_whether_to(self) -> None:
        assert "When it is loaded" not in staff("view_uploadedfile").get("/").text

    def test_who_may_activate_is_asked_whether_to(self) -> None:
        assert "When it is loaded" in staff("activate_uploadedfile", "view_uploadedfile").get("/").text

    def test_page_asks_the_database_the_same_however_many_files_there_are(
        self, page: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(12):
            post_file(page, name=f"{number}.csv")
        with django_assert_max_num_queries(6):
            page.get("/")

    def test_page_carries_no_inline_script_or_style(self, page: Client) -> None:
        answer = page.get("/")
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert not re.search(r"<script(?![^>]*\bsrc=)", answer.text)
        assert not re.search(r"\sstyle=|<style|\son\w+=", answer.text)

    def test_visitor_is_known_again_by_a_cookie(self) -> None:
        cookie = Client().get("/").cookies[COOKIE]
        assert cookie["httponly"]


@pytest.mark.django_db
def test_start_page_looks_for_no_files_of_a_browser_that_is_new(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):  # the datasets that it may join
        client.get("/")
    with django_assert_num_queries(2):
        client.get("/")
