"""The mail address that a sender may leave with a file: for one word of its outcome."""

from django.conf import settings

from uploads.models import SenderAddress
from uploads.services.news.subscriptions import check_mail_address, check_mail_is_sent
from uploads.tabular.errors import BadOption

MOST_FILES = 20
"""Of which one address waits to hear: nobody can have this site fill somebody else's mailbox."""
LONGEST = 254


def takes_addresses() -> bool:
    """Whether a sender may leave one: mail goes out, and its link leads to this site."""
    return bool(settings.MAIL_URL and settings.SITE_ADDRESS)


def check_address(said: str) -> str:
    """The address as it is kept; empty where nothing was said. Raises ``BadOption``."""
    address = said.strip()
    if not address:
        return ""
    check_mail_is_sent()
    if not takes_addresses():
        raise BadOption(
            "This site tells no senders by mail.", hint="Its setting SITE_ADDRESS says where links lead, once it does."
        )
    if len(address) > LONGEST:
        raise BadOption(f"A mail address has {LONGEST} characters at most.", hint="Shorten it, or leave it out.")
    check_mail_address(address)
    if SenderAddress.objects.filter(address__iexact=address).count() >= MOST_FILES:
        raise BadOption(
            f"{MOST_FILES} files wait already of which this address is to hear.",
            hint="Leave it out, and keep the address of the receipt.",
        )
    return address


def keep_address(*, file_id: int, address: str) -> None:
    """In the transaction that begins the file."""
    if address.strip():
        SenderAddress.objects.create(file_id=file_id, address=address.strip())
