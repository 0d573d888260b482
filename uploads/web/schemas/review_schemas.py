"""What staff said of a file that waits, in the file's JSON."""

from datetime import datetime

from ninja import Schema
from pydantic import Field


class Declined(Schema):
    at: datetime
    reason: str


class Question(Schema):
    at: datetime
    text: str
    answer: str | None = Field(description="Of its sender; null while the question is open.")
    answered_at: datetime | None
