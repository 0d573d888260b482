"""The one function through which a file changes its state."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from django.db import connection, transaction
from django.db.models import F, Field
from django.db.models.expressions import Expression
from django.db.models.functions import Now

from uploads.database.prepared import Wording, fetch_worded
from uploads.models import UploadedFile
from uploads.services.errors import FileNotFound, LeaseLost, StateConflict
from uploads.services.files.history import log_event
from uploads.services.news.outbox import WANTED, event_of, forget_sender, nudge_spreading
from uploads.states import FileState, Review, sources

_WHY_NOT = {
    FileState.ACTIVE: "Only a file that is loaded and not active can be activated",
    FileState.LOADED: "Only an active file can be deactivated",
    FileState.WAITING: "Only a file that has failed, or is loaded and not active, can be loaded again",
}


# What every act begins with, in one round trip: where no row is moved, nothing is noted, and nothing told.
_MOVE = """
WITH moved AS (
    UPDATE uploads_uploadedfile SET {changes} WHERE id = %s::bigint AND state = ANY(%s){conditions} RETURNING {fields}
), noted AS (
    INSERT INTO uploads_fileevent (file_id, user_id, state, text) SELECT id, %s, %s, %s FROM moved
), told AS (
    INSERT INTO uploads_filenews (file_id, event) SELECT id, %s FROM moved WHERE %s AND {wanted} RETURNING file_id
)
SELECT moved.*, EXISTS (SELECT FROM told) AS {is_news} FROM moved"""


_IS_NEWS = "is_news"
_NOW = Now()
HAS_READINGS = "has_readings"
"""Whether it was read again: other files are of the same bytes, which this one's lock keeps from becoming active."""
_HAS_READINGS = (
    "EXISTS (SELECT FROM uploads_uploadedfile again WHERE again.version_of_id = uploads_uploadedfile.id)"
    f" AS {HAS_READINGS}"
)
HAS_DRAFTS = "has_drafts"
"""Whether it has drafts that are to find their datasets."""
_ASKED = {
    HAS_READINGS: _HAS_READINGS,
    HAS_DRAFTS: (
        "EXISTS (SELECT FROM uploads_load l JOIN uploads_dataset d ON d.id = l.dataset_id"
        f" WHERE l.file_id = uploads_uploadedfile.id AND d.established_at IS NULL) AS {HAS_DRAFTS}"
    ),
}


def change_state(
    *,
    file_id: int,
    to: FileState,
    user_id: int | None = None,
    fence: int | None = None,
    among: frozenset[FileState] = frozenset(FileState),
    text: str = "",
    is_act: bool = True,
    fields: Sequence[str] = (),
    **changes: Any,
) -> UploadedFile:
    """Move a file to state ``to`` and note it in its history, together with other ``changes`` to the row.

    It returns the file with its number, its name and the other ``fields`` as they are then, ``HAS_READINGS`` and
    ``HAS_DRAFTS`` too; what else is asked of it is looked up when it is.

    The update says from which states the move is allowed and, for a worker, under which fence: of two competing acts
    one changes a row and the other raises ``StateConflict`` (a worker: ``LeaseLost``). ``among`` narrows the states
    from which this caller may move it; ``is_act`` is that of ``note_event``.
    """
    if to is not FileState.FAILED:
        changes = {"error_code": "", "error_message": "", "error_hint": "", **changes}
    if to in (FileState.ACTIVE, FileState.DELETED):
        changes = {"review": Review.NONE, "review_at": None, **changes}
    assignments, params = _assigned({"state": to, "state_changed_at": _NOW, **changes})
    conditions, of_conditions = _conditions(to, fence)
    params += [file_id, sorted(sources(to) & among), *of_conditions]
    asked = list(dict.fromkeys(["id", "name", *fields]))
    returned = ", ".join(map(_column, asked))
    wanted = WANTED.format(file="moved.id")
    statement = _MOVE.format(
        changes=assignments, conditions=conditions, fields=returned, wanted=wanted, is_news=_IS_NEWS
    )
    event = event_of(to=to, among=sources(to) & among)
    params += [user_id, to, text, event or "", event is not None]
    with transaction.atomic(savepoint=False):  # nothing is done where no row changes, so nothing is to be undone
        [moved] = fetch_worded([(Wording("uploads_uploadedfile", statement), params)])
        if moved:
            [[*values, is_news]] = moved
            file = _file_of(dict(zip(asked, values, strict=True)))
            _tell(file, to, user_id, text, is_act=is_act, is_news=is_news)
    if not moved:
        raise _conflict(file_id, to, fence)
    return file


def _conditions(to: FileState, fence: int | None) -> tuple[str, list[Any]]:
    """What else a file has to be that is moved, and the parameters of that."""
    conditions = ""
    params: list[Any] = []
    if to is not FileState.DELETED:  # what was declined stays off, whatever an old tab asks for
        conditions += " AND review <> %s"
        params.append(Review.DECLINED)
    if fence is not None:
        conditions += " AND fence = %s"
        params.append(fence)
    return conditions, params


def _file_of(found: Mapping[str, Any]) -> UploadedFile:
    """What a raw query of Django's would make of a row, which takes as long as the rest of the statement."""
    stored = {}
    for field in UploadedFile._meta.concrete_fields:  # noqa: SLF001 - documented, and the order that ``from_db`` wants
        if field.name in found:
            value = found[field.name]
            for convert in field.get_db_converters(connection):
                value = convert(value, None, connection)
            stored[field.attname] = value
    file = UploadedFile.from_db(connection.alias, list(stored), list(stored.values()))
    for name in _ASKED.keys() & found.keys():
        setattr(file, name, found[name])
    return file


def _tell(file: UploadedFile, to: FileState, user_id: int | None, text: str, *, is_act: bool, is_news: bool) -> None:
    """Those who keep records, and those who want to hear."""
    if is_act:
        log_event(file=file, state=to, user_id=user_id, text=text)
    if is_news:
        nudge_spreading(file_id=file.pk)
    if to is FileState.DELETED:
        forget_sender(file_id=file.pk)


def _assigned(changes: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """For SET: values of fields, or expressions of the row's own columns."""
    assignments: list[str] = []
    params: list[Any] = []
    for name, value in changes.items():
        if isinstance(value, F | Expression):
            text, own = _compiled(value)
        else:
            text, own = "%s", (_field(name).get_db_prep_save(value, connection),)
        assignments.append(f"{_column(name)} = {text}")
        params += own
    return ", ".join(assignments), params


@lru_cache(maxsize=64)
def _compiled(expression: F | Expression) -> tuple[str, tuple[Any, ...]]:
    """In SQL; Django takes as long for three of them as for a statement."""
    query = UploadedFile.objects.all().query
    resolved = expression.resolve_expression(query, allow_joins=False, for_save=True)
    text, params = query.get_compiler(connection=connection).compile(resolved)
    return text, tuple(params)


def _field(name: str) -> "Field[Any, Any]":
    return cast("Field[Any, Any]", UploadedFile._meta.get_field(name))  # noqa: SLF001 - Django's documented name


def _column(name: str) -> str:
    return _ASKED.get(name) or connection.ops.quote_name(_field(name).attname)


def _conflict(file_id: int, to: FileState, fence: int | None) -> Exception:
    file = UploadedFile.objects.filter(pk=file_id).first()
    if file is None:
        return FileNotFound(f"There is no file {file_id}.")
    if fence is not None:
        return LeaseLost(f"File {file_id} was taken over: it is {file.get_state_display()} under attempt {file.fence}.")
    if file.state == FileState.DELETED:
        gone = "was withdrawn by its sender" if file.withdrawn else "is deleted already"
        return StateConflict(
            f"“{file.name}” {gone}.",
            hint="Only its record is kept. Send the file again to have its rows back.",
        )
    if file.review == Review.DECLINED:
        return StateConflict(f"“{file.name}” was declined, so it stays as it is.", hint="Take it up again first.")
    if file.state == to == FileState.ACTIVE:  # a second click, or another tab
        return StateConflict(f"“{file.name}” is active already.", hint="Nothing was changed.")
    verb = "has" if file.state == FileState.FAILED else "is"
    return StateConflict(
        f"{_WHY_NOT.get(to, f'It cannot become {to.label}')}; “{file.name}” {verb} {file.get_state_display()}.",
        hint="Look at its state again: somebody else may have changed it.",
    )
