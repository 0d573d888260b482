"""What the datasets of a file learned by its activation: noted with the file, and forgotten when that is undone.

Forgotten is what this activation taught and nothing else: what was otherwise before is so again, unless somebody said
something else since, or a later file has made use of it. A column that was added stays, with the values of the file:
``columns.left_behind`` says so where no other file has it.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q

from uploads.database.statements import TableBusy
from uploads.models import ColumnAlias, Dataset, DatasetColumn, Load, UploadedFile
from uploads.services.merging.choices import MergeChoices, SaidChoices
from uploads.services.merging.joining import stored_mode
from uploads.services.merging.modes import change_mode_in_transaction
from uploads.services.plans.application import KEPT, aliases_of
from uploads.states import Mode
from uploads.tabular.errors import UploaderError
from uploads.tabular.names import column_names, has_name, header_key

UNDONE = "undone"
"""Beside the numbers of datasets: what was noted is not taught any more."""


def teach_again(file: UploadedFile) -> None:
    """What was forgotten when the activation was undone holds again with the file, as far as nobody said otherwise."""
    if not file.taught.pop(UNDONE, False):
        return
    for number, taught in file.taught.items():
        dataset = Dataset.objects.select_for_update(no_key=True).filter(pk=number).first()
        if dataset is not None:
            for name, (before, after) in taught.get("aliases", {}).items():
                _move_alias(dataset, name, before, after)
            dataset.columns.filter(pk__in=taught.get("optional", [])).update(optional=True)


def keep_uses(*, file_id: int) -> None:
    """Before the tables of a file go, to be read again: what their columns are in its datasets, as if it were answered.

    So they are the same again, whatever the columns are called by then.
    """
    loads = Load.objects.filter(file_id=file_id, dataset__established_at__isnull=False).exclude(part="")
    answers: dict[str, Any] = {}
    for load in loads.select_related("dataset"):
        labels = [column["label"] for column in load.columns]
        key = header_key(labels)
        if load.dataset is None or load.dataset.header_key == key or not all(map(has_name, labels)):
            continue
        names = ["" if column.get("left_out") else column["name"] for column in load.columns]
        uses = dict(zip(column_names(labels), names, strict=True))
        answers[key] = {"dataset": load.dataset_id, "columns": uses, "missing": list(load.columns_missing), KEPT: True}
    if answers:
        before = UploadedFile.objects.values_list("column_answers", flat=True).get(pk=file_id)
        UploadedFile.objects.filter(pk=file_id).update(column_answers={**before, **answers})


def forget_lessons(*, file_id: int) -> None:
    """In the transaction that has switched the file off."""
    file = UploadedFile.objects.get(pk=file_id)
    if not file.taught or UNDONE in file.taught:
        return
    kept: dict[str, Any] = {UNDONE: True}
    for number, taught in sorted(file.taught.items()):
        dataset = Dataset.objects.select_for_update(no_key=True).filter(pk=number).first()
        if dataset is None:
            continue
        later = Load.objects.filter(_came_later(file), dataset=dataset).exclude(part="").exclude(file=file)
        used = list(later.only("columns", "columns_missing"))
        for name, (before, after) in taught.get("aliases", {}).items():
            if not any(_uses(load, name, after) for load in used):
                _move_alias(dataset, name, after, before)
        _need_again(dataset, taught.get("optional", []), used)
        if "mode" in taught and not used:
            _put_mode_back(dataset, taught["mode"])
        kept[number] = {what: each for what, each in taught.items() if what != "mode"}
    UploadedFile.objects.filter(pk=file_id).update(taught=kept)


def _came_later(file: UploadedFile) -> Q:
    return Q(file__activated_at__gt=file.activated_at) if file.activated_at is not None else Q(pk__in=[])


def _uses(load: Load, name: str, alias: Mapping[str, int | None] | None) -> bool:
    """Whether a table has a column of this name that became what was remembered."""
    if alias is None:
        return False
    number = alias["column"]
    target = "" if number is None else DatasetColumn.objects.filter(pk=number).values_list("name", flat=True).first()
    own = column_names([column["label"] for column in load.columns])
    return any(
        each == name and (bool(column.get("left_out")) if number is None else column["name"] == target)
        for each, column in zip(own, load.columns, strict=True)
    )


def _move_alias(
    dataset: Dataset, name: str, now: Mapping[str, int | None] | None, to: Mapping[str, int | None] | None
) -> None:
    """Only what is as it was left."""
    if aliases_of(dataset).get(name) != now:
        return
    if to is None:
        ColumnAlias.objects.filter(dataset=dataset, name=name).delete()
    elif to["column"] is None or dataset.columns.filter(pk=to["column"]).exists():
        ColumnAlias.objects.update_or_create(dataset=dataset, name=name, defaults={"column_id": to["column"]})


def _need_again(dataset: Dataset, optional: list[int], used: list[Load]) -> None:
    lacking = {name for load in used for name in load.columns_missing}
    dataset.columns.filter(pk__in=optional).exclude(name__in=lacking).update(optional=False)


def _put_mode_back(dataset: Dataset, taught: Mapping[str, Any]) -> None:
    """Where the rows that are seen now cannot be shown in the old way, they stay as they are."""
    if stored_mode(dataset) != taught["after"]:
        return
    before = taught["before"]
    mode, choices = Mode(before["mode"]), MergeChoices.from_json(before["choices"])
    said = SaidChoices(blanks=choices.blanks, missing=choices.missing, delete_when=(choices.mark, choices.mark_values))
    try:
        with transaction.atomic():
            change_mode_in_transaction(dataset, mode=mode, key=before["key"], said=said if mode is Mode.MERGE else None)
    except TableBusy:
        raise  # in a moment it goes: whoever undoes it tries again
    except UploaderError:
        return
    Dataset.objects.filter(pk=dataset.pk).update(mode_chosen=before["chosen"], merge_choices=before["choices"])
