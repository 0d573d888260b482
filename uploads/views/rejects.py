"""The rejected rows of one table on pages that need no JavaScript: look, load with a mend, edit, take back."""

from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from uploads.services.files.load_receipt import LoadReceipt
from uploads.services.files.permissions import Rights, rights_of
from uploads.services.files.receipts import FileReceipt, describe_token
from uploads.services.rejects.edit import CellsDoNotFit, edit_row, find_reject
from uploads.services.rejects.groups import RejectLine, count_mended, page_of_rejects
from uploads.services.rejects.mend import Mended, load_edited_row, mend_rejected_rows, take_back_mends
from uploads.services.visibility import is_own
from uploads.tabular.errors import UploaderError
from uploads.tabular.table import row_word_of
from uploads.web.http_status import status_of
from uploads.web.parameters import takes
from uploads.web.sentences.rejects import mended_rows, rejects_lead
from uploads.web.sentences.tables import table_title
from uploads.web.shown.source_lines import lines_address
from uploads.web.visitors import known_visitor, viewer_of

SHOWN = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class RejectsPage:
    """One table of a receipt, and what whoever looks at it may do."""

    receipt: FileReceipt
    load: LoadReceipt
    rights: Rights
    own: bool

    @property
    def may_mend(self) -> bool:
        return self.rights.can(state=self.receipt.state, own=self.own).mend

    sees_lines: bool
    """Whether this person may see the lines of the file."""

    @property
    def unit(self) -> str:
        return row_word_of(self.load.format)

    @property
    def lines_address(self) -> str:
        """Of the page to which the number of a line is added; empty where there is none."""
        return lines_address(self.receipt.token, self.load) if self.sees_lines else ""

    def address(self, name: str = "reject_list", *more: int) -> str:
        return reverse(name, args=[self.receipt.token, self.load.load_id, *more])


def place_of(request: HttpRequest, token: str, load_id: int) -> RejectsPage:
    """The table that an address names; ``Http404`` where the receipt has no such table."""
    found = describe_token(token=token)
    load = next((load for load in found.loads if load.load_id == load_id), None)
    if load is None:
        raise Http404
    rights = rights_of(request.user)
    own = is_own(file_id=found.file_id, user_id=rights.user_id, visitor=known_visitor(request))
    sees = found.shows_lines_to(viewer_of(request), holds=True)
    return RejectsPage(receipt=found, load=load, rights=rights, own=own, sees_lines=sees)


@require_safe
@takes(query=["after"])
def reject_list(request: HttpRequest, token: str, load_id: int) -> HttpResponse:
    """A page of rejected rows, each with its mend if it has one."""
    place = place_of(request, token, load_id)
    after = request.GET.get("after", "")
    page = page_of_rejects(load_id=load_id, after=int(after) if _is_id(after) else 0, limit=SHOWN)
    mendable = _mendable(page.lines)
    return _page(
        request,
        "rejects.html",
        place,
        {
            "lines": page.lines,
            "next_page": f"{place.address()}?after={page.next}" if page.next is not None else "",
            "first_page": place.address() if after else "",
            "title": table_title(place.load, place.receipt.loads),
            "lead": rejects_lead(rejected=place.load.rejected, may_mend=place.may_mend, mendable=mendable),
            "mendable": mendable,
            "mended": mended_rows(count_mended(file_id=place.receipt.file_id).get(load_id, 0)),
        },
    )


@require_POST
@takes(fields=["id", "chosen", "code", "column", "from"], several=["id"])
def mend(request: HttpRequest, token: str, load_id: int) -> HttpResponse:
    """Load the chosen rows (``id``), those of one kind (``code``, ``column``), or all that have a plain mend."""
    place = place_of(request, token, load_id)
    ids = [int(text) for text in request.POST.getlist("id") if _is_id(text)]
    return _act(
        request,
        place,
        partial(
            mend_rejected_rows,
            load_id=load_id,
            ids=ids if "id" in request.POST or "chosen" in request.POST else None,
            code=request.POST.get("code", "").replace("\0", "") or None,
            column=request.POST["column"].replace("\0", "") if "column" in request.POST else None,
            user_id=place.rights.user_id,
        ),
    )


@require_POST
@takes(fields=["from"])
def take_back(request: HttpRequest, token: str, load_id: int) -> HttpResponse:
    """Make every row that was loaded after all rejected again."""
    place = place_of(request, token, load_id)
    return _act(request, place, partial(take_back_mends, load_id=load_id, user_id=place.rights.user_id))


@require_http_methods(["GET", "HEAD", "POST"])
@takes(fields=["cell"], several=["cell"])
def edit(request: HttpRequest, token: str, load_id: int, reject_id: int) -> HttpResponse:
    """One rejected row as a form; posting loads it."""
    place = place_of(request, token, load_id)
    typed = request.POST.getlist("cell") if request.method == "POST" else None
    refusal: UploaderError | None = None
    if typed is not None:
        try:
            _require(place)
            find_reject(reject_id=reject_id, load_id=load_id)
            done = load_edited_row(reject_id=reject_id, cells=typed, user_id=place.rights.user_id)
            messages.success(request, _message(done))
            return HttpResponseRedirect(place.address())
        except CellsDoNotFit as error:
            refusal = error
    editing = edit_row(reject_id=reject_id, load_id=load_id, typed=typed)
    response = _page(request, "reject.html", place, {"editing": editing, "refusal": refusal})
    response.status_code = status_of(refusal) if refusal else 200
    return response


def _act(request: HttpRequest, place: RejectsPage, act: "partial[Mended] | partial[int]") -> HttpResponse:
    """Do it, say what was done, and go back to where the person was."""
    _require(place)
    try:
        done = act()
    except UploaderError as error:
        messages.error(request, f"{error.message} {error.hint}".strip())
    else:
        messages.success(request, _message(done))
    if request.POST.get("from") == "receipt":
        anchor = f"#rejected-{place.load.load_id}"
        return HttpResponseRedirect(reverse("receipt", args=[place.receipt.token]) + anchor)
    return HttpResponseRedirect(place.address())


def _require(place: RejectsPage) -> None:
    place.rights.require_mend(state=place.receipt.state, own=place.own)


def _message(done: Mended | int) -> str:
    if isinstance(done, int):
        return f"Taken back: {done:,} row{'s' * (done != 1)} rejected again." if done else "Nothing to take back."
    if not done.loaded:
        return "No row was loaded: none is left that fits. Somebody may have been faster."
    left = f" {done.left:,} still do{'es' * (done.left == 1)} not fit." if done.left else ""
    return f"Loaded {done.loaded:,} row{'s' * (done.loaded != 1)}.{left}"


def _page(request: HttpRequest, template: str, place: RejectsPage, context: dict[str, object]) -> HttpResponse:
    response = render(request, template, {"place": place, "receipt": place.receipt, **context})
    response.headers["Cache-Control"] = "no-store"
    return response


def _mendable(lines: tuple[RejectLine, ...]) -> int:
    return sum(line.mend is not None for line in lines)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18
