"""The shapes of changes of columns: suggested, on their way, and what they would bring."""

from ninja import Schema
from pydantic import Field

from uploads.services.columns import last_change, requests
from uploads.services.columns import suggested as suggestions
from uploads.services.columns.preview import Preview


class SuggestedChange(Schema):
    column: str
    type: str
    null_words: list[str]
    word_cells: list[int] = Field(description="How many cells hold each of these words, as loaded; empty: not known.")
    decimal: str | None
    day_first: bool | None
    first_year: int | None
    reject_misfits: bool = Field(validation_alias="rejects", description="Rows that don't fit would be rejected.")
    true_word: str | None
    false_word: str | None
    sentence: str

    @staticmethod
    def resolve_true_word(suggested: suggestions.SuggestedChange) -> str | None:
        return suggested.truth and suggested.truth[0]

    @staticmethod
    def resolve_false_word(suggested: suggestions.SuggestedChange) -> str | None:
        return suggested.truth and suggested.truth[1]

    @staticmethod
    def resolve_decimal(suggested: suggestions.SuggestedChange) -> str | None:
        return suggested.hints.decimal

    @staticmethod
    def resolve_day_first(suggested: suggestions.SuggestedChange) -> bool | None:
        return suggested.hints.day_first

    @staticmethod
    def resolve_first_year(suggested: suggestions.SuggestedChange) -> int | None:
        return suggested.hints.first_year


class PendingChange(Schema):
    changes: list[str] = Field(validation_alias="words")
    asked_at: str
    state: str = Field(description="asked, or failed")
    error: str | None
    hint: str | None

    @staticmethod
    def resolve_asked_at(pending: requests.PendingChange) -> str:
        return pending.asked_at.isoformat()

    @staticmethod
    def resolve_state(pending: requests.PendingChange) -> str:
        return "failed" if pending.error else "asked"

    @staticmethod
    def resolve_error(pending: requests.PendingChange) -> str | None:
        return pending.error or None

    @staticmethod
    def resolve_hint(pending: requests.PendingChange) -> str | None:
        return pending.hint or None


class MadeChange(Schema):
    changes: list[str] = Field(validation_alias="sentences", description="What was done, with its figures, for people.")
    made_at: str
    rows: int = Field(description="Rows that were written anew.")
    rows_rejected: int = Field(validation_alias="rejected", description="Rows that don't fit and were rejected.")
    rejected_rows_loaded: int = Field(validation_alias="mended", description="Rejected rows that fit by it.")

    @staticmethod
    def resolve_made_at(made: last_change.MadeChange) -> str:
        return made.at.isoformat()


class Cost(Schema):
    changes: list[str] = Field(validation_alias="words")
    cost: str = Field(validation_alias="sentence", description="For people.")
    effects: list[str] = Field(description="What else happens, for people.")
    files: int
    rows: int = Field(description="Rows that are written anew.")
    bytes: int = Field(validation_alias="size")
    seconds: float = Field(description="About, going by how long the loads took.")
    emptied: dict[str, int] | None = Field(description="Cells that become empty, by column; null: not looked at.")
    rejected_rows_that_fit: int | None = Field(
        validation_alias="mended", description="They are loaded after it; null: not looked at."
    )
    rows_rejected: int | None = Field(
        validation_alias="rejected", description="Rows that don't fit and are rejected by it; null: not looked at."
    )
    obstacle: str | None = Field(description="The first value that is in the way.")
    checked: bool = Field(description="Whether every value was looked at; of more than a million not beforehand.")

    @staticmethod
    def resolve_seconds(preview: Preview) -> float:
        return round(preview.seconds, 1)

    @staticmethod
    def resolve_emptied(preview: Preview) -> dict[str, int] | None:
        return None if preview.emptied is None else dict(preview.emptied)

    @staticmethod
    def resolve_obstacle(preview: Preview) -> str | None:
        return preview.obstacle or None
