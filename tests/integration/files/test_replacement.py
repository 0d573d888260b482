"""One file takes the place of several in one moment, and one click puts them back."""

import threading

import pytest
from django.db import connection

from tests.integration.conftest import Pipeline, rows
from tests.integration.files.test_activation import in_threads
from uploads.models import FileEvent, UploadedFile
from uploads.services.errors import FileNotFound, StateConflict
from uploads.services.files.activation import activate_file, deactivate_file, delete_file
from uploads.services.files.receipts import describe_file
from uploads.services.files.replacement import put_back, replace_files, replaceable_files
from uploads.services.merging.modes import change_mode
from uploads.services.visibility import OPERATOR
from uploads.states import FileState, Mode
from uploads.tabular.errors import BadOption

OLD = "a;b\n1;2\n"
NEW = "a;b\n5;6\n7;8\n9;10\n"


def states(*ids: int) -> list[str]:
    found = dict(UploadedFile.objects.values_list("pk", "state"))
    return [found[file_id] for file_id in ids]


def replaced_of(file_id: int) -> tuple[int, ...]:
    return describe_file(file_id=file_id, viewer=OPERATOR).replaced


@pytest.fixture
def files(pipeline: Pipeline) -> tuple[int, int, int]:
    """Two active ones and one that is loaded."""
    first, second = (pipeline.load(OLD).file_id for _ in range(2))
    return first, second, pipeline.load(NEW, activate=False).file_id


def test_several_make_way_in_one_moment_and_stay_loaded(files: tuple[int, int, int]) -> None:
    *old, new = files
    done_now = threading.Event()
    seen: set[int] = set()

    def read() -> None:
        while not done_now.is_set():
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM data.table")
                seen.add(cursor.fetchone()[0])

    def act() -> None:
        try:
            done = replace_files(old_ids=old, new_id=new)
            assert (done.rows, done.replaced, done.datasets, done.is_waiting) == (3, tuple(old), ("table",), False)
        finally:
            done_now.set()

    assert in_threads(act, read) == [None, None]
    assert seen <= {2, 3}
    assert states(*files) == [FileState.LOADED, FileState.LOADED, FileState.ACTIVE]
    assert replaced_of(new) == tuple(old)
    assert FileEvent.objects.filter(text=f"replaced by file {new}").count() == 2


def test_one_click_puts_them_back(files: tuple[int, int, int]) -> None:
    *old, new = files
    replace_files(old_ids=old, new_id=new)
    assert put_back(file_id=new) == tuple(old)
    assert states(*files) == [FileState.ACTIVE, FileState.ACTIVE, FileState.LOADED]
    assert rows("SELECT count(*) FROM data.table") == [(2,)]
    assert [replaced_of(file_id) for file_id in files] == [(), (), ()]
    with pytest.raises(StateConflict, match="nothing to put back"):
        put_back(file_id=new)


def test_what_was_put_back_can_be_undone_too(files: tuple[int, int, int]) -> None:
    old, _, new = files
    replace_files(old_ids=[old], new_id=new)
    put_back(file_id=new)
    assert replaced_of(old) == (new,)
    put_back(file_id=old)
    assert states(old, new) == [FileState.LOADED, FileState.ACTIVE]


def test_what_it_replaced_when_it_was_active_before_is_not_put_back(pipeline: Pipeline) -> None:
    january, february, march = (pipeline.load(f"a;b\n{i};2\n", activate=False).file_id for i in range(3))
    activate_file(file_id=january)
    change_mode(slug="table", mode=Mode.REPLACE)
    for file_id in (february, march, february):
        activate_file(file_id=file_id)
    assert replaced_of(february) == (march,)
    assert put_back(file_id=february) == (march,)
    assert rows("SELECT a FROM data.table") == [(2,)]
    replace_files(old_ids=[march], new_id=february)
    assert replaced_of(february) == (march,)


def test_second_click_says_that_it_is_so_already(files: tuple[int, int, int]) -> None:
    old, _, new = files
    replace_files(old_ids=[old], new_id=new)
    with pytest.raises(StateConflict, match=f"File {new} has taken the place of file {old} already"):
        replace_files(old_ids=[old], new_id=new)


def test_file_that_was_replaced_and_activated_by_hand_is_not_put_back(files: tuple[int, int, int]) -> None:
    old, _, new = files
    replace_files(old_ids=[old], new_id=new)
    activate_file(file_id=old)
    assert replaced_of(new) == ()


def test_deleted_file_is_not_put_back(files: tuple[int, int, int]) -> None:
    *old, new = files
    replace_files(old_ids=old, new_id=new)
    delete_file(file_id=old[0])
    assert put_back(file_id=new) == (old[1],)


def test_of_several_one_that_cannot_go_keeps_all_as_they_are(files: tuple[int, int, int]) -> None:
    first, second, new = files
    deactivate_file(file_id=second)
    with pytest.raises(StateConflict, match="Only an active file can be replaced"):
        replace_files(old_ids=[first, second], new_id=new)
    assert states(*files) == [FileState.ACTIVE, FileState.LOADED, FileState.LOADED]


def test_wrong_wishes_are_refused_with_what_is_wrong(files: tuple[int, int, int]) -> None:
    old, other, new = files
    with pytest.raises(BadOption, match="It is not said"):
        replace_files(old_ids=[], new_id=new)
    with pytest.raises(BadOption, match="its own place"):
        replace_files(old_ids=[old, new], new_id=new)
    with pytest.raises(FileNotFound):
        replace_files(old_ids=[4_711], new_id=new)
    with pytest.raises(StateConflict, match="Only a file that is loaded"):
        replace_files(old_ids=[old], new_id=other)
    assert states(*files) == [FileState.ACTIVE, FileState.ACTIVE, FileState.LOADED]


def test_two_replacements_of_one_file_at_once_do_not_both_win(pipeline: Pipeline) -> None:
    old = pipeline.load(OLD).file_id
    new = [pipeline.load(NEW, activate=False).file_id for _ in range(2)]
    errors = in_threads(*[lambda one=one: replace_files(old_ids=[old], new_id=one) for one in new])
    assert sorted(type(error).__name__ for error in errors) == ["NoneType", "StateConflict"]
    assert sorted(states(*new)) == [FileState.ACTIVE, FileState.LOADED]


def test_held_back_file_is_loaded_first_and_takes_the_place_then(pipeline: Pipeline) -> None:
    old = pipeline.load(OLD).file_id
    new = pipeline.load(OLD, again=False, activate=False).file_id
    done = replace_files(old_ids=[old], new_id=new)
    assert (done.is_waiting, done.replaced) == (True, (old,))
    assert states(old, new) == [FileState.ACTIVE, FileState.WAITING]
    assert pipeline.finish(new).state is FileState.ACTIVE
    assert states(old) == [FileState.LOADED]
    assert replaced_of(new) == (old,)


def test_file_that_made_way_before_the_new_one_was_loaded_is_left_alone(pipeline: Pipeline) -> None:
    old = pipeline.load(OLD).file_id
    new = pipeline.load(OLD, again=False).file_id
    replace_files(old_ids=[old], new_id=new)
    delete_file(file_id=old)
    assert pipeline.finish(new).state is FileState.ACTIVE
    assert replaced_of(new) == ()


def test_active_files_of_the_same_dataset_are_offered(pipeline: Pipeline, files: tuple[int, int, int]) -> None:
    first, second, new = files
    pipeline.load("x;y;z\n1;2;3\n", "elsewhere.csv")
    offered = replaceable_files(file_id=new)
    assert [(file.file_id, file.rows, file.datasets) for file in offered] == [
        (second, 1, ("table",)),
        (first, 1, ("table",)),
    ]
    held_back = pipeline.load(OLD, again=False).file_id
    assert {file.file_id for file in replaceable_files(file_id=held_back)} == {first, second}
