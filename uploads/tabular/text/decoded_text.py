"""A text with what is known of it before its lines are looked at: its encoding, and how many lines it has."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from uploads.tabular.encoding.choice import Encoding, decide_encoding
from uploads.tabular.encoding.line_count import LineCount, LineEnds, count_wide_lines
from uploads.tabular.encoding.mixed_codec import other_lines
from uploads.tabular.encoding.text_facts import HEAD_BYTES, TextFacts, gather_facts
from uploads.tabular.encoding.transcoding import decode_head
from uploads.tabular.encoding.widening import line_where_letters_widen
from uploads.tabular.errors import DamagedFile, EmptyFile, LimitExceeded
from uploads.tabular.files.kind import is_noise, refuse_binary
from uploads.tabular.files.streams import ByteSource, Readable
from uploads.tabular.notes import Note, NoteKind
from uploads.tabular.table import Limits, ReadOptions
from uploads.tabular.text.lines.end_mark import without_end_mark
from uploads.tabular.text.lines.record_separators import with_line_ends

READ_BYTES = 2 * 2**20
DEFAULT_LIMITS = Limits()
_ENDS_CELL = re.compile(rb"[\x00-\x1f,;|:~^]")
"""Whatever may stand behind a cell: a block of 2 MiB without any of it lies within one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DecodedText:
    """A text whose encoding is known, without the mark at its end."""

    source: ByteSource
    facts: TextFacts
    encoding: Encoding
    counted: LineCount
    head: str
    whole: bool
    """Whether the head is all of it."""
    ended: int = 0
    """Lines that are but an end mark."""
    on_end: tuple[Note, ...] = ()


def decode_text(
    byte_source: ByteSource, options: ReadOptions, decoded: Encoding | None, *, limits: Limits = DEFAULT_LIMITS
) -> DecodedText:
    """``decoded``: what the bytes were decoded from to UTF-8.

    Raises ``EmptyFile``, ``NotATable`` and ``LimitExceeded``.
    """
    facts = gather_facts(_text_alone(byte_source, options, limits)) if decoded is None else _facts_of(byte_source)
    name = byte_source.name
    encoding = Encoding(codec="utf-8") if decoded is not None else _encoding_of(facts, options, byte_source)
    lined = None if encoding.is_wide else with_line_ends(byte_source, facts)
    if lined is not None:
        byte_source = lined
        facts = _facts_of(byte_source)
    end = None if encoding.is_wide else without_end_mark(byte_source, facts)
    if end is not None:
        byte_source = end.source
        facts = _facts_of(byte_source)
    head, whole = decode_head(facts, encoding)
    refuse_binary(facts.head, wide=encoding.is_wide, name=name)
    if facts.blank or not head.strip("\ufeff\x00 \t\r\n;,|"):
        raise EmptyFile(f"{name} is empty.", hint="Check that the export worked and upload the file again.")
    return DecodedText(
        source=byte_source,
        facts=facts,
        encoding=encoding,
        counted=_count(byte_source, encoding, facts),
        head=head,
        whole=whole,
        ended=0 if end is None else end.lines,
        on_end=(
            *(() if lined is None else (Note.of(NoteKind.RECORD_SEPARATORS),)),
            *(() if end is None else (end.note,)),
        ),
    )


def _encoding_of(facts: TextFacts, options: ReadOptions, byte_source: ByteSource) -> Encoding:
    if options.encoding is None and (line := line_where_letters_widen(facts.head)):
        raise DamagedFile(
            f"{byte_source.name} is written in two encodings: up to line {line - 1:,} each letter takes one byte, from"
            f" line {line:,} on two (UTF-16).",
            hint="Open it in an editor, put right what looks wrong, save it as UTF-8 and upload that.",
        )
    encoding = decide_encoding(facts, given=options.encoding, likely=options.likely_encoding)
    if encoding.other is None:
        return encoding
    stream = byte_source.open()
    try:
        count, lines = other_lines(stream)
    finally:
        stream.close()
    ways = [{"options": {"encoding": codec}} for codec in encoding.other_ways]
    note = Note.of(NoteKind.TWO_ENCODINGS, encoding=encoding.other, count=count, lines=lines, ways=ways)
    return replace(encoding, notes=(note, *encoding.notes))


def errors_of(encoding: Encoding) -> str:
    return "surrogateescape" if encoding.is_utf8 else "surrogatepass"


def _facts_of(byte_source: ByteSource) -> TextFacts:
    stream = byte_source.open()
    try:
        return gather_facts(_blocks(stream))
    finally:
        stream.close()


def _text_alone(byte_source: ByteSource, options: ReadOptions, limits: Limits) -> Iterator[bytes]:
    """The blocks of a text. What is none by its first block is refused then, and a cell that is too long once it is:
    to read on took a worker minutes for a gigabyte of either."""
    stream = byte_source.open()
    try:
        begins = within = 0
        is_narrow = False  # until its begin says so
        for number, block in enumerate(_blocks(stream)):
            if number == 0 and len(block) == READ_BYTES:
                begin = gather_facts([block[:HEAD_BYTES]])
                encoding = decide_encoding(begin, given=options.encoding, likely=options.likely_encoding)
                is_narrow = not encoding.is_wide
                refuse_binary(begin.head, wide=encoding.is_wide, name=byte_source.name)
            elif is_narrow and is_noise(block[:HEAD_BYTES]):
                raise DamagedFile(
                    f"{byte_source.name} begins as a text, and what stands behind byte {begins:,} is none.",
                    hint="A download or a disk may have failed: get it from its source again.",
                )
            within = 0 if _ENDS_CELL.search(block) else within + len(block)
            if within > limits.cell_bytes:
                raise LimitExceeded(
                    f"The cell of {byte_source.name} that holds byte {begins + len(block) - within:,} is longer than"
                    f" {limits.cell_bytes:,} bytes.",
                    hint="Check for a quote that is never closed, and that lines end.",
                )
            begins += len(block)
            yield block
    finally:
        stream.close()


def _count(byte_source: ByteSource, encoding: Encoding, facts: TextFacts) -> LineCount:
    """Lines and line ends by units of two or four bytes where the text is written so, else by the facts."""
    if not encoding.is_wide:
        return LineCount(
            lines=facts.lines,
            ends=LineEnds(pairs=facts.pairs, feeds=facts.feeds, returns=facts.returns),
            marks=facts.marks - facts.head.startswith(codecs.BOM_UTF8),
            index=facts.index,
        )
    stream = byte_source.open()
    try:
        return count_wide_lines(stream, encoding)
    finally:
        stream.close()


def _blocks(stream: Readable) -> Iterator[bytes]:
    while data := stream.read(READ_BYTES):
        yield data
