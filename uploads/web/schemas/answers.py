"""The shapes of what the API answers and commands print as JSON; they read the values that services return.

A field is named here where its name in JSON is another one.
"""

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from uploads.services.conversation import Decline
from uploads.services.conversation import Question as Asked
from uploads.services.files.receipts import FileReceipt
from uploads.services.merging.changes import Uncounted
from uploads.states import Review
from uploads.tabular import notes
from uploads.tabular.evidence import EvidenceKind
from uploads.tabular.names import NameChange
from uploads.tabular.sentences.notes import sentence_of
from uploads.web.schemas.guard_schemas import TrippedGuard
from uploads.web.schemas.review_schemas import Declined, Question

NO_NUL = r"^[^\x00]*$"


class ErrorBody(Schema):
    code: str = Field(description="Stable: programs go by it.")
    message: str = Field(description="What happened, for people.")
    hint: str = Field(description="The way out.")
    reference: str | None = Field(None, description="With internal_error: where the log has it.")


class Error(Schema):
    error: ErrorBody


class FileError(Schema):
    code: str
    message: str
    hint: str


class Accepted(Schema):
    id: int
    name: str
    state: str = Field(description="“duplicate” where its bytes are here already: nothing is loaded unless asked for.")
    same_content_as: int | None = Field(None, description="Of a duplicate: the file of the same content.")
    receipt: str = Field(description="Address that tells what became of the file; whoever has it may read it.")


class Suggestion(BaseModel):
    null_words: list[str] = Field(description="Words that, read as empty, would make the column more than text.")
    type: str = Field(description="The type that it would have.")
    decimal: str | None = Field(None, description="If this were the decimal mark.")
    day_first: bool | None = Field(None, description="If dates began with the day, or with the month.")
    first_year: int | None = Field(None, description="If years of two digits were of the hundred from this one on.")
    true_word: str = Field("", description="The word that would be yes.")
    false_word: str = Field("", description="The word that would be no.")
    rejects: bool = Field(default=False, description="Some values don't fit: their rows would be rejected.")
    example: str = Field("", description="A value that nobody reads so unasked, or one that doesn't fit.")
    read_as: str = Field("", description="How that value would be read.")
    is_loose: bool = Field(default=False, description="Values are written in several ways; the text of each is kept.")
    rows: list[int] = Field([], description="Rows to leave out instead, a total or units: say `skip_rows`.")
    row_words: list[str] = Field([], description="The words in them.")
    word_cells: list[int] = Field([], description="How many cells hold each of `null_words`, where that was counted.")


class Column(BaseModel):
    # a wide table has hundreds, and ninja's Schema is slow where an attribute is missing
    model_config = ConfigDict(from_attributes=True)

    name: str = Field(description="Name in SQL.")
    label: str = Field(description="As in the file; the cells of a header of several rows are joined.")
    renamed: NameChange | None = Field(
        None, description="The name is the label's beginning (`cut`), or lacks signs of it (`changed`)."
    )
    type: str = Field(description="PostgreSQL's name of the type.")
    description: str = Field("", description="What the file says about it beside its name: a survey's question.")
    evidence: str = Field(validation_alias=AliasChoices("why", "evidence"), description="Why it has this type.")
    evidence_kind: EvidenceKind | None = Field(description="The kind of evidence, for programs to go by.")
    chosen: str | None = Field(None, description="By whom and when a person chose the type; it holds for every file.")
    suggestion: Suggestion | None = None
    alternatives: list[Suggestion] = Field(default=[], description="What else it could be, where somebody asks for it.")
    left_out: bool = Field(
        False, description="Somebody left it out of the dataset: its name is empty, and its values lie in no table."
    )


class RowCounts(Schema):
    read: int = Field(description="Records below the header: loaded + rejected + blank.")
    loaded: int
    rejected: int
    blank: int


class LoadSource(Schema):
    """Which table it is, and how it is written."""

    id: int = Field(validation_alias="load_id")
    dataset: str | None
    table: str | None = Field(description="Where active rows are read: SELECT … FROM this.")
    part: str | None = Field(validation_alias="qualified_part")
    source: str | None = Field(description="Name of the sheet or archive member.")
    origin: str = Field("", description="Where the file has more: what a row is said of, `Sheet2!3`.")
    format: str
    encoding: str | None
    delimiter: str | None
    quote: str | None = Field(description="What cells are quoted by, where they are.")
    escape: str | None = Field(description="What stands before a quote inside a quoted cell; none was seen if null.")
    line_end: str | None = Field(description="LF, CRLF, CR or mixed.")
    header_row: int | None
    draft: bool = Field(
        validation_alias="is_draft",
        description="Not active so far: `dataset` and `table` are what it is to join, or asks to be called.",
    )


class MergedRows(Schema):
    """What the rows of an active file changed when it became active, where files merge by key."""

    updated: int = Field(description="Rows that took the place of others with the same key and other values.")
    added: int = Field(description="Rows of keys that were not seen before.")
    deleted: int = Field(
        description="Rows that were seen before and are not: marked as deleted, or not in a full list."
    )
    unchanged: int = Field(description="Rows that changed nothing: the same was seen, or later files have their keys.")


class RepeatedKeys(Schema):
    rows: int
    columns: list[str] = Field(description="The key, as it stands in the file.")


class LoadCounts(Schema):
    """What became of its lines."""

    rows: RowCounts = Field(validation_alias="counts")
    preamble: int = Field(description="Non-blank records above the header.")
    header: int = Field(description="Records that make the header.")
    blank_above: int = Field(description="Blank records above the first row.")
    footer: int = Field(description="Non-blank records below the table.")
    line_breaks: int = Field(description="Line breaks inside cells.")
    left_out: int = Field(description="Records left out as a person asked.")
    hidden: int = Field(0, description="Loaded rows that later active files of the same keys hide.")
    repeated: int = Field(
        0, description="Loaded rows that its dataset had already, exactly as they are, when the file came; a page asks."
    )
    repeated_keys: RepeatedKeys | None = Field(
        None,
        description="The same of rows with a likely key that was there; null: none, or it was said how files join.",
    )
    merged: MergedRows | None = Field(
        None, description="What its rows changed; null: it is not active, files do not merge, or it was not counted."
    )
    merged_unknown: Uncounted | None = Field(
        None, description="Why that was not counted of a full list: it is too long, or later files are active."
    )
    lines: int | None = Field(
        description="Lines of the text or rows of the sheet, counted apart from the reading: "
        "preamble + header + blank_above + rows.read + footer + line_breaks + left_out."
    )
    account: str = Field(validation_alias="sum_in_words", description="The same as a sentence.")
    seconds: float | None


class LoadSummary(LoadCounts, LoadSource):
    pass


class AppliedOption(Schema):
    option: str
    value: bool | int | str | list[str]
    said: str = Field(description="“with this file”, or “before”: the dataset remembers it.")
    file: int | None = Field(None, description="The file with which it was said before; null: by staff.")
    file_name: str | None = None


class Note(Schema):
    kind: notes.NoteKind = Field(description="What it is about; kinds may be added, none changes its meaning.")
    figures: dict[str, Any] = Field(description="Line numbers, counts, names, samples of text: each kind has its own.")
    sentence: str = Field(description="As in `notes`.")

    @staticmethod
    def resolve_sentence(note: notes.Note) -> str:
        return sentence_of(note)


class LoadDetails(Schema):
    """How it was understood."""

    naming: str = Field(
        "", description="How its name is settled when it is activated; empty where `dataset` says all there is."
    )
    columns: list[Column]
    notes: list[str] = Field(validation_alias="sentences", description="What was decided on what evidence.")
    note_details: list[Note] = Field(
        validation_alias="notes", description="The same in the same order, with what programs can go by."
    )
    told: list[AppliedOption] = Field(
        validation_alias="applied_options", description="The reading options that applied."
    )


class LoadReceipt(LoadCounts, LoadDetails, LoadSource):
    # fields come in the order of the bases, the last one first: that of the contract
    pass


class Progress(Schema):
    phase: str
    bytes_done: int = Field(validation_alias="done")
    bytes_total: int = Field(validation_alias="total", description="0 while the sender has not said how many.")
    rows_done: int = Field(validation_alias="rows")


class FileCounts(Schema):
    loaded: int
    rejected: int


class FileFacts(Schema):
    id: int = Field(validation_alias="file_id")
    name: str
    bytes: int = Field(validation_alias="size")
    sha256: str
    state: str
    state_word: str = Field(description="The state as a page shows it.")
    error: FileError | None
    uploaded_at: datetime
    rows: FileCounts = Field(validation_alias="counts")
    same_content_as: int | None = Field(
        description="A file with the same content, an active one first; only one of which you may know."
    )
    reading_of: int | None = Field(
        validation_alias="version_of", description="The file that was sent, where this one is the same read again."
    )
    read_again_as: list[int] = Field(
        validation_alias="other_versions", description="The other readings of the file that was sent."
    )
    review: Review = Field(description="What was said of it while it waits for staff; empty: nothing.")
    declined: Declined | None = Field(None, description="Why, of a declined file; for its sender and staff.")
    question: Question | None = Field(None, description="What staff ask, and the answer; for its sender and staff.")
    guards: list[TrippedGuard] = Field([], description="Why guards of its datasets have it wait for a person.")
    answer_by: datetime | None = Field(
        None, description="When it is declined by itself, if nobody answers what it waits for; null: it waits for none."
    )
    kept_until: datetime | None = Field(
        None, description="When a visitor's file is deleted by itself, if nobody ever activates it; null: never."
    )
    replaced: list[int] = Field(description="Files whose place it took and that can be put back.")
    options: dict[str, bool | int | str | list[str]] = Field(description="The options given for reading it.")
    progress: Progress

    @staticmethod
    def resolve_declined(receipt: FileReceipt) -> Decline | None:
        return receipt.conversation.declined

    @staticmethod
    def resolve_question(receipt: FileReceipt) -> Asked | None:
        return receipt.conversation.question


class Receipt(FileFacts):
    loads: list[LoadReceipt]


class Can(Schema):
    activate: bool
    deactivate: bool
    delete: bool
    retry: bool
    mend: bool = Field(description="Fix and load rejected rows.")
    read_again: bool
    add: bool = Field(description="Load it although its bytes are here already.")
    replace: bool = Field(description="Let it take the place of active files.")
    put_back: bool = Field(description="Put the files back whose place it took.")
    decline: bool
    take_up: bool = Field(description="Undo that it was declined, or that its sender was asked.")
    ask: bool = Field(description="Ask its sender.")
    answer: bool = Field(description="Answer what staff ask, as its sender.")
    withdraw: bool = Field(description="Take it back, as its sender: until it is active for the first time.")


class Button(Schema):
    act: str
    label: str = Field(description="What its button says.")
    files: list[int] = Field(description="Of “replace”: the files whose place it takes.")


class RelatedFile(Schema):
    file: int = Field(validation_alias="file_id")
    words: str = Field(description="How the file relates to that one.")


class NoticePiece(Schema):
    text: str
    file: int | None = Field(validation_alias="file_id", description="The other file that it names.")


class Offered(Schema):
    """What a page shows beside the facts."""

    can: Can = Field(description="What you may do to it in the state it is in.")
    notice: str = Field(description="What it waits for, for people; empty where nothing is to be said.")
    notice_pieces: list[NoticePiece] = Field(description="The notice, with what names another file apart.")
    related: RelatedFile | None = Field(description="The file that it repeats.")
    buttons: list[Button] = Field(description="What a page offers you to do now.")
    answer: str = Field(description="What leads to the questions on its receipt that are for you; empty without any.")


class File(Offered, Receipt):
    receipt: str = Field(validation_alias="address", description="Address of its receipt.")


class ListedFile(Offered, FileFacts):
    loads: list[LoadSummary]
    option_words: list[str] = Field(description="The same as `options`, for people: one entry for each.")
    receipt: str = Field(
        validation_alias="address", description="Address of its receipt, where the columns are told too."
    )


class FilePage(Schema):
    files: list[ListedFile]
    next: str | None = Field(description="Give it as `after` to get the next page; null on the last one.")


class ReplacedFiles(Schema):
    model_config = ConfigDict(extra="forbid")

    files: list[Annotated[int, Field(ge=1, le=2**31 - 1)]] = Field(
        max_length=1_000,
        description="The active files whose place it takes.",
        json_schema_extra={"minItems": 1},
    )


def as_json(schema: type[Schema], value: object) -> dict[str, Any]:
    """A value that a service returned, in the shape of a schema; dates stay dates."""
    return schema.from_orm(value).model_dump()
