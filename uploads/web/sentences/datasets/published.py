"""What is said of a dataset that shows a table or view of the database as it is."""

from uploads.services.datasets.reflection import RowsKnown

READ_ONLY = (
    "It is shown as it stands in the database, read-only: no file joins it, and nothing here changes its rows. What is"
    " changed there is seen here at once."
)


def rows_words(rows: int | None, known: RowsKnown) -> str:
    """``1,234``, ``about 1,200,000``, ``more than 10,000``, or that nobody has counted them."""
    if rows is None:
        return "not counted"
    match known:
        case RowsKnown.ABOUT:
            return f"about {rows:,}"
        case RowsKnown.AT_LEAST:
            return f"more than {rows:,}"
    return f"{rows:,}"
