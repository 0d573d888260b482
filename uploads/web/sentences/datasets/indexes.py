"""What is said of the indexes that make columns quick to sort and filter by."""

from django.conf import settings
from django.template.defaultfilters import filesizeformat

from uploads.services.reading.indexes import ColumnIndex

ASKED = "An index on “{}” is made in the background; readers go on meanwhile."
DROPPED = "The index on “{}” is dropped."


def index_sentence(index: ColumnIndex) -> str:
    """Of one column."""
    if index.obstacle:
        return f"No index: {index.obstacle[:1].lower()}{index.obstacle[1:]}"
    if not index.is_wanted:
        return "No index. With one, large datasets are sorted and filtered by this column at once."
    size = filesizeformat(index.bytes).replace("\xa0", " ")
    if index.parts < index.all_parts:
        return f"An index is being made: {index.parts:,} of {index.all_parts:,} files have it. Readers go on meanwhile."
    by = "" if index.by_person else ", made because pages were slow"
    days = settings.INDEX_UNUSED_DAYS
    unused = f" It is dropped when nobody uses it for {days:,} days." if days else ""
    return f"It has an index, {size}{by}.{unused}"
