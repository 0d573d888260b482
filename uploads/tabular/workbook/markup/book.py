"""A workbook of markup, behind the same face as the other readers."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from uploads.tabular.errors import FileError, NotATable
from uploads.tabular.table import FileFormat, Limits, ReadOptions
from uploads.tabular.workbook.markup.grid import Grid
from uploads.tabular.workbook.markup.spreadsheet_xml import read_spreadsheet_xml
from uploads.tabular.workbook.markup.text import encoding_of, utf8_blocks
from uploads.tabular.workbook.markup.web_archive import Spooled, read_parts
from uploads.tabular.workbook.sheet.raw import RawSheet
from uploads.tabular.workbook.sheet.text import SheetText
from uploads.tabular.workbook.survey import Survey


class MarkupWorkbook:
    """A workbook that is one text, read whole when it is opened."""

    def __init__(self, path: Path, *, name: str, kind: FileFormat, options: ReadOptions, limits: Limits) -> None:
        self._sheets = {grid.name: grid for grid in _READERS[kind](path, name, options, limits)}
        self.names = tuple(self._sheets)
        self.hidden = frozenset(grid.name for grid in self._sheets.values() if grid.is_hidden)

    def close(self) -> None:
        """Forget the cells."""
        self._sheets.clear()

    def survey(self, name: str) -> Survey:
        """What a sheet hides, and says of rows that sum others up."""
        return self._sheets[name].survey()

    def read(self, name: str, text: SheetText, survey: Survey) -> RawSheet | None:
        """One sheet as ``text``; nothing if it has no cells. Its cells are forgotten."""
        grid = self._sheets[name]
        if not grid.width:
            return None
        rows, grid.rows = grid.rows, []
        for row in rows:
            row.extend([""] * (grid.width - len(row)))
        text.add(survey.corrections.applied(rows, first=0, left=0))
        raw = RawSheet(name=name, text=text, height=len(rows), notes=tuple(grid.notes), encoding=grid.encoding or None)
        return raw.as_surveyed(survey)


def _html(path: Path, name: str, options: ReadOptions, limits: Limits) -> list[Grid]:
    from uploads.tabular.workbook.markup.html_page import read_page  # noqa: PLC0415 - lxml, which few files need

    grids = read_page(utf8_blocks(path, name=name, options=options, limits=limits), name=name, limits=limits)
    return _encoded(grids, path, options)


def _spreadsheet_xml(path: Path, name: str, options: ReadOptions, limits: Limits) -> list[Grid]:
    blocks = utf8_blocks(path, name=name, options=options, limits=limits)
    return _encoded(read_spreadsheet_xml(blocks, name=name, limits=limits), path, options)


def _encoded(grids: list[Grid], path: Path, options: ReadOptions) -> list[Grid]:
    """The sheets, which know in which encoding they were read."""
    codec = encoding_of(path, options).codec
    for grid in grids:
        grid.encoding = codec
    return grids


def _web_archive(path: Path, name: str, options: ReadOptions, limits: Limits) -> list[Grid]:
    """The tables of every page within; a page without one is none of the sheets."""
    sheets: list[Grid] = []
    problems: list[FileError] = []
    for sheet, content, charset in read_parts(path, name=name, limits=limits):
        page = Spooled(content)
        try:
            said = replace(options, likely_encoding=options.likely_encoding or charset)
            tables = _html(page.path, name, said, limits)
        except NotATable as error:
            problems.append(error)
            continue
        finally:
            page.close()
        for number, grid in enumerate(tables, start=1):
            grid.name = f"{sheet} {number}" if sheet and len(tables) > 1 else sheet or grid.name
            sheets.append(grid)
    if not sheets:
        raise problems[0] if problems else _no_page(name)
    taken: set[str] = set()
    for number, grid in enumerate(sheets, start=1):
        grid.name = grid.name if grid.name not in taken and (grid.name or len(sheets) == 1) else f"Table {number}"
        taken.add(grid.name)
    return sheets


def _no_page(name: str) -> FileError:
    return NotATable(f"{name} is a web archive (MHT) without a page in it.", hint="Save the table as CSV or XLSX.")


_READERS: dict[FileFormat, Callable[[Path, str, ReadOptions, Limits], list[Grid]]] = {
    FileFormat.HTML: _html,
    FileFormat.MHT: _web_archive,
    FileFormat.XML: _spreadsheet_xml,
}

MARKUP_FORMATS = tuple(_READERS)
