"""Columns that no header names: ``column_1`` in one file says nothing of ``column_1`` in another.

A table without a header therefore joins no dataset by itself. Where a person named the dataset, its columns are matched
by their place, if each type fits. Where a header leaves out a few names, those that are there decide, and the types of
the others must fit.
"""

from collections.abc import Callable, Sequence

from uploads.models import Dataset
from uploads.tabular.evidence import EvidenceKind
from uploads.tabular.names import column_names, has_name
from uploads.tabular.table import Column, ColumnType

type OwnColumns = Callable[[], Sequence[Column]]
"""The columns of a table as its own values show them; asked for only where they decide, as its beginning is read."""

_FAMILIES = (
    frozenset({ColumnType.BIGINT, ColumnType.NUMERIC, ColumnType.DOUBLE}),
    frozenset({ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ}),
)
"""Types whose values are of one kind: of a column of one of them another may be had with a few rows rejected."""
_INVENTED = "column_"


def is_headerless(labels: Sequence[str]) -> bool:
    """Whether no column of the table has a name of its own."""
    return not any(map(str.strip, labels))


def word_for_blank(labels: Sequence[str]) -> str:
    """What stands where a column has no name in the file, beside columns of these labels."""
    return "(no header)" if is_headerless(labels) else "(blank)"


def agrees(dataset: Dataset, labels: Sequence[str], own: OwnColumns) -> bool:
    """Whether a table belongs to a dataset of the same names, as far as these were invented for either.

    More than half of the columns must have a name in the file, the same ones as in the dataset.
    """
    names = column_names(labels)
    if not any(name.startswith(_INVENTED) for name in names):
        return True
    theirs = {column.name: column for column in dataset.columns.all()}
    named = [has_name(label) for label in labels]
    if any(name not in theirs or has_name(theirs[name].label) != is_ for name, is_ in zip(names, named, strict=True)):
        return False
    if all(named):
        return True
    return 2 * sum(named) > len(named) and all(
        _is_of_type(column, ColumnType(theirs[name].type))
        for name, is_, column in zip(names, named, own(), strict=True)
        if not is_
    )


def misfit_by_place(dataset: Dataset, labels: Sequence[str], own: OwnColumns) -> str | None:
    """What keeps a table's nameless columns from being those in the same place of the dataset that a person named.

    ``None``: nothing. The table has as many columns as the dataset, or the same names.
    """
    theirs = list(dataset.columns.all())
    if not is_headerless(labels):
        by_name = {column.name: column for column in theirs}
        theirs = [by_name[name] for name in column_names(labels)]
    pairs = zip(labels, theirs, own(), strict=True)
    for place, (label, their, column) in enumerate(pairs, start=1):
        if not has_name(label) and not _may_be_of_type(column, ColumnType(their.type)):
            return f"column {place} holds {column.type}, and “{their.label or their.name}” is {their.type}"
    return None


def is_of_same_types(dataset: Dataset, own: OwnColumns) -> bool:
    """Whether the columns of a table are of the kinds that those in the same places of the dataset have."""
    pairs = zip(own(), dataset.columns.all(), strict=True)
    return all(_is_of_type(column, ColumnType(their.type)) for column, their in pairs)


def has_nameless(labels: Sequence[str]) -> bool:
    """Whether the name of some column is invented."""
    return not all(map(has_name, labels))


def _is_of_type(column: Column, wanted: ColumnType) -> bool:
    """Whether nothing in the values speaks against the type of a dataset that the file only seems to belong to."""
    if column.type is wanted or _is_empty(column) or _are_kin(column.type, wanted):
        return True
    return any(each.type is wanted for each in column.alternatives)


def _may_be_of_type(column: Column, wanted: ColumnType) -> bool:
    """The same for a dataset that a person named: text takes everything, and a value out of place is a rejected row."""
    if wanted is ColumnType.TEXT or _is_of_type(column, wanted):
        return True
    suggested = column.suggestion
    if suggested is not None and (suggested.type is wanted or _are_kin(suggested.type, wanted)):
        return True
    return wanted in _all_but_one(column)


def _all_but_one(column: Column) -> frozenset[ColumnType]:
    """What a column of text was until a value came that is none of them."""
    evidence = column.evidence
    unlike = evidence.figures.get("unlike") if evidence is not None and evidence.kind is EvidenceKind.STRANGER else None
    kind = (unlike or {}).get("type")
    if kind is None:
        return frozenset()
    if kind == "number":
        return _FAMILIES[0]
    return next((family for family in _FAMILIES if kind in family), frozenset({ColumnType(kind)}))


def _is_empty(column: Column) -> bool:
    return column.evidence is not None and column.evidence.kind is EvidenceKind.EMPTY


def _are_kin(one: ColumnType, other: ColumnType) -> bool:
    return any(one in family and other in family for family in _FAMILIES)
