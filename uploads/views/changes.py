"""What changes with a file: counts first, then the first rows of each kind, then columns. It is a page of its own, so
that a receipt is there at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from uploads.services.comparison.compare import PAGE_SECONDS, Wish, compare_files, compare_with_active, sees_rows
from uploads.services.comparison.counterparts import Counterparts, counterparts_of
from uploads.services.comparison.result import Comparison, Example, TableChanges
from uploads.services.errors import KeyNotUnique, NotAllowed, NotSignedIn
from uploads.services.files.receipts import FileReceipt, describe_token
from uploads.states import FileState
from uploads.tabular.errors import BadOption, UploaderError
from uploads.web.http_status import status_of
from uploads.web.parameters import takes
from uploads.web.sentences.comparison import (
    BLANK,
    Count,
    FigureRow,
    activation_sentence,
    beside_sentence,
    column_sentences,
    counts_of,
    example_titles,
    figure_rows,
    how_compared,
    left_over_sentences,
    place_in_words,
    rejected_sentence,
    sides_in_words,
)
from uploads.web.visitors import viewer_of

FEW_ROWS = 1_000_000
"""Of both files together: up to so many the figures of each column are there without being asked for, in a second."""
MOST_COLUMNS = 12
"""Of an example that are shown: the key first, and of changed rows those that changed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownCell:
    """A cell of an example; ``old`` only where it changed."""

    column: str
    text: str
    is_blank: bool
    old: str = ""
    is_changed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownRow:
    place: str
    times: int
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownRows:
    """The first rows of one kind."""

    kind: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[ShownRow, ...]
    more_columns: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownTable:
    name: str
    counts: tuple[Count, ...]
    how: str
    rejected: str
    columns: tuple[str, ...]
    examples: tuple[ShownRows, ...]
    figures: tuple[FigureRow, ...] | None


@require_safe
@takes(query=["with", "key", "figures"], several=["key"])
def changes(request: HttpRequest, token: str) -> HttpResponse:
    """``?with=7&key=code``: from file 7, or from what is active, to this one."""
    receipt = describe_token(token=token, viewer=viewer_of(request))
    _require_seen(request, receipt)
    beside = counterparts_of(file_id=receipt.file_id, viewer=viewer_of(request))
    key = list(dict.fromkeys(request.GET.getlist("key")))
    chosen = request.GET.get("with") or ("active" if beside.active else "")
    if not chosen and beside.files:
        chosen = str(beside.files[0].file_id)
    context = {"receipt": receipt, "beside": beside, "chosen": chosen, "key": key}
    status = 200
    try:
        if chosen:
            context |= _by_likely_key(request, receipt, beside, chosen) or _found(request, receipt, beside, chosen, key)
    except UploaderError as error:
        if isinstance(error, NotAllowed):
            raise
        context["error"] = error
        status = status_of(error) if request.GET else 200
    response = render(request, "changes.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _by_likely_key(
    request: HttpRequest, receipt: FileReceipt, beside: Counterparts, chosen: str
) -> dict[str, object] | None:
    """By the columns that its receipt asks about, as long as nothing else was said and they tell the rows apart."""
    key = list(receipt.overlaps[0].key) if not request.GET and len(receipt.overlaps) == 1 else []
    try:
        return {**_found(request, receipt, beside, chosen, key), "key": key} if key else None
    except (KeyNotUnique, BadOption):
        return None


def _require_seen(request: HttpRequest, receipt: FileReceipt) -> None:
    """Whoever holds the address of a receipt reads the receipt; rows are another matter until they are active."""
    viewer = viewer_of(request)
    if sees_rows(
        file_id=receipt.file_id, state=receipt.state, visitor=receipt.visitor, user_id=receipt.sender_id, viewer=viewer
    ):
        return
    message = "The rows of a file that is not active are for its sender and for staff to see."
    if viewer.user_id is None:
        raise NotSignedIn(message, hint="Use the browser that sent it, or sign in.")
    raise NotAllowed(message, hint="Ask an administrator for the permission “uploads.view_uploadedfile”.")


def _found(
    request: HttpRequest, receipt: FileReceipt, beside: Counterparts, chosen: str, key: Sequence[str]
) -> dict[str, object]:
    other = next((file.rows for file in beside.files if str(file.file_id) == chosen), 0)
    is_small = receipt.rows_loaded + other <= FEW_ROWS and chosen != "active"
    wish = Wish(key=key or None, figures=is_small or request.GET.get("figures") == "all", seconds=PAGE_SECONDS)
    comparison = _compared(request, receipt, chosen, wish)
    address = request.GET.copy()
    address["with"], address["figures"] = chosen, "all"
    old, new = sides_in_words(comparison)
    only_beside = beside_sentence(comparison) if receipt.state is FileState.ACTIVE else ""
    labels = dict(beside.columns)
    return {
        "comparison": comparison,
        "old": old,
        "new": new,
        "effect": activation_sentence(comparison, is_asked=bool(receipt.overlaps)) or only_beside,
        "left_over": left_over_sentences(comparison),
        "tables": [shown_table(table, labels) for table in comparison.tables],
        "all_figures": "" if wish.figures else f"?{address.urlencode()}",
    }


def _compared(request: HttpRequest, receipt: FileReceipt, chosen: str, wish: Wish) -> Comparison:
    viewer = viewer_of(request)
    if chosen == "active":
        return compare_with_active(file_id=receipt.file_id, wish=wish, viewer=viewer)
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) <= 9):
        raise BadOption("It is not said with which file to compare.", hint="Choose one of the list.")
    return compare_files(old_id=int(chosen), new_id=receipt.file_id, wish=wish, viewer=viewer)


def shown_table(table: TableChanges, labels: Mapping[str, str]) -> ShownTable:
    """Prepare one table. ``labels``: what columns are called in the file, by their names."""
    same = table.old_table == table.new_table
    kinds = (
        ("changed", table.changed, table.examples.changed),
        ("new", table.new, table.examples.new),
        ("gone", table.gone, table.examples.gone),
    )
    return ShownTable(
        name=table.new_table if same else f"{table.old_table} → {table.new_table}",
        counts=counts_of(table),
        how=how_compared(table),
        rejected=rejected_sentence(table),
        columns=column_sentences(table),
        examples=tuple(
            _shown_rows(kind, number, examples, table.key or (), labels) for kind, number, examples in kinds if examples
        ),
        figures=None if table.figures is None else figure_rows(table.figures),
    )


def _shown_rows(
    kind: str, number: int, examples: Sequence[Example], key: Sequence[str], labels: Mapping[str, str]
) -> ShownRows:
    all_columns = list(dict.fromkeys(name for each in examples for name in each.values))
    first = dict.fromkeys([*key, *(name for each in examples for name in each.changes)])
    columns = list(dict.fromkeys([*first, *all_columns]))[:MOST_COLUMNS]
    return ShownRows(
        kind=kind,
        title=example_titles(kind, number, sum(each.times for each in examples)),
        columns=tuple(labels.get(name) or name for name in columns),
        rows=tuple(
            ShownRow(
                place=place_in_words(each),
                times=each.times,
                cells=tuple(_cell(each, name) for name in columns),
            )
            for each in examples
        ),
        more_columns=len(all_columns) - len(columns),
    )


def _cell(example: Example, name: str) -> ShownCell:
    value = example.values.get(name)
    change = example.changes.get(name)
    return ShownCell(
        column=name,
        text=value if value is not None else BLANK if change is not None else "",
        is_blank=value is None and change is None,
        old="" if change is None else BLANK if change.old is None else change.old,
        is_changed=change is not None,
    )
