"""What is said of a file that waits, as callers send it."""

from ninja import Schema
from pydantic import ConfigDict, Field, JsonValue

SAID: dict[str, JsonValue] = {"pattern": r"\S", "maxLength": 2_000}
"""A message has words."""


class Reason(Schema):
    model_config = ConfigDict(extra="forbid")

    reason: str = Field(
        json_schema_extra=SAID,
        description="Why it does not become active; its sender reads it. Up to 2,000 characters.",
    )


class QuestionAsked(Schema):
    model_config = ConfigDict(extra="forbid")

    question: str = Field(
        json_schema_extra=SAID, description="Its sender reads it on the receipt. Up to 2,000 characters."
    )


class Answered(Schema):
    model_config = ConfigDict(extra="forbid")

    answer: str = Field(json_schema_extra=SAID, description="Up to 2,000 characters; each question has one answer.")
