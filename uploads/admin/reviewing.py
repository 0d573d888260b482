"""*Waiting for you*: the files about which staff have to decide, and one page on which each is decided."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from uploads.admin.read_only import rights
from uploads.admin.review_page import ORDER_IN_SESSION, Undo, order_of, page_of, row_of, shown_messages
from uploads.models import UploadedFile
from uploads.services.columns.left_behind import columns_left_by
from uploads.services.errors import FileNotFound
from uploads.services.files.permissions import FileAction
from uploads.services.files.receipts import describe_file, describe_files, with_outlooks
from uploads.services.reviewing.acts import ask_sender, decline_file, take_up_file, undo_activation
from uploads.services.reviewing.queue import (
    Order,
    Shelf,
    count_waiting,
    files_on,
    next_waiting,
    place_of,
    words_of_loading,
)
from uploads.services.visibility import WITHOUT_SENDER
from uploads.states import FileState
from uploads.tabular.errors import UploaderError
from uploads.web.forms.plan_form import give_answer
from uploads.web.offers.joining import join_as_said
from uploads.web.sentences.columns import left_sentence
from uploads.web.sentences.files import fitting_sentence
from uploads.web.sentences.reviewing import activated_words, asked_words, declined_words, taken_up_words
from uploads.web.visitors import viewer_of

PAGE = 50
ORDERS = {Order.ARRIVAL: "As they came", Order.NAME: "By name"}
TITLES = {Shelf.STAFF: "Waiting for you", Shelf.SENDER: "Waiting for the sender", Shelf.DECLINED: "Declined"}


def review_urls(site: AdminSite) -> list[URLPattern]:
    """For the admin site, before Django's own."""
    return [
        path("uploads/review/", site.admin_view(_with_site(site, queue_page)), name="uploads_review"),
        path("uploads/review/<int:file_id>/", site.admin_view(_with_site(site, file_page)), name="uploads_review_file"),
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """What the admin's header says of the queue."""

    is_shown: bool
    """To whoever may see files."""
    number: int


def waiting_shown(request: HttpRequest) -> Waiting:
    """One count by an index of the waiting files alone; asked once a page, by the header."""
    is_shown = rights(request).sees_all
    return Waiting(is_shown=is_shown, number=count_waiting() if is_shown else 0)


def _with_site(site: AdminSite, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    def answer(request: HttpRequest, **found: Any) -> HttpResponse:
        if not rights(request).sees_all:
            raise PermissionDenied
        return view(site, request, **found)

    return answer


def queue_page(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Who sent what and when, and why it waits; ``?for=sender`` and ``?for=declined`` show the other shelves.

    ``?order=name`` and ``?order=arrival`` hold for this person until the other one is chosen: also for what is next.
    """
    asked = request.GET.get("for", Shelf.STAFF.value)
    wanted = request.GET.get("order")
    if asked not in Shelf or (wanted is not None and wanted not in Order):
        raise Http404
    if wanted is not None and wanted != order_of(request).value:
        request.session[ORDER_IN_SESSION] = wanted
    shelf, order = Shelf(asked), order_of(request)
    page = Paginator(files_on(shelf, order).select_related("uploaded_by"), PAGE).get_page(request.GET.get("page"))
    files = list(page.object_list)
    viewer = viewer_of(request)
    receipts = {
        receipt.file_id: receipt if receipt.joins else with_outlooks(receipt, viewer)
        for receipt in describe_files(
            files=UploadedFile.objects.filter(pk__in=[file.pk for file in files]), viewer=viewer
        )
    }
    said = words_of_loading([file.pk for file in files])
    context = {
        "title": TITLES[Shelf.STAFF],
        "shelf": shelf.value,
        "shelves": [(each.value, TITLES[each], files_on(each).order_by().count(), each is shelf) for each in TITLES],
        "orders": [(each.value, ORDERS[each], each is order) for each in Order],
        "page": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "rows": [row_of(file, receipts[file.pk], said.get(file.pk, "")) for file in files if file.pk in receipts],
        "shown_messages": shown_messages(request),
    }
    return _answer(site, request, "queue", context)


def file_page(site: AdminSite, request: HttpRequest, file_id: int) -> HttpResponse:
    """All about one file, and the buttons; posted, one of them."""
    if request.method == "POST":
        return _act(request, file_id)
    try:
        page = page_of(request, file_id=file_id, with_changes="changes" in request.GET)
    except FileNotFound as error:
        raise Http404 from error
    return _answer(site, request, "file", {**page, "shown_messages": shown_messages(request)})


def _answer(site: AdminSite, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    whole = {**site.each_context(request), "app_label": "uploads", **context}
    response = TemplateResponse(request, f"admin/uploads/review/{name}.html", whole)
    response.headers["Cache-Control"] = "no-store"
    return response


def _act(request: HttpRequest, file_id: int) -> HttpResponse:
    """Do it and open the next file; where it is refused, this one again, with the reason."""
    acts: dict[str, tuple[FileAction, Callable[[HttpRequest, int], Undo | None]]] = {
        "activate": (FileAction.ACTIVATE, _activate),
        "columns": (FileAction.ACTIVATE, _columns),
        "decline": (FileAction.DECLINE, _decline),
        "ask": (FileAction.ASK, _ask),
        "take_up": (FileAction.TAKE_UP, _take_up),
        "undo": (FileAction.TAKE_UP, _undo),
    }
    asked = request.POST.get("act", "")
    if asked not in acts or acts[asked][0] not in rights(request).acts:
        raise PermissionDenied
    order = order_of(request)
    place = place_of(file_id=file_id, order=order)
    try:
        back = acts[asked][1](request, file_id)
    except UploaderError as error:
        messages.error(request, f"{error.message} {error.hint}".rstrip())
        if not UploadedFile.objects.filter(pk=file_id).exclude(state=FileState.DELETED).exists():
            return HttpResponseRedirect(reverse("admin:uploads_review"))
        return HttpResponseRedirect(_address(file_id))
    if back is Undo.STAY:
        return HttpResponseRedirect(_address(file_id))
    following = next_waiting(after=place, but=file_id, order=order)
    return HttpResponseRedirect(_address(following) if following else reverse("admin:uploads_review"))


def _address(file_id: int) -> str:
    return reverse("admin:uploads_review_file", args=[file_id])


def _activate(request: HttpRequest, file_id: int) -> Undo | None:
    before = describe_file(file_id=file_id, viewer=viewer_of(request))
    done = join_as_said(file_id=file_id, data=request.POST, rights=rights(request))
    if done.fitting:
        messages.success(request, f"“{before.name}”: {fitting_sentence(why=done.fitting)}")
        return None
    messages.success(request, activated_words(before), extra_tags=Undo.ACTIVATION.tag(file_id))
    return None


def _columns(request: HttpRequest, file_id: int) -> Undo | None:
    words, done = give_answer(file_id=file_id, data=request.POST, rights=rights(request))
    if done is None or done.fitting:
        messages.success(request, words)
        return Undo.STAY if done is None else None
    messages.success(request, f"“{done.name}”: {words}", extra_tags=Undo.ACTIVATION.tag(file_id))
    return None


def _decline(request: HttpRequest, file_id: int) -> Undo | None:
    done = decline_file(file_id=file_id, reason=request.POST.get("text", ""), user_id=request.user.pk)
    via = UploadedFile.objects.values_list("via", flat=True).get(pk=file_id)
    words = declined_words(done.name, has_sender=via not in WITHOUT_SENDER)
    messages.success(request, words, extra_tags=Undo.SAYING.tag(file_id))
    return None


def _ask(request: HttpRequest, file_id: int) -> Undo | None:
    done = ask_sender(file_id=file_id, question=request.POST.get("text", ""), user_id=request.user.pk)
    messages.success(request, asked_words(done.name), extra_tags=Undo.SAYING.tag(file_id))
    return None


def _take_up(request: HttpRequest, file_id: int) -> Undo | None:
    messages.success(request, taken_up_words(take_up_file(file_id=file_id, user_id=request.user.pk).name))
    return Undo.STAY


def _undo(request: HttpRequest, file_id: int) -> Undo | None:
    done = undo_activation(file_id=file_id, user_id=request.user.pk)
    left = map(left_sentence, columns_left_by(file_id=file_id))
    messages.success(request, " ".join(["Undone.", taken_up_words(done.name), *left]))
    return Undo.STAY
