"""Lines that end a printed list or one of its pages: ``*** END OF REPORT ***``, ``Seite 1 von 1``.

A spreadsheet fills them up with blank cells, and they look like rows of a name of which nothing is known. pandas 2.2,
DuckDB 1.4 and CleverCSV 0.8 read them as rows.
"""

import re
from collections.abc import Sequence

from uploads.tabular.layout.rows.page_lines import is_page_number

_LIST = (
    "report|listing|list|file|data|table|document|printout|output|statement|extract|query|job|spool"
    "|berichts?|liste|datei|tabelle|auswertung|ausdrucks?|listado|informe|reporte|archivo|rapport|fichier|relatório"
    "|relatorio|arquivo|elenco|lijst|bestand|raportu|отчета|отчёта|файла|списка"
)
_END_WORDS = frozenset({"end", "ende", "fin", "fine", "fim", "einde", "slut", "koniec", "конец"})
_END = re.compile(
    rf"(?:{'|'.join(sorted(_END_WORDS))})(?:of|des|der|du|del|della|dela|de|do|van|pa|på)?(?:the)?(?:{_LIST})"
    r"|(?:berichts|listen|datei|tabellen)ende"
)
_MARK = re.compile(r"[\W_]*EOF[\W_]*|%E")
"""``%E`` ends Primavera's exports."""
_NOTES = frozenset(
    {
        *("note", "notes", "footnote", "footnotes", "source", "sources", "remark", "remarks", "disclaimer"),
        *("anmerkung", "anmerkungen", "fußnote", "fußnoten", "fussnoten", "quelle", "quellen", "hinweis", "hinweise"),
        *("erläuterungen", "legende", "remarque", "remarques", "nota", "notas", "fuente", "fuentes", "fonte", "fonti"),
        *("bron", "bronnen", "noter", "källa", "källor", "kilde", "kilder", "źródło", "uwagi", "poznámky"),
        *("примечание", "примечания", "источник", "注", "注記", "備考", "出典", "资料来源"),
    }
)
"""What stands alone above notes, in the languages of statistical offices."""
_LONGEST = 100


def is_closing_line(text: str) -> bool:
    """Whether a line does nothing but say that a list or page ends here."""
    return is_end_mark([text]) or is_page_number(text)


def is_end_mark(cells: Sequence[str]) -> bool:
    """Whether the cells of a row, one after the other, say that it ends: ``* * *  E N D   O F   R E P O R T  * * *``
    is cut into several where columns have fixed places."""
    text = "".join(cells)
    if _MARK.fullmatch(text.strip()[:_LONGEST]):
        return True
    if len(text) > _LONGEST or any(map(str.isdigit, text)):
        return False
    return _END.fullmatch("".join(filter(str.isalpha, text.casefold()))) is not None


def is_end_word(text: str) -> bool:
    """Whether a text is nothing but the word for an end: alone where a row has several cells it says so, beside blank
    cells it may be a name."""
    return text.strip().casefold() in _END_WORDS


def is_notes_heading(text: str) -> bool:
    """Whether a line does nothing but say that notes follow, ``Notes``, ``Sources:``, or is a row's name."""
    return len(text) <= _LONGEST and text.strip(" :*-–").casefold() in _NOTES
