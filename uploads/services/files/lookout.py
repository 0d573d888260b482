"""What happens to files, for those who follow them: two small questions a look, however many files and followers."""

import time
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Expression, Max, TextField
from django.db.models.sql.compiler import SQLCompiler

from uploads.models import FileEvent, UploadedFile

SEEN_SECONDS = 10.0
"""A transaction that began before others may end after them: what is noted is looked for so long behind the newest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A file that something happened to, and its sender."""

    file_id: int
    visitor: str
    user_id: int | None


class Lookout:
    """Remembers what it saw; for one thread at a time."""

    def __init__(self) -> None:
        self._before: int | None = None
        """No note up to this one is looked for any more."""
        self._newest: deque[tuple[float, int]] = deque()
        self._seen: set[int] = set()
        self._versions: dict[int, str] = {}

    def look(self, in_progress: Collection[int]) -> list[Change]:
        """What happened since the look before; of the first look nothing. ``in_progress``: files whose figures move
        without a note in their history."""
        noted = list(self._noted())
        moved = list(self._moved(in_progress))
        return noted + moved

    def _noted(self) -> Iterator[Change]:
        if self._before is None:
            self._before = FileEvent.objects.aggregate(newest=Max("pk"))["newest"] or 0
            return
        notes = FileEvent.objects.filter(pk__gt=self._before).order_by("pk")
        facts = notes.values_list("pk", "file_id", "file__visitor", "file__uploaded_by_id")
        found = [fact for fact in facts if fact[0] not in self._seen]
        self._forget(max((fact[0] for fact in found), default=None))
        self._seen.update(fact[0] for fact in found)
        for _, file_id, visitor, user_id in found:
            yield Change(file_id=file_id, visitor=visitor, user_id=user_id)

    def _forget(self, newest: int | None) -> None:
        now = time.monotonic()
        if newest is not None:
            self._newest.append((now, newest))
        while self._newest and self._newest[0][0] < now - SEEN_SECONDS:
            self._before = self._newest.popleft()[1]
            self._seen = {pk for pk in self._seen if pk > self._before}

    def _moved(self, in_progress: Collection[int]) -> Iterator[Change]:
        files = UploadedFile.objects.filter(pk__in=in_progress).order_by()
        facts = list(files.annotate(version=_RowVersion()).values_list("pk", "version", "visitor", "uploaded_by_id"))
        before, self._versions = self._versions, {pk: version for pk, version, _, _ in facts}
        for pk, version, visitor, user_id in facts:
            if before.get(pk, version) != version:
                yield Change(file_id=pk, visitor=visitor, user_id=user_id)


class _RowVersion(Expression):
    """PostgreSQL's mark of the transaction that wrote the row as it is: whatever is written, it is another one."""

    output_field = TextField()

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        alias = compiler.query.get_initial_alias()
        return f"{compiler.quote_name_unless_alias(alias)}.xmin::text", ()
