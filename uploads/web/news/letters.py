"""The mails that tell of files: names, counts and where to look, never a value of a row.

To an address that somebody left without an account goes no word of theirs, nor the file's name: it may be anybody's.
"""

from datetime import UTC

from django.urls import reverse

from uploads.models import Load, NewsDelivery, UploadedFile
from uploads.services.news.recipients import stop_token
from uploads.services.news.sending import Composers, Letter
from uploads.states import NewsEvent
from uploads.web.news.payload import compose_body, whole_address
from uploads.web.sentences.phrases import counted

LONGEST_NAME = 80
_OUTCOMES = {
    NewsEvent.LOADED: "is loaded",
    NewsEvent.REJECTED: "is loaded without some of its rows",
    NewsEvent.WAITING: "waits for review, or for an answer",
    NewsEvent.ASKED: "waits for an answer: staff ask its sender something before they decide",
    NewsEvent.ACTIVATED: "is active: its rows are in a dataset now",
    NewsEvent.DECLINED: "was declined: its rows are not shown",
    NewsEvent.FAILED: "could not be loaded",
    NewsEvent.DUPLICATE: "was not loaded: the same content is here already",
}
_NEXT = {
    NewsEvent.ASKED: "The question",
    NewsEvent.DECLINED: "Why it was declined",
    NewsEvent.FAILED: "Why, and what to do about it",
    NewsEvent.DUPLICATE: "How to have it loaded all the same",
}

_FURTHER = "One more comes with the outcome, and then your address is forgotten here."
_LAST = "It is the last one, and your address is forgotten here now."


def compose_letter(delivery: NewsDelivery) -> Letter:
    """The mail of a delivery."""
    if delivery.event == NewsEvent.TEST:
        return Letter(
            subject="A test of news by mail",
            text="This mail was asked for in the admin, to see that news of files arrive here. They do.\n",
        )
    file, event = _file(delivery), NewsEvent(delivery.event)
    subject = f"A file {_OUTCOMES[event].partition(':')[0]}"
    if delivery.subscription is None:
        stop = whole_address(reverse("no-mail", args=[stop_token(address=delivery.target)]))
        return Letter(subject=subject, text=_to_sender(file, event, stop), stop=stop)
    return Letter(subject=subject, text=_to_subscriber(file, event, delivery))


def _to_sender(file: UploadedFile, event: NewsEvent, stop: str) -> str:
    said = f"{_called(file)} {_OUTCOMES[event]}."
    receipt = whole_address(reverse("receipt", args=[file.token]))
    is_asked = event is NewsEvent.ASKED
    return (
        f"{said}{_counts(file, event)}\n\n{_NEXT.get(event, 'Its receipt')}: {receipt}\n\n"
        f"You get this mail because this address was left with the file. {_FURTHER if is_asked else _LAST}"
        f" If it was not you who sent it, or to get no such mail at all: {stop}\n"
    )


def _called(file: UploadedFile) -> str:
    if file.uploaded_by_id is not None:
        return f"“{_short(file.name)}”"
    return f"The file that was sent here on {file.created_at.astimezone(UTC):%-d %B %Y at %H:%M} (UTC)"


def _to_subscriber(file: UploadedFile, event: NewsEvent, delivery: NewsDelivery) -> str:
    said = f"“{_short(file.name)}” {_OUTCOMES[event]}."
    page = whole_address(reverse("admin:uploads_uploadedfile_change", args=[file.pk]))
    subscription = whole_address(reverse("admin:uploads_newssubscription_change", args=[delivery.subscription_id]))
    return (
        f"{said}{_counts(file, event)}{_datasets(file)}\n\n{_NEXT.get(event, 'Look at it')}: {page}\n\n"
        f"Who gets these mails, and which, is said here: {subscription}\n"
    )


def _counts(file: UploadedFile, event: NewsEvent) -> str:
    if event in (NewsEvent.FAILED, NewsEvent.DUPLICATE):
        return ""
    rejected = f", {counted(file.rows_rejected, 'row')} rejected" if file.rows_rejected else ""
    return f" {counted(file.rows_loaded, 'row')} loaded{rejected}."


def _datasets(file: UploadedFile) -> str:
    loads = Load.objects.filter(file=file).select_related("dataset").order_by("position")
    names = list(dict.fromkeys(load.dataset.public_slug for load in loads if load.dataset is not None))
    if not names:
        return ""
    return f" Dataset{'s' * (len(names) > 1)}: {', '.join(names[:10])}{'…' * (len(names) > 10)}."


def _file(delivery: NewsDelivery) -> UploadedFile:
    if delivery.file is None:
        raise ValueError(f"delivery {delivery.pk} is of no file")
    return delivery.file


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"


COMPOSERS = Composers(body=compose_body, letter=compose_letter)
