"""Why a file that was loaded in the foreground is not seen, and the commands that lead on."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from uploads.management.joining_offers import ways_to_join
from uploads.models import UploadedFile
from uploads.services.plans.plan import OpenColumns
from uploads.services.reviewing.queue import words_of_loading
from uploads.states import FileState
from uploads.web.sentences.duplicates import nowhere, repeated_sentences, replaced_pieces
from uploads.web.sentences.files import expiry_sentence
from uploads.web.sentences.guards import ACTIVATE_IF_RIGHT
from uploads.web.sentences.plans import open_words
from uploads.web.sentences.reviewing import NOT_ACTIVATED

type Receipt = Mapping[str, Any]


def ways_out(receipt: Receipt) -> Iterator[str]:
    """Of a file that was held back, and of one that waits: why, and what to do. Of one that is seen: whose place
    it took, and which of its rows are seen twice now."""
    file_id, state = receipt["id"], receipt["state"]
    if state == FileState.DUPLICATE:
        yield f"Nothing was loaded. Load it anyway: manage.py read_again {file_id}"
        yield from _take_place(receipt)
        yield f"Delete it: manage.py delete_file {file_id}"
    elif state == FileState.ACTIVE:
        yield from replaced_lines(file_id, receipt["replaced"])
        yield from _shown_twice(receipt)
    elif state == FileState.LOADED:
        yield from _waiting(receipt)
    if receipt["answer_by"] is not None:
        yield expiry_sentence(receipt["answer_by"])


def _repeated(receipt: Receipt) -> Iterator[str]:
    """Of each table, which of its rows were there when it came."""
    for load in receipt["loads"]:
        keys = load["repeated_keys"] or {"rows": 0, "columns": ()}
        of = load["rows"]["loaded"]
        yield from repeated_sentences(load["repeated"], of=of, keys=keys["rows"], key=keys["columns"])


def replaced_lines(file_id: int, replaced: Sequence[int]) -> Iterator[str]:
    """Whose place an active file took, and the way back."""
    if replaced:
        yield "".join(piece.text for piece in replaced_pieces(replaced=replaced, address=nowhere))
    if len(replaced) == 1:
        yield f"Put it back: manage.py replace_file {file_id} {replaced[0]}"


def _shown_twice(receipt: Receipt) -> Iterator[str]:
    sentences = list(_repeated(receipt))
    yield from sentences
    if sentences:
        yield f"Take it back: manage.py deactivate_file {receipt['id']}"
    keys = [load["repeated_keys"]["columns"] for load in receipt["loads"] if load["repeated_keys"]]
    if keys:
        command = f"manage.py activate_file {receipt['id']}"
        by_key = shlex.join(["--mode", "merge", "--key", ",".join(keys[0])]) if len(keys) == 1 else "--mode merge"
        yield f"Then let it replace the others, or update them: {command} --mode replace, or {by_key}"


def _waiting(receipt: Receipt) -> Iterator[str]:
    file_id = receipt["id"]
    file = UploadedFile.objects.get(pk=file_id)
    for open_ in map(OpenColumns.from_json, file.columns_open):
        yield open_words(open_, where="")
        yield f"See what is proposed, and answer: manage.py column_plan {file_id}"
    yield from (guard["sentence"] for guard in receipt["guards"])
    if receipt["guards"]:
        yield f"{ACTIVATE_IF_RIGHT} manage.py activate_file {file_id}"
    if not (file.columns_open or receipt["guards"]):
        yield from _doubled(receipt)


def _doubled(receipt: Receipt) -> Iterator[str]:
    """Of one that has rows which are there already."""
    file_id = receipt["id"]
    repeated, twin = list(_repeated(receipt)), _active_twin(receipt)
    is_asked = UploadedFile.objects.exclude(overlaps=[]).filter(pk=file_id).exists()
    is_asked = is_asked or any(load["repeated_keys"] for load in receipt["loads"])
    asked = ways_to_join(file_id=file_id) if is_asked and twin is None else None
    if asked is not None and asked.ways:
        yield asked.question
        yield from (f"{words}: manage.py {command}" for words, command in asked.ways)
    elif twin is not None or repeated:
        yield from repeated if twin is None else [f"The same rows are active already, in file {twin}."]
        yield f"Show them all the same, twice: manage.py activate_file {file_id}"
        yield from _take_place(receipt)
    else:
        yield from _asked_for(file_id)
        return
    yield f"Delete it: manage.py delete_file {file_id}"


def _asked_for(file_id: int) -> Iterator[str]:
    """What its history says of why it is not active."""
    text = words_of_loading([file_id]).get(file_id, "").removeprefix(NOT_ACTIVATED)
    if text:
        yield f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _active_twin(receipt: Receipt) -> int | None:
    """The file of the same content, if that is active."""
    same: int | None = receipt["same_content_as"]
    is_active = same is not None and UploadedFile.objects.filter(pk=same, state=FileState.ACTIVE).exists()
    return same if is_active else None


def _take_place(receipt: Receipt) -> Iterator[str]:
    twin = _active_twin(receipt)
    if twin is not None:
        yield f"Let it take the place of file {twin}: manage.py replace_file {twin} {receipt['id']}"
