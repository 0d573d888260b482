"""The receipt of a file: what it was taken for and what became of each of its lines."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from uploads.models import Load
from uploads.services.budget import page_budget
from uploads.services.columns.left_behind import columns_left_by
from uploads.services.comparison.compare import sees_rows
from uploads.services.comparison.counterparts import counterparts_of
from uploads.services.datasets.ending import datasets_ending_with
from uploads.services.files.history import list_events
from uploads.services.files.load_receipt import LoadReceipt
from uploads.services.files.permissions import Abilities, FileAction, Rights, rights_of
from uploads.services.files.receipts import FileReceipt, describe_token
from uploads.services.files.withdrawal import check_not_public, may_withdraw, withdraw_file
from uploads.services.joining.seen import activation_seen
from uploads.services.merging.likely_keys import key_offer
from uploads.services.rejects.groups import count_mended, rejects_csv
from uploads.services.visibility import visible_files
from uploads.states import HAS_DATA, IN_PROGRESS, FileState, Mode
from uploads.views.datasets import dataset_page
from uploads.views.plans import plan_questions
from uploads.web.downloads import csv_download
from uploads.web.offers.changes import changes_told
from uploads.web.offers.columns import offers
from uploads.web.offers.joining import join_offer
from uploads.web.offers.questions import Asked, of_whole_file, questions_asked, sentences_beside
from uploads.web.offers.readings import ways_to_read
from uploads.web.offers.rows import LeaveOut, has_offer, leave_out_offer
from uploads.web.parameters import takes
from uploads.web.sentences.columns import key_proposal, left_sentence
from uploads.web.sentences.duplicates import repeated_of
from uploads.web.sentences.exports import words_not_kept
from uploads.web.sentences.files import (
    PAGE_WORDS,
    WITHDRAWAL,
    WITHDRAWN,
    buttons_of,
    ending_sentence,
    expiry_sentence,
    keeping_sentence,
    receipt_is_read,
)
from uploads.web.sentences.joining import (
    JoinQuestion,
    full_sentence,
    hidden_sentences,
    merged_sentences,
)
from uploads.web.sentences.phrases import counted
from uploads.web.sentences.plans import PlanQuestion
from uploads.web.sentences.receipts import answered_by, receipt_notice, rows_apart, tables_together
from uploads.web.sentences.rejects import mends_by
from uploads.web.sentences.reviewing import review_notice
from uploads.web.shown.first_rows import previews_of
from uploads.web.shown.receipt_tables import Table, table_of
from uploads.web.shown.source_lines import as_in_file_address, lines_address
from uploads.web.visitors import known_visitor, viewer_of

FORMS = {
    FileAction.ACTIVATE: "join",
    FileAction.ADD: "add-duplicate",
    FileAction.REPLACE: "replace",
    FileAction.PUT_BACK: "put-back",
}
"""Acts that are forms on the receipt, and work without JavaScript: the addresses that they are posted to."""


@require_safe
@takes(query=["count"])
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    found = describe_token(token=token, viewer=viewer_of(request))
    can = _abilities(request, found)
    is_there = can.read_again or found.state in HAS_DATA or found.state is FileState.FAILED
    questions = questions_asked(found.loads, file_id=found.file_id) if is_there else ()
    plans = plan_questions(request, found, can)
    tables = _with_asked(_tables(request, found, can, are_asked=bool(questions)), questions, plans)
    changes, rights = changes_told(request, found), rights_of(request.user)
    seen = activation_seen(file_id=found.file_id) if can.activate else ""
    joining = None if any(plan.is_open for plan in plans) else _joining(request, found, can, seen=seen)
    # whom it would have met may have been switched off since: then nothing is asked, and it is activated as others are
    is_free = can.activate and joining is None and not found.columns_open
    buttons = buttons_of(replace(found, overlaps=()) if is_free else found, can=can)
    offered = {button.act for button in buttons}
    if can.withdraw:
        get_token(request)  # a browser that never was here before may act too
    response = render(
        request,
        "receipt.html",
        {
            "receipt": found,
            "tables": tables,
            "together": (*tables_together(found), *of_whole_file(found.loads)),
            "questions": questions,
            "plans": plans,
            "answered_by": answered_by(found, rights, can=can, is_asked=bool(questions), has_plans=bool(plans)),
            "may_change_dataset": rights.changes_datasets,
            "joining": joining,
            "seen": seen,
            "said": review_notice(found, can=can),
            "key_offer": key_proposal(key_offer(file_id=found.file_id)) if rights.changes_datasets else None,
            "left_columns": _left_columns(found) if rights.changes_datasets else [],
            "full_list": full_sentence(is_full=found.is_full),
            **_changing(changes),
            **_of_state(found, rights, can),
            "ending": ending_sentence(datasets_ending_with(file_ids=[found.file_id]) if can.delete else ()),
            "events": list_events(file_id=found.file_id),
            "can": can,
            "offers_withdrawal": FileAction.WITHDRAW in offered,
            "buttons": json.dumps([asdict(button) for button in buttons]),
            "forms": [(reverse(FORMS[button.act], args=[token]), button) for button in buttons if button.act in FORMS],
            "may_compare": found.state in HAS_DATA and _sees_counterparts(request, found),
            "may_replace": can.replace and found.state is FileState.LOADED and FileAction.REPLACE not in offered,
            "page_words": json.dumps(PAGE_WORDS),
            "expiry": f"{expiry_sentence(found.answer_by)} {keeping_sentence(found)}".strip(),
            "notice": receipt_notice(found, can=can, address=partial(address_of, request)),
        },
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _changing(changes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    is_changing = any(change["pending"] and not change["pending"].error for change in changes)
    return {"changes": changes, "is_changing": is_changing}


def _of_state(found: FileReceipt, rights: Rights, can: Abilities) -> dict[str, Any]:
    is_active = found.state is FileState.ACTIVE
    return {
        "state_word": found.state_word,
        "in_progress": found.state in IN_PROGRESS,
        "has_data": found.state in HAS_DATA,
        "is_gone": found.state is FileState.DELETED,
        "read_by": receipt_is_read(found),
        "reading_helps": can.read_again and found.is_readable,
        "rows_apart": rows_apart(found, rights),
        "shown_in": sorted({load.dataset for load in found.loads if load.dataset}) if is_active else [],
    }


def _left_columns(found: FileReceipt) -> list[tuple[str, str]]:
    """The slug of each dataset in which columns stay that only this file had, and what is said of them."""
    return [(each.slug, left_sentence(each)) for each in columns_left_by(file_id=found.file_id)]


def _joining(request: HttpRequest, found: FileReceipt, can: Abilities, *, seen: str) -> JoinQuestion | None:
    if not can.activate:
        return None
    rights = rights_of(request.user)
    modes = {Mode.APPEND: True, Mode.REPLACE: can.replace, Mode.MERGE: rights.changes_datasets}
    asked = request.GET.get("count") == "all"
    budget = page_budget(asked=asked)
    return join_offer(file_id=found.file_id, may=modes, is_full=found.is_full, budget=budget, is_asked=asked, seen=seen)


def _tables(request: HttpRequest, found: FileReceipt, can: Abilities, *, are_asked: bool) -> tuple[Table, ...]:
    mended = count_mended(file_id=found.file_id)
    viewer = viewer_of(request)
    previews = {each.load_id: each for each in previews_of(file_id=found.file_id, viewer=viewer, holds=True)}
    shows_lines = found.shows_lines_to(viewer, holds=True)
    offered = _offers(request, found)
    by = mends_by(state=found.state, may_mend=can.mend)
    return tuple(
        replace(
            table_of(load, mended.get(load.load_id, 0), among=found.loads, by=by),
            page=dataset_page(request, slug=load.address or "", name=load.dataset or "", is_draft=load.is_draft),
            offers=offered.get(load.load_id, {}),
            leave_out=_leave_out(found, load, can),
            preview=previews.get(load.load_id),
            lines_address=lines_address(found.token, load) if shows_lines else "",
            as_in_file=as_in_file_address(found, load) if shows_lines else "",
            not_kept="" if load.prints_back else words_not_kept(found.file_id),
            naming="" if place and load.outlook is not None and load.outlook.is_usual else load.naming,
            ways=ways_to_read(load, file_id=found.file_id, among=found.loads) if can.read_again else (),
            sentences=(
                *repeated_of(load),
                *merged_sentences(load.merged, unknown=load.merged_unknown),
                *hidden_sentences(load.hidden, may_delete=load.may_delete),
                *sentences_beside(load, are_asked=are_asked, is_alone=len(found.loads) == 1),
            ),
        )
        for place, load in enumerate(found.loads)
        if load.columns or found.state not in IN_PROGRESS  # of one that is being read nothing is counted yet
    )


def _with_asked(
    tables: Sequence[Table], questions: Sequence[Asked], plans: Sequence[PlanQuestion]
) -> tuple[Table, ...]:
    """The tables, each with how much is asked of it at the top."""
    of_load = Counter(question.load_id for question in questions)
    of_place = Counter(plan.position for plan in plans if plan.is_open)
    return tuple(
        replace(table, asks=counted(count, "question")) if count else table
        for place, table in enumerate(tables, start=1)
        for count in [of_load[table.load.load_id] + of_place[place]]
    )


def _offers(request: HttpRequest, found: FileReceipt) -> dict[int, Mapping[str, Any]]:
    """By the load, of tables in which something was suggested; tables of one dataset are offered the same."""
    if found.state not in HAS_DATA and found.state is not FileState.FAILED:
        return {}
    suggested = [
        load.load_id
        for load in found.loads
        if any(column["suggestion"] or column["alternatives"] for column in load.columns)
    ]
    offered: dict[tuple[int | None, int | None], Mapping[str, Any]] = {}
    of_loads: dict[int, Mapping[str, Any]] = {}
    for load in Load.objects.filter(pk__in=suggested).select_related("dataset__typed_by") if suggested else ():
        home, is_draft = load.dataset, load.dataset is not None and load.dataset.is_draft
        if is_draft and home is not None:
            home = home.typed_by or home
        alone = load.pk if is_draft or found.state is FileState.FAILED else None
        key = None if home is None else home.pk, alone
        if key not in offered:
            offered[key] = offers(request, dataset=home, load_id=alone)
        of_loads[load.pk] = offered[key]
    return of_loads


def _leave_out(found: FileReceipt, load: LoadReceipt, can: Abilities) -> LeaveOut | None:
    """Looked up only for a table in which something was found, and for whoever may have the file read again."""
    if not can.read_again or not has_offer(load):
        return None
    return leave_out_offer(load, file_id=found.file_id, among=found.loads)


def _sees_counterparts(request: HttpRequest, found: FileReceipt) -> bool:
    """Whether there is something to compare its rows with, and this person may see them."""
    viewer = viewer_of(request)
    if not sees_rows(
        file_id=found.file_id, state=found.state, visitor=found.visitor, user_id=found.sender_id, viewer=viewer
    ):
        return False
    beside = counterparts_of(file_id=found.file_id, viewer=viewer)
    return bool(beside.active or beside.files)


def _abilities(request: HttpRequest, found: FileReceipt) -> Abilities:
    """Whoever looks at a receipt holds its token."""
    rights = rights_of(request.user)
    own = found.is_own(user_id=rights.user_id, visitor=known_visitor(request))
    holds = _may_withdraw(request, found)
    return rights.can(
        state=found.state,
        own=own,
        holds=holds,
        was_active=found.was_active,
        has_bytes=found.has_bytes,
        review=found.review,
        is_open=found.is_open,
    )


def _may_withdraw(request: HttpRequest, found: FileReceipt) -> bool:
    user_id = rights_of(request.user).user_id
    return may_withdraw(receipt=found, user_id=user_id, visitor=known_visitor(request), holds=True)


@require_http_methods(["GET", "HEAD", "POST"])
@takes()
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, with what will happen; posted, do it."""
    found = describe_token(token=token)
    rights = rights_of(request.user)
    rights.require_withdraw(own=_may_withdraw(request, found))
    if request.method == "POST":
        withdraw_file(file_id=found.file_id, user_id=rights.user_id)
        messages.success(request, WITHDRAWN)
        return redirect("receipt", token=token)
    check_not_public(file_id=found.file_id)
    response = render(request, "withdraw.html", {"receipt": found, "consequence": WITHDRAWAL})
    response.headers["Cache-Control"] = "no-store"
    return response


def address_of(request: HttpRequest, file_id: int) -> str:
    """Where the receipt of another file is, for whoever may see that file; empty for everybody else."""
    rights = rights_of(request.user)
    seen = visible_files(user_id=rights.user_id, visitor=known_visitor(request), sees_all=rights.sees_all)
    token = seen.filter(pk=file_id).values_list("token", flat=True).first()
    return reverse("receipt", args=[token]) if token else ""


@require_safe
@takes()
def rejects(request: HttpRequest, token: str, load_id: int) -> HttpResponseBase:
    """The rejected rows of one table as CSV."""
    found = describe_token(token=token)
    if load_id not in {load.load_id for load in found.loads}:
        raise Http404
    return csv_download(request, chunks=rejects_csv(load_id=load_id), name=f"rejected-{found.file_id}-{load_id}.csv")
