"""Send one webhook: to a public address alone, signed as Standard Webhooks say, within bounds of time and length.

A name is resolved once, each of its addresses is looked at, and the connection is made to one of them: whoever answers
the next question of the resolver otherwise gains nothing. No redirect is followed. https://www.standardwebhooks.com
"""

import base64
import hashlib
import hmac
import http.client
import ipaddress
import secrets
import socket
import ssl
import threading
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import SplitResult, urlsplit

from uploads.tabular.errors import BadOption

SECONDS = 15
"""For a connection and the whole answer."""
LONGEST_ANSWER = 500
"""Characters that the log keeps; no more than four times as many bytes are read."""
SECRET_PREFIX = "whsec_"  # noqa: S105 - as Standard Webhooks write secrets
GONE = 410
_EMBEDDED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("2002::/16"))
"""IPv6 addresses that lead to an IPv4 one: NAT64 has it at the end, 6to4 behind the first two bytes."""
_NEVER_MEANT = tuple(
    map(
        ipaddress.ip_network,
        ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "2001::/23", "3fff::/20"),
    )
)
"""What Python holds to be of the open internet, or did in some version, and no webhook has: the agent that Azure has
beside each of its machines, addresses of protocols (RFC 6890), relays of 6to4 (RFC 7526), NAT64 of a network's own
(RFC 8215), Teredo and its neighbours (RFC 2928), examples (RFC 9637)."""


class WebhookFailed(Exception):
    """It did not arrive; ``is_final``: nor would it the next time; ``status``: of the answer, where there was one."""

    def __init__(self, message: str, *, is_final: bool = False, status: int | None = None) -> None:
        super().__init__(message)
        self.is_final = is_final
        self.status = status


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What is sent; the same ``message_id`` at each try."""

    message_id: str
    at: datetime
    """Of this try."""
    body: bytes


def new_secret() -> str:
    """``whsec_`` and 32 random bytes in Base64."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sign(message: Message, *, secret: str) -> dict[str, str]:
    """The headers ``webhook-id``, ``webhook-timestamp`` and ``webhook-signature``: HMAC-SHA256 of all three parts."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    stamp = str(int(message.at.timestamp()))
    signed = f"{message.message_id}.{stamp}.".encode() + message.body
    digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {"webhook-id": message.message_id, "webhook-timestamp": stamp, "webhook-signature": f"v1,{digest}"}


def check_target(address: str, *, is_private_allowed: bool) -> SplitResult:
    """The parts of a webhook's address; raises ``BadOption`` for one that nothing is sent to, whoever owns it."""
    hint = "Give the whole address, as https://example.org/hooks/uploader."
    try:
        parts = urlsplit(address)
        port_is_good = parts.port is None or parts.port > 0
    except ValueError:
        raise BadOption("The address of the webhook cannot be read.", hint=hint) from None
    ways = ("https", "http") if is_private_allowed else ("https",)
    if parts.scheme not in ways:
        raise BadOption(f"The address of a webhook begins with {' or '.join(f'{way}://' for way in ways)}.", hint=hint)
    is_plain = address.isascii() and address.isprintable() and " " not in address
    if not parts.hostname or not port_is_good or not is_plain:
        raise BadOption("The address of the webhook cannot be read.", hint=hint)
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise BadOption(
            "The address of the webhook has a name, a password or a part behind #.",
            hint="Leave that out: what is sent is signed, so that its receiver knows whose it is.",
        )
    return parts


def resolve_target(parts: SplitResult, *, is_private_allowed: bool) -> tuple[str, int]:
    """The address and port to connect to; raises ``WebhookFailed`` where any that the name has is not public."""
    host, port = parts.hostname or "", parts.port or {"https": 443, "http": 80}[parts.scheme]
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise WebhookFailed(f"The name “{host}” cannot be found: {error}.") from error
    addresses = [str(entry[4][0]) for entry in found]
    closed = [address for address in addresses if not is_public(address)]
    if not is_private_allowed and closed:
        raise WebhookFailed(
            f"“{host}” leads to {closed[0]}, which is no public address. Where such are meant, WEBHOOKS_PRIVATE=true"
            " allows them.",
        )
    return addresses[0], port


def is_public(address: str) -> bool:
    """Whether an address is one of the open internet, also behind what leads to another one."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        nat64, six_to_four = _EMBEDDED
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif found in nat64:
            found = ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
        elif found in six_to_four:
            found = ipaddress.IPv4Address((int(found) >> 80) & 0xFFFF_FFFF)
        elif found.is_site_local or found.is_reserved:  # private once, or an IPv4 address behind zeros
            return False
    return found.is_global and not found.is_multicast and not any(found in network for network in _NEVER_MEANT)


def post_webhook(address: str, message: Message, *, secret: str, is_private_allowed: bool) -> str:
    """Send it and return what the other side said; raises ``WebhookFailed`` for anything but 2xx in time."""
    try:
        parts = check_target(address, is_private_allowed=is_private_allowed)
    except BadOption as error:
        raise WebhookFailed(error.message, is_final=True) from error
    place = resolve_target(parts, is_private_allowed=is_private_allowed)
    connection = _Connection(parts, place)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "tabular-uploader",
        "Connection": "close",
        **sign(message, secret=secret),
    }
    # A byte each few seconds is within the time of every single read: the whole answer has one of its own.
    watch = threading.Timer(SECONDS, connection.cut)
    watch.start()
    try:
        connection.request("POST", _path(parts), body=message.body, headers=headers)
        response = connection.getresponse()
        said = response.read(4 * LONGEST_ANSWER)
    except (OSError, http.client.HTTPException) as error:
        why = f"no whole answer within {SECONDS} s" if connection.is_cut else str(error) or type(error).__name__
        raise WebhookFailed(f"No answer: {why}.") from error
    finally:
        watch.cancel()
        connection.close()
    if connection.is_cut:
        raise WebhookFailed(f"No answer: no whole answer within {SECONDS} s.")
    answer = f"{response.status} {_readable(said)}".strip()
    if not 200 <= response.status < 300:
        raise WebhookFailed(answer, is_final=response.status == GONE, status=response.status)
    return answer


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _readable(said: bytes) -> str:
    text = said.decode(errors="replace")
    return "".join(each if each.isprintable() else " " for each in text).strip()[: LONGEST_ANSWER - 4]


class _Connection(http.client.HTTPConnection):
    """To an address that was looked at; the name goes into the request, and the certificate has to be its own."""

    def __init__(self, parts: SplitResult, place: tuple[str, int]) -> None:
        super().__init__(parts.hostname or "", place[1], timeout=SECONDS)
        self._parts, self._place = parts, place
        self.default_port = {"https": 443, "http": 80}[parts.scheme]  # of the header Host
        self.is_cut = False

    def connect(self) -> None:
        plain = socket.create_connection(self._place, timeout=SECONDS)
        if self._parts.scheme == "http":
            self.sock = plain
            self._stop_if_cut()
            return
        context = ssl.create_default_context()
        safe = context.wrap_socket(plain, server_hostname=self._parts.hostname, do_handshake_on_connect=False)
        self.sock = safe  # before it speaks, so that it can be cut
        self._stop_if_cut()
        safe.do_handshake()

    def _stop_if_cut(self) -> None:
        """The time was over before there was anything to cut, and nobody would end what follows."""
        if self.is_cut:
            raise TimeoutError

    def cut(self) -> None:
        """From another thread: whatever is waited for ends."""
        self.is_cut = True
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # closed already
