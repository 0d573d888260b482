"""The tables of a file on its receipt: what each was taken for, and what became of each of its lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from uploads.models import ADOPTED_FORMAT
from uploads.services.files.load_receipt import LoadReceipt
from uploads.services.rejects.groups import RejectGroup, RejectSummary, group_rejects
from uploads.services.rejects.proposals import MendCounts, count_mends
from uploads.tabular.formats import FORMATS
from uploads.tabular.notes import NoteKind, delimiter_in_file
from uploads.tabular.table import FileFormat, row_word_of
from uploads.web.offers.questions import Answer
from uploads.web.offers.rows import LeaveOut
from uploads.web.sentences.phrases import counted
from uploads.web.sentences.rejects import MendedRows, MendOffer, MendsBy, mend_offer, mended_rows
from uploads.web.sentences.tables import cut_place, header_depth_of, names_heading, names_legend, table_title
from uploads.web.shown.first_rows import Preview

DELIMITER_NAMES = {"\t": "tab", ";": "semicolon", ",": "comma", "|": "bar", " ": "space", ":": "colon"}
THINNEST_SHARE = 0.006


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """One kind of lines in the account: how many, and where its piece of the bar lies (percent)."""

    kind: str
    label: str
    count: int
    begin: float = 0
    width: float = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """A group of rejects as a sentence: “price” is not a number: lines 4 to 19, 88."""

    column: str
    reason: str
    count: int
    where: str
    example: str
    code: str = ""
    offer: MendOffer | None = None
    first: int = 0
    """Number of the first line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """One table of the file, ready to be shown."""

    load: LoadReceipt
    title: str
    """Empty for a file that is one table."""
    unit: str
    """lines of a text file, rows of a sheet"""
    facts: tuple[str, ...]
    shares: tuple[Share, ...]
    total: int
    faults: tuple[Fault, ...]
    more_faults: int
    mended: MendedRows | None = None
    place_word: str = "in"
    """What leads to the name of its dataset."""
    naming: str = ""
    """How that name is settled, where it is to be said here."""
    place_cut: str = ""
    """What the name is the beginning of, where it is cut, and no table before it says so."""
    names_heading: str = ""
    """What stands above the names of its columns."""
    legend: str = ""
    """What the marks beside the names of its columns mean."""
    page: str = ""
    """Of that dataset; empty for whoever may not see it."""
    offers: Mapping[str, Any] = field(default_factory=dict)
    """What may be changed about the columns of its dataset."""
    leave_out: LeaveOut | None = None
    """Rows that may be left out."""
    ways: tuple[Answer, ...] = ()
    """Other ways to read it, each by one click."""
    preview: Preview | None = None
    """Its first rows, for whoever may see them."""
    lines_address: str = ""
    """Of the page to which the number of a line is added; empty where there is none, or not for whoever looks."""
    as_in_file: str = ""
    """Where its rows are downloaded as they stood in the file; empty where there are none, or not for whoever looks."""
    not_kept: str = ""
    """What is lost there; empty where all stands as it stood."""
    sentences: tuple[str, ...] = ()
    """Its notes, but for what is asked at the top."""
    not_loaded: str = ""
    """How many lines around its rows are not loaded; for the one line that is seen of a table."""
    asks: str = ""
    """How much is asked of it there."""


def table_of(
    load: LoadReceipt, mended: int = 0, *, among: Sequence[LoadReceipt] = (), by: MendsBy = MendsBy.READER
) -> Table:
    """Prepare one table of a receipt; ``among``: all tables of its file; ``by``: who may mend its rejected rows."""
    unit = f"{row_word_of(load.format)}s"
    summary = group_rejects(load_id=load.load_id) if load.rejected else RejectSummary(groups=(), more_groups=0)
    mends = count_mends(load_id=load.load_id) if load.rejected else MendCounts()
    shares, total = account(load)
    before = takewhile(lambda other: other.load_id != load.load_id, among)
    return Table(
        load=load,
        title=table_title(load, among),
        unit=unit,
        facts=facts_of(load),
        shares=shares,
        total=total,
        not_loaded=_not_loaded(load),
        faults=tuple(fault_of(group, unit, mends, by) for group in summary.groups),
        more_faults=summary.more_groups,
        mended=mended_rows(mended),
        place_word="will be in" if load.is_draft else "in",
        place_cut="" if any(other.place == load.place for other in before) else cut_place(load),
        names_heading=names_heading(load),
        legend=names_legend(column["renamed"] for column in load.columns),
    )


def _not_loaded(load: LoadReceipt) -> str:
    lines = load.preamble + load.footer + load.left_out
    return f"{counted(lines, row_word_of(load.format))} not loaded" if lines else ""


def account(load: LoadReceipt) -> tuple[tuple[Share, ...], int]:
    """What became of every line: above the header, header, loaded, rejected, blank, below the table; and their sum."""
    lines = load.account
    counts = [
        ("preamble", "above header", lines.preamble),
        ("header", "header", lines.header),
        ("loaded", "loaded" if lines.is_kept else "would fit", lines.loaded),
        ("rejected", "rejected", lines.rejected),
        ("blank", "blank", lines.blank_above + lines.blank - lines.rules),
        ("footer", "below table", lines.footer),
    ]
    if lines.rules:
        counts.append(("blank", "rule" if lines.rules == 1 else "rules", lines.rules))
    if lines.left_out:
        counts.append(("left-out", "left out", lines.left_out))
    if lines.line_breaks:
        counts.append(("breaks", "breaks in cells", lines.line_breaks))
    total = lines.total
    # a piece too thin to be seen would hide just what matters most: five rejects among a million rows
    drawn = [max(count / total, THINNEST_SHARE) if count else 0 for _, _, count in counts]
    whole = sum(drawn) or 1
    shares = []
    begin = 0.0
    for (kind, label, count), part in zip(counts, drawn, strict=True):
        width = 100 * part / whole
        shares.append(Share(kind=kind, label=label, count=count, begin=round(begin, 3), width=round(width, 3)))
        begin += width
    return tuple(shares), total


def facts_of(load: LoadReceipt) -> tuple[str, ...]:
    """How the table is written, in few words."""
    if load.format == ADOPTED_FORMAT:
        return ("a table of the database", counted(len(load.columns), "column"))
    facts = [load.format.upper()]
    if load.encoding:
        is_mended = any(note.kind is NoteKind.CONTROLS_MENDED for note in load.notes)
        facts.append(f"{load.encoding}, damaged letters mended" if is_mended else load.encoding)
    if any(note.is_on_columns_alone for note in load.notes):
        facts.append("columns of fixed width")
    elif len(load.columns) != 1 and (delimiter := delimiter_in_file(load.delimiter or "", load.notes)):
        facts.append(f"{_delimiter_name(delimiter)}-separated")
    if not FORMATS[FileFormat(load.format)].names_columns:
        facts.append(_header_of(load))
    facts.append(f"{len(load.columns):,} column{'s' * (len(load.columns) != 1)}")
    if load.seconds is not None:
        facts.append(f"{'loaded' if load.loaded else 'read'} in {load.seconds:,.2f} s")
    return tuple(facts)


def _delimiter_name(delimiter: str) -> str:
    return DELIMITER_NAMES.get(delimiter, delimiter if delimiter.isprintable() else "control code")


def _header_of(load: LoadReceipt) -> str:
    """``header in line 3``, ``header of 2 rows from row 3``; a sheet tells the last of them, a text the first."""
    if not load.header_row:
        return "no header"
    depth = header_depth_of(load)
    first = load.header_row - (depth - 1) * FORMATS[FileFormat(load.format)].is_workbook
    unit = row_word_of(load.format)
    return f"header of {depth} rows from {unit} {first:,}" if depth > 1 else f"header in {unit} {first:,}"


def fault_of(group: RejectGroup, unit: str, mends: MendCounts, by: MendsBy = MendsBy.READER) -> Fault:
    singular = len(group.ranges) == 1 and group.ranges[0][0] == group.ranges[0][1]
    kind = (group.code, group.column)
    return Fault(
        column=group.column,
        reason=group.reason,
        count=group.count,
        where=f"{unit[:-1] if singular else unit} {group.where}",
        example="" if group.example == group.reason else group.example,
        code=group.code,
        first=group.ranges[0][0],
        offer=mend_offer(
            mends=mends.by_kind.get(kind, 0), example=mends.examples.get(kind, ""), is_whole=mends.whole, by=by
        ),
    )
