"""The key by which the rows of a file's tables are told apart, where it merges into its dataset."""

from collections.abc import Sequence

from uploads.models import Dataset, UploadedFile
from uploads.services.datasets.matching import Match, plan_by_names
from uploads.services.merging.keys import key_columns
from uploads.services.plans.plan import ColumnPlan
from uploads.states import Mode
from uploads.tabular.errors import BadOption


def key_to_hold(*, file: UploadedFile, draft: Dataset, match: Match | None) -> list[str]:
    """What the file says, else what its dataset has; empty where its rows need not be told apart, or not yet: where
    it has to be said first which of its columns the key is.

    Raises ``BadOption`` where a column of the key is missing.
    """
    home = match.dataset if match is not None and match.dataset.mode == Mode.MERGE else None
    plan = None if match is None else match.plan
    if file.mode == Mode.MERGE and (file.key or home is None):
        labels = dict(draft.columns.values_list("name", "label"))
        if plan is not None:
            return key_columns(own_names(file.key, plan), labels=labels)
        try:
            return key_columns(file.key, labels=labels)
        except BadOption:
            if match is None and _is_in_question(file, list(labels.values())):
                return []
            raise
    if home is None or match is None or file.mode not in ("", Mode.MERGE):
        return []
    if plan is None:
        return list(home.key)
    return [plan.matched[name].name for name in home.key]  # as the file calls them; none is missing


def own_names(said: Sequence[str], plan: ColumnPlan) -> list[str]:
    """A key that is said by the names of the dataset, as the file calls its columns; other names stay."""
    own = {name for column in plan.columns for name in (column.name, column.label)}
    theirs = {
        called: plan.matched[column.name].name
        for column in plan.theirs
        if column.name in plan.matched
        for called in (column.name, column.label)
    }
    return [name if name in own else theirs.get(name, name) for name in said]


def _is_in_question(file: UploadedFile, labels: Sequence[str]) -> bool:
    """Whether a plan waits for an answer in which the dataset has the columns that are said to be the key."""
    plan = plan_by_names(file=file, labels=labels)
    if plan is None or plan.is_settled:
        return False
    theirs = {column.name: column.label for column in plan.theirs}
    own = {column.name: column.label for column in plan.columns}
    try:
        key_columns(file.key, labels={**own, **theirs})
    except BadOption:
        return False
    return True
