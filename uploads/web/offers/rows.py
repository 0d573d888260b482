"""The offer to leave rows out of a table, for receipts and the admin: one click reads the file again without them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from uploads.models import UploadedFile
from uploads.services.columns.change import kind_in_words
from uploads.services.columns.rows_in_doubt import RowsOffered, offer_rows
from uploads.services.columns.rows_summed import OFFERED, offer_rows_standing_out, offer_summed_rows
from uploads.services.files.load_receipt import LoadReceipt
from uploads.tabular.table import row_word_of
from uploads.web.forms.options_form import fields_to_read_again
from uploads.web.sentences.phrases import listed

MOST_NAMED = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaveOut:
    """What the offer says."""

    sentence: str
    """Empty where a note of the table says it."""
    button: str
    fields: Mapping[str, str]
    """What its form posts, to where a file is read again."""


def leave_out_offer(load: LoadReceipt, *, file_id: int, among: Sequence[LoadReceipt]) -> LeaveOut | None:
    """``among``: all tables of its file. Of several in one sheet or text nothing is offered: they are told apart by
    their rows. Where there are others in other sheets or members, rows are said of this one alone."""
    is_alone = [other.origin for other in among].count(load.origin) == 1 and len(load.origin) == len(load.said_of)
    file = UploadedFile.objects.filter(pk=file_id).first() if is_alone else None
    if file is None:
        return None
    unit, origin = row_word_of(load.format), load.said_of
    offered = offer_rows(load.columns, options=file.options, origin=origin)
    sentence = _sentence(offered, unit=unit) if offered else ""
    if offered is None:
        offered = offer_summed_rows(load.notes, options=file.options, origin=origin)
    if offered is None:
        offered = offer_rows_standing_out(load.notes, options=file.options, origin=origin)
    if offered is None:
        return None
    return LeaveOut(
        sentence=sentence,
        button=_button(offered, unit=unit),
        fields=fields_to_read_again(file, offered.options),
    )


def has_offer(load: LoadReceipt) -> bool:
    """Whether anything was found that may be left out: it costs no question to the database."""
    return any(column["suggestion"] for column in load.columns) or any(note.kind in OFFERED for note in load.notes)


def _sentence(offered: RowsOffered, *, unit: str) -> str:
    words = listed([f"“{word}”" for word in offered.words], most=MOST_NAMED)
    verb = "hold" if len(offered.rows) > 1 else "holds"
    others = listed([kind_in_words(type_) for type_ in offered.types], most=MOST_NAMED)
    return f"{_where(offered, unit)} {verb} {words} where other rows hold {others}."


def _button(offered: RowsOffered, *, unit: str) -> str:
    if len(offered.rows) > MOST_NAMED:
        return f"Leave these {len(offered.rows):,} rows out"
    where = _where(offered, unit)
    return f"Leave {where[0].lower()}{where[1:]} out"


def _where(offered: RowsOffered, unit: str) -> str:
    rows = listed([f"{row:,}" for row in offered.rows], most=MOST_NAMED)
    return f"{unit.capitalize()}{'s' * (len(offered.rows) > 1)} {rows}"
