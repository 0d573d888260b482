"""Subscriptions and the log of what was sent, for the API and the command; the admin has forms of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import EllipsisType

from django.db import transaction

from uploads.models import Dataset, NewsDelivery, NewsSubscription
from uploads.services.admin_log import ADDITION, DELETION, log_act
from uploads.services.errors import NewsNotFound, StateConflict, SubscriptionNotFound
from uploads.services.news.subscriptions import (
    CHOICES,
    check_subscription,
    renew_secret,
    save_subscription,
    send_again,
    send_test,
)
from uploads.services.visibility import OPERATOR, find_dataset
from uploads.states import DeliveryState, NewsEvent, NewsWay
from uploads.tabular.errors import BadOption

LARGEST = 2**63 - 1
"""No number is larger; PostgreSQL would refuse the question."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscriptionFacts:
    """A subscription as it is looked at."""

    subscription_id: int
    target: str
    way: NewsWay
    dataset: str | None
    """Its slug; ``None``: all that there are."""
    events: tuple[NewsEvent, ...]
    is_on: bool
    """Whether it sends."""
    is_held: bool
    """The site was restored since, and nobody has said that it sends from here."""
    made_by: str
    made_at: datetime
    secret: str | None = None
    """For whoever made it, this once; ``None`` at any other look, and for mail."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscriptionWish:
    """What is said of a subscription; ``None``: nothing, it stays as it is."""

    target: str | None = None
    events: Sequence[str] | None = None
    dataset: str | EllipsisType | None = ...
    """A slug; ``None``: all; ``...``: nothing is said."""
    is_on: bool | None = None

    @property
    def says_something(self) -> bool:
        return self != SubscriptionWish()


@dataclass(frozen=True, kw_only=True, slots=True)
class SentNews:
    """One piece of news and what became of it."""

    news_id: int
    event: NewsEvent
    happened_at: datetime
    subscription: int | None
    """Its number; ``None``: it is for whoever sent the file, whose address is nobody's business."""
    target: str | None
    file: int | None
    file_name: str | None
    state: DeliveryState
    attempts: int
    next_try_at: datetime | None
    finished_at: datetime | None
    answer: str
    """What the other side, or the network, said last."""
    message_id: str


def list_subscriptions() -> tuple[SubscriptionFacts, ...]:
    """The newest first."""
    return tuple(map(_facts_of, NewsSubscription.objects.select_related("dataset", "made_by")))


def find_subscription(*, subscription_id: int) -> SubscriptionFacts:
    """Raises ``SubscriptionNotFound``."""
    return _facts_of(_found(subscription_id))


def make_subscription(*, wish: SubscriptionWish, owner_id: int, by: int | None = None) -> SubscriptionFacts:
    """One that tells what the person ``owner_id`` may see; all events and datasets unless something else is said.

    Raises ``BadOption`` for what cannot be, ``DatasetNotFound``.
    """
    target, events = (wish.target or "").strip(), _events(wish.events)
    dataset = _dataset(wish.dataset)
    way = _way_to(target)
    check_subscription(way=way, target=target, events=events)
    with transaction.atomic():
        made = save_subscription(
            user_id=owner_id, way=way, target=target, events=events, dataset=dataset, is_on=wish.is_on
        )
        log_act(user_id=by, to=made, words="subscribed it to news", flag=ADDITION)
    return _facts_of(_found(made.pk), secret=made.secret)


def change_subscription(*, subscription_id: int, wish: SubscriptionWish, by: int | None = None) -> SubscriptionFacts:
    """Whose rights it has stays; one that is for a webhook only since now has a secret. An address is looked at where
    one is said: switching off takes no resolver.

    Raises ``SubscriptionNotFound``, ``BadOption``, ``DatasetNotFound``.
    """
    now = _found(subscription_id)
    target = now.target if wish.target is None else wish.target.strip()
    way = NewsWay(now.way) if wish.target is None else _way_to(target)
    events = now.events if wish.events is None else _events(wish.events)
    dataset = None if wish.dataset is ... else _dataset(wish.dataset)
    if wish.target is not None:
        check_subscription(way=way, target=target, events=events)
    with transaction.atomic():
        locked = _found(subscription_id, is_locked=True)
        before = locked.secret
        save_subscription(
            user_id=locked.made_by_id,
            way=way if wish.target is not None else locked.way,
            target=target if wish.target is not None else locked.target,
            events=events if wish.events is not None else locked.events,
            dataset=locked.dataset if wish.dataset is ... else dataset,
            is_on=wish.is_on,
            subscription=locked,
        )
        log_act(user_id=by, to=locked, words="changed what it is told")
    return _facts_of(_found(subscription_id), secret=locked.secret if locked.secret != before else "")


def new_secret_of(*, subscription_id: int, by: int | None = None) -> SubscriptionFacts:
    """Sign with another secret from now on. Raises ``SubscriptionNotFound``, ``StateConflict`` for mail."""
    with transaction.atomic():
        _found(subscription_id, is_locked=True)
        renewed = renew_secret(subscription_id=subscription_id)
        log_act(user_id=by, to=renewed, words="made a new secret")
    return _facts_of(_found(subscription_id), secret=renewed.secret)


def delete_subscription(*, subscription_id: int, by: int | None = None) -> SubscriptionFacts:
    """With its log, and return what it was. Raises ``SubscriptionNotFound``."""
    with transaction.atomic():
        subscription = _found(subscription_id, is_locked=True)
        facts = _facts_of(subscription)
        log_act(user_id=by, to=subscription, words="deleted the subscription", flag=DELETION)
        subscription.delete()
    return facts


def try_subscription(*, subscription_id: int) -> SentNews:
    """Have a test sent; the log says what became of it. Raises ``SubscriptionNotFound``."""
    with transaction.atomic():
        _found(subscription_id, is_locked=True)
        sent = send_test(subscription_id=subscription_id)
    return _sent(_delivery(sent.pk))


def list_sent(
    *,
    most: int,
    subscription_id: int | None = None,
    state: DeliveryState | None = None,
    before: int | None = None,
) -> tuple[SentNews, ...]:
    """The log, the newest first; ``before``: what has a smaller number. Raises ``SubscriptionNotFound``."""
    found = NewsDelivery.objects.select_related("subscription", "file")
    if subscription_id is not None:
        found = found.filter(subscription=_found(subscription_id))
    if state is not None:
        found = found.filter(state=state)
    if before is not None:
        found = found.filter(pk__lt=before)
    return tuple(map(_sent, found[:most]))


def send_news_again(*, news_id: int) -> SentNews:
    """With all its tries. Raises ``NewsNotFound``, and ``StateConflict`` for what went to a sender."""
    known = _delivery(news_id)
    if not send_again(delivery_id=news_id):
        raise StateConflict(
            "News for senders cannot be sent again: each comes once, and with the outcome the address is forgotten.",
            hint="The receipt of the file says the same.",
        )
    return _sent(_delivery(known.pk))


def _way_to(target: str) -> NewsWay:
    """``ana@example.org`` is a mailbox; an address with ``://`` is never one."""
    return NewsWay.MAIL if "@" in target and "://" not in target else NewsWay.WEBHOOK


def _events(said: Sequence[str] | None) -> list[NewsEvent]:
    """In the order of the house. Raises ``BadOption``."""
    if said is None:
        return list(CHOICES)
    wrong = [name for name in said if name not in CHOICES]
    if wrong or not said:
        problem = f"Nothing is told of “{wrong[0]}”." if wrong else "Nothing is chosen that could be told."
        raise BadOption(problem, hint=f"There are: {', '.join(CHOICES)}.")
    return [event for event in CHOICES if event in said]


def _dataset(said: str | EllipsisType | None) -> Dataset | None:
    """One that is established: a draft becomes a part of another one, and goes."""
    if said is None or said is ...:
        return None
    found = find_dataset(slug=str(said), viewer=OPERATOR)
    if found.established_at is None:
        raise BadOption(
            f"No file of “{said}” was active yet, so that nothing can be told of it alone.",
            hint="Activate its file first, or leave the dataset out: all are told of then.",
        )
    return found


def _found(subscription_id: int, *, is_locked: bool = False) -> NewsSubscription:
    found = NewsSubscription.objects.select_related("dataset", "made_by")
    if is_locked:
        found = found.select_for_update(of=("self",))
    known = found.filter(pk=subscription_id).first() if 0 < subscription_id <= LARGEST else None
    if known is None:
        raise SubscriptionNotFound(
            f"There is no subscription {subscription_id}.", hint="Look at the list of subscriptions to news."
        )
    return known


def _delivery(news_id: int) -> NewsDelivery:
    found = NewsDelivery.objects.select_related("subscription", "file")
    known = found.filter(pk=news_id).first() if 0 < news_id <= LARGEST else None
    if known is None:
        raise NewsNotFound(
            f"There is no piece of news {news_id}.", hint="Look at the log of what was sent: it is kept for a month."
        )
    return known


def _facts_of(subscription: NewsSubscription, *, secret: str = "") -> SubscriptionFacts:
    return SubscriptionFacts(
        subscription_id=subscription.pk,
        target=subscription.target,
        way=NewsWay(subscription.way),
        dataset=None if subscription.dataset is None else subscription.dataset.slug,
        events=tuple(map(NewsEvent, subscription.events)),
        is_on=subscription.is_on and not subscription.is_held,
        is_held=subscription.is_held,
        made_by=subscription.made_by.get_username(),
        made_at=subscription.made_at,
        secret=secret or None,
    )


def _sent(delivery: NewsDelivery) -> SentNews:
    file = delivery.file
    return SentNews(
        news_id=delivery.pk,
        event=NewsEvent(delivery.event),
        happened_at=delivery.happened_at,
        subscription=delivery.subscription_id,
        target=delivery.target if delivery.subscription_id is not None else None,
        file=None if file is None else file.pk,
        file_name=None if file is None else file.name,
        state=DeliveryState(delivery.state),
        attempts=delivery.attempts,
        next_try_at=delivery.due_at if delivery.finished_at is None else None,
        finished_at=delivery.finished_at,
        answer=delivery.answer,
        message_id=delivery.message_id,
    )
