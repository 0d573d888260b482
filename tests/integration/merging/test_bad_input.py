"""What people do wrong with a second file, or at the same moment: each has one outcome, nothing is lost or doubled."""

import threading
from collections.abc import Callable, Sequence

import pytest
from django.db import connection

from tests.integration.conftest import Pipeline, rows
from uploads.models import Dataset, RejectedRow, UploadedFile
from uploads.services.errors import StateConflict
from uploads.services.files.activation import activate_file, deactivate_file
from uploads.services.joining.columns import ColumnAnswer, answer_columns
from uploads.services.merging.modes import change_mode
from uploads.services.merging.shown_rows import active_in_order
from uploads.states import FileState, Mode

NUMBERED = "code;price\n" + "".join(f"{n};{n}\n" for n in range(1, 61))
SEEN = "SELECT code, price FROM data.prices ORDER BY code, price"


def load(pipeline: Pipeline, text: str, **wishes: object) -> UploadedFile:
    return UploadedFile.objects.get(pk=pipeline.load(text, "prices.csv", **wishes).file_id)


def at_once(*acts: Callable[[], object]) -> list[BaseException | None]:
    """Begin all at the same moment, each on a connection of its own; what each raised."""
    barrier = threading.Barrier(len(acts))
    raised: list[BaseException | None] = [None] * len(acts)

    def run(place: int) -> None:
        try:
            barrier.wait()
            acts[place]()
        except Exception as error:  # noqa: BLE001 - it is what the test asks about
            raised[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def folded(texts: Sequence[str]) -> list[tuple[str, int]]:
    """Of each key the last row, in the order of the files."""
    found: dict[str, int] = {}
    for text in texts:
        for line in text.splitlines()[1:]:
            code, price = line.split(";")
            found[code] = int(price)
    return sorted(found.items())


def test_a_few_keys_of_another_type_are_rejected_rows_with_their_lines(pipeline: Pipeline) -> None:
    load(pipeline, NUMBERED, mode="merge", key="code")
    file = load(pipeline, NUMBERED.replace("\n7;7\n", "\n7;70\nA8;8\n"))
    assert file.state == FileState.ACTIVE
    [reject] = RejectedRow.objects.all()
    assert (reject.row, reject.column, reject.value) == (9, "code", "A8")
    assert len(rows(SEEN)) == 60
    assert (7, 70) in rows(SEEN)


def test_a_key_column_of_another_type_fails_the_file_and_changes_nothing(pipeline: Pipeline) -> None:
    load(pipeline, NUMBERED, mode="merge", key="code")
    file = load(pipeline, "code;price\n" + "".join(f"A{n};{n}\n" for n in range(1, 61)))
    assert file.state == FileState.FAILED
    assert file.error_message.endswith('Line 2, column “code”: "A1" is not a whole number.')
    assert rows(SEEN) == [(n, n) for n in range(1, 61)]


def test_a_file_typed_before_its_key_was_a_number_is_read_again_and_merges(pipeline: Pipeline) -> None:
    early = load(pipeline, "code;price\n007;1\n008;2\n", activate=False)
    load(pipeline, NUMBERED, mode="merge", key="code")
    done = activate_file(file_id=early.pk)
    assert done.fitting
    pipeline.finish(early.pk)
    early.refresh_from_db()
    seen = rows(SEEN)
    assert len({code for code, _ in seen}) == len(seen) == 60
    assert (7, 7) in seen, "a leading zero is no number: its row is rejected, and waits for a person"
    assert early.state in (FileState.FAILED, FileState.LOADED)


def test_a_key_without_a_single_value_fails_the_file(pipeline: Pipeline) -> None:
    load(pipeline, NUMBERED, mode="merge", key="code")
    file = load(pipeline, "code;price\n" + "".join(f";{n}\n" for n in range(1, 61)))
    assert (file.state, file.error_code) == (FileState.FAILED, "too_many_rejects")
    assert len(rows(SEEN)) == 60


@pytest.mark.parametrize("turn", range(3))
def test_files_that_merge_at_the_same_time_come_one_after_the_other(pipeline: Pipeline, turn: int) -> None:
    base = "code;price\n" + "".join(f"A{n};{n}\n" for n in range(40))
    texts = {load(pipeline, base, mode="merge", key="code").pk: base}
    for number in range(4):
        text = "code;price\n" + "".join(f"A{n};{1000 * (number + 1) + n}\n" for n in range(number * 5, number * 5 + 20))
        texts[load(pipeline, text, activate=False).pk] = text
    _, *new = texts
    assert at_once(*(lambda pk=pk: activate_file(file_id=pk) for pk in new)) == [None] * 4
    dataset = Dataset.objects.get(slug="prices")
    order = active_in_order(dataset)
    assert sorted(order) == sorted(texts)
    assert rows("SELECT code, price FROM data.prices") != []
    assert sorted(rows("SELECT code, price FROM data.prices")) == folded([texts[pk] for pk in order])
    mixed = [lambda pk=pk: deactivate_file(file_id=pk) for pk in new[:2]]
    assert at_once(*mixed, lambda: change_mode(slug="prices", mode=Mode.MERGE, key=["code"])) == [None] * 3
    left = [pk for pk in order if pk not in new[:2]]
    assert sorted(rows("SELECT code, price FROM data.prices")) == folded([texts[pk] for pk in left])


def test_of_two_who_answer_a_plan_at_the_same_moment_one_is_told_so(pipeline: Pipeline) -> None:
    load(pipeline, "code;name;price\nA1;Bolt;10\n")
    file = load(pipeline, "code;name;prise\nB2;Nut;20\n")
    raised = at_once(
        lambda: answer_columns(file_id=file.pk, answer=ColumnAnswer(dataset="", columns={})),
        lambda: answer_columns(file_id=file.pk, answer=ColumnAnswer(dataset="", columns={"prise": ""})),
    )
    # whoever answers first is overruled until the file is active, and whoever activates second finds it done
    assert [type(error) for error in raised if error is not None] in ([], [StateConflict])
    file.refresh_from_db()
    assert file.state == FileState.ACTIVE
    assert rows("SELECT code, name FROM data.prices ORDER BY code") == [("A1", "Bolt"), ("B2", "Nut")]
    assert Dataset.objects.count() == 1


def test_of_two_who_activate_a_file_at_the_same_moment_one_does(pipeline: Pipeline) -> None:
    load(pipeline, NUMBERED, mode="merge", key="code")
    file = load(pipeline, "code;price\n1;10\n", activate=False)
    raised = at_once(*(lambda: activate_file(file_id=file.pk) for _ in range(2)))
    assert [type(error) for error in raised if error is not None] == [StateConflict]
    assert len(rows(SEEN)) == 60
    assert (1, 10) in rows(SEEN)
