"""What the button of a suggestion asks for."""

from uploads.models import Dataset
from uploads.services.columns.change import Change
from uploads.services.columns.suggested import SuggestedChange


def change_of(suggested: SuggestedChange, *, dataset: Dataset) -> Change:
    """As the page posts it."""
    words = (*dataset.null_words, *(word for word in suggested.null_words if word not in dataset.null_words))
    return Change(
        types={suggested.column: suggested.type},
        null_words=words,
        hints=suggested.hints,
        reject_misfits=suggested.rejects,
        truth=suggested.truth,
    )
