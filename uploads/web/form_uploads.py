"""Take in files that come by an ordinary form post: ``curl -F file=@x.csv``, or the page without JavaScript."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest

from uploads.models import UploadedFile
from uploads.services.errors import FileTooLarge
from uploads.services.merging.choices import SaidChoices
from uploads.services.options.catalogue import READING_OPTIONS
from uploads.services.options.parsing import parse_flag
from uploads.services.receiving.announcing import Wishes, check_size
from uploads.services.receiving.sender import Sender
from uploads.services.receiving.uploads import receive_file
from uploads.store.spool import full_disk_explained
from uploads.tabular.errors import BadOption, UploaderError
from uploads.web.sentences.files import received_in_words
from uploads.web.visitors import uploader_of

FIELD = "file"
JOINING_FIELDS = ("mode", "key", "full", "blanks", "missing_columns", "delete_when")
FORM_FIELDS = (FIELD, "dataset", "activate", "again", *JOINING_FIELDS, *READING_OPTIONS, "writer", "email")
"""What a form that sends files may hold."""


def receive_form(
    request: HttpRequest, *, via: UploadedFile.Via = UploadedFile.Via.FORM, uploader: Sender | None = None
) -> UploadedFile:
    """Receive the one file of a posted form; it comes back ``waiting``.

    The field ``file`` holds it; ``dataset``, ``activate``, ``again``, how it joins and the reading options may come
    beside it. Raises ``BadOption`` when there is no file or more than one, and what ``receive_file`` raises.
    """
    files = receive_form_files(request, via=via, uploader=uploader, most=1)
    return files[0]


def receive_form_files(
    request: HttpRequest,
    *,
    via: UploadedFile.Via = UploadedFile.Via.FORM,
    uploader: Sender | None = None,
    most: int = 100,
) -> list[UploadedFile]:
    """Receive every file of a posted form, each with the same options; ``uploader`` is the request's own by default.

    None is received where one is too large. What refuses a later one also says which were received before it.
    """
    with full_disk_explained():
        sent = request.FILES.getlist(FIELD)
    if not sent:
        raise BadOption(
            f"No file was sent in the field “{FIELD}”.", hint=f"Send it as multipart: curl -F {FIELD}=@x.csv …"
        )
    if len(sent) > most:
        raise BadOption(f"{len(sent)} files were sent; {most} can be taken at a time.", hint="Send them one by one.")
    for part in sent:
        if part.size is not None:
            check_size(part.size)
            if part.size > settings.MAX_FORM_SIZE:
                raise form_too_large()
    sender, wishes = uploader or uploader_of(request), said_wishes(request.POST)
    received: list[UploadedFile] = []
    for part in sent:
        name = part.name or ""
        try:
            file = receive_file(content=part, size=part.size, name=name, uploader=sender, via=via, **wishes)
        except UploaderError as error:
            if received:
                error.hint = f"{error.hint} {received_in_words([file.name for file in received])}".lstrip()
            raise
        received.append(file)
    return received


def said_wishes(said: Mapping[str, str]) -> Wishes:
    """What a form says beside its files, or the metadata of an upload beside its name. Raises ``BadOption``."""
    return Wishes(
        options={key: said[key] for key in READING_OPTIONS if key in said},
        dataset=said.get("dataset", ""),
        activate=parse_flag("activate", said.get("activate")),
        again=bool(parse_flag("again", said.get("again"))),
        writer=said.get("writer") or None,
        mode=said.get("mode", ""),
        key=said.get("key", ""),
        full=bool(parse_flag("full", said.get("full"))),
        choices=said_choices(said),
        email=said.get("email", ""),
    )


def said_choices(said: Mapping[str, str]) -> SaidChoices:
    """What a form, or the metadata of an upload, says of rows with the same key; an empty field says nothing. Raises
    ``BadOption``."""
    return SaidChoices.from_text(
        blanks=said.get("blanks") or None,
        missing_columns=said.get("missing_columns") or None,
        delete_when=said.get("delete_when") or None,
    )


def form_too_large() -> FileTooLarge:
    """What to tell the sender of a form that is over the limit."""
    return FileTooLarge(
        f"A form may hold {settings.MAX_FORM_SIZE / 2**20:,.0f} MB.",
        hint="Larger files go by the page with JavaScript, or by any tus client to /files/.",
    )
