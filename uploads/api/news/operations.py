"""Subscriptions to news: made, changed, tried, ended; and what was sent. For those who may manage news."""

from collections.abc import Callable
from typing import Annotated

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field

from uploads.api.callers import CallerAuth, caller_of
from uploads.api.files import number_after
from uploads.api.news.schemas import NewSubscription, SubscriptionChange
from uploads.services.news import managing
from uploads.services.news.managing import SubscriptionFacts, SubscriptionWish
from uploads.states import DeliveryState
from uploads.web.news import schemas as shapes
from uploads.web.schemas import answers

router = Router(tags=["news"], auth=CallerAuth())
LOOKING = frozenset({400, 401, 403})
OF_ONE = LOOKING | {404}
_PLACE = Field(json_schema_extra={"pattern": "^([0-9]{1,18})?$"})


@router.get(
    "/news/subscriptions",
    response={200: shapes.Subscriptions, LOOKING: answers.Error},
    summary="List the subscriptions to news",
)
async def list_news_subscriptions(request: HttpRequest) -> object:
    """Newest first."""
    return await _managed(request, lambda _: {"subscriptions": managing.list_subscriptions()})


@router.post(
    "/news/subscriptions",
    response={201: shapes.Subscription, OF_ONE: answers.Error},
    summary="Subscribe an address to news",
)
async def make_news_subscription(request: HttpRequest, wish: NewSubscription) -> object:
    """It tells what you may see, and stops when you may not see all files any more. Keep the `secret` of a webhook: it
    is shown only now."""
    said = SubscriptionWish(target=wish.target, events=wish.events, dataset=wish.dataset, is_on=wish.on)

    def make(user_id: int) -> SubscriptionFacts:
        return managing.make_subscription(wish=said, owner_id=user_id, by=user_id)

    return Status(201, await _managed(request, make))


@router.get(
    "/news/subscriptions/{int:subscription_id}",
    response={200: shapes.Subscription, OF_ONE: answers.Error},
    summary="One subscription to news",
)
async def get_news_subscription(request: HttpRequest, subscription_id: int) -> object:
    """What it is told and whether it sends."""
    return await _managed(request, lambda _: managing.find_subscription(subscription_id=subscription_id))


@router.patch(
    "/news/subscriptions/{int:subscription_id}",
    response={200: shapes.Subscription, OF_ONE: answers.Error},
    summary="Change a subscription, or switch it off and on",
)
async def change_news_subscription(request: HttpRequest, subscription_id: int, wish: SubscriptionChange) -> object:
    """What still waits for it goes to its new address. Switched off, nothing is told, and what waits is given up."""
    said = SubscriptionWish(
        target=wish.target,
        events=wish.events,
        dataset=wish.dataset if "dataset" in wish.model_fields_set else ...,
        is_on=wish.on,
    )
    return await _managed(
        request, lambda user: managing.change_subscription(subscription_id=subscription_id, wish=said, by=user)
    )


@router.delete(
    "/news/subscriptions/{int:subscription_id}",
    response={200: shapes.Subscription, OF_ONE: answers.Error},
    summary="Delete a subscription",
)
async def delete_news_subscription(request: HttpRequest, subscription_id: int) -> object:
    """With the log of what it sent; the answer is what it was."""
    return await _managed(request, lambda user: managing.delete_subscription(subscription_id=subscription_id, by=user))


@router.post(
    "/news/subscriptions/{int:subscription_id}/secret",
    response={200: shapes.Subscription, OF_ONE | {409}: answers.Error},
    summary="Make a new secret for a webhook",
)
async def renew_news_secret(request: HttpRequest, subscription_id: int) -> object:
    """The old one signs nothing any more. The new `secret` is shown only now."""
    return await _managed(request, lambda user: managing.new_secret_of(subscription_id=subscription_id, by=user))


@router.post(
    "/news/subscriptions/{int:subscription_id}/test",
    response={202: shapes.Sent, OF_ONE: answers.Error},
    summary="Send a test",
)
async def send_news_test(request: HttpRequest, subscription_id: int) -> object:
    """A worker sends it now, also where the subscription is switched off. `/news/sent` says what became of it."""
    return Status(202, await _managed(request, lambda _: managing.try_subscription(subscription_id=subscription_id)))


@router.get(
    "/news/sent",
    response={200: shapes.SentPage, OF_ONE: answers.Error},
    summary="List what was sent",
)
async def list_sent_news(
    request: HttpRequest,
    subscription: Annotated[int | None, Query(None, ge=1)] = None,
    state: DeliveryState | None = None,
    after: Annotated[str, _PLACE, Query("")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> object:
    """Newest first, of the last month: each piece of news with its tries and the last answer."""
    before = number_after(after)

    def page(_: int) -> object:
        found = managing.list_sent(most=limit + 1, subscription_id=subscription, state=state, before=before)
        return {"sent": found[:limit], "next": str(found[limit - 1].news_id) if len(found) > limit else None}

    return await _managed(request, page)


@router.post(
    "/news/sent/{int:news_id}/send-again",
    response={202: shapes.Sent, OF_ONE | {409}: answers.Error},
    summary="Send a piece of news again",
)
async def send_news_again(request: HttpRequest, news_id: int) -> object:
    """With all its tries and under the same `message_id`, to the address that the subscription has now."""
    return Status(202, await _managed(request, lambda _: managing.send_news_again(news_id=news_id)))


async def _managed[Answer](request: HttpRequest, act: Callable[[int], Answer]) -> Answer:
    """Check the right and do it as this person."""
    rights = caller_of(request).rights
    rights.require_manage_news()
    if rights.user_id is None:  # nobody has the right without an account
        raise AssertionError
    user_id = rights.user_id
    return await sync_to_async(lambda: act(user_id))()
