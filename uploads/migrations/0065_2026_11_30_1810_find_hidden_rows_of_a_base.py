"""The hidden rows of a base are found without reading all that is hidden, by an index that costs a switch nothing."""

from django.db import migrations

CREATE = """
DO $$
DECLARE
    each record;
BEGIN
    FOR each IN
        SELECT oid::regclass AS name FROM pg_class
         WHERE relnamespace = 'data'::regnamespace AND relkind = 'r' AND relname ~ '^_aside_[0-9]+$'
    LOOP
        EXECUTE format('CREATE INDEX ON %s USING brin ((- _file)) WITH (pages_per_range = 16)', each.name);
    END LOOP;
END
$$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('uploads', '0064_2026_11_30_1749_kept_texts'),
    ]

    operations = [migrations.RunSQL(CREATE, migrations.RunSQL.noop)]
