"""The plain values that travel between the stages of a load: options in; columns, rejects and counts out.

What travels as Arrow stands in ``chunks``, so that who only asks for a column's type need not load it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal

from uploads.tabular.errors import LinesUnaccounted
from uploads.tabular.evidence import Evidence
from uploads.tabular.notes import Note
from uploads.tabular.reasons import Reason, RejectCode

ROW = "_row"
"""Name of the provenance column: the line (CSV) or row (sheet) number in the source, from 1."""


class ColumnType(StrEnum):
    """The PostgreSQL types that a column can get; the values are PostgreSQL's own names."""

    BOOLEAN = "boolean"
    BIGINT = "bigint"
    NUMERIC = "numeric"
    DOUBLE = "double precision"
    DATE = "date"
    TIMESTAMP = "timestamp"
    TIMESTAMPTZ = "timestamp with time zone"
    TEXT = "text"


class FileFormat(StrEnum):
    """What the bytes are, decided by content and extension together."""

    CSV = "csv"
    XLSX = "xlsx"
    XLS = "xls"
    XLSB = "xlsb"
    ODS = "ods"
    FODS = "fods"
    XML = "xml"
    """SpreadsheetML 2003."""
    HTML = "html"
    MHT = "mht"
    JSON = "json"
    """An array of objects."""
    JSONL = "jsonl"
    """An object in each line."""
    PARQUET = "parquet"
    ARROW = "arrow"


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Bounds on real content, checked while streaming. All sizes in bytes."""

    unpacked_bytes: int = 16 * 2**30
    unpack_ratio: int = 1_000
    """Unpacked over packed size, looked at once more than 64 MiB are unpacked."""
    members: int = 1_000
    columns: int = 1_590
    cell_bytes: int = 16 * 2**20
    sheet_cells: int = 50_000_000
    memory_bytes: int = 2 * 2**30
    """What reading a sheet may take; workbooks are read whole."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadOptions:
    """What a person said about the file; ``None`` leaves the decision to detection."""

    delimiter: str | None = None
    quote: str | None = None
    """The character around cells that may hold a delimiter, or ``"none"``."""
    uneven_rows: Literal["fill", "collect", "join"] | None = None
    """What becomes of rows of a text with too few or too many cells. ``fill``: short ones are filled up. ``collect``:
    they too, and the rest of long ones is the last cell's. ``join``: a short line goes on in the next one."""
    encoding: str | None = None
    likely_encoding: str | None = None
    """Said of earlier files of the same kind: decides only where the bytes themselves don't."""
    header_row: int | Literal["none"] | None = None
    """Row number of the header, from 1 and counted in records; ``"none"``: the file has no header."""
    data_row: int | None = None
    """Line or sheet row of the first row of data, from 1: what stands between it and the header is left out."""
    skip_rows: str = ""
    """Lines or sheet rows that are none of the table's: ``12, 40-45``."""
    skip_words: tuple[str, ...] = ()
    """Rows whose first filled cell is one of these are none of the table's; ``Total*``: or begins with it."""
    table_rows: str = ""
    """Lines or sheet rows in which another table begins, below the first: ``12, 40``."""
    sheet: str | None = None
    decimal: Literal[".", ","] | None = None
    """Decimal mark of numbers that can be read in two ways: ``1.234``."""
    day_first: bool | None = None
    """Order of dates that can be read in two ways (``01/02/2024``): the day first, or the month."""
    first_year: int | None = None
    """The first of the hundred years that years of two digits are taken from: with 1930, ``45`` is 1945."""
    all_text: bool = False
    null_words: tuple[str, ...] = ()
    """Words that mean "no value": they are read like an empty cell."""
    first_delimiter: str = ";"
    """Tried first; wins a tie."""
    chunk_rows: int = 50_000
    one_table: bool = False
    """Everything below the header is rows of one table: no total, no note and no other table is told from them."""
    visible_only: bool = False
    """Rows and columns that a sheet hides, by hand or by a filter, are left out."""
    fill_down: bool = False
    """Cells of a sheet that are merged with the one above hold its value too."""
    other_tables: bool = True
    """Whether other tables in the same text or sheet, with other columns, are loaded too; else they are counted.

    What is found is another matter: where ``one_table`` is said, none is.
    """
    by_source: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)
    """What was said of one sheet or member alone: by its name (``Sheet2``, ``jan.csv``, ``jan.xlsx/Sheet2``) other
    values of the arguments above."""

    def at(self, source: str) -> "ReadOptions":
        """As they hold for one sheet."""
        return replace(self, **self.by_source[source], by_source={}) if source in self.by_source else self

    def within(self, member: str) -> "ReadOptions":
        """As they hold for an archive's member, and by the names of its own sheets."""
        if not self.by_source:
            return self
        begin = f"{member}/"
        sheets = {name.removeprefix(begin): said for name, said in self.by_source.items() if name.startswith(begin)}
        return replace(self, **self.by_source.get(member, {}), by_source=sheets)

    @property
    def fits_rows(self) -> bool:
        """Whether rows of other lengths are made to fit the names of the columns."""
        return self.uneven_rows in ("fill", "collect")

    @property
    def is_laid_out(self) -> bool:
        """Whether a person said where the table stands: no other one is looked for."""
        return self.one_table or self.header_row is not None or self.data_row is not None

    @property
    def last_row_said(self) -> int | Literal["none"] | None:
        """The row furthest down that a person named, as header or first row of data: it must be looked at."""
        return max((row for row in (self.header_row, self.data_row) if isinstance(row, int)), default=self.header_row)


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """How the table is written in its source, as it was decided."""

    format: FileFormat
    encoding: str | None = None
    delimiter: str | None = None
    quotechar: str | None = None
    escape: bool = False
    """Quotes inside cells are written with a backslash."""
    spaced: bool = False
    """A space behind each delimiter belongs to the delimiter."""
    doubled: bool = False
    """Quotes inside quoted cells are doubled, as seen in the file."""
    line_end: str | None = None
    """``LF``, ``CRLF``, ``CR`` or ``mixed``; ``None`` where there is none to see."""
    header_row: int | None = None
    """Line (CSV) or sheet row of the header, from 1; ``None``: no header."""
    stated: tuple[ColumnType | None, ...] = ()
    """Types that the format itself states, column by column; ``None``: it says nothing of this one."""
    descriptions: tuple[str, ...] = ()
    """What the source says about its columns beside their names, in their order; none, or as many as the labels."""
    notes: tuple[Note, ...] = ()
    """For the receipt: what was decided on what evidence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reject:
    """A row that was read and not loaded. ``row`` is its line or row number in the source."""

    row: int
    reason: Reason
    column: str | None = None
    """Label of the column, where the fault lies in one."""
    value: str = ""
    raw: str = ""
    """The whole row as it stands in the source (the cells joined by tab for a sheet)."""

    @property
    def code(self) -> RejectCode:
        return self.reason.code


MIXED = "~"
"""As a pattern, or before one, as a zone, and before the language of months."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """How a column's values are written; enough to print a stored value back as its original text."""

    decimal: str = "."
    thousands: str = ""
    pattern: str = ""
    """Dates and timestamps, in strptime's letters: ``%d/%m/%Y``."""
    true: str = ""
    false: str = ""
    zone: str = ""
    """Of timestamps whose offset from UTC changes: the IANA name of the time zone, ``Europe/Berlin``."""
    first_year: int = 0
    last_year: int = 0
    """Which years the pattern's ``%y`` stands for, a hundred at most; 0: 1969 to 2068, as POSIX has it."""
    months: str = ""
    """Of dates with names of months: the twelve as they are written, with ``|`` between them."""
    weekdays: str = ""
    """The same of the seven days, from Monday."""

    @property
    def is_mixed(self) -> bool:
        """Whether values are written in several ways: the text of each that is not printed back is kept beside it."""
        return MIXED in (self.pattern[:1], self.zone, self.months[:1]) and ";" not in self.pattern


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """What a column would be if a few words were read as empty, or somebody said how its values are meant."""

    null_words: tuple[str, ...]
    type: ColumnType
    decimal: str | None = None
    day_first: bool | None = None
    first_year: int | None = None
    true_word: str = ""
    false_word: str = ""
    """What stands for true and false in a column of words."""
    rejects: bool = False
    """Some values don't fit: their rows would be rejected."""
    example: str = ""
    """A value of the column that nobody reads so unasked."""
    read_as: str = ""
    """The same, as it would be read."""
    is_loose: bool = False
    """Values are written in several ways: the text of each is kept beside it."""
    rows: tuple[int, ...] = ()
    """Rows that are to be left out instead: a total, or the units below the header, is no value that is missing."""
    row_words: tuple[str, ...] = ()
    """The words in them."""
    word_cells: tuple[int, ...] = field(default=(), compare=False)
    """How many cells hold each of the null words; none where that was not counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column of the table to be: ``label`` as in the file, ``name`` safe in SQL."""

    label: str
    name: str
    type: ColumnType
    description: str = ""
    """What the source says about it beside its name, such as a survey's question; mostly nothing."""
    format: Format = field(default_factory=Format)
    evidence: Evidence | None = None
    suggestion: Suggestion | None = None
    alternatives: tuple[Suggestion, ...] = ()
    """What a column of text could be that can be read in two ways."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RowCounts:
    """Records below the header; ``read == loaded + rejected + blank`` always holds at the end of a load."""

    read: int = 0
    loaded: int = 0
    rejected: int = 0
    blank: int = 0

    def plus(self, *, loaded: int, rejected: int, blank: int) -> "RowCounts":
        """These and the records of one chunk more."""
        loaded, rejected, blank = self.loaded + loaded, self.rejected + rejected, self.blank + blank
        return RowCounts(read=loaded + rejected + blank, loaded=loaded, rejected=rejected, blank=blank)


@dataclass(frozen=True, kw_only=True, slots=True)
class LineAccount:
    """Where the lines of a table's source are, apart from its rows. A sheet's lines are the rows of its used range.

    Of several tables in a sheet each has its own range; those of tables side by side are some of the same rows.
    """

    lines: int
    """All of them, by a count that knows nothing of records."""
    preamble: int = 0
    header: int = 0
    """Records that make the header, or repeat it further down."""
    blank_above: int = 0
    """Blank records above the first row."""
    footer: int = 0
    line_breaks: int = 0
    """Line breaks inside cells: a record on three lines has two."""
    left_out: int = 0
    """Records that a person wanted left out."""

    def accounted(self, rows: RowCounts) -> int:
        """Lines of which it is told what became of them; the same as ``lines``, or the table was misread."""
        around = self.preamble + self.header + self.blank_above + self.footer + self.line_breaks + self.left_out
        return around + rows.loaded + rows.rejected + rows.blank

    def check(self, rows: RowCounts, *, name: str) -> None:
        """Raise ``LinesUnaccounted`` unless it is told of every line what became of it."""
        accounted = self.accounted(rows)
        if accounted != self.lines:
            raise LinesUnaccounted(
                f"{name} has {self.lines:,} lines, and what became of them is known of {accounted:,}: it was misread.",
                hint="Nothing of it was loaded. Please report this, with the file if you may.",
            )


def row_word_of(format_: str) -> str:
    """A text has lines, a sheet has rows."""
    return "line" if format_ in _OF_LINES else "row"


_OF_LINES = frozenset({FileFormat.CSV, FileFormat.JSONL})


@dataclass(frozen=True, kw_only=True, slots=True)
class FormatHints:
    """What a person said for values that can be read in two ways."""

    decimal: str | None = None
    day_first: bool | None = None
    first_year: int | None = None

    @property
    def marks(self) -> frozenset[str]:
        return frozenset({self.decimal} if self.decimal else ())

    @property
    def orders(self) -> frozenset[str]:
        return frozenset() if self.day_first is None else frozenset({"dmy" if self.day_first else "mdy"})
