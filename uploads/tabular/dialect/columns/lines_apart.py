"""Lines of a printed text that are no rows of its columns: names of groups, and titles."""

import re

VALUE = re.compile(
    r"[-+(]?[$€£]?\d[\d.,:/'-]*\)?\s?[-%€$£]?|\d{1,2}[- ][^\W\d_]{3,9}[- ]\d{2,4}|[-+]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?"
)
_LEAST_NAMES = 3


def is_lone(line: str) -> bool:
    """Whether single spaces part all words of a line, and none is a value: it may name a group of rows."""
    words = line.split()
    return len(words) > 0 and "  " not in line.strip() and not any(map(VALUE.fullmatch, words))


def is_centred(line: str) -> bool:
    """Whether a line is a title in the middle, ``As of 31 January 2024``: single spaces part all of its words."""
    return line.startswith("  ") and "  " not in line.strip()


def may_be_header(line: str, above: str) -> bool:
    """Whether single spaces may part names of columns: at the top of a paragraph, and as many as columns at least."""
    return not above.strip() and len(line.split()) >= _LEAST_NAMES
