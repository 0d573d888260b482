"""The Pollock corpus through the domain code: what is loaded of each file, and where each of its lines went."""

import csv
import json
import re
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from uploads.tabular.chunks import SourceTable, counted
from uploads.tabular.errors import EmptyFile, NoDataRows, UploaderError
from uploads.tabular.open_file import open_tables
from uploads.tabular.table import Limits, ReadOptions, RowCounts
from uploads.tabular.types.table_profile import TableProfile

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_CELL_SEPARATORS = " \t,;|\"'"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Where the lines of one file went, beside how many lines it has by a count of its own."""

    name: str
    lines: int
    preamble: int = 0
    header: int = 0
    loaded: int = 0
    rejected: int = 0
    blank: int = 0
    footer: int = 0
    breaks: int = 0
    """Line breaks inside cells."""
    other_tables: int = 0
    """Lines told of by the accounts of further tables in the same file."""
    refused: str = ""
    """Code of the reason where the file was refused as a whole."""

    @property
    def adds_up(self) -> bool:
        """Every line is told of: one by one, or for a file refused as empty because there is nothing to tell of."""
        if self.refused:
            return self.refused in (EmptyFile.code, NoDataRows.code) and self.lines <= self.header
        told = self.preamble + self.header + self.loaded + self.rejected + self.blank + self.footer + self.breaks
        told += self.other_tables
        return told == self.lines


@dataclass(frozen=True, kw_only=True)
class Score:
    """What ``score_pollock.py`` says; both figures are at most 10."""

    files: int
    refused: int
    simple: float
    weighted: float


def unpack(archive: Path, into: Path) -> Path:
    """Unpack ``pollock.tar.xz``; its folders ``csv`` and ``clean`` are in the folder returned."""
    with tarfile.open(archive) as tar:
        tar.extractall(into, filter="data")
    return into / "pollock"


def load_all(paths: Iterable[Path], out: Path) -> list[Outcome]:
    """Load each file, told nothing and as text, and write what was loaded as ``out/NAME``."""
    with ProcessPoolExecutor() as pool:
        return list(pool.map(partial(load, out=out), paths, chunksize=20))


def load(path: Path, *, out: Path, unnamed: Callable[[int], Iterable[str]] | None = None) -> Outcome:
    """Load one file and write its first header and its rows as plain CSV; nothing is written of a refused one.

    ``unnamed``: the names that columns without a header are given; without it none are written.
    """
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    lines = len(_LINE.findall(text))
    try:
        tables = open_tables(path, name=path.name, options=ReadOptions(all_text=True), limits=Limits())
        account = _load_table(next(tables), path.name, lines, out, unnamed)
        return replace(account, other_tables=sum(_told(table) for table in tables))
    except UploaderError as error:
        return Outcome(name=path.name, lines=lines, header=int(_is_filled(text)), refused=error.code)


def _told(table: SourceTable) -> int:
    counts = RowCounts()
    for chunk in table.chunks():
        counts = counted(counts, chunk)
    return table.account.accounted(counts)


def _load_table(
    table: SourceTable, name: str, lines: int, out: Path, unnamed: Callable[[int], Iterable[str]] | None
) -> Outcome:
    header_row = table.dialect.header_row
    profile = TableProfile(table.labels)
    loaded = rejected = blank = 0
    with (out / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        if header_row is not None:
            writer.writerow(table.labels)
        elif unnamed is not None:
            writer.writerow(unnamed(len(table.labels)))
        for chunk in table.chunks():
            profile.observe(chunk)
            writer.writerows(zip(*(column.to_pylist() for column in chunk.cells), strict=True))
            loaded += len(chunk.rows)
            rejected += len(chunk.rejects)
            blank += chunk.blank
    columns = profile.decide(all_text=True)
    assert [column.label for column in columns] == list(table.labels)
    account = table.account
    return Outcome(
        name=name,
        lines=lines,
        preamble=account.preamble,
        header=account.header,
        loaded=loaded,
        rejected=rejected,
        blank=blank + account.blank_above,
        footer=account.footer,
        breaks=account.line_breaks,
    )


def _is_filled(line: str) -> bool:
    return bool(line.strip("\ufeff\r\n").strip(_CELL_SEPARATORS))


def score(scorer: Path, corpus: Path, out: Path) -> Score:
    """Run the scorer that comes with the corpus; it knows nothing of us."""
    run = subprocess.run([sys.executable, scorer, corpus, out], capture_output=True, text=True, check=True)
    return Score(**json.loads(run.stdout.splitlines()[-1]))


def sample_of(corpus: Path, into: Path, *, every: int) -> Path:
    """A corpus of every so many-th file, for the scorer: the same files each time."""
    for folder in ("csv", "clean"):
        (into / folder).mkdir(parents=True)
    for path in sorted((corpus / "csv").glob("*.csv"))[::every]:
        for folder in ("csv", "clean"):
            (into / folder / path.name).symlink_to(corpus / folder / path.name)
    (into / "weights.json").symlink_to(corpus / "weights.json")
    return into
