"""Change the columns of a dataset on a page that needs no JavaScript: say what, see what it costs, do it."""

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from uploads.models import Dataset, DatasetColumn, Load
from uploads.services.columns.change import Change, parse_truth
from uploads.services.columns.preview import Preview, preview_change
from uploads.services.columns.requests import ask_for_change, chooser_of, pending_change, require_change_columns
from uploads.services.columns.shape import add_column, change_strictness, describe_column, remove_column, rename_column
from uploads.services.files.permissions import rights_of
from uploads.services.options.catalogue import OF_COLUMNS, OPTIONS, parse_option
from uploads.services.options.parsing import parse_flag, parse_null_words
from uploads.services.read_only import check_takes_files
from uploads.services.reading.indexes import indexes_of, refuse_index, want_index
from uploads.services.visibility import find_dataset
from uploads.states import Strictness
from uploads.tabular.errors import BadOption, UploaderError
from uploads.tabular.table import ColumnType, FormatHints
from uploads.views.datasets import dataset_page
from uploads.web.http_status import status_of
from uploads.web.offers.quick_pages import read_index
from uploads.web.parameters import takes
from uploads.web.sentences.columns import change_button, pending_elsewhere
from uploads.web.sentences.datasets.indexes import OfferedIndex, asked_words, dropped_words, offered_index
from uploads.web.visitors import known_visitor, viewer_of

SHAPES = ("act", "name", "label", "description", "strictness", "type")
INDEX = "index"
FIELDS = ("column", "type", "null_words", *OF_COLUMNS, "reject_misfits", "true_word", "false_word")


@require_http_methods(["GET", "HEAD", "POST"])
@takes(query=(*FIELDS, "receipt"), fields=(*FIELDS, "at_once", "receipt"), several=["column"])
def change_columns(request: HttpRequest, slug: str) -> HttpResponse:
    """Without a wish only the form; with one its cost; posted, the change is asked for.

    One click (``at_once``) does what was suggested, unless it reaches further than the suggestion says.
    """
    dataset = find_dataset(slug=slug, viewer=viewer_of(request))
    rights = rights_of(request.user)
    require_change_columns(rights=rights, visitor=known_visitor(request), dataset=dataset)
    check_takes_files(dataset)
    data = request.POST if request.method == "POST" else request.GET
    names = tuple(dict.fromkeys(filter(None, data.getlist("column"))))
    given = {**{field: data.get(field, "") for field in FIELDS}, "column": names[0] if names else ""}
    receipt = data.get("receipt", "")
    here = dataset_page(request, slug=dataset.slug, name=dataset.public_slug, is_draft=dataset.is_draft)
    back = _receipt_page(receipt, dataset) or here
    preview: Preview | None = None
    refusal: UploaderError | None = None
    try:
        change = wanted_change(given, names=names, dataset=dataset, with_words="null_words" in data)
        agreed = request.method == "POST" and "at_once" not in request.POST
        if change is not None and not agreed:
            preview = preview_change(dataset=dataset, change=change)
            agreed = request.method == "POST" and not _reaches_further(preview, names, dataset)
        if change is not None and agreed:
            ask_for_change(slug=dataset.slug, change=change, user_id=rights.user_id, chooser=chooser_of(rights))
            if back == here:
                messages.success(request, "A worker makes the change now; readers go on meanwhile.")
            return redirect(back)
    except UploaderError as error:
        refusal = error
    context = {
        "dataset": dataset,
        "receipt_token": "" if back == here else receipt,
        "back": back,
        "columns": dataset.columns.all(),
        "types": list(ColumnType),
        "more_columns": names[1:],
        "given": given if "null_words" in data else {**given, "null_words": ", ".join(dataset.null_words)},
        "words_label": OPTIONS["null_words"].label,
        "hints": [(OPTIONS[name], given[name]) for name in OF_COLUMNS],
        "preview": preview,
        "refusal": refusal,
        "pending": pending_elsewhere(pending_change(dataset=dataset)),
        "button": change_button(rows=preview.rows, rejected=preview.rejected or 0) if preview else "",
        "rejecting": {**given, "reject_misfits": "true"} if preview and preview.obstacle else None,
    }
    status = 200 if refusal is None else status_of(refusal)
    return render(request, "change_columns.html", context, status=status)


def _receipt_page(token: str, dataset: Dataset) -> str:
    """The receipt from which somebody came, of a file that is to do with the dataset; else empty."""
    if not token or "\0" in token:
        return ""
    loads = Load.objects.filter(file__token=token)
    is_of_it = loads.filter(Q(dataset=dataset) | Q(dataset__typed_by=dataset)).exists()
    return reverse("receipt", args=[token]) if is_of_it else ""


def wanted_change(
    given: Mapping[str, str], *, names: Sequence[str], dataset: Dataset, with_words: bool
) -> Change | None:
    """What the form asks for of these columns; ``None`` where nothing is filled in. Raises ``BadOption``."""
    types = {}
    if names and given["type"]:
        if given["type"] not in list(ColumnType):
            raise BadOption(f"There is no type “{given['type']}”.", hint=f"The types are {', '.join(ColumnType)}.")
        types = dict.fromkeys(names, ColumnType(given["type"]))
    words = tuple(parse_null_words("null_words", given["null_words"])) if with_words else None
    if words is not None and set(words) == set(dataset.null_words):
        words = None
    if not types and words is None:
        return None
    mark = parse_option("decimal", given["decimal"]) if given["decimal"] else None
    year = parse_option("first_year", given["first_year"]) if given["first_year"] else None
    hints = FormatHints(decimal=mark, day_first=parse_flag("day_first", given["day_first"]), first_year=year)
    rejects = parse_flag("reject_misfits", given["reject_misfits"]) or False
    truth = parse_truth(given["true_word"], given["false_word"])
    return Change(types=types, null_words=words, hints=hints, reject_misfits=rejects, truth=truth)


def _reaches_further(preview: Preview, names: Sequence[str], dataset: Dataset) -> bool:
    """Whether a person should see the cost first: it cannot be done, isn't looked at, rejects rows, or empties other
    columns too."""
    if preview.is_rejecting:
        return True
    labels = {column.label or column.name for column in dataset.columns.filter(name__in=names)}
    emptied = {label for label, _ in preview.emptied or ()}
    return bool(preview.obstacle) or not preview.checked or not emptied <= labels


@require_http_methods(["GET", "HEAD", "POST"])
@takes(fields=(*SHAPES, INDEX), several=[INDEX])
def dataset_columns(request: HttpRequest, slug: str) -> HttpResponse:
    """The page on which staff add, rename, remove and describe the columns of a dataset, and say how strict it is."""
    rights = rights_of(request.user)
    rights.require_change_dataset()
    dataset = find_dataset(slug=slug, viewer=viewer_of(request))
    check_takes_files(dataset)
    if request.method == "POST":
        try:
            words = _reshape(request, dataset.slug, rights.user_id)
        except UploaderError as error:
            messages.error(request, f"{error.message} {error.hint}".strip())
        else:
            messages.success(request, f"{words[:1].upper()}{words[1:]}{'' if words.endswith('.') else '.'}")
        return redirect("dataset-columns", slug=dataset.slug)
    context = {
        "dataset": dataset,
        "columns": _with_indexes(dataset),
        "types": list(ColumnType),
        "strictness": [(value, words, value == dataset.strictness) for value, words in Strictness.choices],
    }
    response = render(request, "dataset_columns.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _with_indexes(dataset: Dataset) -> list[tuple[DatasetColumn, list[OfferedIndex]]]:
    offered: dict[str, list[OfferedIndex]] = {}
    for index in indexes_of(dataset):
        offered.setdefault(index.name, []).append(offered_index(index))
    return [(column, offered.get(column.name, [])) for column in dataset.columns.all()]


def _ask_for_indexes(request: HttpRequest, slug: str, user_id: int | None) -> str:
    wanted = [read_index(word) for word in request.POST.getlist(INDEX)]
    if not wanted:
        raise BadOption("It is not said which index is wanted.", hint="Use a button of the page.")
    dataset = _dataset(slug)
    with transaction.atomic():
        names = [want_index(dataset=dataset, name=each.name, kind=each.kind, user_id=user_id) for each in wanted]
    return asked_words(list(dict.fromkeys(names)), kind=wanted[0].kind)


def _drop_index(request: HttpRequest, slug: str, user_id: int | None) -> str:
    index = read_index(request.POST.get(INDEX, ""))
    name = refuse_index(dataset=_dataset(slug), name=index.name, kind=index.kind, user_id=user_id)
    return dropped_words(name, kind=index.kind)


def _dataset(slug: str) -> Dataset:
    return Dataset.objects.get(slug=slug)


def _reshape(request: HttpRequest, slug: str, user_id: int | None) -> str:
    """Do one thing, and say what was done; raises what the services raise."""
    said = {field: request.POST.get(field, "") for field in SHAPES}
    match said["act"]:
        case "add":
            done = add_column(
                slug=slug,
                label=said["label"],
                type_=said["type"],
                description=said["description"],
                user_id=user_id,
            )
        case "rename":
            done = rename_column(slug=slug, name=said["name"], label=said["label"], user_id=user_id)
        case "describe":
            done = describe_column(slug=slug, name=said["name"], description=said["description"], user_id=user_id)
        case "remove":
            done = remove_column(slug=slug, name=said["name"], user_id=user_id)
        case "index":
            return _ask_for_indexes(request, slug, user_id)
        case "drop_index":
            return _drop_index(request, slug, user_id)
        case "strictness":
            now = change_strictness(slug=slug, strictness=said["strictness"], user_id=user_id)
            return f"a file with other columns: {now.label}"
        case _:
            raise BadOption("It is not said what is to be done.", hint="Use a button of the page.")
    return done.words
