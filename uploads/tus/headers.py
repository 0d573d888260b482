"""The headers of a tus request: strictly read, for an offset read wrongly would corrupt a file."""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from uploads.tus.errors import Refusal, Refused

OFFSET_TYPE = "application/offset+octet-stream"
ALGORITHMS = {"sha1": 20, "sha256": 32, "md5": 16}
"""Length of each algorithm's digest in bytes."""
PARTIAL = "partial"
MOST_METADATA = 16_384

_INTEGER = re.compile(r"[0-9]{1,19}")
_KEY = re.compile(r"[\x21-\x2b\x2d-\x7e]{1,100}")
_BIGGEST = 2**63 - 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Checksum:
    """What the bytes of one request must hash to."""

    algorithm: str
    digest: bytes

    def matches(self, found: "hashlib._Hash") -> bool:
        return found.digest() == self.digest


class Headers:
    """A request's headers by lower-case name; one that may come only once and comes twice is refused."""

    def __init__(self, pairs: Iterable[tuple[bytes, bytes]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1").strip())

    def one(self, name: str) -> str | None:
        values = self._values.get(name.lower(), [])
        if len(values) > 1:
            raise Refused(Refusal.BAD_HEADER, f"The header {name} came {len(values)} times.")
        return values[0] if values else None

    def integer(self, name: str) -> int | None:
        """A number from 0 to 2⁶³ - 1 in plain digits; ``None`` when the header is missing."""
        text = self.one(name)
        if text is None:
            return None
        if not _INTEGER.fullmatch(text) or int(text) > _BIGGEST:
            raise Refused(Refusal.BAD_HEADER, f"The header {name} must be a whole number from 0 to {_BIGGEST}.")
        return int(text)

    def flag(self, name: str) -> bool | None:
        """A Boolean as structured fields write it; ``None`` when the header is missing."""
        text = self.one(name)
        if text not in (None, "?0", "?1"):
            raise Refused(Refusal.BAD_HEADER, f"The header {name} must be ?0 or ?1.")
        return None if text is None else text == "?1"

    def has(self, name: str) -> bool:
        return name.lower() in self._values

    def raw(self, name: str) -> str:
        """The header as it stands, for telling a malformed request from an empty one."""
        return ",".join(self._values.get(name.lower(), []))

    def content_type(self) -> str:
        return (self.one("Content-Type") or "").partition(";")[0].strip().lower()

    def checksum(self) -> Checksum | None:
        text = self.one("Upload-Checksum")
        if text is None:
            return None
        algorithm, _, encoded = text.partition(" ")
        if algorithm not in ALGORITHMS:
            raise Refused(Refusal.BAD_ALGORITHM, f"The checksum algorithm “{_shown(algorithm)}” is not known here.")
        digest = _decoded("Upload-Checksum", encoded)
        if len(digest) != ALGORITHMS[algorithm]:
            raise Refused(Refusal.BAD_HEADER, f"A {algorithm} checksum has {ALGORITHMS[algorithm]} bytes.")
        return Checksum(algorithm=algorithm, digest=digest)

    def stated_size(self) -> int | None:
        """Of an upload that begins: its bytes, or ``None`` where they are said later."""
        size, later = self.integer("Upload-Length"), self.one("Upload-Defer-Length")
        if later is not None and later != "1":
            raise Refused(Refusal.BAD_HEADER, "The header Upload-Defer-Length must be 1.")
        if size is None and later is None:
            raise Refused(Refusal.BAD_HEADER, "The header Upload-Length is missing (or Upload-Defer-Length: 1).")
        if size is not None and later is not None:
            raise Refused(Refusal.BAD_HEADER, "Upload-Length and Upload-Defer-Length exclude each other.")
        return size

    def concatenation(self) -> tuple[str, ...] | None:
        """The addresses of the parts that a final upload joins; none for a part, ``None`` for a file of its own."""
        text = self.one("Upload-Concat")
        if text is None:
            return None
        kind, _, addresses = text.partition(";")
        found = tuple(addresses.split())
        if (kind, bool(found), ";" in text) not in ((PARTIAL, False, False), ("final", True, True)):
            raise Refused(Refusal.BAD_HEADER, "Upload-Concat must be “partial” or “final;” and addresses of parts.")
        return found

    def metadata(self) -> dict[str, str]:
        """``Upload-Metadata``: pairs of a key and a value in Base64, which must be UTF-8."""
        text = self.one("Upload-Metadata") or ""
        if len(text) > MOST_METADATA:
            raise Refused(Refusal.BAD_HEADER, f"Upload-Metadata may have {MOST_METADATA:,} characters.")
        found: dict[str, str] = {}
        for pair in text.split(",") if text else ():
            key, _, encoded = pair.strip().partition(" ")
            if not _KEY.fullmatch(key):
                raise Refused(Refusal.BAD_HEADER, "A key in Upload-Metadata is empty or not plain ASCII.")
            if key in found:
                raise Refused(Refusal.BAD_HEADER, f"Upload-Metadata names “{key}” twice.")
            try:
                found[key] = _decoded("Upload-Metadata", encoded).decode()
            except UnicodeDecodeError as error:
                raise Refused(Refusal.BAD_HEADER, f"The value of “{key}” in Upload-Metadata is not UTF-8.") from error
        return found


def metadata_header(values: dict[str, str]) -> str:
    """The same header the other way round."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}".strip() for key, value in values.items())


def _decoded(header: str, encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except ValueError as error:  # also for characters beyond ASCII
        raise Refused(Refusal.BAD_HEADER, f"A value in {header} is not Base64.") from error


def _shown(text: str) -> str:
    return text[:40]
