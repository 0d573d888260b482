"""The same bytes twice: held back, told to those who may know, added only when somebody asks."""

import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.integration.conftest import Pipeline, rows
from tests.integration.files.test_activation import in_threads
from tests.integration.staff import make_user
from uploads.models import FileEvent, UploadedFile
from uploads.services.errors import FileNotFound, NotAllowed, NotSignedIn, StateConflict
from uploads.services.files import same_bytes
from uploads.services.files.activation import activate_file, deactivate_file, delete_file, retry_file
from uploads.services.files.permissions import rights_of
from uploads.services.files.receipts import FileReceipt, describe_file
from uploads.services.files.same_bytes import HELD_BACK, NOT_ACTIVATED, add_duplicate, check_may_add, is_here_already
from uploads.services.loading.attempt import load_file
from uploads.services.loading.lease import claim_file
from uploads.services.receiving.reimport import ReimportRequest, reimport_file
from uploads.services.receiving.sender import Sender
from uploads.services.receiving.uploads import receive_file
from uploads.services.visibility import ANYBODY, OPERATOR, Viewer
from uploads.states import FileState
from uploads.store import stored_files
from uploads.tabular.sandbox.client import WarmReader

TABLE = "a;b\n1;2\n3;4\n"
ANN, BOB = Sender(visitor="ann"), Sender(visitor="bob")


def send(sender: Sender, content: str = TABLE, **wishes: Any) -> UploadedFile:
    data = content.encode()
    return receive_file(
        content=io.BytesIO(data),
        size=len(data),
        name="sent.csv",
        uploader=sender,
        via=UploadedFile.Via.FORM,
        **wishes,
    )


def seen_by(sender: Sender, file: UploadedFile) -> FileReceipt:
    return describe_file(file_id=file.pk, viewer=Viewer(user_id=sender.user_id, visitor=sender.visitor))


def jobs() -> int:
    return ProcrastinateJob.objects.count()


def count() -> int:
    [(number,)] = rows("SELECT count(*) FROM data.table")
    return int(number)


@pytest.mark.parametrize("activate", [True, False], ids=["active", "loaded"])
def test_bytes_of_a_file_that_is_there_are_not_loaded_again(pipeline: Pipeline, activate: bool) -> None:
    first = pipeline.load(TABLE, activate=activate).file_id
    before = jobs()
    second = pipeline.load(TABLE, "other name.csv", again=False)
    assert (second.state, second.same_content_as, second.progress.phase) == (FileState.DUPLICATE, first, "duplicate")
    assert jobs() == before
    assert not second.loads
    assert second.same_content is not None
    assert second.same_content.state is (FileState.ACTIVE if activate else FileState.LOADED)


def test_other_ways_to_read_the_same_bytes_are_the_same_bytes(pipeline: Pipeline) -> None:
    pipeline.load(TABLE)
    assert pipeline.load(TABLE, again=False, options={"all_text": True}).state is FileState.DUPLICATE


def test_files_that_are_not_there_hold_nothing_back(pipeline: Pipeline) -> None:
    delete_file(file_id=pipeline.load(TABLE).file_id)
    failed = pipeline.load(TABLE, options={"header_row": 9})
    assert failed.state is FileState.FAILED
    third = pipeline.load(TABLE, again=False)
    assert (third.state, third.same_content_as) == (FileState.ACTIVE, failed.file_id)


def test_said_to_be_wanted_again_they_are_loaded_and_activated(pipeline: Pipeline) -> None:
    first = pipeline.load(TABLE).file_id
    second = pipeline.load(TABLE, again=True)
    assert (second.state, second.same_content_as) == (FileState.ACTIVE, first)
    assert count() == 4


@pytest.mark.parametrize("activate", [True, False])
def test_held_back_file_is_added_as_was_asked_for(pipeline: Pipeline, activate: bool) -> None:
    pipeline.load(TABLE)
    second = pipeline.load(TABLE, again=False, activate=activate).file_id
    add_duplicate(file_id=second)
    assert pipeline.finish(second).state is (FileState.ACTIVE if activate else FileState.LOADED)
    assert count() == (4 if activate else 2)


def test_second_click_says_that_it_is_so_already(pipeline: Pipeline) -> None:
    pipeline.load(TABLE)
    second = pipeline.load(TABLE, again=False).file_id
    add_duplicate(file_id=second)
    before = jobs()
    with pytest.raises(StateConflict, match="is not held back: it is waiting"):
        add_duplicate(file_id=second)
    assert jobs() == before
    with pytest.raises(FileNotFound):
        add_duplicate(file_id=4_711)


def test_held_back_file_is_read_in_another_way(pipeline: Pipeline) -> None:
    pipeline.load(TABLE)
    second = pipeline.load(TABLE, again=False).file_id
    wish = ReimportRequest(options={"all_text": True})
    followed = reimport_file(file_id=second, wish=wish, reader=Sender(is_staff=True), via=UploadedFile.Via.COMMAND)
    assert followed.pk == second
    assert pipeline.finish(second).state is FileState.ACTIVE


def test_held_back_file_is_deleted_with_its_bytes(pipeline: Pipeline) -> None:
    pipeline.load(TABLE)
    second = UploadedFile.objects.get(pk=pipeline.load(TABLE, again=False).file_id)
    delete_file(file_id=second.pk)
    assert not stored_files.exists(second.stored_as)
    assert count() == 2


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["older first", "younger first"])
def test_of_two_that_come_at_the_same_moment_the_second_to_be_taken_is_held_back(
    pipeline: Pipeline, order: tuple[int, int]
) -> None:
    files = [pipeline.receive(TABLE, again=False).pk for _ in range(2)]
    first, second = (pipeline.finish(files[place]) for place in order)
    assert (first.state, second.state, second.same_content_as) == (
        FileState.ACTIVE,
        FileState.DUPLICATE,
        first.file_id,
    )
    assert not UploadedFile.objects.get(pk=second.file_id).fence, "no load was spent"
    assert FileEvent.objects.filter(file=second.file_id, text=HELD_BACK).exists()
    add_duplicate(file_id=second.file_id)
    assert pipeline.finish(second.file_id).state is FileState.ACTIVE, "a person may"
    assert count() == 4


def test_of_two_that_come_at_the_same_moment_a_strangers_pending_one_holds_none_back(pipeline: Pipeline) -> None:
    files = [send(sender).pk for sender in (ANN, BOB)]
    assert [pipeline.finish(file).state for file in files] == [FileState.LOADED, FileState.LOADED]


def test_what_another_worker_took_meanwhile_is_not_held_back(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (pipeline.receive(TABLE, again=False).pk for _ in range(2))
    pipeline.finish(first)

    def be_faster(**_: Any) -> bool:
        assert in_threads(lambda: claim_file(file_id=second, worker="another")) == [None]
        return True

    monkeypatch.setattr(same_bytes, "is_here_already", be_faster)
    assert load_file(file_id=second, reader=pipeline.reader) is None
    assert describe_file(file_id=second).state is FileState.LOADING


def test_of_two_that_end_at_the_same_moment_one_is_activated(pipeline: Pipeline) -> None:
    files = [pipeline.receive(TABLE, again=False, dataset=name).pk for name in ("one", "two")]

    def load(file_id: int) -> None:
        reader = WarmReader()
        try:
            load_file(file_id=file_id, reader=reader)
        finally:
            reader.close()

    assert in_threads(*[lambda file_id=file_id: load(file_id) for file_id in files]) == [None, None]
    states = sorted(UploadedFile.objects.filter(pk__in=files).values_list("state", flat=True))
    assert states == [FileState.ACTIVE, FileState.LOADED]


def test_loading_again_what_failed_does_not_double_what_is_active_by_now(pipeline: Pipeline) -> None:
    failed = pipeline.load(TABLE, again=False, options={"header_row": 9}).file_id
    pipeline.load(TABLE, again=False)
    UploadedFile.objects.filter(pk=failed).update(options={})
    retry_file(file_id=failed)
    assert pipeline.finish(failed).state is FileState.LOADED
    assert count() == 2


def test_another_reading_takes_the_place_of_its_file_although_the_bytes_are_the_same(pipeline: Pipeline) -> None:
    first = pipeline.load(TABLE, again=False).file_id
    reading = reimport_file(
        file_id=first,
        wish=ReimportRequest(options={"all_text": True}),
        reader=Sender(is_staff=True),
        via=UploadedFile.Via.COMMAND,
    )
    assert pipeline.finish(reading.pk).state is FileState.ACTIVE


def test_look_up_costs_one_query_where_the_bytes_are_new(pipeline: Pipeline) -> None:
    file = pipeline.receive(TABLE)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert not is_here_already(file=file, sha256=file.sha256)
    assert len(queries) == 1
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT 1 FROM uploads_uploadedfile WHERE sha256 = %s", [file.sha256])
        assert "Index" in str(cursor.fetchall())
        cursor.execute("RESET enable_seqscan")


class TestWhoMayKnow:
    """Visitors learn of active files and of their own; staff that may see files learn of all."""

    def test_pending_file_of_a_stranger_does_not_exist(self, pipeline: Pipeline) -> None:
        hers = send(ANN)
        pipeline.finish(hers.pk)
        his = send(BOB)
        assert his.state == FileState.WAITING
        assert pipeline.finish(his.pk).state is FileState.LOADED
        assert seen_by(BOB, his).same_content_as is None
        assert describe_file(file_id=his.pk, viewer=ANYBODY).same_content_as is None
        assert describe_file(file_id=his.pk, viewer=OPERATOR).same_content_as == hers.pk

    def test_own_pending_file_is_told(self, pipeline: Pipeline) -> None:
        first = send(ANN)
        pipeline.finish(first.pk)
        second = send(ANN)
        assert (second.state, seen_by(ANN, second).same_content_as) == (FileState.DUPLICATE, first.pk)
        assert describe_file(file_id=second.pk).same_content_as is None, "whoever else has the address"

    def test_active_file_is_told_to_everybody_by_number_and_date_alone(self, pipeline: Pipeline) -> None:
        first = pipeline.load(TABLE, "salaries of ann.csv").file_id
        second = send(BOB)
        receipt = seen_by(BOB, second)
        assert (receipt.state, receipt.same_content_as) == (FileState.DUPLICATE, first)
        assert "salaries" not in str(receipt.same_content)

    def test_what_was_active_once_is_pending_again(self, pipeline: Pipeline) -> None:
        first = pipeline.load(TABLE).file_id
        deactivate_file(file_id=first)
        assert send(BOB).state == FileState.WAITING

    def test_what_holds_a_file_back_goes_and_its_notice_with_it(self, pipeline: Pipeline) -> None:
        first = pipeline.load(TABLE).file_id
        second = send(BOB)
        deactivate_file(file_id=first)
        assert seen_by(BOB, second).same_content_as is None
        assert not FileEvent.objects.filter(file=second, text__contains=f"file {first}").exists()

    @pytest.mark.parametrize(
        ("permissions", "state"),
        [(["view_uploadedfile"], FileState.DUPLICATE), (["activate_uploadedfile"], FileState.WAITING)],
    )
    def test_staff_learn_of_pending_files_if_they_may_see_files(
        self, pipeline: Pipeline, permissions: list[str], state: FileState
    ) -> None:
        pipeline.finish(send(ANN).pk)
        user = make_user("clerk", *permissions)
        assert send(Sender(user_id=user.pk, is_staff=True)).state == state

    def test_an_own_file_is_added_by_its_sender_and_others_by_staff(self, pipeline: Pipeline) -> None:
        pipeline.load(TABLE)
        file = send(ANN).pk
        nobody = rights_of(make_user("member", is_staff=False))
        check_may_add(file_id=file, rights=nobody, visitor="ann")
        with pytest.raises(NotAllowed):
            check_may_add(file_id=file, rights=nobody, visitor="bob")
        with pytest.raises(NotSignedIn):
            check_may_add(file_id=file, rights=rights_of(None), visitor="")  # type: ignore[arg-type]
        check_may_add(file_id=file, rights=rights_of(make_user("clerk", "retry_uploadedfile")), visitor="")


class TestFitted:
    """A file that is activated by hand, and read again for it with the types of its dataset."""

    def asked(self, pipeline: Pipeline) -> int:
        """A file whose bytes are active already, asked for all the same; it says nothing about the next time."""
        waiting = pipeline.load(TABLE, activate=False, again=False).file_id
        pipeline.load(TABLE.replace("1", "x"))
        pipeline.load(TABLE, "same.csv")
        assert activate_file(file_id=waiting).fitting
        return waiting

    def test_it_is_active_though_the_same_bytes_were_when_that_was_asked_for(self, pipeline: Pipeline) -> None:
        waiting = self.asked(pipeline)
        assert pipeline.finish(waiting).state is FileState.ACTIVE

    def test_it_is_held_back_the_next_time(self, pipeline: Pipeline) -> None:
        waiting = self.asked(pipeline)
        pipeline.finish(waiting)
        deactivate_file(file_id=waiting)
        UploadedFile.objects.filter(pk=waiting).update(activate=True)
        retry_file(file_id=waiting)
        assert pipeline.finish(waiting).state is FileState.LOADED

    def test_it_is_held_back_by_what_became_active_since_that_was_asked_for(self, pipeline: Pipeline) -> None:
        waiting = self.asked(pipeline)
        pipeline.load(TABLE, "third.csv")
        fitted = pipeline.finish(waiting)
        assert fitted.state is FileState.LOADED
        assert FileEvent.objects.filter(file=waiting, text=NOT_ACTIVATED).exists()
