"""What stands once more on each printed page: titles, page numbers, the header, and the sum carried over.

pandas 2.2, DuckDB 1.4 and CleverCSV 0.8 read all of it as rows.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.layout.sums.worded_sums import is_carried

type Rows = Sequence[Sequence[str]]
type _Filled = tuple[str, ...]

_WORD = (
    r"(?:page|pg|seite|blatt|página|pagina|pág|pag|folio|feuille|blad|bladzijde|sida|side|sivu|strana|strona|str"
    r"|стр|страница|лист|oldal|sayfa|trang|halaman|ページ)"
)
_OF = r"\s*(?:/|of|von|de|sur|di|van|av|af|z|из)\s*\d+"
_PAGE = re.compile(
    rf"\b{_WORD}\b[\s.:№#°-]*(\d+)(?:{_OF})?|^[\W_]*(\d+){_OF}[\W_]*$|第?\s*(\d+)\s*(?:[页頁쪽]|ページ)", re.IGNORECASE
)
_MAY_COUNT = rf"(?i){_WORD}|[页頁쪽]|^\W*\d+{_OF}"
"""The same for Arrow, which knows no border of words in other letters: what is found is looked at again."""
_MOST_LINES = 8
"""Lines that can stand between the rows of one page and the header of the next."""
_LONGEST = 200
_AROUND = " -–—*_|[]()\t\xa0"
"""What stands on both sides of the number of a page."""
_TOP = 20
"""Rows among which the first header is looked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageLines:
    """Rows that stand once more on each page; they are none of the table's."""

    shapes: frozenset[str] = frozenset()
    """Titles and page numbers, and the rows of a header of several."""
    begins: frozenset[str] = frozenset()
    """The first cells of those."""
    carried: frozenset[str] = frozenset()
    """First cells of the rows that carry the sum of all rows so far over to the next page."""

    def __bool__(self) -> bool:
        return bool(self.shapes)

    def has(self, _number: int, cells: Sequence[str]) -> bool:
        """Whether a row is one of them."""
        filled = _filled(cells)
        return bool(filled) and (_shape(filled) in self.shapes or _plain(filled[0]) in self.carried)

    def by_number(self, numbers: np.ndarray) -> np.ndarray:
        """None of them is known by its place."""
        return np.zeros(len(numbers), dtype=bool)

    def by_word(self, columns: Sequence[pa.Array]) -> np.ndarray | None:
        """Which rows they are; only rows whose first cell may begin one are looked at cell by cell."""
        if not self or not columns:
            return None
        cells = pc.utf8_trim_whitespace(columns[0])
        plain = pc.utf8_rtrim(pc.utf8_lower(cells), characters=": ")
        begins = pa.array(sorted({"", *self.begins}), pa.string())
        carried = pa.array(sorted(self.carried), pa.string())
        is_known = pc.or_(pc.is_in(cells, value_set=begins), pc.is_in(plain, value_set=carried))
        may_be = pc.or_(is_known, pc.match_substring_regex(cells, _MAY_COUNT))
        mask = np.zeros(len(cells), dtype=bool)
        for at in pc.indices_nonzero(may_be).to_pylist():
            mask[at] = self.has(0, [column[at].as_py() for column in columns])
        return mask


def find_page_lines(rows: Rows, header: Sequence[int]) -> PageLines:
    """What stands between the pages, where the rows of the header, by their indices, stand once more.

    Nothing, unless each time a line stands above it that stands above the first one too, or that counts the pages; and
    each page has a row.
    “Sales 2023” and “Sales 2024” are two tables.
    """
    again = _again(rows, header)
    if not again:
        return PageLines()
    depth = header[-1] - header[0] + 1
    begins = [i + depth for i in (header[0], *again)]
    width = len(_filled(rows[header[-1]]))
    titles = (filled for row in rows[: header[0]] if 0 < len(filled := _filled(row)) < width)
    on_top = {_shape(filled) for filled in titles if any(map(_is_word, filled))}
    found = set[_Filled]()
    between = [rows[max(begin, end - _MOST_LINES) : end] for begin, end in zip(begins, again, strict=False)]
    for lines, begin, end in zip(between, begins, again, strict=False):
        own = {
            filled
            for row in lines
            if 0 < len(filled := _filled(row)) < width and (_shape(filled) in on_top or _counts(filled, rows))
        }
        has_row = any(filled and filled not in own for filled in map(_filled, rows[begin:end]))
        if not own or not has_row or _has_other_title(lines, own):
            return PageLines()
        found |= own
    names = [_filled(rows[i]) for i in header]
    if len(names) > 1 or len(names[0]) < len(rows[header[0]]):
        found |= set(names)
    carried = _carried(rows, between, begins[1:], {_shape(filled) for filled in found})
    return PageLines(shapes=frozenset(map(_shape, found)), begins=frozenset(f[0] for f in found), carried=carried)


def may_have_pages(rows: Rows) -> bool:
    """Whether one of the first rows of several cells stands there again: hardly ever in a table, and soon seen."""
    first = {tuple(row) for row in rows[:_TOP] if sum(map(bool, row)) > 1}
    return any(count > 1 for row, count in Counter(map(tuple, rows)).items() if row in first)


def names_repeated(rows: Rows) -> list[int]:
    """The first row of several cells that stands below narrower ones, if it holds only words and stands there again."""
    width = 0
    for i, filled in enumerate(map(_filled, rows[:_TOP])):
        if len(filled) > max(width, 1) and all(map(_is_word, filled)) and filled in map(_filled, rows[i + 1 :]):
            return [i]
        width = max(width, len(filled))
    return []


def _is_word(cell: str) -> bool:
    return any(map(str.isalpha, cell))


def _again(rows: Rows, header: Sequence[int]) -> list[int]:
    """Where all rows of the header stand once more, at the same distances."""
    names = [_filled(rows[i]) for i in header]
    if not names or min(map(len, names)) < 2:
        return []
    offsets = [i - header[0] for i in header]
    last = len(rows) - offsets[-1]
    starts = (i for i in range(header[-1] + 1, last) if _filled(rows[i]) == names[0])
    return [i for i in starts if [_filled(rows[i + offset]) for offset in offsets] == names]


def _has_other_title(lines: Rows, own: Collection[_Filled]) -> bool:
    """Whether the lines right above a header hold another title than the pages have: that of another table."""
    others = (filled for row in reversed(lines) if (filled := _filled(row)) and filled not in own)
    last = next(others, ())
    return len(last) == 1 and _is_word(last[0])


def _counts(filled: _Filled, rows: Rows) -> bool:
    """Whether a line counts the pages: all lines of its shape have a greater number each than the one before."""
    shape = _shape(filled)
    if "\0" not in shape or len(shape) > _LONGEST:
        return False
    alike = [other for row in rows if (other := _filled(row)) and _shape(other) == shape]
    numbers = [_page(one) for one in alike]
    return len(numbers) > 1 and all(before < number for before, number in pairwise(numbers))


def _page(filled: _Filled) -> int:
    match = _PAGE.search(" ".join(filled))
    return int(next(filter(None, match.groups()), "0")) if match else 0


def _carried(rows: Rows, between: Sequence[Rows], firsts: Sequence[int], shapes: set[str]) -> frozenset[str]:
    """The words of the last row of a page and the first of the next, where both hold the same figures each time."""
    words = set[str]()
    for lines, first in zip(between, firsts, strict=True):
        above = next((f for row in reversed(lines) if (f := _filled(row)) and _shape(f) not in shapes), ())
        below = _filled(rows[first]) if first < len(rows) else ()
        is_pair = len(above) > 1 and above[1:] == below[1:] and is_carried(above[0]) and is_carried(below[0])
        if not is_pair:
            return frozenset()
        words |= {_plain(above[0]), _plain(below[0])}
    return frozenset(words)


def _filled(cells: Sequence[str]) -> _Filled:
    return tuple(cell.strip() for cell in cells if cell.strip())


def is_page_number(text: str) -> bool:
    """Whether a line is the number of a page and nothing else, with the word for it: ``- Seite 1 von 3 -``."""
    found = _PAGE.fullmatch(text.strip(_AROUND)) if len(text) <= _LONGEST else None
    return found is not None and found[2] is None


def same_but_for_page(cell: str) -> str:
    """A title with NUL for the number of its page; nothing long is one, and each of a million digits would be tried."""
    return cell if len(cell) > _LONGEST else _PAGE.sub("\0", cell)


def _shape(filled: _Filled) -> str:
    """A row with NUL for the number of its page."""
    return same_but_for_page(" ".join(filled))


def _plain(text: str) -> str:
    return text.strip().rstrip(": ").lower()
