"""A worker makes the change of columns that a dataset remembers; what is in the way is remembered in its place.

What the change is stands in ``apply.py``; ``rebuild.py`` writes the rows anew.
"""

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.db import InterfaceError, OperationalError, connection, transaction

from uploads.database.rows import storable
from uploads.database.statements import TableBusy
from uploads.models import Dataset
from uploads.services.choice import Chooser
from uploads.services.columns.apply import change_columns, retry_rejects
from uploads.services.columns.change import Change, checked_change
from uploads.services.errors import DatasetBusy, DatasetChanged, NotAllowed
from uploads.services.files.permissions import rights_of
from uploads.tabular.errors import BadOption, UploaderError

logger = logging.getLogger(__name__)
MOST_TRIES = 10
"""Tries of one change that readers or a lost worker cut short; loads in progress are waited for without an end."""
AGAIN = (DatasetBusy, DatasetChanged, TableBusy, OperationalError, InterfaceError)
"""What may be otherwise in a moment."""


def make_change(*, dataset_id: int) -> None:
    """Make the change that the dataset remembers; why it cannot be made is remembered in its place.

    What the change is stands in ``apply.py``; ``rebuild.py`` writes the rows anew.
    """
    asked = _begin_try(dataset_id)
    if asked is None:
        return
    change, user_id = Change.from_json(asked["change"]), asked["user_id"]
    chooser = Chooser(asked.get("chooser", Chooser.STAFF))  # one that was asked for before this was noted
    try:
        if _is_made(dataset_id, change):
            retry_rejects(dataset_id=dataset_id, user_id=user_id)
        else:
            done = change_columns(
                dataset_id=dataset_id,
                change=change,
                user_id=user_id,
                chooser=chooser,
                check=partial(_check_asker, asked),
            )
            logger.info("%s: %s rows in %.1f s", done.slug, done.rows, done.seconds)
    except AGAIN as error:
        if connection.connection is not None and not connection.is_usable():
            connection.close()
        is_ours = isinstance(error, InterfaceError)
        logger.warning("dataset %s is changed later: %s", dataset_id, error, exc_info=is_ours)
        if isinstance(error, DatasetBusy):
            _uncount_try(dataset_id)
        elif asked["tries"] >= MOST_TRIES:
            _end(dataset_id, error)
    except NotAllowed as error:  # to be told on the page of the dataset, it would have to be everybody's to read
        logger.warning("dataset %s stays as it is: %s", dataset_id, error)
        _end(dataset_id, None)
    except UploaderError as error:
        _end(dataset_id, error)
    else:
        _end(dataset_id, None)


def _check_asker(asked: Mapping[str, Any], dataset: Dataset) -> None:
    """Raise ``NotAllowed`` where a sender's change of a draft comes to rows that have become the public's meanwhile."""
    if asked.get("of_draft") and not dataset.is_draft:
        user = get_user_model().objects.filter(pk=asked["user_id"]).first()
        if user is None or not rights_of(user).changes_datasets:
            raise NotAllowed("Its file became active before its sender's change was made.")


def _begin_try(dataset_id: int) -> dict[str, Any] | None:
    with transaction.atomic():
        dataset = Dataset.objects.select_for_update(no_key=True).filter(pk=dataset_id).first()
        if dataset is None or not dataset.change or dataset.change.get("error"):
            return None
        asked: dict[str, Any] = {**dataset.change, "tries": dataset.change["tries"] + 1}
        dataset.change = asked
        if asked["tries"] > MOST_TRIES:  # it takes its worker down each time
            dataset.change = {**asked, "error": {"message": "The worker was lost in the middle of it.", "hint": ""}}
        dataset.save(update_fields=["change"])
    return asked if asked["tries"] <= MOST_TRIES else None


def _uncount_try(dataset_id: int) -> None:
    """A load may take hours; the change waits for it however often it has to come back."""
    with transaction.atomic():
        dataset = Dataset.objects.select_for_update(no_key=True).filter(pk=dataset_id).first()
        if dataset is not None and dataset.change:
            dataset.change = {**dataset.change, "tries": dataset.change["tries"] - 1}
            dataset.save(update_fields=["change"])


def _is_made(dataset_id: int, change: Change) -> bool:
    """A worker that was killed may have got as far as that."""
    try:
        checked_change(dataset=Dataset.objects.get(pk=dataset_id), change=change)
    except BadOption:
        return True
    return False


def _end(dataset_id: int, error: Exception | None) -> None:
    with transaction.atomic():
        dataset = Dataset.objects.select_for_update(no_key=True).filter(pk=dataset_id).first()
        if dataset is None or not dataset.change:
            return
        message = getattr(error, "message", "") or "The database ended it."
        why = {"message": storable(message), "hint": getattr(error, "hint", "")}
        dataset.change = {} if error is None else {**dataset.change, "error": why}
        dataset.save(update_fields=["change"])
