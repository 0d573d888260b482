"""The shapes of saved views."""

from datetime import datetime

from ninja import Schema
from pydantic import Field

from uploads.states import SavedKind


class SavedView(Schema):
    name: str
    slug: str = Field(description="Its address under the dataset's; it stays when the view is renamed.")
    kind: SavedKind = Field(description="`rows`: a filter, order and columns. `chart`: figures of groups of rows.")
    query: str = Field(description="What it says, as the query of an address.")
    page: str = Field(description="The address of its page.")
    data: str = Field(description="The address of the same over the API.")
    saved_at: datetime
    saved_by: str | None = Field(description="The account's name, for staff who may see files; else null.")
    problem: str | None = Field(
        description="Why it cannot be shown as it was saved: a column was renamed, removed or took another type."
    )


class SavedViews(Schema):
    views: list[SavedView]


class Tile(SavedView):
    is_wide: bool = Field(description="It takes the whole width of the dashboard.")


class Dashboard(Schema):
    page: str = Field(description="The address of its page.")
    tiles: list[Tile] = Field(description="In the order that staff arranged; none: nothing was put there.")
