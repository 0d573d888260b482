"""The layout of a table of which a person says in which row its data begin, or which rows are none of it.

Titles, headers and units that a person knows of are found by nobody else: what is said goes before what is seen.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from uploads.tabular.errors import BadOption
from uploads.tabular.layout.left_out import Unwanted
from uploads.tabular.layout.row_numbers import parse_table_rows
from uploads.tabular.layout.rows.named_values import named_values_around, with_remarks
from uploads.tabular.layout.rows.page_lines import PageLines, find_page_lines, may_have_pages, names_repeated
from uploads.tabular.layout.rows.ragged_rows import judge_ragged, without_blank_end
from uploads.tabular.layout.rows.sections import find_sections
from uploads.tabular.layout.sheet_header import Layout, filled, lay_out
from uploads.tabular.layout.surveys.survey_header import find_survey
from uploads.tabular.layout.text_choice import TextChoice, choose_layout
from uploads.tabular.layout.text_header import TextLayout, find_layout, lay_out_text
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.table import ReadOptions

type Rows = Sequence[Sequence[str]]

_LOOKED_AT = 100
"""Rows of data that tell how wide the table is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SaidRows:
    """What is left out of a text because a person said so."""

    below: Unwanted = field(default_factory=Unwanted)
    """Below the header."""
    above: tuple[int, ...] = ()
    """Lines of the records above the first row that are neither title nor header."""
    pages: PageLines = field(default_factory=PageLines)
    """What stands once more on each page: nobody said so, it is seen."""


def find_text_layout(
    rows: Rows,
    lines: Sequence[int],
    *,
    options: ReadOptions,
    elsewhere: Rows,
    by_rules: bool = False,
    is_formed: bool = False,
) -> tuple[TextChoice, SaidRows]:
    """The layout of a text's first records; ``lines``: the number of the line in which each of them begins.

    ``by_rules``: no other reading than that by the rules is looked for; ``is_formed``: the lines have a form that makes
    one table of them all, though it may be printed on pages.
    """
    unwanted = Unwanted.of(options)
    own = options.header_row - 1 if isinstance(options.header_row, int) else None
    gone = _unwanted(rows, lines, unwanted, but=own) if unwanted else []
    seen = _without(rows, gone)
    pages = PageLines()
    if options.data_row is None:
        pages, seen = _without_pages(seen, options, elsewhere)
        # Where rows are none of the table, or of any length, a change of width is no border.
        one_table = options.one_table or is_formed or bool(unwanted) or options.uneven_rows is not None
        given = _header_row(seen, options)
        is_survey = find_survey(seen) is not None
        by_rules = by_rules or is_survey
        is_told = given is not None or options.one_table or is_formed or options.fits_rows
        cut = without_blank_end(seen)
        is_cut, seen = cut is not seen, cut
        has_none = is_told or is_survey or bool(find_sections(seen))
        named, below = (range(0), range(0)) if has_none else named_values_around(seen)
        seen = with_remarks(seen, named)[: below.start or len(seen)]
        chosen = choose_layout(seen, given=given, elsewhere=elsewhere, one_table=one_table, by_rules=by_rules)
        chosen = replace(chosen, named_values=named or chosen.named_values)
        if is_cut and chosen.layout.header is not None:
            chosen = replace(chosen, layout=_with_blank_name(chosen.layout))
        if options.header_row is None and options.fits_rows:
            chosen = _without_names(seen, chosen, elsewhere, fills=options.uneven_rows == "fill")
    else:
        first = options.data_row
        index = next((i for i, line in enumerate(lines) if line >= first), len(rows))
        check_data_row(options, is_there=index < len(rows))
        layout = _text_layout_above(seen, index, _header_row(seen[:index], options), elsewhere)
        chosen = TextChoice(layout=layout)
        unwanted = unwanted.with_span(1, first - 1)
    layout = chosen.layout
    header = range(0) if layout.header is None else range(layout.header, layout.first)
    above = tuple(lines[i] for i in gone if i < layout.first and i not in header)
    return chosen, SaidRows(below=unwanted, above=above, pages=pages)


def _with_blank_name(layout: TextLayout) -> TextLayout:
    """The layout of a header that had one cell more, a blank one, than the rows below it."""
    return replace(layout, notes=(Note.of(NoteKind.BLANK_NAMES, count=1), *layout.notes))


def _unwanted(rows: Rows, lines: Sequence[int], unwanted: Unwanted, *, but: int | None) -> list[int]:
    return [i for i, row in enumerate(rows) if i != but and filled(row) and unwanted.has(lines[i], row)]


def _without_pages(rows: Rows, options: ReadOptions, elsewhere: Rows) -> tuple[PageLines, Rows]:
    """What stands once more on each page, and the rows without it."""
    if options.one_table or options.fits_rows or not may_have_pages(rows):
        return PageLines(), rows
    layout = find_layout(rows, given=options.header_row, elsewhere=elsewhere)
    headers = [] if layout.header is None else [[i for i in range(layout.header, layout.first) if filled(rows[i])]]
    if options.header_row is None:
        headers += ([i] for i in names_repeated(rows))
    found = ((header, find_page_lines(rows, header)) for header in headers)
    header, pages = next(((header, pages) for header, pages in found if pages), ([0], PageLines()))
    gone = [i for i, row in enumerate(rows) if i > header[-1] and pages.has(0, row)] if pages else ()
    return pages, _without(rows, gone)


def tables_said(options: ReadOptions, *, first: int, last: int, is_part: bool = False) -> tuple[int, ...]:
    """Rows from ``first`` to ``last`` in which a person says that another table begins, below the first of them.

    ``is_part``: the others stand in other parts of the file. Raises ``BadOption`` for one that is not there.
    """
    rows = parse_table_rows(options.table_rows)
    wrong = [row for row in rows if not first < row <= last]
    if wrong and not is_part:
        raise BadOption(
            f"Row {wrong[0]:,} was chosen as the first of another table, but rows below the first one are"
            f" {first + 1:,} to {last:,}.",
            hint="Correct the number, or leave it blank to detect tables automatically.",
        )
    return tuple(row for row in rows if first < row <= last)


def of_further_tables(options: ReadOptions) -> ReadOptions:
    """What holds for tables below the first as well: which row is its header, or its first one, does not."""
    header = options.header_row if options.header_row == "none" else None
    return replace(options, header_row=header, data_row=None)


def check_table_above(is_there: bool, begins: int) -> None:
    """Raise ``BadOption`` where nothing stands above a row that was said to begin another table."""
    if not is_there:
        raise BadOption(
            f"Row {begins:,} was chosen as the first of another table, but no table stands above it.",
            hint="Give the number of a row below the first table.",
        )


def with_data_row(rows: Rows, layout: Layout, index: int, *, options: ReadOptions) -> Layout:
    """The layout of a sheet whose first row of data has this index; ``layout``: as it was found or said."""
    header = layout.header
    if header is not None and header < index:
        return layout if layout.first <= index else lay_out(rows, header, depth=index - header)
    if options.header_row is None and (above := _header_above(rows, index)) is not None:
        return lay_out(rows, above)
    titles = tuple(i for i, row in enumerate(rows[:index]) if filled(row))
    return replace(lay_out(rows, None), first=index, preamble=titles)


def check_data_row(options: ReadOptions, *, is_there: bool) -> None:
    """Raise ``BadOption`` for a row that is not there, or that is not below the row said to be the header."""
    given, header = options.data_row, options.header_row
    if given is not None and isinstance(header, int) and given <= header:
        raise BadOption(
            f"Row {header:,} was chosen as the header, and row {given:,} as the first row of data.",
            hint="Data begin below the header: correct one of the two numbers.",
        )
    if not is_there:
        raise BadOption(
            f"Row {given:,} was chosen as the first row of data, but it is not among the first rows of the table.",
            hint="Give the number of the row where the data begin, or leave it blank to detect it automatically.",
        )


def _header_row(rows: Rows, options: ReadOptions) -> int | Literal["none"] | None:
    """What was said of the header. Where rows are of all lengths, none shows it: then it is the first of several cells,
    or the first that has any."""
    if options.header_row is not None or not options.fits_rows:
        return options.header_row
    counts = [filled(row) for row in rows]
    found = (i for least in (2, 1) for i, count in enumerate(counts, 1) if count >= least)
    return next(found, None)


def _without_names(rows: Rows, chosen: TextChoice, elsewhere: Rows, *, fills: bool) -> TextChoice:
    """The choice with its header as the first row, where that is a row like those below it.

    ``fills``: short rows are filled, to as many cells as the longest has.
    """
    header = chosen.layout.header
    if header is None:
        return chosen
    verdict = judge_ragged(rows, header)
    if verdict.is_header:
        return chosen
    first = next(i for i, row in enumerate(rows) if filled(row))
    layout = lay_out_text(rows, None, first, elsewhere, why=verdict.why)
    width = max(map(len, (*rows[first:], *elsewhere))) if fills else layout.width
    return TextChoice(layout=replace(layout, width=width, labels=("",) * width))


def _text_layout_above(rows: Rows, index: int, given: int | Literal["none"] | None, elsewhere: Rows) -> TextLayout:
    layout = find_layout(rows, given=given, elsewhere=elsewhere)
    if layout.header is not None and layout.first <= index:
        return layout
    if given is None:
        is_above = layout.header is not None and layout.header < index
        header = layout.header if is_above else _header_above(rows, index)
        if header is not None:
            return find_layout(rows, given=header + 1, elsewhere=elsewhere)
    titles = sum(1 for row in rows[:index] if filled(row))
    plain = find_layout(_without(rows, range(index)), given="none", elsewhere=elsewhere)
    on_titles = (Note.of(NoteKind.PREAMBLE, count=titles),) if titles else ()
    return replace(plain, preamble=titles, notes=(*on_titles, *plain.notes))


def _header_above(rows: Rows, index: int) -> int | None:
    """The row above the data that can name their columns: the first that fills more than half as many cells.

    Asked where no header was found among the rows above: the person's word makes one of a row that looks like data.
    """
    width = max((filled(row) for row in rows[index : index + _LOOKED_AT]), default=0)
    names = (i for i, row in enumerate(rows[:index]) if filled(row) * 2 > width and (filled(row) > 1 or width == 1))
    return next(names, None)


def _without(rows: Rows, gone: Collection[int]) -> Rows:
    """The same rows with some of them blank."""
    blank = frozenset(gone)
    return [() if i in blank else row for i, row in enumerate(rows)] if blank else rows
