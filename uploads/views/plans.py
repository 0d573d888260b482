"""What becomes of columns that a dataset does not have: asked on the receipt of a file, and answered there."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from uploads.services.files.permissions import Abilities, rights_of
from uploads.services.files.receipts import FileReceipt, describe_token
from uploads.services.joining.columns import require_to_answer
from uploads.states import FileState
from uploads.tabular.errors import UploaderError
from uploads.web.forms.plan_form import FIELDS, give_answer, questions_on
from uploads.web.parameters import takes
from uploads.web.sentences.plans import PlanQuestion
from uploads.web.visitors import known_visitor, viewer_of


def plan_questions(request: HttpRequest, found: FileReceipt, can: Abilities) -> tuple[PlanQuestion, ...]:
    """For whoever may answer; nothing where nothing is asked."""
    rights = rights_of(request.user)
    own = found.is_own(user_id=rights.user_id, visitor=known_visitor(request))
    if found.state is not FileState.LOADED or not (own or can.activate):
        return ()
    return questions_on(
        file_id=found.file_id, may_add=rights.changes_datasets or not can.activate, viewer=viewer_of(request)
    )


@require_POST
@takes(fields=FIELDS, several=["use"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Keep what was said of a table's columns, and activate the file where this person may."""
    receipt = describe_token(token=token, viewer=viewer_of(request))
    rights = rights_of(request.user)
    require_to_answer(rights, own=receipt.is_own(user_id=rights.user_id, visitor=known_visitor(request)))
    try:
        words, _ = give_answer(file_id=receipt.file_id, data=request.POST, rights=rights, viewer=viewer_of(request))
        messages.success(request, words)
    except UploaderError as error:
        messages.error(request, f"{error.message} {error.hint}".strip())
    return redirect("receipt", token=token)
