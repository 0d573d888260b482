"""What happened to a dataset, in a sentence; what, when and who did it comes from ``services/datasets/history.py``."""

from uploads.services.datasets.history import Happened, PastEvent

_OF_FILES = {
    Happened.ACTIVATED: "was activated: its rows are seen",
    Happened.SWITCHED_OFF: "was switched off: its rows are not seen",
    Happened.DELETED: "was deleted",
}


def event_sentence(event: PastEvent) -> str:
    """``“sales.csv” was activated: its rows are seen.``; with what was noted, where that may be told."""
    if event.happened is Happened.DATASET:
        return event.words or "The dataset was changed."
    file = f"“{event.file_name}”" if event.file_name else "A file"
    state = "" if event.state is None else event.state.label
    sentence = f"{file} {_OF_FILES.get(event.happened) or f'is {state}'}."
    words = event.words.strip()
    ended = words if words.endswith((".", "!", "?")) or not words else f"{words}."
    return f"{sentence} {ended[:1].upper()}{ended[1:]}".strip()
