"""The mail with the link by which a lost password is replaced; its words are in ``templates/mail``.

A worker sends it: how long a page takes to answer tells nobody whether there is an account, and no page waits for a
mail server.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.http import HttpRequest


def site_of_links(request: HttpRequest) -> str:
    """What the link begins with: as the setting says, for the host of a request is what its sender says."""
    return settings.SITE_ADDRESS or f"{request.scheme}://{request.get_host()}"


def send_reset_link(*, address: str, site: str) -> None:
    """To each account of the address that has a password; a mail server that fails stands in the log."""
    form = PasswordResetForm({"email": address})
    if not form.is_valid():
        return
    known_by = urlsplit(site)
    form.save(
        domain_override=known_by.netloc,
        use_https=known_by.scheme == "https",
        subject_template_name="mail/reset_password_subject.txt",
        email_template_name="mail/reset_password.txt",
    )
