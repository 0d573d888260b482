"""The partitions that hold a file's rows, and the attempt that may write to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from uploads.database.partitions import drop_table
from uploads.database.retrying import retry_while_locked
from uploads.database.sessions import APPLICATION_PREFIX
from uploads.models import Load


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """The right to write for ``file_id`` as long as the file's fence is ``fence``."""

    file_id: int
    fence: int

    @property
    def application_name(self) -> str:
        """What this attempt's database session is called in ``pg_stat_activity``."""
        return f"{APPLICATION_PREFIX}{self.file_id}/{self.fence}"


def discard_partitions(*, parts: Iterable[str]) -> None:
    """Drop parts that no reader sees, and note that they are gone."""
    for part in parts:
        retry_while_locked(partial(drop_partition, part=part))


def drop_partition(*, part: str) -> None:
    """Drop one part and note that it is gone; the caller has the transaction."""
    drop_table(name=part)
    Load.objects.filter(part=part).update(part="")


def partitions_of(*, file_id: int) -> set[str]:
    """The parts that hold the file's rows, or what an attempt has written of them."""
    return set(Load.objects.filter(file_id=file_id).exclude(part="").values_list("part", flat=True))
