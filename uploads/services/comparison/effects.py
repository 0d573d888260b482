"""How many rows readers will see otherwise when a file that waits is activated: for what is said before it is."""

from collections.abc import Mapping

from uploads.database.comparison.by_key import Kind, compare_by_key
from uploads.database.comparison.by_row import compare_by_row
from uploads.database.comparison.seen_rows import hidden_query
from uploads.database.comparison.session import Comparing, ComparisonsBusy, ComparisonTooLong, RowsGone, comparing
from uploads.database.comparison.sides import shared_columns
from uploads.database.statements import TableBusy
from uploads.models import UploadedFile
from uploads.services.comparison.forecast import Forecast, forecasts_of
from uploads.services.comparison.result import Effect, TableChanges
from uploads.services.errors import FileNotFound

SECONDS = 2.0
"""After so long a figure is left out: nobody waits for a question."""


def effects_of(*, file_id: int, is_full: bool | None = None, seconds: float | None = SECONDS) -> dict[str, Effect]:
    """By the slugs of the datasets that a loaded file is to join; those that can't be foretold, or not so quickly, are
    left out. ``is_full``: as if that were said of it. Raises ``FileNotFound``."""
    file = UploadedFile.objects.filter(pk=file_id).first()
    if file is None:
        raise FileNotFound(f"There is no file {file_id}.", hint="List the files to see which there are.")
    found: dict[str, Effect] = {}
    for forecast in forecasts_of(file, is_full=is_full).values():
        try:
            with comparing(tables=forecast.tables, seconds=seconds) as session:
                found[forecast.dataset.slug] = effect_of(session, forecast)
        except (ComparisonTooLong, ComparisonsBusy, RowsGone, TableBusy):
            continue
    return found


def effect_of(session: Comparing, forecast: Forecast) -> Effect:
    """Counted, and no row is looked up."""
    if forecast.only_adds:
        return Effect(new=forecast.rows, changed=0, gone=0, equal=forecast.seen_now)
    old, new = forecast.old, forecast.new
    shared = shared_columns(old, new)
    if forecast.key is None:
        counts: Mapping[Kind, int] = compare_by_row(
            session, old=old, new=new, columns=shared, most=0, characters=0
        ).counts
    else:
        keys = [column for column in shared if column.name in forecast.key]
        others = [column for column in shared if column.name not in forecast.key]
        counts = compare_by_key(session, old=old, new=new, key=keys, others=others, most=0).counts
    return _effect(session, forecast, new=counts[Kind.NEW], changed=counts[Kind.CHANGED], gone=counts[Kind.GONE])


def as_effect(session: Comparing, forecast: Forecast, changes: TableChanges) -> Effect:
    """The same from what was counted already."""
    return _effect(session, forecast, new=changes.new, changed=changes.changed, gone=changes.gone)


def _effect(session: Comparing, forecast: Forecast, *, new: int, changed: int, gone: int) -> Effect:
    equal = max(0, forecast.seen_now - changed - gone)
    return Effect(new=new, changed=changed, gone=gone, equal=equal, hidden=_hidden(session, forecast))


def _hidden(session: Comparing, forecast: Forecast) -> int:
    if forecast.is_unseen:
        return forecast.rows
    if not forecast.above or forecast.key is None:
        return 0
    [(count,)] = session.rows(hidden_query(forecast.sent, forecast.above, key=forecast.key))
    return int(count)
