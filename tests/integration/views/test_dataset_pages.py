"""The pages of datasets: what they show to whom, and what they cost in queries."""

import re

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.integration.conftest import Pipeline
from tests.integration.staff import make_user
from tests.integration.views.pages import TABLE
from uploads.models import Dataset
from uploads.services.files.activation import deactivate_file


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
