"""Lines of a file as a page shows them: what nobody could see in them is marked, long ones are cut."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from uploads.models import ADOPTED_FORMAT
from uploads.services.files.load_receipt import LoadReceipt
from uploads.services.files.receipts import FileReceipt
from uploads.services.source_lines.around import AROUND, LinesAround, TextLine, files_seen
from uploads.services.visibility import Viewer
from uploads.states import HAS_DATA
from uploads.web.sentences.phrases import counted
from uploads.web.shown.pieces import Piece, pieces_of

LONGEST_BESIDE = 1_000
"""Characters of the lines around; of the line itself all are shown that were read."""
MOST_PIECES = 600
"""Of a line: one that is nothing but control characters would make a page of megabytes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownLine:
    number: int
    pieces: tuple[Piece, ...]
    cut: str
    """What is said where the line is cut; empty where it isn't."""
    is_wanted: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownLines:
    lines: tuple[ShownLine, ...]
    hint: str
    earlier: int | None
    later: int | None
    """The line in the middle of those before and behind; ``None`` where there are none."""


def shown_lines(found: LinesAround) -> ShownLines:
    """``found``, ready to be shown."""
    lines = tuple(_shown(line, is_wanted=line.number == found.line) for line in found.lines)
    first, last = found.lines[0].number, found.lines[-1].number
    whole = "" if found.total is None else f" {counted(found.total, 'line')} in all."
    return ShownLines(
        lines=lines,
        hint=f"Read as {found.encoding}.{whole} Tabs, spaces at the end and what can't be seen are marked.",
        earlier=max(1, first - 1 - AROUND) if first > 1 else None,
        later=min(last + 1 + AROUND, found.total or last + 1) if found.has_more else None,
    )


def line_addresses(places: Iterable[tuple[int, int]], viewer: Viewer) -> dict[tuple[int, int], str]:
    """Of the page of a line, by table and line, where this person may see it."""
    places = set(places)
    seen = files_seen(load_ids=(load_id for load_id, _ in places), viewer=viewer)
    return {
        (load_id, line): f"{reverse('source-lines', args=[seen[load_id], load_id])}?line={line}#line"
        for load_id, line in places
        if load_id in seen
    }


def lines_address(token: str, load: LoadReceipt) -> str:
    """Of the page of the table's lines or rows, ready for the number of one; empty for what was read from no file."""
    if load.format == ADOPTED_FORMAT:
        return ""
    return f"{reverse('source-lines', args=[token, load.load_id])}?line="


def as_in_file_address(receipt: FileReceipt, load: LoadReceipt) -> str:
    """Where the table's rows are downloaded as they stood in the file; empty for what has none, or came from none."""
    if load.format == ADOPTED_FORMAT or receipt.state not in HAS_DATA or not load.loaded:
        return ""
    return reverse("as-in-file", args=[receipt.token, load.load_id])


def _shown(line: TextLine, *, is_wanted: bool) -> ShownLine:
    text = line.text if is_wanted else line.text[:LONGEST_BESIDE]
    pieces = tuple(pieces_of(text))
    is_cut = line.is_cut or len(text) < len(line.text) or len(pieces) > MOST_PIECES
    length = "of more bytes than were read" if line.length is None else f"of {counted(line.length, 'byte')}"
    cut = f"cut here, {length}" if is_cut else ""
    return ShownLine(number=line.number, pieces=pieces[:MOST_PIECES], cut=cut, is_wanted=is_wanted)
