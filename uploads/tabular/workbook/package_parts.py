"""Which parts of an .xlsx are its workbook and its styles: Excel's own names, or what the package says."""

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

BOOK, STYLES = "xl/workbook.xml", "xl/styles.xml"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

type Parts = Mapping[str, zipfile.ZipInfo]
"""By their names in small letters."""


def book_name(package: zipfile.ZipFile, parts: Parts) -> str:
    """The workbook part, in small letters; Excel's own if the package says none. Raises ``KeyError`` and
    ``ParseError``."""
    return BOOK if BOOK in parts else _linked(package, parts, "", "/officeDocument", BOOK)


def styles_name(package: zipfile.ZipFile, parts: Parts) -> str:
    """The styles part, in the same way."""
    return STYLES if STYLES in parts else _linked(package, parts, book_name(package, parts), "/styles", STYLES)


def links_of(package: zipfile.ZipFile, parts: Parts, name: str) -> Iterator[tuple[str, str, str]]:
    """Id, type and target of what a part refers to, or the package where its name is blank; targets are names as
    above. Raises what ``book_name`` does."""
    folder, base = posixpath.split(name)
    links = package.read(parts[posixpath.join(folder, "_rels", f"{base}.rels")])
    # Expat 2.4 and newer refuse entity bombs, and ElementTree fetches nothing.
    for node in ET.fromstring(links).iter(_RELATIONSHIP):  # noqa: S314
        target = posixpath.normpath(posixpath.join("/", folder, node.get("Target", ""))).strip("/").lower()
        yield node.get("Id", ""), node.get("Type", ""), target


def _linked(package: zipfile.ZipFile, parts: Parts, name: str, kind: str, usual: str) -> str:
    return next((target for _, type_, target in links_of(package, parts, name) if type_.endswith(kind)), usual)
