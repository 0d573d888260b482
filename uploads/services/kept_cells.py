"""Texts of cells that a load keeps beside what it stores: for rows that are printed as they stood in the file."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from uploads.models import KeptText
from uploads.tabular.kept_cells import KeptCells


def keep_cells(*, load_id: int, kept: KeptCells) -> None:
    """In the transaction that stores their rows."""
    if kept:
        first, last = kept.span
        KeptText.objects.create(load_id=load_id, first_row=first, last_row=last, cells=kept.to_bytes())


@dataclass(frozen=True, kw_only=True, slots=True)
class PackedCells:
    """All that a load keeps, unpacked where it is asked for: of a million words some hundred KB."""

    packed: tuple[tuple[int, int, bytes], ...]
    """With the least and the highest row number of each."""

    def between(self, first: int, last: int) -> KeptCells:
        """Those of rows with these numbers, the first and the last among them; and some of their neighbours."""
        near = (cells for least, most, cells in self.packed if least <= last and most >= first)
        return KeptCells(columns=tuple(column for cells in near for column in KeptCells.from_bytes(cells).columns))


def packed_cells(*, load_ids: Iterable[int]) -> dict[int, PackedCells]:
    """By load, of those that keep any."""
    found: dict[int, list[tuple[int, int, bytes]]] = {}
    texts = KeptText.objects.filter(load_id__in=set(load_ids)).order_by("pk")
    for load_id, first, last, cells in texts.values_list("load_id", "first_row", "last_row", "cells"):
        found.setdefault(load_id, []).append((first, last, bytes(cells)))
    return {load_id: PackedCells(packed=tuple(some)) for load_id, some in found.items()}


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
