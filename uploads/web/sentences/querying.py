"""What is said of the result of a query."""

from uploads.services.querying.query import QueryPage


def result_words(page: QueryPage, *, most: int) -> str:
    """``The first 500 rows, in 0.31 s. …``"""
    rows = len(page.rows)
    took = f"in {page.seconds:.2f} s"
    if not page.has_more:
        return f"{rows:,} row{'' if rows == 1 else 's'}, {took}."
    return f"The first {rows:,} rows, {took}. There are more: Download has them, up to {most:,}."


def limits_words(*, seconds: float, rows: int) -> str:
    return f"A query may take {seconds:g} seconds and give {rows:,} rows. It reads, and changes nothing."
