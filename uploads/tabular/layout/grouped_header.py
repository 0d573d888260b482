"""Joins the rows of a header that takes several: names of groups above the names of columns."""

from collections.abc import Container, Iterator, Sequence
from itertools import groupby, pairwise, zip_longest
from typing import Any

from uploads.tabular.layout.cell_kinds import Kind, kind_in
from uploads.tabular.layout.header_evidence import kind_of
from uploads.tabular.layout.series_names import MONTH, YEAR

Row = Sequence[str]

_LEAST_YEARS = 2
_STAGGERED = 2
_NAMED = 3
_QUOTED = 60
_MOST_WORDS = 3
"""Of a name that stands alone; a title has more."""
_PAIR = 2
_ENDS_OF_NO_NAME = (":", ".", "=")


def group_row(rows: Sequence[Row], start: int, width: int) -> list[str] | None:
    """The group names right above the header in row ``start``: ``,Sales,,Costs,`` over ``Region,2022,2023,2022,2023``.

    Only names that tell equal ones below them apart are such a row, or months and years above days, all to the right of
    a blank corner; all else up there is a title or a note.
    """
    if not start or len(rows[start - 1]) != width or len(rows[start]) != width:
        return None
    above, header = _stripped(rows[start - 1]), _stripped(rows[start])
    names = [cell for cell in above if cell]
    if len(names) < 2 or len(names) == width or any(kind_of(name) != "text" for name in names):
        return None
    if are_periods_above(above, header):
        return above
    tells_apart = _repeats(header) and not _repeats(_side_by_side([_spread(above, header), header]))
    return above if tells_apart else None


def are_periods_above(groups: Row, row: Row) -> bool:
    """``,March 2024,,April 2024`` above ``,Mon 25,Tue 26,Mon 1``: each stands for the columns to its right too."""
    filled = [position for position, cell in enumerate(groups) if cell.strip()]
    names = [position for position, cell in enumerate(row) if cell.strip()]
    if len(filled) < _LEAST_YEARS or len(groups) != len(row) or filled[0] == 0 or names != list(range(1, len(row))):
        return False
    are_periods = all(kind_in(groups[position].strip()[:200]) is Kind.PERIOD for position in filled)
    return are_periods and filled[0] == names[0] and len(filled) < len(names)


def are_years_of_groups(groups: Row, row: Row, below: Sequence[Row]) -> bool:
    """``Region,2023,2024,2023,2024`` below ``,Sales,Sales,Costs,Costs``, as merged cells are written out: years tell
    columns of equal names apart, above figures that are none. The corner is blank, in both if all rows have labels."""
    if len(groups) != len(row) or len(row) < _PAIR:
        return False
    has_corner = row[0][:1].isalpha() or (not row[0] and all(line and line[0].strip() for line in below))
    if groups[0] or not has_corner or not all(any(map(str.isalpha, name)) for name in groups[1:]):
        return False
    pairs = list(zip(groups[1:], row[1:], strict=True))
    if len(set(groups[1:])) == len(pairs) or len(set(pairs)) < len(pairs) or not all(map(YEAR.match, row[1:])):
        return False
    cells = [cell.strip() for line in below for cell in line[1:] if cell.strip()]
    return sum(YEAR.match(cell) is not None for cell in cells) * 2 < len(cells)


def are_years_below_groups(groups: Row, row: Row) -> bool:
    """``,2022,2023,2022,2023`` below ``Region,Sales,,Costs,``: nothing but years, some of them below no name."""
    years = [cell for cell in row if cell]
    if len(groups) != len(row):
        return False
    goes_beyond = any(cell and not group.strip() for group, cell in zip(groups, row, strict=True))
    return goes_beyond and len(years) > 1 and all(YEAR.match(year) for year in years)


def names_corner(above: Row, header: Row) -> bool:
    """``Country,Year,,`` above ``,2002,2003,2004``: the first name belongs to the column that the header leaves blank,
    and at least one other stands for several columns."""
    names, columns = _filled_places(above), _filled_places(header)
    if not columns or columns[0] != 1 or columns != list(range(1, columns[-1] + 1)):
        return False
    if names[:2] != [0, 1] or len(names) > len(columns) or names[-1] > columns[-1]:
        return False
    first, *groups = (above[at].strip() for at in names)
    if kind_of(first) != "text" or first.endswith(_ENDS_OF_NO_NAME) or not any(map(str.isalpha, first)):
        return False
    return all(kind_of(group) == "text" or YEAR.match(group) for group in groups)


def corner_row(rows: Sequence[Row], header: Sequence[int]) -> int | None:
    """The row above those of a ``header`` with a blank corner that names it; a title stands further up, so that this is
    none, and no other row of two cells right above it: then both would be names with their values.

    Blank rows may stand between where it names two groups and more. Alone, one stands apart from the titles.
    """
    top = header[0]
    at = next((row for row in range(top - 1, 0, -1) if _filled_places(rows[row])), None)
    if at is None or not any(len(_filled_places(row)) == 1 for row in rows[:at]):
        return None
    below = [
        next(filter(None, map(str.strip, cells)), "")
        for cells in zip_longest(*map(rows.__getitem__, header), fillvalue="")
    ]
    if at == top - 1 and _filled_places(rows[at]) == [0]:
        is_apart = not _filled_places(rows[at - 1])
        return at if is_apart and _is_label_alone(rows[at][0].strip(), below, rows[header[-1] + 1 :]) else None
    if len(_filled_places(rows[at])) < _PAIR + (at < top - 1):
        return None
    return at if len(_filled_places(rows[at - 1])) < _PAIR and names_corner(rows[at], below) else None


def _is_label_alone(name: str, names: Row, body: Sequence[Row]) -> bool:
    """Whether a few words name the corner that the names right below leave blank: years or words, one above each
    column, and all rows begin with a label."""
    columns = _filled_places(names)
    if not columns or columns != list(range(1, columns[-1] + 1)) or len(columns) < _NAMED:
        return False
    if not name[0].isalpha() or len(name.split()) > _MOST_WORDS or name.endswith(_ENDS_OF_NO_NAME):
        return False
    filled = [places for row in body if (places := _filled_places(row))]
    return not any(map(str.isdigit, name)) and len(filled) >= _NAMED and all(places[0] == 0 for places in filled)


def _filled_places(row: Row) -> list[int]:
    return [at for at, cell in enumerate(row) if cell.strip()]


def joined_labels(heading: Sequence[Row]) -> list[str]:
    """One label a column from the rows of a header, one below the other.

    A name with blanks to its right stands for those columns too where their labels would be equal without it, and a
    year above months for all of them. Names that stand on several heights below the first row, one in each column, are
    one row of names.
    """
    width = max(len(row) for row in heading)
    cells = [[*_stripped(row), *[""] * (width - len(row))] for row in heading]
    used = max((at + 1 for row in cells for at, cell in enumerate(row) if cell), default=0)
    return [*_joined_in([row[:used] for row in cells]), *[""] * (width - used)]


def _joined_in(cells: list[list[str]]) -> list[str]:
    """The same without the columns at the end in which nothing stands: no name above goes on there."""
    if len(cells) > _STAGGERED and all(sum(map(bool, column)) <= 1 for column in zip(*cells[1:], strict=True)):
        cells[1:] = [_side_by_side(cells[1:])]
    if len(cells) > 1 and _are_years_above_months(cells[-2], cells[-1]):
        cells[-2] = _filled_to_the_right(cells[-2])
    elif len(cells) > 1 and (are_periods_above(cells[0], cells[1]) or _is_one_above_all(cells[0], cells[1])):
        cells[0] = _filled_to_the_right(cells[0])
    labels = _side_by_side(cells)
    if len(cells) == 1 or not _repeats(labels):
        return labels
    if (blocks := _spread_in_blocks(cells)) is not None:
        return _side_by_side(blocks)
    spread = _side_by_side([*_spread_in_groups(cells[:-1], cells[-1]), cells[-1]])
    return labels if _repeats(spread) else spread


def _is_one_above_all(above: Row, row: Row) -> bool:
    """Whether beside the name of the corner one other stands above all columns: it is each one's."""
    return names_corner(above, row) and len(_filled_places(above)) == _PAIR


def joined_names(heading: Sequence[Row], labels: Sequence[str]) -> dict[str, Any]:
    """What a receipt says of names that were made from several rows: the first of those ``joined``, how many ``more``
    there are, those that stand ``alone``, below a blank cell to the right of a group's name, with that, and whether
    others below a blank cell have that name."""
    cells = [[*_stripped(row), *[""] * (len(labels) - len(row))] for row in heading]
    joined = [label for at, label in enumerate(labels) if label and label not in [row[at] for row in cells]]
    below = _side_by_side(cells[1:]) if len(cells) > 1 else []
    alone = [
        [label, group]
        for at, label in enumerate(labels)
        if label and not cells[0][at] and label == below[at]
        if (group := next(filter(None, reversed(cells[0][:at])), ""))
    ]
    one_each = list({group: [label, group] for label, group in reversed(alone)}.values())[::-1]
    named = [*one_each, *(each for each in alone if each not in one_each)][:_NAMED]  # so that each group is said
    return {
        "joined": list(map(_shown, joined[:_NAMED])),
        "more": max(0, len(joined) - _NAMED),
        "alone": [[_shown(label), _shown(group)] for label, group in named],
        **({"more_alone": len(alone) - _NAMED} if len(alone) > _NAMED else {}),
        "is_spread": any(label != own for label, own in zip(labels, _side_by_side(cells), strict=True)),
    }


def _shown(name: str) -> str:
    """A name as a sentence quotes it: in one line, and not too long."""
    words = " ".join(name.split())
    return words if len(words) <= _QUOTED else f"{words[: _QUOTED - 1]}…"


def _stripped(row: Row) -> list[str]:
    return [cell.strip() for cell in row]


def _spread_in_groups(groups: Sequence[Row], labels: Row) -> Iterator[list[str]]:
    """Each row of names spread to the right, but not into the next group of a row above it."""
    begins: set[int] = set()
    for row in groups:
        yield _spread(row, labels, begins)
        begins.update(at for at, cell in enumerate(row) if cell)


def _spread(row: Row, labels: Row, begins: Container[int] = ()) -> list[str]:
    """Each blank takes the name to its left, where the label below it needs one: it occurs more than once.

    ``begins``: the columns in which a group above begins, which have none of the names to their left.
    """
    spread: list[str] = []
    for at, (cell, label) in enumerate(zip(row, labels, strict=True)):
        left = spread[-1] if spread and at not in begins else ""
        spread.append(cell or (left if labels.count(label) > 1 else ""))
    return spread


def _spread_in_blocks(cells: Sequence[Row]) -> list[list[str]] | None:
    """Names of groups written above the middle of their columns: ``,,TOTAL,,,MALE,`` over ``ITEM,All,No.,%,All,No.,%``.

    Where the names below repeat as blocks, and each name of the first row stands at the same place within its block,
    but not at its beginning, it is the whole block's; what stands between is spread to the right within its block.
    ``None`` where it isn't so.
    """
    names = cells[-1]
    size, start = next(_blocks(names), (0, 0))
    if not size:
        return None
    groups = [position for position, cell in enumerate(cells[0]) if cell]
    begins = range(start, len(names), size)
    places = {position - begin for position, begin in zip(groups, begins, strict=False)}
    if len(groups) != len(begins) or len(places) != 1 or not 0 < min(places) < size:
        return None
    whole = [*[""] * start, *(name for position in groups for name in [cells[0][position]] * size)]
    between = [
        [*row[:start], *(cell for begin in begins for cell in _filled_to_the_right(row[begin : begin + size]))]
        for row in cells[1:-1]
    ]
    return [whole, *between, list(names)]


def _blocks(names: Row) -> Iterator[tuple[int, int]]:
    """Sizes of blocks of names that the rest of a row repeats, the smallest first, and where the first one begins."""
    for size in range(2, len(names) // 2 + 1):
        same = [names[i] == names[i + size] for i in range(len(names) - size)]
        start = len(same) - next((n for n, is_same in enumerate(reversed(same)) if not is_same), len(same))
        start += (len(names) - start) % size
        block = names[start : start + size]
        if len(names) - start >= 2 * size and all(block) and len(set(block)) == size:
            yield size, start


def _are_years_above_months(years: Row, months: Row) -> bool:
    """``,2024,,2025,`` above ``Region,Nov,Dec,Jan,Feb``: two years or more, and months from the first one on."""
    filled = [position for position, cell in enumerate(years) if cell]
    if len(filled) < _LEAST_YEARS or not all(YEAR.match(years[position]) for position in filled):
        return False
    return len(filled) < len(years) - filled[0] and all(MONTH.fullmatch(month) for month in months[filled[0] :])


def _filled_to_the_right(row: Row) -> list[str]:
    found: list[str] = []
    for cell in row:
        found.append(cell or (found[-1] if found else ""))
    return found


def _side_by_side(cells: Sequence[Row]) -> list[str]:
    """The names of each column in one; what stands twice below each other, as a cell merged downwards, once.

    Of a row that is repeated as a whole nothing was merged: its names are joined as they stand, as in Pollock's twins.
    """
    columns = [list(filter(None, column)) for column in zip(*cells, strict=True)]
    if any(above == below for above, below in pairwise(cells)):
        return [" ".join(column) for column in columns]
    return [" ".join(part for part, _ in groupby(column)) for column in columns]


def _repeats(labels: Sequence[str]) -> bool:
    names = [label for label in labels if label]
    return len(set(names)) < len(names)
