"""What is decided about two files: load the same bytes all the same, take the place of others, put them back."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from uploads.services.errors import StateConflict
from uploads.services.files.permissions import FileAction, rights_of
from uploads.services.files.receipts import FileReceipt, describe_token
from uploads.services.files.replacement import put_back, replace_files, replaceable_files
from uploads.services.files.same_bytes import add_duplicate, check_may_add
from uploads.tabular.errors import UploaderError
from uploads.web.parameters import takes
from uploads.web.sentences.duplicates import (
    added_words,
    put_back_words,
    replace_lead,
    replacement_words,
)
from uploads.web.sentences.files import fitting_sentence
from uploads.web.visitors import known_visitor, viewer_of


@require_POST
@takes()
def add(request: HttpRequest, token: str) -> HttpResponse:
    """Load a file although its bytes are here already."""
    receipt = describe_token(token=token, viewer=viewer_of(request))
    rights = rights_of(request.user)
    check_may_add(file_id=receipt.file_id, rights=rights, visitor=known_visitor(request))

    def act() -> str:
        add_duplicate(file_id=receipt.file_id, user_id=rights.user_id)
        return added_words()

    return _acted(request, receipt, act)


@require_http_methods(["GET", "HEAD", "POST"])
@takes(fields=["file"], several=["file"])
def replace(request: HttpRequest, token: str) -> HttpResponse:
    """The page on which staff choose the files whose place this one takes."""
    receipt = describe_token(token=token, viewer=viewer_of(request))
    rights = rights_of(request.user)
    rights.require(FileAction.REPLACE)
    if request.method == "POST":
        chosen = [int(text) for text in request.POST.getlist("file") if _is_id(text)]
        return _acted(request, receipt, partial(_replaced, receipt, chosen, rights.user_id))
    if not rights.can(state=receipt.state, has_bytes=receipt.has_bytes, review=receipt.review).replace:
        raise StateConflict(
            "Only a file that is loaded and not active can take the place of another.",
            hint="Look at its state again: somebody else may have changed it.",
        )
    candidates = replaceable_files(file_id=receipt.file_id)
    context = {
        "receipt": receipt,
        "candidates": candidates,
        "chosen": candidates[0].file_id if len(candidates) == 1 else receipt.same_content_as,
        "lead": replace_lead(state=receipt.state, rows=receipt.rows_loaded, candidates=len(candidates)),
    }
    response = render(request, "replace.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@takes()
def undo(request: HttpRequest, token: str) -> HttpResponse:
    """Put the files back whose place this one took."""
    receipt = describe_token(token=token, viewer=viewer_of(request))
    rights = rights_of(request.user)
    rights.require(FileAction.PUT_BACK)

    def act() -> str:
        return put_back_words(file_id=receipt.file_id, back=put_back(file_id=receipt.file_id, user_id=rights.user_id))

    return _acted(request, receipt, act)


def _replaced(receipt: FileReceipt, chosen: list[int], user_id: int | None) -> str:
    done = replace_files(old_ids=chosen, new_id=receipt.file_id, user_id=user_id)
    if done.fitting:
        return fitting_sentence(why=done.fitting)
    if done.is_waiting:
        return replacement_words(new_id=done.file_id, replaced=done.replaced, is_done=False)
    return f"Replaced in {done.milliseconds:.0f} ms."  # the notice says whose place it took


def _acted(request: HttpRequest, receipt: FileReceipt, act: Callable[[], str]) -> HttpResponse:
    """Do it, and say on the receipt what was done or why not."""
    try:
        messages.success(request, act())
    except UploaderError as error:
        messages.error(request, f"{error.message} {error.hint}".strip())
    return redirect("receipt", token=receipt.token)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9
