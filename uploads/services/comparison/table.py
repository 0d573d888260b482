"""One table against its counterpart: which rows, which columns, which values."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from uploads.database.comparison.by_key import Kind, Pair, compare_by_key, first_pairs
from uploads.database.comparison.by_row import compare_by_row
from uploads.database.comparison.column_figures import Figures, figures_of
from uploads.database.comparison.differences import Values, read_alone, read_changed
from uploads.database.comparison.key_faults import KeyFaults, key_faults
from uploads.database.comparison.session import Comparing
from uploads.database.comparison.sides import SharedColumn, Side, columns_of, shared_columns
from uploads.models import Dataset, Load
from uploads.services.comparison.effects import as_effect, effect_of
from uploads.services.comparison.forecast import Forecast, as_they_merge
from uploads.services.comparison.result import (
    SHOWN,
    Change,
    ColumnChanges,
    ColumnFigures,
    Example,
    Examples,
    Place,
    Retyped,
    TableChanges,
)
from uploads.services.comparison.tables import FileTable
from uploads.services.errors import KeyNotUnique
from uploads.services.merging.shown_rows import bases_aside
from uploads.states import Mode
from uploads.tabular.errors import BadOption

_ROW_CHARACTERS = 20_000
_CELL_CHARACTERS = (20, 200)
"""Of one value at least and at most: a hundred rows of a thousand columns are no more than two megabytes a side."""

_ASKED_OF_LOADS = ("file_id", "rows_loaded", "key", "dataset__mode", "dataset__slug", "dataset__key")


def compare_tables(
    session: Comparing,
    pairs: Sequence[tuple[FileTable, FileTable]],
    *,
    key: Sequence[str] | None,
    figures: bool,
    forecasts: Mapping[str, Forecast] | None = None,
) -> tuple[TableChanges, ...]:
    """Each pair; those that lack a column of the ``key`` as whole rows, as long as one has them all.

    ``forecasts``: by tables of the new side, what activating them changes, or has changed.
    """
    merged = [as_they_merge(old, new) if old.without_file is None else None for old, new in pairs]
    merged = [each if each is None or key is None or tuple(key) == each.key else None for each in merged]
    sides = [
        (_side(old), _side(new)) if each is None else each.sides for (old, new), each in zip(pairs, merged, strict=True)
    ]
    wanted = [_key_of(key, new) for _, new in pairs]
    if key is not None and not any(_has(pair, key) for pair in sides):
        raise _no_such_key(key, sides[0])
    found = []
    for pair, side, chosen, folded in zip(pairs, sides, wanted, merged, strict=True):
        forecast = (forecasts or {}).get(pair[1].table)
        if forecast is not None and forecast.answers(key):
            found.append(_foretell_table(session, pair, forecast, key=chosen, figures=figures))
            continue
        own = chosen if chosen and _has(side, chosen) else None
        changes = _compare_table(session, pair, side, key=own, figures=figures)
        effect = None if forecast is None or forecast.is_active else effect_of(session, forecast)
        columns = changes.columns if folded is None else folded.columns
        found.append(replace(changes, columns=columns, on_activation=effect))
    return tuple(found)


def _foretell_table(
    session: Comparing,
    pair: tuple[FileTable, FileTable],
    forecast: Forecast,
    *,
    key: Sequence[str] | None,
    figures: bool,
) -> TableChanges:
    """What is seen now beside what will be: the counts are those of all rows that are seen."""
    sides = (forecast.old, forecast.new)
    own = forecast.key or (key if key and _has(sides, key) else None)
    changes = _compare_table(session, pair, sides, key=own, figures=False)
    old, new = forecast.whole or sides
    effect = as_effect(session, forecast, changes)
    return replace(
        changes,
        equal=effect.equal,
        old_rows=effect.equal + effect.changed + effect.gone,
        new_rows=effect.equal + effect.changed + effect.new,
        columns=forecast.columns,
        figures=_figures(session, old, new, shared_columns(old, new), own or ()) if figures else None,
        on_activation=None if forecast.is_active else effect,
    )


def have_shared_columns(old: FileTable, new: FileTable) -> bool:
    """Whether there is anything to compare."""
    return bool(_columns(old).keys() & _columns(new).keys())


def _key_of(given: Sequence[str] | None, table: FileTable) -> Sequence[str] | None:
    """By which columns the rows of a table are told apart: what is given, else what its dataset has."""
    if given is not None or table.home is None:
        return given
    return Dataset.objects.values_list("key", flat=True).get(pk=table.home) or None


def _compare_table(
    session: Comparing,
    tables: tuple[FileTable, FileTable],
    sides: tuple[Side, Side],
    *,
    key: Sequence[str] | None,
    figures: bool,
) -> TableChanges:
    old, new = sides
    shared = shared_columns(old, new)
    by_name = {column.name: column for column in shared}
    if key is None:
        counts, examples = _by_row(session, old, new, shared)
    else:
        keys = [by_name[name] for name in dict.fromkeys(key)]
        counts, examples = _by_key(session, tables, sides, keys=keys, shared=shared)
    return TableChanges(
        old_table=tables[0].name,
        new_table=tables[1].name,
        key=None if key is None else tuple(dict.fromkeys(key)),
        new=counts[Kind.NEW],
        changed=counts[Kind.CHANGED],
        gone=counts[Kind.GONE],
        equal=counts[Kind.EQUAL],
        old_rows=counts[Kind.EQUAL] + counts[Kind.CHANGED] + counts[Kind.GONE],
        new_rows=counts[Kind.EQUAL] + counts[Kind.CHANGED] + counts[Kind.NEW],
        columns=ColumnChanges(
            added=tuple(name for name in new.columns if name not in old.columns),
            missing=tuple(name for name in old.columns if name not in new.columns),
            retyped=tuple(column.name for column in shared if column.is_retyped),
            renamed=tables[1].names,
        ),
        rejected=tables[1].rejected,
        types=tuple(
            Retyped(
                name=column.name,
                old_type=column.old_type,
                new_type=column.new_type,
                compared_as=column.compared_as,
            )
            for column in shared
            if column.is_retyped
        ),
        examples=examples,
        figures=_figures(session, old, new, shared, key or ()) if figures else None,
    )


def _by_row(
    session: Comparing, old: Side, new: Side, shared: Sequence[SharedColumn]
) -> tuple[Mapping[Kind, int], Examples]:
    found = compare_by_row(session, old=old, new=new, columns=shared, most=SHOWN, characters=_characters(len(shared)))
    names = [column.name for column in shared]
    examples: dict[Kind, list[Example]] = {Kind.NEW: [], Kind.GONE: []}
    for each in found.differences:
        values = dict(zip(names, each.values, strict=True))
        examples[each.kind].append(Example(old=None, new=None, times=each.times, values=values, changes={}))
    return found.counts, Examples(new=tuple(examples[Kind.NEW]), gone=tuple(examples[Kind.GONE]))


def _by_key(
    session: Comparing,
    tables: tuple[FileTable, FileTable],
    sides: tuple[Side, Side],
    *,
    keys: Sequence[SharedColumn],
    shared: Sequence[SharedColumn],
) -> tuple[Mapping[Kind, int], Examples]:
    old, new = sides
    names = [column.name for column in keys]
    others = [column for column in shared if column.name not in names]
    found = compare_by_key(session, old=old, new=new, key=keys, others=others, most=SHOWN)
    if not found.is_proven:
        _check_key(session, tables, sides, keys)
    if not found.is_proven and (old.is_told_apart_by(names) or new.is_told_apart_by(names)):  # then all is counted
        found = compare_by_key(session, old=old, new=new, key=keys, others=others, most=SHOWN, trusts=False)
    first = first_pairs(session, found.groups, old=old, new=new, key=keys, others=others, most=SHOWN)
    pairs = {kind: [pair for pair in first if pair.kind is kind] for kind in Kind}
    ordered = [*keys, *others]
    changed = read_changed(
        session, pairs=pairs[Kind.CHANGED], old=old, new=new, columns=ordered, characters=_characters(len(ordered))
    )
    places = _places(first)
    alone: dict[Kind, tuple[Example, ...]] = {}
    for kind, side in ((Kind.NEW, new), (Kind.GONE, old)):
        columns = [*names, *(name for name in side.columns if name not in names)]
        read = read_alone(session, pairs=pairs[kind], side=side, names=columns, characters=_characters(len(columns)))
        alone[kind] = tuple(_example(each, columns, places) for each in read)
    columns = [column.name for column in ordered]
    examples = Examples(
        new=alone[Kind.NEW],
        changed=tuple(_example(each, columns, places) for each in changed),
        gone=alone[Kind.GONE],
    )
    return found.counts, examples


def _example(each: Values, names: Sequence[str], places: Mapping[int, tuple[int, str | None]]) -> Example:
    old, new = each.pair.old, each.pair.new
    return Example(
        old=None if old is None else _place(old.load, old.row, places),
        new=None if new is None else _place(new.load, new.row, places),
        times=1,
        values=dict(zip(names, each.new or each.old, strict=True)),
        changes={
            name: Change(old=before, new=now)
            for name, before, now, is_changed in zip(names, each.old, each.new, each.changed, strict=False)
            if is_changed
        },
    )


def _place(load: int, row: int, places: Mapping[int, tuple[int, str | None]]) -> Place | None:
    if load not in places:
        return None
    file, source = places[load]
    return Place(file=file, source=source, row=row)


def _places(pairs: Sequence[Pair]) -> dict[int, tuple[int, str | None]]:
    """Of each load its file and its source."""
    loads = {place.load for pair in pairs for place in (pair.old, pair.new) if place is not None}
    found = Load.objects.filter(pk__in=loads).values_list("pk", "file_id", "source")
    return {load: (file, source or None) for load, file, source in found}


def _figures(
    session: Comparing, old: Side, new: Side, shared: Sequence[SharedColumn], key: Sequence[str]
) -> tuple[ColumnFigures, ...]:
    """``key``: one by which the rows were compared; a single column has each value once."""

    def of(side: Side, name: str) -> Figures:
        return figures_of(session, side=side, column=name, is_unique=[*key] == [name])

    return tuple(
        ColumnFigures(name=column.name, old=of(old, column.name), new=of(new, column.name)) for column in shared
    )


def _columns(table: FileTable) -> dict[str, str]:
    return {table.names.get(name, name): type_ for name, type_ in columns_of(table=table.table).items()}


def _side(table: FileTable) -> Side:
    columns = columns_of(table=table.table)
    if table.without_file is not None:
        merging = Dataset.objects.filter(slug=table.table, mode=Mode.MERGE)
        key = merging.values_list("key", flat=True).first()
        return Side(table=table.table, columns=columns, without_file=table.without_file, key=key or ())
    loads = list(Load.objects.filter(part=table.table).select_related("dataset").only(*_ASKED_OF_LOADS))
    dataset = loads[0].dataset if loads else None
    side = Side(
        table=table.table,
        columns=columns,
        rows=sum(load.rows_loaded for load in loads) if loads else None,
        load=loads[0].pk if len(loads) == 1 else None,
        key=loads[0].key if loads and all(load.key == loads[0].key for load in loads) else (),
        aside="" if dataset is None else bases_aside(dataset).get(table.table, ""),
        hidden_of=loads[0].file_id if loads else 0,
    )
    return side.renamed(table.names) if table.names else side


def _has(sides: tuple[Side, Side], key: Sequence[str]) -> bool:
    return all(name in side.columns for side in sides for name in key)


def _no_such_key(key: Sequence[str], sides: tuple[Side, Side]) -> BadOption:
    old, new = sides
    shared = [name for name in new.columns if name in old.columns]
    lacking = [name for name in key if name not in shared]
    names = " and ".join(f"“{name}”" for name in lacking) or "nothing"
    known = ", ".join(shared[:20]) + (f" and {len(shared) - 20:,} more" if len(shared) > 20 else "")
    return BadOption(
        f"The key names {names}, which is not a column of both.",
        hint=f"Both have: {known}." if shared else "They have no column of the same name.",
    )


def _check_key(
    session: Comparing, tables: tuple[FileTable, FileTable], sides: tuple[Side, Side], keys: Sequence[SharedColumn]
) -> None:
    """Raise ``KeyNotUnique`` with figures, if it is not."""
    found = [
        key_faults(session, side=side, key=keys, is_new=is_new)
        for side, is_new in zip(sides, (False, True), strict=True)
    ]
    words = ("In the old rows,", "In the new rows,")
    told = [
        f"{where} {_fault(faults)}."
        for where, faults in zip(words, found, strict=True)
        if faults.repeated or faults.blank
    ]
    if not told:
        return
    names = " and ".join(f"“{column.name}”" for column in keys)
    raise KeyNotUnique(
        f"{names} {'does' if len(keys) == 1 else 'do'} not tell the rows of “{tables[1].name}” apart. {' '.join(told)}",
        hint="Take another column, or more of them, as the key; or none: then whole rows are compared.",
    )


def _fault(faults: KeyFaults) -> str:
    told = []
    if faults.repeated:
        several = f"{faults.repeated:,} value{'s' * (faults.repeated != 1)} stand{'s' * (faults.repeated == 1)}"
        example = ", ".join(value or "" for value in faults.example)
        rows = "" if faults.example_rows is None else f" (“{example}” in rows {faults.example_rows[0]:,} and"
        rows += "" if faults.example_rows is None else f" {faults.example_rows[1]:,})"
        told.append(f"{several} in {faults.rows:,} rows{rows}")
    if faults.blank:
        told.append(f"{faults.blank:,} row{'s have' if faults.blank != 1 else ' has'} a blank there")
    return " and ".join(told)


def _characters(columns: int) -> int:
    least, most = _CELL_CHARACTERS
    return max(least, min(most, _ROW_CHARACTERS // max(columns, 1)))
