"""What trips a guard, measured in each mode against what the file would take the place of; and what lets it in."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.integration.conftest import Pipeline, rows
from uploads.database.lookups import kept_rows
from uploads.models import Dataset, UploadedFile
from uploads.services.columns.shape import change_strictness
from uploads.services.files.activation import activate_file, deactivate_file, retry_file
from uploads.services.files.receipts import describe_file
from uploads.services.loading import attempt
from uploads.services.loading import guarding as asked
from uploads.services.loading.acceptance import check_acceptable
from uploads.services.merging import guard_measures
from uploads.services.merging.choices import SaidChoices
from uploads.services.merging.guards import Guards, SaidGuards, Tripped, change_guards
from uploads.services.merging.modes import change_mode
from uploads.services.receiving.reimport import ReimportRequest, reimport_file
from uploads.services.receiving.sender import Sender
from uploads.services.visibility import OPERATOR
from uploads.states import FileState, Guard, Mode, Strictness
from uploads.tabular.errors import BadOption


def table(prices: Sequence[int], *, first: int = 0) -> str:
    return "code;price\n" + "".join(f"A{first + n};{price}\n" for n, price in enumerate(prices))


def load(pipeline: Pipeline, text: str, **wishes: Any) -> UploadedFile:
    return UploadedFile.objects.get(pk=pipeline.load(text, "prices.csv", **wishes).file_id)


def guard(fewer: str = "off", changed: str = "off", *, gone: bool = False) -> None:
    change_guards(slug="prices", said=SaidGuards(fewer_rows=fewer, changed=changed, column_gone=gone))


def tripped(file: UploadedFile) -> tuple[Tripped, ...]:
    return describe_file(file_id=file.pk, viewer=OPERATOR).guards


def figures(file: UploadedFile) -> list[tuple[Guard, int, int]]:
    return [(each.guard, each.before, each.after) for each in tripped(file)]


def test_without_guards_nothing_is_measured(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    load(pipeline, table(range(50)))
    monkeypatch.setattr(asked, "measure_file", None)
    monkeypatch.setattr(asked, "readings_of", None)
    assert load(pipeline, table([1]), mode="replace").state == FileState.ACTIVE


def test_a_file_that_replaces_is_measured_against_those_whose_place_it_takes(pipeline: Pipeline) -> None:
    old = load(pipeline, table(range(60)))
    other = load(pipeline, table(range(40), first=60))
    change_mode(slug="prices", mode=Mode.REPLACE)
    guard(fewer="20", changed="5")
    new = load(pipeline, table(range(60)))
    assert new.state == FileState.LOADED
    assert figures(new) == [(Guard.FEWER_ROWS, 100, 60), (Guard.CHANGED, 100, 40)]
    assert set(tripped(new)[0].files) == {old.pk, other.pk}
    assert rows("SELECT count(*) FROM data.prices") == [(100,)]
    activate_file(file_id=new.pk)
    assert rows("SELECT count(*) FROM data.prices") == [(60,)]
    assert tripped(new) == ()
    passes = load(pipeline, table([*range(57), 1, 2, 3, 4]))
    assert passes.state == FileState.ACTIVE, "3 of 60 changed is 5 %, which passes"


def test_blanks_change_nothing_where_the_file_says_that_they_keep_the_old_value(pipeline: Pipeline) -> None:
    load(pipeline, table(range(50)), mode="merge", key="code")
    guard(changed="5")
    blank = "code;price\n" + "".join(f"A{n};\n" for n in range(50))
    assert figures(load(pipeline, blank)) == [(Guard.CHANGED, 50, 50)]
    assert load(pipeline, blank, mode="merge", choices=SaidChoices(blanks="keep")).state == FileState.ACTIVE
    assert rows("SELECT count(price) FROM data.prices") == [(50,)]


def test_equal_rows_count_as_often_as_they_stand_there(pipeline: Pipeline) -> None:
    load(pipeline, "code;price\n" + "A1;1\n" * 10)
    change_mode(slug="prices", mode=Mode.REPLACE)
    guard(changed="0")
    assert load(pipeline, "code;price\n" + "A1;1\n" * 12).state == FileState.ACTIVE
    assert figures(load(pipeline, "code;price\n" + "A1;1\n" * 5)) == [(Guard.CHANGED, 12, 7)]


def test_a_file_that_is_added_is_measured_against_the_last_one(pipeline: Pipeline) -> None:
    load(pipeline, table(range(10)))
    last = load(pipeline, table(range(100)))
    guard(fewer="20", changed="0")
    assert load(pipeline, table(range(80), first=200)).state == FileState.ACTIVE, "20 % fewer pass, and nothing changes"
    waits = load(pipeline, table(range(63)))
    assert figures(waits) == [(Guard.FEWER_ROWS, 80, 63)]
    assert tripped(waits)[0].files != (last.pk,)


def test_a_file_that_merges_is_measured_by_the_rows_that_have_its_keys(pipeline: Pipeline) -> None:
    load(pipeline, table(range(100)), mode="merge", key="code")
    guard(fewer="0", changed="50")
    assert load(pipeline, table([0, 1, 2, 30], first=0)).state == FileState.ACTIVE, "1 of the 4 that it has changes"
    waits = load(pipeline, table([7, 8, 2, 9, 1], first=97))
    assert waits.state == FileState.LOADED
    assert figures(waits) == [(Guard.CHANGED, 3, 3)]
    activate_file(file_id=waits.pk)
    assert rows("SELECT count(*) FROM data.prices") == [(102,)]


def test_keys_that_a_full_file_lacks_go(pipeline: Pipeline) -> None:
    load(pipeline, table(range(100)), mode="merge", key="code")
    load(pipeline, table(range(10), first=100))
    guard(fewer="20")
    full = load(pipeline, table(range(85), first=0), mode="merge", full=True)
    assert figures(full) == [(Guard.FEWER_ROWS, 110, 85)]
    assert load(pipeline, table(range(95)), mode="merge", full=True).state == FileState.ACTIVE


def test_rows_that_delete_their_keys_go_and_blanks_that_keep_change_nothing(pipeline: Pipeline) -> None:
    load(pipeline, "code;price;status\n" + "".join(f"A{n};{n};x\n" for n in range(10)), mode="merge", key="code")
    said = SaidChoices(blanks="keep", delete_when=("status", ["gone"]))
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"], said=said)
    guard(fewer="10", changed="0")
    blank = load(pipeline, "code;price;status\nA1;;x\nA2;2;\n")
    assert (blank.state, figures(blank)) == (FileState.ACTIVE, [])
    two = load(pipeline, "code;price;status\nA1;1;gone\nA2;2;gone\nA3;3;x\nZ9;1;gone\n")
    assert figures(two) == [(Guard.FEWER_ROWS, 10, 8), (Guard.CHANGED, 3, 2)]


def test_a_file_that_makes_its_dataset_merge_is_measured_by_its_own_key(pipeline: Pipeline) -> None:
    load(pipeline, table(range(20)))
    guard(changed="10")
    waits = load(pipeline, table([5, 6, 2]), mode="merge", key="code")
    assert figures(waits) == [(Guard.CHANGED, 3, 2)]
    assert Dataset.objects.get(slug="prices").mode == Mode.APPEND


def test_a_column_that_is_gone_waits_until_the_last_file_lacks_it_too(pipeline: Pipeline) -> None:
    first = load(pipeline, "code;price;Region\nA1;1;x\nA2;2;y\n")
    Dataset.objects.get().columns.update(optional=True)
    assert load(pipeline, "code;price\nB1;1\n").state == FileState.ACTIVE, "files may lack it, and no guard is set"
    guard(gone=True)
    assert load(pipeline, "code;price\nB2;2\n").state == FileState.ACTIVE, "the last one lacks it too"
    load(pipeline, "code;price;Region\nA4;1;x\n")
    waits = load(pipeline, "code;price\nB3;3\n")
    [found] = tripped(waits)
    assert (found.guard, found.columns) == (Guard.COLUMN_GONE, ("Region",))
    assert found.files != (first.pk,)
    activate_file(file_id=waits.pk)
    assert load(pipeline, "code;price\nB4;4\n").state == FileState.ACTIVE


def test_a_reading_is_measured_against_the_one_whose_place_it_takes(pipeline: Pipeline) -> None:
    load(pipeline, table(range(200), first=500))
    file = load(pipeline, table(range(40)))
    guard(fewer="5", changed="5")
    wish = ReimportRequest(options={"skip_rows": "2-4"})
    reading = reimport_file(file_id=file.pk, wish=wish, reader=Sender(is_staff=True), via=UploadedFile.Via.COMMAND)
    receipt = pipeline.finish(reading.pk)
    assert [(each.guard, each.before, each.after) for each in receipt.guards] == [
        (Guard.FEWER_ROWS, 40, 37),
        (Guard.CHANGED, 40, 3),
    ]
    assert rows("SELECT count(*) FROM data.prices") == [(240,)]


def test_nothing_to_be_measured_against_trips_nothing(pipeline: Pipeline) -> None:
    file = load(pipeline, table(range(50)))
    guard(fewer="0", changed="0", gone=True)
    deactivate_file(file_id=file.pk)
    assert load(pipeline, table([1])).state == FileState.ACTIVE


def test_loaded_again_it_waits_again(pipeline: Pipeline) -> None:
    load(pipeline, table(range(50)))
    guard(fewer="20")
    waits = load(pipeline, table([1, 2]))
    retry_file(file_id=waits.pk)
    assert UploadedFile.objects.get(pk=waits.pk).guards_tripped != []
    receipt = pipeline.finish(waits.pk)
    assert (receipt.state, len(receipt.guards)) == (FileState.LOADED, 1)
    guard()
    retry_file(file_id=waits.pk)
    assert pipeline.finish(waits.pk).state is FileState.ACTIVE


def test_a_person_who_activates_lets_it_in_also_where_it_has_to_be_read_again(pipeline: Pipeline) -> None:
    draft = load(pipeline, table(range(10)), activate=False)
    load(pipeline, "code;price\n" + "".join(f"A{n};{n}.5\n" for n in range(100)))
    guard(fewer="20")
    assert activate_file(file_id=draft.pk).fitting
    assert pipeline.finish(draft.pk).state is FileState.ACTIVE


def test_what_is_not_counted_in_time_waits(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    load(pipeline, table(range(50)))
    change_mode(slug="prices", mode=Mode.REPLACE)
    guard(changed="5")

    def never(**_: Any) -> int:
        raise kept_rows.NotCounted

    monkeypatch.setattr(guard_measures, "rows_kept", never)
    waits = load(pipeline, table(range(50)))
    assert [each.guard for each in tripped(waits)] == [Guard.NOT_MEASURED]


def test_files_that_become_active_meanwhile_have_it_measured_anew(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(pipeline, table(range(10)))
    late = load(pipeline, table(range(100), first=10), activate=False)
    guard(fewer="20")
    measure = guard_measures.measure_file

    def measured_then_switched(**said: Any) -> Any:
        found = measure(**said)
        if UploadedFile.objects.get(pk=late.pk).state == FileState.LOADED:
            activate_file(file_id=late.pk)
        return found

    monkeypatch.setattr(asked, "measure_file", measured_then_switched)
    waits = load(pipeline, table(range(12), first=300))
    assert waits.state == FileState.LOADED
    assert figures(waits) == [(Guard.FEWER_ROWS, 100, 12)]


def test_a_dataset_that_never_rests_has_it_wait(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    load(pipeline, table(range(10)))
    guard(fewer="20")
    monkeypatch.setattr(asked, "is_as_measured", lambda *_, **__: False)
    waits = load(pipeline, table(range(12), first=300))
    assert waits.state == FileState.LOADED
    assert "other files of its dataset were switched" in waits.events.filter(state=FileState.LOADED).get().text


@pytest.mark.parametrize("said", ["100", "-1", "many", "nan", "inf"])
def test_a_share_is_a_percentage(pipeline: Pipeline, said: str) -> None:
    load(pipeline, table(range(10)))
    with pytest.raises(BadOption, match="is not a percentage"):
        guard(fewer=said)
    assert not Guards.of(Dataset.objects.get())


def test_a_column_that_is_gone_was_changed_where_it_had_values(pipeline: Pipeline) -> None:
    load(pipeline, "code;price;region\n" + "".join(f"A{n};{n};{'x' if n < 5 else ''}\n" for n in range(20)))
    Dataset.objects.get().columns.update(optional=True)
    change_mode(slug="prices", mode=Mode.REPLACE)
    guard(changed="10")
    assert figures(load(pipeline, table(range(20)))) == [(Guard.CHANGED, 20, 5)]


def test_guards_and_what_else_was_said_of_a_dataset_stay_when_a_reading_of_its_only_file_takes_its_place(
    pipeline: Pipeline,
) -> None:
    first = load(pipeline, table(range(50)))
    guard(fewer="20", changed="5", gone=True)
    change_strictness(slug="prices", strictness=Strictness.EXACT)
    wish = ReimportRequest(options={"all_text": True})
    file = reimport_file(file_id=first.pk, wish=wish, reader=Sender(is_staff=True), via=UploadedFile.Via.COMMAND)
    reading = pipeline.finish(file.pk)
    if UploadedFile.objects.get(pk=reading.file_id).state == FileState.LOADED:
        activate_file(file_id=reading.file_id)
    dataset = Dataset.objects.get(slug="prices")
    assert dataset.columns.get(name="price").type == "text"
    assert Guards.of(dataset) == Guards(fewer_rows=20.0, changed=5.0, column_gone=True)
    assert dataset.strictness == Strictness.EXACT


def test_a_guard_that_is_set_while_a_file_is_loaded_is_asked(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(pipeline, table(range(50)))
    change_mode(slug="prices", mode=Mode.REPLACE)
    read = check_acceptable

    def meanwhile(**how: Any) -> None:
        read(**how)
        guard(fewer="20")

    monkeypatch.setattr(attempt, "check_acceptable", meanwhile)
    assert load(pipeline, table(range(10))).state == FileState.LOADED
