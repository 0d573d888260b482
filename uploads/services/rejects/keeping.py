"""Rejected rows as they are kept, with everything needed to mend them."""

from collections.abc import Iterable

from uploads.database.rows import storable, storable_json
from uploads.models import RejectedRow
from uploads.tabular.sentences.reasons import reason_in_words
from uploads.tabular.table import Reject
from uploads.tabular.text.raw_rows import RAW_KEPT

_BATCH = 5_000


def keep_rejects(*, load_id: int, rejects: Iterable[Reject]) -> None:
    """Store the rejected rows of a load."""
    RejectedRow.objects.bulk_create(
        (
            RejectedRow(
                load_id=load_id,
                row=reject.row,
                code=reject.code.value,
                column=storable(reject.column or ""),
                value=storable(reject.value)[:RAW_KEPT],
                reason=storable(reason_in_words(reject.reason)),
                figures=storable_json(dict(reject.reason.figures)),
                raw=storable(reject.raw)[:RAW_KEPT],
            )
            for reject in rejects
        ),
        batch_size=_BATCH,
    )
