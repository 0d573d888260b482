"""People at work meanwhile: they send files, switch them, take them back, mend rows, change columns, and read."""

import io
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from procrastinate.exceptions import ConnectorException
from psycopg import sql

from tests.faults.files import MERGED, WORD, Made, make, total
from uploads.models import Dataset, DatasetColumn, Load, RejectedRow, UploadedFile
from uploads.services.columns.change import Change
from uploads.services.columns.requests import ask_for_change
from uploads.services.datasets.joinable import established
from uploads.services.files.activation import activate_file, deactivate_file, delete_file, retry_file
from uploads.services.files.replacement import replace_files
from uploads.services.merging.choices import SaidChoices
from uploads.services.merging.modes import change_mode
from uploads.services.merging.order import order_files
from uploads.services.merging.shown_rows import active_in_order
from uploads.services.receiving.sender import Sender
from uploads.services.receiving.uploads import receive_file
from uploads.services.rejects.mend import load_edited_row, mend_rejected_rows, take_back_mends
from uploads.states import HAS_DATA, IN_PROGRESS, FileState, Mode
from uploads.tabular.errors import UploaderError
from uploads.tabular.table import ColumnType

AWAY = (OperationalError, InterfaceError, ConnectorException)
"""The database was restarted under a person's hands."""
IN_LINE = 8
"""So many files may wait or load before people stop sending."""
MOST_ROWS = 6_000_000
"""So many may be loaded before people take files back instead."""
PRICES = (ColumnType.TEXT, ColumnType.NUMERIC, ColumnType.DOUBLE)


@dataclass(slots=True)
class Truth:
    """What was sent, by the name it was sent under: the answer to a sending may be lost."""

    sent: dict[str, Made] = field(default_factory=dict)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def note(self, made: Made) -> Made:
        """Under a name that no other has."""
        with self.guard:
            named = replace(made, name=f"{len(self.sent)}-{made.name}")
            self.sent[named.name] = replace(named, data=b"")
        return named

    def send(self, made: Made, *, activate: bool) -> None:
        made = self.note(made)
        receive_file(
            content=io.BytesIO(made.data),
            size=len(made.data),
            name=made.name,
            uploader=Sender(is_staff=True),
            via=UploadedFile.Via.COMMAND,
            dataset=made.dataset,
            activate=activate,
            again=True,
            mode=Mode.MERGE if made.key else "",
            key=made.key,
            full=made.full,
        )


class People:
    """One after the other does something at random; what the site refuses is counted by its code."""

    def __init__(self, truth: Truth, random: Random) -> None:
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._truth = truth
        self._random = random
        self._acts: dict[Callable[[], str], int] = {
            self._send: 12,
            self._activate: 5,
            self._deactivate: 5,
            self._delete: 2,
            self._retry: 3,
            self._mend: 3,
            self._take_back: 1,
            self._retype: 1,
            self._say_null_words: 1,
            self._replace: 2,
            self._order: 2,
            self._choose: 1,
        }

    def run(self, stop: threading.Event) -> None:
        while not stop.wait(self._random.uniform(0.05, 0.6)):
            [act] = self._random.choices(list(self._acts), list(self._acts.values()))
            try:
                name = act()
            except UploaderError as error:
                name = ""
                self.refused[f"{act.__name__.strip('_')}: {error.code}"] += 1
            except AWAY:
                name = ""
                self.refused["the database was away"] += 1
                connection.close()
            if name:
                self.done[name] += 1
        connection.close()

    def _send(self) -> str:
        if UploadedFile.objects.filter(state__in=IN_PROGRESS).count() >= IN_LINE:
            return ""
        if sum(UploadedFile.objects.filter(state__in=HAS_DATA).values_list("rows_loaded", flat=True)) > MOST_ROWS:
            return self._delete()
        made = make(self._random)
        self._truth.send(made, activate=self._random.random() < 0.7)
        return f"sent {made.kind}"

    def _file(self, *states: FileState) -> int:
        found = list(UploadedFile.objects.filter(state__in=states).values_list("pk", flat=True))
        return self._random.choice(found or [0])

    def _activate(self) -> str:
        activate_file(file_id=self._file(FileState.LOADED))
        return "activated"

    def _deactivate(self) -> str:
        deactivate_file(file_id=self._file(FileState.ACTIVE))
        return "deactivated"

    def _delete(self) -> str:
        delete_file(file_id=self._file(*(state for state in FileState if state is not FileState.DELETED)))
        return "deleted"

    def _replace(self) -> str:
        new, old = self._file(FileState.LOADED), self._file(FileState.ACTIVE)
        replace_files(old_ids=[old], new_id=new)
        return "replaced"

    def _order(self) -> str:
        dataset = established().filter(slug=MERGED).first()
        files = [] if dataset is None else active_in_order(dataset)
        self._random.shuffle(files)
        if not files:
            return ""
        order_files(slug=MERGED, file_ids=files[:3])
        return "put in another order"

    def _choose(self) -> str:
        """What blanks do; there are none, so that the same rows are seen, folded or whole."""
        dataset = established().filter(slug=MERGED, mode=Mode.MERGE).first()
        if dataset is None:
            return ""
        said = SaidChoices(blanks=self._random.choice(["keep", "replace", "replace"]))
        change_mode(slug=MERGED, mode=Mode.MERGE, key=dataset.key, said=said)
        return "merged in another way"

    def _retry(self) -> str:
        retry_file(file_id=self._file(FileState.FAILED, FileState.LOADED))
        return "loaded again"

    def _mend(self) -> str:
        """Load rejected rows: one by hand, or those whose proposals fit."""
        left = RejectedRow.objects.filter(mended_at=None, code="bad_value", load__file__state__in=HAS_DATA)
        reject = left.order_by("?").first()
        if reject is None:
            return ""
        if self._random.random() < 0.5:
            return "mended as proposed" if mend_rejected_rows(load_id=reject.load_id).loaded else "nothing to mend"
        load_edited_row(reject_id=reject.pk, cells=reject.raw.replace(WORD, "0,5").split(";"))
        return "mended by hand"

    def _take_back(self) -> str:
        load = Load.objects.filter(rejects__mended_at__isnull=False).order_by("?").first()
        if load is None:
            return ""
        take_back_mends(load_id=load.pk)
        return "mends taken back"

    def _retype(self) -> str:
        dataset = Dataset.objects.order_by("?").first()
        if dataset is None:
            return ""
        ask_for_change(slug=dataset.slug, change=Change(types={"price": self._random.choice(PRICES)}))
        return "asked for another type"

    def _say_null_words(self) -> str:
        dataset = Dataset.objects.order_by("?").first()
        if dataset is None:
            return ""
        ask_for_change(slug=dataset.slug, change=Change(null_words=() if dataset.null_words else (WORD,)))
        return "asked for null words"


class Reader:
    """Looks at every established dataset, again and again: of each file it must see all rows or none."""

    def __init__(self, truth: Truth) -> None:
        self.looks = 0
        self.longest = 0.0
        self.broken: list[str] = []
        self._truth = truth

    def run(self, stop: threading.Event) -> None:
        while not stop.wait(0.3):
            try:
                self.look()
            except AWAY:
                connection.close()
        connection.close()

    def look(self) -> None:
        columns = DatasetColumn.objects.filter(position=1, dataset__in=established())
        first = dict(columns.values_list("dataset__slug", "name"))
        for slug, column in first.items():
            began = time.monotonic()
            counts = _counts(slug, column)
            self.longest = max(self.longest, time.monotonic() - began)
            self.looks += 1
            if slug == MERGED:
                self._look_at_keys()
                continue
            names = dict(UploadedFile.objects.filter(pk__in=counts).values_list("pk", "name"))
            for file_id, (count, numbers) in counts.items():
                made = self._truth.sent[names[file_id]]
                rows = made.tables[column]
                whole = count == rows and numbers == total(rows, made.first)
                if not whole and not (made.rejects and rows - made.rejects <= count < rows):
                    self.broken.append(f"a reader saw {count:,} of {rows:,} rows of {made.name} in {slug}")

    def _look_at_keys(self) -> None:
        """A reader of a dataset with a key sees at most one row of each."""
        found = _ask(
            sql.SQL("SELECT count(*), count(DISTINCT code) FROM data.{}").format(sql.Identifier(MERGED)), MERGED
        )
        for rows, keys in found:
            if rows != keys:
                self.broken.append(f"a reader saw {rows:,} rows of {keys:,} keys")


def _counts(slug: str, column: str) -> dict[int, tuple[int, int]]:
    query = sql.SQL("SELECT _file, count(*), sum({}) FROM data.{} GROUP BY _file").format(
        sql.Identifier(column), sql.Identifier(slug)
    )
    return {file: (count, numbers) for file, count, numbers in _ask(query, slug)}


def _ask(query: sql.Composable, slug: str) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        try:
            cursor.execute(query)
        except AWAY:
            raise
        except DatabaseError:  # the dataset was taken back a moment ago
            if established().filter(slug=slug).exists():
                raise
            return []
        found: list[tuple[int, ...]] = cursor.fetchall()
        return found
