"""The key by which the rows of a file's tables are told apart, where it merges into its dataset."""

from uploads.models import Dataset, UploadedFile
from uploads.services.datasets.matching import Match
from uploads.services.merging.keys import key_columns
from uploads.states import Mode


def key_to_hold(*, file: UploadedFile, draft: Dataset, match: Match | None) -> list[str]:
    """What the file says, else what its dataset has; empty where its rows need not be told apart.

    Raises ``BadOption`` where a column of the key is missing.
    """
    home = match.dataset if match is not None and match.dataset.mode == Mode.MERGE else None
    if file.mode == Mode.MERGE and (file.key or home is None):
        return key_columns(file.key, labels=dict(draft.columns.values_list("name", "label")))
    if home is None or match is None or file.mode not in ("", Mode.MERGE):
        return []
    if match.plan is None:
        return list(home.key)
    return [match.plan.matched[name].name for name in home.key]  # as the file calls them; none is missing
