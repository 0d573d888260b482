"""From what happened to a file to those who want to hear of it: a delivery for each."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from uploads.models import Dataset, FileNews, Load, NewsDelivery, NewsSubscription, SenderAddress, UploadedFile
from uploads.services.news.outbox import nudge_delivery
from uploads.services.visibility import home_of
from uploads.states import FileState, NewsEvent, NewsWay, Review

OUTCOMES = frozenset({NewsEvent.ACTIVATED, NewsEvent.DECLINED, NewsEvent.FAILED, NewsEvent.DUPLICATE})
"""What the sender of a file hears of, once; besides, of each question of staff that is open still."""
_LOADED_AGAIN = frozenset({FileState.WAITING, FileState.LOADING})


def spread_news(*, file_id: int) -> int:
    """Make the deliveries of all that is news of a file, and return how many; nothing is done twice.

    What a loaded file waits for is looked at now: staff who were faster spare everybody a piece of old news. One that
    is being loaded again, to fit its dataset, is news when that is done.
    """
    with transaction.atomic():
        news = list(FileNews.objects.select_for_update().filter(file_id=file_id).order_by("pk"))
        if not news:
            return 0
        file = UploadedFile.objects.get(pk=file_id)
        newest = {each.event: each for each in news}
        made = [delivery for each in news for delivery in _deliveries(file, each, is_newest=newest[each.event] is each)]
        NewsDelivery.objects.bulk_create(made)
        FileNews.objects.filter(pk__in=[each.pk for each in news]).delete()
        for delivery in made:
            nudge_delivery(delivery_id=delivery.pk)
    return len(made)


def _deliveries(file: UploadedFile, news: FileNews, *, is_newest: bool) -> list[NewsDelivery]:
    events = list(_events(file, NewsEvent(news.event)))
    found = NewsSubscription.objects.filter(
        Q(dataset=None) | Q(dataset__in=_homes(file)), is_on=True, is_held=False
    ).order_by("pk")
    made = [
        NewsDelivery(
            subscription=subscription,
            file=file,
            event=event,
            way=subscription.way,
            target=subscription.target,
            happened_at=news.at,
        )
        for subscription in found
        for event in events
        if event in subscription.events
    ]
    return made + (_to_sender(file, news) if is_newest else [])


def _events(file: UploadedFile, event: NewsEvent) -> Iterable[NewsEvent]:
    """What one thing that happened is news of."""
    if event is not NewsEvent.LOADED:
        yield event
        return
    if file.state in _LOADED_AGAIN:
        return
    yield event
    if file.rows_rejected:
        yield NewsEvent.REJECTED
    if file.state == FileState.LOADED and file.review != Review.DECLINED:
        yield NewsEvent.WAITING


def _homes(file: UploadedFile) -> set[int]:
    """The datasets that a file is in or is for; of one that failed what its sender named is all that is known."""
    loads = Load.objects.filter(file=file).select_related("dataset__typed_by")
    homes = {home.pk for load in loads if (home := home_of(load.dataset)) is not None}
    named = Dataset.objects.filter(slug=file.dataset_wanted) if file.dataset_wanted else Dataset.objects.none()
    return homes | set(named.values_list("pk", flat=True))


def _to_sender(file: UploadedFile, news: FileNews) -> list[NewsDelivery]:
    """From an outcome on the delivery alone has the address. What was undone meanwhile is none: the next one is."""
    is_asked = news.event == NewsEvent.ASKED
    if (news.event not in OUTCOMES and not is_asked) or not _holds(file, NewsEvent(news.event)):
        return []
    left = SenderAddress.objects.select_for_update().filter(file=file, is_held=False).first()
    if left is None:  # or the file was deleted meanwhile
        return []
    if not is_asked:
        left.delete()
    return [NewsDelivery(file=file, event=news.event, way=NewsWay.MAIL, target=left.address, happened_at=news.at)]


def is_question_open(file: UploadedFile) -> bool:
    """Whether its sender is to answer something."""
    return file.state == FileState.LOADED and file.review == Review.ASKED


def _holds(file: UploadedFile, event: NewsEvent) -> bool:
    """What staff can take back a moment later."""
    if event is NewsEvent.ACTIVATED:
        return file.state == FileState.ACTIVE
    if event is NewsEvent.ASKED:
        return is_question_open(file)
    return event is not NewsEvent.DECLINED or file.review == Review.DECLINED
