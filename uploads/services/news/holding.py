"""A site that is a backup's copy tells nobody of files until a person says that it is in the place of the other one.

Held are subscriptions and the addresses of senders; what was on its way is given up, for the other site has sent it, or
tries to.
"""

from dataclasses import dataclass

from django.db import connection, transaction

from uploads.models import NewsSubscription, SenderAddress

HOLD = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_attribute WHERE attname = 'is_held'
                  AND attrelid = to_regclass('public.uploads_newssubscription')) THEN
        UPDATE public.uploads_newssubscription SET is_held = true;
        UPDATE public.uploads_senderaddress SET is_held = true;
        UPDATE public.uploads_newsdelivery
           SET state = 'given_up', finished_at = now(), due_at = now(),
               answer = 'The site was restored from a backup.',
               target = CASE WHEN subscription_id IS NULL THEN '' ELSE target END
         WHERE state = 'waiting';
    END IF;
END
$$;
"""
"""For the transaction that restores a database, of whatever version; it is all the same how often it is done."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldNews:
    """How many are held."""

    subscriptions: int
    """Those that would send."""
    senders: int
    """Files of which their senders want to hear."""

    def __bool__(self) -> bool:
        return bool(self.subscriptions or self.senders)


def hold_news() -> None:
    """Tell nobody of files from now on."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD)


def held_news() -> HeldNews:
    """What ``resume_news`` would let go."""
    return HeldNews(
        subscriptions=NewsSubscription.objects.filter(is_held=True, is_on=True).count(),
        senders=SenderAddress.objects.filter(is_held=True).count(),
    )


def resume_news() -> HeldNews:
    """Tell whoever was told before, of what happens from now on; returns how many those are."""
    with transaction.atomic():
        held = held_news()
        NewsSubscription.objects.filter(is_held=True).update(is_held=False)
        SenderAddress.objects.filter(is_held=True).update(is_held=False)
    return held
