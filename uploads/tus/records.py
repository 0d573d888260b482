"""The database's side of a tus request: who sends, which upload is meant, a new one. Runs in threads of its own."""

import io
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import DisallowedHost
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Manager, Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse

from uploads.database.prepared import Prepared
from uploads.database.sessions import leave_as_found
from uploads.models import PartialUpload, UploadedFile
from uploads.services.errors import UnknownParameter
from uploads.services.receiving.giving_up import cancel_part, cancel_upload
from uploads.services.receiving.parts import begin_part, join_parts
from uploads.services.receiving.sender import Sender
from uploads.services.receiving.uploads import (
    SILENT,
    Upload,
    begin_upload,
    complete_upload,
    note_arrival,
    receive_file,
)
from uploads.services.receiving.uploads import hand_over as hand_over_file
from uploads.services.scopes import ScopeKind
from uploads.services.visibility import Viewer
from uploads.states import FileState
from uploads.tus.errors import Refusal, Refused
from uploads.tus.threads import FILES, in_thread_of
from uploads.web.asgi import Scope
from uploads.web.form_uploads import FIELD, FORM_FIELDS, said_wishes
from uploads.web.parameters import check_names, close_to
from uploads.web.visitors import bearer_secret, take_token, uploader_of

JOINS = 2
_joiners = ThreadPoolExecutor(max_workers=JOINS, thread_name_prefix="tus-join")
"""Apart from those: a large file is copied for minutes, and a few of them at once stalled every upload."""
HAND_OVERS = 4
LARGE_BYTES = 4 * 2**20
"""What is larger takes its time on the way into a bucket, or while bytes are hashed that came before a restart."""
_hand_overs = ThreadPoolExecutor(max_workers=HAND_OVERS, thread_name_prefix="tus-store")
"""Apart for the same reason: eight files of gigabytes on their way into a bucket stalled every other upload."""

NAMES = ("filename", "name")
KEYS = tuple(name for name in FORM_FIELDS if name != FIELD)
"""What metadata may say of a file, as a form may."""
NEARLY = 0.8
"""``delimeter`` is; of what tus-js-client, Uppy and tuspy send by themselves, nothing is."""

_sessions = SessionMiddleware(lambda request: HttpResponse())


async def in_database[**P, T](act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Work with the database off the event loop; the thread keeps no connection."""
    return await in_thread_of(FILES, partial(_with_database, partial(act, *args, **kwargs)))


async def in_joining[**P, T](act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same for what copies whole files; it waits for its turn."""
    return await in_thread_of(_joiners, partial(_with_database, partial(act, *args, **kwargs)))


async def hand_over(upload: Upload, sha256: str = "") -> None:
    """Finish an upload all of whose bytes are there; a large one waits for its turn."""
    await _in_storing(upload, partial(finish, upload, sha256))


async def hand_over_again(upload: Upload) -> None:
    """The same where it may have been finished meanwhile."""
    await _in_storing(upload, partial(finish_again, upload))


async def _in_storing(upload: Upload, act: Callable[[], None]) -> None:
    executor = _hand_overs if upload.size > LARGE_BYTES else FILES
    await in_thread_of(executor, partial(_with_database, act))


def _with_database[T](act: Callable[[], T]) -> T:
    """Whatever is done with an upload is done in transactions; what failed leaves a session that is made as new."""
    try:
        done = act()
        leave_as_found()
    finally:
        connection.close()
    return done


def check_host(request: HttpRequest) -> None:
    """Refuse a name that isn't ours: with a name of its own for this server, a foreign page would be of our origin."""
    try:
        request.get_host()
    except DisallowedHost as error:
        raise Refused(Refusal.BAD_HOST) from error


def check_query(scope: Scope) -> None:
    """The protocol has no parameters: what is to be said of a file comes in ``Upload-Metadata``."""
    names = [name for name, _ in parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)]
    check_names(names, known=(), where=scope["path"])


def check_metadata(metadata: Mapping[str, str]) -> None:
    """Refuse a key that is nearly one of ours; clients of tus have keys of their own (``filetype``), which may come."""
    for key in metadata.keys() - {*KEYS, *NAMES}:
        meant = close_to(key, KEYS, cutoff=NEARLY)
        if meant is not None:
            raise UnknownParameter(
                f"Upload-Metadata has a key “{key}” that means nothing here.",
                hint=f"Did you mean “{meant}”? Known are {', '.join((*NAMES, *KEYS))}.",
                names=[key],
            )


def identify(request: HttpRequest) -> Sender:
    """The sender, by a token, else by the cookies of the session and of the visitor. Raises ``WrongToken``,
    ``MissingScope``."""
    secret = bearer_secret(request.headers.get("Authorization", ""))
    if secret is not None:
        take_token(request, secret).require(ScopeKind.UPLOAD)
        return uploader_of(request)
    _sessions.process_request(request)
    request.user = get_user(request)
    return uploader_of(request)


def create_upload(request: HttpRequest, size: int | None, metadata: dict[str, str]) -> UploadedFile:
    """Begin an upload as its metadata say: a name, and what ``KEYS`` lists; ``size`` may be said later."""
    check_metadata(metadata)
    uploader = identify(request)
    return begin_upload(
        name=_name_in(metadata),
        size=size,
        uploader=uploader,
        via=_via(uploader),
        patience=SILENT,
        **said_wishes(metadata),
    )


def receive_whole(request: HttpRequest, content: bytes, metadata: dict[str, str]) -> UploadedFile:
    """Take in a file whose bytes are all here."""
    check_metadata(metadata)
    uploader = identify(request)
    return receive_file(
        content=io.BytesIO(content),
        size=len(content),
        name=_name_in(metadata),
        uploader=uploader,
        via=_via(uploader),
        **said_wishes(metadata),
    )


def create_part(request: HttpRequest, size: int | None) -> PartialUpload:
    """Begin a partial upload. What is to be said of the file is said by the final one."""
    return begin_part(size=size, uploader=identify(request), patience=SILENT)


def join_uploads(request: HttpRequest, tokens: Sequence[str], metadata: dict[str, str]) -> UploadedFile:
    """The file of these parts, which must all be the sender's."""
    check_metadata(metadata)
    uploader = identify(request)
    if len(set(tokens)) < len(tokens):
        raise Refused(Refusal.BAD_HEADER, "Upload-Concat names a part twice.")
    rows = _with_end(PartialUpload.objects)
    found = rows.in_bulk([token for token in tokens if is_token(token)], field_name="token")
    parts = [part for token in tokens if (part := found.get(token)) and _is_theirs(part, uploader)]
    if len(parts) < len(tokens):
        raise Refused(Refusal.NOT_FOUND, "One of the addresses in Upload-Concat is of no part.")
    if any(is_unfinished(part) and _expired(part) for part in parts):
        raise Refused(Refusal.GONE, "The time of one of the parts is over.")
    return join_parts(
        parts=[part.pk for part in parts],
        name=_name_in(metadata),
        uploader=uploader,
        via=_via(uploader),
        **said_wishes(metadata),
    )


def _name_in(metadata: Mapping[str, str]) -> str:
    return metadata.get("filename") or metadata.get("name", "")


def _via(uploader: Sender) -> UploadedFile.Via:
    """A browser sends as our page does, by its cookies; a token is a program's."""
    by_page = (uploader.visitor or uploader.user_id) and not uploader.by_token
    return UploadedFile.Via.PAGE if by_page else UploadedFile.Via.TUS


def find_upload(request: HttpRequest, token: str) -> Upload:
    """The upload of this token, or the part, if it is the sender's.

    The token is also the receipt's, which may be passed on; so an upload that a browser began is changed by that
    browser or that user alone. One that was begun without any cookie belongs to whoever holds the token.
    """
    sender = identify(request)
    upload: Upload | None = None
    if is_token(token):
        upload = next(iter(_FILES.models(UploadedFile, "is_over", token=token)), None)
        upload = upload or next(iter(_PARTS.models(PartialUpload, "is_over", token=token)), None)
    if upload is None or not _is_theirs(upload, sender):
        raise Refused(Refusal.NOT_FOUND)
    was_given_up = isinstance(upload, UploadedFile) and upload.state == FileState.DELETED
    if was_given_up or (is_unfinished(upload) and _expired(upload)):
        raise Refused(Refusal.GONE)
    return upload


def is_token(text: str) -> bool:
    return 0 < len(text) <= 43 and "\0" not in text


def _is_theirs(upload: Upload, sender: Sender) -> bool:
    if not upload.visitor and upload.uploaded_by_id is None:
        return True
    # which dataset a part is for is said, and asked of the token, when it is joined
    if sender.only is not None and isinstance(upload, UploadedFile) and upload.dataset_wanted not in sender.only:
        return False
    who = Viewer(user_id=sender.user_id, visitor=sender.visitor)
    return who.is_sender(visitor=upload.visitor, user_id=upload.uploaded_by_id)


def is_unfinished(upload: Upload) -> bool:
    """Whether its bytes are in the spool still."""
    if isinstance(upload, PartialUpload):
        return upload.joined_into_id is None
    return upload.state == FileState.RECEIVING


def _with_end[U: (UploadedFile, PartialUpload)](rows: Manager[U]) -> QuerySet[U]:
    """The rows, and whether the time of each was over when it was looked up, by the clock of the database."""
    return rows.annotate(is_over=ExpressionWrapper(Q(expires_at__lt=Now()), output_field=BooleanField()))


_FILES = Prepared(lambda token: _with_end(UploadedFile.objects).filter(token=token))
_PARTS = Prepared(lambda token: _with_end(PartialUpload.objects).filter(token=token))
"""To word these anew for each request took more computing than anything else that a small upload costs."""


def _expired(upload: Upload) -> bool:
    return bool(vars(upload)["is_over"])


def finish(upload: Upload, sha256: str = "") -> None:
    """All bytes are there: a file goes to the workers, a part waits for the others. For the upload's only writer."""
    if isinstance(upload, UploadedFile):
        hand_over_file(upload, sha256=sha256)
    elif is_unfinished(upload):
        note_arrival(upload=upload, received=upload.size)


def finish_again(upload: Upload) -> None:
    """The same of one that was found before somebody else had a hand in it: its row is looked up anew."""
    if isinstance(upload, UploadedFile):
        complete_upload(file_id=upload.pk)


def give_up(upload: Upload, text: str = "cancelled by its sender") -> None:
    if isinstance(upload, PartialUpload):
        cancel_part(part_id=upload.pk)
    else:
        cancel_upload(file_id=upload.pk, user_id=upload.uploaded_by_id, text=text)


def parts_of(upload: Upload) -> list[str]:
    """The tokens of the parts that a file was joined from; they are forgotten after a while."""
    if isinstance(upload, PartialUpload):
        return []
    return list(upload.parts.order_by("position").values_list("token", flat=True))


def metadata_of(file: UploadedFile) -> dict[str, str]:
    """What the sender told, as it is kept."""
    told: dict[str, Any] = {"filename": file.name, "dataset": file.dataset_wanted, **file.options}
    return {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in told.items() if value}
