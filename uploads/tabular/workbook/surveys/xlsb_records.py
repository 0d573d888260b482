"""Records of the binary parts of an .xlsb."""

import struct
from collections.abc import Iterator


def records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and body of each record; both kind and size are written in 7 bits a byte (MS-XLSB §2.1.4)."""
    position = 0
    while position < len(content):
        kind = content[position]
        position += 1
        if kind & 0x80:
            kind = kind & 0x7F | (content[position] & 0x7F) << 7
            position += 1
        size = shift = 0
        more = True
        while more:
            byte = content[position]
            size |= (byte & 0x7F) << shift
            more = bool(byte & 0x80)
            shift += 7
            position += 1
        yield kind, content[position : position + size]
        position += size


def wide_text(body: bytes, at: int) -> tuple[str, int]:
    """A text that stands at a place ([MS-XLSB] §2.5.166), and where it ends."""
    (length,) = struct.unpack_from("<I", body, at)
    end = at + 4 + 2 * min(length, len(body))
    return body[at + 4 : end].decode("utf-16-le"), end
