"""A row with a separator too many or too few: the one way to share its cells among the columns, if there is one."""

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from uploads.tabular.text.raw_rows import RawCell
from uploads.tabular.types.fitting import Fitting

MOST_SURPLUS = 8
"""More separators too many than these are not explained by a value or two."""
type Values = tuple[str, ...]
type Taken = tuple[int, ...]
"""How many of the row's cells each column takes."""


def ways_to_fit(cells: Sequence[RawCell], width: int, fitting: Fitting, joint: str) -> dict[Values, Taken]:
    """Up to two ways in which ``cells``, in their order, fill ``width`` columns and fit all of them.

    With too many cells a column takes several neighbours, read as one value with ``joint`` between them, or an empty
    cell and the next; with too few it may take none and be empty.
    """
    surplus = len(cells) - width
    if surplus > MOST_SURPLUS:
        return {}
    fitting.ask(questions(cells, width, joint))
    # From the last column backwards: found[i] are the ways to fill the columns behind this one with cells[i:].
    found: dict[int, dict[Values, Taken]] = {len(cells): {(): ()}}
    for position in reversed(range(width)):
        behind, found = found, {}
        for at in range(max(0, position + min(surplus, 0)), min(len(cells), position + max(surplus, 0)) + 1):
            ways: dict[Values, Taken] = {}
            for end, rest in behind.items():
                value = _value(cells[at:end], position, fitting, joint, short=surplus < 0) if end >= at else None
                if value is not None:
                    ways |= {(value, *values): (end - at, *taken) for values, taken in rest.items()}
            if ways:
                found[at] = dict(islice(ways.items(), 2))
    return found.get(0, {})


def _value(group: Sequence[RawCell], position: int, fitting: Fitting, joint: str, *, short: bool) -> str | None:
    """What a column reads when it takes these cells; ``None`` where it cannot take them."""
    if not group:
        return "" if short else None
    if len(group) == 1:
        return group[0].text if fitting.fits(position, group[0].text) else None
    if short or not all(cell.bare for cell in group):
        return None
    if len(group) == 2 and not group[0].text.strip():
        return group[1].text if group[1].text.strip() and fitting.fits(position, group[1].text) else None
    if not all(cell.text.strip() for cell in group):
        return None
    return fitting.plain(position, joint.join(cell.text for cell in group))


def questions(cells: Sequence[RawCell], width: int, joint: str) -> Iterator[tuple[int, str]]:
    """The single cells that each column may be given, and the pairs of neighbours."""
    surplus = len(cells) - width
    if surplus > MOST_SURPLUS:
        return
    for position in range(width):
        first, last = max(0, position + min(surplus, 0)), position + max(surplus, 0)
        for cell in cells[first : last + 1]:
            yield position, cell.text
        if surplus > 0:
            for one, other in pairwise(cells[first : last + 1]):
                yield position, one.text + joint + other.text


def may_be_glued(taken: Taken, values: Values, fitting: Fitting) -> bool:
    """Whether the value beside an empty column could be two that lost the separator between them: ``1BH-7531``."""
    return any(
        any(fitting.fits(left, text[:cut]) and fitting.fits(left + 1, text[cut:]) for cut in range(1, len(text)))
        for left in range(len(taken) - 1)
        if (taken[left] == 0) != (taken[left + 1] == 0)
        for text in [values[left] or values[left + 1]]
    )
