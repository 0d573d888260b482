"""Files whose rows are folded: acts in the database, and beside them a model that is slow and obviously right."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.integration.conftest import Pipeline, rows
from uploads.models import Dataset, DatasetColumn, Load, UploadedFile
from uploads.services.files.activation import activate_file, deactivate_file, delete_file, replace_file
from uploads.services.merging.choices import SaidChoices
from uploads.services.merging.modes import change_mode
from uploads.services.merging.order import order_files
from uploads.states import FileState, Mode
from uploads.tabular.errors import BadOption

KEYS = ("A1", "B2", "C3", "D4")
VALUES = ("price", "note", "gone")
type Row = dict[str, int | str | None]
"""By column, without the key."""
type Seen = list[tuple[int, str, int | str | None, int | str | None, int | str | None]]


@dataclass
class File:
    rows: dict[str, Row]
    is_full: bool = False
    lacks: frozenset[str] = frozenset()


@dataclass
class Model:
    files: dict[int, File] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    active: set[int] = field(default_factory=set)
    mode: Mode = Mode.APPEND
    blanks: str = "replace"
    missing: str = "replace"
    marks: tuple[str, ...] = ()

    def visible(self) -> Seen:
        active = [file for file in self.order if file in self.active]
        if self.mode is not Mode.MERGE:
            return _sorted((file, key, row) for file in active for key, row in self.files[file].rows.items())
        seen: dict[str, tuple[int, Row]] = {}
        for file in active:
            if self.files[file].is_full:
                seen.clear()
            for key, row in self.files[file].rows.items():
                if row["gone"] in self.marks:
                    seen.pop(key, None)
                elif key in seen:
                    seen[key] = (file, self._fold(seen[key][1], row, self.files[file]))
                else:
                    seen[key] = (file, row)
        return _sorted((file, key, row) for key, (file, row) in seen.items())

    def _fold(self, old: Row, new: Row, file: File) -> Row:
        def keeps(name: str) -> bool:
            if name in file.lacks:
                return "keep" in (self.blanks, self.missing)
            return new[name] is None and self.blanks == "keep"

        return {name: old[name] if keeps(name) else new[name] for name in VALUES}

    @property
    def keeps(self) -> bool:
        return "keep" in (self.blanks, self.missing)

    def refuses(self, files: Iterable[int]) -> bool:
        return self.mode is Mode.MERGE and self.keeps and any(self.files[file].is_full for file in files)


def _sorted(found: Iterable[tuple[int, str, Row]]) -> Seen:
    return sorted(
        ((file, key, *(row[name] for name in VALUES)) for file, key, row in found),  # type: ignore[misc]
        key=lambda row: row[:2],
    )


class Acts:
    """Each act is done in the database and in the model; those that must be refused are, and change nothing."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.model = Model()
        self.begin()

    def begin(self) -> None:
        """The first file has the types of all columns."""
        first: dict[str, Row] = {key: {"price": n, "note": f"n{n}", "gone": "k"} for n, key in enumerate(KEYS[:2])}
        self.send(File(rows=first))
        DatasetColumn.objects.filter(dataset__slug="prices").exclude(name="code").update(optional=True)

    def send(self, file: File) -> None:
        if self.model.refuses([]) or (file.is_full and (self.model.mode is not Mode.MERGE or self.model.keeps)):
            file.is_full = False
        names = [name for name in ("code", *VALUES) if name not in file.lacks]
        lines = [{"code": key, **row} for key, row in file.rows.items()]
        cells = (("" if line[name] is None else str(line[name]) for name in names) for line in lines)
        text = "\n".join([";".join(names), *map(";".join, cells)])
        wishes = {"mode": "merge", "full": True} if file.is_full else {}
        receipt = self.pipeline.load(text, "prices.csv", activate=True, again=True, dataset="prices", **wishes)
        assert receipt.state is FileState.ACTIVE, receipt
        self.model.files[receipt.file_id] = file
        self._activated(receipt.file_id)

    def switch(self, file: int) -> None:
        if file in self.model.active:
            deactivate_file(file_id=file)
            self.model.active.discard(file)
        elif self.model.refuses([file]):
            refused(lambda: activate_file(file_id=file))
        else:
            activate_file(file_id=file)
            self._activated(file)

    def delete(self, file: int) -> None:
        if len(self.model.files) > 1:
            delete_file(file_id=file)
            del self.model.files[file]
            self.model.active.discard(file)
            self.read_order()

    def replace(self, old: int, new: int) -> None:
        if old not in self.model.active or new in self.model.active:
            return
        if self.model.refuses([new]):
            refused(lambda: replace_file(old_ids=[old], new_id=new))
            return
        replace_file(old_ids=[old], new_id=new)
        self.model.active.discard(old)
        self._activated(new)

    def reorder(self, places: random.Random) -> None:
        active = [file for file in self.model.order if file in self.model.active]
        places.shuffle(active)
        if active:
            order_files(slug="prices", file_ids=active)
            self.read_order()

    def choose(self, mode: Mode, blanks: str, missing: str, marks: tuple[str, ...]) -> None:
        after = Model(mode=mode, blanks=blanks, missing=missing, marks=marks, files=self.model.files)
        said = SaidChoices(blanks=blanks, missing=missing, delete_when=("gone" if marks else "", marks))

        def act() -> None:
            merges = mode is Mode.MERGE
            change_mode(slug="prices", mode=mode, key=["code"] if merges else [], said=said if merges else None)

        if not Dataset.objects.filter(slug="prices", established_at__isnull=False).exists():
            return
        if after.refuses(self.model.active):
            refused(act)
            return
        act()
        self.model.mode = mode
        merges = mode is Mode.MERGE
        self.model.blanks = blanks if merges else "replace"
        self.model.missing = missing if merges else "replace"
        self.model.marks = marks if merges else ()

    def _activated(self, file: int) -> None:
        if self.model.mode is Mode.REPLACE:
            self.model.active.clear()
        self.model.active.add(file)
        self.read_order()

    def read_order(self) -> None:
        """Where a file stands that takes another's place; rows are not read."""
        ranked = UploadedFile.objects.filter(ranked_at__isnull=False).exclude(state="deleted")
        self.model.order = list(ranked.order_by("ranked_at", "pk").values_list("pk", flat=True))

    def check(self) -> None:
        """What readers see, how many rows are said to be hidden, and that no file has lost a row."""
        model = self.model
        there = Dataset.objects.filter(slug="prices", established_at__isnull=False).exists()
        seen = rows("SELECT _file, code, price, note, gone FROM data.prices ORDER BY 1, 2") if there else []
        assert seen == model.visible(), (model, seen)
        loads = Load.objects.exclude(part="").select_related("file")
        active = [load for load in loads if load.file.state == FileState.ACTIVE]
        assert sum(load.rows_loaded - load.rows_hidden for load in active) == len(seen)
        for load in loads:
            [(own,)] = rows(f"SELECT count(*) FROM data.{load.part}")  # noqa: S608
            whole = len(model.files[load.file_id].rows)
            assert own == whole or (load in active and own < whole), (load.file_id, own, whole)


def refused(act: object) -> None:
    try:
        act()  # type: ignore[operator]
    except BadOption:
        return
    raise AssertionError("nothing was refused")
