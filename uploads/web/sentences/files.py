"""What is said of a file wherever it is shown: the word for its state, what it waits for, what may be done to it."""

from collections.abc import Iterable
from dataclasses import dataclass

from uploads.services.files.permissions import Abilities, FileAction
from uploads.services.files.receipts import FileReceipt
from uploads.states import FileState
from uploads.web.sentences.phrases import counted

STATE_WORDS: dict[FileState, str] = {
    FileState.RECEIVING: "Uploading",
    FileState.WAITING: "Waiting",
    FileState.LOADING: "Loading",
    FileState.LOADED: "Not active",
    FileState.ACTIVE: "Active",
    FileState.FAILED: "Failed",
    FileState.DELETED: "Deleted",
}
PHASE_WORDS: dict[str, str] = {
    "held": "Not sent yet",
    "queued": "Queued",
    "uploading": STATE_WORDS[FileState.RECEIVING],
    "stopped": "Stopped",
    "waiting": STATE_WORDS[FileState.WAITING],
    "checking": "Checking",
    "loading": STATE_WORDS[FileState.LOADING],
    "publishing": "Publishing",
    "published": STATE_WORDS[FileState.ACTIVE],
    "loaded": STATE_WORDS[FileState.LOADED],
    "failed": STATE_WORDS[FileState.FAILED],
    "deleted": STATE_WORDS[FileState.DELETED],
}
"""By the phase of ``Progress``; ``held``, ``queued`` and ``stopped`` are known only to the page that sends the file."""
STEPS: tuple[tuple[str, str], ...] = (
    *((phase, PHASE_WORDS[phase]) for phase in ("uploading", "waiting", "checking", "loading")),
    ("published", "Published"),
)
"""The steps of the bar, in order."""
WAITS_FOR_STAFF = "Loaded. It becomes visible when a member of staff activates it."
PROGRESS_WORDS = {"phases": PHASE_WORDS, "steps": STEPS}
"""What a page gives its script, so that these words stand here alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileButton:
    """Something that a person may do now, and what its button says."""

    act: FileAction
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RelatedFile:
    """Another file of the same content."""

    file_id: int
    words: str


def file_buttons(*, state: FileState, can: Abilities, rows: int) -> tuple[FileButton, ...]:
    """In the order in which they are shown. A loaded file can be loaded again too, but nobody needs a button for it."""
    named = counted(rows, "row")
    offered = (
        (can.activate, FileAction.ACTIVATE, f"Activate {named}"),
        (can.deactivate, FileAction.DEACTIVATE, f"Deactivate {named}"),
        (can.retry and state is FileState.FAILED, FileAction.RETRY, "Load again"),
        (can.delete, FileAction.DELETE, "Delete…"),
    )
    return tuple(FileButton(act=act, label=label) for is_open, act, label in offered if is_open)


def file_notice(*, state: FileState, can: Abilities) -> str:
    """What the person waits for; empty where nothing is to be said."""
    return WAITS_FOR_STAFF if state is FileState.LOADED and not can.activate else ""


def related_file(receipt: FileReceipt) -> RelatedFile | None:
    """The file that this one repeats."""
    if receipt.version_of:
        return RelatedFile(file_id=receipt.version_of, words=f"file {receipt.version_of} read again")
    if receipt.same_content_as:
        return RelatedFile(file_id=receipt.same_content_as, words=f"same content as file {receipt.same_content_as}")
    return None


def deletion_consequence(*, active: int) -> str:
    """What goes with files of which ``active`` are active."""
    loss = f"; {active:,} of them {'is' if active == 1 else 'are'} active, so readers lose these rows at once"
    return (
        f"Their rows, rejected rows and stored bytes go for good{loss if active else ''}. "
        "A record (name, size, hash, who, when) stays in the history."
    )


def retry_consequence(*, mended: int) -> str:
    """What becomes of ``mended`` rejected rows that were loaded after all when their files are loaded again."""
    one = mended == 1
    return (
        f"{counted(mended, 'rejected row')} {'was' if one else 'were'} loaded after all. Loading again reads the "
        f"stored bytes anew: {'this row is' if one else 'these rows are'} rejected again unless "
        f"{'it fits' if one else 'they fit'} then, and what was edited by hand is lost."
    )


def datasets_deletion_question(*, names: Iterable[str], files: int, rows: int) -> str:
    listed = ", ".join(f"“{name}”" for name in names)
    return f"Delete {listed} with {counted(files, 'file')} and {counted(rows, 'row')}?"


def datasets_deletion_consequence(*, datasets: int) -> str:
    return (
        f"The table{'s' * (datasets != 1)} and these files go for good, with their rows, rejected rows and stored "
        "bytes. A workbook goes with all its sheets, also those in other datasets. A record of each file stays in the "
        "history."
    )
