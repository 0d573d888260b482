"""SHA-256 of what has arrived of an upload, taken as it comes: at its end nothing is read a second time.

It is known where all bytes since the first came to this process. Where it is not (another process took some of them,
this one was started anew), the bytes are read once more when they are handed over. What stands below an offset that
was stated never changes, so a digest that stopped at the offset where a request begins is that of all bytes before it.
"""

import hashlib

MOST = 4_096
"""Uploads of which it is remembered between two requests; each takes some hundred bytes."""

_kept: dict[str, tuple[int, "hashlib._Hash"]] = {}


def resume(name: str, *, at: int) -> "hashlib._Hash | None":
    """The digest of the first ``at`` bytes, for its only writer; ``None``: they were not all seen here."""
    size, digest = _kept.pop(name, (-1, None))
    if at == 0:
        return hashlib.sha256()
    return digest if size == at else None


def keep(name: str, digest: "hashlib._Hash | None", *, at: int) -> None:
    """Remember it until the next request; the oldest is forgotten where there are too many."""
    if digest is not None:
        _kept[name] = (at, digest)
        if len(_kept) > MOST:
            del _kept[next(iter(_kept))]


def take(name: str, *, at: int) -> str:
    """The digest of a whole upload of ``at`` bytes, in hex; empty where it is not known. It is forgotten."""
    digest = resume(name, at=at)
    return "" if digest is None else digest.hexdigest()
