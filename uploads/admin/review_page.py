"""What the review shows: a line of the queue, and all about one file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.urls import reverse

from uploads.admin.read_only import rights
from uploads.models import Load, UploadedFile
from uploads.services.budget import Budget, page_budget
from uploads.services.comparison.compare import PAGE_SECONDS, Wish, compare_with_active
from uploads.services.comparison.result import Comparison
from uploads.services.errors import KeyNotUnique
from uploads.services.files.history import list_events
from uploads.services.files.load_receipt import LoadReceipt
from uploads.services.files.permissions import Abilities, FileAction
from uploads.services.files.receipts import FileReceipt, describe_file
from uploads.services.joining.seen import activation_seen
from uploads.services.merging.overlap import Overlap, overlaps_of
from uploads.services.rejects.groups import RejectGroup, group_rejects
from uploads.services.reviewing.acts import LONGEST
from uploads.services.reviewing.queue import Order, place_of, words_of_loading
from uploads.services.visibility import WITHOUT_SENDER
from uploads.states import FileState, Mode, Review
from uploads.tabular.errors import BadOption, UploaderError
from uploads.tabular.table import row_word_of
from uploads.web.forms.plan_form import questions_on
from uploads.web.offers.joining import join_offer
from uploads.web.sentences.comparison import Count, activation_sentence, column_sentences, counts_of, how_compared
from uploads.web.sentences.files import expiry_sentence
from uploads.web.sentences.joining import JoinQuestion
from uploads.web.sentences.phrases import counted
from uploads.web.sentences.receipts import names_in_doubt, tables_together
from uploads.web.sentences.reviewing import answer_first_words, homes_in_words, sender_words, why_it_waits
from uploads.web.sentences.tables import table_title
from uploads.web.shown.first_rows import Preview, previews_of
from uploads.web.shown.source_lines import lines_address
from uploads.web.visitors import viewer_of

FEW_ROWS = 100_000
"""Of the file and of what is active: up to so many are compared without being asked."""
FAULTS_SHOWN = 6
ORDER_IN_SESSION = "review_order"
"""What this person chose last; a value of ``Order``."""


def order_of(request: HttpRequest) -> Order:
    """In which the files of the review come for this person."""
    chosen = str(request.session.get(ORDER_IN_SESSION, ""))
    return Order(chosen) if chosen in Order else Order.ARRIVAL


class Undo(StrEnum):
    """What a message offers to undo; it travels with the message as a tag."""

    ACTIVATION = "undo"
    SAYING = "take_up"
    STAY = "stay"
    """Nothing, and the file is looked at again."""

    def tag(self, file_id: int) -> str:
        return f"review-{self.value}-{file_id}"


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownMessage:
    text: str
    level: str
    act: str = ""
    """What undoes it."""
    address: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueRow:
    """A file that waits."""

    file: UploadedFile
    receipt: FileReceipt
    sender: str
    home: str
    why: tuple[str, ...]
    said: str
    """The question, the answer or the reason."""
    said_at: datetime | None
    expiry: str
    """What becomes of it without an answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewedTable:
    load: LoadReceipt
    title: str
    facts: str
    unit: str
    faults: tuple[RejectGroup, ...]
    more_faults: int
    preview: Preview | None
    lines_address: str
    """Of the page to which the number of a line is added; empty where there is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangedTable:
    name: str
    counts: tuple[Count, ...]
    how: str
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What changes in the dataset, as far as it is known; ``is_possible``: there is something to compare with."""

    is_possible: bool
    tables: tuple[ChangedTable, ...] = ()
    effect: str = ""
    """What activating it changes."""
    trouble: str = ""


def shown_messages(request: HttpRequest) -> list[ShownMessage]:
    """The messages of the last act, each with what undoes it."""
    found = []
    for message in get_messages(request):
        act, address = "", ""
        tag = (message.extra_tags or "").split("-")
        if len(tag) == 3 and tag[0] == "review":
            act, address = tag[1], reverse("admin:uploads_review_file", args=[int(tag[2])])
        found.append(ShownMessage(text=str(message), level=message.level_tag, act=act, address=address))
    return found


def row_of(file: UploadedFile, receipt: FileReceipt, loading_words: str) -> QueueRow:
    """One line of the queue."""
    declined, question = receipt.conversation.declined, receipt.conversation.question
    said = declined.reason if declined else (question.answer or question.text) if question else ""
    return QueueRow(
        file=file,
        receipt=receipt,
        sender=sender_words(file),
        home=homes_in_words(receipt),
        why=why_it_waits(receipt, loading_words=loading_words),
        said=said,
        said_at=file.review_at,
        expiry=expiry_sentence(receipt.answer_by),
    )


def page_of(request: HttpRequest, *, file_id: int, with_changes: bool) -> dict[str, Any]:
    """The context of the page of one file; raises ``FileNotFound``."""
    receipt = describe_file(file_id=file_id, viewer=viewer_of(request))
    file = UploadedFile.objects.select_related("uploaded_by").get(pk=file_id)
    can = _abilities(request, receipt)
    is_here = receipt.state is FileState.LOADED
    is_decided = receipt.was_active and not receipt.review and not receipt.is_open
    waits = is_here and not is_decided and receipt.review is not Review.DECLINED
    budget = page_budget(asked=_asks_for_all(request))
    seen = activation_seen(file_id=file_id) if is_here and can.activate else ""
    overlaps = overlaps_of(file_id=file_id, budget=budget) if is_here else ()
    adds = rights(request).changes_datasets
    plans = questions_on(file_id=file_id, may_add=adds) if waits and can.activate else ()
    has_open_plans = any(plan.is_open for plan in plans)
    joining = None if has_open_plans else _joining(request, receipt, overlaps, can, budget, seen=seen)
    says_how = bool(joining and joining.buttons and not joining.is_decided)
    is_asked = has_open_plans or says_how
    return {
        "title": receipt.name,
        "receipt": receipt,
        "file": file,
        "sender": sender_words(file),
        "can": can,
        "may_ask": can.ask and file.via not in WITHOUT_SENDER,
        "may_undo": receipt.state is FileState.ACTIVE and FileAction.TAKE_UP in rights(request).acts,
        "place": place_of(file_id=file_id, order=order_of(request)),
        "why": why_it_waits(receipt, loading_words=words_of_loading([file_id]).get(file_id, "")) if waits else (),
        "home": homes_in_words(receipt),
        "names": names_in_doubt(receipt),
        "together": tables_together(receipt),
        "joining": joining,
        "seen": seen,
        "plans": plans,
        "plan_action": reverse("admin:uploads_review_file", args=[file_id]),
        "may_change_dataset": adds,
        "answer_first": answer_first_words(len(joining.buttons)) if joining and says_how else "",
        "activate": "" if is_asked else f"Activate {counted(receipt.rows_loaded, 'row')}",
        "tables": _tables(request, receipt),
        "changes": _changes(request, receipt, overlaps, with_changes=with_changes, budget=budget),
        "conversation": receipt.conversation,
        "events": list_events(file_id=file_id),
        "longest": LONGEST,
    }


def _abilities(request: HttpRequest, receipt: FileReceipt) -> Abilities:
    return rights(request).can(
        state=receipt.state,
        was_active=receipt.was_active,
        has_bytes=receipt.has_bytes,
        review=receipt.review,
        is_open=receipt.is_open,
    )


def _asks_for_all(request: HttpRequest) -> bool:
    return request.GET.get("count") == "all"


def _joining(
    request: HttpRequest,
    receipt: FileReceipt,
    overlaps: Sequence[Overlap],
    can: Abilities,
    budget: Budget,
    *,
    seen: str,
) -> JoinQuestion | None:
    if not can.activate:
        return None
    modes = {Mode.APPEND: True, Mode.REPLACE: can.replace, Mode.MERGE: rights(request).changes_datasets}
    return join_offer(
        file_id=receipt.file_id,
        may=modes,
        is_full=receipt.is_full,
        overlaps=overlaps,
        budget=budget,
        is_asked=_asks_for_all(request),
        seen=seen,
    )


def _tables(request: HttpRequest, receipt: FileReceipt) -> tuple[ReviewedTable, ...]:
    previews: Mapping[int, Preview] = {
        preview.load_id: preview for preview in previews_of(file_id=receipt.file_id, viewer=viewer_of(request))
    }
    return tuple(
        _table(load, previews.get(load.load_id), receipt.loads, lines=lines_address(receipt.token, load))
        for load in receipt.loads
    )


def _table(load: LoadReceipt, preview: Preview | None, among: Sequence[LoadReceipt], *, lines: str) -> ReviewedTable:
    summary = group_rejects(load_id=load.load_id) if load.rejected else None
    facts = [load.format.upper(), counted(load.loaded, "row"), counted(len(load.columns), "column")]
    groups = summary.groups[:FAULTS_SHOWN] if summary else ()
    return ReviewedTable(
        load=load,
        title=table_title(load, among),
        facts=", ".join(facts),
        unit=f"{row_word_of(load.format)}s",
        faults=tuple(groups),
        more_faults=len(summary.groups) - len(groups) + summary.more_groups if summary else 0,
        preview=preview,
        lines_address=lines,
    )


def _changes(
    request: HttpRequest, receipt: FileReceipt, overlaps: Sequence[Overlap], *, with_changes: bool, budget: Budget
) -> Changes:
    """At once where it is quick; else a button asks for it."""
    homes = [overlap.dataset for overlap in overlaps]
    active = Load.objects.filter(dataset__slug__in=homes, file__state=FileState.ACTIVE)
    there = sum(active.values_list("rows_loaded", flat=True))
    if not there:
        return Changes(is_possible=False)
    if not with_changes and (receipt.rows_loaded + there > FEW_ROWS or budget.is_spent):
        return Changes(is_possible=True)
    seconds = PAGE_SECONDS if with_changes else budget.left
    try:
        found = _compared(request, receipt.file_id, overlaps, seconds)
    except UploaderError as error:
        return Changes(is_possible=True, trouble=f"{error.message} {error.hint}".rstrip() if with_changes else "")
    tables = tuple(
        ChangedTable(
            name=table.new_table, counts=counts_of(table), how=how_compared(table), columns=column_sentences(table)
        )
        for table in found.tables
    )
    is_asked = bool(receipt.overlaps) and not all(overlap.is_decided for overlap in overlaps)
    return Changes(is_possible=True, tables=tables, effect=activation_sentence(found, is_asked=is_asked))


def _compared(request: HttpRequest, file_id: int, overlaps: Sequence[Overlap], seconds: float) -> Comparison:
    """By the column that looks like a key, so that a corrected row is one that changed; else by whole rows."""
    viewer = viewer_of(request)
    if len(overlaps) == 1 and overlaps[0].key:
        wish = Wish(key=overlaps[0].key, figures=False, seconds=seconds)
        try:
            return compare_with_active(file_id=file_id, wish=wish, viewer=viewer)
        except (KeyNotUnique, BadOption):  # it tells the rows of this file apart, and not those that are there
            pass
    return compare_with_active(file_id=file_id, wish=Wish(figures=False, seconds=seconds), viewer=viewer)
