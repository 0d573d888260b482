"""What keeps a table from becoming a dataset: each kind with its way out, and the sentence that says so."""

from collections.abc import Iterator
from enum import StrEnum

from uploads.database.adopting.existing_tables import ExistingTable
from uploads.database.statements import SCHEMA
from uploads.services.obstacle import Obstacle
from uploads.tabular.names import column_names, dataset_slug

MOST_COLUMNS = 1_597
"""PostgreSQL's 1,600, without ``_file``, ``_load`` and ``_row``."""
_PLAIN = "r"


class AdoptionObstacle(StrEnum):
    """The values are shown by ``--json`` and never renamed."""

    NOT_A_TABLE = "not_a_table"
    SYSTEM = "system"
    DATASET = "dataset"
    OURS = "ours"
    EXTENSION = "extension"
    NOT_KEPT = "not_kept"
    NO_PRIVILEGE = "no_privilege"
    INHERITANCE = "inheritance"
    ROW_SECURITY = "row_security"
    FOREIGN_KEYS = "foreign_keys"
    REFERENCED_BY = "referenced_by"
    VIEWS = "views"
    RULES = "rules"
    TRIGGERS = "triggers"
    DEPENDENTS = "dependents"
    PRIMARY_KEY = "primary_key"
    UNIQUE = "unique"
    NO_KEY = "no_key"
    EXCLUSIONS = "exclusions"
    GENERATED = "generated"
    NAMES = "names"
    NO_COLUMNS = "no_columns"
    TOO_MANY_COLUMNS = "too_many_columns"
    TYPES = "types"
    DATES = "dates"
    TABLE_NAME = "table_name"
    NAME_TAKEN = "name_taken"
    CLASHES = "clashes"
    PUBLISHED = "published"

    @property
    def words(self) -> tuple[str, str]:
        """What is said of it, and the way out."""
        return _WORDS[self]


_WORDS: dict[AdoptionObstacle, tuple[str, str]] = {
    AdoptionObstacle.NOT_A_TABLE: ("It is not a plain table", "Adopt the tables that it shows, or load it as a file."),
    AdoptionObstacle.SYSTEM: ("It belongs to PostgreSQL itself", "Choose another table, or copy what you need."),
    AdoptionObstacle.DATASET: ("It is a dataset already", "Send files to it, or choose another table."),
    AdoptionObstacle.OURS: ("It is one of this site's own tables", "Choose another table."),
    AdoptionObstacle.EXTENSION: ("It belongs to an extension", "Choose another table."),
    AdoptionObstacle.NOT_KEPT: ("Its rows do not outlast a crash or its session", "ALTER TABLE … SET LOGGED first."),
    AdoptionObstacle.NO_PRIVILEGE: ("This site's role does not own it", "ALTER TABLE … OWNER TO that role first."),
    AdoptionObstacle.INHERITANCE: ("It is a part of another table, or has parts", "Adopt a plain table."),
    AdoptionObstacle.ROW_SECURITY: (
        "Row security hides some of its rows, and whoever reads the dataset could read them",
        "Take its policies away first, if that is meant.",
    ),
    AdoptionObstacle.FOREIGN_KEYS: (
        "It refers to other tables, which files would not be held to",
        "Drop the foreign keys first.",
    ),
    AdoptionObstacle.REFERENCED_BY: ("Other tables refer to it", "Drop those foreign keys first."),
    AdoptionObstacle.VIEWS: (
        "Views read it, and would keep reading its rows alone",
        "Drop them, and make them again after.",
    ),
    AdoptionObstacle.RULES: ("It has rules, which would not be asked any more", "Drop them first."),
    AdoptionObstacle.TRIGGERS: ("It has triggers, which would not be asked any more", "Drop them first."),
    AdoptionObstacle.DEPENDENTS: ("This depends on it", "Drop it first, or ask whoever made it."),
    AdoptionObstacle.PRIMARY_KEY: (
        "Its primary key lets no value come twice, and files that only add rows would not be held to it",
        "Have files update it by that (--merge, “Files update it by its primary key” in the admin), or drop it first.",
    ),
    AdoptionObstacle.UNIQUE: ("It lets no value come twice, and files would not be held to that", "Drop them first."),
    AdoptionObstacle.NO_KEY: ("It has no primary key for files to update it by", "Do not merge, or give it one."),
    AdoptionObstacle.EXCLUSIONS: ("It has exclusion constraints, which files would not be held to", "Drop them first."),
    AdoptionObstacle.GENERATED: (
        "These columns are computed or numbered by PostgreSQL, and files would fill them",
        "ALTER COLUMN … DROP EXPRESSION or DROP IDENTITY first.",
    ),
    AdoptionObstacle.NAMES: (
        "No file could have columns of these names",
        "Rename them: small letters, digits and single underscores, a letter first.",
    ),
    AdoptionObstacle.NO_COLUMNS: ("It has no columns", "Choose another table."),
    AdoptionObstacle.TOO_MANY_COLUMNS: (f"It has more than {MOST_COLUMNS:,} columns", "Choose another table."),
    AdoptionObstacle.TYPES: (
        "Datasets have no such types, and to change them every row is written anew",
        "Have them changed (--cast, “Change types” in the admin): to bigint, double precision or text.",
    ),
    AdoptionObstacle.DATES: ("These columns have infinite dates, or years outside 1 to 9999", "Mend those rows first."),
    AdoptionObstacle.TABLE_NAME: (
        "No dataset could have its name",
        "Rename it: small letters, digits and single underscores, a letter first, at most 50 bytes.",
    ),
    AdoptionObstacle.NAME_TAKEN: ("A dataset has its name already", "Rename it first."),
    AdoptionObstacle.CLASHES: (
        f"Its indexes or sequences have names that are taken in the schema “{SCHEMA}”",
        "Rename them first.",
    ),
    AdoptionObstacle.PUBLISHED: ("It is shown as it is by a dataset", "Unpublish that first (unpublish_table)."),
}


def obstacles_of(table: ExistingTable, *, merge: bool, cast: bool) -> tuple[Obstacle[AdoptionObstacle], ...]:
    """All that the catalogue shows, not only the first."""
    found = [Obstacle(kind=kind, names=names) for kind, names in _found(table, merge=merge, cast=cast)]
    return tuple(found)


def _found(table: ExistingTable, *, merge: bool, cast: bool) -> Iterator[tuple[AdoptionObstacle, tuple[str, ...]]]:
    if table.schema == "information_schema" or table.schema.startswith("pg_"):
        yield AdoptionObstacle.SYSTEM, ()
        return
    if table.kind != _PLAIN:
        yield AdoptionObstacle.NOT_A_TABLE, ()
        return
    if table.is_ours:
        yield AdoptionObstacle.OURS, ()
        return
    if table.extension:
        yield AdoptionObstacle.EXTENSION, (table.extension,)
    if table.persistence != "p":
        yield AdoptionObstacle.NOT_KEPT, ()
    if not table.may_alter:
        yield AdoptionObstacle.NO_PRIVILEGE, ()
    if table.is_inherited or table.is_typed:
        yield AdoptionObstacle.INHERITANCE, ()
    if table.is_guarded:
        yield AdoptionObstacle.ROW_SECURITY, ()
    yield from _named(table)
    yield from _of_key(table, merge=merge)
    yield from _of_columns(table, cast=cast)
    if table.schema == SCHEMA and dataset_slug(table.name) != table.name:
        yield AdoptionObstacle.TABLE_NAME, ()


def _named(table: ExistingTable) -> Iterator[tuple[AdoptionObstacle, tuple[str, ...]]]:
    by_kind = {
        AdoptionObstacle.FOREIGN_KEYS: table.foreign_keys,
        AdoptionObstacle.REFERENCED_BY: table.referenced_by,
        AdoptionObstacle.VIEWS: table.views,
        AdoptionObstacle.RULES: table.rules,
        AdoptionObstacle.TRIGGERS: table.triggers,
        AdoptionObstacle.DEPENDENTS: table.dependents,
        AdoptionObstacle.EXCLUSIONS: table.exclusions,
        AdoptionObstacle.CLASHES: table.clashes,
    }
    yield from ((kind, names) for kind, names in by_kind.items() if names)


def _of_key(table: ExistingTable, *, merge: bool) -> Iterator[tuple[AdoptionObstacle, tuple[str, ...]]]:
    if merge and not table.primary_key:
        yield AdoptionObstacle.NO_KEY, ()
    keys = tuple(index.name for index in table.unique if index.is_primary and index.columns)
    if keys and not merge:
        yield AdoptionObstacle.PRIMARY_KEY, keys
    held = tuple(index.name for index in table.unique if index.name not in keys)
    if held:
        yield AdoptionObstacle.UNIQUE, held


def _of_columns(table: ExistingTable, *, cast: bool) -> Iterator[tuple[AdoptionObstacle, tuple[str, ...]]]:
    if not table.columns:
        yield AdoptionObstacle.NO_COLUMNS, ()
    if len(table.columns) > MOST_COLUMNS:
        yield AdoptionObstacle.TOO_MANY_COLUMNS, ()
    generated = tuple(column.name for column in table.columns if column.is_generated)
    if generated:
        yield AdoptionObstacle.GENERATED, generated
    names = [column.name for column in table.columns]
    unlike = tuple(name for name, made in zip(names, column_names(names), strict=True) if name != made)
    if unlike:
        yield AdoptionObstacle.NAMES, unlike
    if not cast:
        rewritten = tuple(f"{column.name} {column.type}" for column in table.columns if column.is_rewritten)
        if rewritten:
            yield AdoptionObstacle.TYPES, rewritten
