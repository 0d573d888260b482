"""Counts the lines of a text in UTF-16 or UTF-32, whose bytes don't show line ends to a count of bytes."""

import numpy as np

from uploads.tabular.encoding.choice import Encoding
from uploads.tabular.files.streams import Readable

_READ_BYTES = 2 * 2**20
_LF, _CR = 10, 13


def count_wide_lines(stream: Readable, encoding: Encoding) -> int:
    """Line ends (LF, CR LF or CR), and one for a last line without; knows nothing of decoding or records."""
    size = 4 if "32" in encoding.codec else 2
    unit = np.dtype(f"{'>' if encoding.codec.endswith('be') else '<'}u{size}")
    count = 0
    last = _LF
    held = b""
    skip = encoding.bom
    while data := stream.read(_READ_BYTES):
        cut = min(skip, len(data))
        skip -= cut
        data = held + data[cut:]
        whole = len(data) // size * size
        data, held = data[:whole], data[whole:]
        units = np.frombuffer(data, dtype=unit)
        if len(units):
            feeds, returns = units == _LF, units == _CR
            pairs = np.count_nonzero(returns[:-1] & feeds[1:]) + (last == _CR and bool(feeds[0]))
            count += int(np.count_nonzero(feeds) + np.count_nonzero(returns) - pairs)
            last = int(units[-1])
    return count + (last not in (_LF, _CR) or bool(held))
