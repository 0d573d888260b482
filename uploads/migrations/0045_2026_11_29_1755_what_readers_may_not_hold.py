"""On the server of our own PUBLIC, and so a reader by SQL, makes no temporary tables, takes no advisory locks, and has no
large objects: with the locks it could hold up loads and switches of files, with the others fill the disk.

A database that was given may be shared with others, who need them: README has the statements for it.
"""

from collections.abc import Callable
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

EACH = """
DO $$
DECLARE
    each record;
BEGIN
    FOR each IN
        SELECT oid::regprocedure AS name FROM pg_proc
         WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ '^(lo_|loread$|lowrite$|pg_(try_)?advisory_)'
    LOOP
        {statements}
    END LOOP;
    EXECUTE format('{database}', current_database());
END
$$
"""
CLOSED = EACH.format(
    statements="""EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO CURRENT_USER', each.name);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', each.name);""",
    database="REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC",
)
OPENED = EACH.format(
    statements="EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO PUBLIC', each.name);",
    database="GRANT TEMPORARY ON DATABASE %I TO PUBLIC",
)


def run_where_the_server_is_ours(statement: str) -> Callable[[Any, BaseDatabaseSchemaEditor], None]:
    def run(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if "FOLDER" in schema_editor.connection.settings_dict:
            schema_editor.execute(statement, None)

    return run


class Migration(migrations.Migration):
    dependencies = [("uploads", "0044_2026_11_29_1804_laid_order")]

    operations = [
        migrations.RunPython(run_where_the_server_is_ours(CLOSED), run_where_the_server_is_ours(OPENED)),
    ]
