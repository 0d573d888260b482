"""The styles part of an .xlsx, as far as it says how numbers are shown."""

import html
import re
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

LARGEST = 2**24
"""Bytes of styles that are looked at; those of a workbook with 64,000 cell formats have 10 MB."""
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b[^<>]*>")
_FORMATS_OF_CELLS = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_CELL_FORMAT = re.compile(rb"<(?:\w+:)?xf\b[^<>]*>")
_NUMBER = re.compile(rb"\bnumFmtId=[\"'](\d{1,9})[\"']")
_CODE = re.compile(rb"\bformatCode=(?:\"([^\"]*)\"|'([^']*)')")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberStyles:
    """The number formats of a workbook."""

    of_cells: tuple[int, ...]
    """By the number that cells state: that of its format."""
    codes: dict[int, str]
    """Of the workbook's own formats, by their numbers."""

    @classmethod
    def of(cls, styles: bytes) -> "NumberStyles":
        """Those in the XML of the part."""
        codes: dict[int, str] = {}
        for tag in _FORMAT.findall(styles):
            number, code = _NUMBER.search(tag), _CODE.search(tag)
            if number and code:
                text = html.unescape((code[1] or code[2] or b"").decode("utf-8", "replace"))
                codes.setdefault(int(number[1]), text)  # those of conditional formats come later
        found = _FORMATS_OF_CELLS.search(styles)
        numbers = [_NUMBER.search(tag) for tag in _CELL_FORMAT.findall(found[0])] if found else []
        return cls(of_cells=tuple(int(number[1]) if number else 0 for number in numbers), codes=codes)

    def part(self) -> str:
        """A part that says these and nothing else."""
        formats = "".join(
            f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>' for number, code in self.codes.items()
        )
        cells = "".join(f'<xf numFmtId="{number}"/>' for number in self.of_cells)
        return f'<styleSheet xmlns="{_MAIN}"><numFmts>{formats}</numFmts><cellXfs>{cells}</cellXfs></styleSheet>'
