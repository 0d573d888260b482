"""What a receipt says where lines were told from a table's rows: how to have it otherwise."""

AS_ONE_TABLE = "read the file again as one table."
"""How such a sentence ends. ``ReadOptions.one_table`` is what it asks for."""


def unless_data(count: int = 1) -> str:
    """The way out for lines that were left out though they may be rows: so many of them."""
    return f"If {'it is' if count == 1 else 'they are'} data, {AS_ONE_TABLE}"


def unless_rows_of(table: str) -> str:
    """The way out for lines that were taken for a table of their own; ``table`` is ``the one above``."""
    return f"If they are rows of {table}, {AS_ONE_TABLE}"
