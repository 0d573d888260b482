"""A worker makes the change of columns that a dataset remembers; what is in the way is remembered in its place."""

import logging
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction

from uploads.database.rows import storable
from uploads.database.statements import TableBusy
from uploads.models import Dataset
from uploads.services.choice import Chooser
from uploads.services.columns.apply import change_columns, retry_rejects
from uploads.services.columns.change import Change, checked_change
from uploads.services.errors import DatasetBusy, DatasetChanged
from uploads.tabular.errors import BadOption, UploaderError

logger = logging.getLogger(__name__)
MOST_TRIES = 10
"""Tries of one change that readers or a lost worker cut short; loads in progress are waited for without an end."""
AGAIN = (DatasetBusy, DatasetChanged, TableBusy, OperationalError, InterfaceError)
"""What may be otherwise in a moment."""


def make_change(*, dataset_id: int) -> None:
    """Make the change that the dataset remembers; why it cannot be made is remembered in its place."""
    asked = _begin_try(dataset_id)
    if asked is None:
        return
    change, user_id = Change.from_json(asked["change"]), asked["user_id"]
    chooser = Chooser(asked.get("chooser", Chooser.STAFF))  # one that was asked for before this was noted
    try:
        if _is_made(dataset_id, change):
            retry_rejects(dataset_id=dataset_id, user_id=user_id)
        else:
            done = change_columns(dataset_id=dataset_id, change=change, user_id=user_id, chooser=chooser)
            logger.info("%s: %s rows in %.1f s", done.slug, done.rows, done.seconds)
    except AGAIN as error:
        if connection.connection is not None and not connection.is_usable():
            connection.close()
        logger.warning("dataset %s is changed later: %s", dataset_id, error)
        if isinstance(error, DatasetBusy):
            _uncount_try(dataset_id)
        elif asked["tries"] >= MOST_TRIES:
            _end(dataset_id, error)
    except UploaderError as error:
        _end(dataset_id, error)
    else:
        _end(dataset_id, None)


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
