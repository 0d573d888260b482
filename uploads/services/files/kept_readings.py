"""Questions about how a table was read, closed by whoever keeps it as it is.

They stay closed when the file is read again, with the types of its dataset or as somebody says, as long as the table is
laid out as it was; where it is not, all is asked anew.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence

from django.db import transaction

from uploads.models import Load, UploadedFile
from uploads.services.errors import FileNotFound
from uploads.services.files.history import note_event
from uploads.services.options.ways import with_doubts_asked
from uploads.states import FileState
from uploads.tabular.notes import KEPT, ON_HEADER, Note


def keep_reading(
    *, file_id: int, load_id: int | None = None, position: int | None = None, user_id: int | None = None
) -> int:
    """Close what is asked about a file, or about one of its tables, or the question at ``position`` of its notes.

    Returns how many were open; to close them twice is no error. Raises ``FileNotFound``.
    """
    with transaction.atomic():
        file = UploadedFile.objects.select_for_update(no_key=True).filter(pk=file_id).first()
        loads = Load.objects.select_for_update().filter(file_id=file_id).order_by("pk")
        tables = list(loads)
        meant = [load for load in tables if load_id in (None, load.pk)]
        if file is None or (load_id is not None and not meant):
            raise FileNotFound("This table was read again, or is gone.", hint="Look at the file's receipt again.")
        asked = _asked_of(tables)
        closed = 0
        for load in meant:
            places = [place for place in asked[load.pk] if position in (None, place)]
            digests = [_digest(load, place) for place in places]
            for place in places:
                load.notes[place]["figures"][KEPT] = True
            if places:
                load.save(update_fields=["notes"])
                file.kept_readings = sorted({*file.kept_readings, *digests})
                closed += len(places)
        if closed:
            file.save(update_fields=["kept_readings"])
            text = "kept as it was read" if load_id is None or len(meant) == 1 else "kept as they were read"
            note_event(file_id=file_id, state=FileState(file.state), user_id=user_id, text=text)
    return closed


def keep_again(load: Load) -> None:
    """Close what was kept as it is when the file was read before; ``load`` is complete and not saved yet."""
    places = list(_open_questions(map(Note.from_json, load.notes), may_be_asked=True))
    if not places:
        return
    kept = UploadedFile.objects.values_list("kept_readings", flat=True).get(pk=load.file_id)
    for place in places if kept else ():
        if _digest(load, place) in kept:
            load.notes[place]["figures"][KEPT] = True


def _digest(load: Load, place: int) -> str:
    """Of an open question and all that the table's layout shows by: the same again is the same question."""
    facts = {
        "source": load.source,
        "labels": [column["label"] for column in load.columns],
        "written": [load.format, load.encoding, load.delimiter, load.quotechar],
        "rows": [load.header_row, load.header_rows, load.preamble, load.footer, load.rows_left_out],
        "question": load.notes[place],
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _asked_of(tables: Sequence[Load]) -> dict[int, list[int]]:
    """Where the open questions stand among the notes of each table of a file."""
    notes = with_doubts_asked([load.origin for load in tables], [tuple(map(Note.from_json, t.notes)) for t in tables])
    return {load.pk: list(_open_questions(each)) for load, each in zip(tables, notes, strict=True)}


def _open_questions(notes: Iterable[Note], *, may_be_asked: bool = False) -> Iterator[int]:
    """``may_be_asked``: those too that are questions beside others of their file."""
    for place, note in enumerate(notes):
        if note.is_open_question or (may_be_asked and note.kind in ON_HEADER and not note.figures.get(KEPT)):
            yield place
