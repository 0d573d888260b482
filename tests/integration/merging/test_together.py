"""Files of a kind that come at the same moment: what one finds when the other became active meanwhile is asked all the
same, and the second is not added without a word."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.integration.conftest import Pipeline, rows
from uploads.models import Load, UploadedFile
from uploads.services.loading.doubling import Doubles, Doubling
from uploads.states import FileState

JANUARY = "code;price\nA1;10\nB2;20\nC3;30\n"
FEBRUARY = "code;price\nA1;11\nB2;21\nC3;30\n"
OTHERS = "code;price\nX1;11\nY2;21\n"
COUNT = "SELECT count(*) FROM data.prices"


@pytest.fixture
def beside(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What is loaded and activated by another worker between the questions about a file and its switch."""
    waiting: list[tuple[str, dict[str, Any]]] = []
    ask = Doubling.ask

    def ask_slowly(self: Doubling, **known: Any) -> Doubles:
        found = ask(self, **known)
        while waiting:
            text, wishes = waiting.pop()
            pipeline.load(text, "prices.csv", **{"again": False, **wishes})
        return found

    monkeypatch.setattr(Doubling, "ask", ask_slowly)
    return waiting


def load(pipeline: Pipeline, text: str, **wishes: Any) -> UploadedFile:
    wishes = {"again": False, "via": UploadedFile.Via.PAGE, **wishes}
    return UploadedFile.objects.get(pk=pipeline.load(text, "prices.csv", **wishes).file_id)


def test_the_second_of_two_first_files_is_asked_how_it_joins(pipeline: Pipeline, beside: list[Any]) -> None:
    beside.append((JANUARY, {"via": UploadedFile.Via.PAGE}))
    file = load(pipeline, FEBRUARY)
    assert (file.state, rows(COUNT)) == (FileState.LOADED, [(3,)])
    [overlap] = file.overlaps
    assert (overlap["key"], overlap["known_keys"], overlap["equal_rows"]) == (["code"], 3, 1)
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("ana"))
    assert "3 of 3 rows have a “code”" in client.get(f"/receipts/{file.token}/").content.decode()


def test_one_sent_by_a_program_is_told_of_its_keys(pipeline: Pipeline, beside: list[Any]) -> None:
    beside.append((JANUARY, {"via": UploadedFile.Via.API}))
    file = load(pipeline, FEBRUARY, via=UploadedFile.Via.API)
    assert (file.state, rows(COUNT)) == (FileState.ACTIVE, [(6,)])
    assert Load.objects.get(file=file).keys_repeated == {"rows": 3, "columns": ["code"]}


def test_one_with_other_rows_joins(pipeline: Pipeline, beside: list[Any]) -> None:
    beside.append((OTHERS, {}))
    file = load(pipeline, FEBRUARY)
    assert (file.state, rows(COUNT)) == (FileState.ACTIVE, [(5,)])


def test_one_that_said_how_it_joins_is_not_asked(pipeline: Pipeline, beside: list[Any]) -> None:
    beside.append((JANUARY, {}))
    file = load(pipeline, FEBRUARY, mode="append")
    assert (file.state, rows(COUNT)) == (FileState.ACTIVE, [(6,)])


def test_a_third_file_between_two_that_overlap_is_looked_at(pipeline: Pipeline, beside: list[Any]) -> None:
    load(pipeline, OTHERS)
    beside.append((JANUARY, {}))
    file = load(pipeline, FEBRUARY)
    assert (file.state, rows(COUNT)) == (FileState.LOADED, [(5,)])


def test_where_others_never_stop_coming_it_joins(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    ask, names = Doubling.ask, iter("abcdefgh")

    def ask_and_be_overtaken(self: Doubling, **known: Any) -> Doubles:
        found = ask(self, **known)
        with monkeypatch.context() as still:
            still.setattr(Doubling, "ask", ask)
            pipeline.load(f"code;price\n{next(names)};1\n", "prices.csv", again=False)
        return found

    monkeypatch.setattr(Doubling, "ask", ask_and_be_overtaken)
    file = load(pipeline, OTHERS)
    assert (file.state, next(names), rows(COUNT)) == (FileState.ACTIVE, "d", [(5,)])
