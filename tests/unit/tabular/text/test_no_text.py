"""What is no text in any encoding is told from its begin, however long it is."""

import random

import pytest

from uploads.tabular.errors import DamagedFile, LimitExceeded, NotATable
from uploads.tabular.files.kind import is_noise
from uploads.tabular.files.streams import ByteSource
from uploads.tabular.table import Limits, ReadOptions
from uploads.tabular.text.decoded_text import READ_BYTES, decode_text

BLOCK = random.Random(3).randbytes(READ_BYTES)  # noqa: S311 (not a secret)
GIGABYTE = 512 * READ_BYTES


class Repeated:
    """The same block over and over, and how much of it was read."""

    def __init__(self, block: bytes, *, size: int) -> None:
        self.block, self.size = block, size
        self.read_so_far = 0

    def read(self, size: int, /) -> bytes:
        if self.read_so_far >= self.size:
            return b""
        self.read_so_far += len(self.block)
        return self.block

    def close(self) -> None:
        """Nothing to close."""


def test_random_bytes_are_refused_by_the_first_of_them() -> None:
    noise = Repeated(BLOCK, size=GIGABYTE)
    with pytest.raises(NotATable, match="neither text nor"):
        decode_text(ByteSource(name="noise", open=lambda: noise), ReadOptions(), None)
    assert noise.read_so_far == READ_BYTES


LINES_OF_NOISE = BLOCK.translate(bytes([10] * 32 + list(range(32, 127)) + [10] + list(range(128, 256))))
"""As encrypted bytes would be, had somebody put line ends for all control characters."""


def test_noise_of_lines_is_refused_by_the_first_of_them() -> None:
    noise = Repeated(LINES_OF_NOISE, size=GIGABYTE)
    with pytest.raises(NotATable, match="neither text nor"):
        decode_text(ByteSource(name="noise", open=lambda: noise), ReadOptions(), None)
    assert noise.read_so_far == READ_BYTES


def test_noise_behind_a_table_is_refused_where_it_begins() -> None:
    table = (b"id;name\n" + b"1;Ann\n" * READ_BYTES)[:READ_BYTES]
    blocks = iter([table, LINES_OF_NOISE, LINES_OF_NOISE])

    class Damaged(Repeated):
        def read(self, size: int, /) -> bytes:
            return next(blocks, b"")

    with pytest.raises(DamagedFile, match="begins as a text, and what stands behind byte 2,097,152 is none"):
        decode_text(ByteSource(name="a.csv", open=lambda: Damaged(table, size=1)), ReadOptions(), None)


@pytest.mark.parametrize(
    ("codec", "first", "last"), [("gb18030", 0x4E00, 0x9FA5), ("cp949", 0xAC00, 0xD7A3), ("cp1251", 0x410, 0x44F)]
)
def test_letters_by_chance_in_an_old_encoding_are_no_noise(codec: str, first: int, last: int) -> None:
    chance = random.Random(5)  # noqa: S311 (not a secret)
    letters = "".join(chr(chance.randint(first, last)) for _ in range(100_000))
    assert not is_noise(letters.encode(codec))
    assert not is_noise(LINES_OF_NOISE[:1_000])


def test_cell_that_never_ends_is_refused_at_the_limit_of_a_cell() -> None:
    cell = Repeated(b"x" * READ_BYTES, size=GIGABYTE)
    with pytest.raises(LimitExceeded, match="The cell of one that holds byte 0 is longer than 16,777,216 bytes"):
        decode_text(ByteSource(name="one", open=lambda: cell), ReadOptions(), None)
    assert cell.read_so_far <= Limits().cell_bytes + READ_BYTES


def test_text_of_two_bytes_a_letter_is_no_noise() -> None:
    line = "código;año\n1;2\n".encode("utf-16-le")
    block = (line * (READ_BYTES // len(line) + 1))[:READ_BYTES]
    source = ByteSource(name="wide", open=lambda: Repeated(block, size=2 * READ_BYTES))
    assert decode_text(source, ReadOptions(), None).encoding.is_wide


HIVE = b"7\x01a\x012.5\n8\x01b\x013.5\n9\x01c\x014.5\n"


def test_short_cells_between_the_control_codes_of_hive_are_no_noise() -> None:
    source = ByteSource(name="000000_0", open=lambda: Repeated(HIVE, size=len(HIVE)))
    assert decode_text(source, ReadOptions(), None).encoding.is_utf8


@pytest.mark.parametrize("data", [HIVE.replace(b"a\x01", b"a"), HIVE.replace(b"\x01", b"\x02")])
def test_other_control_codes_are(data: bytes) -> None:
    source = ByteSource(name="noise", open=lambda: Repeated(data, size=len(data)))
    with pytest.raises(NotATable, match="neither text nor"):
        decode_text(source, ReadOptions(), None)
