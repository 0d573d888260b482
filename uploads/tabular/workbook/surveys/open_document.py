"""Whether the XML of an .ods is whole: calamine reads on for ever where it ends too early."""

import zipfile
from pathlib import Path
from xml.parsers import expat

from uploads.tabular.errors import DamagedFile
from uploads.tabular.workbook.unpacking import HARD_TO_UNPACK

_BLOCK = 2**20


def check_open_document(path: Path, *, name: str) -> None:
    """Raise ``DamagedFile`` unless its content is well-formed XML."""
    # No handlers: expat only looks, at about 100 MB a second, and refuses entities that swell.
    parser = expat.ParserCreate()
    try:
        with zipfile.ZipFile(path) as package, package.open("content.xml") as content:
            while block := content.read(_BLOCK):
                parser.Parse(block, False)
            parser.Parse(b"", True)
    except (*HARD_TO_UNPACK, expat.ExpatError) as error:
        raise DamagedFile(
            f"{name} cannot be read as a workbook: it is damaged or incomplete ({error}).",
            hint="Open it in a spreadsheet program, save it again and upload that.",
        ) from error
