"""Other ways to read a table that need no more than a click: each reads its file again with one thing said."""

from collections.abc import Sequence
from typing import Any

from uploads.models import UploadedFile
from uploads.services.files.load_receipt import LoadReceipt
from uploads.services.options.in_effect import options_now
from uploads.services.options.ways import said_of_one
from uploads.web.forms.options_form import fields_to_read_again
from uploads.web.offers.questions import Answer, asks_to_join
from uploads.web.sentences.tables import no_header_label, one_table_label, separate_label, together


def ways_to_read(load: LoadReceipt, *, file_id: int, among: Sequence[LoadReceipt]) -> tuple[Answer, ...]:
    """For whoever may have the file read again; ``among``: all its tables. What is asked at the top is not offered."""
    delimiter = load.uneven_delimiter if len(among) == 1 else ""  # it would be said of all members
    ways: tuple[tuple[str, dict[str, Any]], ...] = (
        ("" if asks_to_join(load, among) else one_table_label(load, among), {"one_table": True}),
        ("Fill merged cells down" if load.has_merged_cells else "", {"fill_down": True}),
        ("Load visible cells only" if load.has_hidden_cells else "", {"visible_only": True}),
        (separate_label(delimiter) if delimiter else "", {"delimiter": delimiter, "uneven_rows": "collect"}),
    )
    no_header = no_header_label(load) if _can_say_header(load, among) else ""
    offered = [(label, options) for label, options in ways if label]
    if not offered and not no_header:
        return ()
    file = UploadedFile.objects.get(pk=file_id)
    if no_header:
        said: dict[str, Any] = {"header_row": "none"}
        if len(among) > 1:
            said = said_of_one(said, origin=load.said_of, said=options_now(file=file))
        offered.insert(0, (no_header, said))
    return tuple(Answer(button=label, fields=fields_to_read_again(file, options)) for label, options in offered)


def _can_say_header(load: LoadReceipt, among: Sequence[LoadReceipt]) -> bool:
    """Whether a header can be said of it alone: of several tables in a sheet or text none can be named."""
    return len(together(load, among)) == 1 and (len(among) == 1 or bool(load.said_of))
