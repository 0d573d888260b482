"""What becomes of the others when a file joins: what it says itself goes before what its dataset says."""

from collections.abc import Collection, Sequence
from typing import Any

from uploads.models import Dataset, Load, UploadedFile
from uploads.services.admin_log import log_act
from uploads.services.choice import Choice
from uploads.services.errors import ForecastChanged, ModeDecided, ReachesFurther
from uploads.services.merging.asked import is_answered_otherwise, is_foreseen
from uploads.services.merging.choices import SaidChoices
from uploads.services.merging.modes import change_mode_in_transaction, mode_of
from uploads.services.merging.shown_rows import active_in_order
from uploads.states import FileState, Mode
from uploads.tabular.errors import BadOption


def files_to_replace(file: UploadedFile, *, datasets: Sequence[Dataset], together: Collection[int] = ()) -> list[int]:
    """The active files whose place a file takes that becomes active, where its ``datasets`` or itself say *replace*.

    In its transaction, with its datasets found and locked. What it says of a key becomes that of its datasets. Raises
    ``ReachesFurther`` where such a file has rows in other datasets too, ``KeyNotUnique``, and ``ModeDecided`` where
    somebody else answered first.
    """
    others: set[int] = set()
    for dataset in datasets:
        _set_mode(dataset, file)
        if (file.mode or dataset.mode) == Mode.REPLACE:
            others |= {other for other in active_in_order(dataset) if other not in (file.pk, *together)}
    if others:
        _check_reach(others, datasets)
    return sorted(others)


def _set_mode(dataset: Dataset, file: UploadedFile) -> None:
    """What is said with the file, where that is to hold for the dataset or its rows merge; noted as taught by it."""
    if is_answered_otherwise(dataset, file):
        raise ModeDecided(
            f"Somebody else has just said how files join “{dataset.name}”: {mode_of(dataset).words}.",
            hint="Nothing was changed. Look at the file again: what holds now is said there.",
        )
    if not is_foreseen(dataset, file):
        raise forecast_changed(file, dataset)
    before = stored_mode(dataset)
    choice = Choice.from_json(file.mode_choice)
    if choice is None or file.mode_choice is None or not file.mode:
        _begin_to_merge(dataset, file)
    else:
        mode = Mode(file.mode)
        key, said = ((file.key or dataset.key), _said(file)) if mode == Mode.MERGE else ((), None)
        change_mode_in_transaction(dataset, mode=mode, key=key, said=said, choice=choice, without=file.pk)
        log_act(user_id=file.mode_choice["user_id"], to=dataset, words=f"how files join: {mode_of(dataset).words}")
    after = stored_mode(dataset)
    if after != before:
        file.taught.setdefault(str(dataset.pk), {})["mode"] = {"before": before, "after": after}


def forecast_changed(file: UploadedFile, dataset: Dataset) -> ForecastChanged:
    """For whoever activates it."""
    return ForecastChanged(
        f"“{dataset.name}” has changed since you looked at “{file.name}”: activating it does something else by now.",
        hint="Nothing was changed. Look at the file again: what holds now is said there.",
    )


def stored_mode(dataset: Dataset) -> dict[str, Any]:
    """What is stored of how its files join."""
    return {
        "mode": str(dataset.mode),
        "key": list(dataset.key),
        "choices": dataset.merge_choices,
        "chosen": dataset.mode_chosen,
    }


def _begin_to_merge(dataset: Dataset, file: UploadedFile) -> None:
    if file.mode == Mode.APPEND and dataset.mode == Mode.MERGE and active_in_order(dataset) not in ([], [file.pk]):
        raise BadOption(
            f"The files of “{dataset.name}” update each other by key, so rows cannot only be added to it.",
            hint="Activate the file without that mode, or change the mode of the dataset first.",
        )
    said = _said(file)
    if file.mode == Mode.MERGE and (file.key or said.says_something or dataset.mode != Mode.MERGE):
        key = file.key or dataset.key
        change_mode_in_transaction(dataset, mode=Mode.MERGE, key=key, said=said, without=file.pk)


def _said(file: UploadedFile) -> SaidChoices:
    """Of rows with the same key; like the key it holds for the dataset, for its rows are folded in one way."""
    return SaidChoices.from_json(file.merge_said)


def _check_reach(file_ids: set[int], datasets: Sequence[Dataset]) -> None:
    """A workbook is one unit: with its sheet here those in other datasets would go, of which nobody spoke."""
    loads = Load.objects.filter(file__in=file_ids, file__state=FileState.ACTIVE, dataset__isnull=False)
    further = loads.exclude(part="").exclude(dataset__in=[dataset.pk for dataset in datasets])
    first = further.select_related("file", "dataset").order_by("file_id", "position").first()
    if first is not None and first.dataset is not None:
        raise ReachesFurther(
            f"“{first.file.name}” (file {first.file_id}) would be replaced, and it has rows in “{first.dataset.name}”"
            " too, which this file has none for.",
            hint="Deactivate that file yourself, or add this one's rows to the others.",
        )
