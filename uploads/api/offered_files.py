"""What the operations on files share: who sees one, and what is answered about it."""

from dataclasses import dataclass, fields, replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from uploads.api.callers import Caller, caller_of
from uploads.services.conversation import SILENCE
from uploads.services.errors import FileNotFound, NotSignedIn
from uploads.services.files.permissions import Abilities
from uploads.services.files.receipts import FileReceipt, describe_file
from uploads.services.options.catalogue import option_words
from uploads.services.visibility import visible_files
from uploads.web.sentences.files import (
    FileButton,
    NoticePiece,
    RelatedFile,
    answer_label,
    buttons_of,
    notice_pieces,
    related_file,
)
from uploads.web.visitors import viewer_of

OPEN: dict[str, Any] = {"security": [{}, {"CallerAuth": []}]}
"""For the documentation: works without an account too."""
SENDING = frozenset({400, 401, 403, 413, 429, 507})
LOOKING = frozenset({400, 401, 404})
ACTING = frozenset({400, 401, 403, 404, 409, 503})
"""How each kind of operation may be refused."""
type Answer = dict[str, Any] | FileReceipt


def clean_token(token: str) -> str:
    """Raises ``FileNotFound`` for one that PostgreSQL would refuse to look for."""
    if "\0" in token:
        raise FileNotFound("There is no receipt at this address.", hint="Check that the address is complete.")
    return token


def receipt_address(request: HttpRequest, token: str) -> str:
    """The absolute address of the receipt."""
    return request.build_absolute_uri(reverse("api:get_receipt", args=[token]))


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferedFile(FileReceipt):
    """A file with what a page shows beside the facts."""

    address: str
    """Of its receipt; empty for one who may not see the file."""
    can: Abilities
    notice_pieces: tuple[NoticePiece, ...]
    related: RelatedFile | None
    buttons: tuple[FileButton, ...]
    answer: str
    """What leads to what is asked on its receipt; empty where nothing is."""

    @property
    def notice(self) -> str:
        """All of them."""
        return "".join(piece.text for piece in self.notice_pieces)

    @property
    def option_words(self) -> tuple[str, ...]:
        """What was said about how to read it, for people."""
        return tuple(option_words(key, value) for key, value in self.options.items())


def offered(request: HttpRequest, receipt: FileReceipt) -> OfferedFile:
    """A file as whoever asks may see it."""
    caller = caller_of(request)
    own = receipt.is_own(user_id=caller.rights.user_id, visitor=caller.visitor)
    can = caller.rights.can(
        state=receipt.state,
        own=own,
        was_active=receipt.was_active,
        has_bytes=receipt.has_bytes,
        review=receipt.review,
        is_open=receipt.is_open,
    )
    return OfferedFile(
        **{field.name: getattr(receipt, field.name) for field in fields(receipt)},
        address=receipt_address(request, receipt.token) if receipt.token else "",
        can=can,
        notice_pieces=notice_pieces(receipt, can=can),
        related=related_file(receipt),
        buttons=buttons_of(receipt, can=can),
        answer=answer_label(receipt, can=can) if receipt.token else "",
    )


def described(request: HttpRequest, file_id: int) -> OfferedFile:
    """A file after an act on it; staff who may not look into it see no more by the act."""
    viewer = viewer_of(request)
    receipt = describe_file(file_id=file_id, viewer=viewer)
    is_seen = viewer.sees_all or receipt.is_own(user_id=viewer.user_id, visitor=viewer.visitor)
    return offered(request, receipt if is_seen else without_content(receipt))


def without_content(receipt: FileReceipt) -> FileReceipt:
    """The same for staff who may act on a file and not look into it: without address, fingerprint and what was read."""
    return replace(
        receipt,
        token="",
        sha256="",
        error=None,
        same_content=None,
        other_versions=(),
        replaced=(),
        options={},
        loads=(),
        overlaps=(),
        columns_open=(),
        guards=(),
        answer_by=None,
        kept_until=None,
        joins=(),
        conversation=SILENCE,
    )


def visible_to(caller: Caller) -> Any:
    return visible_files(user_id=caller.rights.user_id, visitor=caller.visitor, sees_all=caller.rights.sees_all)


def check_visible(caller: Caller, file_id: int) -> None:
    """What isn't one's own doesn't exist."""
    if not visible_to(caller).filter(pk=file_id).exists():
        if caller.rights.user_id is None and not caller.visitor:
            raise NotSignedIn("Files are for staff to see.", hint="Sign in, or follow the receipt of your file.")
        raise FileNotFound(f"There is no file {file_id}.", hint="List the files to see which there are.")
