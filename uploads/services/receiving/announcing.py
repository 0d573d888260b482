"""Announce a file: whether its sender may send it, and what they said of it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, TypedDict

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models.functions import Now

from uploads.models import UploadedFile
from uploads.services.errors import FileTooLarge, MissingScope, NotAllowed, NotSignedIn
from uploads.services.files.permissions import rights_of
from uploads.services.joining.modes import require_to_join
from uploads.services.merging.choices import SaidChoices
from uploads.services.merging.keys import parse_key
from uploads.services.merging.modes import check_mode, parse_mode
from uploads.services.news.senders import check_address
from uploads.services.options.catalogue import parse_options
from uploads.services.read_only import check_slug_takes_files
from uploads.services.receiving.sender import Sender
from uploads.services.scopes import ScopeKind
from uploads.states import Writer
from uploads.store import stored_files
from uploads.tabular.errors import BadOption
from uploads.tabular.files.file_name import clean_file_name
from uploads.tabular.names import dataset_slug


class Wishes(TypedDict, total=False):
    """What a sender may say with a file.

    ``again``: to be loaded, and activated, also where its bytes are here already; ``mode``, ``key``, ``full``,
    ``choices``: how it joins; ``email``: where its sender wants to hear of its outcome.
    """

    options: Mapping[str, Any] | None
    dataset: str
    activate: bool | None
    again: bool
    writer: str | None
    mode: str
    key: str | Sequence[str]
    full: bool
    choices: SaidChoices | None
    email: str


def announce_file(
    *,
    name: str,
    size: int | None,
    uploader: Sender,
    via: UploadedFile.Via,
    patience: timedelta | None = None,
    options: Mapping[str, Any] | None = None,
    dataset: str = "",
    activate: bool | None = None,
    again: bool = False,
    writer: str | None = None,
    mode: str = "",
    key: str | Sequence[str] = (),
    full: bool = False,
    choices: SaidChoices | None = None,
    email: str = "",
) -> UploadedFile:
    """The row of a file of ``size`` bytes (``None``: said later), not saved yet.

    Raises ``NotSignedIn``, ``NotAllowed``, ``MissingScope``, ``FileTooLarge``, ``BadOption`` or ``ReadOnlyDataset``.
    """
    check_may_send(uploader, activate=activate)
    check_size(size or 0)
    check_address(email)
    return UploadedFile(
        **_wish_to_join(uploader, mode, key, full=full, choices=choices or SaidChoices()),
        name=clean_file_name(name),
        size=size or 0,
        size_known=size is not None,
        stored_as=stored_files.new_name(),
        via=via,
        uploaded_by_id=uploader.user_id,
        visitor=uploader.visitor,
        address=uploader.address,
        expires_at=Now() + (patience or full_time()),
        options=parse_options(options or {}),
        dataset_wanted=_dataset_wanted(dataset, uploader),
        activate=uploader.activates and (settings.ACTIVATE_STAFF_UPLOADS if activate is None else activate),
        again=again,
        writer=_checked_writer(writer),
    )


def full_time() -> timedelta:
    """How long the next byte of an upload is waited for."""
    return timedelta(hours=settings.UPLOAD_EXPIRY_HOURS)


def check_size(size: int) -> None:
    """Raise ``FileTooLarge`` for more bytes than a file may have."""
    if size > settings.MAX_FILE_SIZE:
        raise FileTooLarge(
            f"The file has {size / 2**20:,.1f} MB; {settings.MAX_FILE_SIZE / 2**20:,.0f} MB are allowed.",
            hint="Split it, or compress it with gzip or zip.",
        )


def check_may_send(uploader: Sender, *, activate: bool | None = None) -> None:
    """Raise ``NotSignedIn`` or ``NotAllowed`` where this sender may send no file, or not have it activated."""
    if not (settings.ANONYMOUS_UPLOAD or uploader.is_staff or uploader.user_id):
        raise NotSignedIn("Uploading is closed to visitors here.", hint="Sign in first.")
    if activate and not uploader.activates:
        raise NotAllowed(
            "Only staff may activate a file.",
            hint="Leave that option out: the file is loaded and then waits for staff.",
        )


def _dataset_wanted(said: str, uploader: Sender) -> str:
    """The slug of the dataset that the sender named, if any; it must be one that takes files. What a token sends that
    is for one dataset goes there."""
    wanted = dataset_slug(said) if said.strip() else ""
    if uploader.only is not None and not wanted and len(uploader.only) == 1:
        (wanted,) = uploader.only
    if uploader.only is not None and wanted not in uploader.only:
        listed = " and ".join(f"“{slug}”" for slug in sorted(uploader.only))
        raise MissingScope(
            f"This token may send files to {listed} alone.",
            hint="Say so with the field “dataset”.",
            scope=f"{ScopeKind.UPLOAD}:{wanted}" if wanted else str(ScopeKind.UPLOAD),
        )
    check_slug_takes_files(wanted, viewer=uploader.viewer)
    return wanted


def _checked_writer(writer: str | None) -> str:
    if writer is not None and writer not in Writer.values:
        raise BadOption(f"There is no writer “{writer}”.", hint=f"The writers are {' and '.join(Writer.values)}.")
    return writer or settings.WRITER


def _wish_to_join(
    uploader: Sender, mode: str, key: str | Sequence[str], *, full: bool, choices: SaidChoices
) -> dict[str, Any]:
    if not (mode or key or full or choices.says_something):
        return {}
    if not uploader.is_staff:
        raise NotAllowed(
            "Only staff may say how a file joins its dataset.",
            hint="Leave that out: staff see to it when they look at the file.",
        )
    wanted = parse_mode(mode) if mode else ""
    columns = parse_key(key)
    check_mode(wanted, columns, key_may_be_known=True, said=choices, is_full=full)
    if wanted and uploader.user_id is not None:
        require_to_join(rights_of(get_user_model().objects.get(pk=uploader.user_id)), wanted)
    return {"mode": wanted, "key": columns, "full": full, "merge_said": choices.as_json()}
