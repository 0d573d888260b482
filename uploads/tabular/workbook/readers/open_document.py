"""An OpenDocument spreadsheet written once more as calamine expects it.

Calamine 0.9.1 takes the prefixes ``table:`` and ``office:`` for granted, refuses white space between cells (an indented
.ods) and knows no Flat ODS, which is the content without its package. So the elements are written anew, under the
usual prefixes, without the white space that OpenDocument 1.3 part 3, 3.17, has ignored, into a package of their own.
"""

import zipfile
from collections.abc import Iterable
from typing import IO
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from uploads.tabular.workbook.readers.temporary_package import TemporaryPackage

_PREFIXES = {
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
    "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0": "number",
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext",
}
_PACKAGE = "application/vnd.oasis.opendocument.spreadsheet"
_PARAGRAPHS = {"text:p", "text:h"}
_LEFT_OUT = {"office:binary-data", "office:scripts", "office:settings", "office:meta", "office:annotation"}
"""Pictures, macros and comments: none of them is a cell's value."""
_BUFFER = 2**16
"""Pieces of text that are joined before they are written."""


class RefusedMarkup(Exception):
    """The XML declares what no table needs and what bombs are made of: entities, or a document type."""


def refuse_declarations(parser: expat.XMLParserType) -> None:
    """Let the parser stop at a document type: no entity is ever declared, so none swells and none reads a file."""

    def refuse(*_: object) -> None:
        raise RefusedMarkup("it declares a document type, which no spreadsheet program writes")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse


class PlainCopy(TemporaryPackage):
    """The package, as long as it is open. Raises ``ExpatError`` and ``RefusedMarkup``."""

    def __init__(self, content: Iterable[bytes], *, encoding: str | None = None) -> None:
        """``content``: the XML, block by block, within limits; ``encoding``: in which it comes, whatever it says."""

        def write(package: zipfile.ZipFile) -> None:
            package.writestr("mimetype", _PACKAGE, zipfile.ZIP_STORED)
            package.writestr(
                "META-INF/manifest.xml", '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
            )
            with package.open("content.xml", "w", force_zip64=True) as part:
                _Rewriting(part, encoding).run(content)

        super().__init__(write)


class _Rewriting:
    def __init__(self, sink: IO[bytes], encoding: str | None) -> None:
        self._sink = sink
        self._pieces: list[str] = []
        self._in_paragraph = 0
        self._left_out = 0
        self._spaces = "".join(f' xmlns:{prefix}="{uri}"' for uri, prefix in _PREFIXES.items())
        self._parser = expat.ParserCreate(encoding, namespace_separator=" ")
        refuse_declarations(self._parser)
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def run(self, content: Iterable[bytes]) -> None:
        self._pieces.append('<?xml version="1.0" encoding="UTF-8"?>')
        for block in content:
            self._parser.Parse(block, False)
            self._flush(_BUFFER)
        self._parser.Parse(b"", True)
        self._flush(0)

    def _flush(self, least: int) -> None:
        if len(self._pieces) > least:
            self._sink.write("".join(self._pieces).encode("utf-8", "replace"))
            self._pieces.clear()

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _name(tag)
        if self._left_out or not name or name in _LEFT_OUT:
            self._left_out += 1
            return
        if name in _PARAGRAPHS:
            self._in_paragraph += 1
        own = "".join(f" {key}={quoteattr(value)}" for full, value in attributes.items() if (key := _name(full)))
        spaces, self._spaces = self._spaces, ""
        self._pieces.append(f"<{name}{spaces}{own}>")

    def _end(self, tag: str) -> None:
        if self._left_out:
            self._left_out -= 1
            return
        name = _name(tag)
        if name in _PARAGRAPHS:
            self._in_paragraph -= 1
        self._pieces.append(f"</{name}>")

    def _text(self, text: str) -> None:
        if not self._left_out and (self._in_paragraph or not text.isspace()):
            self._pieces.append(escape(text, {"\r": "&#13;"}))


def _name(full: str) -> str:
    """The name with its usual prefix; empty for what is no part of a table: drawings, forms, extensions."""
    space, _, local = full.rpartition(" ")
    prefix = _PREFIXES.get(space)
    return f"{prefix}:{local}" if prefix else ""
