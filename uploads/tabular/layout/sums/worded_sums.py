"""Subtotals among the rows of a table, by their words: they are loaded, and said to be what they are."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from uploads.tabular.layout.totals import EVIDENCE_ROWS, FOOTNOTE, WORDS, is_total_word, total_in_last_cell
from uploads.tabular.notes import Note, NoteKind

_CARRIED = (
    r"(?:(?:balance|total|amount) )?(?:carried|brought) (?:forward|down|over)|(?:balance )?[cb]/(?:f|d|fwd)"
    r"|(?:saldo)?(?:über|vor)trag|à reporter|suma y sigue|a riportare|do przeniesienia|z przeniesienia"
)
"""What stands at the foot and at the head of printed pages, before the sum of those so far."""
_IS_CARRIED = re.compile(_CARRIED)
_BEGINS = (
    *("subtotal ", "sub-total ", "sous-total ", "sous total ", "total parcial ", "subtotale ", "suma częściowa "),
    *("zwischensumme ", "teilsumme ", "teilergebnis ", "subtotaal ", "tussentotaal ", "delsumma ", "delsum "),
    *("mezisoučet ", "medzisúčet ", "részösszeg ", "промежуточный итог ", "итого по ", "всего по ", "усього по "),
    *("разом по ", "ara toplam "),
)
"""Words for the sum of some rows, before which of them."""
_ENDS = (
    *(f"{mark}{word}" for mark in " -" for word in ("total", "subtotal", "ergebnis", "summe")),
    *("小計", "小计", "소계"),
)
"""The same behind it."""
_SUBTOTAL = (
    rf"(?:(?:{WORDS}|{_CARRIED}){FOOTNOTE}(?:\s*:?|(?:\s*:\s*|\s+[–-]\s+)[^0-9]{{1,40}})"
    rf"|.{{1,60}}(?:{'|'.join(_ENDS)}){FOOTNOTE}|(?:{'|'.join(_BEGINS)}).{{1,60}})"
)
_MARKED = re.compile(rf"{FOOTNOTE}\Z")
_OF_GROUP = (
    "total ",
    "summe ",
    "totaal ",
    "totale ",
    "suma ",
    "soma ",
    "somme ",
    "итого ",
    "всего ",
    "razem ",
    "celkem ",
)
"""Words before the name of a group, which are a sum where that name stands above them by itself: ``Total Savings``."""
LABELS = 2
"""Columns at the left that may hold the word."""
LOOKED_IN = 4
"""Those and the next, which hold it where all on their left is blank."""
_SHARE = 3
"""Rows of a table for each that sums some of them up: where there are more, total is one of the kinds of a column."""
EVIDENCE = 500
"""Rows at the top among which the first is looked for, cell by cell: 1 µs each. Arrow takes 2.5 ms to compile the
pattern, which is as much as all the rest of a small file, and then 0.2 µs."""
_LAST = 100
"""The same at the end."""
_NAMED = 5
_KEPT = 200
"""Rows that a note holds, and words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WordedSums:
    """The rows that were found, by their places, and the words that stand in them."""

    rows: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    is_in_first: bool = True
    """The words are the first thing that stands in their rows."""
    is_all: bool = True
    """No row was left unseen."""
    levels: tuple[tuple[int, int], ...] = ()
    """Columns of which a word of totals is a level, and in how many rows each has it; then no row is named for it."""


def worded_sums(numbers: np.ndarray, columns: Sequence[pa.Array], *, is_all: bool = True) -> WordedSums:
    """The rows with such a word in a column at the left; ``numbers`` are the places of all rows."""
    if not len(numbers):
        return WordedSums(is_all=is_all)
    for position, column in enumerate(columns[:LOOKED_IN]):
        first = None if position < LABELS else _are_blank(columns[:position])
        if first is not None and not pc.any(first).as_py():
            break
        if not any(map(_may_be_said, (*column[:EVIDENCE].to_pylist(), *column[EVIDENCE:][-_LAST:].to_pylist()))):
            continue
        mask = _said(column) if first is None else pc.and_(_said(column), first)
        rows = numbers[mask.to_numpy(zero_copy_only=False)]
        # The last may be the total of all groups, beside one subtotal of each.
        among = len(rows) - int(len(rows) > 1 and rows[-1] == numbers[-1])
        if not 0 < among * _SHARE <= len(numbers):
            continue
        words = column.filter(mask).to_pylist()
        levels = _levels(columns, position, mask)
        if levels:
            return WordedSums(words=(words[0].strip(),), is_all=is_all, levels=levels)
        before = [_is_blank(other.filter(mask)) for other in columns[:position]]
        return WordedSums(
            rows=tuple(rows.tolist()),
            words=tuple(dict.fromkeys(word.strip() for word in words)),
            is_in_first=all(before),
            is_all=is_all,
        )
    return WordedSums(is_all=is_all)


def _levels(columns: Sequence[pa.Array], position: int, mask: pa.Array) -> tuple[tuple[int, int], ...]:
    """Of a data cube: each key column has all its categories and their total, in every combination with the others.

    So a word that is in the ``mask`` of one column stands in another too, and each also where the other has none.
    """
    words = sorted({word for word in map(_plain, columns[position].filter(mask).to_pylist()) if is_total_word(word)})
    found = [(position, int(pc.sum(pc.cast(mask, pa.int64())).as_py()))]
    for at, column in enumerate(columns):
        theirs = pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(column)), value_set=pa.array(words, pa.string()))
        alone = (pc.and_not(theirs, mask), pc.and_not(mask, theirs))
        if at != position and all(pc.any(each).as_py() for each in alone):
            found.append((at, int(pc.sum(pc.cast(theirs, pa.int64())).as_py())))
    return tuple(sorted(found)) if len(found) > 1 else ()


def _plain(cell: str) -> str:
    return cell.strip().lower()


def is_carried(cell: str) -> bool:
    """Whether a cell says that a sum is carried over to the next page, or from the one before."""
    return bool(_IS_CARRIED.fullmatch(cell.strip().casefold().rstrip(": ")))


def with_rows(found: WordedSums, rows: Collection[int]) -> WordedSums:
    """The same with rows that something else than their words says it of."""
    more = sorted({*found.rows, *rows})
    return found if len(more) == len(found.rows) else replace(found, rows=tuple(more), is_in_first=False)


def with_reckoned(found: WordedSums, rows: Collection[int]) -> WordedSums:
    """The same with rows that the numbers say it of; then no words do."""
    return found if set(rows) <= set(found.rows) else replace(with_rows(found, rows), words=())


def with_ends(found: WordedSums, ends: Mapping[int, str]) -> WordedSums:
    """The same with the first or the last row, whose last cell says what it is: its word by its place."""
    more = {row: word for row, word in ends.items() if row not in found.rows}
    if not more:
        return found
    words = tuple(dict.fromkeys((*found.words, *more.values())))
    return replace(found, rows=tuple(sorted({*found.rows, *more})), words=words, is_in_first=False)


def totals_at_ends(
    pieces: Sequence[Sequence[pa.Array]], *, first: int | None, last: int, most: int = EVIDENCE_ROWS
) -> dict[int, str]:
    """The first and the last row of columns in pieces, if the last cell holds a word of a total: the word by the row's
    place. ``first``: where the first of them is (``None``: not here any more), ``last``: where the last is."""
    pieces = [columns for columns in pieces if len(columns[0])]
    found: dict[int, str] = {}
    if not pieces:
        return found
    if first is not None and is_total_word(pieces[0][-1][0].as_py()):
        top, *others = _first_rows(pieces, most)
        word = total_in_last_cell(top, others)
        found |= {first: word} if word else {}
    if is_total_word(pieces[-1][-1][-1].as_py()):
        *others, bottom = _last_rows(pieces, most)
        word = total_in_last_cell(bottom, others)
        found |= {last: word} if word else {}
    return found


def _first_rows(pieces: Sequence[Sequence[pa.Array]], count: int) -> list[list[str]]:
    rows: list[list[str]] = []
    for columns in pieces:
        cells = zip(*(column.slice(0, count - len(rows)).to_pylist() for column in columns), strict=True)
        rows.extend(map(list, cells))
        if len(rows) >= count:
            break
    return rows


def _last_rows(pieces: Sequence[Sequence[pa.Array]], count: int) -> list[list[str]]:
    rows: list[list[str]] = []
    for columns in reversed(pieces):
        more = max(0, count - len(rows))
        begin = max(0, len(columns[0]) - more)
        cells = zip(*(column.slice(begin).to_pylist() for column in columns), strict=True)
        rows[:0] = map(list, cells) if more else ()
    return rows


def subtotals_note(unit: str, found: WordedSums, *, twice: bool = False) -> list[Note]:
    """What is said of them; ``twice``: the total below is half of what all rows add up to."""
    levels = []
    if found.levels:
        figures = {"word": found.words[0], "columns": list(map(list, found.levels)), "is_all": found.is_all}
        levels = [Note.of(NoteKind.TOTAL_LEVELS, **figures)]
        found = replace(found, words=())
    if not found.rows and not twice:
        return levels
    return [
        *levels,
        Note.of(
            NoteKind.SUBTOTALS,
            unit=unit,
            places=list(found.rows[:_NAMED]),
            count=len(found.rows),
            rows=list(found.rows[:_KEPT]),
            words=list(found.words[:_KEPT]),
            is_begun_by=found.is_in_first,
            is_all=found.is_all,
        ),
    ]


def with_labels(notes: Iterable[Note], labels: Sequence[str]) -> Iterator[Note]:
    """The notes; of columns that have totals among their levels with their names, in the place of their numbers."""
    for note in notes:
        if note.kind is NoteKind.TOTAL_LEVELS:
            named = [[labels[at] or f"column_{at + 1}", count] for at, count in note.figures["columns"]]
            yield replace(note, figures={**note.figures, "columns": named})
        else:
            yield note


def sums_note(unit: str, place: int, columns: int, *, is_mean: bool = False, is_first: bool = False) -> Note:
    """A last row that holds the sums (or the means) of so many columns, and no word that says so; or the first one, of
    the rows below it."""
    more = ({"is_mean": True} if is_mean else {}) | ({"is_first": True} if is_first else {})
    return Note.of(NoteKind.SUMS_WITHOUT_WORD, unit=unit, place=place, columns=columns, rows=[place], **more)


def _is_said(cell: str) -> bool:
    word = cell.strip().casefold()
    is_one = _MARKED.sub("", word).endswith(_ENDS) or word.startswith(_BEGINS) or is_carried(cell)
    return is_total_word(cell) or is_one


def _may_be_said(cell: str) -> bool:
    return _is_said(cell) or cell.strip().casefold().startswith(_OF_GROUP)


def _said(column: pa.Array) -> pa.Array:
    said = pc.match_substring_regex(column, rf"^\s*{_SUBTOTAL}\s*$", ignore_case=True)
    cells = pc.utf8_lower(pc.utf8_trim_whitespace(column))
    names = set(pc.unique(cells).to_pylist())
    sums = [name for name in names if name.startswith(_OF_GROUP) and name.partition(" ")[2].strip() in names]
    return pc.or_(said, pc.is_in(cells, value_set=pa.array(sorted(sums), pa.string()))) if sums else said


def _are_blank(columns: Sequence[pa.Array]) -> pa.Array:
    """The rows in which all of the columns are blank."""
    blank = pc.equal(pc.utf8_trim_whitespace(columns[0]), "")
    for column in columns[1:]:
        blank = pc.and_(blank, pc.equal(pc.utf8_trim_whitespace(column), ""))
    return blank


def _is_blank(column: pa.Array) -> bool:
    return bool(pc.all(pc.equal(pc.utf8_trim_whitespace(column), "")).as_py())
