"""The cells of a table's first rows as they were read, before any was converted: what people compare with what is
stored. They are kept apart from the rows, so they are few and cut."""

import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.chunks import TextChunk
from uploads.tabular.encoding.transcoding import printable

ROWS = 20
CHARACTERS = 301
"""Of a cell: one more than is shown, so that it is seen that there are more."""
_MOST_CHARACTERS = 200_000
"""Of all cells; a table too wide for that has fewer rows here."""

type CellsOfRow = tuple[int, list[str]]
"""Its line or row number, and its cells in the file's order."""


class FirstCells:
    """Looks at what is loaded as it passes by."""

    def __init__(self) -> None:
        self.rows: list[CellsOfRow] = []
        self._characters = 0

    def pass_by(self, chunk: TextChunk, loaded: pa.Array) -> None:
        """``loaded``: the numbers of those rows of the chunk that are loaded, in order."""
        if len(self.rows) >= ROWS or self._characters >= _MOST_CHARACTERS or not len(loaded):
            return
        wanted = loaded.slice(0, ROWS - len(self.rows))
        places = pc.index_in(wanted, value_set=chunk.rows.slice(0, _upto(chunk, wanted)))
        columns = [
            _cut(chunk.kept.over(position, wanted, column.take(places))) for position, column in enumerate(chunk.cells)
        ]
        for number, *cells in zip(wanted.to_pylist(), *columns, strict=True):
            self._characters += sum(map(len, cells))
            if self._characters > _MOST_CHARACTERS and self.rows:
                return
            self.rows.append((number, cells))


def _upto(chunk: TextChunk, wanted: pa.Array) -> int:
    """How many rows of the chunk to look through: numbers rise, and no more of them lie before the last wanted."""
    last = wanted[len(wanted) - 1].as_py()
    return int(pc.sum(pc.less_equal(chunk.rows, last)).as_py())


def _cut(column: pa.Array) -> list[str]:
    short = pc.utf8_slice_codeunits(column, 0, CHARACTERS)
    return [printable(cell) for cell in short.to_pylist()]
