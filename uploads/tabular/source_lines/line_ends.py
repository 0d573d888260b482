"""Where lines end among bytes, in any width of characters; without numpy, for the web process has none."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice


@dataclass(frozen=True, slots=True)
class LineEndings:
    """LF, CR LF and CR in characters of ``unit`` bytes."""

    unit: int
    pattern: re.Pattern[bytes]
    feed: bytes
    back: bytes

    def count(self, data: bytes) -> int:
        """Line ends in ``data``, which begins with a whole character and does not end with a CR that an LF follows."""
        if self.unit == 1:
            feeds = data.count(b"\n")
            # to look for two bytes takes twice as long as all else
            return feeds + data.count(b"\r") - data.count(b"\r\n") if b"\r" in data else feeds
        return sum(found.start() % self.unit == 0 for found in self.pattern.finditer(data))

    def behind(self, data: bytes, number: int) -> int:
        """Offset behind the ``number``-th line end, from 1; ``IndexError`` where there are fewer."""
        ends = (found.end() for found in self.pattern.finditer(data) if found.start() % self.unit == 0)
        return next(islice(ends, number - 1, None))

    def first(self, data: bytes) -> tuple[int, int] | None:
        """Where the first line end begins and ends."""
        for found in self.pattern.finditer(data):
            if found.start() % self.unit == 0:
                return found.span()
        return None


@lru_cache(maxsize=8)
def line_endings(codec: str) -> LineEndings:
    """Of texts in this encoding, by Python's name. No match that lies across characters hides one that doesn't: each
    begins (or ends, where the highest byte comes first) with a byte that is not zero, and has zeros else."""
    unit = 4 if codec.startswith("utf-32") else 2 if codec.startswith("utf-16") else 1
    zeros = bytes(unit - 1)
    feed, back = (zeros + end if codec.endswith("be") else end + zeros for end in (b"\n", b"\r"))
    pattern = b"%b|%b|%b" % tuple(map(re.escape, (back + feed, feed, back)))
    return LineEndings(unit=unit, pattern=re.compile(pattern), feed=feed, back=back)
