"""Nothing pending touches what is active: files of several senders, in any order, against a plain model.

Environment: ``EXAMPLES`` of orders (3; ``make faults`` tries more).
"""

import os
from collections.abc import Callable

from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.integration.conftest import Pipeline, empty_data_schema, rows
from tests.integration.datasets.quarantine_model import ACTIVE, FAILED, LOADED, File, Model, Refused
from uploads.models import Dataset, DatasetColumn, UploadedFile
from uploads.services.choice import Chooser
from uploads.services.columns.apply import change_columns
from uploads.services.columns.change import Change
from uploads.services.datasets.browsing import list_datasets
from uploads.services.files.activation import activate_file, deactivate_file, delete_file
from uploads.services.files.withdrawal import withdraw_file
from uploads.services.receiving.reimport import ReimportRequest, reimport_file
from uploads.services.receiving.sender import Sender
from uploads.tabular.errors import UploaderError
from uploads.tabular.table import ColumnType

VALUES = st.sampled_from(["1", "22", "1.5", "NA", "NA"])
SOME = st.lists(VALUES, min_size=1, max_size=3)
WORDS = st.sampled_from(["", "NA"])
SENDERS = {
    "anna": Sender(visitor="anna"),
    "ben": Sender(visitor="ben"),
    "staff": Sender(is_staff=True, may_activate=True),
}

PLACES = st.integers(0, 11)
PARENTS = "SELECT relname FROM pg_class WHERE relkind = 'p' AND relnamespace = 'data'::regnamespace"
"""The tables that readers open; an ordinary one in that schema is a part off to the side."""


class Quarantine(RuleBasedStateMachine):
    """Every step is made in the database and in the model; after it both show the same."""

    pipeline: Pipeline

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        clear()

    @initialize(waiting=st.lists(st.tuples(SOME, WORDS, st.sampled_from(["anna", "ben"])), max_size=3))
    def begin(self, waiting: list[tuple[list[str], str, str]]) -> None:
        """Files that wait from before there is any dataset, for it is they that may not fit it."""
        for values, words, sender in waiting:
            self._send(sender, 0, values, words, "")

    @rule(
        sender=st.sampled_from(["anna", "ben", "staff", "staff"]),
        header=st.sampled_from([0, 0, 0, 0, 0, 1]),
        values=SOME,
        words=WORDS,
        wanted=st.sampled_from(["", "", "", "shared"]),
    )
    def send(self, sender: str, header: int, values: list[str], words: str, wanted: str) -> None:
        self._send(sender, header, values, words, wanted)

    def _send(self, sender: str, header: int, values: list[str], words: str, wanted: str) -> None:
        cells = [(str(10 + place), value) for place, value in enumerate(values)]
        text = f"key{header};value\n" + "".join(f"{key};{value}\n" for key, value in cells)
        options = {"null_words": [words]} if words else {}
        receipt = self.pipeline.load(
            text, "t.csv", uploader=SENDERS[sender], activate=sender == "staff", options=options, dataset=wanted
        )
        file = File(
            number=receipt.file_id,
            root=receipt.file_id,
            header=header,
            cells=cells,
            words=frozenset(filter(None, [words])),
            all_text=False,
            wanted=wanted,
        )
        self.model.send(file, activate=sender == "staff")

    @rule(place=PLACES)
    @precondition(lambda self: self.some(LOADED))
    def activate(self, place: int) -> None:
        file = pick(self.some(LOADED), place)
        self._both(lambda: self.model.activate(file), lambda: activate_file(file_id=file.number))
        self.pipeline.finish(file.number)

    @rule(place=PLACES)
    @precondition(lambda self: self.some(ACTIVE))
    def deactivate(self, place: int) -> None:
        file = pick(self.some(ACTIVE), place)
        self._both(lambda: self.model.deactivate(file), lambda: deactivate_file(file_id=file.number))

    @rule(place=PLACES)
    @precondition(lambda self: self.some(LOADED, ACTIVE, FAILED))
    def delete(self, place: int) -> None:
        file = pick(self.some(LOADED, ACTIVE, FAILED), place)
        self._both(lambda: self.model.delete(file), lambda: delete_file(file_id=file.number))

    @rule(place=PLACES)
    @precondition(lambda self: self.some(LOADED, ACTIVE))
    def read_again(self, place: int) -> None:
        file = pick(self.some(LOADED, ACTIVE), place)
        was_active = file.state == ACTIVE
        again = reimport_file(
            file_id=file.number,
            wish=ReimportRequest(options={"all_text": True}),
            reader=SENDERS["staff"],
            via=UploadedFile.Via.PAGE,
        )
        self.pipeline.finish(again.pk)
        self.model.read_again(file, again.pk, activate=was_active)

    @rule(place=PLACES, type_=st.sampled_from(["bigint", "numeric", "text"]))
    @precondition(lambda self: self.model.tables)
    def change_type(self, place: int, type_: str) -> None:
        table = pick(self.model.tables, place)
        dataset = Dataset.objects.get(slug=table.slug)
        change = Change(types={"value": ColumnType(type_)})
        self._both(
            lambda: self.model.change_value_type(table, type_),
            lambda: change_columns(dataset_id=dataset.pk, change=change),
        )

    @rule(place=PLACES)
    @precondition(lambda self: self.some(LOADED, ACTIVE, FAILED))
    def withdraw(self, place: int) -> None:
        file = pick(self.some(LOADED, ACTIVE, FAILED), place)
        self._both(lambda: self.model.withdraw(file), lambda: withdraw_file(file_id=file.number))

    @rule(place=PLACES, type_=st.sampled_from(["bigint", "numeric", "text"]))
    @precondition(lambda self: self.drafts())
    def change_draft(self, place: int, type_: str) -> None:
        file = pick(self.drafts(), place)
        dataset = Dataset.objects.get(loads__file_id=file.number)
        change = Change(types={"value": ColumnType(type_)})
        self._both(
            lambda: self.model.change_draft(file, type_),
            lambda: change_columns(dataset_id=dataset.pk, change=change, chooser=Chooser.SENDER),
        )

    def drafts(self) -> list[File]:
        """The files that were never active and have rows, each in a draft of its own."""
        return [file for file in self.model.files if file.has_rows and not file.was_active]

    def some(self, *states: str) -> list[File]:
        """The files in one of these states."""
        return [file for file in self.model.files if file.state in states]

    def _both(self, modelled: Callable[[], object], made: Callable[[], object]) -> None:
        """Do it to both; either both refuse it or neither does."""
        refused: list[Exception] = []
        for act, refusal in ((modelled, Refused), (made, UploaderError)):
            try:
                act()
            except refusal as error:
                refused.append(error)
        assert len(refused) != 1, refused

    @invariant()
    def active_rows_are_those_of_the_active_files(self) -> None:
        found = {dataset.slug: dataset for dataset in Dataset.objects.filter(established_at__isnull=False)}
        assert sorted(found) == sorted(table.slug for table in self.model.tables)
        assert sorted(summary.slug for summary in list_datasets()) == sorted(found)
        for table in self.model.tables:
            columns = DatasetColumn.objects.filter(dataset=found[table.slug]).order_by("position")
            types = tuple(columns.values_list("type", flat=True))
            assert types == table.types
            seen = rows(f'SELECT _file, key{table.header}::text, value::text FROM data."{table.slug}"')  # noqa: S608
            assert sorted(seen, key=str) == sorted(self.model.rows_of(table), key=str)

    @invariant()
    def nothing_else_has_a_table_that_readers_could_open(self) -> None:
        parents = {name for (name,) in rows(PARENTS)}
        assert parents == {table.slug for table in self.model.tables}

    @invariant()
    def every_file_is_in_its_state(self) -> None:
        states = dict(UploadedFile.objects.values_list("pk", "state"))
        assert states == {file.number: file.state for file in self.model.files}
        waiting = [file for file in self.model.files if file.state in (LOADED, ACTIVE)]
        for file in waiting:
            row = UploadedFile.objects.get(pk=file.number)
            assert (row.rows_loaded, row.rows_rejected) == (len(file.rows), file.rejected)


def pick[T](found: list[T], place: int) -> T:
    return found[place % len(found)]


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE uploads_uploadedfile, uploads_dataset CASCADE")
    empty_data_schema()


def test_active_rows_are_those_of_the_active_files_whatever_was_pending(pipeline: Pipeline) -> None:
    class Machine(Quarantine):
        pass

    Machine.pipeline = pipeline
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=int(os.environ.get("EXAMPLES") or 3),
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
