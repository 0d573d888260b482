"""Where the rows of a text begin, and what is known of its lines before they are read."""

from dataclasses import dataclass

from uploads.tabular.dialect.line_form import LineForm
from uploads.tabular.encoding.line_count import LineEnds
from uploads.tabular.layout.row_numbers import Span
from uploads.tabular.line_index import LineIndex


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """Where the rows below the header begin."""

    first_line: int = 1
    """Number of the text's first line; the text may be some lines of a file."""

    offset: int
    """In bytes of the text's UTF-8 form without its byte order mark."""
    line: int
    """Line number in the file, from 1."""
    records: int
    """Records above it: titles, notes, blank ones and the header."""
    lines: int
    """Lines of the whole text, counted apart from the parsing."""
    sound: bool
    """Whether every byte of it is known to be UTF-8."""
    ends: LineEnds
    """How its lines end, in cells too."""
    ended: int = 0
    """Lines behind it that are but an end mark."""
    blank_above: tuple[Span, ...] = ()
    """The blank lines among those above it."""
    spaced_above: tuple[Span, ...] = ()
    """Those of them that hold spaces."""
    forms: tuple[LineForm, ...] = ()
    """What is taken off its lines before they are parsed; ``offset`` counts without it."""
    index: LineIndex | None = None
    """Where the lines stand among the bytes of the source; ``None``: the text is some lines of it."""
