"""Where a file stands among those that merge with it: which are below and above it, and which a full file covers.

A *full* file has all rows of its dataset: whatever stands below it is not seen, as long as it is active. So of the
active files only those from the highest full one on have a part in what is seen; the others are *covered*.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from uploads.database.merging.by_key import Order


@dataclass(frozen=True, kw_only=True, slots=True)
class ActiveFile:
    """An active file in the order."""

    file_id: int
    is_full: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Of one file, which may have become active, or ceased to be, just now."""

    order: Order
    """The others that have a part in what is seen when it has."""
    is_full: bool
    is_covered: bool
    """By a full file above."""
    covers: tuple[int, ...]
    """Those that have a part in what is seen only without it, the lowest first; empty where it is covered itself."""
    covered: frozenset[int]
    """The other active files that have none, with it and without it."""

    @property
    def others(self) -> frozenset[int]:
        """All other active files."""
        return self.covered.union(self.covers, self.order.others)

    @property
    def has_full(self) -> bool:
        """Whether a full file covers some of them, or does with it."""
        return self.is_covered or bool(self.covers or self.covered)


def standing_among(*, is_full: bool, below: Sequence[ActiveFile], above: Sequence[ActiveFile]) -> Standing:
    """``below`` and ``above``: the other active files, lowest first."""
    reach = from_highest_full(below)
    shown_above = from_highest_full(above)
    is_covered = any(file.is_full for file in above)
    hidden = [*below, *above[: len(above) - len(shown_above)]] if is_covered else below[: len(below) - len(reach)]
    return Standing(
        order=Order(below=() if is_full else _ids(reach), above=_ids(shown_above)),
        is_full=is_full,
        is_covered=is_covered,
        covers=_ids(reach) if is_full and not is_covered else (),
        covered=frozenset(_ids(hidden)),
    )


def from_highest_full(files: Sequence[ActiveFile]) -> Sequence[ActiveFile]:
    """Of active files, the lowest first, those that have a part in what is seen."""
    full = [place for place, file in enumerate(files) if file.is_full]
    return files[full[-1] :] if full else files


def _ids(files: Sequence[ActiveFile]) -> tuple[int, ...]:
    return tuple(file.file_id for file in files)
