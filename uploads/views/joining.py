"""How a file joins its dataset: asked on its receipt, and said for all files on a page of the dataset."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from uploads.models import Dataset, Load, UploadedFile
from uploads.services.choice import Chooser
from uploads.services.datasets.browsing import describe_dataset
from uploads.services.files.permissions import FileAction, rights_of
from uploads.services.files.receipts import describe_token
from uploads.services.joining.modes import join_file, require_to_join
from uploads.services.merging.choices import SaidChoices
from uploads.services.merging.likely_keys import likely_columns
from uploads.services.merging.modes import change_mode, mode_of, mode_words, parse_mode
from uploads.services.merging.order import order_files
from uploads.services.merging.switching import active_in_order
from uploads.services.options.parsing import parse_flag
from uploads.services.read_only import check_slug_takes_files
from uploads.services.visibility import find_dataset
from uploads.states import Kept, Mode
from uploads.tabular.errors import UploaderError
from uploads.web.parameters import takes
from uploads.web.sentences.files import fitting_sentence
from uploads.web.sentences.joining import ORDER_HINT, suggestion_hint
from uploads.web.sentences.phrases import counted
from uploads.web.visitors import viewer_of


@dataclass(frozen=True, kw_only=True, slots=True)
class ModeChoice:
    """One way to join, on the form."""

    value: str
    label: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyColumn:
    name: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptChoice:
    """Whether the old value stays."""

    name: str
    label: str
    chosen: Kept

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        words = {Kept.REPLACE: "empties the old value", Kept.KEEP: "leaves the old value"}
        return [(each.value, words[each], each == self.chosen) for each in Kept]


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderedFile:
    """An active file in its place, and the order that would be with it one place further down."""

    file_id: int
    name: str
    token: str
    lower: str
    """Numbers of files, with commas between them; empty for the last."""


@require_POST
@takes(fields=["mode", "key", "full"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Activate a loaded file in the way that was chosen, and remember it for its datasets."""
    receipt = describe_token(token=token, viewer=viewer_of(request))
    rights = rights_of(request.user)
    rights.require(FileAction.ACTIVATE)
    try:
        mode = parse_mode(request.POST.get("mode", ""))
        require_to_join(rights, mode)
        done = join_file(
            file_id=receipt.file_id,
            mode=mode,
            key=request.POST.get("key", "").split(","),
            full=(full := bool(parse_flag("full", request.POST.get("full")))),
            remember=rights.changes_datasets and not full,
            user_id=rights.user_id,
        )
    except UploaderError as error:
        messages.error(request, f"{error.message} {error.hint}".strip())
    else:
        if done.fitting:
            messages.success(request, fitting_sentence(why=done.fitting))
        else:
            messages.success(request, f"Activated in {done.milliseconds:.0f} ms: {counted(done.rows, 'row')}.")
    return redirect("receipt", token=token)


@require_http_methods(["GET", "HEAD", "POST"])
@takes(fields=["mode", "key", "order", "blanks", "missing_columns", "delete_column", "delete_values"], several=["key"])
def dataset_mode(request: HttpRequest, slug: str) -> HttpResponse:
    """The page on which staff say how files join a dataset, and in which order they merge."""
    summary = describe_dataset(slug=slug, viewer=viewer_of(request))
    rights = rights_of(request.user)
    rights.require_change_dataset()
    check_slug_takes_files(summary.slug)
    if request.method == "POST":
        try:
            _change(request, summary.slug, rights.user_id)
        except UploaderError as error:
            messages.error(request, f"{error.message} {error.hint}".strip())
            return redirect("dataset-mode", slug=slug)
        return redirect("dataset-mode" if "order" in request.POST else "dataset", slug=slug)
    dataset = find_dataset(slug=summary.slug, viewer=viewer_of(request))
    now = mode_of(dataset)
    files = _ordered_files(dataset)
    key = now.key or _suggested(dataset, [file.file_id for file in files])
    context = {
        "dataset": summary,
        "choices": [
            ModeChoice(
                value=mode.value,
                label=str(mode.label).capitalize(),
                words=mode_words(mode, key) if mode != Mode.MERGE or key else _WITHOUT_KEY,
                is_chosen=mode == now.mode,
            )
            for mode in Mode
        ],
        "columns": [
            KeyColumn(name=name, label=label or name, is_chosen=name in key)
            for name, label in dataset.columns.values_list("name", "label")
        ],
        "kept": [
            KeptChoice(name="blanks", label="A blank in a later file", chosen=now.choices.blanks),
            KeptChoice(name="missing_columns", label="A column that a later file lacks", chosen=now.choices.missing),
        ],
        "mark": now.choices.mark,
        "mark_values": ", ".join(now.choices.mark_values),
        "suggested": "" if now.key else suggestion_hint(key),
        "files": files if now.mode is Mode.MERGE and len(files) > 1 else (),
        "order_hint": ORDER_HINT,
    }
    response = render(request, "dataset_mode.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


_WITHOUT_KEY = "a new file updates the rows with the same key and adds the others"


def _change(request: HttpRequest, slug: str, user_id: int | None) -> None:
    if "order" in request.POST:
        numbers = [int(text) for text in request.POST["order"].split(",") if text.isascii() and text.isdigit()]
        order_files(slug=slug, file_ids=numbers, user_id=user_id)
        messages.success(request, "The order is changed.")
        return
    mode = parse_mode(request.POST.get("mode", ""))
    key = request.POST.getlist("key") if mode is Mode.MERGE else []
    said = _said(request) if mode is Mode.MERGE else None
    now = change_mode(slug=slug, mode=mode, key=key, said=said, user_id=user_id, chooser=Chooser.STAFF)
    messages.success(request, f"Saved: {now.words}.")


def _said(request: HttpRequest) -> SaidChoices:
    """A form has all of it; what a request leaves out stays."""
    column, values = request.POST.get("delete_column"), request.POST.get("delete_values", "")
    return SaidChoices(
        blanks=request.POST.get("blanks"),
        missing=request.POST.get("missing_columns"),
        delete_when=None if column is None else (column, values.split(",")),
    )


def _ordered_files(dataset: Dataset) -> list[OrderedFile]:
    order = active_in_order(dataset)
    files = UploadedFile.objects.in_bulk(order)
    found = []
    for place, file_id in enumerate(order):
        lower = [*order[:place], *order[place + 1 : place + 2], file_id, *order[place + 2 :]]
        found.append(
            OrderedFile(
                file_id=file_id,
                name=files[file_id].name,
                token=files[file_id].token,
                lower=",".join(map(str, lower)) if place + 1 < len(order) else "",
            )
        )
    return found


def _suggested(dataset: Dataset, active: list[int]) -> tuple[str, ...]:
    """The columns that look like a key in the first of the active files."""
    loads = Load.objects.filter(dataset=dataset, file__in=active[:1]).exclude(part="")
    first = loads.order_by("position").first()
    return () if first is None else likely_columns(dataset=dataset, load=first)
