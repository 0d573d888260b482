"""The parts of an Office package, unpacked block by block within the limits on real bytes."""

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from uploads.tabular.errors import LimitExceeded
from uploads.tabular.table import Limits

HARD_TO_UNPACK = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError),
    # A part that states a password, or a packing that nobody knows.
    *(LookupError, NotImplementedError, RuntimeError, ValueError),
)
"""What damaged packages cause."""

RATIO_FLOOR = 64 * 2**20
"""Bytes unpacked before the ratio of unpacked to packed says anything."""

_PACKED_BYTES = 2**16
"""Unpacked from so many at a time: 95 MB in 0.13 s, where zipfile's own stream with its checksum takes 0.3."""

_LOCAL_HEADER = 30


def blocks_of(path: Path, part: zipfile.ZipInfo, limits: Limits) -> Iterator[bytes]:
    """The part's bytes, a few hundred KB at a time. Its real size counts, whatever the package states."""
    unpacked = 0
    for block in _inflated(path, part) if part.compress_type == zipfile.ZIP_DEFLATED else _read(path, part):
        unpacked += len(block)
        too_dense = unpacked > RATIO_FLOOR and unpacked > max(part.compress_size, 1) * limits.unpack_ratio
        if unpacked > limits.unpacked_bytes or too_dense:
            raise LimitExceeded(
                f"{part.filename} in this workbook unpacks to more than {unpacked:,} bytes; that is over the limit.",
                hint="Save the table as CSV, or split it into smaller files.",
            )
        yield block


def _inflated(path: Path, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(part.header_offset)
        name, extra = struct.unpack("<HH", file.read(_LOCAL_HEADER)[-4:])
        file.seek(name + extra, 1)
        left = part.compress_size
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        while left > 0 and not stream.eof and (packed := file.read(min(_PACKED_BYTES, left))):
            left -= len(packed)
            yield stream.decompress(packed)


def _read(path: Path, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with zipfile.ZipFile(path) as package, package.open(part) as stream:
        while block := stream.read(2**18):
            yield block
