"""A file of which much was taken for titles or notes does not become active before somebody has looked at it."""

import pytest
from django.test import Client

from tests.integration.conftest import Pipeline
from uploads.models import FileEvent
from uploads.services.files.activation import activate_file
from uploads.services.files.passed_over import is_much_passed_over
from uploads.services.files.receipts import describe_file
from uploads.states import FileState

ROWS = "code;price\n" + "".join(f"{number};{number / 4}\n" for number in range(1, 21))
NOTES = "".join(f"Remark {number} on how these prices came about.\n" for number in range(1, 13))


@pytest.mark.parametrize(
    ("passed", "lines", "is_much"), [(9, 12, False), (10, 50, False), (10, 49, True), (202, 303, True), (0, 0, False)]
)
def test_a_fifth_is_much_and_the_title_of_a_small_table_is_not(passed: int, lines: int, is_much: bool) -> None:
    assert is_much_passed_over(passed=passed, lines=lines, may_be_rows=False) is is_much


@pytest.mark.parametrize(("lines", "is_much"), [(13, True), (20, False)])
def test_few_lines_that_look_like_rows_are_much_where_they_are_a_fifth(lines: int, is_much: bool) -> None:
    assert is_much_passed_over(passed=4, lines=lines, may_be_rows=True) is is_much


@pytest.mark.django_db(transaction=True)
class TestFile:
    def test_it_waits_and_says_why(self, pipeline: Pipeline, admin_client: Client) -> None:
        receipt = pipeline.load(f"{NOTES}\n{ROWS}")
        assert (receipt.state, receipt.rows_loaded) == (FileState.LOADED, 20)
        words = "loaded, but not activated: 12 of 33 lines were taken for titles or notes"
        assert FileEvent.objects.filter(file=receipt.file_id, text=words).exists()
        page = admin_client.get(f"/receipts/{receipt.token}/").text
        assert "12 of 33 lines that are not blank were taken for titles or notes and are not loaded." in page

    @pytest.mark.parametrize(("rows", "state"), [(3, FileState.LOADED), (20, FileState.ACTIVE)])
    def test_lines_that_look_like_another_table_hold_a_small_one_back(
        self, pipeline: Pipeline, admin_client: Client, rows: int, state: FileState
    ) -> None:
        table = "id,name,city,zip\n" + "".join(f"{number},Ann,Oslo,A{number}\n" for number in range(rows))
        receipt = pipeline.load(f"{table}\nNorth,12\nSouth,13\nEast,14\nWest,15\n")
        assert (receipt.state, receipt.rows_loaded) == (state, rows)
        page = admin_client.get(f"/receipts/{receipt.token}/").text
        said = f"4 of {rows + 5} lines that are not blank were taken for titles or notes and are not loaded."
        assert (said in page) is (state is FileState.LOADED)

    def test_a_person_activates_it_all_the_same(self, pipeline: Pipeline, admin_client: Client) -> None:
        receipt = pipeline.load(f"{NOTES}\n{ROWS}")
        activate_file(file_id=receipt.file_id)
        now = describe_file(file_id=receipt.file_id)
        assert now.state is FileState.ACTIVE
        assert "If they are data, change how" not in admin_client.get(f"/receipts/{receipt.token}/").text

    @pytest.mark.parametrize("options", [{"header_row": "14"}, {"data_row": "15"}])
    def test_who_says_where_the_rows_are_is_not_asked(self, pipeline: Pipeline, options: dict[str, str]) -> None:
        receipt = pipeline.load(f"{NOTES}\n{ROWS}", options=options)
        assert (receipt.state, receipt.rows_loaded) == (FileState.ACTIVE, 20)

    def test_a_title_of_a_small_table_holds_nothing_back(self, pipeline: Pipeline) -> None:
        assert pipeline.load("Prices of May\n\ncode;price\n1;2\n3;4\n").state is FileState.ACTIVE

    def test_lines_of_comments_hold_nothing_back(self, pipeline: Pipeline) -> None:
        comments = NOTES.replace("Remark", "# Remark")
        receipt = pipeline.load(f"{comments}{ROWS}")
        assert (receipt.state, receipt.rows_loaded) == (FileState.ACTIVE, 20)
