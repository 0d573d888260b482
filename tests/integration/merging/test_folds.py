"""Any order of acts on files whose rows are folded: against a slow model of the fold over the active files.

Dense on purpose: few files with few keys. Environment: ``EXAMPLES`` of orders (a few; ``make faults`` tries more).
"""

import os
import random

import pytest
from django.db import DatabaseError, transaction

from tests.integration.conftest import Pipeline, empty_data_schema, rows
from tests.integration.merging.folded import KEYS, Acts, File
from uploads.database.merging import folding
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.files.activation import activate_file, deactivate_file
from uploads.services.merging import shown_rows, standing
from uploads.services.merging.choices import SaidChoices
from uploads.services.merging.modes import change_mode
from uploads.states import Kept, Mode
from uploads.tabular.errors import UploaderError

ORDERS = max(3, int(os.environ.get("EXAMPLES", "20")) // 5)
ACTS = 40


def some_file(chance: random.Random, number: int) -> File:
    lacks = frozenset(["note"]) if chance.random() < 0.3 else frozenset()
    keys = chance.sample(KEYS, chance.randint(1, len(KEYS)))
    return File(
        rows={
            key: {
                "price": chance.choice([None, 100 * number + place]),
                "note": None if lacks else chance.choice([None, f"n{number}"]),
                "gone": chance.choice([None, "k", "k", "x"]),
            }
            for place, key in enumerate(keys)
        },
        is_full=chance.random() < 0.2,
        lacks=lacks,
    )


def play(pipeline: Pipeline, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same acts each time
    acts = Acts(pipeline)
    choose(acts, chance, Mode.MERGE)
    for number in range(1, ACTS):
        files = sorted(acts.model.files)
        match chance.choice(["switch"] * 7 + ["send"] * 2 + ["delete", "replace", "replace", "reorder", "choose"]):
            case "switch":
                acts.switch(chance.choice(files))
            case "send":
                acts.send(some_file(chance, number))
            case "delete":
                acts.delete(chance.choice(files))
            case "replace":
                acts.replace(chance.choice(files), chance.choice(files))
            case "reorder":
                acts.reorder(chance)
            case _:
                choose(acts, chance, chance.choice([Mode.MERGE, Mode.MERGE, Mode.MERGE, Mode.APPEND, Mode.REPLACE]))
        acts.check()


def choose(acts: Acts, chance: random.Random, mode: Mode) -> None:
    marks = chance.choice([(), ("x",)])
    acts.choose(mode, chance.choice(["replace", "keep"]), chance.choice(["replace", "replace", "keep"]), marks)


@pytest.fixture
def small_bases(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that several files keep a partition of their own, as big ones do."""
    monkeypatch.setattr(shown_rows, "BASE_ROWS", 3)


@pytest.mark.parametrize("seed", range(ORDERS))
def test_any_order_of_acts(pipeline: Pipeline, small_bases: None, seed: int) -> None:
    play(pipeline, seed)


MUTANTS = {
    "a mark is seen": ("_rank = _top AND NOT _marked", "_rank = _top"),
    "a mark cuts nothing off": ("r._rank > r._floor", "r._rank > 0 AND NOT r._marked"),
    "the lowest value counts": ("_rank = _top", "_rank = 1"),
    "a row that is alone stays aside": ("r._rows = 1", "r._rows = 1 AND false"),
    "rows of a file that goes stay": ("{file} = %(mine)s", "{file} = -%(mine)s"),
    "rows of bases stay": ("d.{file} = %(base)s", "d.{file} = %(base)s AND false"),
}


@pytest.mark.thorough
@pytest.mark.parametrize("name", MUTANTS)
def test_mutants_are_caught(pipeline: Pipeline, small_bases: None, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    before, after = MUTANTS[name]
    run = folding._run
    used = []

    def spoilt(statement: str, *args: object) -> None:
        used.append(before in statement)
        run(statement.replace(before, after), *args)  # type: ignore[arg-type]

    monkeypatch.setattr(folding, "_run", spoilt)
    with pytest.raises((AssertionError, DatabaseError, UploaderError)):
        play_several(pipeline)
    assert any(used)


def test_a_blank_that_keeps_nothing_is_caught(
    pipeline: Pipeline, small_bases: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding.Fold, "takes_whole_rows", property(lambda fold: True))
    with pytest.raises(AssertionError):
        play_several(pipeline)


@pytest.mark.thorough
def test_a_full_file_that_covers_nothing_is_caught(
    pipeline: Pipeline, small_bases: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "from_highest_full", lambda files: files)
    with pytest.raises((AssertionError, DatabaseError, UploaderError)):
        play_several(pipeline)


def play_several(pipeline: Pipeline) -> None:
    for seed in range(6):
        play(pipeline, seed)
        empty_data_schema()
        UploadedFile.objects.all().delete()
        Dataset.objects.all().delete()


def test_a_small_file_is_switched_without_counting_all_that_is_hidden(pipeline: Pipeline) -> None:
    def lines(first: int, count: int, price: str) -> str:
        return "code;price\n" + "".join(f"{code};{price}\n" for code in range(first, first + count))

    def rows_read() -> int:
        table = shown_rows.merging_table(Dataset.objects.get())
        found = "SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables WHERE relname IN (%s, %s)"
        [(read,)] = rows(found, table.shared, table.aside)
        return int(read)

    pipeline.load(lines(0, 20_000, "1"), "prices.csv", activate=True)
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"], said=SaidChoices(blanks=Kept.KEEP))
    pipeline.load(lines(0, 20_000, "2"), "prices.csv", activate=True)
    small = pipeline.load(lines(0, 50, "3"), "prices.csv", activate=True).file_id
    for switch, seen in ((deactivate_file, (0, 2)), (activate_file, (50, 3))):
        with transaction.atomic():
            before = rows_read()
            switch(file_id=small)
            assert rows_read() - before < 5_000
        assert rows("SELECT count(*) FILTER (WHERE price = 3), max(price) FROM data.prices") == [seen]
        hidden = sum(Load.objects.filter(file__state="active").values_list("rows_hidden", flat=True))
        assert hidden == 20_000 + seen[0]
