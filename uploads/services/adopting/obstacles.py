"""What keeps a table from becoming a dataset: each kind with its way out, and the sentence that says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from uploads.database.adopting.existing_tables import ExistingTable
from uploads.database.rows import storable
from uploads.database.statements import SCHEMA
from uploads.tabular.names import column_names, dataset_slug

MOST_COLUMNS = 1_597
"""PostgreSQL's 1,600, without ``_file``, ``_load`` and ``_row``."""
_SHOWN = 8
_PLAIN = "r"


class ObstacleKind(StrEnum):
    """The values are shown by ``--json`` and never renamed."""

    NOT_A_TABLE = "not_a_table"
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


_WORDS: dict[ObstacleKind, tuple[str, str]] = {
    ObstacleKind.NOT_A_TABLE: ("It is not a plain table", "Adopt the tables that it shows, or load it as a file."),
    ObstacleKind.OURS: ("It is one of this site's own tables", "Choose another table."),
    ObstacleKind.EXTENSION: ("It belongs to an extension", "Choose another table."),
    ObstacleKind.NOT_KEPT: ("Its rows do not outlast a crash or its session", "ALTER TABLE … SET LOGGED first."),
    ObstacleKind.NO_PRIVILEGE: ("This site's role does not own it", "ALTER TABLE … OWNER TO that role first."),
    ObstacleKind.INHERITANCE: ("It is a part of another table, or has parts", "Adopt a plain table."),
    ObstacleKind.ROW_SECURITY: (
        "Row security hides some of its rows, and everybody could read them",
        "Take its policies away first, if that is meant.",
    ),
    ObstacleKind.FOREIGN_KEYS: (
        "It refers to other tables, which files would not be held to",
        "Drop the foreign keys first.",
    ),
    ObstacleKind.REFERENCED_BY: ("Other tables refer to it", "Drop those foreign keys first."),
    ObstacleKind.VIEWS: (
        "Views read it, and would keep reading its rows alone",
        "Drop them, and make them again after.",
    ),
    ObstacleKind.RULES: ("It has rules, which would not be asked any more", "Drop them first."),
    ObstacleKind.TRIGGERS: ("It has triggers, which would not be asked any more", "Drop them first."),
    ObstacleKind.DEPENDENTS: ("This depends on it", "Drop it first, or ask whoever made it."),
    ObstacleKind.UNIQUE: (
        "It lets no value come twice, and files would not be held to that",
        "Merging (--merge) makes its primary key the key by which files update it; drop the others first.",
    ),
    ObstacleKind.NO_KEY: ("It has no primary key for files to update it by", "Do not merge, or give it one."),
    ObstacleKind.EXCLUSIONS: ("It has exclusion constraints, which files would not be held to", "Drop them first."),
    ObstacleKind.GENERATED: (
        "These columns are computed or numbered by PostgreSQL, and files would fill them",
        "ALTER COLUMN … DROP EXPRESSION or DROP IDENTITY first.",
    ),
    ObstacleKind.NAMES: (
        "No file could have columns of these names",
        "Rename them: small letters, digits and single underscores, a letter first.",
    ),
    ObstacleKind.NO_COLUMNS: ("It has no columns", "Choose another table."),
    ObstacleKind.TOO_MANY_COLUMNS: (f"It has more than {MOST_COLUMNS:,} columns", "Choose another table."),
    ObstacleKind.TYPES: (
        "Datasets have no such types, and to change them every row is written anew",
        "Casting (--cast) does that: whole numbers become bigint, real becomes double precision, others text.",
    ),
    ObstacleKind.DATES: ("These columns have infinite dates, or years outside 1 to 9999", "Mend those rows first."),
    ObstacleKind.TABLE_NAME: (
        "No dataset could have its name",
        "Rename it: small letters, digits and single underscores, a letter first, at most 50 bytes.",
    ),
    ObstacleKind.NAME_TAKEN: ("A dataset has its name already", "Rename it first."),
    ObstacleKind.CLASHES: (
        f"Its indexes or sequences have names that are taken in the schema “{SCHEMA}”",
        "Rename them first.",
    ),
    ObstacleKind.PUBLISHED: ("It is shown as it is by a dataset", "Unpublish that first (unpublish_table)."),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Obstacle:
    """One reason, with the names that people need to do something about it."""

    kind: ObstacleKind
    names: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """``Views read it, and would keep reading its rows alone: prices_view.``"""
        shown = ", ".join(map(storable, self.names[:_SHOWN]))
        more = f" and {len(self.names) - _SHOWN:,} more" if len(self.names) > _SHOWN else ""
        return f"{_WORDS[self.kind][0]}{f': {shown}{more}' if shown else ''}."

    @property
    def hint(self) -> str:
        return _WORDS[self.kind][1]

    @property
    def sentence(self) -> str:
        return f"{self.message} {self.hint}"


def obstacles_of(table: ExistingTable, *, merge: bool, cast: bool) -> tuple[Obstacle, ...]:
    """All that the catalogue shows, not only the first."""
    found = [Obstacle(kind=kind, names=names) for kind, names in _found(table, merge=merge, cast=cast)]
    return tuple(found)


def _found(table: ExistingTable, *, merge: bool, cast: bool) -> Iterator[tuple[ObstacleKind, tuple[str, ...]]]:
    if table.kind != _PLAIN:
        yield ObstacleKind.NOT_A_TABLE, ()
        return
    if table.is_ours:
        yield ObstacleKind.OURS, ()
        return
    if table.extension:
        yield ObstacleKind.EXTENSION, (table.extension,)
    if table.persistence != "p":
        yield ObstacleKind.NOT_KEPT, ()
    if not table.may_alter:
        yield ObstacleKind.NO_PRIVILEGE, ()
    if table.is_inherited or table.is_typed:
        yield ObstacleKind.INHERITANCE, ()
    if table.is_guarded:
        yield ObstacleKind.ROW_SECURITY, ()
    yield from _named(table)
    yield from _of_key(table, merge=merge)
    yield from _of_columns(table, cast=cast)
    if table.schema == SCHEMA and dataset_slug(table.name) != table.name:
        yield ObstacleKind.TABLE_NAME, ()


def _named(table: ExistingTable) -> Iterator[tuple[ObstacleKind, tuple[str, ...]]]:
    by_kind = {
        ObstacleKind.FOREIGN_KEYS: table.foreign_keys,
        ObstacleKind.REFERENCED_BY: table.referenced_by,
        ObstacleKind.VIEWS: table.views,
        ObstacleKind.RULES: table.rules,
        ObstacleKind.TRIGGERS: table.triggers,
        ObstacleKind.DEPENDENTS: table.dependents,
        ObstacleKind.EXCLUSIONS: table.exclusions,
        ObstacleKind.CLASHES: table.clashes,
    }
    yield from ((kind, names) for kind, names in by_kind.items() if names)


def _of_key(table: ExistingTable, *, merge: bool) -> Iterator[tuple[ObstacleKind, tuple[str, ...]]]:
    if merge and not table.primary_key:
        yield ObstacleKind.NO_KEY, ()
    held = tuple(index.name for index in table.unique if not (merge and index.is_primary and index.columns))
    if held:
        yield ObstacleKind.UNIQUE, held


def _of_columns(table: ExistingTable, *, cast: bool) -> Iterator[tuple[ObstacleKind, tuple[str, ...]]]:
    if not table.columns:
        yield ObstacleKind.NO_COLUMNS, ()
    if len(table.columns) > MOST_COLUMNS:
        yield ObstacleKind.TOO_MANY_COLUMNS, ()
    generated = tuple(column.name for column in table.columns if column.is_generated)
    if generated:
        yield ObstacleKind.GENERATED, generated
    names = [column.name for column in table.columns]
    unlike = tuple(name for name, made in zip(names, column_names(names), strict=True) if name != made)
    if unlike:
        yield ObstacleKind.NAMES, unlike
    if not cast:
        rewritten = tuple(f"{column.name} {column.type}" for column in table.columns if column.is_rewritten)
        if rewritten:
            yield ObstacleKind.TYPES, rewritten
