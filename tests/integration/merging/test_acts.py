"""Any order of acts, in every mode: what readers see is what the files that are active now give, in their order.

Dense on purpose: few files with few keys, so that each act meets the rows of others. Environment: ``EXAMPLES`` of
orders (a few; ``make faults`` tries more).
"""

import os
import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.integration.conftest import Pipeline, empty_data_schema, rows
from uploads.database.merging import by_key
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.columns.apply import change_columns
from uploads.services.columns.change import Change
from uploads.services.files.activation import activate_file, deactivate_file, delete_file, replace_file
from uploads.services.files.replacement import put_back
from uploads.services.merging import shown_rows
from uploads.services.merging.modes import change_mode
from uploads.services.merging.order import order_files
from uploads.services.merging.shown_rows import merging_table
from uploads.services.rejects.mend import load_edited_row, take_back_mends
from uploads.states import FileState, Mode
from uploads.tabular.errors import UploaderError
from uploads.tabular.table import ColumnType

ORDERS = max(2, int(os.environ.get("EXAMPLES", "20")) // 10)
ACTS = 40
KEYS = ("A1", "B2", "C3", "D4", "E5")
type Rows = dict[str, int]


@dataclass
class Model:
    """Obviously right, and slow: which rows each file has, and which files are active in which order."""

    contents: dict[int, Rows] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    """All files that were active once, the lowest first."""
    active: set[int] = field(default_factory=set)
    mode: Mode = Mode.APPEND

    def visible(self) -> list[tuple[str, int]]:
        active = [file for file in self.order if file in self.active]
        if self.mode is Mode.MERGE:
            merged: Rows = {}
            for file in active:
                merged |= self.contents[file]
            return sorted(merged.items())
        return sorted(row for file in active for row in self.contents[file].items())

    def activate(self, file: int) -> None:
        """A file keeps its place in the order while it is off."""
        if self.mode is Mode.REPLACE:
            self.active.clear()
        if file not in self.order:
            self.order.append(file)
        self.active.add(file)


class Acts:
    """Each act is done in the database and in the model."""

    def __init__(self, pipeline: Pipeline, chance: random.Random) -> None:
        self.pipeline = pipeline
        self.chance = chance
        self.model = Model()
        self.sent = 0

    def send(self) -> None:
        keys = self.chance.sample(KEYS, self.chance.randint(1, len(KEYS)))
        self.sent += 1
        contents = {key: 100 * self.sent + place for place, key in enumerate(keys)}
        columns = self.chance.choice([("code", "price"), ("price", "code")])
        lines = [{"code": key, "price": str(price)} for key, price in contents.items()]
        if self.model.mode is Mode.MERGE and self.chance.random() < 0.5:
            lines.append({"code": keys[0], "price": "7"})  # the key of an earlier row
        text = "\n".join([";".join(columns), *(";".join(line[name] for name in columns) for line in lines)])
        receipt = self.pipeline.load(text, "prices.csv", activate=True)
        assert receipt.state is FileState.ACTIVE, receipt
        self.model.contents[receipt.file_id] = contents
        self.model.activate(receipt.file_id)
        self.read_order()

    def switch(self) -> None:
        for file in self.some(self.model.contents, 1):
            if file in self.model.active:
                deactivate_file(file_id=file)
                self.model.active.discard(file)
            else:
                activate_file(file_id=file)
                self.model.activate(file)
                if self.model.mode is Mode.REPLACE:
                    self.read_order()

    def delete(self) -> None:
        if len(self.model.contents) > 2:
            for file in self.some(self.model.contents, 1):
                delete_file(file_id=file)
                del self.model.contents[file]
                self.model.active.discard(file)
                self.model.order = [other for other in self.model.order if other != file]

    def replace(self) -> None:
        off = sorted(set(self.model.contents) - self.model.active)
        if off and self.model.active:
            new, old = self.chance.choice(off), self.some(self.model.active, 1)
            if self.model.mode is Mode.REPLACE:  # whoever else is active goes too
                old = sorted(self.model.active)
            replace_file(old_ids=old, new_id=new)
            self.model.active = (self.model.active - set(old)) | {new}
            self.read_order()

    def put_back(self) -> None:
        took = UploadedFile.objects.filter(replaced_by__isnull=False, replaced_by__state="active", state="loaded")
        found = sorted({file.replaced_by_id or 0 for file in took})
        if found and self.model.mode is not Mode.REPLACE:
            new = self.chance.choice(found)
            back = {file.pk for file in took if file.replaced_by_id == new}
            put_back(file_id=new)
            self.model.active = (self.model.active - {new}) | back
            self.read_order()

    def reorder(self) -> None:
        active = [file for file in self.model.order if file in self.model.active]
        self.chance.shuffle(active)
        if active:
            order_files(slug="prices", file_ids=active)
            self.read_order()

    def read_order(self) -> None:
        """Where a file stands that takes another's place, or is moved past files that are off; rows are not read."""
        ranked = UploadedFile.objects.filter(ranked_at__isnull=False).exclude(state="deleted")
        self.model.order = list(ranked.order_by("ranked_at", "pk").values_list("pk", flat=True))

    def change_mode(self) -> None:
        mode = self.chance.choice(list(Mode))
        change_mode(slug="prices", mode=mode, key=["code"] if mode is Mode.MERGE else [])
        self.model.mode = mode

    def mend(self) -> None:
        rejects = Load.objects.filter(
            rejects__mended_at=None, rejects__code="equal_key", file__state__in=["loaded", "active"]
        )
        found = list(rejects.exclude(part="").order_by("pk").values_list("rejects__pk", "file", "columns")[:1])
        for reject, file, columns in found:
            free = sorted(set(KEYS) - set(self.model.contents[file]))
            if free:
                cells = {"code": free[0], "price": "9"}
                load_edited_row(reject_id=reject, cells=[cells[column["name"]] for column in columns])
                self.model.contents[file][free[0]] = 9

    def take_mend_back(self) -> None:
        mended = Load.objects.filter(rejects__mended_at__isnull=False, file__state__in=["loaded", "active"])
        for load in list(mended.exclude(part="").order_by("pk")[:1]):
            take_back_mends(load_id=load.pk)
            kept = self.model.contents[load.file_id]
            self.model.contents[load.file_id] = {key: price for key, price in kept.items() if price != 9}

    def change_type(self) -> None:
        dataset = Dataset.objects.get(slug="prices")
        now = dataset.columns.get(name="price").type
        wanted = ColumnType.NUMERIC if now == "bigint" else ColumnType.BIGINT
        change_columns(dataset_id=dataset.pk, change=Change(types={"price": wanted}))

    def some(self, files: object, count: int) -> list[int]:
        found = sorted(files)  # type: ignore[call-overload]
        return self.chance.sample(found, min(count, len(found)))


def seen() -> list[tuple[str, int]]:
    if not Dataset.objects.filter(slug="prices", established_at__isnull=False).exists():
        return []
    return [(code, int(price)) for code, price in rows("SELECT code, price FROM data.prices ORDER BY 1, 2")]


def check(model: Model, act: str) -> None:
    ranked = list(UploadedFile.objects.exclude(ranked_at=None).order_by("ranked_at", "pk").values_list("pk", "state"))
    assert seen() == model.visible(), (act, model.order, model.active, model.mode, ranked, model.contents)
    dataset = Dataset.objects.get(slug="prices")
    hidden = sum(Load.objects.filter(file__state="active").values_list("rows_hidden", flat=True))
    loaded = sum(len(model.contents[file]) for file in model.active)
    assert loaded - hidden == len(model.visible())
    if dataset.mode == Mode.MERGE:
        counted = by_key.hidden_rows(merging_table(dataset))
        assert dict(Load.objects.exclude(rows_hidden=0).values_list("pk", "rows_hidden")) == counted
    for load in Load.objects.filter(dataset=dataset, file__state="loaded").exclude(part=""):
        assert rows(f"SELECT count(*) FROM data.{load.part}") == [(len(model.contents[load.file_id]),)]  # noqa: S608


def play(pipeline: Pipeline, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same acts each time
    acts = Acts(pipeline, chance)
    acts.send()
    change_mode(slug="prices", mode=Mode.MERGE, key=["code"])
    acts.model.mode = Mode.MERGE
    acts.send()
    acts.send()
    likely: list[Callable[[], None]] = [acts.switch] * 6 + [acts.send, acts.delete, acts.replace, acts.put_back]
    rare: list[Callable[[], None]] = [acts.reorder, acts.change_mode, acts.mend, acts.take_mend_back, acts.change_type]
    for _ in range(ACTS):
        act = chance.choice(likely + rare)
        act()
        check(acts.model, act.__name__)


@pytest.fixture
def small_bases(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that several files keep a partition of their own, as big ones do."""
    monkeypatch.setattr(shown_rows, "BASE_ROWS", 4)


@pytest.mark.parametrize("seed", range(ORDERS))
def test_any_order_of_acts(pipeline: Pipeline, small_bases: None, seed: int) -> None:
    play(pipeline, seed)


MUTANTS = {
    "the lowest row comes back instead of the highest": ("o.place DESC", "o.place ASC"),
    "rows of lower files stay": (
        "d.{file} = ANY(%s) RETURNING {d_all}",
        "d.{file} = ANY(%s) AND false RETURNING {d_all}",
    ),
    "hidden rows of a file that goes stay aside": (
        "{a_is_p} AND a.{file} = %s RETURNING",
        "{a_is_p} AND a.{file} = -%s RETURNING",
    ),
    "rows come back whose keys a higher file has": ("d.{file} <> %s)", "d.{file} <> %s AND false)"),
    "what an act hides is counted wrongly": ("count(*) FROM moved", "count(*) + 1 FROM moved"),
}


@pytest.mark.thorough
@pytest.mark.parametrize("name", MUTANTS)
def test_mutants_are_caught(pipeline: Pipeline, small_bases: None, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    before, after = MUTANTS[name]
    add = by_key._Steps.add
    used = []

    def spoilt(steps: by_key._Steps, statement: str, *params: object) -> None:
        used.append(before in statement)
        add(steps, statement.replace(before, after), *params)

    monkeypatch.setattr(by_key._Steps, "add", spoilt)
    with pytest.raises((AssertionError, DatabaseError, UploaderError)):
        play_several(pipeline)
    assert any(used)


def play_several(pipeline: Pipeline) -> None:
    for seed in range(3):
        play(pipeline, seed)
        empty_data_schema()
        UploadedFile.objects.all().delete()
        Dataset.objects.all().delete()


def test_a_switch_sends_a_handful_of_statements(
    pipeline: Pipeline, django_assert_max_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    """A file of 1,000 rows is switched in milliseconds, and each statement that Django words takes part of one.

    Where a field of the file is looked up by itself, ``activation`` is to ask for it with the others.
    """
    pipeline.load("code;price\nA1;1\nB2;2\n", "prices.csv", activate=True, mode="merge", key="code")
    second = pipeline.load("code;price\nB2;3\nC3;4\n", "prices.csv", activate=True).file_id
    with django_assert_max_num_queries(9):
        deactivate_file(file_id=second)
    with django_assert_max_num_queries(9):
        activate_file(file_id=second)
    assert rows("SELECT code, price FROM data.prices ORDER BY code") == [("A1", 1), ("B2", 3), ("C3", 4)]


def test_a_session_plans_once_what_every_switch_asks_but_for_its_rows(pipeline: Pipeline) -> None:
    pipeline.load("code;price\nA1;1\nB2;2\n", "prices.csv", activate=True, mode="merge", key="code")
    second = pipeline.load("code;price\nB2;3\nC3;4\n", "prices.csv", activate=True).file_id
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            deactivate_file(file_id=second)
            activate_file(file_id=second)
    words = [each["sql"].split()[0] for each in asked]
    assert set(words) <= {"BEGIN", "COMMIT", "EXECUTE", "SET"}
    assert words.count("SET") == 2, "of rows: the part that they name is another one for each file"


def lines(first: int, count: int) -> str:
    return "code;price\n" + "".join(f"{code};{code}.5\n" for code in range(first, first + count))


def hidden_rows_read() -> int:
    found = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = %s"
    [(read,)] = rows(found, merging_table(Dataset.objects.get()).aside)
    return int(read)


@pytest.mark.parametrize("is_below", [False, True])
def test_a_small_file_is_switched_off_without_reading_all_that_is_hidden(pipeline: Pipeline, *, is_below: bool) -> None:
    """By the keys that it has, although nobody has counted the hidden rows yet."""
    pipeline.load(lines(0, 40_000), "prices.csv", activate=True, mode="merge", key="code")
    files = [
        pipeline.load(lines(0, count), "prices.csv", activate=True).file_id
        for count in sorted((40_000, 300), reverse=not is_below)
    ]
    small = files[0 if is_below else 1]
    with transaction.atomic():
        before = hidden_rows_read()
        deactivate_file(file_id=small)
        assert hidden_rows_read() - before < 2_000
    assert rows("SELECT count(*), min(price) FROM data.prices") == [(40_000, 0.5)]


def test_a_small_base_is_switched_off_without_reading_all_that_is_hidden(pipeline: Pipeline) -> None:
    """Its hidden rows lie among those of others, and no key says which they are."""
    base = pipeline.load(lines(0, 10), "prices.csv", activate=True, mode="merge", key="code").file_id
    for _ in range(2):
        pipeline.load(lines(0, 40_000), "prices.csv", activate=True)
    rows(
        "SELECT brin_summarize_new_values(indexrelid) FROM pg_index WHERE indrelid = %s::regclass AND NOT indisunique"
        " AND indkey[0] = 0",
        f"data.{merging_table(Dataset.objects.get()).aside}",
    )  # as VACUUM does
    with transaction.atomic():
        before = hidden_rows_read()
        deactivate_file(file_id=base)
        assert hidden_rows_read() - before < 10_000
    assert rows("SELECT count(*), min(price) FROM data.prices") == [(40_000, 0.5)]


def test_hidden_rows_have_no_index_that_a_switch_pays_for_but_that_of_the_key(pipeline: Pipeline) -> None:
    """A btree costs every switch: by file it was a tenth of one."""
    pipeline.load("code;price\nA1;1\n", "prices.csv", activate=True, mode="merge", key="code")
    aside = merging_table(Dataset.objects.get()).aside
    found = f"SELECT indexname FROM pg_indexes WHERE tablename = '{aside}' AND indexdef NOT LIKE '%% brin %%'"  # noqa: S608
    assert rows(found) == [(f"{aside}_key",)]
