"""What is said of a dataset that shows a table or view of the database as it is."""

from uploads.database.reading.relation_view import MOST_SKIPPED
from uploads.services.adopting.publication import Publication
from uploads.services.datasets.reflection import RowsKnown

READ_ONLY = (
    "It is shown as it stands in the database, read-only: no file joins it, and nothing here changes its rows. What is"
    " changed there is seen here at once."
)


def published_words(done: Publication) -> str:
    """What was done, for whoever did it."""
    if done.restated_key is None:
        return f"{done.table} is shown as the dataset {done.slug} now."
    if done.restated_key:
        return f"The rows of {done.table} are told apart by {', '.join(done.restated_key)} now: its pages have no end."
    return (
        f"Nothing is said any more to tell the rows of {done.table} apart: its pages end after {MOST_SKIPPED:,} rows."
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
