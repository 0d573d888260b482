"""The question how a file joins: an answer that comes after another one was given is noticed, and nobody asks twice."""

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from uploads.models import Dataset, UploadedFile
from uploads.services.merging.choices import MergeChoices, SaidChoices, choose
from uploads.services.merging.keys import key_columns
from uploads.services.merging.shown_rows import active_in_order
from uploads.states import FileState, Mode
from uploads.tabular.errors import BadOption

DIGITS = 12
"""Of a fingerprint: two ways to join are told apart, and nobody has to read it."""
_SEEN = re.compile(rf"[0-9a-f]{{{DIGITS}}}(-[0-9a-f]{{{DIGITS}}})?")


def is_decided(dataset: Dataset) -> bool:
    """Whether somebody said how files join it."""
    return dataset.mode_chosen is not None or dataset.mode != Mode.APPEND


def fingerprint(*, mode: str, key: Sequence[str], choices: MergeChoices, is_decided: bool) -> str:
    """Of how files join a dataset."""
    return _digest([str(mode), list(key), choices.as_json(), is_decided])


def fingerprint_of_files(dataset: Dataset, *, but: Collection[int]) -> str:
    """Of the active files that a file meets, in their order; ``but`` it and its other readings, which make way."""
    met = [other for other in active_in_order(dataset) if other not in but]
    full = set(UploadedFile.objects.filter(pk__in=met, full=True).values_list("pk", flat=True))
    return _digest([[other, other in full] for other in met])


def _digest(facts: object) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:DIGITS]


def fingerprint_of(dataset: Dataset) -> str:
    return fingerprint(
        mode=dataset.mode, key=dataset.key, choices=MergeChoices.of(dataset), is_decided=is_decided(dataset)
    )


def parse_seen(text: str) -> dict[str, str]:
    """``prices:0a1b2c3d4e5f``, with blanks between several, as the question gives it; where the files that are met
    count too, their fingerprint follows: ``prices:0a1b2c3d4e5f-1b2c3d4e5f0a``. Raises ``BadOption``."""
    found = dict(each.partition(":")[::2] for each in text.split())
    if not all(name and _SEEN.fullmatch(seen) for name, seen in found.items()):
        raise BadOption("It cannot be told which question is answered.", hint="Open the receipt again.")
    return found


def is_answered_otherwise(dataset: Dataset, file: UploadedFile) -> bool:
    """Whether files join a dataset in another way than when somebody was asked, and than this answer says.

    Within the transaction that activates the file, which has locked the dataset.
    """
    seen = file.mode_seen.get(dataset.slug, "").partition("-")[0]
    if not file.mode or seen in ("", fingerprint_of(dataset)):
        return False
    if file.mode != dataset.mode:
        return True
    if file.mode != Mode.MERGE:
        return False
    labels, now = dict(dataset.columns.values_list("name", "label")), MergeChoices.of(dataset)
    key = key_columns(file.key, labels=labels) if file.key else list(dataset.key)
    said = choose(now, SaidChoices.from_json(file.merge_said), labels=labels, key=key)
    return (key, said) != (list(dataset.key), now)


def is_foreseen(dataset: Dataset, file: UploadedFile) -> bool:
    """Whether a file does what it would have done when whoever activates it looked; also where nobody looked.

    As ``is_answered_otherwise``; an answer is another matter than the files that are met.
    """
    seen, _, met = file.mode_seen.get(dataset.slug, "").partition("-")
    if seen and not file.mode and seen != fingerprint_of(dataset):
        return False
    return not met or dataset.mode == Mode.APPEND or met == fingerprint_of_files(dataset, but=[file.pk])


def is_answered(dataset: Dataset, overlap: Mapping[str, Any]) -> bool:
    """Whether nothing is left to be said of how a file joins, whose ``overlap`` was kept when it was asked.

    That it updates by key leaves open what becomes of the values that it has no values for.
    """
    if not is_decided(dataset):
        return False
    return dataset.mode != Mode.MERGE or not MergeChoices.of(dataset).asks(
        emptied_rows=overlap.get("emptied_rows"), lacking_rows=overlap.get("lacking_rows")
    )


def ask_no_longer(dataset: Dataset) -> None:
    """Of files that wait for somebody to say how they join this dataset, if that is said now.

    One that is being answered this very moment is left to whoever answers, and to ``forget_answered``.
    """
    if not is_decided(dataset):
        return
    _forget([dataset], UploadedFile.objects.filter(overlaps__contains=[{"dataset": dataset.slug}]))


def forget_answered(*, file_id: int | None = None) -> int:
    """The questions of a file, or of all, that were answered while it was held; returns of how many files."""
    asked = UploadedFile.objects.filter(state=FileState.LOADED).exclude(overlaps=[])
    if file_id is not None:
        asked = asked.filter(pk=file_id)
    named = {overlap["dataset"] for overlaps in asked.values_list("overlaps", flat=True) for overlap in overlaps}
    if not named:
        return 0
    found = Dataset.objects.filter(slug__in=named).only("slug", "mode", "mode_chosen", "merge_choices")
    decided = [dataset for dataset in found if is_decided(dataset)]
    if not decided:
        return 0
    with transaction.atomic():
        return _forget(decided, asked)


def _forget(decided: Sequence[Dataset], asked: QuerySet[UploadedFile]) -> int:
    by_slug = {dataset.slug: dataset for dataset in decided}
    held = asked.filter(state=FileState.LOADED).select_for_update(no_key=True, skip_locked=True).order_by("pk")
    done = 0
    for file in held:
        left = [
            overlap
            for overlap in file.overlaps
            if overlap["dataset"] not in by_slug or not is_answered(by_slug[overlap["dataset"]], overlap)
        ]
        if left != file.overlaps:
            file.overlaps = left
            file.save(update_fields=["overlaps"])
            done += 1
    return done
