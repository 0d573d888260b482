"""The database's side of a tus request: who sends, which upload is meant, a new one. Runs in threads of its own."""

import asyncio
import contextvars
import io
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl

from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.db.models.functions import Now
from django.http import HttpResponse

from uploads.models import UploadedFile
from uploads.services.errors import UnknownParameter
from uploads.services.options.catalogue import READING_OPTIONS
from uploads.services.options.parsing import parse_flag
from uploads.services.receiving.sender import Sender
from uploads.services.receiving.uploads import SILENT, begin_upload
from uploads.services.scopes import ScopeKind
from uploads.services.visibility import Viewer
from uploads.states import FileState
from uploads.tus.errors import Refusal, Refused
from uploads.web.asgi import Scope
from uploads.web.form_uploads import FIELD, FORM_FIELDS, said_choices
from uploads.web.parameters import check_names, close_to
from uploads.web.visitors import bearer_secret, take_token, uploader_of

THREADS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="tus")
"""Apart from Django's, so that a slow disk under many uploads cannot stall a page."""

NAMES = ("filename", "name")
KEYS = tuple(name for name in FORM_FIELDS if name != FIELD)
"""What metadata may say of a file, as a form may."""
NEARLY = 0.8
"""``delimeter`` is; of what tus-js-client, Uppy and tuspy send by themselves, nothing is."""

_sessions = SessionMiddleware(lambda request: HttpResponse())


async def in_thread[**P, T](act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Work with files off the event loop, in the request's context (the log's reference)."""
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(THREADS, lambda: context.run(act, *args, **kwargs))


async def in_database[**P, T](act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Work with the database off the event loop; the thread keeps no connection (2 ms on this machine)."""

    def run() -> T:
        try:
            return act(*args, **kwargs)
        finally:
            connection.close()

    return await in_thread(run)


def check_host(scope: Scope) -> None:
    """Refuse a name that isn't ours: with a name of its own for this server, a foreign page would be of our origin."""
    try:
        _django_request(scope).get_host()
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


def identify(scope: Scope) -> Sender:
    """The sender, by a token, else by the cookies of the session and of the visitor. Raises ``WrongToken``,
    ``MissingScope``."""
    request = _django_request(scope)
    secret = bearer_secret(request.headers.get("Authorization", ""))
    if secret is not None:
        take_token(request, secret).require(ScopeKind.UPLOAD)
        return uploader_of(request)
    _sessions.process_request(request)
    request.user = get_user(request)
    return uploader_of(request)


def _django_request(scope: Scope) -> ASGIRequest:
    return ASGIRequest(scope, io.BytesIO())


def create_upload(scope: Scope, size: int, metadata: dict[str, str]) -> UploadedFile:
    """Begin an upload as its metadata say: a name, and what ``KEYS`` lists."""
    check_metadata(metadata)
    uploader = identify(scope)
    return begin_upload(
        name=metadata.get("filename") or metadata.get("name", ""),
        size=size,
        uploader=uploader,
        via=UploadedFile.Via.PAGE if uploader.visitor or uploader.user_id else UploadedFile.Via.TUS,
        options={key: metadata[key] for key in READING_OPTIONS if key in metadata},
        dataset=metadata.get("dataset", ""),
        activate=parse_flag("activate", metadata.get("activate")),
        again=bool(parse_flag("again", metadata.get("again"))),
        writer=metadata.get("writer") or None,
        mode=metadata.get("mode", ""),
        key=metadata.get("key", ""),
        full=bool(parse_flag("full", metadata.get("full"))),
        choices=said_choices(metadata),
        patience=SILENT,
    )


def find_upload(scope: Scope, token: str) -> UploadedFile:
    """The upload of this token, if it is the sender's.

    The token is also the receipt's, which may be passed on; so an upload that a browser began is changed by that
    browser or that user alone. One that was begun without any cookie belongs to whoever holds the token.
    """
    sender = identify(scope)
    file = UploadedFile.objects.filter(token=token).first() if 0 < len(token) <= 43 and "\0" not in token else None
    if file is None or not _belongs(file, sender):
        raise Refused(Refusal.NOT_FOUND)
    if file.state == FileState.DELETED or (file.state == FileState.RECEIVING and _expired(file)):
        raise Refused(Refusal.GONE)
    return file


def _belongs(file: UploadedFile, sender: Sender) -> bool:
    if not file.visitor and file.uploaded_by_id is None:
        return True
    if sender.only is not None and file.dataset_wanted not in sender.only:
        return False
    who = Viewer(user_id=sender.user_id, visitor=sender.visitor)
    return who.is_sender(visitor=file.visitor, user_id=file.uploaded_by_id)


def _expired(file: UploadedFile) -> bool:
    return UploadedFile.objects.filter(pk=file.pk, expires_at__lt=Now()).exists()


def metadata_of(file: UploadedFile) -> dict[str, str]:
    """What the sender told, as it is kept."""
    told: dict[str, Any] = {"filename": file.name, "dataset": file.dataset_wanted, **file.options}
    return {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in told.items() if value}
