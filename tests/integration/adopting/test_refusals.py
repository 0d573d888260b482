"""What keeps a table from becoming a dataset is said, all of it, and nothing changed; what no file has is not lost."""

from collections.abc import Callable

import pytest
from django.core.management.base import CommandError

from tests.integration.adopting.conftest import KEYED, execute
from tests.integration.conftest import Pipeline, rows
from tests.integration.datasets.test_migrations_back import back_to
from uploads.database.adopting.existing_tables import look_at
from uploads.models import Dataset, UploadedFile
from uploads.services.adopting.adoption import adopt_table
from uploads.services.adopting.obstacles import AdoptionObstacle, obstacles_of
from uploads.services.adopting.plan import plan_adoption
from uploads.services.adopting.release import release_table
from uploads.services.columns.change import Change
from uploads.services.columns.requests import ask_for_change
from uploads.services.errors import CannotAdopt, CannotRelease, DatasetNotFound, StateConflict
from uploads.services.files.activation import activate_file, deactivate_file, delete_file, retry_file
from uploads.services.files.dataset_deletion import delete_dataset
from uploads.services.merging.modes import change_mode
from uploads.services.obstacle import Obstacle
from uploads.services.receiving.reimport import ReimportRequest, reimport_file
from uploads.services.receiving.sender import Sender
from uploads.states import FileState, Mode
from uploads.tabular.errors import BadOption
from uploads.tabular.table import ColumnType

FAULTS: dict[AdoptionObstacle, str] = {
    AdoptionObstacle.NOT_A_TABLE: (
        "ALTER TABLE erp.items RENAME TO base; CREATE VIEW erp.items AS SELECT * FROM erp.base"
    ),
    AdoptionObstacle.NOT_KEPT: "ALTER TABLE erp.items SET UNLOGGED",
    AdoptionObstacle.INHERITANCE: "CREATE TABLE erp.more () INHERITS (erp.items)",
    AdoptionObstacle.ROW_SECURITY: "ALTER TABLE erp.items ENABLE ROW LEVEL SECURITY",
    AdoptionObstacle.FOREIGN_KEYS: (
        "CREATE TABLE erp.names (name text PRIMARY KEY); UPDATE erp.items SET name = NULL;"
        " ALTER TABLE erp.items ADD FOREIGN KEY (name) REFERENCES erp.names"
    ),
    AdoptionObstacle.REFERENCED_BY: (
        "CREATE UNIQUE INDEX one ON erp.items (code);"
        " CREATE TABLE erp.orders (code varchar(20) REFERENCES erp.items (code))"
    ),
    AdoptionObstacle.VIEWS: "CREATE VIEW erp.dear AS SELECT * FROM erp.items WHERE price > 100",
    AdoptionObstacle.RULES: "CREATE RULE quiet AS ON DELETE TO erp.items DO INSTEAD NOTHING",
    AdoptionObstacle.TRIGGERS: (
        "CREATE TRIGGER same BEFORE UPDATE ON erp.items FOR EACH ROW EXECUTE FUNCTION"
        " suppress_redundant_updates_trigger()"
    ),
    AdoptionObstacle.DEPENDENTS: "CREATE FUNCTION erp.one(erp.items) RETURNS text LANGUAGE sql AS $$ SELECT $1.name $$",
    AdoptionObstacle.PRIMARY_KEY: KEYED.format("erp.items"),
    AdoptionObstacle.UNIQUE: "CREATE UNIQUE INDEX by_name ON erp.items (name)",
    AdoptionObstacle.EXCLUSIONS: "ALTER TABLE erp.items ADD EXCLUDE USING btree (code WITH =)",
    AdoptionObstacle.GENERATED: "ALTER TABLE erp.items ADD COLUMN twice numeric GENERATED ALWAYS AS (price * 2) STORED",
    AdoptionObstacle.NAMES: 'ALTER TABLE erp.items RENAME COLUMN name TO _file; ALTER TABLE erp.items ADD "Unit" text',
    AdoptionObstacle.NO_COLUMNS: "DROP TABLE erp.items; CREATE TABLE erp.items ()",
    AdoptionObstacle.TYPES: "ALTER TABLE erp.items ADD COLUMN pieces integer",
    AdoptionObstacle.DATES: "ALTER TABLE erp.items ADD COLUMN until date DEFAULT 'infinity'",
    AdoptionObstacle.CLASHES: "CREATE TABLE data.items_by_code ()",
}
ELSEWHERE = {
    AdoptionObstacle.OURS,
    AdoptionObstacle.SYSTEM,
    AdoptionObstacle.DATASET,
    AdoptionObstacle.EXTENSION,
    AdoptionObstacle.NAME_TAKEN,
    AdoptionObstacle.NO_PRIVILEGE,
    AdoptionObstacle.NO_KEY,
    AdoptionObstacle.TOO_MANY_COLUMNS,
    AdoptionObstacle.TABLE_NAME,
    AdoptionObstacle.PUBLISHED,  # in tests/integration/publishing
}
"""Tried below."""


@pytest.mark.parametrize("kind", FAULTS)
def test_what_is_in_the_way_is_named_and_nothing_changed(erp: str, kind: AdoptionObstacle) -> None:
    execute(FAULTS[kind])
    before = rows("SELECT oid, relname, relkind, relnamespace FROM pg_class ORDER BY oid")
    plan = plan_adoption(table=erp)
    assert kind in [each.kind for each in plan.obstacles]
    with pytest.raises(CannotAdopt) as refusal:
        adopt_table(table=erp)
    assert all(obstacle.message in refusal.value.message for obstacle in plan.obstacles)
    assert rows("SELECT oid, relname, relkind, relnamespace FROM pg_class ORDER BY oid") == before
    assert not Dataset.objects.exists()


def test_every_kind_is_tried() -> None:
    assert set(FAULTS) | ELSEWHERE == set(AdoptionObstacle)
    assert all(Obstacle(kind=kind).sentence.endswith(".") for kind in AdoptionObstacle)


def test_all_reasons_are_listed_at_once(erp: str) -> None:
    for kind in (AdoptionObstacle.VIEWS, AdoptionObstacle.UNIQUE, AdoptionObstacle.TRIGGERS, AdoptionObstacle.TYPES):
        execute(FAULTS[kind])
    found = {each.kind: each for each in plan_adoption(table=erp).obstacles}
    assert set(found) == {"views", "unique", "triggers", "types"}
    assert "--cast" in found[AdoptionObstacle.TYPES].hint  # as the command calls it


def test_further_refusals(erp: str) -> None:
    def kinds(table: str, **said: bool) -> list[str]:
        return [each.kind.value for each in plan_adoption(table=table, **said).obstacles]

    assert kinds("public.uploads_dataset") == ["ours"]
    assert kinds("pg_catalog.pg_class", merge=True, cast=True) == ["system"]
    assert kinds("information_schema.sql_features", cast=True) == ["system"]
    assert kinds(erp, merge=True) == ["no_key"]
    execute('CREATE TABLE data."Items" (code text); CREATE TABLE erp.wide (c0 text)')
    assert kinds("data.Items") == ["table_name"]
    execute("ALTER TABLE erp.wide " + ", ".join(f"ADD c{number} text" for number in range(1, 1_598)))
    assert kinds("erp.wide") == ["too_many_columns"]
    with pytest.raises(DatasetNotFound):
        plan_adoption(table="erp.nothing")
    for wrong in ("items", ".items", "erp.", "erp.\0"):
        with pytest.raises(BadOption):
            plan_adoption(table=wrong)


def test_table_of_others_and_of_an_extension(erp: str) -> None:
    execute("ALTER EXTENSION plpgsql ADD TABLE erp.items; SET ROLE erp_readers")
    try:
        table = look_at(schema="erp", name="items")
    finally:
        execute("RESET ROLE; ALTER EXTENSION plpgsql DROP TABLE erp.items")
    assert table is not None
    assert [each.kind for each in obstacles_of(table, merge=False, cast=False)] == ["extension", "no_privilege"]


def test_name_of_a_dataset_whose_own_table_somebody_dropped(pipeline: Pipeline) -> None:
    pipeline.load("a,b\n1,2\n", "plain.csv")
    execute("DROP TABLE data.plain; CREATE TABLE data.plain (a text)")
    assert [each.kind for each in plan_adoption(table="data.plain").obstacles] == ["name_taken"]


def test_old_schema_that_is_gone_keeps_the_table_where_it_is(erp: str) -> None:
    adopt_table(table=erp)
    execute("DROP VIEW erp.items; ALTER SCHEMA erp RENAME TO old_erp")
    try:
        with pytest.raises(CannotRelease, match="PostgreSQL refuses"):
            release_table(slug="items")
    finally:
        execute("ALTER SCHEMA old_erp RENAME TO erp")
    release_table(slug="items")
    assert rows("SELECT count(*) FROM erp.items") == [(500,)]


def test_key_of_two_unique_ones_is_not_enough(erp: str) -> None:
    execute(KEYED.format(erp))
    assert plan_adoption(table=erp, merge=True).is_possible
    execute("CREATE UNIQUE INDEX by_name ON erp.items (name)")
    [obstacle] = plan_adoption(table=erp, merge=True).obstacles
    assert (obstacle.kind, obstacle.names, obstacle.hint) == ("unique", ("by_name",), "Drop them first.")


def test_way_out_of_a_primary_key_names_no_other_keys(erp: str) -> None:
    """Each line says what is to be done: beside a primary key that is the only one, nothing is to be dropped."""
    execute(KEYED.format(erp))
    [obstacle] = plan_adoption(table=erp).obstacles
    assert (obstacle.kind, obstacle.names) == ("primary_key", ("items_pkey",))
    assert "--merge" in obstacle.hint
    execute("CREATE UNIQUE INDEX by_name ON erp.items (name)")
    assert [(each.kind, each.names) for each in plan_adoption(table=erp).obstacles] == [
        ("primary_key", ("items_pkey",)),
        ("unique", ("by_name",)),
    ]
    execute("ALTER TABLE erp.items DROP CONSTRAINT items_pkey")
    [obstacle] = plan_adoption(table=erp).obstacles
    assert (obstacle.kind, obstacle.hint) == ("unique", "Drop them first.")


def _read_again(file_id: int) -> object:
    return reimport_file(
        file_id=file_id, wish=ReimportRequest(options={}), reader=Sender(is_staff=True), via=UploadedFile.Via.COMMAND
    )


ACTS: dict[str, Callable[[int], object]] = {
    "load again": lambda file_id: retry_file(file_id=file_id),
    "read again": _read_again,
    "delete": lambda file_id: delete_file(file_id=file_id),
    "delete the dataset": lambda _: delete_dataset(dataset_id=Dataset.objects.get().pk),
    "change a column": lambda _: ask_for_change(slug="items", change=Change(types={"price": ColumnType.TEXT})),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("active", [True, False])
def test_what_no_file_has_is_never_lost(erp: str, act: str, active: bool) -> None:
    done = adopt_table(table=erp)
    if not active:
        deactivate_file(file_id=done.file_id)
    with pytest.raises(StateConflict, match="was a table of the database"):
        ACTS[act](done.file_id)
    assert UploadedFile.objects.get().state == (FileState.ACTIVE if active else FileState.LOADED)
    release_table(slug="items")
    assert rows("SELECT count(*) FROM erp.items") == [(500,)]


def test_table_that_a_new_key_does_not_tell_apart_stays_off(erp: str, pipeline: Pipeline) -> None:
    execute("UPDATE erp.items SET name = 'same'")
    done = adopt_table(table=erp)
    pipeline.load("code,name,price\nA1,new,7.50\n")
    deactivate_file(file_id=done.file_id)
    change_mode(slug="items", mode=Mode.MERGE, key=["name"])
    with pytest.raises(StateConflict, match="499 rows with the “name” of an earlier one"):
        activate_file(file_id=done.file_id)
    change_mode(slug="items", mode=Mode.APPEND)
    activate_file(file_id=done.file_id)
    assert rows("SELECT count(*) FROM erp.items") == [(501,)]


def test_what_took_the_old_name_or_reads_it_keeps_the_table(erp: str) -> None:
    adopt_table(table=erp)
    execute("CREATE VIEW erp.reader AS SELECT * FROM erp.items")
    with pytest.raises(Exception, match="depends on this table"):
        release_table(slug="items")
    execute("DROP VIEW erp.reader, erp.items; CREATE TABLE erp.items ()")
    with pytest.raises(CannotRelease, match="Something else is called"):
        release_table(slug="items")
    assert rows("SELECT count(*) FROM data.items") == [(500,)]
    execute("DROP TABLE erp.items")
    release_table(slug="items")
    assert rows("SELECT count(*) FROM erp.items") == [(500,)]


def test_dataset_of_files_is_not_released(pipeline: Pipeline) -> None:
    pipeline.load("a,b\n1,2\n", "plain.csv")
    with pytest.raises(CannotRelease, match="never a table"):
        release_table(slug="plain")


@pytest.mark.thorough
def test_migration_is_undone_when_all_tables_are_released(erp: str) -> None:
    before = "0023_2026_11_28_2109_second_file"
    adopt_table(table=erp)
    with pytest.raises(CommandError, match=r"1 dataset\(s\).*\(items\).*release_table"), back_to(before):
        pytest.fail("what it was would be forgotten")
    release_table(slug="items")
    with back_to(before):
        assert rows("SELECT via, state FROM uploads_uploadedfile") == [("command", "deleted")]


def test_second_click_is_told_that_it_is_a_dataset_by_now(erp: str) -> None:
    adopt_table(table=erp)
    with pytest.raises(CannotAdopt, match="It is a dataset already: items"):
        adopt_table(table=erp)
