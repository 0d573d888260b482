"""A text of JSON, read on as far as it is needed, and the place in it."""

import re
from collections.abc import Iterator

_SPACE = re.compile(r"[ \t\r\n]*")


class JsonText:
    """The text as far as it is needed, and the place in it."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self.text = ""
        self.at = 0
        self._rest = b""

    def skip(self) -> str:
        """Pass over white space; the character there, or nothing at the end."""
        while True:
            found = _SPACE.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def more(self) -> bool:
        """Read on, as much again as there is already; false at the end."""
        self.text, self.at = self.text[self.at :], 0
        parts, size = [self.text], 0
        for block in self._blocks:
            data = self._rest + block
            whole = _whole_characters(data)
            parts.append(data[:whole].decode("utf-8", "surrogateescape"))
            self._rest = data[whole:]
            size += whole
            if size >= len(self.text):
                break
        if not size and self._rest:
            parts.append(self._rest.decode("utf-8", "surrogateescape"))
            size, self._rest = len(self._rest), b""
        self.text = "".join(parts)
        return size > 0


def _whole_characters(data: bytes) -> int:
    """How many bytes of it are whole characters: at the end one may be cut."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte < 0x80:
            break
        if byte >= 0xC0:
            long = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return len(data) - back if back < long else len(data)
    return len(data)
