"""What was decided about a table and on what evidence, as facts: a kind and its figures, from which no one decides by
words. ``sentences.notes`` makes the sentences for people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self


class NoteKind(StrEnum):
    """Every kind of note, by what it is about. What each one's figures are, its sentence shows."""

    # encoding
    ENCODING_DOUBTED = "encoding_doubted"
    BAD_BYTES = "bad_bytes"
    WIDE_ENCODING = "wide_encoding"
    SWITCHING_ENCODING = "switching_encoding"
    LEGACY_ENCODING = "legacy_encoding"
    LEGACY_ENCODING_DOUBTED = "legacy_encoding_doubted"
    TWO_ENCODINGS = "two_encodings"
    CONTROLS_MENDED = "controls_mended"
    LETTERS_LOST = "letters_lost"
    LETTERS_TWICE = "letters_twice"
    NAMES_UNDECODED = "names_undecoded"
    # how a text is written
    NO_DELIMITER = "no_delimiter"
    DELIMITER = "delimiter"
    DELIMITER_NAMED = "delimiter_named"
    ALIGNED = "aligned"
    SPACED = "spaced"
    APOSTROPHES = "apostrophes"
    OTHER_QUOTE = "other_quote"
    QUOTES_ARE_TEXT = "quotes_are_text"
    BACKSLASHES = "backslashes"
    LINE_ENDS = "line_ends"
    LINES_JOINED = "lines_joined"
    UNEVEN_LINES = "uneven_lines"
    ROWS_FITTED = "rows_fitted"
    MARKS_INSIDE = "marks_inside"
    LINES_IN_QUOTES = "lines_in_quotes"
    LINES_END_WITH = "lines_end_with"
    PRINTED_TABLE = "printed_table"
    RULED_COLUMNS = "ruled_columns"
    DRAWN_RULES = "drawn_rules"
    FOLDED_ROWS = "folded_rows"
    WRAPPED_CELLS = "wrapped_cells"
    INDEX_NAME = "index_name"
    FIXED_COLUMNS = "fixed_columns"
    BARRED_COLUMNS = "barred_columns"
    WEB_LOG = "web_log"
    PROGRAM_FORM = "program_form"
    SYSSTAT = "sysstat"
    VERTICAL_RECORDS = "vertical_records"
    COMMENT_LINES = "comment_lines"
    LONG_DELIMITER = "long_delimiter"
    MIXED_BLANKS = "mixed_blanks"
    SPACES_AROUND = "spaces_around"
    EMPTY_APOSTROPHES = "empty_apostrophes"
    FORMULA_TEXTS = "formula_texts"
    SPACES_BEHIND = "spaces_behind"
    END_MARK = "end_mark"
    RECORD_SEPARATORS = "record_separators"
    BREAKS_IN_CELLS = "breaks_in_cells"
    STRAY_QUOTES = "stray_quotes"
    # header and what stands above it
    PREAMBLE = "preamble"
    SHEET_HEADER = "sheet_header"
    HEADER_DEPTH = "header_depth"
    SURVEY_HEADER = "survey_header"
    """``names``: where they stand below the ``texts``."""
    HEADER_REFUSED = "header_refused"
    HEADER_MISSING = "header_missing"
    HEADER_DOUBTED = "header_doubted"
    HEADER_REPEATED = "header_repeated"
    HEADER_DATES = "header_dates"
    """``count`` names of a sheet's columns that are dates, and the ``first``."""
    PAGE_LINES = "page_lines"
    LAYOUT_RUNNER_UP = "layout_runner_up"
    BORDER_DOUBTED = "border_doubted"
    ROWS_AMONG_NOTES = "rows_among_notes"
    LINES_OF_ONE_CELL = "lines_of_one_cell"
    ROWS_OF_OTHER_WIDTH = "rows_of_other_width"
    # columns
    ROW_NAMES = "row_names"
    NAMES_MISSING = "names_missing"
    TIME_UNNAMED = "time_unnamed"
    BLANK_NAMES = "blank_names"
    LAST_CELLS_MISSING = "last_cells_missing"
    TRAILING_COLUMNS = "trailing_columns"
    NAMES_TRIMMED = "names_trimmed"
    NAMES_BROKEN = "names_broken"
    SURPLUS_CELLS = "surplus_cells"
    EMPTY_COLUMNS = "empty_columns"
    NULL_WORD = "null_word"
    OUTER_SPACES = "outer_spaces"
    NOT_NUMBERS = "not_numbers"
    JSON_SHAPE = "json_shape"
    # what is no row of the table
    TOTAL = "total"
    LAST_TOTAL = "last_total"
    """The way out stands with the last of several."""
    SUBTOTALS = "subtotals"
    TOTAL_LEVELS = "total_levels"
    """``columns``: name and rows of each that has the ``word`` of totals as one of its values; ``is_all``: counted in
    all rows."""
    SUMS_WITHOUT_WORD = "sums_without_word"
    ROWS_STANDING_OUT = "rows_standing_out"
    PIVOT = "pivot"
    NOTES_BELOW = "notes_below"
    NOTES_BESIDE = "notes_beside"
    ROWS_LEFT_OUT = "rows_left_out"
    BLANK_ROWS = "blank_rows"
    # other tables in the same text or sheet
    OTHER_LINES = "other_lines"
    OTHER_LINES_LEFT_OUT = "other_lines_left_out"
    BESIDE_ANOTHER = "beside_another"
    OTHERS_BESIDE = "others_beside"
    BELOW_ANOTHER = "below_another"
    TABLE_LEFT_OUT = "table_left_out"
    # workbooks and archives
    SECOND_READER = "second_reader"
    ERROR_CELLS = "error_cells"
    FORMULAS = "formulas"
    UNSAVED_FORMULAS = "unsaved_formulas"
    ROUNDED_INTEGERS = "rounded_integers"
    MERGED_CELLS = "merged_cells"
    HIDDEN_CELLS = "hidden_cells"
    ZERO_DATES = "zero_dates"
    TIMES_OVER_A_DAY = "times_over_a_day"
    NEGATIVE_TIMES = "negative_times"
    HIDDEN_TIMES = "hidden_times"
    CURRENCIES = "currencies"
    UNITS = "units"
    MASKED_NUMBERS = "masked_numbers"
    """``columns`` by their letters, their ``names``, and one ``number`` with what is ``shown`` of it."""
    PERCENTAGES = "percentages"
    """Numbers shown as percentages: ``columns`` and ``names`` as above, one ``number``: 0.125."""
    DAYS_AMONG_TIMES = "days_among_times"
    SHOWN_AS_WORDS = "shown_as_words"
    SHOWN_SHORTER = "shown_shorter"
    """The sheet does not show the ``hidden`` part of numbers or times: ``columns`` and ``names`` as above, and of
    each in ``cells`` how many, the first, what it is and what is shown; ``is_all``: all of the sheet was looked at."""
    SHEET_EMPTY = "sheet_empty"
    SHEET_WITHOUT_ROWS = "sheet_without_rows"
    SHEET_HIDDEN = "sheet_hidden"
    SHEET_OF_CONTENTS = "sheet_of_contents"
    HEADER_SWITCHED_OFF = "header_switched_off"
    MEMBERS_LEFT_OUT = "members_left_out"
    LIST_IN_OBJECT = "list_in_object"
    SMALL_TABLES_LEFT_OUT = "small_tables_left_out"
    MEMBER_NAMES = "member_names"
    # reading options
    OPTIONS_GIVEN = "options_given"
    OPTIONS_REMEMBERED = "options_remembered"
    TYPES_HOLD = "types_hold"
    ONE_TABLE_NOT_APPLIED = "one_table_not_applied"
    ROWS_NOT_APPLIED = "rows_not_applied"
    OPTIONS_NOT_USED = "options_not_used"
    # which dataset it joins
    MATCHED_BY_PLACE = "matched_by_place"
    NAMELESS_APART = "nameless_apart"
    VALUES_EMPTIED = "values_emptied"
    # what was stored before notes had kinds
    SENTENCE = "sentence"
    SENTENCE_ON_ROWS_LEFT_OUT = "sentence_on_rows_left_out"


ON_OTHER_TABLES = frozenset(
    {
        NoteKind.OTHER_LINES,
        NoteKind.OTHER_LINES_LEFT_OUT,
        NoteKind.BESIDE_ANOTHER,
        NoteKind.OTHERS_BESIDE,
        NoteKind.BELOW_ANOTHER,
    }
)

ON_ROWS_LEFT_OUT = frozenset(
    {
        NoteKind.HEADER_REPEATED,
        NoteKind.PAGE_LINES,
        NoteKind.LAST_TOTAL,
        NoteKind.NOTES_BELOW,
        NoteKind.NOTES_BESIDE,
        NoteKind.TABLE_LEFT_OUT,
        NoteKind.SENTENCE_ON_ROWS_LEFT_OUT,
    }
).union(ON_OTHER_TABLES)
"""Lines were told from the table's rows: ``ReadOptions.one_table`` is how to have it otherwise."""


ON_FIXED_COLUMNS = frozenset(
    {NoteKind.RULED_COLUMNS, NoteKind.FOLDED_ROWS, NoteKind.FIXED_COLUMNS, NoteKind.BARRED_COLUMNS}
)
"""Cells stand at the same places in all lines."""

ON_WHOLE_FILE = frozenset(
    {
        NoteKind.MEMBERS_LEFT_OUT,
        NoteKind.MEMBER_NAMES,
        *(NoteKind.SHEET_HIDDEN, NoteKind.SHEET_OF_CONTENTS, NoteKind.SHEET_EMPTY, NoteKind.SHEET_WITHOUT_ROWS),
        NoteKind.SMALL_TABLES_LEFT_OUT,
    }
)
"""They stand among the notes of a file's first table, and are about what else is in the file."""

CELLS_CHANGED = frozenset(
    {
        NoteKind.APOSTROPHES,
        NoteKind.OTHER_QUOTE,
        NoteKind.PRINTED_TABLE,
        NoteKind.ALIGNED,
        NoteKind.SPACED,
        NoteKind.SPACES_AROUND,
        NoteKind.EMPTY_APOSTROPHES,
        NoteKind.FORMULA_TEXTS,
        NoteKind.CONTROLS_MENDED,
        NoteKind.BACKSLASHES,
        NoteKind.LINES_JOINED,
        *(NoteKind.MASKED_NUMBERS, NoteKind.SHOWN_AS_WORDS),
        *(NoteKind.ERROR_CELLS, NoteKind.UNSAVED_FORMULAS, NoteKind.ZERO_DATES, NoteKind.HIDDEN_TIMES),
        *(NoteKind.TIMES_OVER_A_DAY, NoteKind.PERCENTAGES, NoteKind.DAYS_AMONG_TIMES, NoteKind.SHOWN_SHORTER),
    }
)
"""What was taken from cells, or changed in them, beside the double quotes around them."""

QUESTIONS = frozenset(
    {
        NoteKind.HEADER_DOUBTED,
        NoteKind.LAYOUT_RUNNER_UP,
        NoteKind.BORDER_DOUBTED,
        NoteKind.ROWS_AMONG_NOTES,
        NoteKind.LINES_OF_ONE_CELL,
        NoteKind.ROWS_OF_OTHER_WIDTH,
        NoteKind.TWO_ENCODINGS,
    }
)
"""Asked at the top of a receipt. Their figure ``ways`` holds, for each answer but “as it is”, the ``options`` to send
when the file is read again, and ``of_one`` where others are said of one member of several. Once a person has kept it as
it is, their figure ``kept`` is true. A doubted header has ``ways`` where that of another table is asked about."""
ON_HEADER = frozenset({NoteKind.HEADER_DOUBTED, NoteKind.LAYOUT_RUNNER_UP})
"""Those of them that ask which row is the header."""
NO_HEADER = {"options": {"header_row": "none"}}
"""The answer to a doubted header."""
KEPT = "kept"
NO_ROWS = "are_no_rows"
"""A figure of notes on rows that were left out: read as rows they would not fit, so nobody is told how to."""


class WhyKind(StrEnum):
    """Why a row is no header, or may be none; why two tables side by side are two."""

    BLANK = "blank"
    REPEATED = "repeated"
    NUMBERED = "numbered"
    ABOVE_VALUES = "above_values"
    VALUE = "value"
    MAYBE_VALUE = "maybe_value"
    ONLY_WORDS = "only_words"

    HEADER_BESIDE_ROWS = "header_beside_rows"
    BEGINS_BELOW = "begins_below"
    ENDS_ABOVE = "ends_above"
    DEFINED = "defined"
    NUMBERED_TITLES = "numbered_titles"
    FIRST_NAME_AGAIN = "first_name_again"
    ENDS_BEFORE = "ends_before"


@dataclass(frozen=True, slots=True)
class Why:
    """A reason, as a note's figure."""

    kind: WhyKind
    figures: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, kind: WhyKind, **figures: Any) -> Self:
        return cls(kind, figures)

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind.value, **self.figures}


@dataclass(frozen=True, slots=True)
class Note:
    """One decision. ``figures`` are values of JSON: line numbers, counts, names, samples of text."""

    kind: NoteKind
    figures: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, kind: NoteKind, **figures: Any) -> Self:
        return cls(kind, figures)

    @property
    def is_on_columns_alone(self) -> bool:
        """Whether the places of cells are all that parts them: no delimiter stands between."""
        return self.kind in ON_FIXED_COLUMNS and self.figures.get("delimiter") is None

    @property
    def parted_by(self) -> str | None:
        """What parts the cells in the file, where its lines are written anew before they are read; ``""``: more than
        one thing, or none. ``None``: this is about something else."""
        match self.kind:
            case NoteKind.LONG_DELIMITER:
                return str(self.figures["delimiter"])
            case NoteKind.COMMENT_LINES | NoteKind.DRAWN_RULES if self.figures["is_spaced"]:
                return " "
            case NoteKind.SYSSTAT | NoteKind.PROGRAM_FORM | NoteKind.MIXED_BLANKS | NoteKind.VERTICAL_RECORDS:
                return ""
        return "" if self.is_on_columns_alone else None

    @property
    def without_count(self) -> Self:
        """The same of a delimiter, but for how many rows have as many cells."""
        return self.of(self.kind, **{**self.figures, "is_told": True})

    @property
    def is_on_cells_changed(self) -> bool:
        """Whether cells are not as they stand in the file by it, but for quotes around them."""
        return self.kind in CELLS_CHANGED or self.is_on_columns_alone

    @property
    def is_on_rows_left_out(self) -> bool:
        """Whether lines were told from the table's rows, though they may be some of them."""
        return self.kind in ON_ROWS_LEFT_OUT

    @property
    def is_open_question(self) -> bool:
        """Whether something is asked that can be answered, and nobody has kept it as it is."""
        return self.kind in QUESTIONS and bool(self.figures.get("ways")) and not self.figures.get(KEPT)

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind.value, "figures": dict(self.figures)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(NoteKind(data["kind"]), data["figures"])


def delimiter_in_file(delimiter: str, notes: Iterable[Note]) -> str:
    """``delimiter``: the one that lines are read with, which may stand for what the file has. ``""``: no single one."""
    return next((said for note in notes if (said := note.parted_by) is not None), delimiter)


def rules_told(notes: Iterable[Note]) -> int:
    """How many of the blank lines of a table only draw a rule, by what its notes say."""
    return sum(note.figures.get("rules", 0) for note in notes if note.kind is NoteKind.BLANK_ROWS)
