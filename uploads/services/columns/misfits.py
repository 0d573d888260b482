"""How many values of a waiting file are not of the types that its dataset has, counted before anything is done."""

from dataclasses import dataclass, replace

from uploads.models import Dataset, Load
from uploads.services.columns.change import Change
from uploads.services.joining.columns import TablePlan
from uploads.tabular.errors import UploaderError
from uploads.tabular.table import ColumnType

COUNTED_ROWS = 200_000
"""Of a larger table the rows are counted when it is read again, before any is seen: nobody waits for a page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Misfits:
    """A column of the file whose values are of another type than the dataset's column."""

    column: str
    """Its name in the file."""
    type: str
    wanted: str
    rows: int | None
    """That would be rejected for it; ``None``: not counted."""
    obstacle: str = ""
    """Why no file with so many of them is loaded."""


def misfits_of(table: TablePlan) -> tuple[Misfits, ...]:
    """One for each column of another type, in the file's order."""
    load = Load.objects.select_related("dataset").get(pk=table.load_id)
    plan = table.plan
    found = [
        Misfits(column=column.name, type=column.type, wanted=plan.type_of(column.column), rows=None)
        for column in plan.retyped
    ]
    if load.dataset is None or load.rows_loaded > COUNTED_ROWS:
        return tuple(found)
    return tuple(_counted(load.dataset, each) for each in found)


def _counted(draft: Dataset, misfits: Misfits) -> Misfits:
    from uploads.services.columns.preview import preview_change  # noqa: PLC0415 - it loads Arrow

    wanted = ColumnType(misfits.wanted)
    change = Change(types={misfits.column: wanted}, reject_misfits=wanted is not ColumnType.TEXT)
    try:
        preview = preview_change(dataset=draft, change=change, check_all=True)
    except UploaderError as error:
        return replace(misfits, obstacle=error.message)
    return replace(misfits, rows=preview.rejected, obstacle=preview.obstacle)
