"""Time series as statistical offices and banks publish them: below the names what each series is, line by line.

``Title,CPI index`` above ``CDID,D7BT``, ``Unit,%`` and ``Release date,21-02-2024``, above ``1990``, ``1990 Q1``,
``1990 JAN``: so the ONS, the ABS, the RBA, the Bundesbank and the INSEE do. Read as one header it gives names of eight
cells.
"""

from collections.abc import Sequence

from uploads.tabular.layout.cell_kinds import Kind, kind_in

Row = Sequence[str]

_ATTRIBUTES = frozenset(
    {
        "title", "cdid", "unit", "units", "preunit", "frequency", "source", "sources", "series", "series id",
        "series type", "series code", "series name", "series start", "series end", "data type", "type",
        "description", "source dataset id", "release date", "next release", "important notes", "publication date",
        "seasonal adjustment", "last updated", "collection month", "no. obs", "einheit", "einheiten", "quelle",
        "titel", "beschreibung", "frequenz", "letztes update", "dimension", "bemerkungen", "unité", "unités",
        "fréquence", "titre", "unidad", "fuente", "título", "libellé", "idbank", "dernière mise à jour", "période",
    }
)  # fmt: skip
"""What the first cells of such lines say."""
_LEAST_KNOWN = 2
_LEAST_LINES = 4
"""Fewer may be a header of several rows."""
_MOST_LINES = 30
_LEAST_ROWS = 5
_SHOWN_ROWS = 20
_TIMES = (Kind.YEAR, Kind.PERIOD, Kind.DATE)
_FIGURES = (Kind.NUMBER, Kind.YEAR, Kind.BLANK, Kind.MARK, Kind.UNIT)
_ALIKE = 0.8


def depth_of_attributes(rows: Sequence[Row], start: int) -> int | None:
    """How many rows a header takes that begins in row ``start`` and says below its names what each series is."""
    if not _begins(rows[start : start + 2]):
        return None
    width = len(rows[start])
    lines = [i for i in range(start, min(start + _MOST_LINES, len(rows))) if any(map(str.strip, rows[i]))]
    first = next((i for i in lines if kind_in(rows[i][0].strip()[:200]) in _TIMES), None)
    if first is None:
        return None
    lines = [i for i in lines if i < first]
    words = [rows[i][0].strip().casefold() for i in lines]
    is_known = sum(word in _ATTRIBUTES for word in words) >= _LEAST_KNOWN
    if not is_known or len(lines) < _LEAST_LINES or len(set(words)) < len(words) or not all(words[1:]):
        return None
    body = [row for row in rows[first:] if any(map(str.strip, row))][:_SHOWN_ROWS]
    if any(len(row) != width for row in (*(rows[i] for i in lines), *body)) or not _are_series(rows[start], body):
        return None
    return first - start


def _begins(top: Sequence[Row]) -> bool:
    """Asked of the first rows of every file."""
    begins = [row[0].strip().casefold() if row else "" for row in top]
    return any(word in _ATTRIBUTES for word in begins) and any(map(str.strip, top[0][1:]))


def _are_series(names: Row, body: Sequence[Row]) -> bool:
    """Whether all rows begin with a time, and nearly all beside it are figures, each below a name."""
    if len(body) < _LEAST_ROWS or not all(kind_in(row[0].strip()[:200]) in _TIMES for row in body):
        return False
    cells = [(i, cell.strip()) for row in body for i, cell in enumerate(row) if i]
    if any(cell and not names[i].strip() for i, cell in cells):
        return False
    flags = _columns_of_flags(body)
    kinds = [kind_in(cell[:200]) for i, cell in cells if i not in flags]
    return sum(kind in _FIGURES for kind in kinds) >= _ALIKE * len(kinds) and len(flags) < len(names) - 1


def _columns_of_flags(body: Sequence[Row]) -> set[int]:
    """The columns in which a letter says how good each figure is, beside those of the figures."""
    kinds = ({kind_in(row[i].strip()[:200]) for row in body} for i in range(len(body[0])))
    return {i for i, found in enumerate(kinds) if Kind.LETTER in found and found <= {Kind.LETTER, Kind.BLANK}}
