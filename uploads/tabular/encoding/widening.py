"""Texts that begin with one byte for each letter and go on in UTF-16, as where PowerShell's ``>>`` appended to a file.

No encoding reads both: by UTF-16 the names in the first line are Chinese signs, by the other each letter has a NUL.
"""

import re

_PRINTED = re.compile(rb"[\t\r\n -~]*")
_LEAST = 6
"""Bytes: a few Chinese signs of UTF-16 may be such bytes by chance."""
_LOOKED_AT = 64
_MARKS = (b"\xff\xfe", b"\xfe\xff")


def line_where_letters_widen(head: bytes) -> int | None:
    """The line, from 1, from which on letters take two bytes; ``None`` where all are written alike."""
    zero = head.find(b"\x00")
    end = head.rfind(b"\n", 0, zero) + 1 if zero > 0 else 0
    if end <= _LEAST or _PRINTED.fullmatch(head, 0, end) is None:
        return None
    wide = head[end : end + _LOOKED_AT]
    wide = wide[2:] if wide.startswith(_MARKS) else wide
    first, second = wide[0::2].count(0), wide[1::2].count(0)
    # Where a text is UTF-16 from its beginning, the zero behind the line end is the end's own.
    begins_with_zero = first > second and end % 2 == 0
    is_wide = 4 * max(first, second) >= len(wide) and not min(first, second)
    return head.count(b"\n", 0, end) + 1 if is_wide and (second > first or begins_with_zero) else None
