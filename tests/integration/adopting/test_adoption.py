"""A table that is there already becomes a dataset, files join it in every mode, and it is given back as it was."""

import io
import json
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.integration.adopting.conftest import ITEMS, KEYED, execute
from tests.integration.conftest import Pipeline, connection_parameters, data_tables, rows
from uploads.database.adopting import adoption as moves
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.adopting.adoption import adopt_table
from uploads.services.adopting.plan import plan_adoption
from uploads.services.adopting.release import release_table
from uploads.services.columns.change import Change
from uploads.services.columns.requests import ask_for_change
from uploads.services.errors import CannotRelease, StateConflict
from uploads.services.files.activation import activate_file, deactivate_file, delete_file
from uploads.services.files.receipts import describe_file
from uploads.services.files.replacement import put_back
from uploads.services.merging.modes import change_mode
from uploads.services.reading.pages import page_rows
from uploads.services.upkeep.sweep import sweep
from uploads.services.visibility import OPERATOR
from uploads.states import FileState, Mode
from uploads.tabular.table import ColumnType

FILE = "code,name,price\nA1,new,7.50\nB1,other,8\n"


def description(table: str) -> list[tuple[Any, ...]]:
    """What ``\\d+`` and ``\\dp`` show, and where its rows lie on disk."""
    return [
        *rows(
            "SELECT attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid),"
            " col_description(attrelid, attnum) FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND"
            " adnum = attnum WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            table,
        ),
        *rows("SELECT indexdef FROM pg_indexes WHERE schemaname || '.' || tablename = %s ORDER BY 1", table),
        *rows("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass", table),
        *rows("SELECT relacl::text, obj_description(oid), relkind FROM pg_class WHERE oid = %s::regclass", table),
        *rows(f"SELECT code, name, price FROM {table} ORDER BY price"),  # noqa: S608
    ]


def disk_file(table: str) -> int:
    [(number,)] = rows("SELECT pg_relation_filenode(%s::regclass)", table)
    return int(number)


def prices(table: str) -> dict[str, float]:
    return {code: float(price) for code, price in rows(f"SELECT code, price FROM {table}")}  # noqa: S608


def test_table_of_another_schema_becomes_a_dataset_and_is_given_back_as_it_was(erp: str) -> None:
    before, place = description(erp), disk_file(erp)
    done = adopt_table(table=erp)
    assert (done.slug, done.rows) == ("items", 500)
    assert disk_file(Load.objects.get(file=done.file_id).part.join(("data.", ""))) == place
    assert rows("SELECT code, _file, _row FROM data.items WHERE code = 'A7'") == [("A7", done.file_id, 0)]
    assert rows("SELECT * FROM erp.items WHERE code = 'A7'") == [("A7", "name 7", 7)]
    assert Dataset.objects.get().columns.get(name="price").description == "in euros"
    release_table(slug="items")
    assert description(erp) == before
    assert not Dataset.objects.exists()
    assert UploadedFile.objects.get().state == FileState.DELETED
    assert data_tables() == set()
    sweep()
    assert description(erp) == before


def test_rows_of_an_adopted_table_are_not_copied(erp: str) -> None:
    execute("ALTER TABLE erp.items ALTER COLUMN code TYPE text, ALTER COLUMN price TYPE numeric")
    place = disk_file(erp)
    done = adopt_table(table=erp)
    assert disk_file(f"data.{Load.objects.get(file=done.file_id).part}") == place
    release_table(slug="items")
    assert disk_file(erp) == place


def test_table_of_the_schema_data_keeps_its_name(data_schema: None) -> None:
    execute(ITEMS.format("data.items"))
    before = description("data.items")
    adopt_table(table="data.items")
    assert rows("SELECT * FROM data.items WHERE code = 'A7'")[0][:3] == ("A7", "name 7", 7)
    assert rows("SELECT relkind FROM pg_class WHERE oid = 'data.items'::regclass") == [("p",)]
    release_table(slug="items")
    assert description("data.items") == before


def test_old_readers_read_on_and_nobody_writes(erp: str) -> None:
    adopt_table(table=erp)
    with psycopg.connect(**connection_parameters(), autocommit=True) as session:
        session.execute("SET ROLE erp_readers")
        assert session.execute("SELECT count(*) FROM erp.items").fetchone() == (500,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("INSERT INTO erp.items VALUES ('X', 'x', 1)")


def test_file_of_the_same_columns_joins_and_goes_again(erp: str, pipeline: Pipeline) -> None:
    adopt_table(table=erp)
    file = pipeline.load(FILE)
    assert file.loads[0].dataset == "items"
    assert rows("SELECT count(*) FROM erp.items") == [(502,)]
    with pytest.raises(CannotRelease, match=f"File {file.file_id} was loaded"):
        release_table(slug="items")
    deactivate_file(file_id=file.file_id)
    with pytest.raises(CannotRelease):
        release_table(slug="items")
    delete_file(file_id=file.file_id)
    release_table(slug="items")
    assert rows("SELECT count(*) FROM erp.items") == [(500,)]


def test_file_takes_the_place_of_the_table_and_gives_it_back(erp: str, pipeline: Pipeline) -> None:
    done = adopt_table(table=erp)
    change_mode(slug="items", mode=Mode.REPLACE)
    file = pipeline.load(FILE)
    assert prices(erp) == {"A1": 7.5, "B1": 8}
    assert UploadedFile.objects.get(pk=done.file_id).state == FileState.LOADED
    put_back(file_id=file.file_id)
    assert len(prices(erp)) == 500
    delete_file(file_id=file.file_id)
    release_table(slug="items")
    assert prices(erp)["A1"] == 1


@pytest.mark.parametrize("at_once", [True, False])
def test_files_update_the_table_by_key_and_give_its_rows_back(erp: str, pipeline: Pipeline, at_once: bool) -> None:
    execute(KEYED.format(erp))
    before = description(erp)
    if not at_once:
        execute("ALTER TABLE erp.items DROP CONSTRAINT items_pkey")
    done = adopt_table(table=erp, merge=at_once)
    if not at_once:
        change_mode(slug="items", mode=Mode.MERGE, key=["code"])
    file = pipeline.load(FILE)
    seen = prices(erp)
    assert (len(seen), seen["A1"], seen["A2"], seen["B1"]) == (501, 7.5, 2, 8)
    deactivate_file(file_id=done.file_id)
    assert prices(erp) == {"A1": 7.5, "B1": 8}
    activate_file(file_id=done.file_id)
    assert prices(erp) == seen
    assert len(page_rows(slug="items", limit=1000).rows) == 501
    delete_file(file_id=file.file_id)
    release_table(slug="items")
    if at_once:
        assert sorted(description(erp), key=str) == sorted(before, key=str)
    assert prices(erp)["A1"] == 1


def test_rows_are_paged_without_numbers(erp: str, pipeline: Pipeline) -> None:
    adopt_table(table=erp)
    pipeline.load(FILE)
    found, after = [], None
    while True:
        page = page_rows(slug="items", after=after, limit=37)
        found += [row.values[0] for row in page.rows]
        if page.next is None:
            break
        after = page.next
    assert found == [*(f"A{number}" for number in range(1, 501)), "A1", "B1"]


def test_deep_page_goes_straight_to_its_blocks(erp: str) -> None:
    adopt_table(table=erp)
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        plan = "\n".join(
            line
            for (line,) in rows(
                "EXPLAIN SELECT code FROM data.items WHERE _file = %s AND ctid > '(1,0)' AND ctid <= '(2,0)'"
                " ORDER BY ctid LIMIT 10",
                UploadedFile.objects.get().pk,
            )
        )
        cursor.execute("RESET enable_seqscan")
    assert "Tid Range Scan" in plan


def test_types_that_datasets_lack_are_changed_only_when_asked_and_come_back(erp: str) -> None:
    execute("CREATE TYPE erp.mood AS ENUM ('good', 'bad')")
    execute(
        "CREATE TABLE erp.mixed (number serial, share real, id uuid DEFAULT gen_random_uuid(), tags int[],"
        " mood erp.mood DEFAULT 'bad', flag char(3), note text COLLATE \"C\")"
    )
    execute("INSERT INTO erp.mixed (share, tags, flag, note) VALUES (0.1, '{1,2}', 'a', 'n')")
    before = rows("SELECT * FROM erp.mixed")
    columns = rows(
        "SELECT column_name, data_type, column_default, collation_name FROM information_schema.columns"
        " WHERE table_schema = 'erp' AND table_name = 'mixed' ORDER BY ordinal_position"
    )
    plan = plan_adoption(table="erp.mixed")
    assert [each.kind for each in plan.obstacles] == ["types"]
    assert plan.obstacles[0].names[:2] == ("number integer", "share real")
    adopt_table(table="erp.mixed", cast=True)
    [(number, share, _, tags, mood, flag, note)] = rows("SELECT * FROM erp.mixed")
    assert (number, share, tags, mood, flag, note) == (1, 0.1, "{1,2}", "bad", "a", "n")
    release_table(slug="mixed")
    assert rows("SELECT * FROM erp.mixed") == before
    assert columns == rows(
        "SELECT column_name, data_type, column_default, collation_name FROM information_schema.columns"
        " WHERE table_schema = 'erp' AND table_name = 'mixed' ORDER BY ordinal_position"
    )


def test_session_that_ends_before_its_commit_leaves_the_table_as_it_was(
    erp: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, place = description(erp), disk_file(erp)
    create = moves.create_view_of_old_name

    def killed(*args: Any, **said: Any) -> None:
        create(*args, **said)
        [(pid,)] = rows("SELECT pg_backend_pid()")
        with psycopg.connect(**connection_parameters(), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [pid])
        rows("SELECT 1")

    monkeypatch.setattr(moves, "create_view_of_old_name", killed)
    with pytest.raises(Exception, match=r"terminat|closed"):
        adopt_table(table=erp)
    connection.close()
    assert description(erp) == before
    assert disk_file(erp) == place
    assert not UploadedFile.objects.exists()
    assert not Dataset.objects.exists()


def test_receipt_and_commands_tell_what_it_was(erp: str) -> None:
    out = io.StringIO()
    call_command("adopt_table", erp, "--dry-run", "--json", stdout=out)
    plan = json.loads(out.getvalue())
    assert (plan["possible"], plan["slug"], plan["obstacles"]) == (True, "items", [])
    assert plan["rows"] is None  # nothing has counted them yet: not 0
    assert rows("SELECT relkind FROM pg_class WHERE oid = 'erp.items'::regclass") == [("r",)]
    out = io.StringIO()
    call_command("adopt_table", erp, "--json", stdout=out)
    done = json.loads(out.getvalue())
    receipt = describe_file(file_id=done["file_id"], viewer=OPERATOR)
    assert (receipt.name, receipt.rows_loaded, receipt.loads[0].format) == ("erp.items", 500, "table")
    with pytest.raises(CommandError, match="1 of 1 files could not be read"):
        call_command("read_again", str(done["file_id"]), stderr=io.StringIO())
    out = io.StringIO()
    call_command("release_table", "items", "--json", stdout=out)
    assert json.loads(out.getvalue())["table"] == "erp.items"
    with pytest.raises(CommandError, match="There is no dataset"):
        call_command("release_table", "items")
    with pytest.raises(CommandError, match="is not SCHEMA"):
        call_command("adopt_table", "items")


def test_export_of_the_table_is_known_for_its_rows(erp: str, pipeline: Pipeline) -> None:
    done = adopt_table(table=erp)
    text = "".join(f"{code};{name};{price}\n" for code, name, price in rows("SELECT * FROM erp.items"))
    receipt = pipeline.load(f"code;name;price\n{text}", "export.csv", again=False)
    assert (receipt.state, receipt.same_content_as) == (FileState.LOADED, done.file_id)


def test_file_is_compared_with_the_table(erp: str, pipeline: Pipeline) -> None:
    execute(KEYED.format(erp))
    done = adopt_table(table=erp, merge=True)
    file = pipeline.load(FILE)
    out = io.StringIO()
    call_command("compare_files", str(done.file_id), str(file.file_id), "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert (found["new"], found["changed"], found["gone"], found["equal"]) == (1, 1, 499, 0)


@pytest.mark.parametrize(("cast", "seen"), [(False, 500), (True, 0)])
def test_older_snapshot_sees_the_rows_unless_they_were_written_anew(erp: str, cast: bool, seen: int) -> None:
    """As README promises: PostgreSQL shows a table that was rewritten as empty to whoever began before."""
    if cast:
        execute("ALTER TABLE erp.items ADD COLUMN pieces integer")
    with psycopg.connect(**connection_parameters()) as session:
        session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        session.execute("SELECT 1")
        adopt_table(table=erp, cast=cast)
        assert session.execute("SELECT count(*) FROM erp.items").fetchone() == (seen,)
        session.rollback()
        assert session.execute("SELECT count(*) FROM erp.items").fetchone() == (500,)


def test_way_to_another_type_is_said_with_the_files_in_it(erp: str, pipeline: Pipeline) -> None:
    adopt_table(table=erp)
    wish = Change(types={"price": ColumnType.TEXT})
    with pytest.raises(StateConflict, match="goes back as it came") as caught:
        ask_for_change(slug="items", change=wish)
    assert caught.value.hint.startswith("Release the table, change the column in the database (ALTER TABLE")
    joined = pipeline.load(FILE).file_id
    with pytest.raises(StateConflict) as caught:
        ask_for_change(slug="items", change=wish)
    assert f"Delete what was loaded into it since (file {joined}), release the table" in caught.value.hint
    assert caught.value.hint.endswith("adopt it again, and load those files again.")
    delete_file(file_id=joined)
    release_table(slug="items")
    execute("ALTER TABLE erp.items ALTER COLUMN price TYPE text")
    adopt_table(table=erp)
    assert Dataset.objects.get().columns.get(name="price").type == "text"
