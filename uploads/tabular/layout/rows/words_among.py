"""Words in rows that stand around a table: its columns of numbers or dates would become text by them."""

from collections.abc import Sequence


def words_in(rows: Sequence[Sequence[str]], columns: Sequence[int]) -> list[int]:
    """Which of the ``columns``, counted from 0, hold a word or a sign (``*``) in some of the rows."""
    return [at for at, column in enumerate(columns) if any(column < len(row) and _is_word(row[column]) for row in rows)]


def _is_word(cell: str) -> bool:
    return bool(cell.strip()) and (any(map(str.isalpha, cell)) or not any(map(str.isdigit, cell)))
