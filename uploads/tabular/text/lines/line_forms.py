"""In which form the lines of a text are written, and the text as a parser is to see it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from uploads.tabular.dialect.broken_lines import find_broken
from uploads.tabular.dialect.choice import DialectChoice
from uploads.tabular.dialect.columns.barred_columns import find_barred
from uploads.tabular.dialect.columns.fixed_columns import find_fixed
from uploads.tabular.dialect.columns.folded_rows import find_folded
from uploads.tabular.dialect.columns.index_name import find_index_name
from uploads.tabular.dialect.columns.labelled_block import find_labelled_block
from uploads.tabular.dialect.columns.ruled_bars import find_ruled_bars
from uploads.tabular.dialect.columns.ruled_columns import find_ruled
from uploads.tabular.dialect.columns.wrapped_cells import find_wrapped_cells
from uploads.tabular.dialect.commented_lines import find_commented
from uploads.tabular.dialect.dialect import CsvDialect
from uploads.tabular.dialect.drawn_rules import find_drawn_rules
from uploads.tabular.dialect.line_form import LineForm
from uploads.tabular.dialect.long_delimiter import find_long_delimiter, find_spaces_around
from uploads.tabular.dialect.mixed_blanks import find_mixed_blanks
from uploads.tabular.dialect.printed_table import find_printed
from uploads.tabular.dialect.programs.access_log import find_access_log
from uploads.tabular.dialect.programs.arff import find_arff
from uploads.tabular.dialect.programs.eurostat import find_eurostat
from uploads.tabular.dialect.programs.exposition import find_exposition
from uploads.tabular.dialect.programs.genome_tracks import find_genome_tracks
from uploads.tabular.dialect.programs.icd_order import find_icd_order
from uploads.tabular.dialect.programs.key_values import find_key_values
from uploads.tabular.dialect.programs.listings import find_listing
from uploads.tabular.dialect.programs.message_log import find_message_log, find_timed_lines
from uploads.tabular.dialect.programs.primavera import find_primavera
from uploads.tabular.dialect.programs.sectioned_rows import find_sectioned
from uploads.tabular.dialect.programs.stata_list import find_stata_list
from uploads.tabular.dialect.programs.sysstat import find_sysstat
from uploads.tabular.dialect.programs.tibble import find_tibble
from uploads.tabular.dialect.programs.vertical_records import find_vertical
from uploads.tabular.dialect.programs.web_log import find_web_log
from uploads.tabular.dialect.wrapped_lines import (
    empty_apostrophes,
    find_ended,
    find_foreign_quotes,
    find_wrapped,
    formula_texts,
    spaces_behind_quotes,
)
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.text.lines.rewritten_stream import MARK_IN_LETTERS, MARK_INSIDE

type Finder = Callable[[str], LineForm | None]
_SAY_DELIMITER = (
    NoteKind.ALIGNED,
    NoteKind.LONG_DELIMITER,
    NoteKind.MIXED_BLANKS,
    NoteKind.RULED_COLUMNS,
    NoteKind.FOLDED_ROWS,
    NoteKind.WRAPPED_CELLS,
    NoteKind.FIXED_COLUMNS,
    NoteKind.BARRED_COLUMNS,
    NoteKind.WEB_LOG,
    NoteKind.PROGRAM_FORM,
    NoteKind.SYSSTAT,
    NoteKind.VERTICAL_RECORDS,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Lines:
    """The beginning of a text and some lines from further down, and the forms that were taken off them."""

    head: str
    samples: tuple[str, ...]
    errors: str
    """How bytes that could not be decoded stand in them."""
    forms: tuple[LineForm, ...] = ()

    @property
    def delimiter(self) -> str | None:
        """What a form says of the cells."""
        return next((form.delimiter for form in reversed(self.forms) if form.delimiter is not None), None)

    @property
    def columns(self) -> tuple[str, ...]:
        """What a form calls the columns, where no line does."""
        return next((form.columns for form in self.forms if form.columns), ())

    @property
    def has_said_delimiter(self) -> bool:
        """Whether the note on a form says what parts the cells."""
        return any(form.note.kind in _SAY_DELIMITER or form.note.figures.get("is_spaced") for form in self.forms)

    def without(self, form: LineForm | None) -> "Lines":
        """The same with a form taken off."""
        if form is None:
            return self
        return replace(
            self,
            head=form.of_text(self.head, errors=self.errors),
            samples=tuple(form.of_text(piece, errors=self.errors) for piece in self.samples),
            forms=(*self.forms, form),
        )


def plain_lines(lines: Lines, *, has_marks: bool, delimiter: str | None, quote: str | None) -> Lines:
    """Take off whatever stands around the rows; ``delimiter`` and ``quote`` are what a person gave.

    Who gives the delimiter means it as it stands: then no table is printed and no mark ends a line.
    """
    has_marks = has_marks or lines.head.startswith(MARK_IN_LETTERS)
    lines = lines.without(MARK_INSIDE) if has_marks else lines
    if quote is not None:
        lines = lines.without(None if quote.isascii() else find_foreign_quotes(lines.head, given=quote))
    else:
        lines = lines.without(find_foreign_quotes(lines.head) or find_wrapped(lines.head))
    if delimiter is not None:
        long = find_long_delimiter(lines.head, given=delimiter) if len(delimiter) > 1 else None
        return lines.without(long)
    lines = lines.without(find_index_name(lines.head))
    finders: Sequence[Finder] = (
        find_vertical,
        find_icd_order,
        find_web_log,
        find_access_log,
        find_sysstat,
        find_sectioned,
        find_primavera,
        find_genome_tracks,
        find_key_values,
        find_message_log,
        find_arff,
        find_listing,
        find_stata_list,
        find_tibble,
        find_exposition,
        find_eurostat,
        find_commented,
        find_barred,
        find_ruled_bars,
        find_wrapped_cells,
        find_printed,
        find_folded,
        find_ruled,
        find_labelled_block,
        find_fixed,
        find_ended,
        find_long_delimiter,
        find_spaces_around,
        find_mixed_blanks,
        find_drawn_rules,
        find_timed_lines,
    )
    found = (finder(lines.head) for finder in finders)
    return lines.without(next(filter(None, found), None))


def joined_lines(lines: Lines, choice: DialectChoice, *, delimiter: str | None, is_asked: bool) -> Lines:
    """Put records together that line ends have cut: where that was asked, or makes a table of what is none."""
    if is_asked:
        return lines.without(find_broken(lines.head, given=delimiter or choice.dialect.delimiter))
    if delimiter is not None or choice.fit.regular:
        return lines
    return lines.without(find_broken(lines.head))


def plain_cells(lines: Lines, choice: DialectChoice, *, quote: str | None) -> Lines:
    """Take off what stands around cells, once it is known what parts them."""
    grammar: CsvDialect = choice.dialect
    if quote is not None or grammar.single_column or grammar.aligned or grammar.quote != '"':
        return lines
    plain = lines.without(empty_apostrophes(lines.head, grammar.delimiter))
    plain = plain.without(formula_texts(plain.head, grammar.delimiter))
    return plain.without(spaces_behind_quotes(plain.head, grammar.delimiter))


def form_notes(lines: Lines, choice: DialectChoice) -> list[Note]:
    """What is said of the forms. Of letters that stand for quotes the dialect's own note would say it twice."""
    has_own = choice.dialect.quote != '"'
    return [form.note for form in lines.forms if not (has_own and form.note.kind is NoteKind.OTHER_QUOTE)]
