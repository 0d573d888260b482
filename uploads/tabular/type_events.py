"""What voids the rows that were given out so far: the whole has other types than what was seen of it."""

from uploads.tabular.table import Column


class TypesChanged(Exception):
    """The whole table has other ``columns`` than its beginning: take its chunks anew."""

    def __init__(self, columns: tuple[Column, ...]) -> None:
        super().__init__("the table has other types than its beginning")
        self.columns = columns


class NeedsJointTypes(Exception):
    """A table does not fit the types that an earlier table of the same file has given to their dataset.

    The file has to be read anew, with the types of all its tables found together before the first is given out.
    """
