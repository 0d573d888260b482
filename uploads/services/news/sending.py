"""Send what is on its way, try again what did not arrive, give it up after some days; forget it after a month.

The row says what is to be done, a job is only a nudge: whoever is first to count an attempt makes it. A worker that is
killed while it sends leaves a row that is due again in minutes, so news may arrive twice, under the same number.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from uploads.models import FileNews, NewsDelivery, NewsSubscription
from uploads.services.news.outbox import nudge_delivery, nudge_spreading
from uploads.services.news.recipients import forget_counts, is_refused
from uploads.services.news.rights import manages_news
from uploads.services.news.spreading import is_question_open
from uploads.services.news.webhook import GONE, LONGEST_ANSWER, Message, WebhookFailed, post_webhook
from uploads.states import DeliveryState, NewsEvent, NewsWay

logger = logging.getLogger(__name__)

PAUSES = (5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400)
"""Seconds after each try that failed, 31 hours in all."""
MOST_TRIES = len(PAUSES) + 1
LEASE = timedelta(minutes=3)
"""Longer than any try takes; one that is still counted as under way then lost its worker."""
HELD_SECONDS = 300
"""At most, for what would go the way on which nobody answered just now."""
NUDGE_AFTER = timedelta(seconds=30)
KEPT_DAYS = 30
AT_ONCE = 1_000
"""In one sweep; the next one comes in seconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A mail."""

    subject: str
    text: str
    stop: str = ""
    """Where whoever gets it says that no more are wanted; empty: it was subscribed to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Composers:
    """Who writes down what is told: facts for programs as JSON, words for people."""

    body: Callable[[NewsDelivery], bytes]
    letter: Callable[[NewsDelivery], Letter]


class NotSent(Exception):
    """``is_final``: nor would it be the next time; ``is_silent``: nobody answered, which took its time."""

    def __init__(self, message: str, *, is_final: bool = False, is_silent: bool = False) -> None:
        super().__init__(message)
        self.is_final = is_final
        self.is_silent = is_silent


def send_news(*, delivery_id: int, composers: Composers) -> DeliveryState | None:
    """Make one attempt at a delivery that is due and return where it stands then; ``None``: it is not to be had."""
    due = NewsDelivery.objects.filter(pk=delivery_id, state=DeliveryState.WAITING, due_at__lte=Now())
    if not due.update(attempts=F("attempts") + 1, due_at=Now() + LEASE):
        return None
    delivery = NewsDelivery.objects.select_related("subscription__made_by", "subscription__dataset", "file").get(
        pk=delivery_id
    )
    if delivery.attempts > MOST_TRIES:
        return _record(delivery, DeliveryState.GIVEN_UP, "No try came to its end: the log of the workers says why.")
    _readdress(delivery)
    try:
        answer = _send(delivery, composers)
    except NotSent as error:
        return _record_failure(delivery, error)
    return _record(delivery, DeliveryState.SENT, answer)


def _readdress(delivery: NewsDelivery) -> None:
    """As its subscription says now: whoever corrects an address wants nothing more sent to the other one, and what is
    mailed now has no secret by which a webhook could be signed."""
    now = delivery.subscription
    if now is not None and (now.way, now.target) != (delivery.way, delivery.target):
        delivery.way, delivery.target = now.way, now.target
        _mine(delivery).update(way=now.way, target=now.target)


def _send(delivery: NewsDelivery, composers: Composers) -> str:
    """What the other side said; raises ``NotSent``."""
    subscription = delivery.subscription
    if subscription is not None:
        if (subscription.is_held or not subscription.is_on) and delivery.event != NewsEvent.TEST:
            raise NotSent("The subscription does not send any more.", is_final=True)
        if not manages_news(subscription.made_by):
            raise NotSent(
                f"{subscription.made_by}, who made the subscription, may not see all files any more.", is_final=True
            )
        if delivery.way == NewsWay.WEBHOOK:
            return _post(delivery, subscription, composers.body(delivery))
    elif delivery.event == NewsEvent.ASKED and delivery.file is not None and not is_question_open(delivery.file):
        raise NotSent("The question is not open any more.", is_final=True)
    if subscription is None and is_refused(address=delivery.target):
        raise NotSent("Whoever has the address wants no mail about files.", is_final=True)
    return _mail(delivery, composers.letter(delivery))


def _post(delivery: NewsDelivery, subscription: NewsSubscription, body: bytes) -> str:
    message = Message(message_id=delivery.message_id, at=timezone.now(), body=body)
    try:
        return post_webhook(
            delivery.target,
            message,
            secret=subscription.secret,
            is_private_allowed=settings.WEBHOOKS_PRIVATE,
        )
    except WebhookFailed as error:
        if error.status == GONE:
            NewsSubscription.objects.filter(pk=subscription.pk, target=delivery.target).update(is_on=False)
        raise NotSent(str(error), is_final=error.is_final, is_silent=error.status is None) from error


def _mail(delivery: NewsDelivery, letter: Letter) -> str:
    if not settings.MAIL_URL:
        raise NotSent("This site sends no mail: MAIL_URL is empty.", is_final=True)
    # What mail programs show as “unsubscribe”, and send as one click: RFC 2369 and 8058.
    stop = {"List-Unsubscribe": f"<{letter.stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    mail = EmailMessage(
        letter.subject,
        letter.text,
        to=[delivery.target],
        headers={"Auto-Submitted": "auto-generated", "Message-ID": f"<{delivery.message_id}@uploader.invalid>"}
        | (stop if letter.stop else {}),
    )
    try:
        mail.send()
    except SMTPRecipientsRefused as error:  # by a code below 500 it asks for another try, as greylisting does
        is_final = all(code >= 500 for code, _ in error.recipients.values())
        raise NotSent("The mail server does not take mail for this address.", is_final=is_final) from error
    except (SMTPException, OSError) as error:
        raise NotSent(
            f"The mail server did not take it: {str(error) or type(error).__name__}",
            is_silent=not isinstance(error, SMTPResponseException),
        ) from error
    return "taken by the mail server"


def _record_failure(delivery: NewsDelivery, error: NotSent) -> DeliveryState:
    said = _without_sender(delivery, str(error))
    if error.is_final or delivery.attempts >= MOST_TRIES:
        logger.warning("news %s is given up after %s tries: %s", delivery.pk, delivery.attempts, said)
        return _record(delivery, DeliveryState.GIVEN_UP, said)
    pause = PAUSES[delivery.attempts - 1]
    _mine(delivery).update(answer=said[:LONGEST_ANSWER], due_at=Now() + timedelta(seconds=pause))
    if error.is_silent:
        _hold_back_others(delivery, seconds=min(pause, HELD_SECONDS))
    return DeliveryState.WAITING


def _hold_back_others(delivery: NewsDelivery, *, seconds: int) -> None:
    """What is due for the same site, or by mail, waits as well without a try of its own: a hundred pieces for a site
    that is away would keep everybody else's waiting for a quarter of a minute each."""
    same = Q(way=NewsWay.MAIL) if delivery.way == NewsWay.MAIL else Q(subscription=delivery.subscription_id)
    due = NewsDelivery.objects.filter(same, state=DeliveryState.WAITING, due_at__lte=Now())
    due.update(due_at=Now() + timedelta(seconds=seconds))


def _without_sender(delivery: NewsDelivery, said: str) -> str:
    """Mail servers repeat the address in what they say; of a sender's the log is to keep nothing."""
    if delivery.subscription_id is not None or not delivery.target:
        return said
    return re.sub(re.escape(delivery.target), "its sender", said, flags=re.IGNORECASE)


def _record(delivery: NewsDelivery, state: DeliveryState, answer: str) -> DeliveryState:
    """The address that a sender left has served its purpose; of a question, the file keeps it until its outcome."""
    forgotten = {} if delivery.subscription_id is not None else {"target": ""}
    _mine(delivery).update(state=state, finished_at=Now(), due_at=Now(), answer=answer[:LONGEST_ANSWER], **forgotten)
    return state


def _mine(delivery: NewsDelivery) -> QuerySet[NewsDelivery]:
    """This attempt's, as long as nobody else counts another one."""
    return NewsDelivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING, attempts=delivery.attempts)


def tend_news() -> int:
    """Nudge what is to be tried again or lost its worker, and forget what is a month old; returns how many."""
    untold = FileNews.objects.filter(at__lt=Now() - NUDGE_AFTER).order_by("pk")
    for file_id in set(untold.values_list("file_id", flat=True)[:AT_ONCE]):
        nudge_spreading(file_id=file_id)
    due = NewsDelivery.objects.filter(state=DeliveryState.WAITING, due_at__lt=Now()).order_by("due_at")
    found = list(due.values_list("pk", flat=True)[:AT_ONCE])
    for delivery_id in found:
        nudge_delivery(delivery_id=delivery_id)
    old = NewsDelivery.objects.filter(finished_at__lt=Now() - timedelta(days=KEPT_DAYS))
    return len(found) + old.delete()[0] + forget_counts()
