"""Find the dataset that a table almost belongs to, and propose what becomes of each of its columns there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Count, QuerySet, Value
from django.db.models.functions import Replace

from uploads.database.lookups.samples import sample_values
from uploads.models import ColumnAlias, Dataset, DatasetColumn, Load, UploadedFile
from uploads.services.merging.choices import MergeChoices
from uploads.services.plans.evidence import SAMPLED_ROWS, supported
from uploads.services.plans.likeness import Pair, Values, pairs
from uploads.services.plans.plan import Because, ColumnPlan, DatasetColumnFact, PlannedColumn, Use
from uploads.states import Mode, Strictness
from uploads.tabular.names import has_name, unused_name
from uploads.tabular.table import Column, ColumnType

MOST_LOOKED_AT = 5
"""Datasets that share the most columns with a table."""
ADD = "+"
"""In an answer: the column is added."""


def find_plan(
    *,
    file: UploadedFile,
    key: str,
    columns: Sequence[Column],
    part: str = "",
    homes: QuerySet[Dataset] | None = None,
) -> ColumnPlan | None:
    """The plan for a table of a file whose columns are no dataset's; ``None``: it is of no dataset, and founds one.

    ``key``: its ``header_key``; ``part``: where its rows lie, if they are loaded: their values support what names say;
    ``homes``: the datasets that are there; ``None``: all that take files.
    What somebody answered goes before a name that is the same, that before what the dataset remembers, and that before
    what names seem to say.
    """
    if not all(has_name(column.label) for column in columns):
        return None
    answer = file.column_answers.get(key)
    if answer is not None and answer["dataset"] is None:
        return None
    if homes is None:
        homes = Dataset.objects.filter(established_at__isnull=False, relation="")
    homes = homes.exclude(pk__in=_its_own(file))
    if answer is not None:
        home = homes.filter(pk=answer["dataset"]).first()
        if home is not None:
            return propose(home=home, columns=columns, answer=answer, file_id=file.pk)
    if file.dataset_wanted:
        near = list(homes.filter(slug=file.dataset_wanted))
    else:
        near = _near(homes, [column.name for column in columns])
    named = [home for home in near if all(has_name(column.label) for column in home.columns.all())]
    plans = [propose(home=home, columns=columns, part=part) for home in named]
    if file.dataset_wanted:
        return next((plan for plan in plans if plan.is_near_by_names), None)
    return max((plan for plan in plans if plan.is_near), key=_rank, default=None)


def _rank(plan: ColumnPlan) -> tuple[bool, int, int, int]:
    return plan.is_settled, len(plan.matched), -len(plan.missing), plan.dataset_id


def _its_own(file: UploadedFile) -> list[int]:
    """The datasets that the file alone has rows in, which another table of it has just founded: sheets of a workbook
    that differ by a column are as they were made, and nobody is asked."""
    lies = Load.objects.filter(file=file, dataset__established_at__isnull=False).exclude(part="")
    own = set(lies.values_list("dataset", flat=True))
    if not own:
        return []
    others = Load.objects.filter(dataset__in=own).exclude(file=file).exclude(part="")
    return list(own - set(others.values_list("dataset", flat=True)))


def _near(homes: QuerySet[Dataset], names: Sequence[str]) -> list[Dataset]:
    """Those that have the most of these columns, by letters and digits, or were told of them before."""
    compact = [name.replace("_", "") for name in names]
    letters = DatasetColumn.objects.alias(compact=Replace("name", Value("_"), Value("")))
    shared = letters.filter(compact__in=compact, dataset__in=homes).order_by()
    known = ColumnAlias.objects.filter(name__in=names, dataset__in=homes).order_by()
    counts: dict[int, int] = {}
    for each in (shared, known):
        for dataset, count in each.values_list("dataset").annotate(n=Count("pk")).order_by("-n")[: 4 * MOST_LOOKED_AT]:
            counts[dataset] = counts.get(dataset, 0) + count
    most = sorted(counts, key=lambda pk: (-counts[pk], -pk))[:MOST_LOOKED_AT]
    return sorted(homes.filter(pk__in=most), key=lambda home: most.index(home.pk))


def propose(
    *,
    home: Dataset,
    columns: Sequence[Column],
    part: str = "",
    answer: Mapping[str, Any] | None = None,
    file_id: int | None = None,
) -> ColumnPlan:
    """What becomes of each column of a table in this dataset, however little they match.

    ``file_id``: of its file; what another table of it has added is there by now.
    """
    stored = list(home.columns.all())
    theirs = tuple(
        DatasetColumnFact(name=row.name, label=row.label or row.name, type=row.type, is_optional=row.optional)
        for row in stored
    )
    names = {row.pk: row.name for row in stored}
    aliases = {alias.name: None if alias.column_id is None else names[alias.column_id] for alias in home.aliases.all()}
    said = _said(answer, _added_by(file_id, stored))
    same = {column.name: column.name for column in columns if column.name in names.values()}
    known = ((said, Because.SAID), (same, Because.SAME), (aliases, Because.REMEMBERED))
    planned, taken = _known(columns, known, names=set(names.values()))
    open_ = {column.name: column for column in columns if column.name not in planned}
    free = [column for column in theirs if column.name not in taken]
    for pair in _pairs([*open_.values()], free, part=part, table=home.slug):
        planned[pair.own] = PlannedColumn(
            name=pair.own,
            label=open_[pair.own].label,
            type=open_[pair.own].type.value,
            use=Use.COLUMN,
            column=pair.theirs,
            because=pair.because,
            likeness=pair.likeness,
            is_supported=pair.is_supported,
        )
    return ColumnPlan(
        dataset_id=home.pk,
        slug=home.slug,
        dataset=home.name,
        strictness=Strictness(home.strictness),
        key=tuple(home.key) if home.mode == Mode.MERGE else (),
        columns=_named(columns, planned, {column.name for column in theirs}),
        theirs=theirs,
        accepted=frozenset(() if answer is None else answer["missing"]),
        mode=Mode(home.mode),
        lack_keeps=home.mode == Mode.MERGE and MergeChoices.of(home).keeps,
        lack_asks=home.mode == Mode.MERGE and MergeChoices.of(home).asks_of_lack,
    )


def _added_by(file_id: int | None, stored: Iterable[DatasetColumn]) -> set[str]:
    return {row.name for row in stored if file_id is not None and row.optional and row.evidence_file_id == file_id}


def _said(answer: Mapping[str, Any] | None, added: set[str]) -> dict[str, str | None]:
    """What was answered of each column; one that was to be added, and is by now, is that column."""
    said = {} if answer is None else dict(answer["columns"])
    return said | {name: name for name, target in said.items() if target == ADD and name in added}


def _known(
    columns: Sequence[Column], known: Iterable[tuple[Mapping[str, str | None], Because]], *, names: set[str]
) -> tuple[dict[str, PlannedColumn], set[str]]:
    """What need not be guessed, the first that is known of each column; and the dataset's ``names`` that this takes."""
    planned: dict[str, PlannedColumn] = {}
    taken: set[str] = set()
    for uses, because in known:
        for column in columns:
            if column.name in uses and column.name not in planned:
                entry = _as_said(column, uses[column.name], because, names - taken)
                if entry is not None:
                    planned[column.name] = entry
                    taken |= {entry.column} if entry.use is Use.COLUMN else set()
    return planned, taken


def _as_said(column: Column, target: str | None, because: Because, free: set[str]) -> PlannedColumn | None:
    """``None`` where what was said cannot be any more: the column is gone from the dataset, or another one's."""
    entry = PlannedColumn(
        name=column.name, label=column.label, type=column.type.value, use=Use.LEAVE_OUT, because=because
    )
    if not target:
        return entry
    if target == ADD:
        return replace(entry, use=Use.ADD)
    return replace(entry, use=Use.COLUMN, column=target) if target in free else None


def _pairs(columns: Sequence[Column], free: Sequence[DatasetColumnFact], *, part: str, table: str) -> list[Pair]:
    found = _likely_pairs(columns, free, part=part, table=table)
    alike = [pair for pair in found if pair.because is Because.ALIKE]
    if not (part and alike):
        return found
    types = {column.name: column.type.value for column in columns}
    by_values = {
        pair.own
        for pair in supported(
            [(pair, types[pair.own], next(each.type for each in free if each.name == pair.theirs)) for pair in alike],
            part=part,
            table=table,
        )
    }
    return [replace(pair, is_supported=pair.own in by_values) for pair in found]


def _likely_pairs(columns: Sequence[Column], free: Sequence[DatasetColumnFact], *, part: str, table: str) -> list[Pair]:
    own = [(column.name, column.type.value) for column in columns]
    found = pairs(own, free)
    left = {column.name for column in columns if column.type is ColumnType.TEXT} - {pair.own for pair in found}
    open_ = {column.name for column in free if column.type == "text"} - {pair.theirs for pair in found}
    if not (part and left and open_):
        return found
    mine: Values = sample_values(table=part, names=sorted(left), rows=SAMPLED_ROWS)
    there: Values = sample_values(table=table, names=sorted(open_), rows=5 * SAMPLED_ROWS)
    return pairs(own, free, own_values=mine, their_values=there)


def _named(
    columns: Sequence[Column], planned: Mapping[str, PlannedColumn], theirs: set[str]
) -> tuple[PlannedColumn, ...]:
    """All of them, in the file's order; those that are added have a name that the dataset has not."""
    taken = set(theirs)
    entries = []
    for column in columns:
        entry = planned.get(column.name) or PlannedColumn(
            name=column.name, label=column.label, type=column.type.value, use=Use.ADD, because=Because.NEW
        )
        if entry.use is Use.ADD:
            entry = replace(entry, column=unused_name(column.name, taken))
            taken.add(entry.column)
        entries.append(entry)
    return tuple(entries)
