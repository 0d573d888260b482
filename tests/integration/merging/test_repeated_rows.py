"""What a command or a program sends is not doubled by itself either, where most of its rows are there."""

from typing import Any

import pytest
from django.db import connection

from tests.integration.conftest import Pipeline, rows
from uploads.database.lookups.overlap import has_equal_rows
from uploads.models import Load, UploadedFile
from uploads.services.errors import JoinUndecided
from uploads.services.files.activation import deactivate_file
from uploads.services.joining.modes import activate_unasked, join_file
from uploads.services.merging.modes import change_mode
from uploads.states import FileState, Mode

HEADER = "at;sensor;value\n"
COUNT = "SELECT count(*) FROM data.log"


def lines(first: int, last: int) -> str:
    return HEADER + "".join(f"2024-01-{day:02};a;{day}.5\n" for day in range(first, last + 1))


def send(pipeline: Pipeline, text: str, **wishes: Any) -> UploadedFile:
    wishes = {"again": False, "via": UploadedFile.Via.API, **wishes}
    return UploadedFile.objects.get(pk=pipeline.load(text, "log.csv", **wishes).file_id)


def repeated(file: UploadedFile) -> int:
    return Load.objects.values_list("rows_repeated", flat=True).get(file=file)


@pytest.mark.parametrize("via", [UploadedFile.Via.API, UploadedFile.Via.COMMAND, UploadedFile.Via.TUS])
def test_a_file_of_which_most_rows_are_there_waits_for_an_answer(pipeline: Pipeline, via: UploadedFile.Via) -> None:
    send(pipeline, lines(1, 4))
    file = send(pipeline, lines(2, 6), via=via)
    assert (file.state, repeated(file), rows(COUNT)) == (FileState.LOADED, 3, [(4,)])
    with pytest.raises(JoinUndecided):
        activate_unasked(file_id=file.pk)
    join_file(file_id=file.pk, mode=Mode.APPEND)
    assert rows(COUNT) == [(9,)]


def test_rows_of_several_files_together_count(pipeline: Pipeline) -> None:
    send(pipeline, lines(1, 4))
    send(pipeline, lines(5, 8))
    file = send(pipeline, lines(3, 6))
    assert (file.state, repeated(file)) == (FileState.LOADED, 4)


def test_fewer_are_added_and_told(pipeline: Pipeline) -> None:
    send(pipeline, lines(1, 4))
    file = send(pipeline, lines(4, 5))
    assert (file.state, repeated(file), rows(COUNT)) == (FileState.ACTIVE, 1, [(6,)])


def test_where_it_was_said_that_rows_are_added_it_waits_and_is_not_asked(pipeline: Pipeline) -> None:
    send(pipeline, lines(1, 4))
    change_mode(slug="log", mode=Mode.APPEND)
    file = send(pipeline, lines(2, 6))
    assert (file.state, file.overlaps, repeated(file)) == (FileState.LOADED, [], 3)
    activate_unasked(file_id=file.pk)
    assert rows(COUNT) == [(9,)]


def test_fewer_are_told_of_what_is_sent_by_page_as_well(pipeline: Pipeline) -> None:
    send(pipeline, lines(1, 4))
    change_mode(slug="log", mode=Mode.APPEND)
    file = send(pipeline, lines(4, 5), via=UploadedFile.Via.PAGE)
    assert (file.state, repeated(file), rows(COUNT)) == (FileState.ACTIVE, 1, [(6,)])


@pytest.mark.parametrize("wish", [{"again": True}, {"mode": "append"}, {"mode": "replace"}])
def test_what_was_said_with_the_file_needs_no_look(pipeline: Pipeline, wish: dict[str, Any]) -> None:
    send(pipeline, lines(1, 4))
    file = send(pipeline, lines(2, 6), **wish)
    assert (file.state, repeated(file)) == (FileState.ACTIVE, 0)


def test_rows_that_update_others_are_no_second_ones(pipeline: Pipeline) -> None:
    send(pipeline, lines(1, 4))
    change_mode(slug="log", mode=Mode.MERGE, key=["at"])
    file = send(pipeline, lines(2, 5))
    assert (file.state, repeated(file), rows(COUNT)) == (FileState.ACTIVE, 0, [(5,)])


def test_of_a_large_part_a_few_places_are_looked_at(data_schema: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE data.part AS SELECT n, repeat('x', 200) AS text FROM generate_series(1, 9000) n")
        cursor.execute("CREATE TABLE data.there AS SELECT n, repeat('x', 200) AS text FROM generate_series(1, 4600) n")

    def found() -> bool:
        return has_equal_rows(part="part", table="there", names={"n": "n", "text": "text"}, seconds=60)

    assert found()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE data.there SET n = -n")
    assert not found()


def test_a_corrected_list_is_added_as_it_was_sent_and_its_keys_are_told(pipeline: Pipeline) -> None:
    send(pipeline, lines(1, 4))
    file = send(pipeline, lines(1, 5).replace(".5", ".7"))
    assert (file.state, repeated(file)) == (FileState.ACTIVE, 0)
    kept = Load.objects.values_list("keys_repeated", flat=True).get(file=file)
    assert kept == {"rows": 4, "columns": ["at"]}
    deactivate_file(file_id=file.pk)
    change_mode(slug="log", mode=Mode.APPEND)
    file = send(pipeline, lines(1, 5).replace(".5", ".8"))
    assert Load.objects.values_list("keys_repeated", flat=True).get(file=file) == {}, "it was said that rows are added"
