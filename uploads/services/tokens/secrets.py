"""How a token is written, and what is kept of it."""

import secrets
from hashlib import sha256
from zlib import crc32

PREFIX = "uploader_"
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM = 43
"""Digits to the base of 62: 256 bits."""
_CHECK = 6
LENGTH = len(PREFIX) + _RANDOM + _CHECK
SHOWN = len(PREFIX) + 4
"""Letters by which a person knows it again; 232 bits stay."""


def new_secret() -> str:
    """``uploader_`` and 49 letters and digits, of which the last six are a checksum: scanners for secrets tell it from
    all other texts, as they do GitHub's."""
    body = "".join(secrets.choice(_DIGITS) for _ in range(_RANDOM))
    return f"{PREFIX}{body}{_checksum(body)}"


def is_well_formed(secret: str) -> bool:
    """Whether it may be one of ours; what is mistyped is told without asking the database."""
    body, check = secret[len(PREFIX) : -_CHECK], secret[-_CHECK:]
    return len(secret) == LENGTH and secret.startswith(PREFIX) and secret.isascii() and _checksum(body) == check


def digest_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _checksum(body: str) -> str:
    number, digits = crc32(body.encode()), ""
    for _ in range(_CHECK):
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits
