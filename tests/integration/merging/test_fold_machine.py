"""Files in every mode, and with every choice of a merge, in orders that hypothesis finds: against the slow model.

Beside the seeded orders of ``test_folds``: those are dense, this one comes upon the rare and finds the shortest order
that fails. Environment: ``EXAMPLES`` of orders (3; ``make faults`` tries more).
"""

import os
import random
from collections.abc import Collection

import pytest
from django.db import DatabaseError, connection
from hypothesis import Phase
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.integration.conftest import Pipeline, empty_data_schema
from tests.integration.machines import machine_settings
from tests.integration.merging.folded import KEYS, Acts, File, Row
from uploads.database.merging import folding
from uploads.services.merging import shown_rows
from uploads.states import Mode

PLACES = st.integers(0, 11)
ROWS = st.dictionaries(
    st.sampled_from(KEYS),
    st.fixed_dictionaries(
        {
            "price": st.sampled_from([None, 1, 2]),
            "note": st.sampled_from([None, "a", "b"]),
            "gone": st.sampled_from([None, "k", "k", "x"]),
        }
    ),
    min_size=1,
)
KEPT = st.sampled_from(["replace", "keep"])
MARKS = st.sampled_from([(), ("x",), ("x", "k")])


class Merging(RuleBasedStateMachine):
    """Every step is made in the database and in the model; after it both show the same."""

    pipeline: Pipeline

    def __init__(self) -> None:
        super().__init__()
        clear()
        self.acts = Acts(self.pipeline)

    @initialize(blanks=KEPT, missing=KEPT, marks=MARKS)
    def begin(self, blanks: str, missing: str, marks: tuple[str, ...]) -> None:
        self.acts.choose(Mode.MERGE, blanks, missing, marks)

    @rule(contents=ROWS, is_full=st.sampled_from([False, False, True]), lacks_note=st.booleans())
    def send(self, contents: dict[str, Row], is_full: bool, lacks_note: bool) -> None:
        lacks = frozenset(["note"] if lacks_note else [])
        cells: dict[str, Row] = {key: {**row, **dict.fromkeys(lacks)} for key, row in contents.items()}
        self.acts.send(File(rows=cells, is_full=is_full, lacks=lacks))

    @rule(place=PLACES)
    def switch(self, place: int) -> None:
        self.acts.switch(self._file(place))

    @rule(place=PLACES)
    def switch_another(self, place: int) -> None:
        """Twice, for it is the act that all others are made of."""
        self.acts.switch(self._file(place))

    @rule(place=PLACES)
    def delete(self, place: int) -> None:
        self.acts.delete(self._file(place))

    @rule(old=PLACES, new=PLACES)
    def replace(self, old: int, new: int) -> None:
        self.acts.replace(self._file(old), self._file(new))

    @rule(seed=st.integers(0, 5))
    def reorder(self, seed: int) -> None:
        self.acts.reorder(random.Random(seed))  # noqa: S311 - hypothesis chooses

    @rule(
        mode=st.sampled_from([Mode.MERGE, Mode.MERGE, Mode.APPEND, Mode.REPLACE]),
        blanks=KEPT,
        missing=KEPT,
        marks=MARKS,
    )
    def choose(self, mode: Mode, blanks: str, missing: str, marks: tuple[str, ...]) -> None:
        self.acts.choose(mode, blanks, missing, marks)

    @invariant()
    def readers_see_what_the_active_files_alone_give(self) -> None:
        self.acts.check()

    def _file(self, place: int) -> int:
        files = sorted(self.acts.model.files)
        return files[place % len(files)]


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE uploads_uploadedfile, uploads_dataset CASCADE")
    empty_data_schema()


def run_machine(pipeline: Pipeline, *, examples: int, phases: Collection[Phase] = tuple(Phase)) -> None:
    class Machine(Merging):
        pass

    Machine.pipeline = pipeline
    run_state_machine_as_test(
        Machine,
        settings=machine_settings(examples=examples, steps=15, phases=phases),
    )


def test_any_order_of_acts_shows_what_the_active_files_alone_would_show(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown_rows, "BASE_ROWS", 3)  # so that several files are as big ones are
    run_machine(pipeline, examples=int(os.environ.get("EXAMPLES") or 3))


@pytest.mark.thorough
def test_the_machine_finds_a_mark_that_cuts_nothing_off(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks for faults is looked at too. Not shrunk: that it is found is enough."""
    spoilt = folding._RANKED.replace("coalesce(max(o._rank) FILTER (WHERE {a_marked}) OVER own, 0)", "0::bigint")
    assert spoilt != folding._RANKED
    for name in ("_GO_HOME", "_SHOW_WHOLE", "_SHOW_FOLDED"):
        monkeypatch.setattr(folding, name, getattr(folding, name).replace(folding._RANKED, spoilt))
    with pytest.raises((AssertionError, DatabaseError, ExceptionGroup)):
        run_machine(pipeline, examples=60, phases=[Phase.generate])
