"""The acts of the admin on files: each file for itself, each refusal told by name."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from uploads.admin.read_only import rights
from uploads.models import UploadedFile
from uploads.services.datasets.ending import datasets_ending_with
from uploads.services.files.activation import ActionResult, deactivate_file, delete_file, retry_file
from uploads.services.files.replacement import put_back, replace_files
from uploads.services.files.same_bytes import add_duplicate
from uploads.services.rejects.groups import count_mended_of
from uploads.services.reviewing.acts import decline_file
from uploads.states import FileState
from uploads.tabular.errors import BadOption, UploaderError
from uploads.web.offers.activations import Choice, activate_as_said, activations_of
from uploads.web.sentences.duplicates import replace_how, replace_lead, replace_question, replacement_words
from uploads.web.sentences.files import deletion_consequence, fitting_sentence, retry_consequence
from uploads.web.sentences.phrases import counted

REFUSALS_SHOWN = 20
FILES_SHOWN = 100
type FilesAdmin = admin.ModelAdmin[UploadedFile]


@admin.action(permissions=["activate"], description="Activate")
def activate_files(
    modeladmin: FilesAdmin, request: HttpRequest, queryset: QuerySet[UploadedFile]
) -> HttpResponse | None:
    """Ask first where they take the place of others, or something is to be said of them: once for all of them.

    So it is where a dataset has changed since the list was shown, and once more where it did while it was asked.
    """
    files = list(queryset.order_by("pk"))
    try:
        asked = activations_of(files, rights=rights(request), seen=request.POST.get("seen"))
    except BadOption as error:
        tell_refusals(request, [f"{error.message} {error.hint}"])
        return None
    if not asked.is_late and (asked.is_plain or request.POST.get("confirm") == "yes"):

        def act(*, file_id: int, user_id: int | None) -> ActionResult:
            return activate_as_said(file_id=file_id, data=request.POST, rights=rights(request))

        return _act(request, queryset, act, "Activated")
    question = {
        "title": "Activate files",
        "question": f"Activate {counted(len(files), 'file')}?",
        "consequence": " ".join(asked.sentences),
        "yes": "Activate",
        "undone": "by one click",
    }
    return _ask(modeladmin, request, files, "activate_files", question, choices=asked.choices, seen=asked.seen)


@admin.action(permissions=["deactivate"], description="Deactivate")
def deactivate_files(
    modeladmin: FilesAdmin, request: HttpRequest, queryset: QuerySet[UploadedFile]
) -> HttpResponse | None:
    return _act(request, queryset, deactivate_file, "Deactivated")


@admin.action(permissions=["retry"], description="Load again")
def load_again(modeladmin: FilesAdmin, request: HttpRequest, queryset: QuerySet[UploadedFile]) -> HttpResponse | None:
    """Ask first where rejected rows were loaded after all: that is lost."""
    mended = count_mended_of(file_ids=queryset.filter(state=FileState.LOADED).values_list("pk", flat=True))
    if mended and request.POST.get("confirm") != "yes":
        files = list(queryset)
        question = {
            "title": "Load files again",
            "question": f"Load {counted(len(files), 'file')} again?",
            "consequence": retry_consequence(mended=mended),
            "yes": "Load again",
        }
        return _ask(modeladmin, request, files, "load_again", question)
    return _act(request, queryset, retry_file, "Queued to be loaded again:")


@admin.action(permissions=["anyway"], description="Load anyway")
def add_files(modeladmin: FilesAdmin, request: HttpRequest, queryset: QuerySet[UploadedFile]) -> HttpResponse | None:
    """Those that were held back because their bytes are here already."""
    return _act(request, queryset, add_duplicate, "Queued to be loaded anyway:")


@admin.action(permissions=["replace"], description="Replace…")
def replace_by_one(
    modeladmin: FilesAdmin, request: HttpRequest, queryset: QuerySet[UploadedFile]
) -> HttpResponse | None:
    """Of the chosen files the one that is not active takes the place of the active ones; ask first."""
    files = list(queryset.order_by("pk"))
    old = [file for file in files if file.state == FileState.ACTIVE]
    new = [file for file in files if file.state != FileState.ACTIVE]
    if not old or len(new) != 1:
        messages.error(request, replace_how(active=len(old), others=len(new)))
        return None
    if request.POST.get("confirm") != "yes":
        question = {
            "title": "Replace files",
            "question": replace_question(new=new[0].name, old=[file.name for file in old]),
            "consequence": replace_lead(state=FileState(new[0].state), rows=new[0].rows_loaded, candidates=len(old)),
            "yes": "Replace",
            "undone": "by one click",
        }
        return _ask(modeladmin, request, files, "replace_by_one", question)
    try:
        done = replace_files(old_ids=[file.pk for file in old], new_id=new[0].pk, user_id=request.user.pk)
    except UploaderError as error:
        tell_refusals(request, [f"{error.message} {error.hint}".rstrip()])
    else:
        words = replacement_words(new_id=done.file_id, replaced=done.replaced, is_done=not done.is_waiting)
        messages.success(request, words)
    return None


@admin.action(permissions=["put_back"], description="Undo replacement")
def put_files_back(
    modeladmin: FilesAdmin, request: HttpRequest, queryset: QuerySet[UploadedFile]
) -> HttpResponse | None:
    """The files whose place these took are active again."""
    return _act(request, queryset, put_back, "Undone, the replaced files are active again instead of")


@admin.action(permissions=["decline"], description="Decline…")
def decline_files(
    modeladmin: FilesAdmin, request: HttpRequest, queryset: QuerySet[UploadedFile]
) -> HttpResponse | None:
    """Ask for the reason first, one for all of them."""
    reason = request.POST.get("reason", "")
    if request.POST.get("confirm") == "yes" and reason.strip():
        return _act(request, queryset, partial(decline_file, reason=reason), "Declined")
    files = list(queryset)
    question = {
        "title": "Decline files",
        "question": f"Decline {counted(len(files), 'file')}?",
        "consequence": "Only files that wait for review are declined. Their rows stay off, and their senders read why.",
        "yes": f"Decline {counted(len(files), 'file')}",
        "undone": "in the review",
        "reason": "Reason, which the senders see",
    }
    return _ask(modeladmin, request, files, "decline_files", question)


@admin.action(permissions=["erase"], description="Delete…")
def delete_files(modeladmin: FilesAdmin, request: HttpRequest, queryset: QuerySet[UploadedFile]) -> HttpResponse | None:
    """Ask first, with what will happen; then delete."""
    if request.POST.get("confirm") == "yes":
        return _act(request, queryset, delete_file, "Deleted")
    files = list(queryset)
    rows = counted(sum(file.rows_loaded for file in files), "row")
    question = {
        "title": "Delete files",
        "question": f"Delete {counted(len(files), 'file')} with {rows}?",
        "consequence": deletion_consequence(
            active=sum(file.state == FileState.ACTIVE for file in files),
            ending=datasets_ending_with(file_ids=[file.pk for file in files]),
        ),
        "yes": f"Delete {counted(len(files), 'file')}",
    }
    return _ask(modeladmin, request, files, "delete_files", question)


def _ask(
    modeladmin: FilesAdmin,
    request: HttpRequest,
    files: list[UploadedFile],
    action: str,
    question: dict[str, str],
    *,
    choices: Sequence[Choice] = (),
    seen: str | None = None,
) -> HttpResponse:
    """The page that says what an action will do before it is done."""
    context = {
        **modeladmin.admin_site.each_context(request),
        "opts": modeladmin.opts,
        "files": files[:FILES_SHOWN],
        "more": max(0, len(files) - FILES_SHOWN),
        "ids": [file.pk for file in files],
        "action": action,
        "checkbox": ACTION_CHECKBOX_NAME,
        "came_from": request.POST.get("came_from", ""),
        "choices": choices,
        "seen": seen,
        **question,
    }
    return TemplateResponse(request, "admin/uploads/confirm.html", context)


def _act(
    request: HttpRequest, queryset: QuerySet[UploadedFile], service: Callable[..., Any], done_word: str
) -> HttpResponse | None:
    """Do it to each file. One that is refused is told and does not stop the others."""
    done: list[UploadedFile] = []
    refused: list[str] = []
    files = list(queryset.order_by("pk"))
    for file in files:
        try:
            result = service(file_id=file.pk, user_id=request.user.pk)
        except UploaderError as error:
            refused.append(f"“{file.name}” (file {file.pk}): {error.message} {error.hint}".rstrip())
        else:
            why = result.fitting if isinstance(result, ActionResult) else ""
            if why:
                messages.warning(request, fitting_sentence(why=why))
            else:
                done.append(file)
    if done:
        messages.success(request, _message(done, done_word))
    tell_refusals(request, refused)
    if request.POST.get("came_from") == "page" and len(files) == 1:
        return HttpResponseRedirect(reverse("admin:uploads_uploadedfile_change", args=[files[0].pk]))
    return None


def _message(done: list[UploadedFile], done_word: str) -> str:
    rows = sum(file.rows_loaded for file in done)
    what = f"“{done[0].name}”" if len(done) == 1 else f"{len(done):,} files"
    return f"{done_word} {what} ({counted(rows, 'row')})." if rows else f"{done_word} {what}."


def tell_mended(request: HttpRequest, loaded: int) -> None:
    """How many rejected rows were loaded after all."""
    if loaded:
        messages.success(request, f"Fixed and loaded {loaded:,} row{'s' * (loaded != 1)}.")
    else:
        messages.warning(request, "No row was loaded: none can be fixed automatically, or somebody was faster.")


def tell_refusals(request: HttpRequest, refused: list[str]) -> None:
    """One message each, up to what a person reads; the count is always whole."""
    for text in refused[:REFUSALS_SHOWN]:
        messages.error(request, text)
    if len(refused) > REFUSALS_SHOWN:
        messages.error(request, f"… and {len(refused) - REFUSALS_SHOWN:,} more were refused.")
