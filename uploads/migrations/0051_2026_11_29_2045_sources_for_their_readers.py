"""The view with the names of files has those of datasets alone that whoever asks may read; and the roles for it."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from uploads.database.querying.grants import try_making_audience_roles

VIEW = """
CREATE OR REPLACE VIEW data._sources WITH (security_barrier) AS
SELECT loads.file_id AS _file, loads.id AS _load, datasets.slug AS dataset, files.name AS file_name,
       nullif(loads.source, '') AS source
FROM uploads_load loads
JOIN uploads_uploadedfile files ON files.id = loads.file_id
JOIN uploads_dataset datasets ON datasets.id = loads.dataset_id
WHERE files.state = 'active' AND datasets.established_at IS NOT NULL AND loads.part <> ''
  AND has_table_privilege(to_regclass(format('data.%I', datasets.slug)), 'SELECT');

COMMENT ON VIEW data._sources IS
    'The file and the table of it (sheet, member of an archive, lines of a text) that rows of datasets are from';
"""
OLD = """
CREATE OR REPLACE VIEW data._sources WITH (security_barrier = false) AS
SELECT loads.file_id AS _file, loads.id AS _load, datasets.slug AS dataset, files.name AS file_name,
       nullif(loads.source, '') AS source
FROM uploads_load loads
JOIN uploads_uploadedfile files ON files.id = loads.file_id
JOIN uploads_dataset datasets ON datasets.id = loads.dataset_id
WHERE files.state = 'active' AND datasets.established_at IS NOT NULL AND loads.part <> '';
"""


def make_roles(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    try_making_audience_roles()


class Migration(migrations.Migration):
    dependencies = [("uploads", "0050_2026_11_29_2044_who_reads_datasets")]

    operations = [
        migrations.RunSQL(VIEW, OLD),
        migrations.RunPython(make_roles, migrations.RunPython.noop),
    ]
