"""What a dataset has files wait for, and why one waits, in JSON."""

from ninja import Schema
from pydantic import Field

from uploads.services.merging.guards import Against, Tripped
from uploads.states import Guard
from uploads.web.sentences.guards import guard_words


class DatasetGuards(Schema):
    fewer_rows: float | None = Field(
        description="A file waits for a person that has more than so many percent fewer rows; null: none does."
    )
    changed: float | None = Field(
        description="A file waits that changes more than so many percent of the rows that were there; null: none does."
    )
    column_gone: bool = Field(description="A file waits that lacks a column which the files before it have.")


class TrippedGuard(Schema):
    guard: Guard
    dataset: str = Field(description="The slug of the dataset whose guard it is.")
    against: Against = Field(
        description="“replaced”: the files whose place it takes; “seen”: the rows that are seen, by key; “last”: the"
        " active file that stands last."
    )
    files: list[int] = Field(description="The files that it was measured against; none where “seen”.")
    before: int = Field(description="Rows that were there; of `changed` against “seen” those with its keys.")
    after: int = Field(description="`fewer_rows`: how many there are then. `changed`: how many are not the same then.")
    percent: float
    limit: float = Field(description="Percent that pass without a person.")
    columns: list[str] = Field(description="`column_gone`: as they stand in files.")
    sentence: str

    @staticmethod
    def resolve_sentence(tripped: Tripped) -> str:
        return guard_words(tripped)
