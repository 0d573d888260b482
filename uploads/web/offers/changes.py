"""The changes of columns that a receipt tells of: on their way, failed, or made since the file came."""

from typing import Any

from django.http import HttpRequest

from uploads.models import Dataset
from uploads.services.files.receipts import FileReceipt
from uploads.states import HAS_DATA
from uploads.web.offers.columns import offers


def changes_told(request: HttpRequest, receipt: FileReceipt) -> list[dict[str, Any]]:
    """What is offered of each dataset of the file whose columns were changed, to whoever may change them."""
    if receipt.state not in HAS_DATA:
        return []
    slugs = {load.address for load in receipt.loads if load.address}
    touched = Dataset.objects.filter(slug__in=slugs).select_related("typed_by").order_by("pk")
    told = []
    for each in touched:
        dataset = each.typed_by or each
        if not dataset.change and not dataset.last_change:
            continue
        offered = offers(request, dataset=dataset)
        if offered["made"] is not None and offered["made"]["at"] < receipt.uploaded_at:
            offered["made"] = None
        told.append(offered)
    return told
