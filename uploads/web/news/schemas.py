"""Subscriptions and what was sent, as the API and the commands show them."""

from datetime import datetime

from ninja import Schema
from pydantic import Field

from uploads.services.news.subscriptions import CHOICES
from uploads.states import DeliveryState, NewsEvent, NewsWay

TARGET = "`https://…` for a webhook, or a mail address. Webhooks go to addresses of the open internet alone."
EVENTS = f"What is told: {', '.join(f'`{event}`' for event in CHOICES)}."
DATASET = "The slug of the one dataset whose files it is about; null: all."
SECRET = "Signs what a webhook sends. Shown once: when it is made; null in every other answer, and for mail."  # noqa: S105 - words about it


class Subscription(Schema):
    id: int = Field(validation_alias="subscription_id")
    target: str = Field(description=TARGET)
    way: NewsWay
    dataset: str | None = Field(description=DATASET)
    events: list[NewsEvent] = Field(description=EVENTS)
    on: bool = Field(validation_alias="is_on", description="Whether it sends.")
    held: bool = Field(
        validation_alias="is_held",
        description="The site was restored from a backup since: nothing is sent until somebody says `on`.",
    )
    made_by: str = Field(description="It tells what this person may see, and stops when that is not all files.")
    made_at: datetime
    secret: str | None = Field(description=SECRET)


class Subscriptions(Schema):
    subscriptions: list[Subscription]


class Sent(Schema):
    id: int = Field(validation_alias="news_id")
    event: NewsEvent
    happened_at: datetime
    subscription: int | None = Field(description="Null: it went to whoever sent the file.")
    target: str | None = Field(description="Null: the address of a sender is told to nobody.")
    file: int | None = Field(description="Its number; null in a test.")
    file_name: str | None
    state: DeliveryState
    attempts: int
    next_try_at: datetime | None
    finished_at: datetime | None
    answer: str = Field(description="What the other side, or the network, said last.")
    message_id: str = Field(description="The header `webhook-id`.")


class SentPage(Schema):
    sent: list[Sent]
    next: str | None = Field(description="Give it as `after` for the next page; null on the last.")
