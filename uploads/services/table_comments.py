"""What the database says of a dataset's table and columns, for SQL and its tools: what everybody may know."""

from collections.abc import Collection

from uploads.database import datasets as tables
from uploads.models import Dataset
from uploads.services.visibility import ANYBODY, ColumnFacts, columns_seen

OWN = {
    "_file": "Number of the file that the row is from; data._sources has its name.",
    "_load": "Which table of that file; with _file it joins data._sources.",
    "_row": "Line or row of the file.",
}


def write_comments(dataset: Dataset, *, names: Collection[str] | None = None) -> None:
    """Of all columns, or those of ``names``, as they are now; in the transaction that changes them.

    A table that was adopted goes back as it came: there a column has the description that it is given, and no more.
    """
    if dataset.is_draft or dataset.is_read_only:
        return
    seen = columns_seen(dataset=dataset, viewer=ANYBODY)
    asked = [column for column in seen if names is None or column.name in names]
    if dataset.adopted:
        said = {column.name: column.description for column in asked} if names is not None else {}
        tables.write_comments(table=dataset.slug, columns=said)
        return
    said = {column.name: column_comment(column) for column in asked}
    if names is not None:
        tables.write_comments(table=dataset.slug, columns=said)
        return
    comment = f"{dataset.name}: the active rows of its files (data._sources)."
    tables.write_comments(table=dataset.slug, columns=OWN | said, comment=comment)


def column_comment(column: ColumnFacts) -> str:
    """``Net price. What customers paid. numeric, because …``: label, description, and why it has its type."""
    label = column.label if column.label != column.name else ""
    return " ".join(_sentence(part) for part in (label, column.description, column.why) if part)


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?", "…", ":")) else f"{text}."
