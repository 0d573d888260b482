"""The mail address that a sender may leave with a file: for each question of staff, and one word of its outcome.

Whose it is nobody knows: how many mails go to one address, and to which none, ``recipients`` says.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now

from uploads.models import NewsDelivery, SenderAddress, UploadedFile
from uploads.services.news.recipients import count_mail
from uploads.services.news.subscriptions import check_mail_address, check_mail_is_sent
from uploads.services.sender_network import sent_from
from uploads.states import NewsEvent
from uploads.tabular.errors import BadOption

MOST_FILES = 20
"""Of which one address waits to hear: nobody can have this site fill somebody else's mailbox."""
MOST_A_DAY = 50
"""Mails for files of one network: a file that fails at once waits for nothing, and whose mailbox it is nobody knows."""
LONGEST = 254


def takes_addresses() -> bool:
    """Whether a sender may leave one: mail goes out, and its link leads to this site."""
    return bool(settings.MAIL_URL and settings.SITE_ADDRESS)


def check_address(said: str) -> None:
    """Raise ``BadOption`` where it is no address, or no mail goes out; empty where nothing is said."""
    address = said.strip()
    if not address:
        return
    check_mail_is_sent()
    if not takes_addresses():
        raise BadOption(
            "This site tells no senders by mail.", hint="Its setting SITE_ADDRESS says where links lead, once it does."
        )
    if len(address) > LONGEST:
        raise BadOption(f"A mail address has {LONGEST} characters at most.", hint="Shorten it, or leave it out.")
    check_mail_address(address)


def keep_address(*, file: UploadedFile, address: str, is_staff: bool) -> None:
    """In the transaction that begins the file, which holds ``Lock.RECEIVING``: of several at once one is the last that
    is allowed. Raises ``BadOption`` where so many files wait to be told there, its sender's network has had enough, or
    ``recipients`` has it so.
    """
    address = address.strip()
    if not address:
        return
    if SenderAddress.objects.filter(address__iexact=address).count() >= MOST_FILES:
        raise BadOption(
            f"{MOST_FILES} files wait already of which this address is to hear.",
            hint="Leave it out, and keep the address of the receipt.",
        )
    if not is_staff and _count_of_a_day(file.address) >= MOST_A_DAY:
        raise BadOption(
            f"{MOST_A_DAY} files with a mail address came from your network within a day; more are not told by mail.",
            hint="Leave the mail address out, and keep the address of the receipt.",
        )
    count_mail(address=address, is_limited=not is_staff and not _is_own(file, address))
    SenderAddress.objects.create(file=file, address=address)


def _is_own(file: UploadedFile, address: str) -> bool:
    """Whether it is that of the account which sends it."""
    person = file.uploaded_by
    return person is not None and person.email.casefold() == address.casefold()


def _count_of_a_day(network: str | None) -> int:
    """Those that wait, and those that are told, to whomever: who that was is forgotten."""
    theirs = {f"file__{name}": value for name, value in sent_from(network).items()}
    yesterday = Now() - timedelta(days=1)
    waiting = SenderAddress.objects.filter(**theirs, file__created_at__gt=yesterday).count()
    told = NewsDelivery.objects.filter(**theirs, subscription=None, file__created_at__gt=yesterday)
    return waiting + told.exclude(event=NewsEvent.ASKED).count()  # whoever asks is none of them
