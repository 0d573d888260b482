"""What a receipt says of a sheet's rows and columns that are not loaded; nothing where there are none."""

from collections.abc import Sequence

from uploads.tabular.layout.notes import unless_data
from uploads.tabular.workbook.sheet.cell_names import column_letters

_COLUMNS_SHOWN = 5
_ROWS_SHOWN = 5


def repeated_note(rows: Sequence[int]) -> str:
    """For rows of the sheet where the header stands once more."""
    if not rows:
        return ""
    listed = ", ".join(f"{row:,}" for row in rows[:_ROWS_SHOWN])
    more = " and more" * (len(rows) > _ROWS_SHOWN)
    where = f"row{'s' * (len(rows) > 1)} {listed}{more}"
    return f"The header stands once more in {where} and is not loaded as a row. {unless_data(len(rows))}"


def footer_note(rows: int) -> str:
    """For so many rows of notes below the table."""
    if not rows:
        return ""
    many = f"{rows:,} rows" if rows > 1 else "1 row"
    return f"{many} of notes below the table {'are' if rows > 1 else 'is'} not loaded. {unless_data(rows)}"


def columns_note(positions: Sequence[int]) -> str:
    """For columns inside the table that hold nothing, from 0 in the sheet."""
    columns = list(map(column_letters, positions))
    if not columns:
        return ""
    if len(columns) == 1:
        return f"Column {columns[0]} has no name and no values and is left out."
    shown = columns[:_COLUMNS_SHOWN] if len(columns) > _COLUMNS_SHOWN + 1 else columns[:-1]
    last = columns[-1] if len(shown) + 1 == len(columns) else f"{len(columns) - len(shown):,} more"
    return f"{len(columns):,} columns have no name and no values and are left out: {', '.join(shown)} and {last}."
