"""Texts of cells that a load keeps beside what it stores: for rows that are printed as they stood in the file."""

from collections.abc import Collection

from django.db.models import Q

from uploads.models import KeptText
from uploads.tabular.kept_cells import KeptCells


def keep_cells(*, load_id: int, kept: KeptCells) -> None:
    """In the transaction that stores their rows."""
    if kept:
        first, last = kept.span
        KeptText.objects.create(load_id=load_id, first_row=first, last_row=last, cells=kept.to_bytes())


def kept_cells(*, load_id: int, first: int, last: int) -> KeptCells:
    """Those of rows with these numbers, the first and the last among them; and some of their neighbours."""
    near = KeptText.objects.filter(load_id=load_id, first_row__lte=last, last_row__gte=first).order_by("pk")
    columns = (
        column
        for cells in near.values_list("cells", flat=True)
        for column in KeptCells.from_bytes(bytes(cells)).columns
    )
    return KeptCells(columns=tuple(columns))


def has_kept_cells(*, load_id: int) -> bool:
    """Whether there are any."""
    return KeptText.objects.filter(load_id=load_id).exists()


def forget_cells(*, load_id: int, rows: Collection[int]) -> None:
    """Of rows that a person changes: what stands there from now on is told by what is stored."""
    if not rows:
        return
    near = Q(first_row__lte=max(rows), last_row__gte=min(rows))
    for text in KeptText.objects.filter(near, load_id=load_id):
        before = KeptCells.from_bytes(bytes(text.cells))
        left = before.without(rows)
        if left != before:
            text.delete()
            keep_cells(load_id=load_id, kept=left)
