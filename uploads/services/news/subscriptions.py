"""Subscriptions: who is told of which files and events, and the secret that signs what a webhook sends."""

from collections.abc import Collection

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from uploads.models import Dataset, NewsDelivery, NewsSubscription
from uploads.services.errors import StateConflict
from uploads.services.news.outbox import nudge_delivery
from uploads.services.news.webhook import WebhookFailed, check_target, new_secret, resolve_target
from uploads.states import DeliveryState, NewsEvent, NewsWay
from uploads.tabular.errors import BadOption

CHOICES = tuple(event for event in NewsEvent if event is not NewsEvent.TEST)
"""What may be subscribed to."""


def save_subscription(
    *,
    user_id: int,
    way: str,
    target: str,
    events: Collection[str],
    dataset: Dataset | None = None,
    is_on: bool | None = None,
    subscription: NewsSubscription | None = None,
) -> NewsSubscription:
    """Make one, or change this one, which ``check_subscription`` found sound; whose rights it has is the one who made
    it. Whoever says whether it sends (``is_on``) ends that it is held."""
    saved = subscription or NewsSubscription(made_by_id=user_id)
    if way == NewsWay.WEBHOOK and not saved.secret:
        saved.secret = new_secret()
    elif way == NewsWay.MAIL:
        saved.secret = ""
    saved.way, saved.target, saved.dataset = way, target.strip(), dataset
    if is_on is not None:
        saved.is_on, saved.is_held = is_on, False
    saved.events = [event for event in CHOICES if event in events]
    saved.save()
    return saved


def check_subscription(*, way: str, target: str, events: Collection[str]) -> None:
    """Raise ``BadOption`` for an address that nothing can be sent to, or for no event."""
    if way == NewsWay.MAIL:
        check_mail_is_sent()
        check_mail_address(target.strip())
    else:
        is_private_allowed = settings.WEBHOOKS_PRIVATE
        parts = check_target(target.strip(), is_private_allowed=is_private_allowed)
        try:
            resolve_target(parts, is_private_allowed=is_private_allowed)
        except WebhookFailed as error:
            raise BadOption(str(error), hint="Check the address.") from error
    if not set(events) & set(CHOICES):
        raise BadOption("Nothing is chosen that could be told.", hint="Tick what is to be told.")


def check_mail_is_sent() -> None:
    """Raise ``BadOption`` where no mail leaves the site."""
    if not settings.MAIL_URL:
        raise BadOption("This site sends no mail.", hint="Its setting MAIL_URL says by which server, once it does.")


def check_mail_address(address: str) -> None:
    """Raise ``BadOption`` for what is none."""
    try:
        validate_email(address)
    except ValidationError:
        raise BadOption(
            f"“{address[:100]}” is no mail address.", hint="Give it as ana@example.org, or leave it out."
        ) from None


def renew_secret(*, subscription_id: int) -> NewsSubscription:
    """Sign with another secret from now on; the old one is worth nothing any more."""
    subscription = NewsSubscription.objects.get(pk=subscription_id)
    if subscription.way != NewsWay.WEBHOOK:
        raise StateConflict("Mail is not signed.", hint="Only webhooks have a secret.")
    subscription.secret = new_secret()
    subscription.save(update_fields=["secret"])
    return subscription


def send_test(*, subscription_id: int) -> NewsDelivery:
    """Have a piece of news sent that is of no file, whatever the subscription asks for."""
    subscription = NewsSubscription.objects.get(pk=subscription_id)
    with transaction.atomic():
        delivery = NewsDelivery.objects.create(
            subscription=subscription, event=NewsEvent.TEST, way=subscription.way, target=subscription.target
        )
        nudge_delivery(delivery_id=delivery.pk)
    return delivery


def send_again(*, delivery_id: int) -> bool:
    """Have one sent once more, with all its tries and under the number that its receiver knows; whether it could be:
    the address of a sender is forgotten once it was used, and what is on its way is tried at once."""
    with transaction.atomic():
        again = NewsDelivery.objects.filter(pk=delivery_id, subscription__isnull=False)
        known = again.select_related("subscription").first()
        if known is None or known.subscription is None:
            return False
        again.update(
            state=DeliveryState.WAITING,
            attempts=0,
            due_at=known.happened_at,
            finished_at=None,
            target=known.subscription.target,
            way=known.subscription.way,
        )
        nudge_delivery(delivery_id=delivery_id)
    return True
