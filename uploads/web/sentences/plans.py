"""What is said and asked about a file whose columns are not quite those of a dataset."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from uploads.services.columns.misfits import Misfits
from uploads.services.joining.columns import TablePlan
from uploads.services.plans.plan import Because, ColumnPlan, OpenColumns, PlannedColumn, Use
from uploads.services.plans.proposal import ADD
from uploads.states import Mode
from uploads.web.sentences.phrases import counted, listed

NAMED = 3
"""Columns that a sentence names."""

_JOIN = {Mode.APPEND: "Add to “{}”", Mode.REPLACE: "Replace all of “{}”", Mode.MERGE: "Update “{}”"}
"""What the button does: it says so where rows go out of sight."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnChoice:
    """One thing that may become of a column."""

    value: str
    """As it is sent: the name of the file's column, ``=``, and what it becomes."""
    words: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnQuestion:
    """A column of the file, why it is asked about, and what may become of it."""

    label: str
    words: str
    choices: tuple[ColumnChoice, ...]
    misfits: str = ""
    """How many of its values are not of the dataset's type; empty where all are."""
    change: str = ""
    """The column of the dataset whose type may be changed instead, by name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanQuestion:
    """What is asked about one table of a file."""

    position: int
    source: str
    slug: str
    dataset: str
    lead: str
    questions: tuple[ColumnQuestion, ...]
    agreed: tuple[ColumnQuestion, ...]
    """Columns that match; they may be something else too."""
    missing: tuple[str, ...]
    refusal: str
    """Why it cannot join; empty where it can."""
    join: str
    """The words of the button."""
    is_open: bool
    """Somebody has to answer before its rows are seen."""


def plan_question(table: TablePlan, *, misfits: Collection[Misfits] = (), may_add: bool = True) -> PlanQuestion:
    """For whoever may answer; ``may_add``: whether a column may be added by them."""
    plan = table.plan
    wrong = {each.column: each for each in misfits}
    columns = [(column, _column_question(plan, column, wrong.get(column.name), may_add)) for column in plan.columns]
    return PlanQuestion(
        position=table.position,
        source=table.source,
        slug=plan.slug,
        dataset=plan.dataset,
        lead=_lead(plan),
        questions=tuple(words for column, words in columns if not column.is_decided or words.misfits),
        agreed=tuple(words for column, words in columns if column.is_decided and not words.misfits),
        missing=_missing(plan),
        refusal=_refusal(plan),
        join=_JOIN[plan.mode].format(plan.dataset),
        is_open=not plan.is_settled,
    )


def _lead(plan: ColumnPlan) -> str:
    if plan.is_settled:
        return f"Its columns join “{plan.dataset}” as answered. Activate it, or answer anew:"
    agreed, all_ = len(plan.agreed), len(plan.columns)
    if agreed == all_:
        return f"All {counted(all_, 'column')} are those of “{plan.dataset}”."
    verb = "is one" if agreed == 1 else "are those"
    return f"{agreed:,} of {counted(all_, 'column')} {verb} of “{plan.dataset}”. What about the rest?"


def _column_question(plan: ColumnPlan, column: PlannedColumn, misfits: Misfits | None, may_add: bool) -> ColumnQuestion:
    labels = {each.name: each.label for each in plan.theirs}
    theirs = labels.get(column.column, column.column)
    match column.because:
        case Because.LETTERS:
            words = f"has the letters of “{theirs}”"
        case Because.ALIKE:
            words = f"looks like “{theirs}” ({column.likeness} % alike)"
        case Because.VALUES:
            words = f"has the values of “{theirs}”"
        case Because.NEW:
            words = "is new"
        case Because.REMEMBERED:
            words = "is as decided before"
        case Because.SAID:
            words = "is as somebody said"
        case _:
            words = "matches"
    return ColumnQuestion(
        label=column.label,
        words=words,
        choices=_choices(plan, column, may_add=may_add),
        misfits="" if misfits is None else misfits_words(misfits, theirs),
        change=column.column if misfits is not None else "",
    )


def _choices(plan: ColumnPlan, column: PlannedColumn, *, may_add: bool) -> tuple[ColumnChoice, ...]:
    """The proposed one first among the dataset's columns, then those that no other column of the file is for sure."""
    sure = {name for name, own in plan.matched.items() if own.is_decided}
    free = [each for each in plan.theirs if each.name not in sure or each.name == column.column]
    free.sort(key=lambda each: each.name != column.column)
    choices = [
        ColumnChoice(
            value=f"{column.name}={each.name}",
            words=f"Use as “{each.label}”",
            is_chosen=column.use is Use.COLUMN and each.name == column.column,
        )
        for each in free
    ]
    if may_add or column.use is Use.ADD:
        added = ColumnChoice(value=f"{column.name}={ADD}", words="Add as a new column", is_chosen=column.use is Use.ADD)
        choices.append(added)
    out = ColumnChoice(value=f"{column.name}=", words="Leave it out", is_chosen=column.use is Use.LEAVE_OUT)
    return (*choices, out)


def _missing(plan: ColumnPlan) -> tuple[str, ...]:
    names = [f"“{column.label}”" for column in plan.missing if column.name not in plan.missing_key]
    if not names:
        return ()
    verb, stay = ("is", "It stays") if len(names) == 1 else ("are", "They stay")
    if plan.lack_keeps:
        return (f"{listed(names, most=NAMED)} {verb} not in the file. The rows that it updates keep theirs.",)
    if plan.lack_asks:
        return (f"{listed(names, most=NAMED)} {verb} not in the file. Whether old values stay is asked next.",)
    return (f"{listed(names, most=NAMED)} {verb} not in the file. {stay} empty in its rows.",)


def lacking_sentences(names: Sequence[str]) -> tuple[str, ...]:
    """On the receipt of a file that joined a dataset without some of its columns."""
    if not names:
        return ()
    verb, are = ("is", "It is") if len(names) == 1 else ("are", "They are")
    return (f"{listed([f'“{name}”' for name in names], most=NAMED)} {verb} not in the file. {are} empty in its rows.",)


def _refusal(plan: ColumnPlan) -> str:
    if plan.missing_key:
        names = listed([f"“{name}”" for name in plan.missing_key], most=NAMED)
        return f"“{plan.dataset}” tells its rows apart by {names}. Say which column of the file that is."
    if plan.is_refused:
        return f"“{plan.dataset}” takes only files with exactly its columns."
    return ""


def misfits_words(misfits: Misfits, theirs: str) -> str:
    """``holds text; “price” is bigint: 12 rows don't fit and are rejected``."""
    what = f"holds {misfits.type}, and “{theirs}” is {misfits.wanted}"
    if misfits.obstacle:
        return f"{what}: {misfits.obstacle}"
    if misfits.rows is None:
        return f"{what}: rows that don't fit are rejected, and counted before any is seen"
    if not misfits.rows:
        return f"{what}: all its values fit"
    fit = "row doesn't fit and is" if misfits.rows == 1 else "rows don't fit and are"
    return f"{what}: {misfits.rows:,} {fit} rejected"


def open_words(open_: OpenColumns, *, where: str = " on its receipt") -> str:
    """For lists: ``2 of 3 columns are those of “prices”. Say on its receipt what becomes of “prise”.``"""
    if open_.open and open_.matched == open_.columns:  # what is open are columns that it lacks
        lacks = listed([f"“{label}”" for label in open_.open], most=NAMED)
        return f"It does not have {lacks}, which “{open_.name}” has. Say{where} whether it may."
    named = listed([f"“{label}”" for label in open_.open], most=NAMED) if open_.open else "its columns"
    verb = "is one" if open_.matched == 1 else "are those"
    matched = f"{open_.matched:,} of {counted(open_.columns, 'column')} {verb} of “{open_.name}”"
    return f"{matched}. Say{where} what becomes of {named}."
