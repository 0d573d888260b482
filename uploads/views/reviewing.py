"""The sender's answer to what staff ask, from the receipt."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from uploads.services.files.permissions import rights_of
from uploads.services.files.receipts import describe_token
from uploads.services.reviewing.acts import answer_question
from uploads.tabular.errors import UploaderError
from uploads.web.parameters import takes
from uploads.web.visitors import viewer_of


@require_POST
@takes(fields=["answer"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever was passed the address reads the receipt; its sender answers, or who holds what nobody else sent."""
    found = describe_token(token=token)
    rights = rights_of(request.user)
    rights.require_answer(own=found.is_spoken_for_by(viewer_of(request), holds=True))
    try:
        answer_question(file_id=found.file_id, answer=request.POST.get("answer", ""), user_id=rights.user_id)
    except UploaderError as error:
        messages.error(request, f"{error.message} {error.hint}".strip())
    return redirect("receipt", token=token)
