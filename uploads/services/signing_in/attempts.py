"""How often somebody may try a password: looked up before it is hashed, and told with when to try again.

django-axes 8.3 was read for this. It counts after the hash, so that 16 at once are all let through, and has one limit
for accounts and addresses alike, so that anybody could keep the administrator out by ten wrong passwords. Here an
account is closed only to who failed, until many networks have failed at it together.
"""

import math
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.crypto import salted_hmac

from uploads.models import PasswordFailure
from uploads.services.errors import TooManySignIns
from uploads.services.sender_network import network_of, wide_network_of
from uploads.services.signing_in.hashing import AT_ONCE
from uploads.services.signing_in.turns import Turns

WINDOW = timedelta(minutes=15)
MOST_WAITING = 8
WAIT_SECONDS = 10.0
FORGOTTEN = "If the password is lost, ask the people who run this site for a new one."
_turns = Turns(places=AT_ONCE, most_waiting=MOST_WAITING)


class Limit(Enum):
    """What is counted: how many within ``WINDOW``, and in what words."""

    PAIR = (10, "wrong passwords for this name came from your network")
    SENDER = (30, "wrong passwords came from your network")
    ACCOUNT = (100, "wrong passwords for this name came from many networks")

    def __init__(self, most: int, words: str) -> None:
        self.most = most
        self.words = words


@dataclass(kw_only=True, slots=True)
class PasswordTry:
    """One password that is tried; whoever tries it says what came of it."""

    account: str
    sender: str
    failed: bool = False
    succeeded: bool = False


@contextmanager
def password_attempt(*, account: str, address: str | None) -> Iterator[PasswordTry]:
    """Try a password inside; a failure that is said is counted, a success forgives those of the same sender.

    Raises ``TooManySignIns`` before anything is tried, or ``SignInsBusy`` where too many are waiting to try theirs.
    """
    attempt = PasswordTry(account=digest_of(account), sender=network_of(address))
    # Looked up within its turn: of those who come at once, all but the ``AT_ONCE`` beside it have ended then.
    with _turns.turn(sender=wide_network_of(address), seconds=WAIT_SECONDS):
        has_failed = _check(attempt)
        try:
            yield attempt
        finally:
            if attempt.failed:
                PasswordFailure.objects.create(account=attempt.account, sender=attempt.sender)
            elif attempt.succeeded and has_failed:
                PasswordFailure.objects.filter(account=attempt.account, sender=attempt.sender).delete()


def forget_failures() -> int:
    """Those that count no more; returns how many they were."""
    return PasswordFailure.objects.filter(at__lt=Now() - WINDOW).delete()[0]


def _check(attempt: PasswordTry) -> bool:
    """Refuse a password over any limit; else whether the pair has failures."""
    theirs = Q(account=attempt.account) | Q(sender=attempt.sender)
    lately = PasswordFailure.objects.filter(theirs, at__gt=Now() - WINDOW).order_by("-at")
    found = list(lately.values_list("account", "sender", "at")[: sum(limit.most for limit in Limit)])
    times = {
        Limit.PAIR: [at for account, sender, at in found if (account, sender) == (attempt.account, attempt.sender)],
        Limit.SENDER: [at for _, sender, at in found if sender == attempt.sender],
        Limit.ACCOUNT: [at for account, _, at in found if account == attempt.account],
    }
    for limit, failures in times.items():
        if len(failures) >= limit.most:
            raise _too_many(limit, until=failures[limit.most - 1] + WINDOW)
    return bool(times[Limit.PAIR])


def _too_many(limit: Limit, *, until: datetime) -> TooManySignIns:
    seconds = max(1, math.ceil((until - timezone.now()).total_seconds()))
    minutes = math.ceil(seconds / 60)
    return TooManySignIns(
        f"{limit.most} {limit.words} within {WINDOW // timedelta(minutes=1)} minutes. Try again in"
        f" {minutes} minute{'s' * (minutes != 1)}.",
        hint=FORGOTTEN,
        seconds=seconds,
    )


def digest_of(account: str, *, of: str = "") -> str:
    """As a name is counted: people type passwords into its field, and nobody is to find them in the database.

    ``of``: what else than wrong passwords; the same words are another digest there.
    """
    name = unicodedata.normalize("NFKC", account).casefold()
    return salted_hmac(f"uploads.services.signing_in{of}", name, algorithm="sha256").hexdigest()
