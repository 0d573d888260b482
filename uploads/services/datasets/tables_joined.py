"""Two tables of one file that belong to one dataset, though their columns were not called the same."""

from uploads.database.merging.by_key import drop_key
from uploads.database.partitions import drop_table, move_rows
from uploads.models import Dataset, Load, UploadedFile
from uploads.services.errors import KeyNotUnique
from uploads.services.merging.keys import key_columns, key_does_not, key_faults
from uploads.states import Mode


def join_tables(*, file: UploadedFile, draft: Dataset, home: Dataset, part: str) -> None:
    """Bring the rows of a draft, which has the columns of ``home`` by now, into the file's part there: a file has one.

    The caller has the transaction. Raises ``KeyNotUnique`` where a row of one table has the key of one of the other:
    read again they would have it too.
    """
    loads = Load.objects.filter(file=file, dataset=draft).exclude(part="")
    own = sorted(set(loads.values_list("part", flat=True)) - {part})
    there = Load.objects.filter(file=file, part=part)
    if there.exclude(key=[]).exists():
        drop_key(part=part)
    there.update(key=[])
    names = list(home.columns.values_list("name", flat=True))
    for each in own:
        move_rows(table=each, to=part, names=names)
        drop_table(name=each)
    loads.update(part=part, key=[])
    key = list(home.key)
    if file.mode == Mode.MERGE and file.key:
        key = key_columns(file.key, labels=dict(home.columns.values_list("name", "label")))
    faults = key_faults(part=part, key=key) if key else ""
    if faults:
        raise KeyNotUnique(
            f"{key_does_not(key)} tell the rows of “{file.name}” apart: its tables have {faults} together.",
            hint="Correct the file and send it again, or make one of its tables a dataset of its own.",
        )
