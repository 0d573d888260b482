"""Which file and which table of it each row is from, for readers of the schema ``data`` alone.

A view of the application's own tables: it costs nothing where it isn't asked, and its reader needs no right on them.
No dataset can have its name, for none begins with an underscore.
"""

from django.db import migrations

VIEW = """
CREATE VIEW data._sources AS
SELECT loads.file_id AS _file, loads.id AS _load, datasets.slug AS dataset, files.name AS file_name,
       nullif(loads.source, '') AS source
FROM uploads_load loads
JOIN uploads_uploadedfile files ON files.id = loads.file_id
JOIN uploads_dataset datasets ON datasets.id = loads.dataset_id
WHERE files.state = 'active' AND datasets.established_at IS NOT NULL AND loads.part <> '';

COMMENT ON VIEW data._sources IS
    'The file and the table of it (sheet, member of an archive, lines of a text) that rows of datasets are from';
"""


class Migration(migrations.Migration):
    dependencies = [("uploads", "0016_2026_11_28_1411_formats")]

    operations = [migrations.RunSQL(VIEW, "DROP VIEW data._sources")]
