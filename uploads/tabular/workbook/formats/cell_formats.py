"""The number formats of a workbook's cells: which of them are read otherwise than they are shown, and as what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from uploads.tabular.workbook.corrections import Corrections, has_several_units
from uploads.tabular.workbook.formats.built_in import BUILT_IN, seen_as_date
from uploads.tabular.workbook.formats.number_format import NumberFormat, Shows, number_format
from uploads.tabular.workbook.formats.shown import DAY_MILLISECONDS, Odd, shown
from uploads.tabular.workbook.sheet.cell_names import column_letters
from uploads.tabular.workbook.sheet.cells import duration_text, float_text

_LOCAL = frozenset({*range(5, 9), 41, 42, 43, 44})
"""Built-in formats of money, shown in the currency of the reader's country."""


@dataclass(frozen=True, kw_only=True)
class CellFormats:
    """The formats of a workbook's cells, by the number that cells state."""

    formats: Mapping[int, NumberFormat] = field(default_factory=dict)
    misread: frozenset[int] = frozenset()
    """Those that the reader takes for dates and aren't, or the other way round, and masks."""
    currencies: Mapping[int, str] = field(default_factory=dict)
    units: Mapping[int, str] = field(default_factory=dict)
    percentages: frozenset[int] = frozenset()
    """Those that show a hundred times the number and ``%``."""
    hiding: frozenset[int] = frozenset()
    """Those that show words in place of some numbers, or nothing."""
    shorter: frozenset[int] = frozenset()
    """Those that may not show a part of a number or time."""
    is_1904: bool = False

    @property
    def telling(self) -> frozenset[int]:
        """Those of which the first cells tell enough: percentages, and words in place of numbers."""
        return self.percentages | self.hiding

    def wanted(self, *, every_time: bool) -> frozenset[int]:
        """Those whose cells are looked at: the misread ones, and money and units where there are several."""
        of_units = self.units if has_several_units(self.units.values()) else ()
        of_money = self.currencies if len(set(self.currencies.values())) > 1 else ()
        of_time = (place for place, format_ in self.formats.items() if every_time and format_.shows_time)
        return self.misread.union(of_money, of_units, of_time)


def cell_formats(numbers: Mapping[int, tuple[int, str | None]], *, is_1904: bool, own_from: int = 0) -> CellFormats:
    """From the number and code of each cell format; the code is ``None`` where it is a built-in one.

    ``own_from``: the reader takes formats of lower numbers for built-in ones, whatever their codes say.
    """
    formats: dict[int, NumberFormat] = {}
    misread: set[int] = set()
    currencies: dict[int, str] = {}
    units: dict[int, str] = {}
    percentages: set[int] = set()
    hiding: set[int] = set()
    shorter: set[int] = set()
    for place, (number, code) in numbers.items():
        format_ = number_format(BUILT_IN.get(number, "General") if code is None else code)
        formats[place] = format_
        if format_.masks or _is_misread(format_, seen=seen_as_date(code if number >= own_from else None, number)):
            misread.add(place)
        if currency := format_.currency or ("its own" if code is None and number in _LOCAL else ""):
            currencies[place] = currency
        elif format_.unit:
            units[place] = format_.unit
        if format_.is_percentage:
            percentages.add(place)
        if format_.hides:
            hiding.add(place)
        if format_.may_hide:
            shorter.add(place)
    return CellFormats(
        formats=formats,
        misread=frozenset(misread),
        currencies=currencies,
        units=units,
        percentages=frozenset(percentages),
        hiding=frozenset(hiding),
        shorter=frozenset(shorter),
        is_1904=is_1904,
    )


def _is_misread(format_: NumberFormat, *, seen: bool) -> bool:
    """Whether any number is shown as a date and not read as one, or the other way round."""
    return any(section.shows.is_time != seen for section in format_.sections) if format_.shows_time else seen


def put_formatted(
    corrections: Corrections, formats: CellFormats, *, row: int, column: int, number: float, style: int
) -> None:
    """Say what a cell is as its format shows it, and count what is odd about it."""
    cell, odd = shown(number, formats.formats[style], is_1904=formats.is_1904)
    letters = column_letters(column)
    if cell is not number or odd is not None or style in formats.misread:  # a date below 0 is a time to its reader
        corrections.put(row, column, cell)
    if isinstance(cell, str) and cell and cell != (written := f"{number:.0f}"):
        corrections.count_masked(letters, written, cell)
    if odd is not None:
        corrections.count(odd, f"{letters}{row + 1}")
        if odd is Odd.OVER_A_DAY and odd not in corrections.first_held:
            hours = duration_text(timedelta(milliseconds=round(number * DAY_MILLISECONDS)))
            corrections.first_held[odd] = {"held": hours, "shown": str(cell)}
        if odd is Odd.HIDDEN:
            corrections.first_held.setdefault(odd, {"held": float_text(number)})
        if odd is Odd.ZERO_DATE:
            corrections.zeros.setdefault(column, []).append(row + 1)
    _count_as_shown(corrections, formats, letters=letters, number=number, style=style)


def _count_as_shown(corrections: Corrections, formats: CellFormats, *, letters: str, number: float, style: int) -> None:
    """Count what a format shows beside a number that stays one, or in its place."""
    if currency := formats.currencies.get(style, ""):
        corrections.count_currency(letters, currency)
    if unit := formats.units.get(style, ""):
        corrections.count_unit(letters, unit)
    if style in formats.hiding:
        section = formats.formats[style].section(number)
        if section.shows is Shows.NOTHING and section.holds(number) and (number or section.words):
            corrections.count_worded(letters, float_text(number), section.words)
    if style in formats.percentages and number:
        corrections.percentages.setdefault(letters, float_text(number))
