"""What is said of a file that waits for staff: why it waits, what it would join, what was done with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from uploads.models import UploadedFile
from uploads.services.files.permissions import Abilities
from uploads.services.files.receipts import FileReceipt
from uploads.services.visibility import WITHOUT_SENDER
from uploads.states import FileState, Review
from uploads.web.sentences.duplicates import nowhere, same_content_pieces
from uploads.web.sentences.files import expiry_sentence, left_out, passed_over
from uploads.web.sentences.guards import guard_words
from uploads.web.sentences.joining import question_words
from uploads.web.sentences.phrases import counted
from uploads.web.sentences.plans import open_words

DECLINED = "This file was declined: its rows are not shown."
WAY_OUT = "Send a corrected file."
WAY_OUT_WITHDRAW = "Send a corrected file, and withdraw this one if you don’t need it any more."
ASKED = "Staff ask its sender something before they decide."
ANSWERED = "Staff have the answer and look at the file again."
NOT_ACTIVATED = "loaded, but not activated: "


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewNotice:
    """What stands on the receipt of a file about which staff said something."""

    title: str
    text: str = ""
    """The reason, or the question; for whoever may read it."""
    answer: str = ""
    way_out: str = ""
    is_declined: bool = False
    may_answer: bool = False


def review_notice(receipt: FileReceipt, *, can: Abilities) -> ReviewNotice | None:
    """For its sender with the words, for whoever else holds the address without; ``None`` where nothing is said."""
    if receipt.state is not FileState.LOADED:
        return None
    declined, question = receipt.conversation.declined, receipt.conversation.question
    match receipt.review:
        case Review.DECLINED:
            return ReviewNotice(
                title="Declined" if declined else DECLINED,
                text=declined.reason if declined else "",
                way_out=(WAY_OUT_WITHDRAW if can.withdraw else WAY_OUT) if declined else "",
                is_declined=True,
            )
        case Review.ASKED:
            return ReviewNotice(
                title="A question about this file" if question else ASKED,
                text=question.text if question else "",
                may_answer=can.answer,
            )
        case Review.ANSWERED if question and question.answer:
            return ReviewNotice(title=ANSWERED, text=question.text, answer=question.answer)
    return None


def sender_words(file: UploadedFile) -> str:
    """Who sent it, for staff."""
    if file.uploaded_by is not None:
        return file.uploaded_by.get_username()
    return "the server’s command line" if file.via in WITHOUT_SENDER else "a visitor"


def why_it_waits(receipt: FileReceipt, *, loading_words: str = "") -> tuple[str, ...]:
    """The reasons, what somebody has to decide first; ``loading_words``: what the history says of its loading."""
    reasons = [
        *map(guard_words, receipt.guards),
        *(open_words(each, where="") for each in receipt.columns_open),
        *map(question_words, receipt.overlaps),
    ]
    if receipt.same_content is not None and not receipt.overlaps:
        pieces = same_content_pieces(
            state=FileState.LOADED, same=receipt.same_content, may_activate=False, address=nowhere
        )
        reasons.append("".join(piece.text for piece in pieces))
    reasons += filter(None, (passed_over(receipt), left_out(receipt)))
    if loading_words and not reasons:
        words = loading_words.removeprefix(NOT_ACTIVATED).rstrip(".")
        reasons.append(f"{words[:1].upper()}{words[1:]}.")
    if receipt.version_of is not None:
        reasons.append(f"It is file {receipt.version_of} read again in another way.")
    if receipt.review is Review.TAKEN_UP:
        reasons.append("It was taken up again.")
    if receipt.awaits_review:
        who = "A visitor sent it" if receipt.sender_id is None else "Its sender is not staff"
        reasons.append(f"{who}." if receipt.review else f"{who}, and nobody has looked at it yet.")
    reasons += filter(None, [expiry_sentence(receipt.answer_by)])
    return tuple(reasons) or ("It was to be loaded and not activated.",)


def homes_in_words(receipt: FileReceipt) -> str:
    """``joins “Prices”``, ``becomes data.prices``; of a workbook both may be true."""
    words = []
    drafts = [load for load in receipt.loads if load.dataset and load.is_draft]
    met = [load for load in drafts if load.outlook and not (load.outlook.is_new or load.outlook.refusal)]
    asked = {name for each in receipt.columns_open for name in (each.name, each.dataset)}
    joins = receipt.joins or tuple(dict.fromkeys(load.outlook.slug for load in met if load.outlook))
    joins = tuple(name for name in joins if name not in asked)
    if joins:
        words.append(f"joins {_listed([f'“{name}”' for name in joins])}")
    settled = {load.dataset for load in receipt.loads if load.dataset and not load.is_draft}
    if settled:
        words.append(f"belongs to {_listed([f'data.{slug}' for slug in sorted(settled)])}")
    # a draft that is typed by nothing asks for a name of its own
    names = dict.fromkeys(load.place for load in drafts if load not in met)
    if receipt.columns_open:
        words.append(f"almost fits {_listed([f'“{each.name}”' for each in receipt.columns_open])}")
    elif names and not receipt.joins:
        words.append(f"becomes {_listed([f'data.{slug}' for slug in names])}")
    return ", ".join(words) or "has no rows in a dataset"


def activated_words(receipt: FileReceipt) -> str:
    return f"Activated “{receipt.name}”: {counted(receipt.rows_loaded, 'row')} can be seen."


def answer_first_words(ways: int) -> str:
    """For whoever presses the key of *Activate* where one of so many ``ways`` has to be chosen."""
    return f"Nothing is activated yet. Press {'1' if ways == 1 else f'1 to {ways}'} to say how it joins."


def declined_words(name: str, *, has_sender: bool) -> str:
    return f"Declined “{name}”." + (" Its sender sees why on the receipt." if has_sender else "")


def asked_words(name: str) -> str:
    return f"Asked the sender of “{name}”. It comes back when there is an answer."


def taken_up_words(name: str) -> str:
    return f"“{name}” waits for you again."


def _listed(names: Sequence[str]) -> str:
    most = 3
    shown = [*names[:most], *([f"{len(names) - most:,} more"] if len(names) > most else [])]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
