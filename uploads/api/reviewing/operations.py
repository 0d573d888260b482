"""The review over the API: decline a file that waits, ask its sender, take that back, and the sender's answer."""

from collections.abc import Callable

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Router

from uploads.api.callers import CallerAuth, caller_of
from uploads.api.offered_files import ACTING, OPEN, Answer, check_visible, clean_token, described
from uploads.api.reviewing.schemas import Answered, QuestionAsked, Reason
from uploads.services.files.permissions import FileAction
from uploads.services.files.receipts import FileReceipt, describe_file, describe_token
from uploads.services.reviewing.acts import answer_question, ask_sender, decline_file, take_up_file
from uploads.web.schemas import answers
from uploads.web.visitors import viewer_of

router = Router(tags=["review"], auth=CallerAuth())
SAYING = ACTING | {400}


@router.post(
    "/files/{int:file_id}/decline",
    response={200: answers.File, SAYING: answers.Error},
    summary="Decline a file",
)
async def decline(request: HttpRequest, file_id: int, wish: Reason) -> Answer:
    """Of a file that is loaded, waits for staff and was never active: its rows stay off, and its sender reads why.

    It can be neither activated nor loaded again until `…/take-up`.
    """
    return await _say(
        request,
        file_id,
        FileAction.DECLINE,
        lambda user: decline_file(file_id=file_id, reason=wish.reason, user_id=user),
    )


@router.post(
    "/files/{int:file_id}/take-up",
    response={200: answers.File, SAYING: answers.Error},
    summary="Take a file up again",
)
async def take_up(request: HttpRequest, file_id: int) -> Answer:
    """Undo that it was declined, or withdraw the question that is open: it waits for staff again."""
    return await _say(request, file_id, FileAction.TAKE_UP, lambda user: take_up_file(file_id=file_id, user_id=user))


@router.post(
    "/files/{int:file_id}/ask",
    response={200: answers.File, SAYING: answers.Error},
    summary="Ask the sender of a file",
)
async def ask(request: HttpRequest, file_id: int, wish: QuestionAsked) -> Answer:
    """It waits for its sender then; the answer brings it back to staff, before all others."""
    return await _say(
        request, file_id, FileAction.ASK, lambda user: ask_sender(file_id=file_id, question=wish.question, user_id=user)
    )


@router.post(
    "/files/{int:file_id}/answer",
    response={200: answers.File, SAYING: answers.Error},
    summary="Answer a question",
)
async def answer(request: HttpRequest, file_id: int, wish: Answered) -> Answer:
    """For its sender, while a `question` is open. A file that `curl` sent without an account: at its receipt."""

    def run() -> Answer:
        check_visible(caller_of(request), file_id)
        _answer(request, describe_file(file_id=file_id), wish, holds=False)
        return described(request, file_id)

    return await sync_to_async(run)()


@router.post(
    "/receipts/{token}/answer",
    response={200: answers.Receipt, SAYING: answers.Error},
    summary="Answer a question about a file by its receipt",
    openapi_extra=OPEN,
)
async def answer_by_receipt(request: HttpRequest, token: str, wish: Answered) -> Answer:
    """For whoever has the address of the receipt of a file that was sent without account and cookie; and its sender."""

    def run() -> Answer:
        _answer(request, describe_token(token=clean_token(token)), wish, holds=True)
        return describe_token(token=token, viewer=viewer_of(request))

    return await sync_to_async(run)()


async def _say(request: HttpRequest, file_id: int, act: FileAction, service: Callable[[int | None], object]) -> Answer:
    """Check the right, do it, and answer with the file as it is then."""
    caller = caller_of(request)
    caller.rights.require(act)

    def run() -> Answer:
        check_visible(caller, file_id)
        service(caller.rights.user_id)
        return described(request, file_id)

    return await sync_to_async(run)()


def _answer(request: HttpRequest, receipt: FileReceipt, wish: Answered, *, holds: bool) -> None:
    rights = caller_of(request).rights
    rights.require_answer(own=receipt.is_spoken_for_by(viewer_of(request), holds=holds))
    answer_question(file_id=receipt.file_id, answer=wish.answer, user_id=rights.user_id)
