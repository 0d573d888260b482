"""A webhook is signed as Standard Webhooks say, and goes to addresses of the open internet alone."""

import socket
from datetime import UTC, datetime
from typing import Any

import pytest

from uploads.services.news.webhook import Message, WebhookFailed, check_target, is_public, resolve_target, sign
from uploads.tabular.errors import BadOption


def test_signature_is_that_of_the_reference_implementation() -> None:
    """The figures are those of the tests of the project's own libraries."""
    message = Message(
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=datetime.fromtimestamp(1614265330, UTC),
        body=b'{"test": 2432232314}',
    )
    assert sign(message, secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.1.2.3", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1%eth0"),
        *("fc00::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:db8::1"),
        *("fec0::1", "::127.0.0.1", "168.63.129.16", "192.0.0.9", "192.88.99.1", "3fff::1", "64:ff9b:1::7f00:1"),
    ],
)
def test_nothing_goes_to_an_address_that_is_not_of_the_open_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "168.63.129.17", "2001:4860:4860::8888"],
)
def test_addresses_of_the_open_internet_are_reached(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://example.org/", "begins with https://"),
        ("file:///etc/passwd", "begins with https://"),
        ("https://", "cannot be read"),
        ("https://example.org:99999/", "cannot be read"),
        ("https://example.org/\r\nHost: x", "cannot be read"),
        ("https://ana:secret@example.org/", "a name, a password"),
        ("https://example.org/#part", "a name, a password"),
    ],
)
def test_address_that_nothing_is_sent_to_is_refused_in_words(address: str, words: str) -> None:
    with pytest.raises(BadOption, match=words):
        check_target(address, is_private_allowed=False)


def test_plain_http_is_for_private_networks() -> None:
    assert check_target("http://10.0.0.5:8080/hook", is_private_allowed=True).port == 8080


def test_name_with_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    parts = check_target("https://hooks.example.org/x", is_private_allowed=False)
    with pytest.raises(WebhookFailed, match=r"leads to 10\.0\.0\.1"):
        resolve_target(parts, is_private_allowed=False)
    assert resolve_target(parts, is_private_allowed=True) == ("8.8.8.8", 443)
