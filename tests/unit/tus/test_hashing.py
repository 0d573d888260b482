"""The hash of a body is that of its bytes in their order, whichever thread takes it."""

import hashlib
import threading

import pytest

from tests.waiting import GIVE_UP_SECONDS
from uploads.tus.hashing import LEAST_BYTES, Hashing, Piece

BIG, SMALL = bytes(LEAST_BYTES), b"few bytes"


class Digest:
    """Takes a piece when it may."""

    def __init__(self) -> None:
        self.may = threading.Event()
        self.taken: list[tuple[int, bool]] = []

    def update(self, piece: Piece, /) -> None:
        is_beside = threading.current_thread() is not threading.main_thread()
        if is_beside:
            assert self.may.wait(GIVE_UP_SECONDS)
        self.taken.append((len(piece), is_beside))


def test_large_piece_is_hashed_beside_its_writing_and_the_next_one_waits_for_it() -> None:
    digest = Digest()
    with Hashing(has_core=lambda: True) as hashing:
        hashing.take(digest, BIG)
        assert (digest.taken, hashing.is_begun) == ([], True)
        digest.may.set()
        hashing.take(digest, SMALL)
        assert (digest.taken, hashing.is_begun) == ([(LEAST_BYTES, True), (len(SMALL), False)], False)
        hashing.take(digest, BIG)
    assert digest.taken[2:] == [(LEAST_BYTES, True)]


def test_where_no_core_is_free_pieces_are_hashed_at_once() -> None:
    digest = Digest()
    with Hashing(has_core=lambda: False) as hashing:
        hashing.take(digest, BIG)
        assert digest.taken == [(LEAST_BYTES, False)]


@pytest.mark.parametrize("has_core", [True, False])
def test_hash_is_that_of_all_pieces(has_core: bool) -> None:
    pieces = [bytes([number]) * (LEAST_BYTES + number - 8) for number in range(16)]
    digest = hashlib.sha256()
    with Hashing(has_core=lambda: has_core) as hashing:
        for piece in pieces:
            hashing.take(digest, piece)
    assert digest.digest() == hashlib.sha256(b"".join(pieces)).digest()
