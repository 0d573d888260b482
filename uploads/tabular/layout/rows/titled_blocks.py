"""Blocks of one header, each below a title or a line of details of its own, as plate readers write: each is a table."""

from collections.abc import Iterator, Sequence

from uploads.tabular.layout.header_evidence import kind_of
from uploads.tabular.layout.rows.page_lines import same_but_for_page
from uploads.tabular.layout.sheet_header import filled

Row = Sequence[str]

LEAST_BLOCKS = 8
"""Fewer are told apart by what they cost, unless a blank row sets each apart with its title, or there are three of them
and each title stands right above its header."""
_LEAST_TITLED = 3
_LEAST_DETAILS = 3
_TOP = 20
"""Rows among which the first header is looked for."""
_GAP = 2
"""Blank rows between a title and the header."""


def titled_blocks(rows: Sequence[Row]) -> tuple[int, ...]:
    """Where the second block and all further ones begin, titles included; nothing where there are few.

    A title that stands above two of them, or differs by the number of a page alone, is one of a printed page. Lines of
    details (``Plate:;Plate1;1.3;Endpoint``) are of another width than the header, and begin alike.
    """
    for first, header in enumerate(rows[:_TOP]):
        if filled(header) < 2 or not first:
            continue
        places = [at for at, row in enumerate(rows) if row == header]
        if len(places) > 1 and _are_details([rows[at - 1] for at in places], header):
            return tuple(at - 1 for at in places[1:])
        if len(places) < 2 or _title_above(rows, first) is None:
            continue
        titles = [title for at in places if (title := _title_above(rows, at)) is not None]
        is_sure = _are_set_apart(rows, titles, header) or _are_right_above(rows, titles, places)
        if len(places) < LEAST_BLOCKS and not is_sure:
            continue
        texts = {same_but_for_page(_text(rows[title])) for title in titles}
        if len(texts) == len(places):
            return tuple(_tops(rows, titles[1:]))
    return ()


def _are_details(lines: Sequence[Row], header: Row) -> bool:
    """Whether lines of several cells say each something else of the block that begins right below them."""
    if not all(filled(line) >= _LEAST_DETAILS and len(line) != len(header) for line in lines):
        return False
    begins = {line[0].strip() for line in lines}
    return len(begins) == 1 and "" not in begins and len(set(map(tuple, lines))) == len(lines)


def _are_set_apart(rows: Sequence[Row], titles: Sequence[int], header: Row) -> bool:
    """Whether a blank row stands above each title but the first, which stands on top, and all names are words."""
    is_first = not any(map(filled, rows[: titles[0]]))
    are_names = all(kind_of(cell) == "text" for cell in header if cell.strip())
    return is_first and are_names and not any(filled(rows[title - 1]) for title in titles[1:])


def _are_right_above(rows: Sequence[Row], titles: Sequence[int], places: Sequence[int]) -> bool:
    """Whether three headers and more have each a title right above, the first on top, and a row below."""
    if len(titles) < max(_LEAST_TITLED, len(places)) or any(map(filled, rows[: titles[0]])):
        return False
    are_near = all(title == place - 1 for title, place in zip(titles, places, strict=True))
    ends = [*titles[1:], len(rows)]
    are_names = all(kind_of(cell) == "text" for cell in rows[places[0]] if cell.strip())
    has_rows = all(any(map(filled, rows[at + 1 : end])) for at, end in zip(places, ends, strict=True))
    return are_near and are_names and has_rows and all(filled(rows[place]) > 2 for place in places)


def _title_above(rows: Sequence[Row], header: int) -> int | None:
    """The row of a single cell above a header, with a blank row or two between at most."""
    at = header - 1
    while at >= 0 and header - at <= _GAP and not filled(rows[at]):
        at -= 1
    return at if at >= 0 and filled(rows[at]) == 1 else None


def _tops(rows: Sequence[Row], titles: Sequence[int]) -> Iterator[int]:
    """The first of the rows of a single cell that end with each title."""
    for title in titles:
        top = title
        while filled(rows[top - 1]) == 1:
            top -= 1
        yield top


def _text(row: Row) -> str:
    return "".join(cell.strip() for cell in row)
