"""Questions about how a table was read, closed by whoever keeps it as it is; reading the file again asks anew."""

from collections.abc import Iterator

from django.db import transaction

from uploads.models import Load, UploadedFile
from uploads.services.errors import FileNotFound
from uploads.services.files.history import note_event
from uploads.states import FileState
from uploads.tabular.notes import KEPT, Note


def keep_reading(
    *, file_id: int, load_id: int | None = None, position: int | None = None, user_id: int | None = None
) -> int:
    """Close what is asked about a file, or about one of its tables, or the question at ``position`` of its notes.

    Returns how many were open; to close them twice is no error. Raises ``FileNotFound``.
    """
    with transaction.atomic():
        file = UploadedFile.objects.select_for_update(no_key=True).filter(pk=file_id).first()
        loads = Load.objects.select_for_update().filter(file_id=file_id).order_by("pk")
        meant = list(loads if load_id is None else loads.filter(pk=load_id))
        if file is None or (load_id is not None and not meant):
            raise FileNotFound("This table was read again, or is gone.", hint="Look at the file's receipt again.")
        closed = 0
        for load in meant:
            places = [place for place in _open_questions(load) if position in (None, place)]
            for place in places:
                load.notes[place]["figures"][KEPT] = True
            if places:
                load.save(update_fields=["notes"])
                closed += len(places)
        if closed:
            text = "kept as it was read" if load_id is None or len(meant) == 1 else "kept as they were read"
            note_event(file_id=file_id, state=FileState(file.state), user_id=user_id, text=text)
    return closed


def _open_questions(load: Load) -> Iterator[int]:
    return (place for place, note in enumerate(load.notes) if Note.from_json(note).is_open_question)
