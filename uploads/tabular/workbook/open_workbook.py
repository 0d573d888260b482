"""Workbooks (xlsx, xlsm, xls, xlsb, ods) as tables: every visible sheet with data is one.

python-calamine reads them; where it refuses, or would misread, openpyxl (xlsx) or xlrd (xls) reads and a note says so.
Run it in a child process under limits: a hostile file makes calamine abort the whole interpreter.
"""

import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from xml.parsers import expat

import python_calamine as calamine

from uploads.tabular.chunks import SourceTable
from uploads.tabular.errors import BadOption, DamagedFile, EmptyFile, FileError, LimitExceeded, NoDataRows, UnknownSheet
from uploads.tabular.files.sources_said import check_sources
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.table import FileFormat, Limits, ReadOptions
from uploads.tabular.workbook.kind import encrypted_workbook, workbook_kind
from uploads.tabular.workbook.markup.book import MARKUP_FORMATS, MarkupWorkbook
from uploads.tabular.workbook.markup.text import utf8_blocks
from uploads.tabular.workbook.readers.calamine import CalamineWorkbook, raw_sheet, reason_under_own_name
from uploads.tabular.workbook.readers.fallback import Doubtful, LongIntegers, SecondWorkbook, open_second
from uploads.tabular.workbook.readers.open_document import PlainCopy, RefusedMarkup
from uploads.tabular.workbook.readers.parallel import NotInPieces, SheetInPieces
from uploads.tabular.workbook.sheet.raw import RawSheet, empty_text
from uploads.tabular.workbook.survey import NoSurvey, Survey
from uploads.tabular.workbook.surveys.ods import OdsSurvey
from uploads.tabular.workbook.surveys.open_document import check_open_document
from uploads.tabular.workbook.surveys.xls import XlsSurvey
from uploads.tabular.workbook.surveys.xlsb import XlsbSurvey
from uploads.tabular.workbook.surveys.xlsx import XlsxSurvey
from uploads.tabular.workbook.tables.contents import lists_sheets
from uploads.tabular.workbook.tables.sheet_notes import hidden_note, with_columns_named
from uploads.tabular.workbook.tables.sheet_table import SheetTable
from uploads.tabular.workbook.tables.sheets import read_tables
from uploads.tabular.workbook.unpacking import HARD_TO_UNPACK, blocks_of

_Surveyor = XlsxSurvey | XlsSurvey | XlsbSurvey | OdsSurvey | NoSurvey
_Reader = CalamineWorkbook | SecondWorkbook | MarkupWorkbook

_SURVEYS: dict[FileFormat, Callable[[Path, Limits], _Surveyor]] = {
    FileFormat.XLSX: XlsxSurvey,
    FileFormat.XLS: XlsSurvey,
    FileFormat.XLSB: XlsbSurvey,
    FileFormat.ODS: OdsSurvey,
    FileFormat.FODS: OdsSurvey,
    **dict.fromkeys(MARKUP_FORMATS, NoSurvey),
}


def open_sheets(
    path: Path,
    *,
    name: str,
    options: ReadOptions,
    limits: Limits,
    markup: FileFormat | None = None,
    is_member: bool = False,
) -> Iterator[SourceTable]:
    """Yield a table for each visible sheet with data, or for the sheet that ``options`` name.

    ``markup``: the file is known to be one text of that format. ``is_member``: of an archive, where the encoding may
    have been said for other members.

    Raises ``EncryptedFile``, ``DamagedFile``, ``LimitExceeded``, ``UnknownSheet``, and after the last sheet
    ``EmptyFile`` or ``NoDataRows`` if there was none with data.
    """
    kind = markup or workbook_kind(path, name=name, limits=limits)
    with closing(_Book(path, name, kind, options, limits)) as book:
        if options.encoding is not None and not is_member:
            book.check_encoding()
        wanted, notes = book.choose_sheets()
        headers_only: list[SheetTable] = []
        found = False
        for sheet_name in wanted:
            tables, on_sheet = book.tables(sheet_name)
            notes.extend(on_sheet)
            for table in tables:
                if table.size:
                    table.add_notes(notes)
                    notes = []
                    found = True
                    yield table
                else:
                    headers_only.append(table)
                    notes.append(Note.of(NoteKind.SHEET_WITHOUT_ROWS, table=table.source))
            del tables
    if not found:
        raise _nothing(name, headers_only, options.sheet)


class _Book:
    """One workbook: looked at first, read by the first reader, sheet by sheet by the second where that has to be."""

    def __init__(self, path: Path, name: str, kind: FileFormat, options: ReadOptions, limits: Limits) -> None:
        self._path = path
        self._name = name
        self._kind = kind
        self._options = options
        self._limits = limits
        self._open_books = ExitStack()
        if kind is FileFormat.FODS:
            self._path = path = self._packed()
        if kind is FileFormat.ODS:
            check_open_document(path, name=name)
        self._has_others = False
        self._survey = _SURVEYS[kind](path, limits)
        self._second: SecondWorkbook | None = None
        self._reader: _Reader = self._open_markup() if kind in MARKUP_FORMATS else self._open()
        if len(self._reader.names) > limits.members:
            raise LimitExceeded(
                f"{name} has {len(self._reader.names):,} sheets; at most {limits.members:,} are read.",
                hint="Split the workbook into smaller ones.",
            )

    def close(self) -> None:
        """Close whatever was opened."""
        self._open_books.close()

    def _packed(self) -> Path:
        """A Flat ODS in a package, as its reader expects it."""
        content = utf8_blocks(self._path, name=self._name, options=self._options, limits=self._limits)
        try:
            return self._open_books.enter_context(closing(PlainCopy(content, encoding="utf-8"))).path
        except (expat.ExpatError, RefusedMarkup) as error:
            raise DamagedFile(
                f"{self._name} cannot be read as a Flat ODS: it is damaged or incomplete ({error}).",
                hint="Open it in a spreadsheet program, save it as ODS or XLSX and upload that.",
            ) from error

    def _open_markup(self) -> MarkupWorkbook:
        book = MarkupWorkbook(self._path, name=self._name, kind=self._kind, options=self._options, limits=self._limits)
        return self._open_books.enter_context(closing(book))

    def check_encoding(self) -> None:
        """Raise ``BadOption`` where an encoding was said of an .xls whose texts are Unicode."""
        if isinstance(self._survey, XlsSurvey) and self._survey.is_unicode:
            raise BadOption(
                f"The texts of {self._name} are Unicode, so that no encoding can be chosen for them.",
                hint="Leave the encoding out.",
            )

    def _open(self) -> "CalamineWorkbook | SecondWorkbook":
        try:
            _heed(self._survey.doubt or self._doubt_encoding())
            return self._open_books.enter_context(closing(CalamineWorkbook(self._path)))
        except calamine.PasswordError as error:
            raise encrypted_workbook(self._name) from error
        except (calamine.CalamineError, Doubtful) as error:
            _refuse_excess(self._name, error)
            if self._kind is FileFormat.ODS and (plain := self._open_plain()):
                return plain
            reason = reason_under_own_name(self._path, self._kind, error)
            if isinstance(reason, calamine.PasswordError):
                raise encrypted_workbook(self._name) from error
            return self._open_second(reason)

    def _open_plain(self) -> CalamineWorkbook | None:
        """An .ods once more, as its reader expects it; nothing if it refuses that too."""
        try:
            with zipfile.ZipFile(self._path) as package:
                content = blocks_of(self._path, package.getinfo("content.xml"), self._limits)
                plain = self._open_books.enter_context(closing(PlainCopy(content)))
            book = self._open_books.enter_context(closing(CalamineWorkbook(plain.path)))
        except (calamine.CalamineError, expat.ExpatError, RefusedMarkup, *HARD_TO_UNPACK):
            return None
        self._path, self._survey = plain.path, OdsSurvey(plain.path, self._limits)
        return book

    def _doubt_encoding(self) -> str:
        survey, said = self._survey, self._options.encoding
        if said is None or not isinstance(survey, XlsSurvey) or survey.is_unicode:
            return ""
        return f"its texts are read as {said}, as you chose"

    def _open_second(self, refusal: Exception) -> SecondWorkbook:
        if self._second is None:
            second = open_second(
                self._path,
                name=self._name,
                kind=self._kind,
                refusal=refusal,
                limits=self._limits,
                encoding=self._options.encoding,
            )
            self._second = self._open_books.enter_context(closing(second))
        return self._second

    def choose_sheets(self) -> tuple[list[str], list[Note]]:
        """Names of the sheets to read, and notes on those that are not."""
        names, hidden = self._reader.names, self._reader.hidden
        check_sources(self._options, name=self._name, known=names)
        own = self._options.encoding
        if any(said.get("encoding", own) != own for said in self._options.by_source.values()):
            raise BadOption(
                f"The sheets of {self._name} have one encoding.", hint="Give the encoding without the name of a sheet."
            )
        notes: list[Note] = []
        wanted = self._options.sheet
        if wanted is not None:
            if wanted not in names:
                known = ", ".join(f'"{sheet}"' for sheet in names)
                raise UnknownSheet(
                    f'{self._name} has no sheet "{wanted}", which was chosen.',
                    hint=f"Its sheets are {known}. Say one of them, or leave the sheet out to load every one.",
                )
            return [wanted], notes
        left_out = (sheet for sheet in names if sheet in hidden)
        notes.extend(Note.of(NoteKind.SHEET_HIDDEN, sheet=sheet) for sheet in left_out)
        shown = [sheet for sheet in names if sheet not in hidden]
        self._has_others = len(shown) > 1
        return shown, notes

    def tables(self, sheet: str) -> tuple[list[SheetTable], list[Note]]:
        """The sheet's tables, and notes on how it was read."""
        raw, survey = self._read(sheet)
        if raw is not None and raw.text.has_odd_times():
            raw, survey = self._read_odd(sheet, raw, survey)
        notes = [*survey.notes(), *hidden_note(survey.hidden, sheet=sheet, left_out=self._options.visible_only)]
        if raw is None:
            return [], [*notes, Note.of(NoteKind.SHEET_EMPTY, sheet=sheet)]
        if self._options.sheet is None and lists_sheets(raw.text.head(), self._sheets_but(sheet)):
            return [], [Note.of(NoteKind.SHEET_OF_CONTENTS, sheet=sheet)]
        tables = self._lay_out(raw, survey)
        notes = with_columns_named(notes, {key: name for each in tables for key, name in each.names_by_letter.items()})
        if any(table.has_long_integers() for table in tables) and self._states_long_integers(sheet):
            try:
                exact = self._read_second(sheet, LongIntegers("it holds whole numbers of more than 15 digits"), survey)
            except DamagedFile:
                return tables, [*notes, Note.of(NoteKind.ROUNDED_INTEGERS)]
            if exact is not None:
                return self._lay_out(exact, survey), notes
        return tables, notes

    def _sheets_but(self, sheet: str) -> list[str]:
        return [name for name in self._reader.names if name != sheet and name not in self._reader.hidden]

    def _lay_out(self, raw: RawSheet, survey: Survey) -> list[SheetTable]:
        options, limits = self._options.at(raw.name), self._limits
        if options.visible_only:
            raw = replace(raw, left_out=frozenset(row + 1 for row in survey.hidden.rows))
        return read_tables(raw, kind=self._kind, options=options, limits=limits, has_others=self._has_others)

    def _states_long_integers(self, sheet: str) -> bool:
        survey = self._survey
        read_by_first = isinstance(self._reader, CalamineWorkbook)
        return read_by_first and isinstance(survey, XlsxSurvey) and survey.states_long_integers(sheet)

    def _read_odd(self, sheet: str, raw: RawSheet, survey: Survey) -> tuple[RawSheet | None, Survey]:
        """The sheet once more where one of its dates or times is not what the sheet shows."""
        reader = self._reader
        if isinstance(reader, MarkupWorkbook) or isinstance(self._survey, NoSurvey):
            return raw, survey
        position = reader.positions[sheet] if isinstance(reader, CalamineWorkbook) else reader.names.index(sheet)
        closer = self._visible(self._survey.sheet(sheet, position, every_time=True))
        if closer.corrections == survey.corrections:
            return raw, survey
        if isinstance(reader, CalamineWorkbook):
            return self._read_first(sheet, reader, closer, None), closer
        return self._read_by(reader, sheet, survey=closer), closer

    def _read(self, sheet: str) -> tuple[RawSheet | None, Survey]:
        reader = self._reader
        if isinstance(reader, MarkupWorkbook):
            survey = self._visible(reader.survey(sheet))
            return reader.read(sheet, empty_text(self._options), survey), survey
        if not isinstance(reader, CalamineWorkbook):
            survey = self._visible(self._survey.sheet(sheet, reader.names.index(sheet)))
            return self._read_by(reader, sheet, survey=survey), survey
        with ExitStack() as stack:
            pieces = self._survey.pieces(sheet) if isinstance(self._survey, XlsxSurvey) else None
            if pieces is not None:
                stack.enter_context(closing(pieces))
            survey = self._look(sheet, reader.positions[sheet], pieces)
            return self._read_first(sheet, reader, survey, pieces), survey

    def _look(self, sheet: str, position: int, pieces: SheetInPieces | None) -> Survey:
        if isinstance(self._survey, XlsxSurvey):
            return self._visible(self._survey.sheet(sheet, position, pieces))
        return self._visible(self._survey.sheet(sheet, position))

    def _visible(self, survey: Survey) -> Survey:
        """Where a person asked for it, without what the sheet hides."""
        if self._options.visible_only:
            survey.corrections.blank_rows = survey.hidden.rows
            survey.corrections.blank_columns = survey.hidden.columns
        return survey

    def _read_first(
        self, sheet: str, reader: CalamineWorkbook, survey: Survey, pieces: SheetInPieces | None
    ) -> RawSheet | None:
        try:
            _heed(survey.doubt)
            survey.check(sheet, self._limits)
            if pieces is not None:
                try:
                    return self._turned(pieces.sheets(), survey)
                except NotInPieces:
                    pieces.close()
            return self._turned(map(reader.sheet, [sheet]), survey)
        except calamine.WorksheetNotFound:
            return self._read_second(sheet, Doubtful("its part is not where the workbook says"))
        except (calamine.CalamineError, Doubtful) as error:
            return self._read_second(sheet, error, survey)

    def _turned(self, parts: Iterable[calamine.CalamineSheet], survey: Survey) -> RawSheet | None:
        text = empty_text(self._options)
        return raw_sheet(parts, text=text, limits=self._limits, survey=survey, kind=self._kind)

    def _read_second(self, sheet: str, refusal: Exception, survey: Survey | None = None) -> RawSheet | None:
        return self._read_by(self._open_second(refusal), sheet, refusal, survey)

    def _read_by(
        self, second: SecondWorkbook, sheet: str, refusal: Exception | None = None, survey: Survey | None = None
    ) -> RawSheet | None:
        survey = survey or Survey()
        if survey.merged is None and sheet in second.names and isinstance(self._survey, XlsSurvey | XlsxSurvey):
            survey = replace(survey, merged=self._survey.merged(sheet, second.names.index(sheet)))
        raw = second.read(sheet, empty_text(self._options), self._limits, refusal, survey.corrections)
        return None if raw is None else raw.as_surveyed(survey)


def _refuse_excess(name: str, error: Exception) -> None:
    """Calamine counts the cells of an .ods itself, where "repeated" makes many of a few."""
    if "Cell limit exceeded" in str(error):
        raise LimitExceeded(
            f"A sheet of {name} spans more cells than can be read ({error}).",
            hint="Delete the empty rows and columns around the table, or save it as CSV.",
        ) from error


def _heed(doubt: str) -> None:
    if doubt:
        raise Doubtful(doubt)


def _nothing(name: str, headers_only: Sequence[SheetTable], sheet: str | None) -> FileError:
    where = f'Sheet "{sheet}" of {name}' if sheet is not None else name
    if not headers_only:
        return EmptyFile(f"{where} has no cells with data.", hint="Check that the table was saved in this workbook.")
    hint = "Add rows and upload it again."
    if above := sum(table.preamble for table in headers_only):
        rows = f"the {above:,} rows" if above > 1 else "the row"
        hint = f"If {rows} above it, and it too, are data, load it with header row “none”; if not, add rows below it."
    return NoDataRows(f"{where} has a header and no rows below it.", hint=hint)
