"""Tracks of a genome browser: ``track name=genes …`` above rows of BED, bedGraph or GFF, which have no header.

pandas 2.2, DuckDB 1.4 and CleverCSV 0.8 take the words behind ``track`` for names where they are as many as a row's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from uploads.tabular.dialect.line_form import LineForm, Rewriter, Step, filled_lines
from uploads.tabular.dialect.places import LINE, MARK, written
from uploads.tabular.notes import Note, NoteKind

_TRACK = re.compile(r"track[ \t][^=]*\w=.*")
_NO_ROW = re.compile(r"(?:browser[ \t]|#).*")
_TYPE = re.compile(r"\btype=[\"']?(\w+)")
_NAME = re.compile(r"\bname=(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>\S+))")
_PLACE = re.compile(r"\d+")
_BED = (
    "chrom", "chromStart", "chromEnd", "name", "score", "strand",
    "thickStart", "thickEnd", "itemRgb", "blockCount", "blockSizes", "blockStarts",
)  # fmt: skip
_GRAPH = (*_BED[:3], "dataValue")
_PEAKS = (*_BED[:6], "signalValue", "pValue", "qValue", "peak")
_GFF = ("seqname", "source", "feature", "start", "end", "score", "strand", "frame", "attribute")
_NAMES = {"bedGraph": _GRAPH, "wiggle_0": _GRAPH, "broadPeak": _PEAKS[:9], "narrowPeak": _PEAKS}
"""What UCSC calls the columns, by what a track says of its type; without a word it is BED."""
_WHOSE = "track"
"""The column that tells several tracks apart."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GenomeTracks(LineForm):
    """Lines of the browser are no rows; where there are several tracks, each row ends with the name of its own."""

    steps: tuple[Step, ...] = ()
    are_several: bool

    def start(self) -> Rewriter:
        return _Follower(self).rewrite


class _Follower:
    """Follows one text: which track its rows belong to."""

    def __init__(self, form: GenomeTracks) -> None:
        self._form = form
        self._track: str | None = None

    def rewrite(self, lines: bytes, *, final: bool) -> bytes:
        done = []
        for line in LINE.findall(lines):
            body = line.rstrip(b"\r\n")
            cells = self._cells(body.decode("utf-8", "surrogateescape"))
            done.append(written(cells).encode("utf-8", "surrogateescape") + line[len(body) :])
        return b"".join(done)

    def _cells(self, line: str) -> Sequence[str]:
        if not line.strip() or _NO_ROW.fullmatch(line):
            return []
        if _TRACK.fullmatch(line):
            # Where one track was seen at the top, a second one far below is no row that may go without a word.
            is_unseen = self._track is not None and not self._form.are_several
            self._track = _name_of(line)
            return [line.strip()] if is_unseen else []
        cells = _cells_of(line)
        return [*cells, self._track or ""] if self._form.are_several else cells


def find_genome_tracks(text: str) -> LineForm | None:
    """The form of a text that begins with a track, or with what its browser is to show, above rows with two places."""
    if "track" not in text:
        return None
    lines = filled_lines(text)
    tracks = [line for line in lines if _TRACK.fullmatch(line)]
    rows = [_cells_of(line) for line in lines if not _TRACK.fullmatch(line) and not _NO_ROW.fullmatch(line)]
    first = next((line for line in lines if not line.startswith("#")), "")
    if not tracks or not rows or not (first in tracks or first.startswith("browser")):
        return None
    names = _names_of(rows, tracks[0])
    if names is None:
        return None
    return GenomeTracks(
        note=Note.of(NoteKind.PROGRAM_FORM, program="tracks" if len(tracks) > 1 else "track"),
        columns=(*names, _WHOSE) if len(tracks) > 1 else names,
        are_several=len(tracks) > 1,
        delimiter=MARK,
    )


def _names_of(rows: Sequence[Sequence[str]], track: str) -> tuple[str, ...] | None:
    """What the columns are called; ``None`` where not all rows are as wide, with a begin and an end in two columns."""
    width = len(rows[0])
    if any(len(row) != width for row in rows) or width < len(_BED[:3]):
        return None
    if width == len(_GFF) and _are_places(rows, 3):
        return _GFF
    if not _are_places(rows, 1):
        return None
    said = _TYPE.search(track)
    names = _NAMES.get(said[1], _BED[:3]) if said else _BED
    return tuple(names[at] if at < len(names) else f"column_{at + 1}" for at in range(width))


def _are_places(rows: Sequence[Sequence[str]], at: int) -> bool:
    return all(_PLACE.fullmatch(row[at]) and _PLACE.fullmatch(row[at + 1]) for row in rows)


def _cells_of(line: str) -> list[str]:
    return line.split("\t") if "\t" in line else line.split()


def _name_of(track: str) -> str:
    found = _NAME.search(track)
    return next(filter(None, found.groups()), "") if found else track.strip()
