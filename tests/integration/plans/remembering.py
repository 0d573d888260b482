"""Files of other columns: acts in the database, and beside them a model that is slow and obviously right.

Names are compared with each other in the model as well, but who is asked answers for every column: so what is seen and
what is remembered follows from answers alone, and never from what seemed likely.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.integration.conftest import Pipeline, rows
from uploads.models import ColumnAlias, Dataset, Load, UploadedFile
from uploads.services.columns.shape import add_column, change_strictness, remove_column, rename_column
from uploads.services.errors import ColumnsUndecided, StateConflict
from uploads.services.files.activation import activate_file, deactivate_file, delete_file, retry_file
from uploads.services.joining.columns import ColumnAnswer, answer_columns, keep_answer, plans_of
from uploads.states import FileState, Strictness
from uploads.tabular.errors import BadOption

ADD, OUT = "+", ""
HEADERS = ("code", "name", "nome", "price", "prise", "Pri ce", "currency", "region", "cost")
NUMBERS = ("price", "prise", "Pri ce", "cost")
LABELS = ("name", "price", "cost", "label", "currency", "region")
BAD = "soon"
"""Where a number should stand."""
MOST_FILES = 7
type Cells = Mapping[str, str]


def simple(label: str) -> str:
    return label.lower().replace(" ", "_")


@dataclass(eq=False)
class Column:
    """Of the dataset; it is itself, whatever it is called."""

    name: str
    type: str
    optional: bool = False
    is_gone: bool = False


@dataclass(eq=False)
class File:
    header: list[str]
    rows: list[Cells]
    state: FileState = FileState.LOADED
    uses: dict[str, Column | None] | None = None
    """Once it joined: by its names, what each column is in the dataset; ``None``: it is left out."""
    answer: dict[str, Column | str] | None = None
    """What somebody said, and is not carried out yet."""
    accepted: set[str] = field(default_factory=set)

    @property
    def names(self) -> list[str]:
        return [simple(label) for label in self.header]

    def fits(self, row: Cells, uses: Mapping[str, Column | None]) -> bool:
        return all(
            column is None or column.type == "text" or row[name].isdigit() or not row[name]
            for name, column in uses.items()
        )


@dataclass
class Model:
    columns: list[Column]
    aliases: dict[str, Column | None] = field(default_factory=dict)
    strictness: Strictness = Strictness.ASK
    files: dict[int, File] = field(default_factory=dict)

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    def visible(self) -> list[tuple[str, ...]]:
        found = []
        for file in self.files.values():
            if file.state is FileState.ACTIVE and file.uses is not None:
                theirs = {column: name for name, column in file.uses.items() if column is not None}
                for row in file.rows:
                    if file.fits(row, file.uses):
                        cells = [row[theirs[column]] if column in theirs else "" for column in self.columns]
                        found.append(tuple(cells))
        return sorted(found)

    def known_uses(self, names: Sequence[str]) -> dict[str, Column | None]:
        """What needs nobody's word: what has the same name, then what was said of earlier files."""
        uses: dict[str, Column | None] = {}
        if set(names) == {column.name for column in self.columns}:
            return {name: self.column(name) for name in names}
        for name in names:
            if (column := self.column(name)) is not None:
                uses[name] = column
        for name in names:
            if name not in uses and name in self.aliases:
                target = self.aliases[name]
                if target is None or target not in uses.values():
                    uses[name] = target
        return uses

    def passes(self, names: Sequence[str]) -> bool:
        """Whether a file joins without a question, where the dataset does not grow."""
        uses = self.known_uses(names)
        matched = [column for column in uses.values() if column is not None]
        missing = [column for column in self.columns if column not in matched and not column.optional]
        is_near = len(matched) > 1 and 2 * len(matched) > len(names) and 2 * len(matched) >= len(self.columns)
        is_exact = set(names) == {column.name for column in self.columns}
        return len(uses) == len(names) and not missing and (is_near or is_exact)


class Acts:
    """Each act is done in the database and in the model."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        names = ("code", "name", "price")
        columns = [Column(name, "bigint" if name == "price" else "text") for name in names]
        self.model = Model(columns)
        file = self.send(list(names), bad=False)
        assert file is not None

    def send(self, header: list[str], *, bad: bool) -> int | None:
        """The first founds the dataset; later ones join it, or wait."""
        number = len(self.model.files)
        rows_: list[Cells] = [
            {simple(label): str(10 * number + n) if label in NUMBERS else f"{label[0]}{number}{n}" for label in header}
            for n in (1, 2)
        ]
        if bad:
            rows_.append(dict.fromkeys(map(simple, header), BAD))
        text = "\n".join([";".join(header), *(";".join(row[simple(label)] for label in header) for row in rows_)])
        passes = not self.model.files or self.model.passes([simple(label) for label in header])
        receipt = self.pipeline.load(text, f"prices{number}.csv" if number else "prices.csv")
        file = File(header, rows_)
        there = UploadedFile.objects.get(pk=receipt.file_id)
        if there.state == FileState.ACTIVE and "prices" in {load.dataset for load in receipt.loads}:
            grew = self.model.strictness is Strictness.GROW
            assert passes or grew, (file, self.model)
            self.model.files[receipt.file_id] = file
            self._joined(file, self._as_it_grew(file) if not passes else self.model.known_uses(file.names))
            return receipt.file_id
        assert not passes, (file, self.model, there.state, there.error_message)
        if there.state == FileState.LOADED and plans_of(file_id=receipt.file_id):
            self.model.files[receipt.file_id] = file
            return receipt.file_id
        same = [name for name in file.names if self.model.column(name) and name not in self.model.aliases]
        is_near = len(same) > 1 and 2 * len(same) > len(header) and 2 * len(same) >= len(self.model.columns)
        assert not is_near, (file, self.model)
        delete_file(file_id=receipt.file_id)
        return None

    def _as_it_grew(self, file: File) -> dict[str, Column | None]:
        """Letters and digits are enough, and what is like nothing is added."""
        uses = self.model.known_uses(file.names)
        for name in file.names:
            letters = [column for column in self.model.columns if column.name.replace("_", "") == name.replace("_", "")]
            if name not in uses and letters and letters[0] not in uses.values():
                uses[name] = letters[0]
        added: dict[str, Column | str] = {name: uses.get(name) or (OUT if name in uses else ADD) for name in file.names}
        return self._carry_out(file, added)

    def answer(self, file_id: int, picks: Sequence[int], *, only_keep: bool) -> None:
        file = self.model.files[file_id]
        if file.state is not FileState.LOADED or file.uses is not None:
            refused(StateConflict, lambda: answer_columns(file_id=file_id, answer=ColumnAnswer(dataset="", columns={})))
            return
        answer: dict[str, Column | str] = {}
        for name, pick in zip(file.names, picks, strict=False):
            free = [
                column
                for column in self.model.columns
                if column not in answer.values() and (column.type == "text" or name in map(simple, NUMBERS))
            ]  # of a file none of whose rows fits nothing is loaded, which is tested elsewhere
            options: list[Column | str] = [*free, OUT, *([] if self.model.column(name) else [ADD])]
            same = next((column for column in free if column.name == name), None)
            answer[name] = same if pick % 3 and same is not None else options[pick % len(options)]
        said = ColumnAnswer(
            dataset="prices",
            columns={name: use.name if isinstance(use, Column) else use for name, use in answer.items()},
        )
        if self.model.strictness is Strictness.EXACT and not self.model.passes(file.names):
            refused(BadOption, lambda: answer_columns(file_id=file_id, answer=said))
            return
        keep_answer(file_id=file_id, answer=said)
        file.answer = answer
        matched = {use for use in answer.values() if isinstance(use, Column)}
        file.accepted = {column.name for column in self.model.columns if column not in matched}
        if not only_keep:
            self.activate(file_id)

    def twice(self, file_id: int) -> None:
        """Two columns of the file are one of the dataset: refused, and nothing is kept."""
        file = self.model.files[file_id]
        if file.state is FileState.LOADED and file.uses is None and len(file.names) > 1:
            before = UploadedFile.objects.get(pk=file_id).column_answers
            both = dict.fromkeys(file.names[:2], self.model.columns[0].name)
            wish = ColumnAnswer(dataset="prices", columns=both)
            refused(BadOption, lambda: answer_columns(file_id=file_id, answer=wish))
            assert UploadedFile.objects.get(pk=file_id).column_answers == before

    def activate(self, file_id: int) -> None:
        file = self.model.files[file_id]
        if file.state is FileState.ACTIVE:
            deactivate_file(file_id=file_id)
            file.state = FileState.LOADED
            return
        if file.uses is not None:
            activate_file(file_id=file_id)
            file.state = FileState.ACTIVE
            return
        try:
            done = activate_file(file_id=file_id)
        except ColumnsUndecided:
            stale = any(isinstance(use, Column) and use.is_gone for use in (file.answer or {}).values())
            later = [column for column in self.model.columns if not column.optional]
            matched = {use for use in (file.answer or {}).values() if isinstance(use, Column)}
            unaccepted = [column for column in later if column not in matched and column.name not in file.accepted]
            assert file.answer is None or stale or unaccepted, (file, self.model)
            return
        if done.fitting:
            self.pipeline.finish(file_id)
            if UploadedFile.objects.get(pk=file_id).state == FileState.LOADED:
                activate_file(file_id=file_id)
        there = UploadedFile.objects.get(pk=file_id)
        assert there.state == FileState.ACTIVE, (there.state, there.error_message, file, self.model)
        if file.answer is None:
            known = self.model.passes(file.names)
            if not Load.objects.filter(file=file_id, dataset__slug="prices").exclude(part="").exists():
                assert not known, (file, self.model)  # by now it is not even near, and was a dataset of its own
                delete_file(file_id=file_id)
                del self.model.files[file_id]
                return
            assert known or self.model.strictness is Strictness.GROW, (file, self.model)
            self._joined(file, self.model.known_uses(file.names) if known else self._as_it_grew(file))
        else:
            self._joined(file, self._carry_out(file, file.answer))

    def _carry_out(self, file: File, answer: Mapping[str, Column | str]) -> dict[str, Column | None]:
        """The dataset has what is added, and remembers what was said."""
        uses: dict[str, Column | None] = {}
        for name, use in answer.items():
            known = self.model.known_uses(file.names)
            if isinstance(use, Column) and use.is_gone:  # what was said of it can't be any more
                use = known.get(name) or OUT  # noqa: PLW2901
            uses[name] = use if isinstance(use, Column) else None
            if use == ADD:
                numbers = all(row[name].isdigit() for row in file.rows)
                uses[name] = Column(name, "bigint" if numbers else "text", optional=True)
                self.model.columns.append(uses[name])  # type: ignore[arg-type]
        for name, column in uses.items():
            if self.model.column(name) is None:
                self.model.aliases[name] = column
        for column in self.model.columns:
            self.model.aliases.pop(column.name, None)
        return uses

    def _joined(self, file: File, uses: dict[str, Column | None]) -> None:
        file.uses, file.state = uses, FileState.ACTIVE
        for column in self.model.columns:
            column.optional = column.optional or column not in uses.values()

    def delete(self, file_id: int) -> None:
        if len([file for file in self.model.files.values() if file.uses is not None]) > 1:
            delete_file(file_id=file_id)
            del self.model.files[file_id]

    def own(self, file_id: int) -> None:
        """It is a dataset of its own, and goes with its file."""
        file = self.model.files[file_id]
        if file.state is FileState.LOADED and file.uses is None:
            done = answer_columns(file_id=file_id, answer=ColumnAnswer(dataset=None, columns={}))
            assert done is not None
            [slug] = done.datasets
            assert slug != "prices"
            assert rows(f"SELECT count(*) FROM data.{slug}") == [(len(file.rows),)]  # noqa: S608
            delete_file(file_id=file_id)
            del self.model.files[file_id]
            assert not Dataset.objects.filter(slug=slug).exists()

    def read_again(self, file_id: int) -> None:
        """Of one that joined: each column is what it was, as long as that is there.

        A file that is alone says the types of the dataset anew, and a row that was rejected may fit them then: that is
        no question of names, and none of this machine's.
        """
        file = self.model.files[file_id]
        is_alone = len([each for each in self.model.files.values() if each.uses is not None]) == 1
        if file.uses is None or (is_alone and any(BAD in row.values() for row in file.rows)):
            return
        if file.state is FileState.ACTIVE:
            deactivate_file(file_id=file_id)
        retry_file(file_id=file_id)
        self.pipeline.finish(file_id)
        if UploadedFile.objects.get(pk=file_id).state == FileState.LOADED:
            activate_file(file_id=file_id)
        assert UploadedFile.objects.get(pk=file_id).state == FileState.ACTIVE, (file, self.model)
        file.state = FileState.ACTIVE

    def add(self, label: str) -> None:
        if self.model.column(label) is not None:
            refused(BadOption, lambda: add_column(slug="prices", label=label))
            return
        add_column(slug="prices", label=label)
        self.model.columns.append(Column(label, "text", optional=True))
        self.model.aliases.pop(label, None)

    def rename(self, place: int, label: str) -> None:
        column = self.model.columns[place % len(self.model.columns)]
        if column.name == label or (column.type != "text" and label not in NUMBERS):
            return
        if self.model.column(label) is not None:
            refused(BadOption, lambda: rename_column(slug="prices", name=column.name, label=label))
            return
        rename_column(slug="prices", name=column.name, label=label)
        self.model.aliases.pop(label, None)
        self.model.aliases[column.name] = column
        for file in self.model.files.values():
            file.accepted = {label if name == column.name else name for name in file.accepted}
        column.name = label

    def remove(self, place: int) -> None:
        if len(self.model.columns) <= 3:
            return
        column = self.model.columns[place % len(self.model.columns)]
        remove_column(slug="prices", name=column.name)
        self.model.columns.remove(column)
        column.is_gone = True
        for name, target in list(self.model.aliases.items()):
            if target is column:
                self.model.aliases[name] = None
        self.model.aliases[column.name] = None
        for file in self.model.files.values():
            if file.uses is not None:
                file.uses = {name: None if use is column else use for name, use in file.uses.items()}

    def be(self, strictness: Strictness) -> None:
        change_strictness(slug="prices", strictness=strictness)
        self.model.strictness = strictness

    def check(self) -> None:
        """What readers see, what each file has, and what the dataset remembers."""
        names = [column.name for column in self.model.columns]
        stored = Dataset.objects.get(slug="prices", established_at__isnull=False)
        assert list(stored.columns.values_list("name", "type", "optional")) == [
            (column.name, column.type, column.optional) for column in self.model.columns
        ]
        cells = ", ".join(f"coalesce({name}::text, '')" for name in names)
        assert sorted(rows(f"SELECT {cells} FROM data.prices")) == self.model.visible()  # noqa: S608
        for load in Load.objects.filter(dataset=stored).exclude(part=""):
            own = rows(
                "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0"
                " AND NOT attisdropped AND left(attname, 1) <> '_'",
                f"data.{load.part}",
            )
            assert {name for (name,) in own} == set(names), "on or off, a file's table has all columns"
            known = [*(column["name"] for column in load.kept_columns), *load.columns_missing]
            assert sorted(known) == sorted(names), "and its receipt says which of them are its own"
        aliases = ColumnAlias.objects.filter(dataset=stored).values_list("name", "column__name")
        expected = {name: None if column is None else column.name for name, column in self.model.aliases.items()}
        assert dict(aliases) == expected, (self.model.aliases,)


def refused(error: type[Exception], act: Callable[[], object]) -> None:
    try:
        act()
    except error:
        return
    raise AssertionError("nothing was refused")
