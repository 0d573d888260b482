"""How many rows readers will see otherwise when a file that waits is activated: for what is said before it is."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from uploads.database.comparison.by_key import Kind, compare_by_key
from uploads.database.comparison.by_row import compare_by_row
from uploads.database.comparison.seen_rows import hidden_query
from uploads.database.comparison.session import Comparing, ComparisonsBusy, ComparisonTooLong, RowsGone, comparing
from uploads.database.comparison.sides import shared_columns
from uploads.database.statements import TableBusy
from uploads.models import UploadedFile
from uploads.services.budget import Budget
from uploads.services.comparison.forecast import Forecast, forecasts_of
from uploads.services.comparison.homes import unforetold
from uploads.services.comparison.result import Effect, TableChanges, Unforetold
from uploads.services.errors import FileNotFound


@dataclass(frozen=True, kw_only=True, slots=True)
class Foretelling:
    """By the slugs of the datasets that a loaded file is to join."""

    effects: Mapping[str, Effect]
    unknown: Mapping[str, Unforetold]
    """Why it is not known; in neither where it founds a dataset, is refused, or something is to be said before."""


def foretell(*, file_id: int, is_full: bool | None = None, budget: Budget | None = None) -> Foretelling:
    """What activating a loaded file changes. ``is_full``: as if that were said of it; ``budget``: the time for all of
    it. Raises ``FileNotFound``."""
    file = UploadedFile.objects.filter(pk=file_id).first()
    if file is None:
        raise FileNotFound(f"There is no file {file_id}.", hint="List the files to see which there are.")
    time = budget or Budget()
    effects: dict[str, Effect] = {}
    unknown = unforetold(file)
    for forecast in forecasts_of(file, is_full=is_full).values():
        slug = forecast.dataset.slug
        unknown[slug] = Unforetold.TOO_LONG
        if time.is_spent:
            continue
        with suppress(ComparisonTooLong, ComparisonsBusy, RowsGone, TableBusy):
            with comparing(tables=forecast.tables, seconds=time.left) as session:
                effects[slug] = effect_of(session, forecast)
            del unknown[slug]
    return Foretelling(effects=effects, unknown=unknown)


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
    equal = max(0, forecast.seen_now - changed - (new if forecast.is_active else gone))
    return Effect(new=new, changed=changed, gone=gone, equal=equal, hidden=_hidden(session, forecast))


def _hidden(session: Comparing, forecast: Forecast) -> int:
    if forecast.is_unseen:
        return forecast.rows
    if not forecast.above or forecast.key is None:
        return 0
    [(count,)] = session.rows(hidden_query(forecast.sent, forecast.above, key=forecast.key))
    return int(count)
