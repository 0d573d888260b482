"""Files with renamed, new, missing and mistyped columns, in orders that hypothesis finds: against the slow model."""

import os
from collections.abc import Callable, Collection

import pytest
from django.db import DatabaseError
from hypothesis import Phase
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.integration.conftest import Pipeline
from tests.integration.machines import machine_settings
from tests.integration.merging.test_fold_machine import clear
from tests.integration.plans.remembering import HEADERS, LABELS, MOST_FILES, Acts
from uploads.services.columns import shape
from uploads.services.plans import application
from uploads.states import Strictness
from uploads.tabular.errors import UploaderError

PLACES = st.integers(0, 11)
PICKS = st.lists(st.integers(0, 11), min_size=len(HEADERS), max_size=len(HEADERS))
HEADER = st.one_of(
    st.sampled_from(
        [
            ["code", "name", "price"],
            ["code", "name", "prise"],
            ["code", "nome", "price"],
            ["code", "name", "price", "currency"],
            ["price", "code"],
            ["code", "name", "cost", "region"],
            ["code", "name", "Pri ce"],
        ]
    ),
    st.lists(st.sampled_from(HEADERS), min_size=2, max_size=5, unique=True),
)


class Joining(RuleBasedStateMachine):
    """Every step is made in the database and in the model; after it both show and remember the same."""

    pipeline: Pipeline

    def __init__(self) -> None:
        super().__init__()
        clear()
        self.acts = Acts(self.pipeline)

    @rule(header=HEADER, bad=st.sampled_from([False, False, True]), picks=PICKS, is_answered=st.booleans())
    def send(self, header: list[str], bad: bool, picks: list[int], is_answered: bool) -> None:
        if len(self.acts.model.files) < MOST_FILES:
            file = self.acts.send(header, bad=bad)
            if is_answered and file is not None and self.acts.model.files[file].uses is None:
                self.acts.answer(file, picks, only_keep=False)

    @rule(place=PLACES, picks=PICKS, only_keep=st.sampled_from([False, False, True]))
    def answer(self, place: int, picks: list[int], only_keep: bool) -> None:
        self.acts.answer(self._file(place), picks, only_keep=only_keep)

    @rule(place=PLACES)
    def twice(self, place: int) -> None:
        self.acts.twice(self._file(place))

    @rule(place=PLACES)
    def switch(self, place: int) -> None:
        self.acts.activate(self._file(place))

    @rule(place=PLACES)
    def read_again(self, place: int) -> None:
        self.acts.read_again(self._file(place))

    @rule(place=PLACES)
    def delete(self, place: int) -> None:
        self.acts.delete(self._file(place))

    @rule(place=PLACES)
    def own(self, place: int) -> None:
        self.acts.own(self._file(place))

    @rule(label=st.sampled_from(LABELS))
    def add(self, label: str) -> None:
        self.acts.add(label)

    @rule(place=PLACES, label=st.sampled_from(LABELS))
    def rename(self, place: int, label: str) -> None:
        self.acts.rename(place, label)

    @rule(place=PLACES)
    def remove(self, place: int) -> None:
        self.acts.remove(place)

    @rule(strictness=st.sampled_from(list(Strictness)))
    def be(self, strictness: Strictness) -> None:
        self.acts.be(strictness)

    @invariant()
    def readers_see_and_the_dataset_remembers_what_was_said(self) -> None:
        self.acts.check()

    def _file(self, place: int) -> int:
        files = sorted(self.acts.model.files)
        return files[place % len(files)]


def run_machine(pipeline: Pipeline, *, examples: int, phases: Collection[Phase] = tuple(Phase)) -> None:
    class Machine(Joining):
        pass

    Machine.pipeline = pipeline
    run_state_machine_as_test(
        Machine,
        settings=machine_settings(examples=examples, steps=12, phases=phases),
    )


def test_any_order_shows_and_remembers_what_was_said(pipeline: Pipeline) -> None:
    run_machine(pipeline, examples=int(os.environ.get("EXAMPLES") or 3))


FAULTS: dict[str, tuple[object, str, Callable[..., object]]] = {
    "an answer is not remembered": (application, "_remember", lambda plan, home, file, **how: None),
    "files that are off get no new column": (application, "tables_of", lambda dataset: [dataset.slug]),
    "a renamed column is forgotten": (shape, "_follow", lambda dataset, names: None),
}


@pytest.mark.thorough
@pytest.mark.parametrize("fault", FAULTS)
def test_the_machine_finds_a_fault(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """Whoever looks for faults is looked at too. Not shrunk: that it is found is enough."""
    monkeypatch.setattr(*FAULTS[fault])
    with pytest.raises((AssertionError, DatabaseError, UploaderError, KeyError, ExceptionGroup)):
        run_machine(pipeline, examples=60, phases=[Phase.generate])
