"""What changes from one file to another, and from what is active to a file that waits."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from uploads.database.comparison.session import comparing
from uploads.models import UploadedFile
from uploads.services.comparison.forecast import Forecast, forecasts_of
from uploads.services.comparison.hindsight import hindsights_of, too_many_beside
from uploads.services.comparison.homes import unforetold
from uploads.services.comparison.result import Compared, Comparison
from uploads.services.comparison.table import compare_tables, have_shared_columns
from uploads.services.comparison.tables import Pairing, active_counterparts, pair_tables, tables_of
from uploads.services.errors import CannotCompare, FileNotFound, StateConflict
from uploads.services.visibility import OPERATOR, Viewer, is_shown
from uploads.states import HAS_DATA, FileState

PAGE_SECONDS = 60.0
"""How long whoever looks at a page, or asks the API, may wait. Two files of 5,000,000 rows took a tenth of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """How to compare. ``key``: names of columns, ``None``: by that of the dataset, or whole rows."""

    key: Sequence[str] | None = None
    figures: bool = True
    """Of each column on both sides, besides the counts."""
    seconds: float | None = None
    """How long it may take; ``None``: as long as it takes."""


def compare_files(*, old_id: int, new_id: int, wish: Wish | None = None, viewer: Viewer = OPERATOR) -> Comparison:
    """What changes from the old file to the new one.

    Raises ``FileNotFound``, ``StateConflict`` for a file without rows, ``CannotCompare``, ``KeyNotUnique``, and what
    ``comparing`` raises.
    """
    if old_id == new_id:
        raise CannotCompare(f"File {new_id} is compared with itself.", hint="Say two files.")
    old, new = (_seen(file_id, viewer) for file_id in (old_id, new_id))
    pairing = pair_tables(tables_of(old), tables_of(new))
    if not pairing.pairs:
        raise CannotCompare(
            f"No table of file {old_id} is a counterpart of one of file {new_id}.",
            hint="Tables are compared that are in the same dataset, or have the same name or columns.",
        )
    return _compared(
        pairing, Compared(file=old_id, name=old.name), Compared(file=new_id, name=new.name), wish or Wish()
    )


def compare_with_active(*, file_id: int, wish: Wish | None = None, viewer: Viewer = OPERATOR) -> Comparison:
    """What changes from all that is active in its datasets, itself apart, to a file.

    Of an active one that merges: how it changes what readers see (``is_of_seen``).
    Of one that waits: how it changes what readers see when it is activated; where its rows are only added, what it has
    in common with them, and ``on_activation`` has the other.

    Raises what ``compare_files`` does; ``CannotCompare`` where it is the first of its dataset.
    """
    file = _seen(file_id, viewer)
    pairing = active_counterparts(file, tables_of(file), viewer)
    if not pairing.pairs:
        raise CannotCompare(
            f"File {file_id} founds a dataset: nothing is there to compare it with.",
            hint="Say another file to compare it with.",
        )
    names = dict.fromkeys(old.name for old, _ in pairing.pairs)
    old_side = Compared(file=None, name=", ".join(names))
    new_side = Compared(file=file_id, name=file.name)
    wish = wish or Wish()
    hindsights = hindsights_of(file)
    found = _compared(pairing, old_side, new_side, wish, hindsights or forecasts_of(file))
    looked_back = (hindsights.get(new.table) for _, new in pairing.pairs)
    is_of_seen = all(each is not None and each.answers(wish.key) for each in looked_back)
    return replace(found, unforetold={**unforetold(file), **too_many_beside(file)}, is_of_seen=is_of_seen)


def sees_rows(*, file_id: int, state: str, visitor: str, user_id: int | None, viewer: Viewer) -> bool:
    """Whether this person may see the rows of a file that a ``visitor`` or user sent: one's own, for staff those of
    any, and of others what is active in datasets that this person reads. Of deleted files staff alone are told that
    they are deleted."""
    if state == FileState.DELETED:
        return viewer.sees_all
    shown = state == FileState.ACTIVE and is_shown(file_id, viewer)
    return viewer.may_know(is_shown=shown, visitor=visitor, user_id=user_id)


def _verb(file: UploadedFile) -> str:
    return "has" if file.state == FileState.FAILED else "is"


def _seen(file_id: int, viewer: Viewer) -> UploadedFile:
    """A file whose rows this person may see."""
    file = UploadedFile.objects.filter(pk=file_id).first() if 0 < file_id < 2**31 else None
    if file is None or not sees_rows(
        file_id=file_id, state=file.state, visitor=file.visitor, user_id=file.uploaded_by_id, viewer=viewer
    ):
        raise FileNotFound(f"There is no file {file_id}.", hint="List the files to see which there are.")
    if file.state not in HAS_DATA:
        raise StateConflict(
            f"File {file_id} has no rows to compare: it {_verb(file)} {FileState(file.state).label}.",
            hint="Compare files that are loaded.",
        )
    return file


def _compared(
    pairing: Pairing,
    old: Compared,
    new: Compared,
    wish: Wish,
    forecasts: Mapping[str, Forecast] | None = None,
) -> Comparison:
    began = time.perf_counter()
    pairing = _with_shared_columns(pairing)
    tables = [table.table for pair in pairing.pairs for table in pair]
    tables += [table for forecast in (forecasts or {}).values() for table in forecast.tables]
    with comparing(tables=tables, seconds=wish.seconds) as session:
        found = compare_tables(session, pairing.pairs, key=wish.key, figures=wish.figures, forecasts=forecasts)
    return Comparison(
        old_side=old,
        new_side=new,
        tables=found,
        only_old=tuple(table.name for table in pairing.only_old),
        only_new=tuple(table.name for table in pairing.only_new),
        seconds=round(time.perf_counter() - began, 3),
    )


def _with_shared_columns(pairing: Pairing) -> Pairing:
    """Counterparts with nothing in common are none. Raises ``CannotCompare`` where nothing is left."""
    pairs = tuple(pair for pair in pairing.pairs if have_shared_columns(*pair))
    apart = [pair for pair in pairing.pairs if pair not in pairs]
    if not pairs:
        old, new = apart[0]
        raise CannotCompare(
            f"“{old.name}” and “{new.name}” have no column of the same name.",
            hint="Compare files of the same kind, or rename the columns in one of them.",
        )
    return Pairing(
        pairs=pairs,
        only_old=(*pairing.only_old, *(old for old, _ in apart)),
        only_new=(*pairing.only_new, *(new for _, new in apart)),
    )
