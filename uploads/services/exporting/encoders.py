"""From what PostgreSQL prints to the bytes of a file: a head, pieces, a tail."""

import csv
import io
from collections.abc import Sequence
from typing import Protocol

from uploads.database.exporting.columns import ExportColumn
from uploads.database.exporting.printing import AsCsv, AsJson, Printing


class Encoder(Protocol):
    """One format of one export; the pieces come in order."""

    @property
    def printing(self) -> Printing:
        """How the rows are to be printed."""

    def begin(self) -> bytes: ...

    def piece(self, printed: bytes) -> bytes:
        """Of some whole rows, as ``printing`` prints them."""

    def end(self) -> bytes: ...


class CsvEncoder:
    """UTF-8, commas, names of columns above. NULL is nothing at all, an empty text ``""``."""

    def __init__(self, columns: Sequence[ExportColumn]) -> None:
        self._columns = columns
        self.printing = AsCsv(columns=columns)

    def begin(self) -> bytes:
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow([column.name for column in self._columns])
        return line.getvalue().encode()

    def piece(self, printed: bytes) -> bytes:
        return printed

    def end(self) -> bytes:
        return b""


class JsonLinesEncoder:
    """An object a line, with the values of the API."""

    def __init__(self, columns: Sequence[ExportColumn]) -> None:
        self.printing = AsJson(columns=columns)

    def begin(self) -> bytes:
        return b""

    def piece(self, printed: bytes) -> bytes:
        return printed

    def end(self) -> bytes:
        return b""
