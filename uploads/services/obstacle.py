"""What keeps a table of the database from becoming a dataset, or from being shown as one: a kind, names, a way out."""

from dataclasses import dataclass
from typing import Protocol

from uploads.database.rows import storable

_SHOWN = 8


class ObstacleKind(Protocol):
    """A member of an enumeration whose values are shown by ``--json`` and never renamed."""

    @property
    def value(self) -> str: ...

    @property
    def words(self) -> tuple[str, str]:
        """What is said of it, and the way out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Obstacle[Kind: ObstacleKind]:
    """One reason, with the names that people need to do something about it."""

    kind: Kind
    names: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """``Views read it, and would keep reading its rows alone: prices_view.``"""
        shown = ", ".join(map(storable, self.names[:_SHOWN]))
        more = f" and {len(self.names) - _SHOWN:,} more" if len(self.names) > _SHOWN else ""
        return f"{self.kind.words[0]}{f': {shown}{more}' if shown else ''}."

    @property
    def hint(self) -> str:
        return self.kind.words[1]

    @property
    def sentence(self) -> str:
        return f"{self.message} {self.hint}"
