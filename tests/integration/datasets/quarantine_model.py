"""What must be visible, in the slowest and plainest way: all files and datasets in lists, every rule looked up in them.

A file has two columns, a number and a value; two headers exist, which differ in the name of the first.
"""

import re
from dataclasses import dataclass, field

type Cells = tuple[str, str | None]

BIGINT, NUMERIC, TEXT = "bigint", "numeric", "text"
LOADED, ACTIVE, FAILED, DELETED = "loaded", "active", "failed", "deleted"


def fits(value: str, type_: str) -> bool:
    pattern = {BIGINT: r"\d+", NUMERIC: r"\d+(\.\d+)?", TEXT: r"(?s).*"}[type_]
    return re.fullmatch(pattern, value) is not None


def narrowest(values: list[str]) -> str:
    types = (BIGINT, NUMERIC) if values else ()
    return next((type_ for type_ in types if all(fits(value, type_) for value in values)), TEXT)


@dataclass(eq=False)
class Table:
    """An established dataset."""

    number: int
    slug: str
    header: int
    types: tuple[str, str]
    words: frozenset[str]
    all_text: bool = False
    """Said before of its files."""
    chosen: bool = False
    """A person chose the type of the value: it holds for every file and reading."""


@dataclass(eq=False)
class File:
    number: int
    root: int
    header: int
    cells: list[tuple[str, str]]
    words: frozenset[str]
    all_text: bool
    wanted: str
    state: str = LOADED
    dataset: Table | None = None
    """``None``: a draft."""
    types: tuple[str, str] = (TEXT, TEXT)
    read_words: frozenset[str] = frozenset()
    rows: list[Cells] = field(default_factory=list)
    rejected: int = 0
    planned: str = ""
    said_all_text: bool = False
    """Remembered by the dataset with whose types it was read."""
    draft_number: int = 0
    was_active: bool = False
    chosen: bool = False
    """The type of the value is that which a person chose for the dataset."""

    @property
    def has_rows(self) -> bool:
        return self.state in (LOADED, ACTIVE)


class Refused(Exception):
    """The act is refused, and nothing has changed."""


class Model:
    def __init__(self) -> None:
        self.files: list[File] = []
        self.tables: list[Table] = []
        self._drafts = 0

    # what is asked of it

    def rows_of(self, table: Table) -> list[tuple[int, str, str | None]]:
        active = [file for file in self.files if file.dataset is table and file.state == ACTIVE]
        return sorted((file.number, *row) for file in active for row in file.rows)

    # acts

    def send(self, file: File, *, activate: bool) -> None:
        self.files.append(file)
        self._load(file)
        if file.state == LOADED and activate:
            self.activate_by_itself(file)

    def activate_by_itself(self, file: File) -> None:
        try:
            self.activate(file)
        except Refused:
            return

    def activate(self, file: File) -> None:
        others = [one for one in self._family(file) if one is not file and one.state == ACTIVE]
        if file.dataset is None:
            home = self._find(file, file.planned)
            if home is None:
                self._establish(file, file.wanted or self._free(file.planned))
            elif self._is_alike(file, home):
                file.dataset = home
            elif not self._others(home, file) and not (home.chosen and home.types[1] != file.types[1]):
                self._take_place(file, home)
            elif file.words - home.words:
                raise Refused
            else:
                self._fit(file)
                return
        for other in others:
            other.state = LOADED
        self._show(file)

    def deactivate(self, file: File) -> None:
        file.state = LOADED

    def delete(self, file: File) -> None:
        table = file.dataset
        file.state, file.dataset = DELETED, None
        slugs = {file.planned} if table is None and file.was_active else set()
        for one in [each for each in self.tables if each is table or each.slug in slugs]:
            if not any(other.dataset is one and other.has_rows for other in self.files):
                self.tables.remove(one)

    def withdraw(self, file: File) -> None:
        """As its sender: refused once it was active, for then it is the public's."""
        if file.was_active:
            raise Refused
        self.delete(file)

    def change_draft(self, file: File, type_: str) -> None:
        """Of the second column of a file that was never active; refused where a value is in the way."""
        values = [value for _, value in file.rows if value is not None]
        if type_ == file.types[1] or not all(fits(value, type_) for value in values):
            raise Refused
        file.types, file.chosen = (file.types[0], type_), True
        self._choose_rows(file)

    def read_again(self, file: File, number: int, *, activate: bool) -> File:
        again = File(
            number=number,
            root=file.root,
            header=file.header,
            cells=file.cells,
            words=file.words,
            all_text=True,
            wanted=file.wanted,
        )
        self.send(again, activate=activate)
        return again

    def change_value_type(self, table: Table, type_: str) -> None:
        """Of the second column; refused where a value is in the way."""
        files = [file for file in self.files if file.dataset is table and file.has_rows]
        values = [value for file in files for _, value in file.rows if value is not None]
        if type_ == table.types[1] or not all(fits(value, type_) for value in values):
            raise Refused
        table.types, table.chosen = (table.types[0], type_), True
        for file in files:
            file.types = table.types
            self._choose_rows(file)  # rejected rows that fit by now are loaded after all

    # rules

    def _family(self, file: File) -> list[File]:
        return [one for one in self.files if one.root == file.root]

    def _others(self, table: Table, file: File) -> bool:
        return any(one.dataset is table and one.has_rows and one.root != file.root for one in self.files)

    def _find(self, file: File, slug: str) -> Table | None:
        """Raises ``Refused`` where the wanted dataset has other columns."""
        if file.wanted:
            found = next((table for table in self.tables if table.slug == file.wanted), None)
            if found is not None and found.header != file.header and self._others(found, file):
                raise Refused
            return found
        same = [table for table in self.tables if table.header == file.header]
        active = {id(one.dataset) for one in self.files if one.state == ACTIVE}
        same.sort(key=lambda table: (id(table) not in active, -table.number))
        return next((table for table in same if table.slug == slug), same[0] if same else None)

    def _load(self, file: File) -> None:
        try:
            home = self._find(file, "t")
        except Refused:
            file.state = FAILED
            return
        self._drafts += 1
        file.draft_number = self._drafts
        holds = home is not None and self._others(home, file)
        before = home
        if home is None:
            drafts = [one for one in self._family(file) if one is not file and one.dataset is None and one.has_rows]
            first = min(drafts, key=lambda one: one.draft_number, default=None)
            words = frozenset() if first is None else first.read_words
            file.chosen, chosen = (False, "") if first is None else (first.chosen, first.types[1])
            file.planned = file.wanted or "t"
        else:
            words, file.planned = home.words, home.slug
            file.chosen, chosen = home.chosen, home.types[1]
        if holds and home is not None and file.words - home.words:
            file.state = FAILED
            return
        file.read_words = words if holds else file.words or words
        file.said_all_text = before is not None and before.all_text
        cells = [(key, None if value in file.read_words else value) for key, value in file.cells]
        if holds and home is not None:
            file.types = home.types
        elif file.all_text or file.said_all_text:
            file.types = (TEXT, TEXT)
        else:
            file.types = (BIGINT, narrowest([value for _, value in cells if value is not None]))
        if file.chosen:
            file.types = (file.types[0], chosen)
        self._choose_rows(file)
        file.state = LOADED if file.rows else FAILED

    def _choose_rows(self, file: File) -> None:
        cells = [(key, None if value in file.read_words else value) for key, value in file.cells]
        file.rows = [row for row in cells if row[1] is None or fits(row[1], file.types[1])]
        file.rejected = len(cells) - len(file.rows)

    def _is_alike(self, file: File, home: Table) -> bool:
        return (
            file.header == home.header
            and file.types == home.types
            and file.read_words == home.words
            and (file.all_text or file.said_all_text == home.all_text)
        )

    def _fit(self, file: File) -> None:
        before = file.rejected
        self._load(file)
        if file.state == LOADED and file.rejected <= before:
            self.activate_by_itself(file)

    def _establish(self, file: File, slug: str) -> None:
        table = Table(
            number=file.draft_number,
            slug=slug,
            header=file.header,
            types=file.types,
            words=file.read_words,
            chosen=file.chosen,
        )
        self.tables.append(table)
        for one in self.files:  # readings that were active in one dataset share a draft
            if one.dataset is None and one.has_rows and one.draft_number == file.draft_number:
                one.dataset = table

    def _take_place(self, file: File, home: Table) -> None:
        for one in self.files:
            if one.dataset is home:
                one.dataset, one.planned, one.draft_number = None, home.slug, home.number
                one.said_all_text, one.chosen = home.all_text, home.chosen
        self.tables.remove(home)
        self._establish(file, home.slug)
        self.tables[-1].all_text = home.all_text
        self.tables[-1].chosen |= home.chosen

    def _show(self, file: File) -> None:
        file.state, file.was_active = ACTIVE, True
        if file.all_text and file.dataset is not None:
            file.dataset.all_text = True

    def _free(self, slug: str) -> str:
        taken = {table.slug for table in self.tables}
        candidates = [slug, *(f"{slug}_{number}" for number in range(2, 99))]
        return next(candidate for candidate in candidates if candidate not in taken)
