"""The first records of a text, where its table is looked for, and some from further down that it is compared with."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Literal

from uploads.tabular.dialect.dialect import CsvDialect
from uploads.tabular.errors import LimitExceeded
from uploads.tabular.text.careful_parser import Record, UnfinishedError, parse_records

HEAD_RECORDS = 500
_SAMPLE = 8 * 1024
"""Characters that are looked at in each place."""
_SAMPLED = 1_000
_LAST = 50
"""Records that are looked at in each place."""


def head_records(
    head: str,
    grammar: CsvDialect,
    *,
    given: int | Literal["none"] | None,
    whole: bool,
    name: str,
    most: int = HEAD_RECORDS,
) -> list[Record]:
    """The first records, down to where the head breaks off; as many as a header that somebody ``given`` takes."""
    if isinstance(given, int) and given >= most:
        most = given + HEAD_RECORDS
    records = _complete_records(head, grammar, width=None, final=whole, most=most)
    if not records:
        # A quote that opens in the first record and never closes, or a first record longer than the head.
        records = _complete_records(head, grammar, width=None, final=True, most=most)
        records = [record for record in records if record.end < len(head)]
    if not records:
        raise LimitExceeded(
            f"The first line of {name} is longer than {len(head):,} characters.",
            hint="Check that the file is a table and that its lines end.",
        )
    # Once more with the width known, where it can tell a mended quote or one that was never closed.
    sound = [len(record.cells) for record in records if not record.fault and is_filled(record)]
    if not sound or not any(record.fault or record.lines > 1 for record in records):
        return records
    width = max(set(sound), key=lambda cells: (sound.count(cells), cells))
    return _complete_records(head[: records[-1].end], grammar, width=width, final=True, most=most)


def sample_rows(head: str, samples: Sequence[str], grammar: CsvDialect, *, known: int) -> list[tuple[str, ...]]:
    """Rows from the end of the head, where it holds more than the ``known`` records, and from each of the places."""
    texts = [piece[:_SAMPLE] for piece in samples]
    if known >= HEAD_RECORDS:
        end = head[-_SAMPLE:]
        texts.insert(0, end[end.find("\n") + 1 :])
    rows = []
    for text in texts:
        records = _complete_records(text, grammar, width=None, final=False, most=_SAMPLED)
        rows += [record.cells for record in records if not record.fault and is_filled(record)]
    return rows


def is_other_table(records: Sequence[Record], elsewhere: Sequence[Sequence[str]]) -> bool:
    """Whether nearly all of the last rows have a width that hardly any of the first records has."""
    widths = Counter(map(len, elsewhere[-_LAST:]))
    if not widths:
        return False
    width, count = widths.most_common(1)[0]
    here = sum(len(record.cells) == width for record in records)
    return width > 1 and count >= 0.8 * widths.total() and here < 0.1 * len(records)


def width_of_table(records: Sequence[Record]) -> int | None:
    """The number of cells, more than one, that most of the first records agree on: those are no notes."""
    widths = Counter(len(record.cells) for record in records if is_filled(record))
    width, count = widths.most_common(1)[0]
    return width if width > 1 and 2 * count > widths.total() else None


def is_one_column(head: str, grammar: CsvDialect) -> bool:
    """Whether a whole text has one cell in each record, by this grammar too."""
    if grammar.delimiter not in head:
        return True
    records = parse_records(head, grammar, width=None, final=True)
    return all(len(record.cells) == 1 and not record.fault for record in records)


def common_end(head: str, records: Sequence[Record]) -> str | None:
    """``LF``, ``CRLF`` or ``CR`` where all records end so, whatever stands inside their cells."""
    ends = {_end_of(head[max(record.start, record.end - 2) : record.end]) for record in records} - {""}
    return ends.pop() if len(ends) == 1 else None


def _end_of(text: str) -> str:
    return "CRLF" if text.endswith("\r\n") else {"\n": "LF", "\r": "CR"}.get(text[-1:], "")


def is_filled(record: Record) -> bool:
    """Whether anything stands in the record."""
    return any(cell.strip() for cell in record.cells)


def _complete_records(head: str, grammar: CsvDialect, *, width: int | None, final: bool, most: int) -> list[Record]:
    records: list[Record] = []
    try:
        for record in islice(parse_records(head, grammar, width=width, final=final), most):
            records.append(record)  # noqa: PERF402 - those before UnfinishedError count
    except UnfinishedError:
        pass  # the head breaks off inside a record
    return records
