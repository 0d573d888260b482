"""The records of a text of JSON: an object in each line (JSON Lines, NDJSON), or one array of objects."""

from collections.abc import Iterator
from dataclasses import replace

from uploads.tabular.encoding.choice import Encoding, decide_encoding
from uploads.tabular.encoding.text_facts import gather_facts
from uploads.tabular.encoding.transcoding import Utf8Stream, printable
from uploads.tabular.errors import DamagedFile, FileError, LimitExceeded, NotATable
from uploads.tabular.files.streams import ByteSource
from uploads.tabular.reasons import Reason, RejectCode
from uploads.tabular.records.found_record import Found
from uploads.tabular.records.geo_json import is_feature, properties_of
from uploads.tabular.records.json_shapes import (
    JsonShape,
    Records,
    are_names,
    first_list,
    holds_columns,
    record_of,
    turned,
)
from uploads.tabular.records.json_stream import JsonText
from uploads.tabular.records.json_text import DECODER, LENIENT, TwiceNamed
from uploads.tabular.records.json_wrapper import DEEPEST, Path, Wrapper, is_before_list, shown_path
from uploads.tabular.table import FileFormat, Limits, ReadOptions, Reject

READ_BYTES = 2**20
_WAY_OUT = "Upload a list of records, [{…}, {…}], or one record a line; or export the table as CSV."
_TURN = 'Write it as a list of records, [{…}, {…}] (pandas: orient="records"), or export the table as CSV.'
_NAME = 'Put the names first, [["id", "name"], [1, "Anna"]], upload a list of records, [{…}, {…}], or export it as CSV.'
_LONGEST_FAULT = 200
_NO_RECORD = "no record"
_LONGEST_TURNED = 16 * 2**20
"""Bytes of a text that is held as a whole, where its records have to be put together."""
_RECORD_SHARE = 4
"""A record may be as large as so many cells of the greatest size."""


class JsonSource:
    """A text of JSON that can be read as often as needed. Raises ``NotATable`` for what is no list of records."""

    def __init__(
        self,
        source: ByteSource,
        options: ReadOptions,
        limits: Limits,
        *,
        wrapped: bool,
        single: bool,
        path: Path | None = None,
    ) -> None:
        """``wrapped``: whether the list may stand in an object, ``path``: where in it; ``single``: whether one object
        may be all of them."""
        self._source = source
        self._most = limits.cell_bytes * _RECORD_SHARE
        self.encoding = self._encoding(options)
        self.lines = 0
        """Lines, or elements of the array; known once they have been read."""
        self.path = path
        """The names under which the list stands in an object."""
        self.wrapper: Wrapper | None = None
        """That object; whole once the records have been read."""
        self._depth = 1
        self._names: tuple[str, ...] | None = None
        """Of a list of lists: what stands in its first one."""
        self._in_sequence = False
        """Whether objects stand one behind the other, each over several lines (as jq writes them)."""
        self.shape: JsonShape | None = None
        """How rows and columns stand, where it is no list of records."""
        self._turned: Records | None = None
        first = self._first_character()
        if first not in {"[", "{"}:
            raise NotATable(f"{source.name} is no JSON that can be read.", hint=_WAY_OUT)
        self.kind = FileFormat.JSON if first == "[" else FileFormat.JSONL
        if first == "{" and not self._is_of_lines():
            is_found = wrapped and self._find_list(depth=1)
            self._in_sequence = not is_found and self._has_second()
            if self._in_sequence:
                self.kind = FileFormat.JSON
            elif not (is_found or single or (wrapped and (self._turn() or self._find_list(depth=DEEPEST)))):
                if holds_columns(JsonText(self._blocks()), most=self._most):
                    raise NotATable(f"{source.name} is JSON that holds its table column by column.", hint=_TURN)
                # Many services answer so when something is wrong: {"message": "…"} is no table.
                raise NotATable(f"{source.name} is a single JSON object, not a list of records.", hint=_WAY_OUT)
        elif first == "[" and not self._is_list() and not self._turn():
            self._begin_lists()
        self._check_first()

    @property
    def list_name(self) -> str | None:
        return None if self.path is None else shown_path(self.path)

    def _find_list(self, *, depth: int) -> bool:
        """Whether the object holds a list of objects, or one that holds one: which is kept then."""
        wrapper = Wrapper(JsonText(self._blocks()), most=self._most, depth=depth)
        try:
            is_found = wrapper.go_to(self.path)
            if is_found and depth > 1 and self.path is None:
                self._refuse_rows(wrapper)
        except ValueError:
            return False
        if is_found:
            self.kind, self.path, self._depth = FileFormat.JSON, self.path or wrapper.lists[0], depth
        return is_found

    def _refuse_rows(self, wrapper: Wrapper) -> None:
        """Raise ``NotATable`` where rows are lists beside the lists of objects, which then tell about their columns."""
        wrapper.pass_list()
        while wrapper.go_to():
            wrapper.pass_list()
        if wrapper.rows:
            raise NotATable(
                f"{self._source.name} is JSON whose rows are lists (“{shown_path(wrapper.rows[0])}”), with the names of"
                " their columns elsewhere.",
                hint="Download it as CSV where you found it, or write it as a list of records, [{…}, {…}].",
            )

    def _begin_lists(self) -> None:
        """A list of lists that is too long to be held as a whole, or has lists that are longer than the first."""
        cells = first_list(JsonText(self._blocks()), most=self._most)
        if cells is None:
            return
        if not are_names(cells):
            raise NotATable(
                f"{self._source.name} is a list of lists, of which the first one holds no names.", hint=_NAME
            )
        self._names, self.shape = tuple(cells), JsonShape.LISTS

    def _is_list(self) -> bool:
        """Whether the list holds objects, or nothing; an object before a list tells about the records in that."""
        text = JsonText(self._blocks())
        text.skip()
        text.at += 1
        return text.skip() == "]" or (text.skip() == "{" and not is_before_list(text, most=self._most))

    def _turn(self) -> bool:
        """Whether the text has another shape that is read; its records are kept then."""
        pieces, size = list[bytes](), 0
        for block in self._blocks():
            size += len(block)
            if size > _LONGEST_TURNED:
                return False
            pieces.append(block)
        found = turned(b"".join(pieces).decode("utf-8", "surrogateescape").lstrip("\ufeff"))
        if found is None:
            return False
        self.kind = FileFormat.JSON
        self.shape, self._turned = found
        return True

    def records(self) -> Iterator[Found]:
        """Every line or element."""
        if self.shape is JsonShape.FEATURES:
            return (
                found if found.record is None else replace(found, record=properties_of(found.record))
                for found in self._written()
            )
        return self._written()

    def _written(self) -> Iterator[Found]:
        if self._turned is not None:
            self.lines = len(self._turned)
            return (Found(number, record=record) for number, record in enumerate(self._turned, start=1))
        return self._elements() if self.kind is FileFormat.JSON else self._lines()

    def _encoding(self, options: ReadOptions) -> Encoding:
        """UTF-8, as JSON has to be, or what its bytes show: many a program writes it in the system's own code page."""
        stream = self._source.open()
        try:
            facts = gather_facts(iter(lambda: stream.read(READ_BYTES), b""))
        finally:
            stream.close()
        return decide_encoding(facts, given=options.encoding, likely=options.likely_encoding)

    def _blocks(self) -> Iterator[bytes]:
        raw = self._source.open()
        try:
            stream = Utf8Stream(raw, self.encoding)
            while block := stream.read(READ_BYTES):
                yield block
        finally:
            raw.close()

    def _first_character(self) -> str:
        for block in self._blocks():
            if text := block.lstrip():
                return chr(text[0])
        return ""

    def _is_of_lines(self) -> bool:
        """Whether the first line is a record of its own, with others below it."""
        begun = b""
        for block in self._blocks():
            begun = (begun + block).lstrip()
            line, end, below = begun.partition(b"\n")
            if end and below.strip():
                return _line(1, line).record is not None
            if len(line) > self._most:
                break
        return False

    def _has_second(self) -> bool:
        """Whether another object follows the first one."""
        text = JsonText(self._blocks())
        text.skip()
        try:
            self._element(text, 1)
        except FileError:
            return False
        return text.skip() == "{"

    def _check_first(self) -> None:
        name = self._source.name
        first = next((found for found in self.records() if found.record is not None or found.fault), None)
        if first is None and self.kind is FileFormat.JSON:
            return  # an empty list: a table without rows
        if first is None or first.record is None:
            why = first.fault.reason.figures["why"] if first is not None and first.fault is not None else _NO_RECORD
            what = "but no list of records" if why == _NO_RECORD else f"but its first record cannot be read ({why})"
            raise NotATable(f"{name} is JSON, {what}.", hint=_WAY_OUT)
        if self.shape is None and is_feature(first.record):
            self.shape = JsonShape.FEATURES

    def _lines(self) -> Iterator[Found]:
        number, ends, rest = 0, 0, b""
        for block in self._blocks():
            ends += block.count(b"\n")
            *lines, rest = (rest + block).split(b"\n")
            for line in lines:
                number += 1
                yield _line(number, line)
            if len(rest) > self._most:
                raise self._too_large("line", number + 1)
        if rest:
            number += 1
            yield _line(number, rest)
        self.lines = ends + bool(rest)

    def _elements(self) -> Iterator[Found]:
        """The array's elements, each parsed as soon as all of it has been read."""
        text, number = JsonText(self._blocks()), 0
        if self._in_sequence:
            while text.skip():
                number += 1
                yield self._element(text, number)
            self.lines = number
            return
        wrapper = None if self.path is None else Wrapper(text, most=self._most, depth=self._depth)
        if wrapper is None:
            text.skip()
        else:
            wrapper.go_to(self.path)
        text.at += 1
        self._pass_names(text)
        while text.skip() != "]":
            if number:
                self._expect(text, ",", number)
                if text.skip() == "]":
                    break  # a comma behind the last one, as many scripts leave it
            number += 1
            yield self._element(text, number)
        text.at += 1
        if wrapper is not None:
            self._pass_others(wrapper, number)
        if text.skip():
            raise self._broken(number, "something else goes on behind the list")
        self.lines = number

    def _pass_others(self, wrapper: Wrapper, number: int) -> None:
        """Go on to the end of the object, of which all is known then."""
        try:
            while wrapper.go_to():
                wrapper.pass_list()
        except ValueError as error:
            raise self._broken(number, str(error)) from error
        self.wrapper = wrapper

    def _pass_names(self, text: JsonText) -> None:
        """Go on behind the first list, where that is the header."""
        if self._names is not None:
            text.skip()
            self._element(text, 0)
            text.at += text.skip() == ","

    def _element(self, text: JsonText, number: int) -> Found:
        while True:
            why = _NO_RECORD
            try:
                try:
                    value, end = DECODER.raw_decode(text.text, text.at)
                except TwiceNamed as error:
                    why = str(error)
                    value, end = None, LENIENT.raw_decode(text.text, text.at)[1]
            except (ValueError, RecursionError) as error:
                if len(text.text) - text.at > self._most:
                    raise self._too_large("record", number) from error
                if text.more():
                    continue
                raise self._broken(number, str(error)) from error
            if end == len(text.text) and not isinstance(value, dict) and text.more():
                continue  # a number may go on
            raw, text.at = text.text[text.at : min(end, text.at + _LONGEST_FAULT)], end
            if self._names is not None and isinstance(value, list):
                value, why = record_of(value, self._names)
            return Found(number, record=value) if isinstance(value, dict) else _fault(number, raw, why)

    def _expect(self, text: JsonText, mark: str, number: int) -> None:
        if text.skip() != mark:
            raise self._broken(number, f"no “{mark}” follows")
        text.at += 1

    def _broken(self, number: int, why: str) -> DamagedFile:
        return DamagedFile(
            f"{self._source.name} is damaged JSON: record {number:,} cannot be read ({why}).",
            hint="Check that the export ended well, and upload the file again.",
        )

    def _too_large(self, word: str, number: int) -> LimitExceeded:
        return LimitExceeded(
            f"{self._source.name} has a {word} of more than {self._most:,} bytes ({word} {number:,}).",
            hint="Export the records as a list, or one a line.",
        )


def _line(number: int, line: bytes) -> Found:
    try:
        text = line.decode("utf-8").strip(" \t\r\ufeff")
    except UnicodeDecodeError:
        raw = printable(line[:_LONGEST_FAULT].decode("utf-8", "surrogateescape"))
        return Found(number, fault=Reject(row=number, reason=Reason.of(RejectCode.UNDECODABLE), raw=raw))
    if not text:
        return Found(number)
    try:
        value = DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        return _fault(number, text, str(error))
    return Found(number, record=value) if isinstance(value, dict) else _fault(number, text, _NO_RECORD)


def _fault(number: int, raw: str, why: str) -> Found:
    reason = Reason.of(RejectCode.NO_RECORD, why=printable(why)[:_LONGEST_FAULT])
    return Found(number, fault=Reject(row=number, reason=reason, raw=printable(raw)))
