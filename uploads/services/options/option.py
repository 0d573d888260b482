"""What is declared of an option: all that any of its faces needs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from uploads.models import Load
from uploads.tabular.formats import FORMATS
from uploads.tabular.table import Dialect, FileFormat

FIND_OUT = "auto"
"""Said of an option: find it out from the file, whatever its dataset remembers."""


class OptionKind(StrEnum):
    """How an option is given."""

    TEXT = "text"
    CHOICE = "choice"
    YES = "yes"
    """A box to tick."""
    WORDS = "words"


class Source(StrEnum):
    """What an option can apply to."""

    TEXT = "text"
    SHEETS = "sheets"
    ENCODED_SHEETS = "encoded_sheets"
    """Of an .xls, whose texts may be from before Unicode, and of what is written as a text."""
    RECORDS = "records"
    """What names and types its columns itself."""
    ENCODED_RECORDS = "encoded_records"
    """Of those what is written as a text."""

    @classmethod
    def of(cls, file_format: str) -> "Source":
        """What a file of this format is read as."""
        if file_format == FileFormat.CSV:
            return cls.TEXT
        facts = FORMATS[FileFormat(file_format)]
        if facts.names_columns:
            return cls.ENCODED_RECORDS if facts.has_encoding else cls.RECORDS
        return cls.ENCODED_SHEETS if facts.has_encoding else cls.SHEETS


class OfSources(StrEnum):
    """Whether an option may be said of one sheet or member alone."""

    NO = "no"
    INSTEAD = "instead"
    """It holds there in the place of what is said of all."""
    TOO = "too"
    """Both hold there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Flag:
    """An argument of a command that stands for one value of an option."""

    name: str
    value: bool
    help: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """One option, in every face that it has."""

    name: str
    """Argument of ``ReadOptions``, field of forms, property of the API."""
    kind: OptionKind
    parse: Callable[[str, str], Any]
    """From name and text to the value that is kept; raises ``BadOption``."""
    words: Callable[[Any], str]
    """For receipts: ``delimiter “;”``."""
    found_out: str
    """For receipts, where it is to be found out."""
    in_effect: Callable[[Load], Iterable[str]]
    """What was decided for it in one table, as “Now:” says it; nothing where it played no part."""
    help: str
    """For the API and for commands: a whole sentence."""
    label: str
    hint: str = ""
    placeholder: str = ""
    """What a field says, or the first of its choices, where nothing is given."""
    choices: tuple[tuple[str, str], ...] = ()
    """Values as they are sent, with their words on the page."""
    argument: str
    """``--delimiter``; of several ``flags`` the first."""
    metavar: str = ""
    flags: tuple[Flag, ...] = ()
    is_number_too: bool = False
    """Whether JSON may have a number for it."""
    is_open: bool = False
    """Whether any other value may be said beside its ``choices``."""
    suggestions: tuple[str, ...] = ()
    """What a page offers while somebody writes."""
    pattern: str = ""
    """What a browser checks before a file is sent."""
    wrong: str = ""
    """What a page says of a value that is not of this ``pattern``: what to write instead, without a full stop."""
    keeps_spaces: bool = False
    """Whether a space at either end means something."""
    find_out: str = FIND_OUT
    """What says that it is to be found out."""
    applies_to: frozenset[Source] = frozenset(Source)
    of_sources: OfSources = OfSources.NO
    longest: int = 255
    """Characters that it may be written in."""
    excludes: tuple[str, ...] = ()
    """Options that would mean nothing beside it, where it is yes."""
    of_datasets: bool = True
    """Whether a dataset remembers it for later files; its null words are changed with its columns."""
    places_rows: bool = False
    """It says where the rows are: what is none of them need not be looked at again."""
    of_values: bool = False
    """Whether it is about values alone: it holds too for a file that its header, once it is read, brings to a
    dataset."""
    yields_to_types: bool = False
    """Whether it means nothing to a table whose dataset has its types already."""
    remembered_as: str = ""
    """Another argument of ``ReadOptions``, for what a dataset remembers: it decides only what the bytes leave open."""
    was_followed: Callable[[Dialect, Any], bool] = lambda dialect, value: True
    """Whether what a dataset remembers is how its table was read in the end."""

    @property
    def is_flag(self) -> bool:
        """Whether its values are yes and no."""
        return self.kind is OptionKind.YES or bool(self.flags)
