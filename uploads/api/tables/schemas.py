"""The shapes of tables of the database that become datasets, or are shown as such."""

from ninja import Schema
from pydantic import ConfigDict, Field

from uploads.services.datasets.reflection import RowsKnown

TABLE = r'^(?:"(?:[^"\x00]|"")+"|[A-Za-z_][\w$]*)\.(?:"(?:[^"\x00]|"")+"|[A-Za-z_][\w$]*)$'
"""As SQL writes it."""


class WantedTable(Schema):
    model_config = ConfigDict(extra="forbid")

    table: str = Field(
        max_length=300,
        description="With its schema, such as `erp.items`.",
        json_schema_extra={"pattern": TABLE},
    )
    dry_run: bool = Field(default=False, description="Only tell what would happen.")


class AdoptedWish(WantedTable):
    merge: bool = Field(default=False, description="Files update it by its primary key.")
    cast: bool = Field(default=False, description="Change types that datasets do not have: every row is written anew.")


class PublishedWish(WantedTable):
    key: list[str] | None = Field(
        None,
        max_length=8,
        description="Columns that tell the rows of a view apart of which PostgreSQL knows none, so that its pages have"
        " no end; looked at before. Said of a table that is published it takes the place of the key said before.",
    )


class Obstacle(Schema):
    kind: str = Field(description="Stable: programs go by it.")
    names: list[str]
    message: str
    hint: str = Field(description="The way out.")


class AdoptionColumn(Schema):
    name: str
    type: str = Field(description="In the database.")
    becomes: str = Field(description="In the dataset.")
    is_rewritten: bool


class AdoptionPlan(Schema):
    table: str
    slug: str = Field(description="Of the dataset.")
    rows: int | None = Field(description="As PostgreSQL estimates; null where it does not.")
    possible: bool = Field(validation_alias="is_possible")
    key: list[str]
    columns: list[AdoptionColumn]
    obstacles: list[Obstacle]
    consequences: list[str]


class AdoptedTable(Schema):
    table: str = Field(description="What it was called.")
    slug: str
    file: int = Field(validation_alias="file_id", description="The file that its rows are of.")
    rows: int


class ReleasedTable(Schema):
    slug: str
    table: str
    rows: int


class PublicationColumn(Schema):
    name: str
    type: str = Field(description="In the database.")
    becomes: str = Field(description="In the dataset; text for whatever has no type here.")


class PublicationPlan(Schema):
    table: str
    slug: str = Field(description="Of the dataset.")
    kind: str = Field(description="table, partitioned table, view, materialized view or foreign table.")
    rows: int | None = Field(validation_alias="figure.rows", description="As PostgreSQL estimates.")
    rows_known: RowsKnown = Field(validation_alias="figure.known")
    possible: bool = Field(validation_alias="is_possible")
    columns: list[PublicationColumn]
    obstacles: list[Obstacle]
    consequences: list[str]
    is_keyless: bool = Field(description="Nothing is known that tells its rows apart: its pages end.")
    key: list[str] = Field(description="What staff said that does, or say now.")


class PublishedTable(Schema):
    table: str
    slug: str


class ListedTable(Schema):
    table: str = Field(description="As SQL writes it.")
    kind: str = Field(description="table, partitioned table, view, materialized view or foreign table.")
    rows: int | None = Field(description="As PostgreSQL estimates; null where it does not.")
    dataset: str | None = Field(description="The slug of the read-only dataset that shows it.")

    @staticmethod
    def resolve_dataset(listed: object) -> str | None:
        return getattr(listed, "dataset", "") or None


class TableList(Schema):
    tables: list[ListedTable]
    more: int = Field(description="How many more there are.")
