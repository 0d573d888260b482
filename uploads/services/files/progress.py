"""How far a file is."""

from dataclasses import dataclass

from uploads.models import UploadedFile
from uploads.states import FileState, Phase


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """A phase with figures of the server's own; ``total`` bytes belong to ``done``."""

    phase: str
    """uploading, duplicate, waiting, checking, loading, publishing, published, loaded, failed or deleted"""
    done: int
    total: int
    rows: int


def progress_of(file: UploadedFile, state: FileState) -> Progress:
    """The figures of a file in this state."""
    match state:
        case FileState.RECEIVING:
            return Progress(phase="uploading", done=file.received, total=file.size, rows=0)
        case FileState.LOADING:
            phase = file.phase or Phase.CHECKING
            return Progress(phase=str(phase), done=file.bytes_done, total=file.size, rows=file.rows_done)
        case FileState.ACTIVE:
            phase = "published"
        case _:
            phase = state.value
    done = 0 if state is FileState.WAITING else file.size
    return Progress(phase=str(phase), done=done, total=file.size, rows=file.rows_loaded)


def awaits_review(file: UploadedFile) -> bool:
    """Whether no staff have had a say in it yet: nobody of them sent it, and it has never been active."""
    if file.activated_at is not None or file.via == UploadedFile.Via.COMMAND:
        return False
    return file.uploaded_by is None or not file.uploaded_by.is_staff
