"""One rejected row in a person's hands: its cells, and for each column whether it takes what was typed."""

from collections.abc import Sequence
from dataclasses import dataclass

from uploads.models import Load, RejectedRow
from uploads.services.errors import FileNotFound
from uploads.services.rejects.proposals import cells_to_edit, label_of, propose
from uploads.tabular.column_json import column_from_json
from uploads.tabular.errors import UploaderError
from uploads.tabular.mends.mend import Mend
from uploads.tabular.sentences.reasons import reason_in_words
from uploads.tabular.table import Column
from uploads.tabular.text.raw_rows import RAW_KEPT


class CellsDoNotFit(UploaderError):
    """Cells that a person typed do not fit their columns. ``faults``: what is wrong, by the column's position."""

    code = "cells_do_not_fit"

    def __init__(self, message: str, *, hint: str, faults: dict[int, str] | None = None) -> None:
        super().__init__(message, hint=hint)
        self.faults = faults or {}


class RowNotWhole(UploaderError):
    """A rejected row was too long to be kept whole."""

    code = "row_not_whole"


@dataclass(frozen=True, kw_only=True, slots=True)
class EditedCell:
    """One cell of the form."""

    label: str
    type: str
    text: str
    fault: str
    """What is wrong with it; empty where it fits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Editing:
    """A rejected row as a form."""

    reject: RejectedRow
    mend: Mend | None
    cells: tuple[EditedCell, ...]


def find_reject(*, reject_id: int, load_id: int | None = None) -> RejectedRow:
    """A rejected row that was not loaded yet, with its load; raises ``FileNotFound``."""
    rejects = RejectedRow.objects.select_related("load__dataset", "load__file").filter(pk=reject_id, mended_at=None)
    reject = (rejects if load_id is None else rejects.filter(load_id=load_id)).first()
    if reject is None:
        raise FileNotFound(
            "This rejected row is not there any more.", hint="It may have been loaded already; look at the list again."
        )
    return reject


def edit_row(*, reject_id: int, load_id: int, typed: Sequence[str] | None = None) -> Editing:
    """A rejected row ready to be edited: with what was ``typed``, else with its proposed mend or its own cells."""
    reject = find_reject(reject_id=reject_id, load_id=load_id)
    check_whole(reject)
    load = reject.load
    [mend] = propose(load=load, rejects=[reject])
    texts = tuple(typed) if typed is not None else cells_to_edit(load=load, reject=reject, mend=mend)
    columns = columns_of(load)
    faults = faults_of(load=load, columns=columns, cells=texts)
    return Editing(
        reject=reject,
        mend=mend,
        cells=tuple(
            EditedCell(label=label_of(column), type=column.type.value, text=text, fault=faults.get(position, ""))
            for position, (column, text) in enumerate(zip(columns, texts, strict=False))
        ),
    )


def check_whole(reject: RejectedRow) -> None:
    """Raise ``RowNotWhole`` for a row so long that only its beginning is kept."""
    if len(reject.raw) >= RAW_KEPT:
        raise RowNotWhole(
            f"Only the first {RAW_KEPT:,} characters of this row are kept, so it cannot be edited here.",
            hint="Mend it in the file and send the file again.",
        )


def check_cells(*, load: Load, cells: Sequence[str]) -> None:
    """Raise ``CellsDoNotFit`` unless every column takes its cell."""
    columns = columns_of(load)
    if len(cells) != len(columns):
        raise CellsDoNotFit(
            f"{len(cells):,} cell{'s' * (len(cells) != 1)} for {len(columns):,} columns.",
            hint="Give one cell for each column, in the file's order.",
        )
    if not any(cell.strip() for cell in cells):
        raise CellsDoNotFit("All cells of this row are empty.", hint="Fill at least one of them.")
    faults = faults_of(load=load, columns=columns, cells=cells)
    if faults:
        words = "; ".join(f"{label_of(columns[position])}: {fault}" for position, fault in faults.items())
        raise CellsDoNotFit(f"{words}.", hint="Correct these cells and load the row again.", faults=faults)


def faults_of(*, load: Load, columns: Sequence[Column], cells: Sequence[str]) -> dict[int, str]:
    """For each cell that does not fit its column, what is wrong."""
    import pyarrow as pa  # noqa: PLC0415 - few pages need it

    from uploads.tabular.chunks import TextChunk  # noqa: PLC0415
    from uploads.tabular.types.conversion import convert  # noqa: PLC0415

    null_words = load.dataset.null_words if load.dataset is not None else []
    faults: dict[int, str] = {}
    for position, (column, cell) in enumerate(zip(columns, cells, strict=False)):
        if "\x00" in cell or any("\ud800" <= character <= "\udfff" for character in cell):
            faults[position] = "it holds a character that cannot be stored"
            continue
        if len(cell) > RAW_KEPT:
            faults[position] = f"it is longer than {RAW_KEPT:,} characters"
            continue
        chunk = TextChunk(rows=pa.array([1], pa.int64()), cells=(pa.array([cell], pa.string()),))
        for reject in convert(chunk, [column], null_words=null_words).rejects:
            faults[position] = reason_in_words(reject.reason)
    return faults


def columns_of(load: Load) -> tuple[Column, ...]:
    """The load's columns in the file's order."""
    return tuple(map(column_from_json, load.columns))
