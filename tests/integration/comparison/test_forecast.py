"""What is said before a file is activated is what happens: in every mode, with every choice, in any order."""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError
from django.test import Client
from hypothesis import Phase
from psycopg import sql

from tests.integration.conftest import Pipeline, rows
from tests.integration.merging import test_fold_machine
from tests.integration.merging.folded import Acts, File, Row, refused
from tests.integration.plans.test_two_tables import NORTH, SOUTH, book
from uploads.database.comparison import seen_rows
from uploads.models import Dataset, Load, UploadedFile
from uploads.services import budget
from uploads.services.budget import Budget
from uploads.services.comparison import forecast, hindsight
from uploads.services.comparison.compare import Wish, compare_files, compare_with_active
from uploads.services.comparison.effects import foretell
from uploads.services.comparison.result import Comparison, Effect, Unforetold
from uploads.services.files.activation import activate_file, deactivate_file
from uploads.services.joining.columns import ColumnAnswer, keep_answer
from uploads.services.merging import shown_rows
from uploads.services.merging.changes import MergedRows
from uploads.services.merging.choices import SaidChoices
from uploads.services.merging.modes import change_mode
from uploads.services.merging.overlap import overlaps_of
from uploads.services.merging.standing import ActiveFile, Standing, standing_among
from uploads.states import FileState, Kept, Mode
from uploads.web.sentences.comparison import activation_sentence, sides_in_words

SEEN = "SELECT code, price, note, gone FROM data.prices ORDER BY 1, 2, 3, 4"
PATIENT = Budget(each=60)
NOTED: list[int] = []
"""Files with which it is noted what they changed: a full one below others is the only one without."""


class ForetoldActs(Acts):
    """The acts of merging; whatever becomes active was foretold, and what was foretold is what happened."""

    def send(self, file: File) -> None:
        if file.is_full and (self.model.mode is not Mode.MERGE or self.model.keeps):
            file.is_full = False
        if not Dataset.objects.filter(slug="prices", established_at__isnull=False).exists():
            super().send(file)
            return
        names = [name for name in ("code", "price", "note", "gone") if name not in file.lacks]
        lines = [{"code": key, **row} for key, row in file.rows.items()]
        cells = (("" if line[name] is None else str(line[name]) for name in names) for line in lines)
        text = "\n".join([";".join(names), *map(";".join, cells)])
        wishes = {"mode": "merge", "full": True} if file.is_full else {}
        receipt = self.pipeline.load(text, "prices.csv", activate=False, again=True, dataset="prices", **wishes)
        assert receipt.state is FileState.LOADED, receipt
        self.model.files[receipt.file_id] = file
        foretold(receipt.file_id, self.model.mode, lambda: activate_file(file_id=receipt.file_id))
        self._activated(receipt.file_id)

    def switch(self, file: int) -> None:
        if file in self.model.active:
            deactivate_file(file_id=file)
            self.model.active.discard(file)
        elif self.model.refuses([file]):
            assert foretell(file_id=file).effects == {}
            refused(lambda: activate_file(file_id=file))
        else:
            foretold(file, self.model.mode, lambda: activate_file(file_id=file))
            self._activated(file)


def effect_of_counts(found: Comparison) -> Effect:
    return Effect(new=found.new, changed=found.changed, gone=found.gone, equal=found.equal)


def foretold(file: int, mode: Mode, activate: Callable[[], object]) -> None:
    """Activate it, and hold what was said to what is seen."""
    foretelling = foretell(file_id=file, budget=PATIENT)
    said = foretelling.effects.get("prices")
    if said is None:  # it was off while its dataset began to merge, and its rows were not looked at
        assert foretelling.unknown == {"prices": Unforetold.KEY_NOT_CHECKED}
        activate()
        return
    compared = compare_with_active(file_id=file, wish=Wish(figures=True))
    before = rows(SEEN)
    activate()
    after = rows(SEEN)
    happened = by_key(before, after) if mode is Mode.MERGE else by_rows(before, after)
    assert replace(said, hidden=0) == happened, (said, happened, before, after)
    looked_back = compare_with_active(file_id=file, wish=Wish(figures=True)) if before else compared
    assert looked_back.is_of_seen == (mode is Mode.MERGE and bool(before))
    if looked_back.is_of_seen:
        assert effect_of_counts(looked_back) == happened, (looked_back, happened, before, after)
    assert compared.on_activation == said
    [noted] = [MergedRows.of(load) for load in Load.objects.filter(file=file)]
    if mode is not Mode.MERGE:
        assert noted is None
    elif noted is not None:
        assert (noted.added, noted.updated, noted.deleted) == (said.new, said.changed, said.gone)
        NOTED.append(file)
    marks = Dataset.objects.get(slug="prices", established_at__isnull=False).merge_choices.get("mark")
    if mode is Mode.MERGE and not marks:
        assert said.hidden == sum(Load.objects.filter(file=file).values_list("rows_hidden", flat=True))
    if mode is not Mode.APPEND:
        assert (compared.new, compared.changed, compared.gone) == (said.new, said.changed, said.gone)
        [table] = compared.tables
        assert (table.old_rows, table.new_rows) == (len(before), len(after))
        shown = table.examples
        assert sum(each.times for each in shown.new) == said.new
        assert (len(shown.changed), sum(each.times for each in shown.gone)) == (said.changed, said.gone)
        prices = next(each for each in table.figures or () if each.name == "price")
        for figures, seen in ((prices.old, before), (prices.new, after)):
            assert figures.blanks == sum(row[1] is None for row in seen)
            assert figures.sum == (str(sum(row[1] or 0 for row in seen)) if figures.sum else None)


def by_key(before: list[tuple[Any, ...]], after: list[tuple[Any, ...]]) -> Effect:
    old, new = ({row[0]: row for row in seen} for seen in (before, after))
    changed = sum(old[key] != new[key] for key in old.keys() & new.keys())
    gone = len(old.keys() - new.keys())
    return Effect(new=len(new.keys() - old.keys()), changed=changed, gone=gone, equal=len(old) - gone - changed)


def by_rows(before: list[tuple[Any, ...]], after: list[tuple[Any, ...]]) -> Effect:
    old, new = Counter(before), Counter(after)
    return Effect(new=(new - old).total(), changed=0, gone=(old - new).total(), equal=(old & new).total())


class Foretelling(test_fold_machine.Merging):
    def __init__(self) -> None:
        super().__init__()
        test_fold_machine.clear()
        self.acts = ForetoldActs(self.pipeline)


def run(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, **how: Any) -> None:
    monkeypatch.setattr(shown_rows, "BASE_ROWS", 3)
    monkeypatch.setattr(test_fold_machine, "Merging", Foretelling)
    test_fold_machine.run_machine(pipeline, **how)


def test_what_is_said_before_is_what_happens(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    run(pipeline, monkeypatch, examples=int(os.environ.get("EXAMPLES") or 3))


def test_what_a_merge_notes_is_what_was_said_before(pipeline: Pipeline) -> None:
    """Or the machine would compare nothing but the rows that are seen, whatever comes in its way."""
    NOTED.clear()
    acts = ForetoldActs(pipeline)
    acts.choose(Mode.MERGE, "replace", "replace", ())
    acts.send(File(rows={"A1": {"price": 9, "note": "n0", "gone": "k"}, "C3": {"price": 3, "note": "c", "gone": "k"}}))
    [latest] = NOTED
    assert latest == max(acts.model.files)


def _on_top(joining: Any) -> Standing:
    others = forecast.active_but(joining.dataset, file=joining.file)
    files = [ActiveFile(file_id=pk, is_full=full) for _, pk, full in others]
    return standing_among(is_full=joining.is_full, below=files, above=[])


FAULTS: dict[str, tuple[object, str, Callable[..., object]]] = {
    "a mark is a row": (seen_rows, "_marked", lambda fold, rows: sql.SQL("false")),
    "a blank empties the old value": (forecast, "_fold", lambda joining, loads: seen_rows.WHOLE),
    "a file always comes on top": (forecast, "_standing", _on_top),
}


@pytest.mark.thorough
@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_forecast_is_found(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """Whoever looks for faults is looked at too. Not shrunk: that it is found is enough."""
    monkeypatch.setattr(*FAULTS[fault])
    with pytest.raises((AssertionError, DatabaseError, ExceptionGroup)):
        run(pipeline, monkeypatch, examples=60, phases=[Phase.generate])


FIRST = "code;name;price\nA1;Bolt;10\nB2;Nut;20\n"


def effect(file: int, **how: Any) -> Effect | None:
    return foretell(file_id=file, budget=PATIENT, **how).effects.get("prices")


def sent(pipeline: Pipeline, text: str, **wishes: Any) -> int:
    return pipeline.load(text, "prices.csv", **{"activate": False, **wishes}).file_id


def test_rows_are_added_where_nobody_said_otherwise(pipeline: Pipeline) -> None:
    pipeline.load(FIRST, "prices.csv")
    file = sent(pipeline, "code;name;price\nB2;Nut;21\nC3;Pin;1\n")
    assert effect(file) == Effect(new=2, changed=0, gone=0, equal=2)
    found = compare_with_active(file_id=file, wish=Wish(key=["code"]))
    assert (found.new, found.changed, found.gone) == (1, 1, 1), "what it has in common with what is there"
    assert found.on_activation == effect(file)


def test_nothing_changes_below_two_full_files(pipeline: Pipeline) -> None:
    """What the lower of them had is covered by the upper one, whatever comes below both."""
    acts = ForetoldActs(pipeline)
    [first] = acts.model.active
    acts.choose(Mode.MERGE, "replace", "replace", ())
    acts.switch(first)
    row: Row = {"price": 1, "note": "a", "gone": "k"}
    acts.send(File(rows={"A1": row, "B2": row}, is_full=True))
    acts.send(File(rows={"A1": row}, is_full=True))
    acts.switch(first)
    acts.check()


def test_another_reading_makes_way(pipeline: Pipeline) -> None:
    first = pipeline.load(FIRST, "prices.csv").file_id
    pipeline.load(FIRST.replace("A1", "C3"), "prices.csv")
    reading = sent(pipeline, FIRST.replace("10", "11"))
    UploadedFile.objects.filter(pk=reading).update(version_of=first)
    assert effect(reading) == Effect(new=1, changed=0, gone=1, equal=3)


def test_a_new_column_and_a_missing_one_change_rows(pipeline: Pipeline) -> None:
    pipeline.load(FIRST, "prices.csv")
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    Dataset.objects.update(strictness="grow")
    file = sent(pipeline, "code;price;currency\nA1;10;\nB2;20;EUR\n")
    assert effect(file) == Effect(new=0, changed=2, gone=0, equal=0), "both lose their names"
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"], said=SaidChoices(missing="keep"))
    assert effect(file) == Effect(new=0, changed=1, gone=0, equal=1)
    activate_file(file_id=file)
    assert rows("SELECT code, name, price, currency FROM data.prices ORDER BY 1") == [
        ("A1", "Bolt", 10, None),
        ("B2", "Nut", 20, "EUR"),
    ]


def test_what_cannot_be_activated_has_no_effect_yet(pipeline: Pipeline) -> None:
    pipeline.load(FIRST, "prices.csv")
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    assert effect(sent(pipeline, "code;name;prise\nA1;Bolt;11\n")) is None, "a question is open"
    Dataset.objects.update(strictness="exact")
    assert effect(sent(pipeline, "code;name;price;x\nA1;Bolt;11;1\n")) is None
    assert foretell(file_id=sent(pipeline, "weight;height\n1;2\n")).effects == {}, "it founds a dataset"


def why_not(file: int) -> dict[str, Unforetold]:
    foretold = foretell(file_id=file)
    assert not foretold.effects
    return dict(foretold.unknown)


def test_why_nothing_can_be_said_of_a_file_is_said(pipeline: Pipeline) -> None:
    read_again = sent(pipeline, "code;name;price\nA1;Bolt;1.5\n")
    pipeline.load(FIRST, "prices.csv")
    early = sent(pipeline, FIRST.replace("20", "21"))
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    founds = sent(pipeline, "weight;height\n1;2\n")
    assert why_not(early) == {"prices": Unforetold.KEY_NOT_CHECKED}
    assert why_not(read_again) == {"prices": Unforetold.READ_AGAIN}
    assert why_not(founds) == {}
    [table] = compare_with_active(file_id=early).tables
    assert table.on_activation is None
    assert compare_with_active(file_id=read_again).unforetold == {"prices": Unforetold.READ_AGAIN}


def test_two_tables_that_become_one_are_said_so(pipeline: Pipeline) -> None:
    pipeline.load(FIRST, "prices.csv")
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    file = pipeline.load(book(NORTH, SOUTH), "march.xlsx", activate=False).file_id
    for position, columns in ((1, {"prise": "price"}), (2, {"nome": "name"})):
        keep_answer(file_id=file, answer=ColumnAnswer(dataset="prices", columns=columns, position=position))
    assert why_not(file) == {"prices": Unforetold.SEVERAL_TABLES}
    assert activation_sentence(compare_with_active(file_id=file), is_asked=False) == (
        "Several of its tables go to “prices”: what they change together is known once it is active."
    )


def test_what_there_is_no_time_for_is_said(pipeline: Pipeline) -> None:
    pipeline.load(FIRST, "prices.csv")
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    file = sent(pipeline, "code;name;price\nB2;Nut;21\n")
    spent = Budget(0.0)
    foretold = foretell(file_id=file, budget=spent)
    assert (foretold.effects, foretold.unknown) == ({}, {"prices": Unforetold.TOO_LONG})
    [overlap] = overlaps_of(file_id=file, budget=spent)
    assert (overlap.known_keys, overlap.equal_rows, overlap.is_counted) == (None, None, False)
    [counted] = overlaps_of(file_id=file)
    assert (counted.known_keys, counted.equal_rows, counted.is_counted) == (1, 0, True)


def test_a_page_says_what_it_did_not_count_and_counts_it_when_asked(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.load(FIRST, "prices.csv")
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    file = sent(pipeline, "code;name;price\nB2;Nut;21\n")
    monkeypatch.setattr(budget, "PAGE_SECONDS", 0.0)
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("ana"))
    for page in (
        f"/receipts/{UploadedFile.objects.get(pk=file).token}/",
        f"/admin/uploads/review/{file}/",
    ):
        brief = client.get(page).content.decode()
        assert "To count what is there already takes longer than this page waits." in brief
        assert '<a href="?count=all">' in brief
        whole = client.get(f"{page}?count=all").content.decode()
        assert "Activating it updates 1 row" in whole
        assert "takes longer" not in whole


def test_as_a_full_list_it_says_what_goes(pipeline: Pipeline) -> None:
    pipeline.load(FIRST, "prices.csv")
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    file = sent(pipeline, "code;name;price\nB2;Nut;21\nC3;Pin;1\n")
    assert effect(file) == Effect(new=1, changed=1, gone=0, equal=1)
    assert effect(file, is_full=True) == Effect(new=1, changed=1, gone=1, equal=0)


def test_two_files_are_compared_as_their_dataset_merges_them(pipeline: Pipeline) -> None:
    """A mark is no row but a deletion, and a blank that keeps the old value changes nothing."""
    old = pipeline.load("code;price;gone\nA1;10;\nB2;20;\nC3;30;\nD4;40;x\n", "prices.csv").file_id
    new = sent(pipeline, "code;price;gone\nA1;;\nB2;21;\nC3;30;x\nE5;50;x\nF6;60;\n")
    plain = compare_files(old_id=old, new_id=new, wish=Wish(key=["code"]))
    assert (plain.new, plain.changed, plain.gone, plain.equal) == (2, 3, 1, 0)
    said = SaidChoices(blanks="keep", delete_when=("gone", ["x"]))
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"], said=said)
    new = sent(pipeline, "code;price;gone\nA1;;\nB2;21;\nC3;30;x\nE5;50;x\nF6;60;\n")
    found = compare_files(old_id=old, new_id=new)
    assert (found.new, found.changed, found.gone, found.equal) == (1, 1, 1, 1)
    less = sent(pipeline, "code;price\nB2;22\n", dataset="prices")
    Dataset.objects.get(slug="prices").columns.filter(name="gone").update(optional=True)
    assert compare_files(old_id=old, new_id=less).columns.missing == ("gone",)


@pytest.mark.parametrize("blanks", [Kept.REPLACE, Kept.KEEP])
def test_an_active_file_that_merges_is_compared_with_what_is_seen_without_it(pipeline: Pipeline, blanks: Kept) -> None:
    """Not as if it were all there is: then the rows that it leaves as they are would be gone, and its own new."""
    pipeline.load("code;price;note\nA1;1;x\nB2;2;y\nC3;3;z\n", "prices.csv", activate=True)
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"], said=SaidChoices(blanks=blanks))
    weekly = pipeline.load("code;price;note\nA1;9;\nB2;2;y\nD4;4;w\n", "weekly.csv", activate=True, dataset="prices")
    pipeline.load("code;price;note\nD4;5;w\n", "later.csv", activate=True, dataset="prices")
    found = compare_with_active(file_id=weekly.file_id)
    assert effect_of_counts(found) == Effect(new=0, changed=1, gone=0, equal=3)
    assert [(table.old_rows, table.new_rows) for table in found.tables] == [(4, 4)]
    assert set(found.tables[0].examples.changed[0].changes) == ({"price"} if blanks is Kept.KEEP else {"price", "note"})
    assert sides_in_words(found) == (f"prices without weekly.csv (file {weekly.file_id})", "prices with it")
    assert found.on_activation is None
    assert not compare_with_active(file_id=weekly.file_id, wish=Wish(key=["price"])).is_of_seen


def test_so_are_the_first_file_and_a_full_one(pipeline: Pipeline) -> None:
    first = pipeline.load("code;price\nA1;1\nB2;2\nC3;3\n", "prices.csv", activate=True).file_id
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    pipeline.load("code;price\nA1;9\nD4;4\n", "weekly.csv", activate=True, dataset="prices")
    assert effect_of_counts(compare_with_active(file_id=first)) == Effect(new=2, changed=0, gone=0, equal=2)
    full = pipeline.load("code;price\nA1;9\nB2;7\nE5;5\n", "all.csv", activate=True, mode="merge", full=True).file_id
    found = compare_with_active(file_id=full)
    assert effect_of_counts(found) == Effect(new=1, changed=1, gone=2, equal=1)
    assert found.is_of_seen
    assert effect_of_counts(compare_with_active(file_id=first)) == Effect(new=0, changed=0, gone=0, equal=3)


def test_of_one_among_too_many_it_is_said_that_it_is_not_told(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pipeline.load("code;price\nA1;1\nB2;2\n", "prices.csv", activate=True).file_id
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    for price in (8, 9):
        pipeline.load(f"code;price\nA1;{price}\n", "weekly.csv", activate=True, dataset="prices")
    monkeypatch.setattr(hindsight, "MOST_OTHERS", 1)
    found = compare_with_active(file_id=first)
    assert not found.is_of_seen
    assert "is not told: more than 100 other files" in activation_sentence(found, is_asked=False)
