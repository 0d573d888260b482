"""Who may run SQL over datasets, and the role of the database that reads them and nothing else.

Where the site may make no roles, the role is left out: the first query that needs it says so.
"""

from django.db import migrations

ROLE = """
DO $$
DECLARE
    each record;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'uploads_reader') THEN
        CREATE ROLE uploads_reader NOLOGIN;
    END IF;
    GRANT USAGE ON SCHEMA data TO uploads_reader;
    GRANT SELECT ON data._sources TO uploads_reader;
    FOR each IN
        SELECT c.oid::regclass AS name FROM uploads_dataset d JOIN pg_class c ON c.relname = d.slug
         WHERE c.relnamespace = 'data'::regnamespace AND d.established_at IS NOT NULL AND d.relation = ''
    LOOP
        EXECUTE format('GRANT SELECT ON %s TO uploads_reader', each.name);
    END LOOP;
EXCEPTION
    WHEN insufficient_privilege THEN RAISE NOTICE 'uploads_reader was not made: %', SQLERRM;
    WHEN duplicate_object OR unique_violation THEN RAISE NOTICE 'uploads_reader was made by another: %', SQLERRM;
END
$$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('uploads', '0038_2026_11_29_1101_profiles'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='dataset',
            options={'ordering': ('name', 'id'), 'permissions': (('query_datasets', 'Can run SQL queries over datasets'),)},
        ),
        migrations.RunSQL(ROLE, migrations.RunSQL.noop),
    ]
