"""Where in its file a table stands, as facts, and the name that people see."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class TablePlace:
    """Where in its file a table stands; all empty: it is the file."""

    member: str = ""
    """The archive's member, with its folders."""
    sheet: str = ""
    column: str = ""
    """``E``, where the table begins beside another one of its sheet."""
    row: int = 0
    """Where it begins below another one of its sheet."""
    lines: tuple[int, int] | None = None
    """First and last line, where another table stands before it in the same text."""

    has_others: bool = False
    """Whether the file has other sheets or members: then rows have to be said of this one."""

    @property
    def within(self) -> str:
        """Where in its sheet or text, unless it is the first there: ``column E, row 36`` or ``lines 9 to 20``."""
        if self.lines is not None:
            return f"lines {self.lines[0]} to {self.lines[1]}"
        places = [f"column {self.column}" if self.column else "", f"row {self.row}" if self.row else ""]
        return ", ".join(filter(None, places))

    @property
    def origin(self) -> str:
        """The sheet or member whose rows are counted from 1, as options name it; empty: the file itself."""
        return "/".join(filter(None, [self.member, self.sheet]))

    @property
    def in_member(self) -> str:
        """All but the member: ``Sales (column E, row 36)``."""
        return f"{self.sheet} ({self.within})" if self.sheet and self.within else self.sheet or self.within

    @property
    def source(self) -> str | None:
        """For people. Somebody may have named a sheet like this: what it says is asked of the place itself."""
        return "/".join(filter(None, [self.member, self.in_member])) or None
