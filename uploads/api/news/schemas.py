"""A subscription as callers say it."""

from ninja import Schema
from pydantic import ConfigDict, Field

from uploads.states import NewsEvent
from uploads.web.news.schemas import DATASET, EVENTS, TARGET


class NewSubscription(Schema):
    model_config = ConfigDict(extra="forbid")

    target: str = Field(min_length=1, max_length=2_000, description=TARGET)
    events: list[NewsEvent] | None = Field(None, description=f"{EVENTS} Left out, or null: all of it.")
    dataset: str | None = Field(None, description=DATASET)
    on: bool = Field(default=True, description="Whether it sends.")


class SubscriptionChange(Schema):
    model_config = ConfigDict(extra="forbid")

    target: str | None = Field(None, min_length=1, max_length=2_000, description=f"{TARGET} Null: it stays.")
    events: list[NewsEvent] | None = Field(None, description=f"{EVENTS} Null: it stays.")
    dataset: str | None = Field(None, description=f"{DATASET} Left out, it stays.")
    on: bool | None = Field(None, description="Whether it sends. Null: it stays.")
