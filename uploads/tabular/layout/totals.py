"""Tells totals at the foot of a table from its rows: “Total;;123” sums the rows up and is none of them."""

import re
from collections.abc import Sequence
from decimal import Decimal

from uploads.tabular.layout.header_evidence import kind_of
from uploads.tabular.layout.rows.words_among import words_in
from uploads.tabular.notes import Note, NoteKind

Row = Sequence[str]

EVIDENCE_ROWS = 200
"""Rows at the end of a table that are held back, to compare its last rows with."""
MOST_TOTALS = 3
_LEAST_ROWS = 3
_LEAST_BESIDE_RATES = 2
_SHOWN = 60
"""Characters of a total that a note holds."""
_CELLS = 200_000
"""Cells that are looked at in all."""

WORDS = (
    # English, German, Dutch, Nordic languages
    r"(grand[ -]|sub-?|over-?all |running |net |page |column )?totals?|total amount|sums?|in all|all together"
    r"|(gesamt|zwischen|end|teil|jahres|spalten)?summen?|summe gesamt|gesamt|insgesamt"
    r"|(gesamt|teil|zwischen|end)ergebnis"
    r"|(eind|sub|sub-)?totaal|totaal generaal|som|tussentotaal|totalt|i alt|total(summa|sum)|slutsumma|del(summa|sum)"
    r"|hovedtotal|sammanlagt|yhteensä|kaikki yhteensä|(kokonais|loppu)summa|väli(summa|yhteensä)"
    r"|summa( summarum)?|totalbelopp|samtals|alls|sum total|total sum|(gesamt|end)betrag"
    # Romance languages
    r"|total (g[eé]n[eé]ral|general|geral|parcial|partiel|global|gen[eé]rico)|sous[ -]total|somme|montant total"
    r"|(importe|valor|monto) total|importo totale|suma( total)?|soma|sumă( totală)?|total[ăa]"
    r"|sub-?total|totale|totale (complessivo|generale)|sub-?totale|somma|totais|totaux|totales"
    # Slavic and Baltic languages, Hungarian, Greek, Turkish
    r"|suma (końcowa|częściowa|całkowita)|razem|ogółem|łącznie|(celkový|celkem) součet|celkem|mezisoučet|celkový súčet"
    r"|spolu|medzisúčet|ukupno|skupaj|sveukupno|kopā|iš viso|kokku|(rész|vég|fő)?összeg|(mind)?összesen|részösszeg"
    r"|итого|всего|итог|общий итог|общая сумма|промежуточный итог|сумма"
    r"|разом|усього|всього|загальний підсумок|общо|укупно"
    r"|σύνολο|γενικό σύνολο|γενικό άθροισμα|μερικό άθροισμα|toplam|genel toplam|ara toplam"
    # Asian languages, Arabic, Hebrew
    r"|合計|小計|総計|累計|总计|合计|小计|总和|總計|合計金額|總和|합계|총합계|소계|총계|tổng( cộng)?|jumlah( total)?"
    r"|รวม|รวมทั้งหมด|कुल|योग"
    r"|جمع( کل)?|مجموع( کل)?|المجموع|الإجمالي|المجموع الكلي|الإجمالي الكلي|סה[\"״]?כ|סך הכל"
    # SAP's printed lists
    r"|\*{1,3}"
)
"""What stands in front of sums, in small letters."""
_MEANS = re.compile(
    r"(?:average|avg\.?|mean|summary|durchschnitt|mittelwert|mittel|ø|moyenne|media|promedio|média|gemiddelde?|medel"
    r"(?:värde)?|snitt|gennemsnit|keskiarvo|średnia|průměr|átlag|среднее|ortalama|平均|averages|means)"
)
"""What stands in front of a row that sums others up in another way. It is the name of many other things too."""
FOOTNOTE = r"(?:\s*(?:\\\d{1,2}\\?|\(\d{1,2}\)|\[\d{1,2}\]|[¹²³⁴-⁹]{1,2}|[*†‡]{1,3})|\s+\d{1,2}[)/])?"
"""The mark of a note below the table, as statistical offices set it: ``Total \\1``, ``Insgesamt 1)``, ``Total³``."""
_WORDS = re.compile(rf"(?:{WORDS}){FOOTNOTE}(?:(?:\s*:\s*|\s+[–-]\s+)\D{{1,40}})?")
"""Google Ads writes ``Total: Account``."""
_DASHES = frozenset({"-", "--", "—", "–", ".", "..", "…"})
"""What stands in a cell of which there is no sum."""
_PLAIN = re.compile(r"-?\d+(\.\d+)?")
_GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
_COMMA = re.compile(r"-?\d+,\d+")


def is_total_word(text: str) -> bool:
    """Whether a cell says that its row sums others up."""
    return _WORDS.fullmatch(text.strip().rstrip(":").strip().casefold()) is not None


def looks_like_total(row: Row) -> bool:
    """Whether the first cell that holds anything says so. Enough to look closer, not enough to leave a row out."""
    label = _label(row)
    return label is not None and is_total_word(row[label])


def may_be_total(row: Row) -> bool:
    """The same, where the row may hold means too, as ``Average:`` below ``sar`` and ``Summary`` below laps."""
    label = _label(row)
    return label is not None and (is_total_word(row[label]) or _is_mean_word(row[label]))


def count_totals(rows: Sequence[Row], *, whole: bool) -> int:
    """How many of the last ``rows`` are totals; ``whole``: these are all rows of the table.

    A total says so, its word stands nowhere else in that column, and either a column that every row fills is blank
    in it, beside a number, or all its numbers are the sums of the columns above, or half of them where subtotals count
    everything twice; or its word, that may stand for a mean too, is the only one in a column of numbers or times.
    Anything less sure is a row.
    """
    candidates = 0
    while candidates < min(MOST_TOTALS, len(rows) - 2) and may_be_total(rows[-1 - candidates]):
        candidates += 1
    above = rows[: len(rows) - candidates][-max(_CELLS // max(len(rows[-1]), 1), 2) :] if rows else []
    whole = whole and len(above) == len(rows) - candidates
    totals = 0
    for row in reversed(rows[len(rows) - candidates :]):
        if not _is_total(row, above, whole=whole):
            break
        totals += 1
    return totals


def total_notes(unit: str, totals: Sequence[tuple[int, Row]], *, columns: Sequence[int]) -> list[Note]:
    """A note for each total, given by its place and cells; ``unit`` is ``line`` or ``row``.

    ``columns``: which of the cells are the table's columns. The figure ``words`` says in which of these (from 0) it
    has words, which would make them text; ``is_marked``, that no word of its own tells that it is one: a workbook does.
    """
    notes = []
    for number, (place, row) in enumerate(totals, start=1):
        kind = NoteKind.TOTAL if number < len(totals) else NoteKind.LAST_TOTAL
        text = " ".join(filter(None, map(str.strip, row)))
        shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
        words = words_in([row], columns)
        says = {} if may_be_total(row) else {"is_marked": True}
        notes.append(Note.of(kind, unit=unit, place=place, text=shown, totals=len(totals), words=words, **says))
    return notes


def total_in_last_cell(row: Row, others: Sequence[Row]) -> str | None:
    """The word by which the first or the last row is a total, where it stands in its last cell.

    It is enough to say so, not to leave the row out: its word stands nowhere else in the column, and a column that
    every one of the ``others`` fills is blank in it, beside a number. SAP's asterisks stand in front of sums alone:
    last in a row they stand for a value that is not there yet (``***``, as NASA writes it).
    """
    if len(others) < _LEAST_ROWS - 1 or looks_like_total(row) or not row[-1].strip().strip("*"):
        return None
    return row[-1].strip() if _is_total(row, others, whole=False, label=len(row) - 1) else None


def _is_total(row: Row, above: Sequence[Row], *, whole: bool, label: int | None = None) -> bool:
    label = _label(row) if label is None else label
    if label is None or any(looks_like_total(other[label : label + 1]) for other in above):
        return False
    others = [position for position, cell in enumerate(row) if position != label and _says_something(cell)]
    if not any(kind_of(row[position]) == "number" for position in others):
        return False
    if _is_word_below_values(row[label], [other[label] for other in above]):
        return True
    blank = [position for position, cell in enumerate(row) if not _says_something(cell)]
    is_blank_alone = any(all(_says_something(other[position]) for other in above) for position in blank)
    are_sums = whole and any(_are_sums(row, above, others, times=times) for times in (1, 2))
    return is_total_word(row[label]) and (is_blank_alone or are_sums)


def _is_mean_word(cell: str) -> bool:
    return _MEANS.fullmatch(cell.strip().rstrip(":").strip().casefold()) is not None


def _is_word_below_values(word: str, above: Sequence[str]) -> bool:
    """Whether a word is the only one below a column of numbers, dates or times that every row fills."""
    return len(above) >= _LEAST_ROWS and kind_of(word) == "text" and all(kind_of(cell) != "text" for cell in above)


def counts_twice(total: Row, above: Sequence[Row]) -> bool:
    """Whether the rows above a total add up to twice its numbers: some of them are subtotals."""
    label = _label(total)
    others = [position for position, cell in enumerate(total) if position != label and _says_something(cell)]
    above = above[-max(_CELLS // max(len(total), 1), 2) :]
    return bool(others) and not _are_sums(total, above, others, times=1) and _are_sums(total, above, others, times=2)


def _are_sums(total: Row, above: Sequence[Row], positions: Sequence[int], *, times: int) -> bool:
    """Whether all numbers are sums; shares beside two sums or more are rates, which nobody adds up."""
    known = [at for at in positions if not total[at].strip().endswith("%")]
    if len(known) < len(positions) and len(known) < _LEAST_BESIDE_RATES:
        return False
    return all(_is_sum(total[at], [other[at] for other in above], times=times) for at in known)


def _says_something(cell: str) -> bool:
    text = cell.strip()
    return bool(text) and text not in _DASHES


def _is_sum(cell: str, above: Sequence[str], *, times: int) -> bool:
    total = _number(cell)
    numbers = [_number(other) for other in above if _says_something(other)]
    return total is not None and None not in numbers and sum(filter(None, numbers)) == total * times


def _number(cell: str) -> Decimal | None:
    text = cell.strip()
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(",", ""))
    return Decimal(text.replace(",", ".")) if _COMMA.fullmatch(text) else None


def _label(row: Row) -> int | None:
    """Position of the first cell that holds anything."""
    return next((position for position, cell in enumerate(row) if cell.strip()), None)
