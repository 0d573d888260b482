"""What somebody says about the columns of a loaded file that its dataset does not have under these names.

An answer is kept with the file; it is carried out when the file is activated, and then the dataset remembers it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects

from uploads.database.rows import storable
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.datasets.drafts import drafts_of
from uploads.services.datasets.establishment import find_home, plan_of
from uploads.services.datasets.joinable import homes_for, is_among
from uploads.services.errors import DatasetNotFound, FileNotFound, StateConflict
from uploads.services.files.activation import ActionResult, activate_file
from uploads.services.files.history import note_event
from uploads.services.files.permissions import FileAction, Rights
from uploads.services.merging.keys import key_words
from uploads.services.merging.overlap import Overlap, asked_of_values, overlaps_of, questions_of
from uploads.services.plans.plan import ColumnPlan, Use, open_columns
from uploads.services.plans.proposal import ADD, propose
from uploads.services.read_only import check_takes_files
from uploads.services.visibility import OPERATOR, Viewer
from uploads.states import FileState, Strictness
from uploads.tabular.column_json import column_from_json
from uploads.tabular.errors import BadOption
from uploads.tabular.names import column_names

ASK_HOW = "ask_how"
"""With an answer: who gave it did so where the next question can be asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TablePlan:
    """A table of a loaded file that almost belongs to a dataset."""

    load_id: int
    position: int
    source: str
    key: str
    """Its ``header_key``, by which an answer is kept."""
    plan: ColumnPlan
    is_answered: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnAnswer:
    """What becomes of a table: of which dataset it is, and what each of its columns is there."""

    dataset: str | None
    """The slug; ``None``: it is a dataset of its own. Empty: the one that is proposed."""
    columns: Mapping[str, str]
    """By the names or header cells of the file: a column of the dataset, ``+`` to add it, or empty to leave it out.
    What is not said is as proposed."""
    position: int | None = None
    """Of the table in the file; ``None``: the only one of which something has to be said."""
    viewer: Viewer = OPERATOR
    """Who says it: of datasets that this person does not read there are none."""


def plans_of(*, file_id: int, viewer: Viewer = OPERATOR) -> tuple[TablePlan, ...]:
    """The tables of a loaded file that was never active and of whose columns something has to be said, or was; of
    datasets that the viewer reads."""
    file = UploadedFile.objects.filter(pk=file_id).first()
    if file is None:
        raise FileNotFound(f"There is no file {file_id}.", hint="List the files to see which there are.")
    if file.state != FileState.LOADED:
        return ()
    found, homes = [], homes_for(viewer)
    for draft in drafts_of(file_id=file.pk):
        prefetch_related_objects([draft], "columns")
        plan = plan_of(draft, file, homes)
        load = Load.objects.filter(file=file, dataset=draft).exclude(part="").order_by("position").first()
        if plan is not None and load is not None:
            found.append(
                TablePlan(
                    load_id=load.pk,
                    position=load.position,
                    source=load.source,
                    key=draft.header_key,
                    plan=plan,
                    is_answered=draft.header_key in file.column_answers,
                )
            )
    return tuple(sorted(found, key=lambda each: each.position))


def note_open_columns(*, file_id: int) -> None:
    """Keep with a loaded file what is to be said of its columns, for lists that look up nothing."""
    open_ = [open_columns(table.plan).as_json() for table in plans_of(file_id=file_id) if not table.plan.is_settled]
    UploadedFile.objects.filter(pk=file_id, state=FileState.LOADED).update(columns_open=open_)


def keep_answer(
    *, file_id: int, answer: ColumnAnswer, user_id: int | None = None, ask_how: bool = False
) -> ColumnPlan | None:
    """Keep what somebody says about a table's columns until the file is activated; returns the plan as it is then.

    ``ask_how``: where the file has to be read again first, somebody is asked then how it joins, if rows of it are there
    already. A later answer takes the place of an earlier one. Raises ``FileNotFound``, ``StateConflict`` where the file
    is not loaded or was active before, ``DatasetNotFound``, and ``BadOption`` for what cannot be.
    """
    return _keep(file_id, answer, user_id, ask_how=ask_how).plan


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kept:
    plan: ColumnPlan | None
    answers: Mapping[str, Any]
    """All that is said of the file's columns."""


def _keep(file_id: int, answer: ColumnAnswer, user_id: int | None, *, ask_how: bool) -> _Kept:
    with transaction.atomic():
        file = UploadedFile.objects.select_for_update(no_key=True).filter(pk=file_id).first()
        if file is None:
            raise FileNotFound(f"There is no file {file_id}.", hint="List the files to see which there are.")
        has_joined = file.activated_at is not None and not drafts_of(file_id=file.pk)  # else it was read again
        if file.state != FileState.LOADED or has_joined:
            raise StateConflict(
                f"“{file.name}” is {file.get_state_display()}, or was active before: its columns are what they are.",
                hint="Look at its state again: somebody else may have answered.",
            )
        draft = _draft(file, answer.position)
        if answer.dataset is None:
            kept: dict[str, Any] = {"dataset": None, "columns": {}, "missing": []}
            wanted = Dataset.objects.filter(slug=file.dataset_wanted, established_at__isnull=False)
            if file.dataset_wanted and wanted.exists():
                file.dataset_wanted = ""  # that one has other columns
            _check_is_alone(draft, file, homes_for(answer.viewer))
            home, words = None, "its columns: it is a dataset of its own"
        else:
            home = _home(draft, file, answer.dataset, homes_for(answer.viewer))
            kept = _kept(file, draft, home, answer) | ({ASK_HOW: True} if ask_how else {})
            words = f"its columns: it joins “{home.name}”"
        file.column_answers = {**file.column_answers, draft.header_key: kept}
        file.save(update_fields=["column_answers", "dataset_wanted"])
        draft.typed_by = home
        draft.save(update_fields=["typed_by"])
        note_event(file_id=file.pk, user_id=user_id, state=FileState.LOADED, text=storable(f"said of {words}"))
        plan = None if home is None else plan_of(draft, file)
    note_open_columns(file_id=file_id)
    return _Kept(plan=plan, answers=file.column_answers)


def _check_is_alone(draft: Dataset, file: UploadedFile, homes: QuerySet[Dataset] | None) -> None:
    """It would join a dataset of the very same columns, whatever was said: one that came to be after it was asked."""
    found = find_home(draft, file, homes)
    if found is not None and found.plan is None and found.dataset.header_key == draft.header_key:
        raise StateConflict(
            f"“{found.dataset.name}” has the same columns by now, and “{file.name}” would join it.",
            hint="Activate the file to have it join. To keep it apart, read it again with another dataset name.",
        )


def answer_columns(
    *, file_id: int, answer: ColumnAnswer, user_id: int | None = None, ask_how: bool = False
) -> ActionResult | None:
    """Keep an answer and activate the file; ``None`` where something is to be said yet.

    That is of another table of it, of values that it would empty where it updates by key, or, with ``ask_how``, of rows
    that are there already and of which nobody has said how they join. Raises what ``keep_answer`` and ``activate_file``
    raise, and ``StateConflict`` where somebody else gave another answer in between.
    """
    kept = _keep(file_id, answer, user_id, ask_how=ask_how)
    if not all(table.plan.is_settled for table in plans_of(file_id=file_id)):
        return None
    if overlaps := _how_to_join(file_id, ask_how=ask_how):
        UploadedFile.objects.filter(pk=file_id).update(overlaps=[overlap.as_json() for overlap in overlaps])
        return None
    return activate_file(file_id=file_id, user_id=user_id, check=lambda: _check_still_said(file_id, kept.answers))


def _check_still_said(file_id: int, answers: Mapping[str, Any]) -> None:
    """In the transaction in which it becomes active: nobody is to see it joined otherwise than as he said."""
    file = UploadedFile.objects.select_for_update(no_key=True).get(pk=file_id)
    if file.state == FileState.LOADED and file.column_answers != answers:
        raise StateConflict(
            f"Somebody else has just said what becomes of the columns of “{file.name}”, and said something else.",
            hint="Look at the file again.",
        )


def overlaps_after_fitting(file: UploadedFile) -> tuple[Overlap, ...]:
    """What somebody who answered on a page is asked once the file was read again with the types of its dataset: before
    that nobody could tell which rows are there already."""
    if file.activated_at is not None or file.mode or file.replaces:
        return ()
    if not any(said.get(ASK_HOW) for said in file.column_answers.values()):
        return ()
    return questions_of(overlaps_of(file_id=file.pk, state=FileState.LOADING))


def require_to_answer(rights: Rights, *, own: bool) -> None:
    """Raise ``NotSignedIn`` or ``NotAllowed`` unless a person may say what becomes of a file's columns: whoever sent
    it, and staff who may activate files."""
    if not own:
        rights.require(FileAction.ACTIVATE)


def may_carry_out(rights: Rights, *, file_id: int, answer: ColumnAnswer) -> bool:
    """Whether a person may activate a file with this answer, rather than only give it: a column that is added becomes
    the dataset's."""
    if FileAction.ACTIVATE not in rights.acts:
        return False
    if answer.dataset is None or rights.changes_datasets:
        return True
    proposed = {
        column.name
        for table in plans_of(file_id=file_id)
        for column in table.plan.added
        if answer.position in (None, table.position) and table.plan.strictness is not Strictness.GROW
    }
    return not (proposed - answer.columns.keys() or ADD in answer.columns.values())


def _how_to_join(file_id: int, *, ask_how: bool) -> tuple[Overlap, ...]:
    found = overlaps_of(file_id=file_id)
    return questions_of(found) if ask_how else asked_of_values(found)


def _draft(file: UploadedFile, position: int | None) -> Dataset:
    """The table that an answer is about."""
    drafts = drafts_of(file_id=file.pk)
    if position is not None:
        held = Load.objects.filter(file=file, position=position).values_list("dataset", flat=True).first()
        drafts = [draft for draft in drafts if draft.pk == held]
    elif len(drafts) > 1:
        found = plans_of(file_id=file.pk)
        asked = {table.key for table in found if table.is_answered or not table.plan.is_settled}
        drafts = [draft for draft in drafts if draft.header_key in asked]
    if len(drafts) != 1:
        raise BadOption(
            "The file has several tables, and it is not said which one is meant."
            if drafts
            else "The file has no table of which that is to be said.",
            hint="Say its number on the receipt: 1 is the first table.",
        )
    return drafts[0]


def _home(draft: Dataset, file: UploadedFile, slug: str, homes: QuerySet[Dataset] | None) -> Dataset:
    if not slug:
        plan = plan_of(draft, file, homes)
        if plan is None:
            raise BadOption("The file's columns are not those of any dataset.", hint="Name one that it is to join.")
        slug = plan.slug
    home = Dataset.objects.filter(slug=slug, established_at__isnull=False).first()
    if home is None or not is_among(home, homes):
        raise DatasetNotFound(f"There is no dataset “{storable(slug)}”.", hint="Look at the list of datasets.")
    check_takes_files(home)
    return home


def _kept(file: UploadedFile, draft: Dataset, home: Dataset, answer: ColumnAnswer) -> dict[str, Any]:
    """An answer in full: what was not said is as proposed. Raises ``BadOption``."""
    load = Load.objects.filter(file=file, dataset=draft).exclude(part="").first()
    columns = tuple(map(column_from_json, load.columns)) if load is not None else ()
    labels = {column.name: column.label for column in columns}
    said = {_named(own, labels, "The file"): target for own, target in answer.columns.items()}
    theirs = dict(home.columns.values_list("name", "label"))
    said = {
        own: target if target in ("", ADD) else _named(target, theirs, f"“{home.name}”") for own, target in said.items()
    }
    targets = [target for target in said.values() if target not in ("", ADD)]
    twice = next((target for target in targets if targets.count(target) > 1), None)
    if twice is not None:
        raise BadOption(f"“{twice}” of “{home.name}” is named twice.", hint="Name each column once.")
    plan = propose(home=home, columns=columns, part=load.part if load else "", answer={"columns": said, "missing": []})
    if plan.missing_key:
        raise BadOption(
            f"“{home.name}” tells rows apart by {key_words(plan.missing_key)}, and nothing in the file is that.",
            hint="Say which column of the file it is.",
        )
    unasked = propose(home=home, columns=columns, part=load.part if load else "")
    if plan.strictness is Strictness.EXACT and not unasked.is_settled:
        raise BadOption(
            f"“{home.name}” takes only files with exactly its columns.",
            hint="Make the file a dataset of its own, or let that dataset ask or grow.",
        )
    uses = {
        column.name: column.column if column.use is Use.COLUMN else ADD if column.use is Use.ADD else ""
        for column in plan.columns
    }
    return {"dataset": home.pk, "columns": uses, "missing": [column.name for column in plan.missing]}


def _named(said: str, labels: Mapping[str, str], whose: str) -> str:
    """The column that a person meant, by its name or as it stands in the header. Raises ``BadOption``."""
    simple = column_names([said])[0]
    found = next((name for name, label in labels.items() if said in (name, label)), None)
    found = found or next((name for name in labels if name == simple), None)
    if found is None:
        raise BadOption(f"{whose} has no column “{storable(said)}”.", hint=f"The columns are {', '.join(labels)}.")
    return found
