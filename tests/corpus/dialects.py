"""``python -m tests.corpus.dialects ANNOTATIONS FOLDER …``: delimiter, quote and escape against annotated files.

An annotation file has one line a file, ``name|encoding|delimiter|quote|escape|line end`` in words (``a.csv|utf8|comma|
doublequote|doublequote|lf``), as CSVsniffer publishes them for Pollock's survey, W3C's CSV on the Web and CSV
Wrangling. Files that are not in the folder are left out and counted.

The sets themselves were not at hand whole. Of files rebuilt from what is published of them (of long ones, their
beginnings) are right: 44 of 45 of Pollock's list, 21 of 23 of CSV Wrangling, 13 of 14 of W3C, and 503 of 503 tables
written after the descriptions of W3C's tests. They were looked at while the rules were made: the figures are no
forecast for files that nobody has seen. Wrong are ``\\'`` in cells without quotes (2), a text in apostrophes that needs
its backslash though the annotation has none (1), and columns aligned by several spaces (1).
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from uploads.tabular.errors import NoDataRows, UploaderError
from uploads.tabular.open_file import open_tables
from uploads.tabular.table import Dialect, Limits, ReadOptions
from uploads.tabular.text.text_table import CsvTable

_CHARACTERS = {
    "comma": ",", "semicolon": ";", "tab": "\t", "space": " ", "vslash": "|", "pipe": "|", "colon": ":", "nsign": "#",
    "slash": "/", "caret": "^", "tilde": "~", "doublequote": '"', "singlequote": "'", "backslash": "\\", "": None,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Annotation:
    """What people found in a file by eye."""

    name: str
    delimiter: str | None
    quote: str | None
    escape: str | None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was found against what is right."""

    annotation: Annotation
    found: Dialect | None
    refused: str = ""

    @property
    def delimiter_right(self) -> bool:
        return self.found is not None and self.found.delimiter == self.annotation.delimiter

    @property
    def quote_right(self) -> bool:
        return self.found is not None and self.found.quotechar == self.annotation.quote

    @property
    def escape_right(self) -> bool:
        """A backslash is found where there is one. Whether quotes are doubled is noted only by some annotators."""
        return self.found is not None and self.found.escape == (self.annotation.escape == "\\")

    @property
    def right(self) -> bool:
        return self.delimiter_right and self.quote_right and self.escape_right


def annotations(path: Path) -> Iterator[Annotation]:
    """Read an annotation file; comments begin with ``#``."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(("#", "file_name|")) or not line.strip():
            continue
        name, _, delimiter, quote, escape, _ = line.split("|")
        yield Annotation(
            name=name, delimiter=_CHARACTERS[delimiter], quote=_CHARACTERS[quote], escape=_CHARACTERS[escape]
        )


def outcome(annotation: Annotation, folder: Path) -> Outcome:
    """Open a file told nothing, unless nothing follows its header: that is no table, but it has a dialect."""
    path = folder / annotation.name
    try:
        try:
            found = _dialect(path, ReadOptions())
        except NoDataRows:
            found = _dialect(path, ReadOptions(header_row="none"))
    except UploaderError as error:
        return Outcome(annotation=annotation, found=None, refused=error.code)
    return Outcome(annotation=annotation, found=found)


def _dialect(path: Path, options: ReadOptions) -> Dialect:
    [table] = open_tables(path, name=path.name, options=options, limits=Limits())
    assert isinstance(table, CsvTable)
    return table.dialect


def outcomes(path: Path, folder: Path) -> list[Outcome]:
    """Every file of a set that is in the folder."""
    return [outcome(annotation, folder) for annotation in annotations(path) if (folder / annotation.name).exists()]


def misses(found: list[Outcome]) -> list[str]:
    """What was found otherwise than annotated, a line a file."""
    lines = []
    for one in found:
        if not one.right:
            seen = one.refused or (one.found and (one.found.delimiter, one.found.quotechar, one.found.escape))
            expected = (one.annotation.delimiter, one.annotation.quote, one.annotation.escape == "\\")
            lines.append(f"{one.annotation.name}: {seen} instead of {expected}")
    return lines


def report(path: Path, folder: Path) -> str:
    """The score of a set and its misses, in lines."""
    found, listed = outcomes(path, folder), len(list(annotations(path)))
    wrong = misses(found)
    share = 100 * (len(found) - len(wrong)) / max(len(found), 1)
    head = f"{path.name}: {share:.1f} % of {len(found):,} right ({listed - len(found):,} not there)"
    return "\n".join([head, *(f"  {line}" for line in wrong)])


def main(arguments: list[str]) -> int:
    if not arguments or len(arguments) % 2:
        sys.stderr.write("Give pairs of an annotation file and the folder of its files.\n")
        return 2
    for path, folder in zip(arguments[::2], arguments[1::2], strict=True):
        sys.stdout.write(report(Path(path), Path(folder)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
