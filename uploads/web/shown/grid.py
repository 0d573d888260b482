"""The rows of a page of a dataset in HTML: each with where it is from, and its cells."""

from collections.abc import Mapping, Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from uploads.database.partitions import FILE
from uploads.services.reading.pages import Row
from uploads.tabular.table import ROW
from uploads.web.shown.cells import row_html


def grid_html(
    rows: Sequence[Row],
    numeric: Sequence[bool],
    *,
    lines: Mapping[tuple[int, int], str],
    here: str,
    has_origin: bool = True,
) -> SafeString:
    """``lines``: addresses of the lines that this person may see in their files, by table and line; ``here``: the path
    of the dataset's page, where each row has an address; ``has_origin``: the rows are of files.

    Made here as its cells are: in a template a page's rows took a quarter of what the page took.
    """
    shown = []
    for row in rows:
        origin = _origin_html(row, lines.get((row.load_id, row.row), ""), here) if has_origin else ""
        shown.append(f"<tr>{origin}{row_html(row.values, numeric)}</tr>")
    return mark_safe("\n".join(shown))  # noqa: S308 - of what is escaped where it is put together


def _origin_html(row: Row, line: str, here: str) -> str:
    name = escape(row.file_name)
    title = f"{name}: {escape(row.source)}" if row.source else name
    file = f'<a href="{escape(line)}">{name}</a>' if line else name
    part = f' <span class="part">{escape(row.source)}</span>' if row.source else ""
    number = "–"
    if row.row:  # one of a table that was adopted has none
        alone = escape(f"{here}?{FILE}={row.file_id}&{ROW}={row.row}")
        number = f'<a href="{alone}" title="Link to this row">{row.row:,}</a>'
    return f'<td class="origin" title="{title}">{file}{part}</td><td class="origin number">{number}</td>'
