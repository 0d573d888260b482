"""The shapes of what happened to a dataset."""

from datetime import datetime

from ninja import Schema
from pydantic import Field

from uploads.services.datasets.history import Happened
from uploads.states import FileState


class PastEvent(Schema):
    at: datetime
    happened: Happened = Field(
        description="`activated`, `switched_off`, `deleted` or, of something else, `file`: a file; `dataset`: somebody"
        " changed the dataset."
    )
    file: str | None = Field(description="The file's name; null where it is none, or one that is not to be known.")
    state: FileState | None = Field(description="Of the file: the one that began, or in which it was.")
    sentence: str = Field(description="The same for people; for staff with what was noted.")
    who: str | None = Field(description="The account's name, for staff who may see files; else null.")


class History(Schema):
    events: list[PastEvent]
    next: str | None = Field(description="Give it as `after` to get the events before these; null on the last page.")
