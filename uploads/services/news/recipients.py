"""Whom senders may have mail sent to: so many a day to one address, and none where whoever has it wants none.

Anybody may leave anybody's address with a file, and nobody can tell whose it is. Addresses are kept as digests of the
site's own: in them nobody reads who was written to. With another SECRET_KEY who wanted none has to say so again.
"""

import hmac
import re
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from uploads.models import MailNote
from uploads.tabular.errors import BadOption

MOST_TO_ADDRESS = 10
"""Files of a day of which one address is told, whoever sends them but staff, and the account that it is of."""
DAY = timedelta(days=1)
_SALT = "uploads.news.recipients"
_DIGITS = 64
_STOP = re.compile(rf"[0-9a-f]{{{2 * _DIGITS}}}")


def count_mail(*, address: str, is_limited: bool) -> None:
    """Of a file that is begun, where it ``is_limited``; raises ``BadOption`` where nothing may be sent there.

    The caller holds ``Lock.RECEIVING``, so that of several at once no more get through than may.
    """
    digest = _digest_of(address)
    if _is_refused(digest):
        raise BadOption(
            "Whoever has this mail address wants no mail about files.",
            hint="Leave it out, and keep the address of the receipt. A link in each such mail allows them again.",
        )
    if not is_limited:
        return
    lately = MailNote.objects.filter(digest=digest, at__gt=Now() - DAY, is_refusal=False)
    if lately.count() >= MOST_TO_ADDRESS:
        raise BadOption(
            f"{MOST_TO_ADDRESS} files of one day are told to this address already; of more it hears nothing.",
            hint="Leave it out, and keep the address of the receipt.",
        )
    MailNote.objects.create(digest=digest)


def is_refused(*, address: str) -> bool:
    """Whether whoever has it wants no mail that senders ask for."""
    return _is_refused(_digest_of(address))


def stop_token(*, address: str) -> str:
    """What the link to say so ends with: none but whoever reads the mail can make it."""
    digest = _digest_of(address)
    return f"{digest}{_seal(digest)}"


def refuse_mail(*, token: str) -> None:
    """No more to the address of a ``stop_token``; saying it twice changes nothing. Raises ``BadOption``."""
    try:
        with transaction.atomic():
            MailNote.objects.create(digest=_digest_in(token), is_refusal=True)
    except IntegrityError:
        return


def allow_mail(*, token: str) -> None:
    """Take that back. Raises ``BadOption``."""
    MailNote.objects.filter(digest=_digest_in(token), is_refusal=True).delete()


def is_token_refused(*, token: str) -> bool:
    """Whether that was said. Raises ``BadOption``."""
    return _is_refused(_digest_in(token))


def forget_counts() -> int:
    """What counts no more; returns how many."""
    return MailNote.objects.filter(is_refusal=False, at__lt=Now() - DAY).delete()[0]


def _is_refused(digest: str) -> bool:
    return MailNote.objects.filter(digest=digest, is_refusal=True).exists()


def _digest_of(address: str) -> str:
    """The same however its letters are written, as mail servers have it."""
    return salted_hmac(_SALT, address.strip().casefold(), algorithm="sha256").hexdigest()


def _seal(digest: str) -> str:
    return salted_hmac(f"{_SALT}.stop", digest, algorithm="sha256").hexdigest()


def _digest_in(token: str) -> str:
    digest, seal = token[:_DIGITS], token[_DIGITS:]
    if _STOP.fullmatch(token) is None or not hmac.compare_digest(seal, _seal(digest)):
        raise BadOption(
            "This link belongs to no mail of this site.",
            hint="Open it again from the mail, whole: some programs cut it.",
        )
    return digest
