"""What becomes of columns that a dataset does not have: asked on the receipt of a file, and answered there."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from uploads.services.columns.misfits import misfits_of
from uploads.services.files.permissions import Abilities, FileAction, rights_of
from uploads.services.files.receipts import FileReceipt, describe_token
from uploads.services.joining.columns import (
    ColumnAnswer,
    answer_columns,
    keep_answer,
    may_carry_out,
    plans_of,
    require_to_answer,
)
from uploads.states import FileState
from uploads.tabular.errors import BadOption, UploaderError
from uploads.web.parameters import takes
from uploads.web.sentences.files import fitting_sentence
from uploads.web.sentences.phrases import counted
from uploads.web.sentences.plans import PlanQuestion, plan_question
from uploads.web.visitors import known_visitor, viewer_of

KEPT = "Saved. Staff see your answer when they activate the file."
ASKED_HOW = "Saved. One more question: some of its rows are there already."
MORE_TABLES = "Saved. Another table of the file has a question too."


def plan_questions(request: HttpRequest, found: FileReceipt, can: Abilities) -> tuple[PlanQuestion, ...]:
    """For whoever may answer; nothing where nothing is asked."""
    rights = rights_of(request.user)
    own = found.is_own(user_id=rights.user_id, visitor=known_visitor(request))
    if found.state is not FileState.LOADED or found.was_active or not (own or can.activate):
        return ()
    return tuple(
        plan_question(table, misfits=misfits_of(table), may_add=rights.changes_datasets or not can.activate)
        for table in plans_of(file_id=found.file_id)
    )


@require_POST
@takes(fields=["position", "dataset", "use"], several=["use"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Keep what was said of a table's columns, and activate the file where this person may."""
    receipt = describe_token(token=token, viewer=viewer_of(request))
    rights = rights_of(request.user)
    require_to_answer(rights, own=receipt.is_own(user_id=rights.user_id, visitor=known_visitor(request)))
    try:
        said = _answer(request)
        if not may_carry_out(rights, file_id=receipt.file_id, answer=said):
            keep_answer(file_id=receipt.file_id, answer=said, user_id=rights.user_id)
            messages.success(request, KEPT)
            return redirect("receipt", token=token)
        rights.require(FileAction.ACTIVATE)
        done = answer_columns(file_id=receipt.file_id, answer=said, user_id=rights.user_id, ask_how=True)
    except UploaderError as error:
        messages.error(request, f"{error.message} {error.hint}".strip())
    else:
        if done is None:
            is_open = any(not table.plan.is_settled for table in plans_of(file_id=receipt.file_id))
            messages.success(request, MORE_TABLES if is_open else ASKED_HOW)
        elif done.fitting:
            messages.success(request, fitting_sentence(why=done.fitting))
        else:
            messages.success(request, f"Activated in {done.milliseconds:.0f} ms: {counted(done.rows, 'row')}.")
    return redirect("receipt", token=token)


def _answer(request: HttpRequest) -> ColumnAnswer:
    position = request.POST.get("position", "")
    if not (position.isascii() and position.isdigit()):
        raise BadOption("It is not said which table is meant.", hint="Open the receipt again.")
    slug = request.POST.get("dataset", "")
    uses = dict(pair.split("=", 1) for pair in request.POST.getlist("use") if "=" in pair) if slug else {}
    return ColumnAnswer(dataset=slug or None, columns=uses, position=int(position))
