"""How the cells of a text are written, once what stands around its rows is taken off."""

import functools
import re
from collections.abc import Sequence
from dataclasses import replace

from uploads.tabular.dialect.choice import DialectChoice, choose_dialect
from uploads.tabular.dialect.dialect import delimiter_option, named_delimiter
from uploads.tabular.dialect.line_form import LineForm
from uploads.tabular.errors import BadOption
from uploads.tabular.table import ReadOptions
from uploads.tabular.text.lines.line_forms import Lines, joined_lines, plain_cells, plain_lines
from uploads.tabular.text.lines.uneven_rows import uneven_delimiter

SEP_LINE = re.compile('"?sep=([^\r\n"])"?(?:\r\n|\r|\n)', re.IGNORECASE)


def find_lines(
    lines: Lines, forms: Sequence[LineForm] | None, options: ReadOptions, *, has_marks: bool, name: str
) -> tuple[Lines, DialectChoice]:
    """The text as a parser is to see it, and how its cells are written; ``forms``: they are known."""
    if forms is not None:
        lines = functools.reduce(Lines.without, forms, lines)
        return lines, _choose_dialect(lines, options, name=name)
    lines = plain_lines(lines, has_marks=has_marks, delimiter=options.delimiter, quote=options.quote)
    choice = _choose_dialect(lines, options, name=name)
    if options.fits_rows and choice.dialect.single_column and (found := uneven_delimiter(lines.head)):
        options = replace(options, delimiter=found)
        choice = _choose_dialect(lines, options, name=name)
    plainer = plain_cells(lines, choice, quote=options.quote)
    is_asked = options.uneven_rows == "join"
    plainer = joined_lines(plainer, choice, delimiter=options.delimiter, is_asked=is_asked)
    if plainer is lines:
        return lines, choice
    given = plainer.delimiter or choice.dialect.delimiter
    return plainer, _choose_dialect(plainer, replace(options, delimiter=given), name=name)


def _choose_dialect(lines: Lines, options: ReadOptions, *, name: str) -> DialectChoice:
    """The dialect with the delimiter that a person gave, or else that the text announces, or else that fits best."""
    given = delimiter_option(options.delimiter) if options.delimiter is not None else None
    if given is not None and len(given) > 1 and lines.delimiter is not None:
        given = lines.delimiter
    announced = SEP_LINE.match(lines.head)
    if given is None and announced is not None:
        given = announced[1]
    below = lines.head[announced.end() :] if announced else lines.head
    choice = choose_dialect(
        below,
        samples=lines.samples,
        first=options.first_delimiter,
        given=given or lines.delimiter,
        named=named_delimiter(name),
        quote=options.quote if options.quote is None or options.quote.isascii() else '"',
    )
    if options.delimiter is not None:
        _check_delimiter(choice.dialect.delimiter, lines, options, name=name)
    return choice


def _check_delimiter(given: str, lines: Lines, options: ReadOptions, *, name: str) -> None:
    """Raise ``BadOption`` for a delimiter that is not in the file while another one makes columns of it."""
    if given in lines.head or any(given in piece for piece in lines.samples):
        return
    found = choose_dialect(lines.head, samples=lines.samples, first=options.first_delimiter).dialect
    if not found.single_column:
        said = options.delimiter if len(options.delimiter or "") > 1 else given
        raise BadOption(
            f"The delimiter “{said}” was chosen, but {name} has none; “{found.delimiter}” separates its cells.",
            hint="Choose the right delimiter, or leave it blank to detect it automatically.",
        )
