"""What is said of subscriptions to news and of what was sent, by the commands."""

from uploads.services.news.holding import HeldNews
from uploads.services.news.managing import SentNews, SubscriptionFacts
from uploads.services.news.subscriptions import CHOICES
from uploads.states import DeliveryState
from uploads.web.sentences.phrases import counted, listed

RESUME = "manage.py news_subscriptions --resume"


def held_sentence(held: HeldNews) -> str:
    """``2 subscriptions to news and the mails for 3 senders of files are held: nobody is told of files from here.``"""
    parts = [counted(held.subscriptions, "subscription to news", "subscriptions to news")] * bool(held.subscriptions)
    parts += [f"the mails for {counted(held.senders, 'sender')} of files"] * bool(held.senders)
    is_one = held.senders == 0 and held.subscriptions == 1
    return f"{' and '.join(parts)} {'is' if is_one else 'are'} held: nobody is told of files from here."


def resumed_sentence(held: HeldNews) -> str:
    """What ``RESUME`` has done."""
    subscriptions = counted(held.subscriptions, "subscription")
    senders = counted(held.senders, "sender")
    return f"{subscriptions} and {senders} of files are told again, of what happens from now on."


def subscription_sentence(subscription: SubscriptionFacts) -> str:
    """``3: https://example.org/hook, for ana, is told when a file of any dataset is loaded. It is switched off.``"""
    of = "" if subscription.dataset is None else f"“{subscription.dataset}”"
    events = [event.label for event in subscription.events]
    what = f"when a file of {of or 'any dataset'} {listed(events, most=len(CHOICES))}"
    if len(events) == len(CHOICES):
        what = f"all that becomes of files of {of or 'all datasets'}"
    off = "" if subscription.is_on else " It is switched off."
    if subscription.is_held:
        off = " It is held, for this site was restored from a backup: --on sends again."
    return f"{subscription.subscription_id}: {subscription.target}, for {subscription.made_by}, is told {what}.{off}"


def sent_sentence(sent: SentNews) -> str:
    """``17: prices.csv cannot be loaded, to https://example.org/hook: given up after 9 tries, 404.``"""
    about = f"{sent.file_name} {sent.event.label}" if sent.file_name is not None else sent.event.label
    answer = f", {sent.answer}" if sent.answer else ""
    tries = f" after {counted(sent.attempts, 'try', 'tries')}" if sent.attempts else ""
    if sent.state is DeliveryState.WAITING and sent.next_try_at is not None:
        tries += f", next one at {sent.next_try_at:%Y-%m-%d %H:%M} UTC" if sent.attempts else ""
    return f"{sent.news_id}: {about}, to {sent.target or 'its sender'}: {sent.state.label}{tries}{answer}."
