"""An .xlsx written once more without what holds no cells, for openpyxl refuses it for a fault in any of its parts.

openpyxl 3.1.5 checks what no table needs: a ``<fill/>`` among the styles, a font family above 14 or a date of creation
that is none are enough. So only what leads to the cells is kept, and of the styles how numbers are shown; they get the
name by which alone openpyxl finds them.
"""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from uploads.tabular.table import Limits
from uploads.tabular.workbook.formats.xlsx_styles import LARGEST, NumberStyles
from uploads.tabular.workbook.package_parts import STYLES, styles_name
from uploads.tabular.workbook.readers.temporary_package import TemporaryPackage
from uploads.tabular.workbook.unpacking import blocks_of

_LEFT_OUT = ("docprops/", "xl/theme/", "xl/drawings/", "xl/media/", "xl/charts/", "xl/externallinks/", "customxml/")


class PlainPackage(TemporaryPackage):
    """The package, as long as it is open."""

    def __init__(self, path: Path, limits: Limits) -> None:
        """Raises ``LimitExceeded``, and what damaged packages cause (``HARD_TO_UNPACK``, ``ParseError``)."""
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            styles = styles_name(package, {part.filename.lower(): part for part in parts})

        def write(plain: zipfile.ZipFile) -> None:
            for part in parts:
                if not part.filename.lower().startswith(_LEFT_OUT):
                    _copy(plain, path, part, limits, styles=styles)

        super().__init__(write)


def _copy(plain: zipfile.ZipFile, path: Path, part: zipfile.ZipInfo, limits: Limits, *, styles: str) -> None:
    blocks = blocks_of(path, part, limits)
    if part.filename.lower() == styles and part.file_size <= LARGEST:
        content = b"".join(_checked(blocks, part))
        ET.fromstring(content)  # noqa: S314 - what is no XML is damaged; expat refuses entity bombs
        plain.writestr(STYLES, NumberStyles.of(content).part())
        return
    with plain.open(part.filename, "w", force_zip64=True) as copy:
        for block in _checked(blocks, part):
            copy.write(block)


def _checked(blocks: Iterator[bytes], part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The blocks; ``BadZipFile`` behind the last where they are not what was packed: a copy would look whole."""
    checksum = 0
    for block in blocks:
        checksum = zlib.crc32(block, checksum)
        yield block
    if checksum != part.CRC:
        raise zipfile.BadZipFile(f"Bad CRC-32 for file {part.filename!r}")
