"""The tables of a web page, as many banks, shops and business programs write them under the name of an .xls.

lxml reads the page piece by piece, forgiving as browsers are, and builds no tree; nothing is fetched for it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from uploads.tabular.errors import DamagedFile, NotATable
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.table import Limits
from uploads.tabular.workbook.markup.grid import Grid
from uploads.tabular.workbook.markup.stored_number import in_full, stored_number
from uploads.tabular.workbook.sheet.cells import Cell
from uploads.tabular.workbook.survey import WIDEST

_MOST_ACROSS = 1_000
"""Columns and rows that a cell may span (HTML, 4.9.11)."""
_MOST_DOWN = 65_534
_BREAKS = frozenset({"br", "p", "div", "li", "dd", "dt"})
"""What begins a new line within a cell."""
_UNSEEN = frozenset({"script", "style", "template", "head", "select", "textarea"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HIDING = re.compile(r"\bdisplay\s*:\s*none\b", re.IGNORECASE)
_LONGEST_NAME = 100
_PAGE_HINT = (
    "Open it in a browser to see what it says."
    " If it came in place of a download, sign in there first, and download the table again."
)
_SIGN_IN = re.compile(
    r"\b(?:sign[ -]?in|log[ -]?in|log[ -]?on|anmelden|anmeldung|einloggen|connexion|identifiez-vous|iniciar sesión"
    r"|inicio de sesión|accedi|accesso|entrar|inloggen|logga in|logg inn|log ind|kirjaudu|zaloguj|logowanie|přihlášení"
    r"|giriş|вход|войти)\b|登录|登入|ログイン|로그인|تسجيل الدخول",
    re.IGNORECASE,
)
"""Titles of pages that sign people in by a script, without a field for the password in the page itself."""


def read_page(blocks: Iterable[bytes], *, name: str, limits: Limits) -> list[Grid]:
    """Every table of data, in the order of the page; those that only lay out the page are none.

    Raises ``NotATable`` for a page that asks for a password or has no table of data.
    """
    page = _Page(limits)
    parser = etree.HTMLParser(target=page, encoding="utf-8", huge_tree=True, no_network=True)
    try:
        for block in blocks:
            if block:
                parser.feed(block)
        parser.close()
    except etree.LxmlError as error:
        raise DamagedFile(
            f"{name} is a web page (HTML) that cannot be read: {error}.",
            hint="Open it in a browser or a spreadsheet program, save the table as CSV or XLSX and upload that.",
        ) from error
    return _tables_of_data(page, name)


def _tables_of_data(page: "_Page", name: str) -> list[Grid]:
    grids = [table.grid for table in page.tables if not table.lays_out]
    for grid in grids:
        grid.trim()
    wide = [grid for grid in grids if len(grid.rows) > 1 and grid.width > 1]
    found = wide or [grid for grid in grids if len(grid.rows) > 1]
    if page.asks_for_password or (not found and _SIGN_IN.search(page.title)):
        raise NotATable(
            f"{name} is a sign-in page, not the table that was to be downloaded.",
            hint="Open the address in a browser, sign in there, download the table again and upload that.",
        )
    if not found:
        raise NotATable(f"{name} is a web page (HTML) without a table.", hint=_PAGE_HINT)
    if left_out := sum(1 for grid in grids if grid.rows) - len(found):
        found[0].notes.append(Note.of(NoteKind.SMALL_TABLES_LEFT_OUT, count=left_out))
    _name(found)
    return found


def _name(grids: list[Grid]) -> None:
    """Distinct names, so that one can be asked for; a table that is alone needs none."""
    taken: set[str] = set()
    for number, grid in enumerate(grids, start=1):
        wanted = "" if len(grids) == 1 else grid.name[:_LONGEST_NAME] or f"Table {number}"
        grid.name = wanted if wanted not in taken else f"{wanted} ({number})"
        taken.add(grid.name)


@dataclass(kw_only=True)
class _Table:
    grid: Grid
    lays_out: bool = False
    """Whether other tables stand in its cells: then it only arranges the page."""
    cell: list[str] | None = None
    stored: str = ""
    """The number of which the cell shows as much as its format has."""
    across: int = 1
    down: int = 1
    caption: list[str] | None = None
    in_row: bool = False
    foot: tuple[int, int] | None = None
    """The first and last row of its ``tfoot``, which is shown below all others wherever it is written."""
    in_foot: bool = False
    column: int = 0
    """Which ``col`` comes next."""

    def begin_cell(self, attributes: Mapping[str, str]) -> None:
        self.end_cell()
        if not self.in_row:
            self.begin_row()
        self.cell = []
        self.stored = stored_number(attributes)
        self.across = _span(attributes.get("colspan"), _MOST_ACROSS)
        self.down = _span(attributes.get("rowspan"), _MOST_DOWN)

    def end_cell(self) -> None:
        if self.cell is not None:
            text, self.cell = in_full(_seen(self.cell), self.stored), None
            self.grid.put(text, across=self.across, down=self.down)

    def begin_row(self, attributes: Mapping[str, str] | None = None) -> None:
        self.end_cell()
        self.grid.begin_row()
        self.in_row = True
        row = len(self.grid.rows) - 1
        if self.in_foot:
            self.foot = (self.foot[0], row) if self.foot and self.foot[1] == row - 1 else (row, row)
        if attributes and _is_hidden(attributes):
            self.grid.hidden_rows.add(row)

    def add_columns(self, attributes: Mapping[str, str]) -> None:
        """One ``col``, or several that are alike."""
        count = _span(attributes.get("span"), _MOST_ACROSS)
        if _is_hidden(attributes) and self.column < WIDEST:
            self.grid.hidden_columns.update(range(self.column, self.column + count))
        self.column += count

    def end_table(self) -> None:
        self.end_row()
        if self.foot is not None:
            first, last = self.foot
            rows = self.grid.rows
            above = [*rows[:first], *rows[last + 1 :]]
            # Footers also hold notes, and the header once more.
            sums = (row for row in range(first, last + 1) if _is_sum(rows[row]) and rows[row] not in above)
            self.grid.total_rows.update(sums)
            if self.grid.width > 1:
                self.grid.note_rows.update(row for row in range(first, last + 1) if _is_note(rows[row]))
            self.grid.move_down(first, last)

    def end_row(self) -> None:
        self.end_cell()
        self.in_row = False


class _Page:
    """What lxml tells of a page, one element after the other."""

    def __init__(self, limits: Limits) -> None:
        self.tables: list[_Table] = []
        self.asks_for_password = False
        self._limits = limits
        self._open: list[_Table] = []
        self._unseen = 0
        self._heading: list[str] | None = None
        self._title = ""
        self.title = ""
        """Of the page, as a browser's tab has it."""
        self._in_title = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "title":
            self._in_title = True
        elif tag == "table":
            self._begin_table()
        elif tag == "input":
            self.asks_for_password |= attributes.get("type", "").strip().lower() == "password"
        elif tag in _HEADINGS:
            self._heading = []
        elif self._open:
            self._start_within(self._open[-1], tag, attributes)

    def _start_within(self, table: _Table, tag: str, attributes: Mapping[str, str]) -> None:
        match tag:
            case "tr":
                table.begin_row(attributes)
            case "tbody" | "thead" | "tfoot":
                table.end_row()
                table.in_foot = tag == "tfoot"
            case "col":
                table.add_columns(attributes)
            case "td" | "th":
                table.begin_cell(attributes)
            case "caption":
                table.caption = []
            case _ if tag in _BREAKS and table.cell is not None:
                table.cell.append("\n")

    def end(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(self._unseen - 1, 0)
        elif tag == "title":
            self._in_title = False
        elif tag in _HEADINGS and self._heading is not None:
            self._title, self._heading = " ".join("".join(self._heading).split()), None
        elif self._open:
            self._end_within(self._open[-1], tag)

    def _end_within(self, table: _Table, tag: str) -> None:
        match tag:
            case "table":
                self._end_table()
            case "tr":
                table.end_row()
            case "td" | "th":
                table.end_cell()
            case "tfoot":
                table.end_row()
                table.in_foot = False
            case "caption" if table.caption is not None:
                table.grid.name, table.caption = " ".join("".join(table.caption).split()), None
            case "p" | "div" | "li" if table.cell:
                table.cell.append("\n")

    def data(self, text: str) -> None:
        if self._in_title:
            self.title += text
        if self._unseen:
            return
        if self._heading is not None:
            self._heading.append(text)
        table = self._open[-1] if self._open else None
        if table is not None and table.caption is not None:
            table.caption.append(text)
        elif table is not None and table.cell is not None:
            table.cell.append(" ".join(f"|{text}|".split())[1:-1])

    def comment(self, text: str) -> None:
        """Nobody sees a comment."""

    def close(self) -> None:
        while self._open:
            self._end_table()

    def _begin_table(self) -> None:
        self._open.append(_Table(grid=Grid(limits=self._limits, name=self._title)))
        self._title = ""
        self.tables.append(self._open[-1])

    def _end_table(self) -> None:
        table = self._open.pop()
        table.end_table()
        parent = self._open[-1] if self._open else None
        if parent is None or parent.cell is None:
            return
        if len(table.grid.rows) > 1 and table.grid.width > 1:
            parent.lays_out = True
        else:
            # A box around the text of a cell: it is that cell's text.
            table.lays_out = True
            parent.cell.extend(f"{cell} " for row in table.grid.rows for cell in row)


def _span(text: str | None, most: int) -> int:
    digits = (text or "").strip()
    return min(max(int(digits), 1), most) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 1


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return "hidden" in attributes or bool(_HIDING.search(attributes.get("style", "")))


def _is_sum(row: Sequence[Cell]) -> bool:
    """Whether a row of several cells has a figure in one of them."""
    cells = [cell for cell in row if isinstance(cell, str) and cell]
    return len(cells) > 1 and any(any(map(str.isdigit, cell)) for cell in cells)


def _is_note(row: Sequence[Cell]) -> bool:
    """Whether words stand in a row's only cell."""
    cells = [cell for cell in row if isinstance(cell, str) and cell]
    return len(cells) == 1 and any(map(str.isalpha, cells[0]))


def _seen(pieces: list[str]) -> str:
    """The text as a browser shows it: white space is one space, and lines end where the page breaks them."""
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(filter(None, lines))
