"""The pages: what they show to whom, what they refuse, and what they cost in queries."""

import html
import re
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.template.loader import render_to_string
from django.test import AsyncClient, Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from tests.integration.conftest import Pipeline
from tests.integration.staff import make_user
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.files.activation import deactivate_file, delete_file
from uploads.services.files.receipts import FileReceipt
from uploads.services.options.catalogue import READING_OPTIONS
from uploads.states import FileState
from uploads.web.forms import options_form
from uploads.web.visitors import COOKIE

TABLE = "id;name\n1;one\n2;two\n"


@pytest.fixture
def page() -> Client:
    """A browser that has opened the start page, so that it is known again."""
    client = Client()
    client.get("/")
    return client


def receipt_url(receipt: FileReceipt) -> str:
    return f"/receipts/{receipt.token}/"


def staff(*permissions: str) -> Client:
    user = User.objects.create_user("staff", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def post_file(client: Client, name: str = "posted.csv", **fields: str) -> UploadedFile:
    response = client.post("/", {"file": SimpleUploadedFile(name, TABLE.encode()), **fields})
    assert response.status_code == 302, response.content
    return UploadedFile.objects.get(token=response.headers["Location"].split("/")[2])


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


class TestReceiptPage:
    def test_every_line_is_accounted_for(self, pipeline: Pipeline) -> None:
        receipt = pipeline.load("id;price\n" + "".join(f"{n};{n}\n" for n in range(2, 102)) + "\n9;9;9\n")
        answer = Client().get(receipt_url(receipt)).text
        counts = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", answer))
        assert counts == {
            "above header": "0",
            "header": "1",
            "loaded": "100",
            "rejected": "1",
            "blank": "1",
            "below table": "0",
            "in all": "103",
        }
        assert "3 cells instead of 2" in answer
        assert "line 103" in answer

    def test_each_table_of_a_file_has_a_title(self, pipeline: Pipeline) -> None:
        receipt = pipeline.load("id;name\n1;a\n2;b\n3;c\n\nday;price;qty\n2024-01-01;5;6\n2024-01-02;7;8\n")
        answer = Client().get(receipt_url(receipt)).text
        assert re.findall(r"<summary><h3>(.*?)</h3>", answer) == ["lines 1 to 5", "lines 6 to 8"]

    def test_types_come_with_their_evidence(self, pipeline: Pipeline) -> None:
        receipt = pipeline.load("Area Code;n\n007;1\n008;2\n")
        answer = Client().get(receipt_url(receipt)).text
        [label, name, kind, why] = re.findall(
            r"<tr><th[^>]*>(.*?)</th><td>(.*?)</td><td>(.*?)</td><td[^>]*>(.*?)</td>", answer
        )[0]
        assert label == "Area Code"
        assert "area_code" in name
        assert "text" in kind
        assert "007" in why

    def test_markup_from_a_file_is_escaped(self, pipeline: Pipeline) -> None:
        evil = "<script>alert(1)</script>"
        receipt = pipeline.load(f"a;{evil}\n1;{evil}\n", name=f"{evil}.csv")
        answer = Client().get(receipt_url(receipt)).text
        assert evil not in answer
        assert "&lt;script&gt;" in answer

    def test_failed_file_says_what_to_do(self, pipeline: Pipeline) -> None:
        receipt = pipeline.load(b"\x89PNG\r\n\x1a\n" + bytes(500), name="x.csv")
        answer = Client().get(receipt_url(receipt)).text
        assert "It could not be loaded" in answer
        assert receipt.error is not None
        assert receipt.error["hint"] in answer

    @pytest.mark.parametrize(("content", "size"), [(b"a", "1 byte."), (b"ab", "2 bytes.")])
    def test_size_is_said_in_one_byte_and_in_several(self, pipeline: Pipeline, content: bytes, size: str) -> None:
        assert f">{size}" in Client().get(receipt_url(pipeline.load(content, name="x.csv"))).text

    def test_loaded_file_tells_a_visitor_that_it_waits_for_staff(self, pipeline: Pipeline) -> None:
        receipt = pipeline.load(TABLE, activate=False)
        assert "Until they activate it, only staff see its rows; from then" in Client().get(receipt_url(receipt)).text

    def test_only_staff_with_the_permission_is_offered_the_acts(self, pipeline: Pipeline) -> None:
        receipt = pipeline.load(TABLE)
        assert 'data-buttons="[]"' in Client().get(receipt_url(receipt)).text
        answer = html.unescape(staff("activate_uploadedfile").get(receipt_url(receipt)).text)
        assert 'data-buttons="[{"act": "deactivate", "label": "Deactivate 2 rows", "files": []}]"' in answer

    def test_duplicate_is_linked_for_those_who_may_see_the_first(self, pipeline: Pipeline) -> None:
        first = pipeline.load(TABLE)
        second = pipeline.load(TABLE)
        answer = staff("view_uploadedfile").get(receipt_url(second)).text
        assert f'<a href="{receipt_url(first)}">file {first.file_id}</a>' in answer
        stranger = Client().get(receipt_url(second)).text
        assert f"The same content as file {first.file_id}." in stranger
        assert first.token not in stranger

    def test_deleted_file_keeps_its_record(self, pipeline: Pipeline) -> None:
        receipt = pipeline.load(TABLE)
        delete_file(file_id=receipt.file_id)
        answer = Client().get(receipt_url(receipt)).text
        assert "This file was deleted" in answer
        assert receipt.sha256 in answer

    @pytest.mark.django_db
    @pytest.mark.parametrize("token", ["nothing", "%00", "a/b", "..%2F"])
    def test_guessed_address_is_not_found(self, token: str) -> None:
        assert Client().get(f"/receipts/{token}/").status_code == 404

    def test_rejects_of_another_file_are_not_given_out(self, pipeline: Pipeline) -> None:
        mine, other = pipeline.load(TABLE), pipeline.load("a;b\n1;2\n")
        address = f"{receipt_url(mine)}rejects/{other.loads[0].load_id}.csv"
        assert Client().get(address).status_code == 404

    async def test_rejects_are_streamed_under_asgi(self, rejected: FileReceipt) -> None:
        response = await AsyncClient().get(f"{receipt_url(rejected)}rejects/{rejected.loads[0].load_id}.csv")
        body = b"".join([chunk async for chunk in response.streaming_content])  # type: ignore[attr-defined]
        await sync_to_async(connections.close_all)()  # those of the thread that made it; a server closes them
        assert body.decode("utf-8-sig").splitlines()[1].startswith("102,")
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"


@pytest.fixture
def rejected(pipeline: Pipeline) -> FileReceipt:
    """A file with one short row, on line 102."""
    return pipeline.load("a;b\n" + "1;2\n" * 100 + "3\n")


class TestDatasetPages:
    def test_rows_are_paged_by_address(self, pipeline: Pipeline) -> None:
        pipeline.load("id;name\n" + "".join(f"{n};word {n}\n" for n in range(1, 151)), name="words.csv")
        first = Client().get("/datasets/words/").text
        assert "word 100<" in first
        assert "word 101<" not in first
        [following] = re.findall(r'href="(/datasets/words/\?after=[^"]+)"', first)
        second = Client().get(following).text
        assert "word 101<" in second
        assert "word 150<" in second
        assert "These are the last rows." in second

    def test_row_shows_its_file_and_line(self, pipeline: Pipeline) -> None:
        pipeline.load("\n\nid;name\n1;one\n2;two\n", name="origin.csv")
        answer = Client().get("/datasets/origin/").text
        assert re.search(
            r'<td class="origin"[^>]*>origin.csv</td><td class="origin number"><a [^>]*_row=4"[^>]*>4</a></td>'
            r'<td class="number">1</td>',
            answer,
        )

    def test_dataset_without_active_files_says_so(self, pipeline: Pipeline) -> None:
        receipt = pipeline.load(TABLE, name="asleep.csv")
        deactivate_file(file_id=receipt.file_id)
        answer = Client().get("/datasets/asleep/").text
        assert "No active rows." in answer
        assert "data.asleep" in answer
        assert "Choose one of its files" not in answer
        staff = Client()
        staff.force_login(make_user("boss", is_superuser=True))
        [address] = re.findall(r'<a href="([^"]+)">Choose one of its files</a>', staff.get("/datasets/asleep/").text)
        assert "asleep.csv" in staff.get(address).text

    def test_values_are_shown_as_they_are(self, pipeline: Pipeline) -> None:
        pipeline.load("day;ok;n;t\n2024-02-01;true;2023.10;x\n2024-02-02;false;2023.1;\n", name="values.csv")
        answer = Client().get("/datasets/values/").text
        for shown in ("2024-02-01", "true", "2023.10<", "2023.1<", '<td class="null">'):
            assert shown in answer

    def test_name_in_another_script_has_an_address(self, pipeline: Pipeline) -> None:
        pipeline.load(TABLE, name="данные.csv")
        listed = Client().get("/datasets/").text
        [address] = re.findall(r'href="(/datasets/%[^"]+)"', listed)
        assert Client().get(address).status_code == 200

    @pytest.mark.django_db
    @pytest.mark.parametrize("slug", ["nothing", "a%00b", "x;drop"])
    def test_unknown_dataset_is_not_found(self, slug: str) -> None:
        assert Client().get(f"/datasets/{slug}/").status_code == 404

    def test_bad_place_in_the_rows_is_refused(self, pipeline: Pipeline) -> None:
        pipeline.load(TABLE, name="place.csv")
        assert Client().get("/datasets/place/?after=x").status_code == 400

    def test_list_costs_the_same_for_many_datasets(
        self, pipeline: Pipeline, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(5):
            pipeline.load(f"a{number};b\n1;2\n", name=f"many {number}.csv")
        with django_assert_max_num_queries(3):  # how many, which, and their tags
            answer = Client().get("/datasets/").text
        assert answer.count("data.many_") == 5

    def test_list_is_searched_and_sorted(self, pipeline: Pipeline) -> None:
        pipeline.load("area;price\nNorth;1\n", name="Prices.csv")
        pipeline.load("name;town\nAnn;Ulm\nBob;Bonn\n", name="people.csv")
        pipeline.load("town;count\nUlm;1\nBonn;2\nKiel;3\n", name="votes.csv")

        def listed(**query: str) -> list[str]:
            return re.findall(r"<code>data\.(\w+)</code>", Client().get("/datasets/", query).text)

        assert listed() == ["people", "prices", "votes"]
        assert listed(_sort="-rows") == ["votes", "people", "prices"]
        assert listed(_sort="-changed") == ["votes", "people", "prices"]
        assert listed(_q="TOWN") == ["people", "votes"]  # a column
        assert listed(_q="town vote") == ["votes"]
        assert listed(_q="nobody") == []
        assert "No dataset has" in Client().get("/datasets/", {"_q": "nobody"}).text

    @pytest.mark.django_db
    @pytest.mark.parametrize("query", [{"_sort": "size"}, {"page": "0"}, {"page": "x"}, {"_q": "\0"}, {"q": "a"}])
    def test_list_refuses_what_it_does_not_know(self, query: dict[str, str]) -> None:
        answer = Client().get("/datasets/", query)
        assert answer.status_code == 400
        assert 'href="/datasets/"' in answer.text

    @pytest.mark.django_db
    def test_long_list_has_pages(self) -> None:
        Dataset.objects.bulk_create(
            Dataset(slug=f"d{number:03}", name=f"d{number:03}", established_at=timezone.now()) for number in range(120)
        )
        second = Client().get("/datasets/", {"page": "2", "_q": "d"}).text
        assert re.findall(r"<code>data\.(\w+)</code>", second) == [f"d{number:03}" for number in range(50, 100)]
        assert "Page 2 of 3" in second
        assert 'rel="next" href="/datasets/?_q=d&amp;page=3"' in second
        assert "data.d119" in Client().get("/datasets/", {"page": "99"}).text

    @pytest.mark.django_db
    def test_no_dataset_yet_is_an_empty_state(self) -> None:
        assert "There is no dataset here that everybody reads." in Client().get("/datasets/").text
        staff = Client()
        staff.force_login(make_user("boss"))
        assert "The first file that becomes active makes one." in staff.get("/datasets/").text


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


@pytest.mark.django_db
def test_start_page_looks_for_no_files_of_a_browser_that_is_new(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):  # the datasets that it may join
        client.get("/")
    with django_assert_num_queries(2):
        client.get("/")


def test_receipt_of_a_file_that_is_being_read_counts_nothing_before_it_is_counted(pipeline: Pipeline) -> None:
    file = pipeline.receive("a;b\n1;2\n")
    begun = {
        "position": 1,
        "fence": 1,
        "format": "csv",
        "delimiter": ";",
        "header_row": 1,
        "started_at": timezone.now(),
    }
    load = Load.objects.create(file=file, **begun)

    def page() -> str:
        return Client().get(f"/receipts/{file.token}/").content.decode()

    assert "What became of each line" not in page()
    assert "0 columns" not in page()
    load.columns = [{"name": "a", "label": "a", "type": "bigint", "evidence": ""}]
    load.save()
    assert "What became of each line" in page()


def test_receipt_of_a_file_without_a_table_still_says_what_became_of_its_lines(pipeline: Pipeline) -> None:
    receipt = pipeline.load("a;b\n1;2\n")
    Load.objects.filter(file=receipt.file_id).update(columns=[])
    assert "What became of each line" in Client().get(f"/receipts/{receipt.token}/").content.decode()
