"""Decides header and borders of a text by what reads it most cheaply, where that is clearly cheaper than the rules."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from uploads.tabular.layout.grouped_header import corner_row
from uploads.tabular.layout.layout_choice import (
    MOST_PLACES,
    MOST_ROWS,
    FoundTable,
    Reading,
    cheapest_reading,
    cheapest_table,
    cost_of,
    groups_of,
)
from uploads.tabular.layout.layout_score import Heading, LayoutScore
from uploads.tabular.layout.rows.named_values import are_details, are_named_values, with_remarks
from uploads.tabular.layout.rows.names_among import borders_by_names
from uploads.tabular.layout.rows.page_lines import same_but_for_page
from uploads.tabular.layout.rows.sections import Sections, find_sections
from uploads.tabular.layout.rows.small_tables import tops_of
from uploads.tabular.layout.rows.titled_blocks import titled_blocks
from uploads.tabular.layout.sheet_header import filled
from uploads.tabular.layout.text_header import TextLayout, find_layout, lay_out_text

Row = Sequence[str]

_CLEARLY = 6.0
"""Bits that another header must be cheaper than the one that the rules find."""
_ANY = 1.0
_BORDER = 12.0
"""Bits that each border must save."""
_TABLE_LINES = 3
"""So many lines of several cells are a table, never a note."""
_LEAST_BODY = 2
_LEAST_ROWS = 3
"""Fewer filled rows hold no evidence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parting:
    """Where further tables would begin, and by how many bits more than they must telling them apart is cheaper."""

    borders: tuple[int, ...]
    margin: float


@dataclass(frozen=True, kw_only=True, slots=True)
class TextChoice:
    """The layout of the first table, and the records in which further ones begin, titles included."""

    layout: TextLayout
    borders: tuple[int, ...] = ()
    parting: Parting | None = None
    """The tables that were told apart, or nearly were."""
    named_values: range = range(0)
    """The records above the table that are names with their values."""
    score: LayoutScore | None = field(default=None, compare=False, repr=False)
    """What the layout was judged by; ``None`` where nothing was left to decide."""


def choose_layout(
    rows: Sequence[Row],
    *,
    given: int | Literal["none"] | None = None,
    elsewhere: Sequence[Row] = (),
    one_table: bool = False,
    by_rules: bool = False,
) -> TextChoice:
    """The layout by the rules, or where these leave doubt and another reading is clearly cheaper, by that one.

    ``one_table``: no borders are looked for; ``by_rules``: no other reading is.
    """
    if given is None and (sections := find_sections(rows)):
        return _first_section(rows, sections, elsewhere, one_table=one_table)
    return _choose_unsectioned(rows, given=given, elsewhere=elsewhere, one_table=one_table, by_rules=by_rules)


def _choose_unsectioned(
    rows: Sequence[Row],
    *,
    given: int | Literal["none"] | None = None,
    elsewhere: Sequence[Row] = (),
    one_table: bool = False,
    by_rules: bool = False,
) -> TextChoice:
    is_one = given is not None or one_table or by_rules
    if blocks := () if is_one else titled_blocks(rows) or borders_by_names(rows):
        return replace(choose_layout(rows[: blocks[0]], one_table=True), borders=blocks)
    layout = find_layout(rows, given=given, elsewhere=elsewhere)
    if by_rules or given is not None or layout.width < 2 or _is_plain(rows, layout):
        return TextChoice(layout=layout)
    shown = rows[:MOST_ROWS]
    if sum(1 for row in shown if filled(row)) < _LEAST_ROWS:
        return TextChoice(layout=layout)
    score = LayoutScore(shown)
    single = _single(rows, layout, score)
    best = None if one_table else _apart(score, single)
    if best is None and (notes := _settings_above(rows, layout, score)):
        plain = _choose_unsectioned(with_remarks(rows, notes), elsewhere=elsewhere, one_table=one_table)
        return replace(plain, named_values=notes)
    if best is not None and (notes := _lines_of_metadata(score, best.tables)):
        return replace(choose_layout(with_remarks(rows, notes), elsewhere=elsewhere), named_values=notes)
    parting = None if best is None else _parting(score, single, best)
    borders = parting.borders if parting is not None and parting.margin >= 0 else ()
    if borders:
        rows, elsewhere = rows[: borders[0]], ()
        layout = find_layout(rows)
        score = LayoutScore(rows[:MOST_ROWS])
        single = _single(rows, layout, score)
    layout = _header(rows, layout, elsewhere, score, single)
    return TextChoice(layout=layout, borders=borders, parting=parting, score=score)


def _first_section(rows: Sequence[Row], sections: Sections, elsewhere: Sequence[Row], *, one_table: bool) -> TextChoice:
    """The layout of the first table of a text in sections, where settings are no rows."""
    borders = () if one_table else sections.borders
    if borders:
        rows, elsewhere = rows[: borders[0]], ()
    shown = with_remarks(rows, [i for i in sections.settings if i < len(rows)])
    chosen = _choose_unsectioned(shown, elsewhere=elsewhere, one_table=True)
    named = [i for i in sections.settings if i < chosen.layout.first]
    return replace(chosen, borders=borders, named_values=range(min(named), max(named) + 1) if named else range(0))


def _single(rows: Sequence[Row], layout: TextLayout, score: LayoutScore) -> Reading:
    """The cheapest reading as one table that neither takes the header of the rules away nor passes over a table.

    What the rules take for a header is named in a doubt, and can be said to be data.
    """
    best = cheapest_table(score)
    passed = [_lines_passed(rows, layout, table) for table in best.tables]
    if not passed or (passed[0] < _TABLE_LINES and (best.tables[0].heading or layout.header is None)):
        return best
    # What is less likely than that must leave all that the rules read as a table below its top.
    begin = layout.first if layout.header is None else layout.header
    return cheapest_table(
        score, lambda table: (table.heading is not None or layout.header is None) and _top(table) <= begin
    )


def _top(table: FoundTable) -> int:
    return table.begin if table.heading is None else table.heading.first


def _is_plain(rows: Sequence[Row], layout: TextLayout) -> bool:
    """One header row on top with a name for each column, above rows of its width: nothing is left to decide."""
    return (
        layout.header == 0
        and layout.first == 1
        and layout.why is None
        and len(set(layout.labels)) == len(layout.labels) == layout.width
        and all(layout.labels)
        and all(len(row) == layout.width and filled(row) for row in _without_blank_end(rows))
        and rows[0] not in rows[1:]
    )


def _without_blank_end(rows: Sequence[Row]) -> Sequence[Row]:
    end = len(rows)
    while end and not filled(rows[end - 1]):
        end -= 1
    return rows[:end]


def _apart(score: LayoutScore, single: Reading) -> Reading | None:
    """The cheapest reading as several tables, if there is one that costs less than the ``single`` one.

    Where blank rows set many groups apart, the rules look for tables while the rows are read.
    """
    if groups_of(score) > MOST_PLACES:
        return None
    best = cheapest_reading(score, most=single.cost)
    return best if len(best.tables) > 1 else None


def _lines_of_metadata(score: LayoutScore, tables: Sequence[FoundTable]) -> range:
    """The rows of several cells above the second table that are a note on it, and no table: a lone line of another
    width right above its header, as DATEV begins its exports (``EXTF;700;21;Buchungsstapel;13;…``), or names with their
    values above a wider table, as banks begin theirs."""
    first, second = tables[0], tables[1]
    if second.heading is None:
        return range(0)
    is_lone = first.heading is None and first.end == first.begin + 1 and not score.filled[: first.begin].any()
    is_of_other_width = score.widths[first.begin] != score.widths[second.heading.first]
    if is_lone and is_of_other_width and second.heading.first == first.end and score.filled[first.begin] > 1:
        return range(first.begin, first.end)
    above = score.rows[: first.end]
    is_wider = score.filled[second.heading.first] > max(map(filled, above)) + 1
    return range(first.end) if is_wider and are_details(above) else range(0)


def _settings_above(rows: Sequence[Row], layout: TextLayout, score: LayoutScore) -> range:
    """The rows that name settings with their values and that the rules read as a table, where the cheapest one is a
    wider table below them: so plate readers write."""
    best = cheapest_table(score)
    if not best.tables or best.tables[0].heading is None:
        return range(0)
    found, top = best.tables[0], _top(best.tables[0])
    if _lines_passed(rows, layout, found) < _TABLE_LINES:
        return range(0)
    is_wider = score.filled[top] > max(map(filled, rows[:top])) + 1
    return range(top) if is_wider and are_named_values(rows[:top]) else range(0)


def _parting(score: LayoutScore, single: Reading, best: Reading) -> Parting | None:
    """Where further tables begin, if telling them apart is cheaper than one table with all of them."""
    # Rows that only change in the middle may be faults: another table says so by its header.
    if any(table.heading is None or table.end - table.begin < _LEAST_BODY for table in best.tables[1:]):
        return None
    if not all(_has_own_rows(score, table) for table in best.tables[1:]):
        return None
    if _are_pages(score, best.tables):
        return None
    margin = single.cost - best.cost - _least_saved(score, best.tables)
    return Parting(borders=tops_of(score.rows, best.tables), margin=margin)


def _least_saved(score: LayoutScore, tables: Sequence[FoundTable]) -> float:
    """What the borders must save: nothing where the header stands once more below a title of its own."""
    first = _names(score, tables[0])
    return sum(_BORDER for table in tables[1:] if _names(score, table) != first or not _titles(score, table))


def _has_own_rows(score: LayoutScore, table: FoundTable) -> bool:
    """Whether the table has a row that is not its header once more: equal lines that are too long are faults."""
    names = _names(score, table)
    return any(filled(row) and row not in names for row in score.rows[table.begin : table.end])


def _are_pages(score: LayoutScore, tables: Sequence[FoundTable]) -> bool:
    """Whether one and the same header parts the tables, without a title or with the same one: pages of one table."""
    names = [_names(score, table) for table in tables]
    titles = [[same_but_for_page(cell) for cell in _titles(score, table)] for table in tables]
    is_titled_anew = any(title and title != titles[0] for title in titles[1:])
    return not is_titled_anew and all(one == names[0] for one in names)


def _names(score: LayoutScore, table: FoundTable) -> list[Row]:
    return [score.rows[row] for row in table.heading.rows] if table.heading else []


def _titles(score: LayoutScore, table: FoundTable) -> list[str]:
    """What stands above the table's header, or its first row."""
    end = table.heading.first if table.heading else table.begin
    return [cell for row in score.rows[table.top : end] for cell in row if cell.strip()]


def _header(
    rows: Sequence[Row], layout: TextLayout, elsewhere: Sequence[Row], score: LayoutScore, best: Reading
) -> TextLayout:
    """The layout whose header is clearly cheaper than that of ``layout``, or that one."""
    if layout.first >= score.count or (layout.header is not None and len(rows[layout.header]) != layout.width):
        return layout  # further down, or of names that had to be mended: the rules know better
    if not best.tables:
        return layout
    found = best.tables[0]
    if _has_deeper_boxhead(rows, layout, found) or _tells_names_apart(rows, layout, found):
        return layout
    # Where the same rows are loaded, nothing but names is at stake.
    least = _ANY if found.begin == layout.first and found.heading is not None else _CLEARLY
    if cost_of(score, heading=_heading(rows, layout), begin=layout.first) - best.cost < least:
        return layout
    return _laid_out(rows, layout, found, elsewhere)


def _has_deeper_boxhead(rows: Sequence[Row], layout: TextLayout, found: FoundTable) -> bool:
    """Whether the rules take more rows for the same header, none of which has a label in its corner; all rows have."""
    if layout.header is None or layout.first < found.begin or found.heading is None:
        return False
    header = [i for i in range(layout.header, layout.first) if filled(rows[i])]
    has_corner = not any(rows[i][0].strip() for i in header)
    is_deeper = set(found.heading.rows) < set(header) or found.heading.rows == tuple(header[1:])
    return has_corner and is_deeper and all(row[0].strip() for row in rows[layout.first :] if filled(row))


def _tells_names_apart(rows: Sequence[Row], layout: TextLayout, found: FoundTable) -> bool:
    """Whether the rules take further rows for the same header, and by these alone no two columns are named alike."""
    if layout.header is None or found.heading is None or found.heading.first != layout.header:
        return False
    above = [cell.strip() for cell in rows[layout.header] if cell.strip()]
    is_deeper = len(found.heading.rows) == 1 and layout.first > found.begin
    return is_deeper and len(set(above)) < len(above) and len(set(layout.labels)) == len(layout.labels)


def _lines_passed(rows: Sequence[Row], layout: TextLayout, found: FoundTable) -> int:
    """How many lines of several cells that the rules read as a table would become notes above another."""
    begin = layout.first if layout.header is None else layout.header
    lines = [row for row in rows[begin : _top(found)] if filled(row) > 1]
    return sum(1 for row in lines if not row[0].strip().startswith("#") and not row[0].strip().endswith(":"))


def _heading(rows: Sequence[Row], layout: TextLayout) -> Heading | None:
    if layout.header is None:
        return None
    return Heading(rows=tuple(i for i in range(layout.header, layout.first) if filled(rows[i])))


def _laid_out(rows: Sequence[Row], layout: TextLayout, found: FoundTable, elsewhere: Sequence[Row]) -> TextLayout:
    if found.heading is None:
        preamble = sum(1 for row in rows[: found.begin] if filled(row))
        return lay_out_text(rows, None, found.begin, elsewhere, why=layout.why, preamble=preamble)
    is_judged = layout.header is None and found.heading.first == layout.first and len(found.heading.rows) == 1
    # Words of a note are no names where rows have fewer cells.
    widths = Counter(len(row) for row in rows[found.begin :] if filled(row))
    if not widths or any(len(rows[i]) > widths.most_common(1)[0][0] for i in found.heading.rows):
        return layout
    corner = corner_row(rows, found.heading.rows)
    top = found.heading.first if corner is None else corner
    return lay_out_text(rows, top, found.begin, elsewhere, why=layout.why if is_judged else None)
