"""How often somebody may ask for the link that resets a password, so that nobody fills another one's mailbox by it.

Counted beside the wrong passwords, apart from them. What is typed is counted, whether or not it is the address of an
account: the refusal tells nobody who has one.
"""

import math
from dataclasses import dataclass

from django.db.models.functions import Now
from django.utils import timezone

from uploads.models import PasswordFailure
from uploads.services.errors import TooManySignIns
from uploads.services.sender_network import network_of
from uploads.services.signing_in.attempts import WINDOW, digest_of

MOST_OF_ADDRESS = 3
MOST_OF_NETWORK = 20
_LINKS = "links "
"""No network is written so: what is counted here is none of its wrong passwords."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Limit:
    most: int
    counted: dict[str, str]
    words: str
    hint: str


def count_reset(*, mail_address: str, address: str | None) -> None:
    """Count one link that somebody at ``address`` asks for; raises ``TooManySignIns`` where that is one too many.

    It is written before the others are counted: of many at once no more get through than may.
    """
    account, sender = digest_of(mail_address, of=".links"), f"{_LINKS}{network_of(address)}"
    mine = PasswordFailure.objects.create(account=account, sender=sender)
    limits = (
        _Limit(
            most=MOST_OF_ADDRESS,
            counted={"account": account},
            words="links were asked for to this address",
            hint="Look for the mail, also among spam.",
        ),
        _Limit(
            most=MOST_OF_NETWORK,
            counted={"sender": sender},
            words="links were asked for from your network",
            hint="Or ask the people who run this site.",
        ),
    )
    for limit in limits:
        lately = PasswordFailure.objects.filter(**limit.counted, at__gt=Now() - WINDOW).exclude(pk=mine.pk)
        times = list(lately.order_by("-at").values_list("at", flat=True)[: limit.most])
        if len(times) == limit.most:
            mine.delete()  # who goes on asking puts the end off for nobody
            seconds = max(1, math.ceil((times[-1] + WINDOW - timezone.now()).total_seconds()))
            minutes = math.ceil(seconds / 60)
            raise TooManySignIns(
                f"{limit.most} {limit.words} within {WINDOW.seconds // 60} minutes. Ask again in"
                f" {minutes} minute{'s' * (minutes != 1)}.",
                hint=limit.hint,
                seconds=seconds,
            )
